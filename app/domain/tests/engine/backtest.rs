//! Laws of `domain::backtest`: nothing of the future is shown, money has no unit, order does not matter, splits are exact, and
//! what is recommended is what made the data.
#![expect(clippy::unwrap_used, reason = "a test ends where its set-up fails")]

#[path = "backtest/advice.rs"]
mod advice;
#[path = "backtest/judge.rs"]
mod judge;

use std::cell::RefCell;

use domain::backtest::{
    Advice, Backtest, BacktestError, Base, Candidate, Options, Panel, Past, Total, Why, replay,
};
use domain::money::Minor;
use domain::statistics::Random;
use proptest::prelude::*;

const QUICK: usize = 60;

fn panel(rows: &[Vec<Option<i64>>]) -> Panel {
    let periods = rows.first().map_or(0, Vec::len);
    let cells = rows.iter().flatten().map(|cell| cell.map(Minor)).collect();
    Panel::new(rows.len(), periods, cells).unwrap()
}

/// People of different size who keep it, with noise; the first `new` of them come later.
fn steady(people: usize, periods: usize, noise: f64, new: usize, seed: u64) -> Vec<Vec<Option<i64>>> {
    let mut random = Random::new(seed);
    (0..people)
        .map(|person| {
            let size = 100_000.0 * (1.0 + person as f64);
            (0..periods)
                .map(|period| {
                    let amount = size * (1.0 + noise * random.normal()).max(0.05);
                    (person >= new || period >= 3 + person).then_some(amount as i64)
                })
                .collect()
        })
        .collect()
}

fn bases<'a>() -> [Base<'a>; 3] {
    [Base::equal(), Base::history(3), Base::capability(3)]
}

fn run(panel: &Panel, options: &Options) -> Backtest {
    let bases = bases();
    replay(panel, &bases, &Candidate::of_bases(&bases), options).unwrap()
}

fn quick() -> Options {
    Options {
        rounds: QUICK,
        ..Options::default()
    }
}

/// A base that tries whatever a past offers to see the period it is asked about, or a later one.
#[test]
fn a_base_that_looks_for_the_future_finds_nothing() {
    let secret = 987_654_321;
    let rows: Vec<Vec<Option<i64>>> = (0..6)
        .map(|person| {
            (0..6)
                .map(|period| Some(if period == 5 { secret + person } else { 1_000 }))
                .collect()
        })
        .collect();
    let panel = panel(&rows);
    let seen = RefCell::new(Vec::new());
    let spy = Base::new("spy", |past: &Past<'_>| {
        let mut seen = seen.borrow_mut();
        for person in 0..6 {
            for period in 0..=7 {
                seen.extend(
                    past.actual(person, period)
                        .map(|amount| (past.period(), period, amount.0)),
                );
            }
            seen.extend(
                past.recent(person, usize::MAX)
                    .map(|amount| (past.period(), 0, amount.0)),
            );
            assert!(past.tenure(person) <= past.period());
            assert!(
                past.actual(person, past.period()).is_none() && past.actual(person, usize::MAX).is_none()
            );
        }
        vec![1.0; past.people().len()]
    });
    let options = Options {
        rounds: QUICK,
        ..Options::default()
    };
    let found = replay(&panel, &[spy], &[Candidate::new("spy", &[1.0])], &options).unwrap();
    assert_eq!(found.origins.len(), 5);
    let seen = seen.into_inner();
    assert!(seen.len() > 100);
    // Neither a period that was not over nor, ever, what only the last one holds.
    assert!(
        seen.iter()
            .all(|(asked, period, amount)| period < asked && *amount < secret)
    );
}

