//! The drag on random plans: sums, locks and bounds, order, previews, reach. `PROPTEST_CASES=25000` runs 100,000 of each.

use std::collections::BTreeMap;

use domain::money::Minor;
use domain::plan::{
    Cause, CellIndex, Deltas, Give, Grid, Keep, MAX_AMOUNT, NodeIndex, NodeSpec, PlanCommand, Refusal, Shape,
    apply,
};
use domain::rebalance::{Aim, Drag, reachable};
use proptest::prelude::*;

use crate::tree::{command, held_plan, plan, raw};

/// Every lock and bound against the state before.
fn holds(before: &Grid, after: &Grid) -> bool {
    before.constraints().all(|(node, period, held)| {
        let (old, new) = (before.amount(node, period), after.amount(node, period));
        held.lock.is_none_or(|_| old == new)
            && held.floor.is_none_or(|floor| new >= floor)
            && held.cap.is_none_or(|cap| new <= cap)
    })
}

fn mirrored(grid: &Grid) -> Option<(Grid, Vec<NodeIndex>)> {
    // Siblings in reverse, subtree by subtree; `place[new]` is the old index.
    let shape = grid.shape();
    let mut order = Vec::new();
    let mut stack = vec![(NodeIndex(0), None)];
    let mut nodes = Vec::new();
    while let Some((node, parent)) = stack.pop() {
        let index = NodeIndex(order.len() as u32);
        order.push(node);
        nodes.push(NodeSpec {
            parent,
            reference: shape.reference(node),
            name: shape.name(node).to_owned(),
        });
        stack.extend(shape.children(node).map(|child| (child, Some(index))));
    }
    let turned = std::sync::Arc::new(Shape::new(nodes, shape.periods().to_vec()).ok()?);
    let mut amounts = Vec::new();
    for period in grid.periods() {
        amounts.extend(order.iter().map(|node| grid.amount(*node, Some(period))));
    }
    let mut turned = Grid::from_amounts(turned, amounts).ok()?;
    let mut deltas = Deltas::default();
    for (node, period, held) in grid.constraints() {
        let node = NodeIndex(order.iter().position(|old| *old == node)? as u32);
        let old = turned.constraint(node, period);
        deltas.constraints.push(domain::plan::ConstraintDelta {
            node,
            period,
            old,
            new: held,
        });
    }
    turned.fold(&deltas).ok()?;
    Some((turned, order))
}

