//! The cases of `domain::landing` on real files: P8 on Maven's quarters, and how often the interval holds the truth.

use std::collections::BTreeMap;

use domain::calendar::{Day, Fiscal, Period, PeriodKind, WorkingDays};
use domain::history::{Coverage, coverage};
use domain::landing::{
    Arrivals, Booked, Clock, DealSize, Forecast, Landing, OpenDeal, Outlook, Pipeline, landing,
};
use domain::money::{Currency, Fact, Minor};
use domain::pace::{Curve, Share};

use super::{amount, day, figure, files, rows};

/// An opportunity as the files have it.
struct Deal {
    engaged: Day,
    /// The day it closed and what it brought, nothing where it was lost.
    closed: Option<(Day, Option<Minor>)>,
    product: String,
}

fn iso(text: &str) -> Day {
    Day::parse_iso(text).unwrap()
}

fn cents(fact: Fact) -> Minor {
    fact.to_minor(&Currency::from_code("USD").unwrap())
}

fn deals() -> Option<(Vec<Deal>, files::Extent)> {
    let (rows, extent) = rows("maven_crm/sales_pipeline.csv")?;
    let deals = rows
        .iter()
        .filter(|row| !row["engage_date"].is_empty())
        .map(|row| Deal {
            engaged: day(&row["engage_date"]),
            closed: (!row["close_date"].is_empty()).then(|| {
                let won = row["deal_stage"] == "Won";
                (
                    day(&row["close_date"]),
                    won.then(|| cents(amount(&row["close_value"]))),
                )
            }),
            product: row["product"].replace("GTXPro", "GTX Pro"),
        })
        .collect();
    Some((deals, extent))
}

