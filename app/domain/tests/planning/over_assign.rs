//! Over-assignment by level in present proportions: exact without bounds, kept within them, and taken back whole.

use domain::explain::{StepKind, explain_hedge};
use domain::money::Minor;
use domain::plan::{Entry, Give, Grid, Intent, Keep, NodeIndex, PeriodIndex, PlanCommand, Refusal, apply};
use proptest::prelude::*;

use crate::tree::{done, family, held_plan, plan, shape, who};

fn over_assign(uplift_ppm: &[u32]) -> PlanCommand {
    PlanCommand::OverAssign {
        node: NodeIndex(0),
        uplift_ppm: uplift_ppm.to_vec(),
        reason: None,
    }
}

#[test]
fn everybody_keeps_their_proportion() {
    let mut grid = family(&[600, 300, 100]);
    done(&mut grid, &over_assign(&[100_000]));
    let amounts: Vec<i64> = (0..4).map(|node| grid.amount(NodeIndex(node), None).0).collect();
    assert_eq!(amounts, [1_000, 660, 330, 110]);
    assert_eq!(grid.hedge(NodeIndex(0), None), Minor(100));
    // Back to none: the list says nothing of any level.
    done(&mut grid, &over_assign(&[]));
    assert_eq!(grid, family(&[600, 300, 100]));
}

#[test]
fn how_much_more_lies_below_is_told_in_steps() {
    let start = family(&[600, 300, 100]);
    let mut grid = start.clone();
    let mut entries = Vec::new();
    for (seq, ppm) in [(1, 100_000), (2, 50_000)] {
        let command = over_assign(&[ppm]).because("losses");
        let deltas = apply(&grid, &command).unwrap();
        grid.fold(&deltas).unwrap();
        entries.push(Entry::new(seq, 1, who(1), command, deltas));
    }
    let why = explain_hedge(&start, &entries, NodeIndex(0), &[PeriodIndex(0)]).unwrap();
    assert_eq!(why.amount, grid.hedge(NodeIndex(0), None));
    let steps: Vec<i64> = why.steps.iter().map(|step| step.amount.0).collect();
    assert_eq!(steps, [100, -50]);
    let has_reason =
        |kind: &StepKind| matches!(kind, StepKind::Change { reason: Some(reason), .. } if reason == "losses");
    assert!(
        why.steps.iter().all(|step| has_reason(&step.kind)),
        "{:?}",
        why.steps
    );
    // Below a leaf lies nothing.
    let leaf = explain_hedge(&start, &entries, NodeIndex(1), &[PeriodIndex(0)]).unwrap();
    assert_eq!((leaf.amount, leaf.steps.len()), (Minor(0), 1));
}

#[test]
fn what_is_locked_stays_and_the_others_take_it() {
    let mut grid = family(&[600, 300, 100]);
    let lock = PlanCommand::Lock {
        node: NodeIndex(1),
        period: None,
        by: who(1),
    };
    done(&mut grid, &lock);
    done(&mut grid, &over_assign(&[100_000]));
    let amounts: Vec<i64> = (1..4).map(|node| grid.amount(NodeIndex(node), None).0).collect();
    assert_eq!(amounts, [600, 375, 125]);
}

#[test]
fn more_than_the_limit_is_refused() {
    let grid = family(&[600, 400]).with_hedge_limit(200_000);
    assert_eq!(
        apply(&grid, &over_assign(&[200_001])),
        Err(Refusal::Hedge {
            node: NodeIndex(0),
            period: PeriodIndex(0),
            hedge: Minor(200),
            limit: Minor(200),
        })
    );
    let leaf = PlanCommand::OverAssign {
        node: NodeIndex(1),
        uplift_ppm: vec![0],
        reason: None,
    };
    assert_eq!(
        apply(&grid, &leaf),
        Err(Refusal::NoChildren { node: NodeIndex(1) })
    );
}

/// Gives a row another amount out of the pool above it.
fn from_the_pool(node: u32, amount: i64) -> PlanCommand {
    PlanCommand::Set {
        node: NodeIndex(node),
        period: Some(PeriodIndex(0)),
        amount: Minor(amount),
        keep: Keep::Column,
        give: Give::Hedge,
        reason: None,
    }
}

