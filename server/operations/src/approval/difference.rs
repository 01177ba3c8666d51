//! The numbers of a version, held against what is on record for its periods.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::approval::{Against, Difference, DifferenceRow};
use domain::id::VersionId;
use domain::money::Minor;
use domain::plan::{NodeIndex, PeriodIndex};
use domain::target::{NodeRef, VersionStatus};
use store::version::Node;
use store::{Scope, Session};

use crate::plan::UNASSIGNED;
use crate::plan::state::{self, State};
use crate::scope::require_sight;
use crate::split::record;
use crate::{Error, Operations};

/// The row that all others are parts of.
pub(super) const ROOT: NodeIndex = NodeIndex(0);

/// The rows that differ; all rows where nothing is on record for any of its periods, or it is itself on record. Of `most` rows are
/// their numbers told.
pub(super) async fn of(
    session: &impl Session,
    scope: &Scope,
    state: &State,
    visible: &[Node],
    most: usize,
) -> Result<Difference, Error> {
    let mut before = record::by_carrier(session, scope, state).await?;
    let against = match state.version.status {
        VersionStatus::Published => Against::Itself,
        _ if before.is_empty() => Against::Nothing,
        _ => Against::Record,
    };
    if against == Against::Itself {
        before.clear();
    }
    let shape = state.grid.shape();
    let seen: BTreeSet<u32> = visible.iter().map(|node| node.ordinal).collect();
    let mut difference = Difference {
        against,
        whole: visible
            .iter()
            .any(|node| node.ordinal == ROOT.0 && sees(scope, node.of)),
        before: Minor(0),
        after: Minor(0),
        rows: Vec::new(),
        offset: 0,
        more: 0,
        gone: 0,
    };
    let mut known = BTreeSet::new();
    for node in visible {
        let index = NodeIndex(node.ordinal);
        let Some(key) = record::carrier(state, index) else {
            continue;
        };
        let had = before.get(&key);
        known.insert(key);
        let periods: Vec<(Option<Minor>, Minor)> = (0..state.plan.periods.len())
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
        if is_at_top(state, index, &seen) {
            difference.before.0 = difference.before.0.saturating_add(total.unwrap_or_default().0);
            difference.after.0 = difference.after.0.saturating_add(after.0);
        }
        let differs = periods
            .iter()
            .any(|(before, after)| before.unwrap_or_default() != *after);
        if against == Against::Record && !differs {
            continue;
        }
        if difference.rows.len() >= most {
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
    Ok(difference)
}

impl Operations {
    /// A page of the numbers of a version, held against what is on record for its periods. All of them are kept while nothing changes:
    /// the next page is not compared anew.
    pub async fn difference_page(
        &self,
        scope: &Scope,
        version: VersionId,
        offset: u32,
    ) -> Result<Difference, Error> {
        require_sight(scope)?;
        let key = self.recent_key(scope, version, None).await?;
        if let Some(kept) = self.differences.find(&key) {
            return Ok(kept.page(offset));
        }
        let reader = self.database.reader();
        let row = store::version::get(&reader, scope, version).await?;
        let visible = store::version::nodes(&reader, scope, version).await?;
        if visible.is_empty() {
            return Err(Error::NotFound("version"));
        }
        let state = State::load(&reader, &state::all(scope), row).await?;
        let all = Arc::new(of(&reader, scope, &state, &visible, usize::MAX).await?);
        // A row takes as much as one of another list for each of its periods.
        let rows = all.rows.len() * (1 + state.plan.periods.len());
        self.differences.keep(key, rows, &all);
        Ok(all.page(offset))
    }
}

/// Whether a number is seen by what somebody leads, and not only because they carry it.
fn sees(scope: &Scope, of: NodeRef) -> bool {
    match of {
        NodeRef::Unit(unit) => scope.sees_unit(unit),
        NodeRef::Member(member) => scope.sees_member(member),
    }
}

/// Whether nothing is seen anywhere above a row that is seen itself.
fn is_at_top(state: &State, index: NodeIndex, seen: &BTreeSet<u32>) -> bool {
    let shape = state.grid.shape();
    let mut above = std::iter::successors(shape.parent(index), |above| shape.parent(*above));
    above.all(|above| !seen.contains(&above.0))
}

/// The one row at the top of what is seen; none where there are several.
pub(super) fn top<'a>(state: &State, visible: &'a [Node]) -> Option<&'a Node> {
    let seen: BTreeSet<u32> = visible.iter().map(|node| node.ordinal).collect();
    let mut tops = visible
        .iter()
        .filter(|node| node.level != UNASSIGNED && is_at_top(state, NodeIndex(node.ordinal), &seen));
    let top = tops.next()?;
    tops.next().is_none().then_some(top)
}
