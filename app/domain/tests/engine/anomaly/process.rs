//! Pace, gaps in the process, and how findings travel.

use std::collections::BTreeMap;

use domain::anomaly::{
    Evidence, Finding, Measure, OwnerProblem, Owners, PacePoint, Settings, Step, process, slow_pace,
};
use domain::calendar::Day;
use domain::format::Lang;
use domain::funnel::{Deal, Entry, Funnel, Outcome};
use domain::money::Fact;

use super::{kinds, months, scan, whole};

#[test]
fn pace_is_slow_when_it_was_slow_for_long() {
    let points = |ratios: &[i64]| -> Vec<PacePoint> {
        let point = |(place, ratio): (usize, &i64)| PacePoint {
            start: Day(place as i32 * 30),
            actual: Fact(*ratio),
            expected: Fact(if *ratio < 0 { 0 } else { 100 }),
        };
        ratios.iter().enumerate().map(point).collect()
    };
    let slow = |ratios: &[i64]| slow_pace("east", &points(ratios), &Settings::default());
    assert_eq!(slow(&[50, 50, 50, 95, 80, 80]), None);
    assert_eq!(slow(&[]), None);
    // A period in which nothing was expected does not end it.
    let found = slow(&[95, 92, 60, -1, 88]).unwrap();
    assert_eq!((found.since, found.stake), (Some(Day(30)), Fact(60)));
    let Evidence::SlowPace {
        periods,
        ratio,
        lowest,
        ..
    } = found.evidence
    else {
        panic!()
    };
    assert_eq!((periods, ratio, lowest), (3, 0.8, 0.6));
}

#[test]
fn gaps_in_the_process_are_told_with_their_money() {
    let deal = |key: &str, path: &[(usize, i32)], outcome| Deal {
        key: key.to_owned(),
        created: Some(Day(path[0].1)),
        entries: path
            .iter()
            .map(|(stage, day)| Entry {
                stage: *stage,
                day: Day(*day),
            })
            .collect(),
        outcome,
        value: Fact(1_000),
        dimensions: BTreeMap::from([("owner".to_owned(), "wang".to_owned())]),
        expected_close: Vec::new(),
        next_step: Some(Day(110)),
        last_follow_up: Some(Day(95)),
    };
    let mut deals: Vec<Deal> = (0..12)
        .map(|place| {
            deal(
                &format!("past {place}"),
                &[(0, 0), (1, 5 + place), (2, 30)],
                Outcome::Won(Day(40)),
            )
        })
        .collect();
    let open = |key: &str| deal(key, &[(0, 80), (1, 85)], Outcome::Open);
    deals.push(open("fine"));
    deals.push(Deal {
        next_step: None,
        ..open("no step")
    });
    deals.push(Deal {
        next_step: Some(Day(97)),
        value: Fact(9_000),
        ..open("late step")
    });
    deals.push(Deal {
        last_follow_up: None,
        ..deal("silent", &[(0, 40), (1, 50)], Outcome::Open)
    });
    // What was written on day 105 is not known on day 100.
    deals.push(Deal {
        last_follow_up: Some(Day(105)),
        ..deal("unseen", &[(0, 40), (1, 60)], Outcome::Open)
    });
    deals.push(Deal {
        dimensions: BTreeMap::new(),
        ..open("nobody")
    });
    for (key, owner) in [("stranger", "li"), ("gone", "zhao"), ("going", "chen")] {
        deals.push(Deal {
            dimensions: BTreeMap::from([("owner".to_owned(), owner.to_owned())]),
            ..open(key)
        });
    }
    deals.push(deal("jumped", &[(0, 80), (2, 90)], Outcome::Open));
    deals.push(deal("lost jump", &[(0, 80), (2, 90)], Outcome::Lost(Day(95))));
    let owners = Owners(BTreeMap::from([
        ("wang".to_owned(), None),
        ("zhao".to_owned(), Some(Day(100))),
        ("chen".to_owned(), Some(Day(101))),
    ]));
    let funnel = Funnel::new(3, &deals, Day(100)).unwrap();
    let findings = process(&funnel, &owners, &Settings::default());
    let mut told = kinds(&findings);
    assert_eq!(told[0], ("next_step", "late step"), "the dearest first");
    told.sort_unstable();
    assert_eq!(
        told,
        [
            ("next_step", "late step"),
            ("next_step", "no step"),
            ("orphan", "gone"),
            ("orphan", "nobody"),
            ("orphan", "stranger"),
            ("skipped_stages", "jumped"),
            ("stale", "silent"),
            ("stale", "unseen"),
        ]
    );
    let of = |key: &str| {
        &findings
            .iter()
            .find(|finding| finding.records[0] == key)
            .unwrap()
            .evidence
    };
    assert!(matches!(
        of("late step"),
        Evidence::NextStep {
            step: Step::Passed { days: 3 },
            days_in_stage: Some(15)
        }
    ));
    assert!(matches!(
        of("gone"),
        Evidence::Orphan {
            problem: OwnerProblem::Left { since: Day(100) },
            ..
        }
    ));
    assert!(matches!(
        of("nobody"),
        Evidence::Orphan {
            owner: None,
            problem: OwnerProblem::None
        }
    ));
    assert!(
        matches!(of("jumped"), Evidence::SkippedStages { stages, usual } if *stages == [1] && *usual > 0.8)
    );
    assert!(matches!(
        of("silent"),
        Evidence::Stale {
            silent_days: 50,
            threshold: 30,
            days_in_stage: 50,
            usual_days: Some(_)
        }
    ));
    assert!(
        process(
            &Funnel::new(3, &[], Day(0)).unwrap(),
            &owners,
            &Settings::default()
        )
        .is_empty()
    );
}

#[test]
fn every_kind_is_named_in_both_languages_and_travels() {
    let findings = scan(
        &months(40),
        &[{
            let mut fallen = whole("fallen", Measure::Amount, vec![7_000; 40]);
            fallen.values[39] = 0;
            fallen
        }],
    );
    let evidence = &findings[0].evidence;
    assert_eq!(
        (evidence.label(Lang::ZhCn), evidence.label(Lang::En)),
        ("骤降", "sudden drop")
    );
    let json = serde_json::to_string(&findings[0]).unwrap();
    assert!(json.contains(r#""kind":"drop""#), "{json}");
    let read: Finding = serde_json::from_str(&json).unwrap();
    assert_eq!((read.stake, read.evidence.as_str()), (findings[0].stake, "drop"));
    assert_eq!(
        serde_json::from_str::<Settings>("{}").unwrap(),
        Settings::default()
    );
}
