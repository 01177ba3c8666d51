//! The difference of a version to what is on record for its periods.

use std::collections::{BTreeMap, BTreeSet};

use domain::approval::{Difference, DifferenceRow};
use domain::id::UnitId;
use domain::money::Minor;
use domain::plan::{NodeIndex, PeriodIndex};
use domain::target::{NodeRef, Span};
use store::version::Node;
use store::{Scope, Session};

use crate::Error;
use crate::plan::UNASSIGNED;
use crate::plan::state::State;

/// Rows that are listed.
const LISTED: usize = 300;

/// None where nothing is on record for any of its periods, or it is itself on record.
pub(super) async fn of(
    session: &impl Session,
    scope: &Scope,
    state: &State,
    visible: &[Node],
) -> Result<Option<Difference>, Error> {
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
    let mut before: BTreeMap<(NodeRef, Option<UnitId>), BTreeMap<usize, i64>> = BTreeMap::new();
    for target in on_record {
        if let Some(place) = places.get(&target.period) {
            let row = before.entry((target.node, target.below)).or_default();
            *row.entry(*place).or_default() += target.amount.0;
        }
    }
    if before.is_empty() || state.version.status == domain::target::VersionStatus::Published {
        return Ok(None);
    }
    let shape = state.grid.shape();
    let parent = |node: &Node| -> Option<UnitId> {
        let parent = shape.parent(NodeIndex(node.ordinal))?;
        match state.node(parent)?.of {
            NodeRef::Unit(unit) => Some(unit),
            NodeRef::Member(_) => None,
        }
    };
    let seen: BTreeSet<u32> = visible.iter().map(|node| node.ordinal).collect();
    let mut difference = Difference {
        before: Minor(0),
        after: Minor(0),
        rows: Vec::new(),
        more: 0,
        gone: 0,
    };
    let mut known = BTreeSet::new();
    for node in visible.iter().filter(|node| node.level != UNASSIGNED) {
        let index = NodeIndex(node.ordinal);
        let key = (node.of, parent(node));
        let had = before.get(&key);
        known.insert(key);
        let periods: Vec<(Option<Minor>, Minor)> = (0..places.len())
            .map(|place| {
                let after = state.grid.amount(index, Some(PeriodIndex(place as u16)));
                (
                    had.and_then(|had| had.get(&place)).map(|amount| Minor(*amount)),
                    after,
                )
            })
            .collect();
        let total = had.map(|had| Minor(had.values().sum()));
        let after = state.grid.amount(index, None);
        let at_top = shape.parent(index).is_none_or(|parent| !seen.contains(&parent.0));
        if at_top {
            difference.before.0 += total.unwrap_or_default().0;
            difference.after.0 += after.0;
        }
        let differs = periods
            .iter()
            .any(|(before, after)| before.unwrap_or_default() != *after);
        if !differs {
            continue;
        }
        if difference.rows.len() >= LISTED {
            difference.more += 1;
            continue;
        }
        difference.rows.push(DifferenceRow {
            node: index,
            name: node.name.clone(),
            depth: shape.depth(index),
            before: total,
            after,
            periods,
        });
    }
    difference.gone = before.keys().filter(|key| !known.contains(*key)).count() as u64;
    Ok(Some(difference))
}
