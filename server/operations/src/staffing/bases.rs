//! The weights of a draft: those of who moves go with them by working days, so that splitting again does not take the change
//! back.

use std::collections::BTreeMap;

use domain::id::NodeId;
use domain::plan::Basis as Known;
use domain::staffing::Days;
use domain::target::Span;
use store::assignment::WHOLE_PPM;
use store::version::{Basis, WHOLE};

use super::reckon::{Moved, Work};
use crate::plan::history::{EQUAL, KEPT, YEAR_BEFORE};

/// The weights of the published version after a change.
pub(super) fn after(work: &Work<'_>, bases: Vec<Basis>) -> Vec<Basis> {
    let mut weights: BTreeMap<(String, NodeId, i32), u64> = bases
        .into_iter()
        .map(|basis| ((basis.basis, basis.node, basis.period), basis.weight))
        .collect();
    for Moved { from, to, days } in &work.moved {
        let own: Vec<((String, NodeId, i32), u64)> = weights
            .iter()
            .filter(|((basis, node, _), _)| node == from && is_of_person(basis))
            .map(|(key, weight)| (key.clone(), *weight))
            .collect();
        for (key, weight) in own {
            let part = part(weight, days, key.2);
            weights.insert(key.clone(), weight - part);
            if let Some(to) = to {
                let theirs = weights.entry((key.0, *to, key.2)).or_default();
                *theirs = theirs.saturating_add(part).min(i64::MAX as u64);
            }
        }
    }
    keep(work, &mut weights);
    let plan = work.ground.state.plan.span;
    let there = Span {
        starts_on: work.ground.on,
        ends_on: plan.ends_on,
    };
    for node in &work.newcomers {
        // Who brought weights along has them already.
        let own = weights.entry((EQUAL.to_owned(), *node, WHOLE)).or_default();
        if *own == 0 {
            *own = u64::from(there.days()) * u64::from(WHOLE_PPM);
        }
    }
    weights
        .into_iter()
        .filter(|(_, weight)| *weight > 0)
        .map(|((basis, node, period), weight)| Basis {
            basis,
            node,
            period,
            weight,
        })
        .collect()
}

/// Marks how much is left of the weights of who leaves, and how much came along with who takes over, so that a split that goes
/// by who is there when does not take the same time out again. Who only changes places keeps all of it.
fn keep(work: &Work<'_>, weights: &mut BTreeMap<(String, NodeId, i32), u64>) {
    let whole = u64::from(WHOLE_PPM);
    for Moved { from, to, days } in &work.moved {
        let of = |id: &NodeId| work.rows.get(*id).map(|node| node.of);
        if to.as_ref().is_some_and(|to| of(to) == of(from)) {
            continue;
        }
        let kept = weights.entry((KEPT.to_owned(), *from, WHOLE)).or_insert(whole);
        let gone = part(*kept, days, WHOLE);
        *kept -= gone;
        if let Some(heir) = to.filter(|to| work.newcomers.contains(to)) {
            weights.insert((KEPT.to_owned(), heir, WHOLE), part(whole, days, WHOLE));
        }
    }
}

/// Whether a weight is of somebody's own, and no mark or season.
fn is_of_person(basis: &str) -> bool {
    Known::parse(basis).is_some() || basis == YEAR_BEFORE
}

/// The part of a weight that goes: by the days of its period, or of all where it is for the whole plan.
fn part(weight: u64, days: &[Days], period: i32) -> u64 {
    let (stays, moves) = if period == WHOLE {
        days.iter().fold((0_u128, 0_u128), |(stays, moves), days| {
            (stays + u128::from(days.stays), moves + u128::from(days.moves))
        })
    } else {
        let of = usize::try_from(period).ok().and_then(|place| days.get(place));
        of.map_or((0, 0), |days| (u128::from(days.stays), u128::from(days.moves)))
    };
    let all = stays + moves;
    if all == 0 {
        return 0;
    }
    u64::try_from(u128::from(weight) * moves / all).unwrap_or(weight)
}
