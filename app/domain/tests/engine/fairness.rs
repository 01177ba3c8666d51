//! Laws of `domain::fairness`: money has no unit, order does not matter, every figure keeps its bounds, level and spread are
//! told apart, and whatever comes in, an answer or a refusal comes out.
#![expect(clippy::unwrap_used, reason = "a test ends where its set-up fails")]
#![expect(clippy::disallowed_methods, reason = "draws of what might happen")]

#[path = "fairness/drawn.rs"]
mod drawn;

#[path = "fairness/glance.rs"]
mod glance;

#[path = "fairness/plans.rs"]
mod plans;

use domain::fairness::{
    FairnessError, Level, Outlook, Person, Record, Report, Settings, Spread, check, look_back, padding,
    reached_interval,
};
use domain::money::{Fact, Minor};
use proptest::prelude::*;

fn person(target: i64, mean: f64, sd: f64) -> Person {
    Person {
        target: Minor(target),
        outlook: Outlook { mean, sd },
        team: 0,
        new_hire: false,
        size: None,
        growth: None,
        tenure: None,
        potential: None,
    }
}

fn judge(people: &[Person]) -> Report {
    check(people, &[], Minor(0), &Settings::default()).unwrap()
}

/// People as they come: some without a target, some new, some of whom nothing is expected.
fn people() -> impl Strategy<Value = Vec<Person>> {
    let one = (
        0_i64..1_000_000,
        0.0_f64..1e6,
        0.0_f64..1.0,
        0_u32..4,
        any::<bool>(),
        prop::option::of(0.0_f64..100.0),
    );
    prop::collection::vec(one, 1..60).prop_map(|list| {
        list.into_iter()
            .map(|(target, mean, relative, team, new_hire, trait_value)| Person {
                team,
                new_hire,
                size: trait_value,
                growth: trait_value.map(|value| 50.0 - value),
                tenure: Some(f64::from(team)),
                ..person(
                    target.saturating_sub(100_000).max(0),
                    (mean - 1e5).max(0.0),
                    mean * relative,
                )
            })
            .collect()
    })
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-6 * a.abs().max(b.abs()).max(1.0)
}

fn same(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => near(a, b),
        (a, b) => a == b,
    }
}

fn names(report: &Report) -> Vec<String> {
    let mut names: Vec<String> = report
        .findings
        .iter()
        .map(|found| format!("{:?}", std::mem::discriminant(&found.kind)))
        .collect();
    names.sort();
    names
}

proptest! {
    #[test]
    fn every_figure_keeps_its_bounds(people in people()) {
        prop_assume!(people.iter().any(|person| person.target.0 > 0));
        let report = judge(&people);
        let share = |value: f64| (0.0..=1.0).contains(&value);
        prop_assert!(share(report.chances.share) && report.chances.interval.low <= report.chances.interval.high);
        prop_assert!(share(report.chances.interval.low) && share(report.chances.interval.high));
        prop_assert!(report.chances.interval.contains(report.chances.share), "{:?}", report.chances);
        let held = report.chances.people as f64;
        let count = report.chances.count;
        prop_assert!(0.0 <= count.low && count.low <= count.high && count.high <= held);
        // The expected number lies in the interval of the number, up to its being whole.
        prop_assert!(count.low <= (report.chances.share * held).ceil() && count.high >= (report.chances.share * held).floor());
        prop_assert!(report.stretch.gini.is_none_or(share) && share(report.whole.chance));
        prop_assert!(report.stretch.highest_to_lowest.is_none_or(|ratio| ratio >= 1.0));
        prop_assert!(report.stretch.within_teams.is_none_or(|part| part >= -1e-12));
        prop_assert!(report.people.iter().all(|one| one.chance.is_none_or(share) && one.stretch.is_none_or(|ratio| ratio > 0.0)));
        prop_assert!(report.associations.iter().all(|one| one.correlation.r.abs() <= 1.0 && share(one.correlation.p)));
        prop_assert!(report.findings.iter().flat_map(|found| &found.who).all(|place| *place < people.len()));
        prop_assert!(report.findings.windows(2).all(|pair| pair[0].severity >= pair[1].severity));
        prop_assert_eq!(report.worst(), report.findings[0].severity);
        let wire = serde_json::to_string(&report).unwrap();
        let back: Report = serde_json::from_str(&wire).unwrap();
        prop_assert_eq!(names(&back), names(&report));
    }

    #[test]
    fn money_has_no_unit_and_order_does_not_matter(people in people(), scale in 2_i64..1_000) {
        prop_assume!(people.iter().any(|person| person.target.0 > 0));
        let report = judge(&people);
        let mut others: Vec<Person> = people.iter().rev().copied().collect();
        for other in &mut others {
            other.target.0 *= scale;
            other.outlook.mean *= scale as f64;
            other.outlook.sd *= scale as f64;
        }
        let other = judge(&others);
        prop_assert_eq!(names(&other), names(&report));
        prop_assert!(near(report.chances.share, other.chances.share) && same(report.chances.sd, other.chances.sd));
        prop_assert!(near(report.chances.interval.low, other.chances.interval.low));
        prop_assert_eq!(report.chances.count, other.chances.count);
        prop_assert!(same(report.stretch.gini, other.stretch.gini) && same(report.stretch.whole, other.stretch.whole));
        prop_assert!(same(report.stretch.between_teams, other.stretch.between_teams));
        prop_assert!(near(report.whole.chance, other.whole.chance) && same(report.whole.needed, other.whole.needed));
        for (one, other) in report.people.iter().zip(other.people.iter().rev()) {
            prop_assert!(same(one.chance, other.chance) && same(one.stretch, other.stretch));
        }
    }

    /// The same target is never easier for somebody of whom more is asked.
    #[test]
    fn more_target_is_less_chance_and_the_target_of_a_chance_has_it(
        mean in 1.0_f64..1e9, relative in 0.001_f64..2.0, target in 1.0_f64..1e9, more in 1.0_f64..3.0, chance in 0.01_f64..0.99,
    ) {
        let outlook = Outlook { mean, sd: mean * relative };
        prop_assert!(outlook.chance(target * more) <= outlook.chance(target));
        prop_assert!((outlook.chance(outlook.target(chance)) - chance).abs() < 1e-9);
    }

    #[test]
    fn an_equal_plan_is_perfectly_even_at_whatever_level(
        count in 5_usize..60, mean in 1_000.0_f64..1e7, relative in 0.05_f64..0.5, stretch in 0.2_f64..3.0,
    ) {
        let plan: Vec<Person> = (1..=count).map(|size| {
            let mean = mean.round() * 1_000.0 * size as f64;
            person((mean * stretch).round() as i64, mean, mean * relative)
        }).collect();
        let report = judge(&plan);
        prop_assert!(report.stretch.gini.unwrap() < 1e-6 && report.chances.sd.unwrap() < 1e-6);
        prop_assert_eq!(report.stretch.verdict, Spread::Excellent);
        let share = report.chances.share;
        let level = if share < 0.3 { Level::OutOfReach } else if share < 0.6 { Level::TooHigh }
            else if share <= 0.75 { Level::Right } else { Level::TooLow };
        prop_assert_eq!(report.chances.verdict, level);
    }

    #[test]
    fn whatever_numbers_come_in_an_answer_or_a_refusal_comes_out(
        numbers in prop::collection::vec((any::<i64>(), prop::num::f64::ANY, prop::num::f64::ANY, any::<u32>()), 0..20),
        levels in prop::collection::vec(any::<i64>(), 0..4),
    ) {
        let people: Vec<Person> = numbers.iter().map(|row| Person {
            team: row.3, size: Some(row.1), growth: Some(row.2), ..person(row.0.checked_abs().unwrap_or(0), row.1.abs() % 1e18, row.2.abs() % 1e18)
        }).collect();
        let raw: Vec<Person> = numbers.iter().map(|row| person(row.0, row.1, row.2)).collect();
        let levels: Vec<Minor> = levels.into_iter().map(Minor).collect();
        for list in [&people, &raw] {
            if let Ok(report) = check(list, &levels, Minor(0), &Settings::default()) {
                prop_assert!((0.0..=1.0).contains(&report.chances.share), "{report:?}");
                prop_assert!((0.0..=1.0).contains(&report.whole.chance), "{:?}", report.whole);
                prop_assert!(report.chances.interval.contains(report.chances.share), "{:?}", report.chances);
                prop_assert!(report.stretch.whole.is_none_or(f64::is_finite), "{:?}", report.stretch);
            }
        }
        let records: Vec<Record> = numbers.iter()
            .map(|row| Record { person: row.3 % 3, period: row.3 % 5, target: Fact(row.0), actual: Fact(row.0.wrapping_mul(3)) }).collect();
        if let Ok(found) = look_back(&records, row_count(&records), &Settings::default()) {
            prop_assert!((0.0..=1.0).contains(&found.share) && found.attainment.is_finite());
            prop_assert!(reached_interval(&records, 0.9, 20, 1).is_some());
        }
    }
}

