//! From a gap to what has to be done each week to close it.
//! `domain::gap`.

#![expect(clippy::unwrap_used, reason = "a test ends where its set-up fails")]

use domain::calendar::{Day, Fiscal, Period, PeriodKind, WorkingDays, holidays};
use domain::gap::{Gap, NoActivity, Rate, Stage, Week, activity, deals, weeks};
use domain::money::{Fact, Minor};
use domain::pace::Curve;
use proptest::prelude::*;

fn day(text: &str) -> Day {
    Day::parse_iso(text).unwrap()
}

fn stage(rate: Rate, lead_days: u32) -> Stage {
    Stage {
        name: "something".to_owned(),
        rate,
        lead_days,
    }
}

fn gap(rates: &[Rate]) -> Gap {
    Gap {
        missing: Minor(1_000_000),
        deal: Minor(50_000),
        stages: rates.iter().map(|rate| stage(*rate, 0)).collect(),
        chance: 0.8,
    }
}

fn even(count: i32) -> Vec<Week> {
    (0..count)
        .map(|week| Week {
            start: Day(week * 7),
            end: Day(week * 7 + 7),
            weight: 1,
        })
        .collect()
}

fn rate() -> impl Strategy<Value = Rate> {
    prop_oneof![
        (1_u32..=1_000_000).prop_map(|ppm| Rate::Share { ppm }),
        (1_u32..20_000_000).prop_map(|ppm| Rate::Each { ppm }),
        (1_u64..5_000, 1_u64..5_000).prop_map(|(done, led_to)| Rate::Counted { done, led_to }),
    ]
}

/// How many next things one is worth.
fn yields(rate: Rate) -> f64 {
    match rate {
        Rate::Share { ppm } => f64::from(ppm) / 1e6,
        Rate::Each { ppm } => 1e6 / f64::from(ppm),
        Rate::Counted { done, led_to } => led_to as f64 / done as f64,
    }
}

proptest! {
    #[test]
    fn what_is_done_is_enough_and_one_less_is_not(
        missing in 1_i64..100_000_000, deal in 1_i64..10_000_000,
        stages in proptest::collection::vec((rate(), 0_u32..60), 0..4),
        weights in proptest::collection::vec(0_u32..1_000_000, 1..30),
    ) {
        let mut left = even(weights.len() as i32);
        for (week, weight) in left.iter_mut().zip(&weights) {
            week.weight = *weight;
        }
        let gap = Gap {
            missing: Minor(missing),
            deal: Minor(deal),
            stages: stages.iter().map(|(rate, lead)| stage(*rate, *lead)).collect(),
            chance: 0.8,
        };
        let found = match activity(&gap, &left) {
            Ok(found) => found,
            Err(NoActivity::TooMany { .. } | NoActivity::NoTimeLeft { .. }) => return Ok(()),
            Err(other) => return Err(TestCaseError::fail(format!("{other}"))),
        };
        prop_assert!(i128::from(found.deals) * i128::from(deal) >= i128::from(missing));
        prop_assert!(i128::from(found.deals - 1) * i128::from(deal) < i128::from(missing));
        let close = left.iter().map(|week| week.end).max().unwrap();
        let mut next = found.deals;
        let mut lead = 0;
        for (task, (rate, own_lead)) in found.tasks.iter().zip(&stages) {
            // What leads to something is done no later than that.
            lead = lead.max(*own_lead);
            prop_assert_eq!(task.for_next, next);
            let expected = next as f64 / yields(*rate);
            prop_assert!(task.needed as f64 > expected * (1.0 - 1e-9) - 1e-6);
            prop_assert!((task.needed as f64) < expected * (1.0 + 1e-9) + 1.0 + 1e-6);
            prop_assert_eq!(task.weekly.iter().sum::<u64>(), task.needed);
            prop_assert_eq!(task.weekly.len(), left.len());
            for (week, amount) in left.iter().zip(&task.weekly) {
                prop_assert!(*amount == 0 || week.end.plus(lead as i32) <= close && week.weight > 0);
            }
            prop_assert!(task.a_week <= task.needed);
            let used = left.iter().filter(|week| week.weight > 0 && week.end.plus(lead as i32) <= close).count();
            prop_assert!(task.a_week as usize * used >= task.needed as usize);
            if let Some(range) = task.range {
                let needed = task.needed as f64;
                prop_assert!(range.low <= needed && needed <= range.high && range.high.is_finite());
            }
            next = task.needed;
        }
    }

    #[test]
    fn better_rates_need_less(better in 1_u32..=1_000_000, worse in 1_u32..=1_000_000) {
        let (worse, better) = (better.min(worse), better.max(worse));
        let needed = |ppm| activity(&gap(&[Rate::Share { ppm }]), &even(10)).unwrap().tasks[0].needed;
        prop_assert!(needed(better) <= needed(worse));
    }

    #[test]
    fn the_weeks_left_hold_the_days_left(start in 0_i32..90, from in 0_i32..120) {
        let china = holidays::china();
        let quarter = Fiscal::default().named("2018-Q1").unwrap();
        let today = quarter.start.plus(from - start);
        let left = weeks(&quarter, today, &Curve::even(), &china);
        prop_assert_eq!(
            left.iter().map(|week| china.count(week.start, week.end)).sum::<i32>(),
            china.left(&quarter, today)
        );
        prop_assert!(left.windows(2).all(|pair| pair[0].end <= pair[1].start));
        prop_assert!(left.iter().all(|week| week.start > today && week.end <= quarter.end));
    }
}