#[test]
fn a_limit_that_was_lowered_since_leaves_every_way_down() {
    let mut grid = family(&[600, 400]);
    done(&mut grid, &over_assign(&[400_000]));
    let undo = apply(&family(&[600, 400]), &over_assign(&[400_000]))
        .unwrap()
        .invert();
    for limit_ppm in [200_000, 0] {
        let mut grid = grid.clone().with_hedge_limit(limit_ppm);
        assert!(
            apply(&grid, &over_assign(&[400_000])).unwrap().is_empty(),
            "as it is"
        );
        let more = apply(&grid, &over_assign(&[450_000]));
        assert!(
            matches!(
                more,
                Err(Refusal::Hedge {
                    limit: Minor(400),
                    ..
                })
            ),
            "{more:?}"
        );
        let mut back = grid.clone();
        let restore = PlanCommand::Restore {
            of: 1,
            intent: Intent::Undo,
            deltas: undo.clone(),
        };
        done(&mut back, &restore);
        assert_eq!(back.hedge(NodeIndex(0), None), Minor(0), "taken back at once");
        // Down in a step that is still beyond the limit, and not up again; the same out of the pool.
        done(&mut grid, &over_assign(&[300_000]));
        assert_eq!(grid.hedge(NodeIndex(0), None), Minor(300));
        assert!(matches!(
            apply(&grid, &over_assign(&[400_000])),
            Err(Refusal::Hedge { .. })
        ));
        let had = grid.amount(NodeIndex(1), None).0;
        done(&mut grid, &from_the_pool(1, had - 50));
        assert_eq!(grid.hedge(NodeIndex(0), None), Minor(250));
        let up = apply(&grid, &from_the_pool(1, had));
        assert!(matches!(up, Err(Refusal::Hedge { .. })), "{up:?}");
        done(&mut grid, &over_assign(&[limit_ppm]));
        assert_eq!(grid.hedge(NodeIndex(0), None).0, i64::from(limit_ppm) / 1_000);
    }
}

#[test]
fn one_level_changes_while_another_is_beyond_a_lowered_limit() {
    let amounts = [0, 0, 600, 400, 500];
    let shape = shape(&[0, 0, 1, 1, 0], 1);
    let mut grid = Grid::from_leaves(shape, |node, _| Minor(amounts[node.0 as usize])).unwrap();
    done(&mut grid, &over_assign(&[400_000, 100_000]));
    let mut grid = grid.with_hedge_limit(200_000);
    done(&mut grid, &over_assign(&[400_000, 50_000]));
    let hedges = [0, 1].map(|node| grid.hedge(NodeIndex(node), None).0);
    assert_eq!(hedges, [600, 70], "of 1500, and of 1400");
    // What is locked below stands in the way of less, and not the limit.
    for node in [2, 3] {
        let (node, period) = (NodeIndex(node), Some(PeriodIndex(0)));
        done(
            &mut grid,
            &PlanCommand::Lock {
                node,
                period,
                by: who(1),
            },
        );
    }
    let refused = apply(&grid, &from_the_pool(1, 1_300));
    assert!(matches!(refused, Err(Refusal::Blocked { .. })), "{refused:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn without_bounds_it_is_exact_on_every_level(
        grid in plan(), uplift in prop::collection::vec(0_u32..400_000, 1..4),
    ) {
        let shape = grid.shape();
        let command = over_assign(&uplift);
        if shape.is_leaf(NodeIndex(0)) {
            return Ok(());
        }
        let mut after = grid.clone();
        done(&mut after, &command);
        prop_assert_eq!(after.check(), Ok(()));
        for period in grid.periods() {
            prop_assert_eq!(after.amount(NodeIndex(0), Some(period)), grid.amount(NodeIndex(0), Some(period)));
            for parent in shape.nodes().filter(|node| !shape.is_leaf(*node)) {
                let ppm = uplift.get(usize::from(shape.depth(parent))).copied().unwrap_or(0);
                let hedge = i128::from(after.amount(parent, Some(period)).0) * i128::from(ppm) / 1_000_000;
                prop_assert_eq!(i128::from(after.hedge(parent, Some(period)).0), hedge);
            }
        }
        prop_assert!(apply(&after, &command).unwrap().is_empty(), "asked again, nothing changes");
    }

    #[test]
    fn within_bounds_it_keeps_them_and_goes_back(
        grid in held_plan(), uplift in prop::collection::vec(0_u32..400_000, 1..4),
    ) {
        let Ok(deltas) = apply(&grid, &over_assign(&uplift)) else { return Ok(()) };
        let mut after = grid.clone();
        after.fold(&deltas).unwrap();
        prop_assert_eq!(after.check(), Ok(()));
        let back = PlanCommand::Restore { of: 1, intent: Intent::Undo, deltas: deltas.invert() };
        done(&mut after, &back);
        prop_assert_eq!(after, grid);
    }
}
