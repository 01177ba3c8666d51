//! Which way of splitting would have been right, on real files. There are no published figures; what is asserted holds by a
//! wide margin.

use std::collections::BTreeMap;

use domain::backtest::{Advice, Backtest, Base, Candidate, Options, Panel, Verdict, Why, replay};
use domain::calendar::Month;
use domain::money::Minor;

use super::fairness::quotas;
use super::{amount, day, rows};

/// People by quarters of `adventureworks`, in cents; nobody is there before the first quota or without one.
fn adventureworks() -> Option<Panel> {
    let records = quotas()?;
    let mut people: Vec<u32> = records.iter().map(|record| record.person).collect();
    people.sort_unstable();
    people.dedup();
    let mut cells = vec![None; people.len() * 12];
    for record in &records {
        let row = people.binary_search(&record.person).unwrap();
        cells[row * 12 + record.period as usize] = Some(Minor((record.actual.0 + 50) / 100));
    }
    Some(Panel::new(people.len(), 12, cells).unwrap())
}

/// People by quarters or by months of `aw_dw2020`, in cents: somebody is there from the first sale to the last.
fn reseller_sales(months_each: i32) -> Option<Panel> {
    let (lines, _) = rows("aw_dw2020/FactResellerSales.csv")?;
    let first = Month::of(day("2017-07-01"));
    let mut sums: BTreeMap<(String, i32), i64> = BTreeMap::new();
    for line in &lines {
        let period = (Month::of(day(&line["OrderDate"])).0 - first.0) / months_each;
        *sums.entry((line["EmployeeKey"].clone(), period)).or_default() += amount(&line["SalesAmount"]).0;
    }
    // 2020-05 is the last whole month; with quarters the last one (2020-04, 2020-05) is not whole and left out.
    let periods = (35 / months_each) as usize;
    let mut people: Vec<&String> = sums.keys().map(|(person, _)| person).collect();
    people.dedup();
    let mut cells = Vec::new();
    for person in &people {
        let at = |period: usize| {
            sums.get(&((*person).clone(), period as i32))
                .map(|sum| Minor((sum + 50) / 100))
        };
        let first = (0..periods).find(|period| at(*period).is_some());
        let last = (0..periods).rev().find(|period| at(*period).is_some());
        let there = |period: &usize| first.is_some_and(|first| (first..=last.unwrap()).contains(period));
        cells.extend((0..periods).map(|period| there(&period).then(|| at(period).unwrap_or_default())));
    }
    Some(Panel::new(people.len(), periods, cells).unwrap())
}

fn table(name: &str, found: &Backtest) {
    println!(
        "{name}: {} periods, skipped {:?}",
        found.origins.len(),
        found.skipped
    );
    let number = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.3}"));
    for score in &found.scores {
        println!(
            "  {:<12} misplaced {:.3}  MAPE {}  near {}  Gini {}  size r {}  new {} settling {} settled {}  none {}",
            score.name,
            score.misplaced,
            number(score.attainment_error),
            number(score.near),
            number(score.gini),
            number(score.size.map(|size| size.r)),
            number(score.by_tenure[0].attainment),
            number(score.by_tenure[1].attainment),
            number(score.by_tenure[2].attainment),
            score.without_target,
        );
    }
    println!("  lead {:?}", found.lead);
    println!("  {:?} {:?}", found.bases, found.advice);
}

fn of<'a>(found: &'a Backtest, name: &str) -> &'a domain::backtest::Score {
    found.scores.iter().find(|score| score.name == name).unwrap()
}

