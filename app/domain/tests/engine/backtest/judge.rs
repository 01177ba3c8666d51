//! Laws of the intervals of scores.

use domain::backtest::{Candidate, Options, Verdict, judge, replay};
use proptest::prelude::*;

use super::{bases, panel, quick, steady};

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn intervals_hold_their_figures_and_figures_are_those_of_the_replay(
        rows in prop::collection::vec(prop::collection::vec(prop::option::weighted(0.8, 0_i64..1_000_000), 5), 2..12),
    ) {
        let bases = bases();
        let candidates = Candidate::of_bases(&bases);
        let table = panel(&rows);
        let (Ok(found), Ok(judged)) =
            (replay(&table, &bases, &candidates, &quick()), judge(&table, &bases, &candidates, &quick()))
        else {
            return Ok(());
        };
        prop_assert_eq!(found.scores.len(), judged.len());
        for (place, one) in judged.iter().enumerate() {
            let score = found.scores.iter().find(|score| score.name == one.score.name).unwrap();
            prop_assert_eq!(score, &one.score);
            prop_assert!(one.misplaced.contains(score.misplaced));
            prop_assert!((0.0..=2.0).contains(&score.misplaced));
            for (value, interval) in [
                (score.attainment_error, one.attainment_error),
                (score.near, one.near),
                (score.gini, one.gini),
            ] {
                prop_assert_eq!(value.is_some(), interval.is_some());
                if let (Some(value), Some(interval)) = (value, interval) {
                    prop_assert!(interval.low <= interval.high && interval.contains(value), "{value} {interval:?}");
                }
            }
            prop_assert!(one.near.is_none_or(|near| near.low >= 0.0 && near.high <= 1.0));
            prop_assert!(one.gini.is_none_or(|gini| gini.low >= 0.0 && gini.high < 1.0 + 1e-9));
            prop_assert_eq!(one.behind.is_none(), place == 0);
        }
    }
}

#[test]
fn what_is_always_right_is_sure_and_clearly_better() {
    let rows: Vec<Vec<Option<i64>>> = (1..=12).map(|size| vec![Some(size * 1_000); 8]).collect();
    let bases = bases();
    let candidates = [
        Candidate::new("equal", &[1.0, 0.0, 0.0]),
        Candidate::new("history", &[0.0, 1.0, 0.0]),
    ];
    let judged = judge(&panel(&rows), &bases, &candidates, &quick()).unwrap();
    let [history, equal] = judged.as_slice() else {
        panic!("{judged:?}");
    };
    assert_eq!(history.score.name, "history");
    assert!(history.misplaced.high == 0.0 && history.gini.is_some_and(|gini| gini.high < 1e-9));
    assert!(
        equal
            .behind
            .is_some_and(|behind| behind.verdict == Verdict::Better)
    );
}

#[test]
fn more_data_are_surer() {
    let width = |people, periods| {
        let bases = bases();
        let rows = steady(people, periods, 0.3, 0, 9);
        let history = [Candidate::new("history", &[0.0, 1.0, 0.0])];
        let options = Options {
            rounds: 200,
            ..Options::default()
        };
        let judged = judge(&panel(&rows), &bases, &history, &options).unwrap();
        judged.first().unwrap().misplaced.width()
    };
    assert!(width(60, 20) < width(6, 4));
}
