//! What is known of the peers of a number.

use domain::explain::peers::{Figures, Peers, compare, group};
use domain::plan::{Basis, Grid, NodeIndex, NodeRef};
use store::version::Node;
use store::{Scope, Session};

use super::place::Number;
use crate::Error;
use crate::plan::history::YEAR_BEFORE;
use crate::plan::state;

/// How the whole number compares with those of its peers, in all periods of the plan. What comes out tells of nobody whose
/// number whoever asks does not see.
pub(super) async fn compared(
    session: &impl Session,
    scope: &Scope,
    number: &Number,
    grid: &Grid,
) -> Result<Option<Peers>, Error> {
    let shape = grid.shape();
    let at = |node: NodeIndex| number.nodes.get(node.0 as usize);
    let level = |node: NodeIndex| at(node).map(|node| (node.of.is_member(), node.level.as_str()));
    let own = level(number.node);
    let group = group(
        shape,
        number.node,
        |other| level(other) == own,
        |other| at(other).is_some_and(|node| sees(scope, node)),
    );
    let Some(group) = group else { return Ok(None) };
    let part = group.above.0..shape.end(group.above).0;
    let (first, count) = (part.start, part.len());
    let (mut before, mut record) = (vec![0_u64; count], vec![0_u64; count]);
    let history = Basis::History.as_str();
    let all = state::all(scope);
    let sums =
        store::version::basis_sums(session, &all, number.version.id, part, (history, YEAR_BEFORE)).await?;
    for sum in sums {
        let Some(place) = sum.ordinal.checked_sub(first).map(|place| place as usize) else {
            continue;
        };
        if let (Some(before), Some(record)) = (before.get_mut(place), record.get_mut(place)) {
            (*before, *record) = (sum.by_period, sum.whole);
        }
    }
    let below = |leaves: &[u64], node: NodeIndex| -> Option<u64> {
        let from = node.0.checked_sub(first)? as usize;
        let until = shape.end(node).0.checked_sub(first)? as usize;
        let own = leaves.get(from..until)?;
        Some(own.iter().fold(0, |sum: u64, one| sum.saturating_add(*one)))
    };
    Ok(compare(shape, number.node, &group, |node| Figures {
        amount: grid.amount(node, None),
        before: below(&before, node),
        record: below(&record, node),
    }))
}

/// Whether whoever asks sees a number: by what they lead, or because they carry it.
pub(super) fn sees(scope: &Scope, node: &Node) -> bool {
    let own = scope.member.is_some() && node.carrier == scope.member;
    own || match node.of {
        NodeRef::Unit(unit) => scope.sees_unit(unit),
        NodeRef::Member(member) => scope.sees_member(member),
    }
}
