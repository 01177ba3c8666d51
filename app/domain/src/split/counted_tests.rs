use std::sync::Arc;

use super::super::fixture::nodes;
use super::*;
use crate::basis::{Assignment, Ramp, assignment_factor, ramp_factor};
use crate::explain::{StepKind, explain};
use crate::id::UserId;
use crate::money::Minor;
use crate::plan::{Entry, Grid, PeriodIndex, PlanCommand, Spread, apply};

const FULL: u64 = 1_000_000;

fn day(text: &str) -> Day {
    Day::parse_iso(text).unwrap()
}

/// The quarters of 2018.
fn quarters() -> Vec<PlanPeriod> {
    [
        "2018-01-01",
        "2018-04-01",
        "2018-07-01",
        "2018-10-01",
        "2019-01-01",
    ]
    .windows(2)
    .map(|pair| PlanPeriod {
        starts_on: day(pair[0]),
        ends_on: day(pair[1]),
    })
    .collect()
}

/// A team of two, the second of whom joined on the first of July: 1,000 in each quarter.
fn team() -> Grid {
    let list = [
        (None, false, "team"),
        (Some(0), true, "old"),
        (Some(0), true, "new"),
    ];
    let shape = Arc::new(Shape::new(nodes(&list), quarters()).unwrap());
    Grid::from_leaves(shape, |node, _| Minor(if node.0 == 1 { 1_000 } else { 0 })).unwrap()
}

fn counted() -> Counted {
    let weekdays = WorkingDays::weekdays();
    let start = day("2018-07-01");
    let joined = [Assignment {
        starts_on: start,
        ends_on: None,
        share_ppm: 1_000_000,
    }];
    let there = assignment_factor(&joined, &quarters(), &weekdays).unwrap();
    let ramp = ramp_factor(&Ramp::default(), start, &quarters(), &weekdays).unwrap();
    let started = days_since(&quarters(), start, &weekdays);
    let included = Included::of(
        NodeIndex(2),
        (184 * FULL, 184 * FULL),
        365 * FULL,
        &ramp,
        &started,
        1_000_000,
    );
    let factor = |kind, ppm| Factor {
        node: NodeIndex(2),
        kind,
        ppm,
    };
    Counted {
        factors: vec![
            factor(FactorKind::Assignment, there),
            factor(FactorKind::Ramp, ramp),
        ],
        included: included.into_iter().collect(),
        whole: 365 * FULL,
        potential_by_time: false,
    }
}

fn split(basis: Basis, weights: [u64; 2], kinds: &[FactorKind]) -> PlanCommand {
    let counted = counted();
    let mut bases = vec![BasisWeights {
        basis,
        share_ppm: 1_000_000,
        weights: weights.to_vec(),
    }];
    counted.fit(NodeIndex(0), &mut bases, kinds);
    PlanCommand::Split {
        node: NodeIndex(0),
        spread: Spread::Subtree,
        bases,
        factors: counted.factors(team().shape(), NodeIndex(0), kinds),
        own: Vec::new(),
        proposals: Vec::new(),
        uplift_ppm: Vec::new(),
        step: Minor(1),
        reason: None,
    }
}

/// What the newcomer gets in each quarter.
fn newcomer(command: &PlanCommand) -> Vec<i64> {
    let mut grid = team();
    let deltas = apply(&grid, command).unwrap();
    grid.fold(&deltas).unwrap();
    assert_eq!(grid.check(), Ok(()));
    let quarters = (0..4).map(PeriodIndex);
    quarters
        .map(|quarter| grid.amount(NodeIndex(2), Some(quarter)).0)
        .collect()
}

#[test]
fn who_is_there_for_half_of_the_plan_counts_fully_in_that_half() {
    let there = [FactorKind::Assignment];
    let present = [365 * FULL, 184 * FULL];
    assert_eq!(
        newcomer(&split(Basis::Equal, present, &there)),
        [0, 0, 500, 500],
        "the weight says half of the time already"
    );
    // What they did does not: one who did as much is asked for as much while there.
    assert_eq!(
        newcomer(&split(Basis::History, [700, 700], &there)),
        [0, 0, 500, 500]
    );
    assert_eq!(
        newcomer(&split(Basis::Equal, present, &[])),
        [335; 4],
        "as the weights are"
    );
}

