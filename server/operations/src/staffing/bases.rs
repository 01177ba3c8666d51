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

/// The weights of a version by row, so that one row's are found without looking at the others.
type Weights = BTreeMap<NodeId, BTreeMap<(String, i32), u64>>;

/// The weights of the published version after a change.
pub(super) fn after(work: &Work<'_>, bases: Vec<Basis>) -> Vec<Basis> {
    let mut weights = Weights::new();
    for basis in bases {
        let own = weights.entry(basis.node).or_default();
        own.insert((basis.basis, basis.period), basis.weight);
    }
    for Moved { from, to, days } in &work.moved {
        let mut gone: Vec<((String, i32), u64)> = Vec::new();
        for (key, weight) in weights.entry(*from).or_default() {
            if is_of_person(&key.0) {
                let part = part(*weight, days, key.1);
                *weight -= part;
                gone.push((key.clone(), part));
            }
        }
        let Some(to) = to else { continue };
        let theirs = weights.entry(*to).or_default();
        for (key, part) in gone {
            let weight = theirs.entry(key).or_default();
            *weight = weight.saturating_add(part).min(i64::MAX as u64);
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
        let own = weights.entry(*node).or_default();
        let own = own.entry((EQUAL.to_owned(), WHOLE)).or_default();
        if *own == 0 {
            *own = u64::from(there.days()) * u64::from(WHOLE_PPM);
        }
    }
    let of_node = |(node, own): (NodeId, BTreeMap<(String, i32), u64>)| {
        own.into_iter().map(move |((basis, period), weight)| Basis {
            basis,
            node,
            period,
            weight,
        })
    };
    weights
        .into_iter()
        .flat_map(of_node)
        .filter(|basis| basis.weight > 0)
        .collect()
}

/// Marks how much is left of the weights of who leaves, and how much came along with who takes over, so that a split that goes
/// by who is there when does not take the same time out again. Who only changes places keeps all of it.
fn keep(work: &Work<'_>, weights: &mut Weights) {
    let whole = u64::from(WHOLE_PPM);
    for Moved { from, to, days } in &work.moved {
        let of = |id: &NodeId| work.rows.get(*id).map(|node| node.of);
        if to.as_ref().is_some_and(|to| of(to) == of(from)) {
            continue;
        }
        let mark = || (KEPT.to_owned(), WHOLE);
        let kept = weights.entry(*from).or_default().entry(mark()).or_insert(whole);
        let gone = part(*kept, days, WHOLE);
        *kept -= gone;
        if let Some(heir) = to.filter(|to| work.newcomers.contains(to)) {
            let theirs = weights.entry(heir).or_default();
            theirs.insert(mark(), part(whole, days, WHOLE));
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