/// What was known of the deals at the end of a day: a deal that closed later was open, one engaged later did not exist.
struct Known<'a> {
    today: Day,
    open: Vec<&'a Deal>,
    won: Vec<(&'a Deal, Day, Minor)>,
    lost: Vec<(&'a Deal, Day)>,
}

impl<'a> Known<'a> {
    fn by(deals: &'a [Deal], today: Day) -> Self {
        let mut known = Self {
            today,
            open: vec![],
            won: vec![],
            lost: vec![],
        };
        for deal in deals.iter().filter(|deal| deal.engaged <= today) {
            match deal.closed {
                Some((closed, Some(value))) if closed <= today => known.won.push((deal, closed, value)),
                Some((closed, None)) if closed <= today => known.lost.push((deal, closed)),
                _ => known.open.push(deal),
            }
        }
        known
    }

    /// The hazard of being won, and of being closed at all, for each day of age. Before the first day on which anything
    /// closed nothing was recorded: exposure begins there.
    fn hazards(&self) -> Vec<(f64, f64)> {
        const AGES: usize = 400;
        let mut counts = vec![(0.0, 0.0, 0.0); AGES + 1];
        let recorded = self.won.iter().map(|(_, closed, _)| *closed).min().unwrap();
        let age = |deal: &Deal, day: Day| usize::try_from(day.0 - deal.engaged.0).unwrap().min(AGES);
        let mut seen = |deal: &Deal, until: Day| {
            for place in age(deal, recorded.max(deal.engaged))..=age(deal, until) {
                counts[place].2 += 1.0;
            }
        };
        self.open.iter().for_each(|deal| seen(deal, self.today));
        self.won.iter().for_each(|(deal, closed, _)| seen(deal, *closed));
        self.lost.iter().for_each(|(deal, closed)| seen(deal, *closed));
        for (deal, closed, _) in &self.won {
            counts[age(deal, *closed)].0 += 1.0;
        }
        for (deal, closed) in &self.lost {
            counts[age(deal, *closed)].1 += 1.0;
        }
        let hazard = |(won, lost, risk): (f64, f64, f64)| {
            if risk > 0.0 {
                (won / risk, (won + lost) / risk)
            } else {
                (0.0, 0.0)
            }
        };
        counts.into_iter().map(hazard).collect()
    }

    fn won_facts(&self) -> Vec<(Day, Fact)> {
        let mut facts: Vec<(Day, Fact)> = self
            .won
            .iter()
            .map(|(_, closed, value)| (*closed, Fact(value.0 * 100)))
            .collect();
        facts.sort_unstable();
        facts
    }
}

/// Whole quarters that are known at the end of a day.
fn whole_quarters(facts: &[(Day, Fact)], today: Day) -> Vec<Period> {
    let weekdays = WorkingDays::weekdays();
    let first = facts[0].0;
    Fiscal::default()
        .periods(PeriodKind::Quarter, first, today.plus(1))
        .into_iter()
        .filter(|quarter| {
            coverage(quarter, first, today, &weekdays) == Coverage::Whole && quarter.last_day() <= today
        })
        .collect()
}

fn maven(deals: &[Deal], quarter: &Period, today: Day, target: Minor) -> Landing {
    let weekdays = WorkingDays::weekdays();
    let known = Known::by(deals, today);
    let facts = known.won_facts();
    let curve = Curve::known_by(today, &whole_quarters(&facts, today), &facts, &weekdays);
    let clock = Clock::of(&curve, quarter, today, &weekdays);
    let booked: Vec<Minor> = known
        .won
        .iter()
        .filter(|(_, closed, _)| quarter.contains(*closed))
        .map(|(_, _, value)| *value)
        .collect();
    let sizes: Vec<Minor> = known.won.iter().map(|(_, _, value)| *value).collect();
    // An open deal has no value in the files: it gets the mean of what was won with its product.
    let mut products: BTreeMap<&str, Vec<Minor>> = BTreeMap::new();
    for (deal, _, value) in &known.won {
        products.entry(&deal.product).or_default().push(*value);
    }
    let value = |deal: &Deal| {
        let size = products.get(deal.product.as_str()).map_or(&sizes, |won| won);
        Minor(DealSize::shrunk(size, &[]).unwrap().mean.round() as i64)
    };
    let open: Vec<OpenDeal> = known
        .open
        .iter()
        .map(|deal| OpenDeal {
            value: value(deal),
            stage: 0,
            age_days: (today.0 - deal.engaged.0) as u32,
            expected_close: None,
        })
        .collect();
    let engaged = |period: &Period| {
        let in_it = |deal: &&Deal| period.contains(deal.engaged) && deal.engaged <= today;
        deals.iter().filter(in_it).count() as u32
    };
    let past = Fiscal::default().periods(PeriodKind::Quarter, iso("2017-01-01"), quarter.start);
    let pipeline = Pipeline {
        open: &open,
        arrivals: Arrivals {
            past: past.iter().map(engaged).collect(),
            current: engaged(quarter),
        },
        size: DealSize::shrunk(&sizes, &[]).unwrap(),
        entry_stage: 0,
        last_day: quarter.last_day(),
        common_error: Pipeline::COMMON_ERROR,
    };
    let hazards = known.hazards();
    let chance = |deal: &OpenDeal, days: u32| {
        let ages = hazards
            .iter()
            .skip(deal.age_days as usize + 1)
            .take(days as usize);
        let (won, _) = ages.fold((0.0, 1.0), |(won, still), (wins, closes)| {
            (won + still * wins, still * (1.0 - closes))
        });
        won
    };
    landing(
        &clock,
        Booked::of(&booked),
        Some(target),
        Outlook::Pipeline(&pipeline),
        chance,
        7,
    )
    .unwrap()
}

fn won_in(deals: &[Deal], period: &Period) -> Minor {
    let values = deals.iter().filter_map(|deal| match deal.closed {
        Some((closed, Some(value))) if period.contains(closed) => Some(value.0),
        _ => None,
    });
    Minor(values.sum())
}

fn show(title: &str, landing: &Landing, truth: Minor) -> bool {
    let units = |amount: Minor| amount.0 / 100;
    let off = |amount: Minor| 100.0 * (amount.0 as f64 / truth.0 as f64 - 1.0);
    let holds = landing.p10 <= truth && truth <= landing.p90;
    println!(
        "{title}: booked {} season {:.1}% outlook {:.1}% weight {:.2} point {} ({:+.1}%) p10 {} p50 {} p90 {} truth {} {}",
        units(landing.booked),
        landing.by_season.map_or(f64::NAN, off),
        landing.by_outlook.map_or(f64::NAN, off),
        landing.season_weight,
        units(landing.point),
        off(landing.point),
        units(landing.p10),
        units(landing.p50),
        units(landing.p90),
        units(truth),
        if holds { "holds" } else { "MISSED" },
    );
    holds
}

#[test]
fn scratch_maven() {
    let (deals, extent) = deals().unwrap();
    println!("{extent:?}");
    let mut held = 0;
    let dates = [
        "2017-07-15",
        "2017-07-31",
        "2017-08-15",
        "2017-08-31",
        "2017-09-15",
        "2017-09-30",
        "2017-10-15",
        "2017-10-31",
        "2017-11-15",
        "2017-11-30",
        "2017-12-15",
    ];
    for date in dates {
        let today = iso(date);
        let quarter = Fiscal::default().period_of(PeriodKind::Quarter, today.plus(1));
        let truth = won_in(&deals, &quarter);
        let landing = maven(&deals, &quarter, today, Minor(280_000_000));
        held += u32::from(show(date, &landing, truth));
    }
    println!("{held} of {}", dates.len());
}

/// Orders of the resellers: day, seller, amount in cents.
fn orders() -> Option<Vec<(Day, String, Minor)>> {
    let (rows, _) = rows("aw_dw2020/FactResellerSales.csv")?;
    let mut orders: BTreeMap<(Day, String, String), i64> = BTreeMap::new();
    for row in &rows {
        let key = (
            day(&row["OrderDate"]),
            row["EmployeeKey"].clone(),
            row["SalesOrderNumber"].clone(),
        );
        *orders.entry(key).or_default() += amount(&row["SalesAmount"]).0;
    }
    Some(
        orders
            .into_iter()
            .map(|((day, seller, _), sum)| (day, seller, cents(Fact(sum))))
            .collect(),
    )
}

#[test]
fn scratch_aw() {
    let orders = orders().unwrap();
    let weekdays = WorkingDays::weekdays();
    let months = Fiscal::default().periods(PeriodKind::Month, iso("2017-07-01"), iso("2020-06-01"));
    let all: Vec<(Day, Fact)> = orders
        .iter()
        .map(|(day, _, value)| (*day, Fact(value.0 * 100)))
        .collect();
    let sellers: std::collections::BTreeSet<&String> = orders.iter().map(|(_, seller, _)| seller).collect();
    for past_months in [3, 6, 12] {
        for date in [5, 10, 15, 20, 25] {
            let mut counts = [[0; 2]; 2];
            let mut errors = [[0.0; 8]; 2];
            for index in 12..months.len() {
                let month = &months[index];
                let today = month.start.plus(date - 1);
                let curve = Curve::known_by(today, &months[..index], &all, &weekdays);
                let clock = Clock::of(&curve, month, today, &weekdays);
                let of = |seller: Option<&String>, period: &Period, until: Day| -> Vec<Minor> {
                    orders
                        .iter()
                        .filter(|(day, who, _)| {
                            period.contains(*day)
                                && *day <= until
                                && seller.is_none_or(|seller| seller == who)
                        })
                        .map(|(_, _, value)| *value)
                        .collect()
                };
                for seller in std::iter::once(None).chain(sellers.iter().map(|seller| Some(*seller))) {
                    let totals: Vec<Booked> = months[index - past_months..index]
                        .iter()
                        .map(|past| Booked::of(&of(seller, past, past.last_day())))
                        .collect();
                    let Some(forecast) = Forecast::of_past(&totals) else {
                        continue;
                    };
                    if totals.iter().filter(|total| total.deals == 0).count() * 2 >= past_months {
                        continue;
                    }
                    let truth = Booked::of(&of(seller, month, month.last_day())).amount;
                    let booked = Booked::of(&of(seller, month, today));
                    let landing =
                        landing(&clock, booked, None, Outlook::Forecast(forecast), |_, _| 0.0, 3).unwrap();
                    let level = usize::from(seller.is_some());
                    counts[level][0] += u32::from(landing.p10 <= truth && truth <= landing.p90);
                    counts[level][1] += 1;
                    let scale = forecast.whole.0 as f64;
                    let share = clock.share.ratio();
                    for (place, kappa) in [0.0, 0.1, 0.25, 0.5, 1.0, 2.0, 1e9].into_iter().enumerate() {
                        let w = if landing.by_season.is_some() {
                            share / (share + kappa)
                        } else {
                            0.0
                        };
                        let p = w * landing.by_season.map_or(0.0, |x| x.0 as f64)
                            + (1.0 - w) * landing.by_outlook.unwrap().0 as f64;
                        errors[level][place] += (p - truth.0 as f64).abs() / scale;
                    }
                    errors[level][7] += (landing.point.0 as f64 - truth.0 as f64).abs() / scale;
                }
            }
            for level in 0..2 {
                let n = f64::from(counts[level][1]);
                println!(
                    "past {past_months} day {date} level {level}: coverage {}/{} {:.3} MAE by kappa {:.3?}",
                    counts[level][0],
                    counts[level][1],
                    f64::from(counts[level][0]) / n,
                    errors[level].map(|e| e / n)
                );
            }
        }
    }
}