#[test]
fn a_beginner_counts_by_the_ramp_but_not_twice() {
    let ramp = counted().factors.swap_remove(1).ppm;
    // July nothing, August a quarter, September half; then three quarters and all of it.
    let weekdays = WorkingDays::weekdays();
    let days = |from: &str, to: &str| i64::from(weekdays.count(day(from), day(to)));
    let third = days("2018-08-01", "2018-09-01") * 250_000 + days("2018-09-01", "2018-10-01") * 500_000;
    let all = days("2018-07-01", "2018-10-01");
    assert_eq!(i64::from(ramp[2]), (third + all / 2) / all);
    assert!(ramp[3] > 900_000 && ramp[3] < 1_000_000);
    let both = [FactorKind::Ramp, FactorKind::Assignment];
    let equal = newcomer(&split(Basis::Equal, [365 * FULL, 184 * FULL], &both));
    let expected = |ppm: u32| {
        let ppm = u64::from(ppm);
        (1_000 * ppm + u64::midpoint(FULL, ppm)) / (FULL + ppm)
    };
    assert_eq!(equal[..2], [0, 0]);
    for quarter in [2, 3] {
        let off = equal[quarter] - expected(ramp[quarter]) as i64;
        assert!(off.abs() <= 1, "{equal:?}");
    }
    // What a beginner did is a beginner's: the ramp only says when, so over the plan they get what the history says.
    let history = newcomer(&split(Basis::History, [700, 700], &[FactorKind::Ramp]));
    assert!(history[2] < history[3], "{history:?}");
    assert!(history[2] > equal[2], "{history:?} {equal:?}");
}

#[test]
fn the_steps_say_what_the_factors_did() {
    let start = team();
    let command = split(
        Basis::Equal,
        [365 * FULL, 184 * FULL],
        &[FactorKind::Ramp, FactorKind::Assignment],
    );
    let deltas = apply(&start, &command).unwrap();
    let entry = Entry::new(1, 1, UserId::default(), command, deltas);
    for node in [1, 2].map(NodeIndex) {
        for period in [None, Some(PeriodIndex(2))] {
            let why = explain(&start, std::slice::from_ref(&entry), node, period).unwrap();
            let sum: i64 = why.steps.iter().map(|step| step.amount.0).sum();
            assert_eq!(sum, why.amount.0);
            let told = |kind: FactorKind| {
                why.steps
                    .iter()
                    .any(|step| matches!(step.kind, StepKind::Factor { factor, .. } if factor == kind))
            };
            assert!(told(FactorKind::Ramp), "{why:?}");
            assert_eq!(told(FactorKind::Assignment), period.is_none(), "{why:?}");
            assert!(!told(FactorKind::Season));
        }
    }
}

#[test]
fn only_what_is_below_and_wanted_counts() {
    let counted = counted();
    let grid = team();
    let shape = grid.shape();
    assert_eq!(counted.concerned(shape, NodeIndex(0), FactorKind::Ramp), 1);
    assert_eq!(counted.concerned(shape, NodeIndex(0), FactorKind::Season), 0);
    assert_eq!(counted.concerned(shape, NodeIndex(2), FactorKind::Ramp), 0);
    assert!(counted.factors(shape, NodeIndex(0), &[]).is_empty());
    // Nothing is known of who is there throughout.
    let whole = (365 * FULL, 365 * FULL);
    assert_eq!(
        Included::of(NodeIndex(1), whole, 365 * FULL, &[], &[], 1_000_000),
        None
    );

    // Weights that are not there, and rows that are not, change nothing.
    let mut none = vec![BasisWeights {
        basis: Basis::Equal,
        share_ppm: 1,
        weights: Vec::new(),
    }];
    counted.fit(NodeIndex(0), &mut none, &FactorKind::ALL);
    counted.fit(NodeIndex(9), &mut none, &FactorKind::ALL);
    assert!(none[0].weights.is_empty());
    assert_eq!(times(7, 5, 0), 7);
    assert_eq!(times(u64::MAX, u64::MAX, 1), i64::MAX as u64);
}

#[test]
fn what_a_leaver_gave_away_is_not_taken_again() {
    // Gone after half of the year: a staffing draft left half of every weight.
    let (whole, half) = (365 * FULL, 181 * FULL);
    let kept = u32::try_from(1_000_000 * half / whole).unwrap();
    let left = Included::of(NodeIndex(2), (half, half), whole, &[], &[], kept).unwrap();
    let counted = Counted {
        factors: Vec::new(),
        included: vec![left],
        whole,
        potential_by_time: false,
    };
    for basis in [
        Basis::History,
        Basis::Pipeline,
        Basis::Customers,
        Basis::Potential,
        Basis::Equal,
    ] {
        let mut bases = vec![BasisWeights {
            basis,
            share_ppm: 1_000_000,
            weights: vec![1_000_000 * whole, 1_000_000 * half],
        }];
        let before = bases.clone();
        counted.fit(NodeIndex(0), &mut bases, &[]);
        assert_eq!(bases, before, "no kind is wanted");
        counted.fit(NodeIndex(0), &mut bases, &[FactorKind::Assignment]);
        let (all, left) = (bases[0].weights[0], bases[0].weights[1]);
        assert!(all.abs_diff(left) <= all / 100_000, "{basis:?}: {all} and {left}");
    }
}
