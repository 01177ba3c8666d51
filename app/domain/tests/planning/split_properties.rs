//! What a split promises for random plans: factors, proposals and over-assignments.

use domain::plan::{
    Basis, BasisWeights, Factor, FactorKind, Kept, NodeIndex, OwnWeights, PlanCommand, Spread, apply,
};
use proptest::prelude::*;

use crate::split::{split, with};
use crate::tree::{command, done, family, held_plan, plan, raw};

proptest! {
    #![proptest_config(ProptestConfig { cases: 4 * ProptestConfig::default().cases, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn factors_of_one_change_nothing(grid in held_plan(), raw in raw()) {
        let PlanCommand::Split { node, spread, bases, step, .. } = command(&grid, &raw) else { return Ok(()) };
        let of = |factors: Vec<Factor>| PlanCommand::Split {
            node, spread, bases: bases.clone(), factors, own: Vec::new(), proposals: Vec::new(), uplift_ppm: Vec::new(), step, reason: None,
        };
        let columns = grid.shape().periods().len();
        let one = |below: u32| Factor { node: NodeIndex(below), kind: FactorKind::Season, ppm: vec![1_000_000; columns] };
        let ones = (node.0 + 1..grid.shape().end(node).0).map(one).collect();
        prop_assert_eq!(apply(&grid, &of(ones)), apply(&grid, &of(Vec::new())));
        // Twice as much for all siblings is the same as for none.
        let twice = |below: u32| Factor { ppm: vec![2_000_000; columns], ..one(below) };
        let children: Vec<Factor> = grid.shape().children(node).map(|child| twice(child.0)).collect();
        prop_assert_eq!(apply(&grid, &of(children)), apply(&grid, &of(Vec::new())));
    }

    #[test]
    fn a_branch_with_weights_of_its_own_is_as_if_it_were_split_after(
        grid in plan(), raw in raw(), at in any::<prop::sample::Index>(), uneven in 0_u32..5,
    ) {
        let PlanCommand::Split { node, bases, step, .. } = command(&grid, &raw) else { return Ok(()) };
        let shape = grid.shape();
        let inner = (node.0 + 1..shape.end(node).0).map(NodeIndex);
        let inner: Vec<NodeIndex> = inner.filter(|node| !shape.is_leaf(*node)).collect();
        if inner.is_empty() {
            return Ok(());
        }
        let branch = inner[at.index(inner.len())];
        // Nobody of it weighs nothing: then what each had before would count.
        let weights = (branch.0 + 1..shape.end(branch).0).map(|node| 1 + u64::from(node * uneven % 7));
        let own = vec![BasisWeights { basis: Basis::Pipeline, share_ppm: 1_000_000, weights: weights.collect() }];
        let of = |node, bases: &[BasisWeights], own| PlanCommand::Split {
            node, spread: Spread::Subtree, bases: bases.to_vec(), factors: Vec::new(), own, proposals: Vec::new(),
            uplift_ppm: Vec::new(), step, reason: None,
        };
        let mut after = grid.clone();
        let mut at_once = grid.clone();
        let Ok(whole) = apply(&grid, &of(node, &bases, Vec::new())) else { return Ok(()) };
        after.fold(&whole).unwrap();
        done(&mut after, &of(branch, &own, Vec::new()));
        done(&mut at_once, &of(node, &bases, vec![OwnWeights { node: branch, bases: own.clone() }]));
        prop_assert_eq!(at_once.check(), Ok(()));
        prop_assert_eq!(at_once, after);
    }

    #[test]
    fn proposals_hold_or_the_split_is_refused(grid in held_plan(), raw in raw()) {
        let command = command(&grid, &raw);
        let PlanCommand::Split { proposals, .. } = &command else { return Ok(()) };
        let Ok(deltas) = apply(&grid, &command) else { return Ok(()) };
        let mut after = grid.clone();
        after.fold(&deltas).unwrap();
        prop_assert_eq!(after.check(), Ok(()));
        for proposal in proposals {
            let amount = after.amount(proposal.node, proposal.period);
            match proposal.kept {
                Kept::Exactly => prop_assert_eq!(amount, proposal.amount),
                Kept::AtLeast => prop_assert!(amount >= proposal.amount),
            }
        }
    }

    #[test]
    fn without_bounds_an_over_assignment_is_exact(
        grid in plan(), weights in prop::collection::vec(0_u64..50, 20), uplift in prop::collection::vec(0_u32..400_000, 1..4),
    ) {
        let below = grid.shape().len() - 1;
        let command = with(split(&weights[..below]), |_, _, ppm| ppm.extend(&uplift));
        if below == 0 {
            return Ok(());
        }
        let mut after = grid.clone();
        done(&mut after, &command);
        prop_assert_eq!(after.check(), Ok(()));
        let shape = grid.shape();
        for parent in shape.nodes().filter(|node| !shape.is_leaf(*node)) {
            for period in grid.periods() {
                let ppm = uplift.get(usize::from(shape.depth(parent))).copied().unwrap_or(0);
                let hedge = i128::from(after.amount(parent, Some(period)).0) * i128::from(ppm) / 1_000_000;
                prop_assert_eq!(i128::from(after.hedge(parent, Some(period)).0), hedge);
            }
        }
        prop_assert!(apply(&after, &command).unwrap().is_empty());
    }
    #[test]
    fn everybody_gets_the_share_of_the_blend(
        total in 0_i64..=1_000_000_000_000_000, first_ppm in 1_u32..1_000_000,
        rows in prop::collection::vec((1_u64..1_000_000, 1_u64..1_000_000), 2..12),
    ) {
        let mut amounts = vec![0; rows.len()];
        amounts[0] = total;
        let mut after = family(&amounts);
        let mut command = split(&[]);
        let (first, second): (Vec<u64>, Vec<u64>) = rows.iter().copied().unzip();
        if let PlanCommand::Split { bases, .. } = &mut command {
            let basis = |share_ppm, weights| BasisWeights { basis: Basis::History, share_ppm, weights };
            *bases = vec![basis(first_ppm, first.clone()), basis(1_000_000 - first_ppm, second.clone())];
        }
        done(&mut after, &command);
        let sum = |weights: &[u64]| weights.iter().copied().map(i128::from).sum::<i128>();
        let (of_first, of_second, ppm) = (sum(&first), sum(&second), i128::from(first_ppm));
        let whole = 1_000_000 * of_first * of_second;
        for (index, (first, second)) in rows.iter().enumerate() {
            let part = ppm * i128::from(*first) * of_second + (1_000_000 - ppm) * i128::from(*second) * of_first;
            let found = i128::from(after.amount(NodeIndex(index as u32 + 1), None).0);
            let off = (found * whole - i128::from(total) * part).abs();
            // To the unit, and what the shares of one group are off for being in 2^39ths of it.
            let precision = i128::from(total) * rows.len() as i128 / (1 << 39) + 2;
            prop_assert!(off < precision * whole, "{} of {} is off by {}", part, whole, off / whole);
        }
    }
}
