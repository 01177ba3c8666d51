//! What a hand that moves the shares of a split is shown is what the split then makes.

use domain::money::Minor;
use domain::plan::{Basis, BasisWeights, Factor, NodeIndex, OwnWeights, PlanCommand, Spread, after};
use domain::rebalance::{Rest, Weighing};
use proptest::prelude::*;

use crate::tree::{command, held_plan, raw, split_of};

/// A branch below the node with weights of its own; of some plans there is none.
fn own(grid: &domain::plan::Grid, node: NodeIndex, at: prop::sample::Index, uneven: u32) -> Vec<OwnWeights> {
    let shape = grid.shape();
    let inner: Vec<NodeIndex> = (node.0 + 1..shape.end(node).0)
        .map(NodeIndex)
        .filter(|node| !shape.is_leaf(*node))
        .collect();
    if inner.is_empty() || uneven == 0 {
        return Vec::new();
    }
    let branch = inner[at.index(inner.len())];
    let weights = (branch.0 + 1..shape.end(branch).0).map(|node| u64::from(node * uneven % 7));
    let bases = vec![BasisWeights {
        basis: Basis::Pipeline,
        share_ppm: 900_000,
        weights: weights.collect(),
    }];
    vec![OwnWeights { node: branch, bases }]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4 * ProptestConfig::default().cases, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rows_in_sight_are_shown_what_the_whole_split_gives_them(
        grid in held_plan(), raw in raw(), at in any::<prop::sample::Index>(), uneven in 0_u32..4,
        movements in prop::collection::vec(
            (prop_oneof![1 => Just(0_u32), 1 => Just(1_000_000_u32), 6 => 0_u32..=1_000_000], prop::collection::vec(any::<prop::sample::Index>(), 0..5)),
            1..4,
        ),
        cells in 1_usize..40,
    ) {
        // Whatever was drawn: a split of everything below.
        let PlanCommand::Split { node, bases, factors, step, .. } = command(&grid, &split_of(&raw)) else { return Ok(()) };
        let own = own(&grid, node, at, uneven);
        let Ok(mut weighing) = Weighing::begin(&grid, node, bases.clone(), &factors, own.clone(), step) else {
            // Nothing lies below.
            prop_assert!(grid.shape().is_leaf(node));
            return Ok(());
        };
        for (share_ppm, seen) in movements {
            let shares = [share_ppm, 1_000_000 - share_ppm];
            let mut weighed = bases.clone();
            for (basis, share_ppm) in weighed.iter_mut().zip(shares) {
                basis.share_ppm = share_ppm;
            }
            let whole = after(&grid, &PlanCommand::Split {
                node, spread: Spread::Subtree, bases: weighed, factors: factors.clone(), own: own.clone(),
                proposals: Vec::new(), uplift_ppm: Vec::new(), step, reason: None,
            });
            prop_assert_eq!(weighing.set_shares(&shares), Ok(()));
            let seen: Vec<NodeIndex> = seen.iter().map(|seen| NodeIndex(seen.index(grid.shape().len()) as u32)).collect();
            let shown = weighing.preview(&grid, &seen, share_ppm % 2 == 0);
            let Ok(whole) = whole else {
                // What only the whole finds is told when all of it is worked out.
                let mut rest = Rest::More;
                while rest == Rest::More {
                    rest = weighing.rest(&grid, cells);
                }
                prop_assert_eq!(rest, Rest::Refused);
                continue;
            };
            let Some(shown) = shown else { return Err(TestCaseError::fail("nothing is shown of what can be made")) };
            for (cell, amount) in &shown {
                let (row, period) = grid.shape().place(*cell);
                prop_assert_eq!(*amount, whole.amount(row, Some(period)), "{:?} {:?}", row, period);
            }
            // All that is in sight is among it, in every period.
            let below = |row: &&NodeIndex| node <= **row && **row < grid.shape().end(node);
            for row in seen.iter().filter(below) {
                for period in grid.periods() {
                    let cell = grid.shape().cell(*row, period);
                    prop_assert!(shown.iter().any(|(shown, _)| *shown == cell));
                }
            }
            // A hand may move on before the rest is done.
            let mut rest = weighing.rest(&grid, cells);
            if share_ppm % 3 > 0 {
                while rest == Rest::More {
                    rest = weighing.rest(&grid, cells);
                }
                prop_assert_eq!(rest, Rest::Whole(whole));
            }
        }
    }
}

#[test]
fn what_is_no_split_is_refused_at_once() {
    let grid = crate::tree::family(&[3, 5]);
    let begin = |node: u32, step: i64| {
        Weighing::begin(
            &grid,
            NodeIndex(node),
            Vec::new(),
            &[] as &[Factor],
            Vec::new(),
            Minor(step),
        )
        .err()
    };
    assert!(begin(9, 1).is_some(), "no such row");
    assert!(begin(1, 1).is_some(), "nothing below");
    assert!(begin(0, 0).is_some(), "no step");
    assert!(begin(0, 1).is_none());
}