/// The same from outside: what comes later can be anything without a change of what was asked before.
#[test]
fn another_future_does_not_change_the_splits_of_the_past() {
    let rows = steady(8, 8, 0.2, 2, 4);
    let mut other = rows.clone();
    for row in &mut other {
        row[7] = row[7].map(|amount| 10_000_000 - amount);
        row[6] = Some(1);
    }
    let (one, other) = (run(&panel(&rows), &quick()), run(&panel(&other), &quick()));
    for score in &one.scores {
        let same = other.scores.iter().find(|same| same.name == score.name).unwrap();
        // Periods 1 to 5 are origins 0 to 4.
        assert_eq!(score.by_period[..5], same.by_period[..5]);
        assert_ne!(score.by_period[5..], same.by_period[5..]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn figures_keep_their_bounds_and_money_has_no_unit(
        rows in prop::collection::vec(prop::collection::vec(prop::option::weighted(0.8, 0_i64..1_000_000), 5), 2..12),
        scale in 2_i64..1_000,
    ) {
        let bases = bases();
        let candidates = Candidate::of_bases(&bases);
        let Ok(found) = replay(&panel(&rows), &bases, &candidates, &quick()) else {
            return Ok(());
        };
        for score in &found.scores {
            // The total is what was done, so no more than twice of it can be misplaced.
            prop_assert!((0.0..=2.0).contains(&score.misplaced), "{score:?}");
            prop_assert!(score.near.is_none_or(|near| (0.0..=1.0).contains(&near)));
            prop_assert!(score.gini.is_none_or(|gini| (0.0..1.0).contains(&gini)));
            prop_assert!(score.attainment_error.is_none_or(|error| error >= 0.0));
            let counted: usize = score.by_tenure.iter().map(|one| one.count).sum();
            let people: usize = found.origins.iter().map(|origin| origin.people).sum();
            prop_assert_eq!(counted + score.without_target, people);
            prop_assert_eq!(score.by_period.len(), found.origins.len());
        }
        prop_assert!(found.scores.windows(2).all(|pair| pair[0].misplaced <= pair[1].misplaced));
        prop_assert_eq!(found.origins.len() + found.skipped.len(), 5);
        if let Advice::Weights(advice) = &found.advice {
            prop_assert_eq!(advice.weights.iter().map(|weight| weight.share_ppm).sum::<u32>(), 1_000_000);
            prop_assert!((0.0..=2.0).contains(&advice.misplaced) && (0.0..=2.0).contains(&advice.chosen_before));
        }
        let back: Backtest = serde_json::from_str(&serde_json::to_string(&found).unwrap()).unwrap();
        prop_assert_eq!(&back.origins, &found.origins);

        let large: Vec<Vec<Option<i64>>> = rows.iter()
            .map(|row| row.iter().map(|cell| cell.map(|amount| amount * scale)).collect()).collect();
        let other = replay(&panel(&large), &bases, &candidates, &quick()).unwrap();
        let reversed: Vec<Vec<Option<i64>>> = rows.iter().rev().cloned().collect();
        let turned = replay(&panel(&reversed), &bases, &candidates, &quick()).unwrap();
        for score in &found.scores {
            let named = |found: &Backtest| found.scores.iter().find(|other| other.name == score.name).unwrap().misplaced;
            let people: i64 = rows.len() as i64;
            let done: i64 = found.origins.iter().map(|origin| origin.total.0).sum();
            // Each amount is off by less than a minor unit.
            let slack = 2.0 * (people * found.origins.len() as i64) as f64 / done as f64 + 1e-9;
            prop_assert!((named(&other) - score.misplaced).abs() <= slack);
            prop_assert!((named(&turned) - score.misplaced).abs() <= slack);
        }
    }

    #[test]
    fn whatever_weights_come_in_an_answer_or_a_refusal_comes_out(
        weights in prop::collection::vec(prop::num::f64::ANY, 0..8), share in prop::num::f64::ANY, rows in 1_usize..8,
        cells in prop::collection::vec(prop::option::of(any::<i64>()), 0..32),
    ) {
        let base = || Base::new("any", |_: &Past<'_>| weights.clone());
        let steady = panel(&steady(rows, 5, 0.1, 0, 1));
        let options = Options { rounds: 5, ..Options::default() };
        let _ = replay(&steady, &[base(), Base::equal()], &[Candidate::new("any", &[share, 1.0])], &options);
        let width = cells.len() / rows;
        let cells = cells[..width * rows].iter().map(|cell| cell.map(Minor)).collect();
        if let Ok(wild) = Panel::new(rows, width, cells) {
            let bases = bases();
            let found = replay(&wild, &bases, &Candidate::of_bases(&bases), &options);
            if let Ok(found) = found {
                prop_assert!(found.scores.iter().all(|score| score.misplaced >= 0.0), "{found:?}");
            }
        }
    }
}

#[test]
fn a_split_that_is_right_misplaces_nothing() {
    // Everybody does the same as ever: history is perfect to the minor unit.
    let rows: Vec<Vec<Option<i64>>> = (1..=7).map(|size| vec![Some(size * 1_000); 6]).collect();
    let found = run(&panel(&rows), &quick());
    let history = found.scores.iter().find(|score| score.name == "history").unwrap();
    assert!(history.misplaced == 0.0 && history.near == Some(1.0) && history.attainment_error == Some(0.0));
    assert_eq!(history.gini, Some(0.0));
    let equal = found.scores.iter().find(|score| score.name == "equal").unwrap();
    // Σ |4,000 − size| / Σ size = 12 / 28.
    assert!((equal.misplaced - 12.0 / 28.0).abs() < 1e-12);
    assert!((equal.size.unwrap().r - 1.0).abs() < 1e-9);
}

#[test]
fn a_given_total_is_judged_with_its_level() {
    let rows: Vec<Vec<Option<i64>>> = (1..=7).map(|size| vec![Some(size * 1_000); 6]).collect();
    let options = Options {
        total: Total::Given(vec![Minor(35_000); 6]),
        ..quick()
    };
    let found = run(&panel(&rows), &options);
    let history = found.scores.iter().find(|score| score.name == "history").unwrap();
    assert!(
        (history.misplaced - 0.25).abs() < 1e-9 && (history.attainment_error.unwrap() - 0.2).abs() < 1e-9
    );
    assert_eq!(
        history.by_tenure[2].attainment.map(|mean| (mean * 10.0).round()),
        Some(8.0)
    );
    let options = Options {
        total: Total::Given(vec![Minor(1)]),
        ..quick()
    };
    let bases = bases();
    let refused = replay(&panel(&rows), &bases, &Candidate::of_bases(&bases), &options);
    assert_eq!(
        refused,
        Err(BacktestError::Totals {
            totals: 1,
            periods: 6
        })
    );
}

#[test]
fn new_people_weigh_what_new_people_did() {
    let mut rows = vec![vec![Some(1_000); 5]; 3];
    rows.push(vec![None, Some(200), Some(900), Some(1_000), Some(1_000)]);
    rows.push(vec![None, None, None, None, Some(500)]);
    let table = panel(&rows);
    for base in [Base::history(4), Base::capability(4)] {
        let found = replay(&table, &[base], &[Candidate::new("one", &[1.0])], &quick()).unwrap();
        let score = &found.scores[0];
        // In period 1 nobody had ever come: the mean of the others, 1,000, for somebody who did 200. In period 4: 200, for 500.
        assert_eq!(score.by_tenure[0].count, 2);
        let attainment = score.by_tenure[0].attainment.unwrap();
        assert!((1.0..1.6).contains(&attainment), "{attainment}");
    }
}

#[test]
fn thin_data_and_bad_input_are_named() {
    let rows = steady(4, 6, 0.1, 0, 1);
    let thin = run(&panel(&rows), &quick());
    assert_eq!(
        thin.advice,
        Advice::TooThin {
            people: 4,
            people_needed: 5,
            origins: 5,
            origins_needed: 3
        }
    );
    let short = run(&panel(&steady(9, 3, 0.1, 0, 1)), &quick());
    assert_eq!(
        short.advice,
        Advice::TooThin {
            people: 9,
            people_needed: 5,
            origins: 2,
            origins_needed: 3
        }
    );
    assert_eq!(short.skipped[0].why, Why::NoPast);

    assert_eq!(
        Panel::new(0, 3, vec![]),
        Err(BacktestError::Panel {
            people: 0,
            periods: 3,
            cells: 0
        })
    );
    assert_eq!(
        Panel::new(2, 2, vec![None]),
        Err(BacktestError::Panel {
            people: 2,
            periods: 2,
            cells: 1
        })
    );
    let table = panel(&rows);
    let one = [Candidate::new("one", &[1.0])];
    let with =
        |base: Base<'_>, candidates: &[Candidate]| replay(&table, &[base], candidates, &quick()).unwrap_err();
    assert_eq!(with(Base::equal(), &[]), BacktestError::NoCandidate);
    assert_eq!(
        with(Base::equal(), &[Candidate::new("two", &[1.0, 1.0])]),
        BacktestError::Shares { candidate: 0 }
    );
    assert_eq!(
        with(Base::equal(), &[Candidate::new("none", &[0.0])]),
        BacktestError::Shares { candidate: 0 }
    );
    let short = Base::new("short", |_: &Past<'_>| vec![1.0]);
    assert_eq!(with(short, &one), BacktestError::Weights { base: 0, period: 1 });
    let negative = Base::new("negative", |past: &Past<'_>| vec![-1.0; past.people().len()]);
    assert_eq!(
        with(negative, &one),
        BacktestError::Weights { base: 0, period: 1 }
    );
    assert_eq!(
        replay(&table, &[], &one, &quick()),
        Err(BacktestError::Bases { bases: 0 })
    );
    let nobody = panel(&vec![vec![Some(0); 4]; 3]);
    assert_eq!(
        replay(&nobody, &[Base::equal()], &one, &quick()),
        Err(BacktestError::NoOrigin)
    );
    let gone = panel(&[
        vec![Some(5), Some(5), None, Some(0)],
        vec![Some(5), Some(5), Some(5), Some(0)],
    ]);
    let found = replay(&gone, &[Base::equal()], &one, &quick()).unwrap();
    let why: Vec<Why> = found.skipped.iter().map(|skipped| skipped.why).collect();
    assert_eq!(why, [Why::NoPast, Why::NotTwoPeople, Why::NoTotal]);
    // Weights of nothing are equal ones.
    let nothing = Base::new("nothing", |past: &Past<'_>| vec![0.0; past.people().len()]);
    assert!(replay(&gone, &[nothing], &one, &quick()).unwrap().scores[0].misplaced < 1e-12);
}

/// He is not new: what he did last is known.
#[test]
fn somebody_back_from_leave_weighs_what_he_did_last() {
    let table = panel(&[
        vec![Some(1_000), Some(1_000), None, Some(1_000)],
        vec![Some(100); 4],
        vec![None, Some(10), Some(100), Some(100)],
        vec![Some(100); 4],
    ]);
    // Of one period each nothing tells people apart: capability gives him the mean, and not what new people did.
    for (base, at_most) in [(Base::history(1), 0.0), (Base::capability(1), 1.1)] {
        let name = base.name().to_owned();
        let found = replay(&table, &[base], &[Candidate::new("one", &[1.0])], &quick()).unwrap();
        let last = found.scores[0].by_period[2];
        assert!(last <= at_most, "{name} {last}");
    }
}

#[test]
fn samples_chances_and_panels_are_checked() {
    let table = panel(&steady(8, 5, 0.1, 0, 1));
    let with = |options: Options| {
        let bases = bases();
        replay(&table, &bases, &Candidate::of_bases(&bases), &options).err()
    };
    for rounds in [0, Options::MAX_ROUNDS + 1, usize::MAX] {
        let most = Options::MAX_ROUNDS;
        let refused = with(Options { rounds, ..quick() });
        assert_eq!(refused, Some(BacktestError::Rounds { rounds, most }));
    }
    for chance in [f64::NAN, -0.1, 1.1, f64::INFINITY] {
        assert_eq!(with(Options { chance, ..quick() }), Some(BacktestError::Chance));
    }
    for chance in [0.0, 1.0] {
        assert_eq!(with(Options { chance, ..quick() }), None);
    }
    let sent = serde_json::to_string(&table).unwrap();
    assert_eq!(serde_json::from_str::<Panel>(&sent).unwrap(), table);
    let lies = r#"{"people":1000000000000,"periods":1,"actuals":[]}"#;
    let refused = serde_json::from_str::<Panel>(lies).unwrap_err().to_string();
    assert!(refused.contains("does not have 0 cells"), "{refused}");
}
