//! The cases of `domain::landing` on real files: P8 on Maven's quarters, and how often the interval holds the truth.

#[path = "landing/months.rs"]
mod months;

use std::collections::BTreeMap;

use domain::calendar::{Day, Fiscal, Period, PeriodKind, WorkingDays};
use domain::funnel::{self, ClosingChance, Entry, Funnel, Outcome};
use domain::history::{Coverage, coverage};
use domain::landing::{Arrivals, Booked, Clock, DealSize, Landing, OpenDeal, Outlook, Pipeline, landing};
use domain::money::{Currency, Fact, Minor};
use domain::pace::Curve;

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
    open: Vec<&'a Deal>,
    won: Vec<(&'a Deal, Day, Minor)>,
    lost: Vec<(&'a Deal, Day)>,
}

impl<'a> Known<'a> {
    fn by(deals: &'a [Deal], today: Day) -> Self {
        let mut known = Self {
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
    let in_funnel: Vec<funnel::Deal> = deals.iter().enumerate().map(in_funnel).collect();
    let funnel = Funnel::new(1, &in_funnel, today).unwrap();
    // Before the first day on which anything closed nothing was recorded.
    let recorded = known.won.iter().map(|(_, closed, _)| *closed).min();
    let chances = ClosingChance::fit(&funnel, recorded).unwrap();
    let chance = |deal: &OpenDeal, days: u32| chances.won_within(deal.stage, deal.age_days, days);
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

/// A deal for the funnel, which looks at nothing after its day.
fn in_funnel((place, deal): (usize, &Deal)) -> funnel::Deal {
    funnel::Deal {
        key: place.to_string(),
        created: Some(deal.engaged),
        entries: vec![Entry {
            stage: 0,
            day: deal.engaged,
        }],
        outcome: match deal.closed {
            None => Outcome::Open,
            Some((day, Some(_))) => Outcome::Won(day),
            Some((day, None)) => Outcome::Lost(day),
        },
        value: Fact(0),
        dimensions: BTreeMap::new(),
        expected_close: Vec::new(),
        next_step: None,
        last_follow_up: None,
    }
}

fn won_in(deals: &[Deal], period: &Period) -> Minor {
    let values = deals.iter().filter_map(|deal| match deal.closed {
        Some((closed, Some(value))) if period.contains(closed) => Some(value.0),
        _ => None,
    });
    Minor(values.sum())
}

/// What a landing says beside the truth, and whether its 80 % interval holds it.
fn show(title: &str, landing: &Landing, truth: Minor) -> bool {
    let units = |amount: Minor| amount.0 / 100;
    let off = |amount: Minor| 100.0 * (amount.0 as f64 / truth.0 as f64 - 1.0);
    let holds = landing.p10 <= truth && truth <= landing.p90;
    println!(
        "{title}: booked {}, season {:+.1} %, pipeline {:+.1} %, weight {:.2}; point {} ({:+.1} %), 80 % {} to {}; truth {}{}",
        units(landing.booked),
        landing.by_season.map_or(f64::NAN, off),
        landing.by_outlook.map_or(f64::NAN, off),
        landing.season_weight,
        units(landing.point),
        off(landing.point),
        units(landing.p10),
        units(landing.p90),
        units(truth),
        if holds { "" } else { ", MISSED" },
    );
    holds
}

fn quarter(name: &str) -> Period {
    Fiscal::default().named(name).unwrap()
}

/// What was booked in a period up to a day, in units.
fn booked_by(deals: &[Deal], period: &Period, until: Day) -> f64 {
    let part = Period {
        end: until.plus(1),
        ..period.clone()
    };
    won_in(deals, &part).0 as f64 / 100.0
}

fn cent(value: f64, expected: f64) {
    assert!((value - expected).abs() < 0.01, "{value} is not {expected}");
}

#[test]
fn p8_published_shares_and_landings() {
    let Some((deals, files::Extent::Full)) = deals() else {
        return;
    };
    let q4 = quarter("2017-Q4");
    cent(won_in(&deals, &q4).0 as f64 / 100.0, 2_802_496.0);
    let published = [
        (
            "2017-11-30",
            1_670_923.0,
            2_520_080.59,
            [("2017-05-31", 0.566_294), ("2017-08-31", 0.585_795)],
            2_900_684.03,
        ),
        (
            "2017-11-15",
            1_248_325.0,
            2_496_650.0,
            [("2017-05-15", 0.400_584), ("2017-08-15", 0.409_368)],
            3_082_465.93,
        ),
    ];
    for (date, booked, line, shares, by_shares) in published {
        let there = booked_by(&deals, &q4, iso(date));
        cent(there, booked);
        let days = iso(date).plus(1).0 - q4.start.0;
        cent(there * f64::from(q4.days()) / f64::from(days), line);
        let mut mean = 0.0;
        for (past, expected) in shares {
            let period = Fiscal::default().period_of(PeriodKind::Quarter, iso(past));
            let share = booked_by(&deals, &period, iso(past)) / (won_in(&deals, &period).0 as f64 / 100.0);
            assert!(
                (share - expected).abs() < 0.000_000_6,
                "{share} is not {expected}"
            );
            mean += share / 2.0;
        }
        cent(there / mean, by_shares);
    }
}

#[test]
fn p8_landing_is_within_8_percent_and_the_interval_holds() {
    let Some((deals, files::Extent::Full)) = deals() else {
        return;
    };
    let q4 = quarter("2017-Q4");
    let truth = Minor(280_249_600);
    for (date, booked) in [("2017-11-30", 167_092_300), ("2017-11-15", 124_832_500)] {
        let landing = maven(&deals, &q4, iso(date), truth);
        assert_eq!(landing.booked, Minor(booked));
        assert!(show(date, &landing, truth));
        let miss = landing.point.0 as f64 / truth.0 as f64 - 1.0;
        assert!(miss.abs() < 0.08, "{miss}");
        // Never the sum of both: between them.
        let (season, outlook) = (landing.by_season.unwrap(), landing.by_outlook.unwrap());
        assert!(season.min(outlook) <= landing.point && landing.point <= season.max(outlook));
        assert_eq!(outlook.0, landing.booked.0 + landing.open.0 + landing.new.0);
        // The target is what came in the end: neither certain nor out of reach.
        let standing = landing.target.unwrap();
        assert!((0.1..0.9).contains(&standing.chance), "{standing:?}");
        println!("  {standing:?}");
    }
}

#[test]
fn p8_nothing_of_the_future_is_used() {
    let Some((mut deals, files::Extent::Full)) = deals() else {
        return;
    };
    let (q4, today) = (quarter("2017-Q4"), iso("2017-11-15"));
    let before = maven(&deals, &q4, today, Minor(1));
    deals.retain(|deal| deal.engaged <= today);
    for deal in &mut deals {
        if deal.closed.is_some_and(|(day, _)| day > today) {
            deal.closed = None;
        }
    }
    assert_eq!(maven(&deals, &q4, today, Minor(1)), before);
}

/// As of the middle and the end of each month that has a past quarter.
#[test]
fn intervals_of_maven_hold_about_as_often_as_they_say() {
    let Some((deals, files::Extent::Full)) = deals() else {
        return;
    };
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
    let held = dates
        .iter()
        .filter(|date| {
            let quarter = Fiscal::default().period_of(PeriodKind::Quarter, iso(date).plus(1));
            let truth = won_in(&deals, &quarter);
            show(date, &maven(&deals, &quarter, iso(date), truth), truth)
        })
        .count();
    println!("80 % intervals of Maven: {held} of {} hold", dates.len());
    // Dates of one quarter are not independent: 7 to 11 of 11.
    assert!(held >= 7, "{held}");
}

#[test]
fn p8_the_pace_of_maven_knows_the_end_of_the_quarter() {
    let Some((deals, extent)) = deals() else {
        panic!("the sample is part of the repository");
    };
    let figure = |name: &str| figure(extent, name) as f64;
    let (q4, today) = (quarter("2017-Q4"), iso("2017-11-30"));
    let known = Known::by(&deals, today);
    let facts = known.won_facts();
    let whole = whole_quarters(&facts, today);
    assert_eq!(
        whole
            .iter()
            .map(|quarter| quarter.name.as_str())
            .collect::<Vec<_>>(),
        ["2017-Q2", "2017-Q3"]
    );
    let weekdays = WorkingDays::weekdays();
    let curve = Curve::known_by(today, &whole, &facts, &weekdays);
    let there = booked_by(&deals, &q4, today);
    cent(there, figure("q4_value_until_11_30"));
    let share = curve.share(&q4, today, &weekdays).ratio();
    let miss = there / share / figure("q4_value") - 1.0;
    println!("expected share {share:.4}, by the season {:.1} %", miss * 100.0);
    // The straight line misses by 10.1 %; the case asks for 8 %.
    assert!(miss.abs() < 0.08, "{miss}");
}