/// Everything that must hold whatever the data: history is far better than equal parts, weights chosen from the past hold in
/// the future, and equal parts favour the large.
fn judge(name: &str, panel: &Panel, options: &Options, window: usize) {
    let bases = [Base::equal(), Base::history(window), Base::capability(window)];
    let found = replay(panel, &bases, &Candidate::of_bases(&bases), options).unwrap();
    table(name, &found);
    let (equal, history) = (of(&found, "equal"), of(&found, "history"));
    assert!(history.misplaced < 0.75 * equal.misplaced);
    assert!(history.attainment_error < equal.attainment_error && history.near > equal.near);
    assert!(history.gini < equal.gini);
    // With equal parts attainment is nothing but size.
    let size = equal.size.unwrap();
    assert!(size.r > 0.5 && size.p < 0.001 && history.size.unwrap().r.abs() < size.r);
    let alone = replay(
        panel,
        &bases,
        &[
            Candidate::new("equal", &[1.0, 0.0, 0.0]),
            Candidate::new("history", &[0.0, 1.0, 0.0]),
        ],
        options,
    )
    .unwrap();
    assert_eq!(
        (alone.scores[0].name.as_str(), alone.lead.unwrap().verdict),
        ("history", Verdict::Better)
    );
    let Advice::Weights(advice) = &found.advice else {
        panic!("{:?}", found.advice);
    };
    assert_eq!(
        advice.weights.iter().map(|weight| weight.share_ppm).sum::<u32>(),
        1_000_000
    );
    assert!(advice.chosen_before < advice.equal_parts && advice.lead.unwrap().verdict == Verdict::Better);
    assert!(advice.weights[0].share_ppm < 300_000);
}

#[test]
fn on_adventureworks_history_beats_equal_parts() {
    let Some(panel) = adventureworks() else {
        return;
    };
    let options = Options {
        past: 4,
        ..Options::default()
    };
    judge("adventureworks, quarters", &panel, &options, 2);
    let bases = [Base::history(1)];
    let found = replay(&panel, &bases, &Candidate::of_bases(&bases), &options).unwrap();
    assert_eq!(
        found
            .origins
            .iter()
            .map(|origin| origin.people)
            .collect::<Vec<_>>(),
        [13, 14, 14, 14, 17, 17, 17, 17]
    );
    assert!(
        found
            .skipped
            .iter()
            .all(|skipped| skipped.why == Why::NoPast && skipped.period < 4)
    );
    assert_eq!((found.lead, &found.advice), (None, &Advice::OneBase));
    // 80,487,704.18 less the first four quarters; each total is what was sold, rounded by person.
    assert_eq!(found.origins[7].total.0 / 100, 8_943_116);
}

#[test]
fn on_reseller_sales_history_beats_equal_parts_too() {
    let (Some(quarters), Some(months)) = (reseller_sales(3), reseller_sales(1)) else {
        return;
    };
    judge(
        "aw_dw2020, quarters",
        &quarters,
        &Options {
            past: 2,
            ..Options::default()
        },
        2,
    );
    judge(
        "aw_dw2020, months",
        &months,
        &Options {
            past: 6,
            ..Options::default()
        },
        6,
    );
}

/// Years are what companies plan by, and there are but two of them to look back on: that is said.
#[test]
fn two_years_are_too_few_to_recommend_weights() {
    let Some(panel) = adventureworks() else {
        return;
    };
    let mut cells = Vec::new();
    for person in 0..panel.people() {
        for year in 0..3 {
            let quarters = (0..4).filter_map(|quarter| panel.actual(person, year * 4 + quarter));
            let sums: Vec<i64> = quarters.map(|amount| amount.0).collect();
            cells.push((!sums.is_empty()).then(|| Minor(sums.iter().sum())));
        }
    }
    let years = Panel::new(panel.people(), 3, cells).unwrap();
    let bases = [Base::equal(), Base::history(1)];
    let found = replay(&years, &bases, &Candidate::of_bases(&bases), &Options::default()).unwrap();
    table("adventureworks, years", &found);
    assert!(of(&found, "history").misplaced < of(&found, "equal").misplaced);
    assert_eq!(
        found.advice,
        Advice::TooThin {
            people: 17,
            people_needed: 5,
            origins: 2,
            origins_needed: 3
        }
    );
}