#[test]
fn nothing_is_done_after_what_it_leads_to() {
    let gap = Gap {
        missing: Minor(12),
        deal: Minor(1),
        stages: vec![
            stage(Rate::Share { ppm: 300_000 }, 28),
            stage(Rate::Each { ppm: 2_500_000 }, 0),
            stage(Rate::Each { ppm: 1_000_000 }, 35),
        ],
        chance: 0.8,
    };
    let found = activity(&gap, &even(10)).unwrap();
    assert_eq!(found.tasks[0].weekly, [7, 7, 7, 7, 6, 6, 0, 0, 0, 0]);
    assert_eq!(found.tasks[1].weekly, [17, 17, 17, 17, 16, 16, 0, 0, 0, 0]);
    assert_eq!(found.tasks[1].a_week, 17);
    // A longer lead of its own counts as it is, not on top.
    assert_eq!(found.tasks[2].weekly, [20, 20, 20, 20, 20, 0, 0, 0, 0, 0]);
}

#[test]
fn a_period_of_all_days_there_are_has_weeks() {
    let all = Period {
        kind: PeriodKind::Year,
        name: "all".to_owned(),
        start: Day(i32::MIN),
        end: Day(i32::MAX),
    };
    let weekdays = WorkingDays::weekdays();
    for today in [i32::MIN, 0, i32::MAX - 8, i32::MAX] {
        let left = weeks(&all, Day(today), &Curve::even(), &weekdays);
        assert!(left.len() <= 522 && left.windows(2).all(|pair| pair[0].end <= pair[1].start));
        assert_eq!(left.is_empty(), today == i32::MAX, "{today}");
    }
}

#[test]
fn what_cannot_be_computed_says_why() {
    let ten = even(10);
    assert_eq!(
        deals(Minor(-5), Minor(10)),
        Err(NoActivity::NothingMissing { over: Minor(5) })
    );
    assert_eq!(
        deals(Minor(i64::MIN), Minor(10)),
        Err(NoActivity::NothingMissing {
            over: Minor(i64::MAX)
        })
    );
    assert_eq!(deals(Minor(5), Minor(0)), Err(NoActivity::NoDeal));
    assert_eq!(deals(Minor(i64::MAX), Minor(1)), Ok(i64::MAX as u64));
    let refusal = |rates: &[Rate]| activity(&gap(rates), &ten).unwrap_err();
    let fine = Rate::Share { ppm: 500_000 };
    for never in [Rate::Share { ppm: 0 }, Rate::Counted { done: 9, led_to: 0 }] {
        assert_eq!(refusal(&[fine, never]), NoActivity::NeverLeadsOn { stage: 1 });
    }
    let nothing = [
        Rate::Share { ppm: 1_000_001 },
        Rate::Each { ppm: 0 },
        Rate::Counted { done: 0, led_to: 0 },
        Rate::Counted { done: 0, led_to: 3 },
    ];
    for rate in nothing {
        assert_eq!(refusal(&[rate]), NoActivity::NoRate { stage: 0 });
    }
    let one_in_many = Rate::Counted {
        done: u64::MAX,
        led_to: 1,
    };
    assert_eq!(refusal(&[fine, one_in_many]), NoActivity::TooMany { stage: 1 });
    assert_eq!(
        activity(&gap(&[fine]), &[]),
        Err(NoActivity::NoTimeLeft { stage: 0 })
    );
    let mut late = gap(&[fine]);
    late.stages[0].lead_days = u32::MAX;
    assert_eq!(activity(&late, &ten), Err(NoActivity::NoTimeLeft { stage: 0 }));
    for chance in [0.0, 1.0, -1.0, f64::NAN, f64::INFINITY] {
        let gap = Gap {
            chance,
            ..gap(&[fine])
        };
        assert_eq!(activity(&gap, &ten), Err(NoActivity::Chance), "{chance}");
    }
    // Without stages there are deals to win and nothing to do.
    assert_eq!(activity(&gap(&[]), &[]).unwrap().deals, 20);
}

#[test]
fn short_weeks_and_seasons_take_their_part() {
    // 2018-02-12 to the end of March, with the Spring Festival: 15 to 21 February off, Sunday the 11th and Saturday the
    // 24th worked.
    let quarter = Fiscal::default().named("2018-Q1").unwrap();
    let left = weeks(&quarter, day("2018-02-11"), &Curve::even(), &holidays::china());
    let found = activity(&gap(&[Rate::Each { ppm: 17_000_000 }]), &left).unwrap();
    let worked: Vec<i32> = left
        .iter()
        .map(|week| holidays::china().count(week.start, week.end))
        .collect();
    assert_eq!(worked, [3, 3, 5, 5, 5, 5, 5]);
    // 340 over 31 days.
    assert_eq!(found.tasks[0].weekly, [33, 33, 55, 55, 55, 54, 55]);

    // A season in which all comes in the last week doubles what is done there.
    let past = Fiscal::default().named("2017-Q1").unwrap();
    let weekdays = WorkingDays::weekdays();
    let facts = [(day("2017-03-31"), Fact(1_000))];
    let late = Curve::from_history(&[past], &facts, &weekdays);
    let weight = |curve: &Curve| {
        let left = weeks(&quarter, day("2018-02-11"), curve, &weekdays);
        let sum: u32 = left.iter().map(|week| week.weight).sum();
        f64::from(left.last().unwrap().weight) / f64::from(sum)
    };
    assert!(weight(&late) > 3.0 * weight(&Curve::even()));
    let over = weeks(&quarter, day("2018-03-31"), &Curve::even(), &weekdays);
    assert!(over.is_empty());
}
