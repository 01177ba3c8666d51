//! What is on record for the periods of a version, whatever version it comes from.

use std::collections::BTreeMap;
use std::ops::Range;

use domain::id::UnitId;
use domain::money::Minor;
use domain::plan::NodeIndex;
use domain::target::{NodeRef, Span};
use store::{Scope, Session};

use crate::Error;
use crate::plan::UNASSIGNED;
use crate::plan::state::State;

/// Who carries a number, and below which unit: a member in two units has a number in each.
pub(crate) type Carrier = (NodeRef, Option<UnitId>);

/// What each carrier within reach has on record, by the place of the period among the version's periods. Periods that the
/// version does not have are left out.
pub(crate) async fn by_carrier(
    session: &impl Session,
    scope: &Scope,
    state: &State,
) -> Result<BTreeMap<Carrier, BTreeMap<usize, i64>>, Error> {
    let span = state.plan.span;
    let on_record = store::cell::published_targets(
        session,
        scope,
        &state.plan.metric_key,
        span.starts_on,
        span.ends_on,
    )
    .await?;
    let places: BTreeMap<Span, usize> = state.plan.periods.iter().map(Span::of).zip(0..).collect();
    let mut found: BTreeMap<Carrier, BTreeMap<usize, i64>> = BTreeMap::new();
    for target in on_record {
        if let Some(place) = places.get(&target.period) {
            let row = found.entry((target.node, target.below)).or_default();
            *row.entry(*place).or_default() += target.amount.0;
        }
    }
    Ok(found)
}

/// Who carries the number of a node; none where nobody does.
pub(crate) fn carrier(state: &State, index: NodeIndex) -> Option<Carrier> {
    let node = state.node(index)?;
    let above = state
        .grid
        .shape()
        .parent(index)
        .and_then(|parent| state.node(parent));
    let below = above.and_then(|parent| match parent.of {
        NodeRef::Unit(unit) => Some(unit),
        NodeRef::Member(_) => None,
    });
    (node.level != UNASSIGNED).then_some((node.of, below))
}

/// What the carrier of each node of a range has on record, over all periods.
pub(super) async fn totals(
    session: &impl Session,
    scope: &Scope,
    state: &State,
    range: Range<usize>,
) -> Result<Vec<Option<Minor>>, Error> {
    let found = by_carrier(session, scope, state).await?;
    let total = |node: usize| {
        let amounts = found.get(&carrier(state, NodeIndex(node as u32))?)?;
        Some(Minor(
            amounts
                .values()
                .fold(0, |sum, amount| sum.saturating_add(*amount)),
        ))
    };
    Ok(range.map(total).collect())
}