fn row_count(records: &[Record]) -> usize {
    records.len() % 4
}

#[test]
fn bad_input_is_refused_by_name() {
    let settings = Settings::default();
    assert_eq!(check(&[], &[], Minor(0), &settings), Err(FairnessError::Nobody));
    assert_eq!(
        check(&[person(0, 1.0, 1.0)], &[], Minor(0), &settings),
        Err(FairnessError::NoTarget)
    );
    let list = [person(1, 1.0, 1.0), person(-1, 1.0, 1.0)];
    assert_eq!(
        check(&list, &[], Minor(0), &settings),
        Err(FairnessError::Target { person: 1 })
    );
    let list = [person(1, f64::NAN, 1.0)];
    assert_eq!(
        check(&list, &[], Minor(0), &settings),
        Err(FairnessError::Outlook { person: 0 })
    );
    assert_eq!(
        check(&[person(1, 1.0, -1.0)], &[], Minor(0), &settings),
        Err(FairnessError::Outlook { person: 0 })
    );
    for (mean, sd) in [(1e-300, 0.0), (1e-19, 0.0), (1e19, 0.0), (1.0, f64::INFINITY)] {
        assert_eq!(
            check(&[person(1, mean, sd)], &[], Minor(0), &settings),
            Err(FairnessError::Outlook { person: 0 })
        );
    }
    assert_eq!(padding(&[Minor(1)]), Err(FairnessError::Levels { level: 1 }));
    assert_eq!(
        padding(&[Minor(1), Minor(-1)]),
        Err(FairnessError::Levels { level: 1 })
    );
    assert_eq!(look_back(&[], 4, &settings), Err(FairnessError::Nobody));
    let untargeted = Record {
        person: 1,
        period: 1,
        target: Fact(0),
        actual: Fact(5),
    };
    assert_eq!(
        look_back(&[untargeted], 4, &settings),
        Err(FairnessError::NoTarget)
    );
}

/// Chances of 0.0012 and of nothing: nearly always nobody reaches the target, but the expected share lies above that.
#[test]
fn the_interval_of_a_share_next_to_nothing_contains_it() {
    let report = judge(&[person(1_000, 300.0, 120.0), person(1_000, 0.0, 0.0)]);
    let chances = report.chances;
    assert!((1e-4..1e-3).contains(&chances.share), "{chances:?}");
    assert!(chances.interval.contains(chances.share), "{chances:?}");
    assert!(report.stretch.whole.unwrap().is_finite());
}