#[test]
fn random_trees_keep_every_promise() {
    let mut findings = crate::random_trees::Findings::NONE;
    (0..1_000).for_each(|number| findings.check(number));
    assert_eq!((findings.trees, findings.first), (1_000, None), "{findings:?}");
    assert!(
        findings.done > 1_000 && findings.refused > 1_000 && findings.failures == 0,
        "{findings:?}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4 * ProptestConfig::default().cases, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_command_keeps_sums_locks_and_bounds_or_is_refused(grid in held_plan(), raw in raw()) {
        let command = command(&grid, &raw);
        let Ok(deltas) = apply(&grid, &command) else { return Ok(()) };
        let mut after = grid.clone();
        after.fold(&deltas).unwrap();
        prop_assert_eq!(after.check(), Ok(()));
        prop_assert!(holds(&grid, &after), "{:?}", command);
        if let PlanCommand::Set { node, period, amount, keep, give, .. } = command {
            prop_assert_eq!(after.amount(node, period), amount);
            let parent = grid.shape().parent(node);
            if let (Some(parent), Keep::Column | Keep::Both, Give::Siblings | Give::Hedge) = (parent, keep, give) {
                for column in grid.periods() {
                    prop_assert_eq!(after.amount(parent, Some(column)), grid.amount(parent, Some(column)));
                }
            }
            if let (Some(_), Keep::Row | Keep::Both) = (period, keep) {
                prop_assert_eq!(after.amount(node, None), grid.amount(node, None));
            }
        }
        // What is changed back is as it was.
        after.fold(&deltas.invert()).unwrap();
        prop_assert_eq!(after, grid);
    }

    #[test]
    fn without_bounds_only_natural_limits_refuse(grid in plan(), raw in raw()) {
        let command = command(&grid, &raw);
        match apply(&grid, &command) {
            Ok(_) | Err(Refusal::Negative { .. } | Refusal::Hedge { .. } | Refusal::NoChildren { .. } | Refusal::SameLine { .. }) => {}
            Err(Refusal::Blocked { blockers, .. }) => {
                // A proposal binds like a floor and a cap, for its split.
                let proposed = matches!(&command, PlanCommand::Split { proposals, .. } if !proposals.is_empty());
                let natural = blockers.iter().all(|blocker| matches!(blocker.cause, Cause::Empty | Cause::Kept));
                prop_assert!(natural || proposed, "{:?} {:?}", command, blockers);
            }
            Err(refusal) => prop_assert!(false, "{:?}: {:?}", command, refusal),
        }
    }

    #[test]
    fn the_order_of_siblings_does_not_matter(grid in held_plan(), raw in raw()) {
        let PlanCommand::Set { node, period, amount, keep, give, reason } = command(&grid, &raw) else {
            return Ok(());
        };
        let Some((turned, order)) = mirrored(&grid) else { return Ok(()) };
        let there = NodeIndex(order.iter().position(|old| *old == node).unwrap() as u32);
        let here = apply(&grid, &PlanCommand::Set { node, period, amount, keep, give, reason: reason.clone() });
        let mirror = apply(&turned, &PlanCommand::Set { node: there, period, amount, keep, give, reason });
        prop_assert_eq!(here.is_ok(), mirror.is_ok());
        if let (Ok(here), Ok(mirror)) = (here, mirror) {
            let (mut one, mut two) = (grid.clone(), turned);
            one.fold(&here).unwrap();
            two.fold(&mirror).unwrap();
            for (new, old) in order.iter().enumerate() {
                for period in grid.periods() {
                    prop_assert_eq!(one.amount(*old, Some(period)), two.amount(NodeIndex(new as u32), Some(period)));
                }
            }
        }
    }

    #[test]
    fn a_preview_shows_what_is_decided(grid in held_plan(), raw in raw(), visible in prop::collection::vec(0_u32..14, 0..6)) {
        let PlanCommand::Set { node, period, amount, keep, give, .. } = command(&grid, &raw) else { return Ok(()) };
        let aim = Aim { node, period, keep, give };
        let visible: Vec<NodeIndex> =
            visible.into_iter().map(NodeIndex).filter(|node| grid.shape().has(*node)).collect();
        let mut drag = Drag::begin(&grid, aim).unwrap();
        // The frames before leave no trace.
        drag.preview(&grid, Minor(amount.0 / 2), &visible);
        let preview = drag.preview(&grid, amount, &visible);
        let decided = PlanCommand::Set { node, period, amount: preview.placed, keep, give, reason: None };
        let Ok(deltas) = apply(&grid, &decided) else {
            // Only a row below that is held by its total can refuse what the group allowed.
            prop_assert!(grid.constraints().any(|(_, period, _)| period.is_none()));
            return Ok(());
        };
        let mut after = grid.clone();
        after.fold(&deltas).unwrap();
        let shown: BTreeMap<CellIndex, Minor> = preview.cells.iter().copied().collect();
        for (cell, amount) in &shown {
            let (node, period) = grid.shape().place(*cell);
            prop_assert_eq!(after.amount(node, Some(period)), *amount);
        }
        for (cell, hedge) in &preview.hedges {
            let (node, period) = grid.shape().place(*cell);
            prop_assert_eq!(after.hedge(node, Some(period)), *hedge);
        }
        for delta in &deltas.cells {
            let (changed, _) = grid.shape().place(delta.cell);
            let above = grid.shape().ancestors(node).any(|ancestor| ancestor == changed);
            if above || visible.contains(&changed) || changed == node {
                prop_assert_eq!(shown.get(&delta.cell), Some(&delta.new));
            }
        }
        prop_assert_eq!(preview.placed == amount, preview.refusal.is_none());
    }

    #[test]
    fn the_reach_is_what_can_be_set(grid in held_plan(), raw in raw()) {
        let PlanCommand::Set { node, period, keep, give, .. } = command(&grid, &raw) else { return Ok(()) };
        if grid.constraints().any(|(_, period, _)| period.is_none()) {
            return Ok(());
        }
        let reach = reachable(&grid, Aim { node, period, keep, give }).unwrap();
        let now = grid.amount(node, period);
        prop_assert!(reach.min <= now && now <= reach.max);
        let to = |amount| apply(&grid, &PlanCommand::Set { node, period, amount, keep, give, reason: None });
        prop_assert!(to(reach.min).is_ok(), "{:?} {:?}", reach, to(reach.min));
        // Only where children exceed their parent can the last units before the largest amount be too many for them.
        let absurd = reach.max.0 > MAX_AMOUNT / 2 && grid.hedges().next().is_some();
        let most = to(reach.max);
        prop_assert!(most.is_ok() || (absurd && matches!(most, Err(Refusal::TooLarge { .. }))), "{:?} {:?}", reach, most);
        prop_assert!(to(Minor(reach.min.0 - 1)).is_err());
        prop_assert!(to(Minor(reach.max.0 + 1)).is_err());
        if let Err(Refusal::Blocked { reachable, .. }) = to(Minor(reach.max.0 + 7)) {
            prop_assert_eq!(reachable, reach.max);
        }
    }
}
