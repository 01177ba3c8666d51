//! What a split gave to one node, step by step.

use super::{Step, StepKind};
use crate::allocation::blend::Shares;
use crate::allocation::{Rounding, Share, allocate, allocate_in_steps};
use crate::money::Minor;
use crate::plan::{BasisWeights, Entry, Grid, NodeIndex, PeriodIndex, PlanCommand};

/// One basis within the sibling group.
struct Part<'a> {
    basis: &'a BasisWeights,
    /// In 2^39ths of the group.
    own: u64,
    /// Share of the blend times what the basis gives to the group: 2^39ths × millionths, 0 if it says nothing.
    group: u128,
    weight: u128,
    of_weight: u128,
}

/// Appends the steps by which a split brought the node to what it is in `after`; they sum to that exactly.
pub(super) fn steps(
    before: &Grid,
    after: &Grid,
    entry: &Entry,
    node: NodeIndex,
    periods: &[PeriodIndex],
    steps: &mut Vec<Step>,
) {
    let PlanCommand::Split {
        node: top,
        bases,
        step,
        ..
    } = &entry.command
    else {
        return;
    };
    let shape = before.shape();
    let Some(parent) = shape.parent(node) else { return };
    let siblings: Vec<NodeIndex> = shape.children(parent).collect();
    let local = |node: NodeIndex| (node.0 - top.0) as usize;
    let mut blended = vec![0_u64; siblings.len()];
    let mut parts = Vec::with_capacity(bases.len());
    for basis in bases {
        // The command was applied, so its weights fit; a log that says otherwise leaves the step out.
        let Ok(shares) = Shares::of(shape, *top, basis) else {
            continue;
        };
        let mut part = Part {
            basis,
            own: shares.parts[local(node)],
            group: 0,
            weight: 0,
            of_weight: 0,
        };
        for (sum, sibling) in blended.iter_mut().zip(&siblings) {
            let share = shares.parts[local(*sibling)];
            *sum += u64::from(basis.share_ppm) * share;
            part.group += u128::from(basis.share_ppm) * u128::from(share);
            part.of_weight += shares.whole[local(*sibling)];
        }
        part.weight = shares.whole[local(node)];
        parts.push(part);
    }
    let whole: u128 = blended.iter().copied().map(u128::from).sum();
    let index = siblings
        .iter()
        .position(|sibling| *sibling == node)
        .unwrap_or_default();
    let own = |total: i64, step: i64| -> i64 {
        let share =
            |(sibling, weight): (&NodeIndex, &u64)| Share::free(shape.reference(*sibling).key(), *weight);
        let shares: Vec<Share> = siblings.iter().zip(&blended).map(share).collect();
        let split = if step > 1 {
            allocate_in_steps(total, &shares, step, Rounding::Inside)
        } else {
            allocate(total, &shares)
        };
        split.map_or(0, |split| split.amounts[index])
    };
    let mut given = vec![0_i64; parts.len()];
    let (mut of, mut of_hedge) = (0, 0);
    let (mut hedge, mut rounding, mut bounds, mut unweighted) = (0, 0, 0, 0);
    for &period in periods {
        let had = after.amount(parent, Some(period)).0;
        let over = after.hedge(parent, Some(period)).0;
        let result = after.amount(node, Some(period)).0;
        of += had;
        of_hedge += over;
        if whole == 0 {
            unweighted += result;
            continue;
        }
        let plain = own(had, 1);
        let mut sum = 0;
        for (given, part) in given.iter_mut().zip(&parts) {
            let weight = u128::from(part.basis.share_ppm) * u128::from(part.own);
            let gives = ((had as u128 * weight + whole / 2) / whole) as i64;
            *given += gives;
            sum += gives;
        }
        let hedged = own(had + over, 1);
        let stepped = own(had + over, step.0);
        rounding += plain - sum + stepped - hedged;
        hedge += hedged - plain;
        bounds += result - stepped;
    }
    let (seq, of) = (entry.seq, Minor(of));
    if whole == 0 {
        steps.push(Step {
            amount: Minor(unweighted),
            kind: StepKind::Unweighted { seq, of },
        });
        return;
    }
    for (part, given) in parts.iter().zip(given).filter(|(part, _)| part.group > 0) {
        let kind = StepKind::Basis {
            seq,
            basis: part.basis.basis,
            share_ppm: ((part.group * 1_000_000 + whole / 2) / whole) as u32,
            weight: u64::try_from(part.weight).unwrap_or(u64::MAX),
            of_weight: u64::try_from(part.of_weight).unwrap_or(u64::MAX),
            of,
        };
        steps.push(Step {
            amount: Minor(given),
            kind,
        });
    }
    let rest = [
        (
            hedge,
            StepKind::Hedge {
                seq,
                of: Minor(of_hedge),
            },
        ),
        (bounds, StepKind::Bounds { seq }),
        (rounding, StepKind::Rounding { seq, step: *step }),
    ];
    steps.extend(rest.map(|(amount, kind)| Step {
        amount: Minor(amount),
        kind,
    }));
}
