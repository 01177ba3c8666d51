//! What stands before a sheet is laid over it: on record, or in a draft that came from an earlier sheet.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::{NodeId, VersionId};
use domain::plan::{NodeIndex, PeriodIndex};
use domain::target::{Span, VersionStatus};
use store::plan::Plan;
use store::version::{Basis, Node, Version};
use store::{Scope, Session};

use super::{Numbers, UNASSIGNED};
use crate::Error;
use crate::plan::state::State;

/// The basis that keeps which numbers a sheet had itself.
pub(super) const SHEET: &str = "sheet";

/// The cells of a version that have a number because a sheet says so, by node and ordinal of the period: those it names
/// and every sum above them. `None` where no sheet has to do with the version.
pub(crate) fn said(nodes: &[Node], bases: &[Basis]) -> Option<BTreeSet<(NodeId, i32)>> {
    let own = own(bases);
    if own.is_empty() {
        return None;
    }
    let mut said = BTreeSet::new();
    let parents: BTreeMap<NodeId, Option<NodeId>> = nodes.iter().map(|node| (node.id, node.parent)).collect();
    for (node, period) in own {
        let mut next = Some(node);
        while let Some(node) = next.filter(|node| said.insert((*node, period))) {
            next = parents.get(&node).copied().flatten();
        }
    }
    Some(said)
}

fn own(bases: &[Basis]) -> BTreeSet<(NodeId, i32)> {
    bases
        .iter()
        .filter(|basis| basis.basis == SHEET)
        .map(|basis| (basis.node, basis.period))
        .collect()
}

/// What is on record for some periods.
#[derive(Debug, Default)]
pub(super) struct OnRecord {
    pub(super) numbers: Numbers,
    /// Who holds any of the days, by when they began to.
    pub(super) holders: Vec<Holder>,
}

/// A version that is on record.
#[derive(Debug)]
pub(super) struct Holder {
    pub(super) version: VersionId,
    pub(super) plan: String,
    /// Whether it is a sheet as it came, untouched by people.
    pub(super) from_sheet: bool,
    pub(super) since_ms: i64,
    periods: Vec<Span>,
}

impl Holder {
    /// Whether it holds a day of any of these.
    pub(super) fn overlaps(&self, spans: &[Span]) -> bool {
        self.periods
            .iter()
            .any(|held| spans.iter().any(|span| span.overlaps(*held)))
    }
}

/// Reads what is on record for days of a plan; numbers only of exactly its periods.
pub(super) async fn on_record(
    session: &impl Session,
    all: &Scope,
    metric: &str,
    spans: &[Span],
) -> Result<OnRecord, Error> {
    let (Some(first), Some(last)) = (spans.first(), spans.last()) else {
        return Ok(OnRecord::default());
    };
    let whole = Span {
        starts_on: first.starts_on,
        ends_on: last.ends_on,
    };
    let mut held: BTreeMap<VersionId, (i64, Vec<Span>)> = BTreeMap::new();
    for record in store::cell::records(session, all, metric, whole).await? {
        if record.until_ms.is_none() {
            let (_, periods) = held
                .entry(record.version)
                .or_insert_with(|| (record.from_ms, Vec::new()));
            periods.push(record.period);
        }
    }
    let mut found = OnRecord::default();
    for (id, (since_ms, periods)) in held {
        let version = store::version::get(session, all, id).await?;
        let state = State::load(session, all, version).await?;
        let bases = store::version::bases(session, all, id).await?;
        let wanted: Vec<Option<usize>> = spans
            .iter()
            .enumerate()
            .map(|(place, span)| periods.contains(span).then_some(place))
            .collect();
        take(&state, &bases, spans, &wanted, &mut found.numbers);
        found.holders.push(Holder {
            version: id,
            from_sheet: state.version.head == 0 && !own(&bases).is_empty(),
            plan: state.plan.name,
            since_ms,
            periods,
        });
    }
    found.holders.sort_by_key(|holder| holder.since_ms);
    Ok(found)
}

/// The latest draft of a plan that came from a sheet and is younger than a moment, with its numbers as they are now.
pub(super) async fn in_draft(
    session: &impl Session,
    all: &Scope,
    plan: &Plan,
    spans: &[Span],
    younger_than_ms: i64,
) -> Result<Option<(VersionId, Numbers)>, Error> {
    let versions = store::version::list(session, all, Some(plan.id)).await?;
    let drafts = versions.into_iter().filter(|version: &Version| {
        version.status == VersionStatus::Draft
            && version.shelved_at_ms.is_none()
            && version.created_at_ms >= younger_than_ms
    });
    for draft in drafts {
        let id = draft.id;
        let bases = store::version::bases(session, all, id).await?;
        if own(&bases).is_empty() {
            continue;
        }
        let state = State::load(session, all, draft).await?;
        let wanted: Vec<Option<usize>> = (0..spans.len()).map(Some).collect();
        let mut numbers = Numbers::new();
        take(&state, &bases, spans, &wanted, &mut numbers);
        return Ok(Some((id, numbers)));
    }
    Ok(None)
}

/// Takes the numbers of a version over: those a sheet named, and what people carry. Units in between are sums.
fn take(state: &State, bases: &[Basis], spans: &[Span], wanted: &[Option<usize>], numbers: &mut Numbers) {
    let own = own(bases);
    let above: BTreeSet<NodeId> = state
        .nodes
        .iter()
        .filter(|node| node.level != UNASSIGNED)
        .filter_map(|node| node.parent)
        .collect();
    for (index, node) in (0..).zip(&state.nodes) {
        if node.level == UNASSIGNED {
            continue;
        }
        for (ordinal, period) in (0..).zip(&state.plan.periods) {
            let place = spans.iter().position(|span| *span == Span::of(period));
            let Some(place) = place.and_then(|place| wanted[place]) else {
                continue;
            };
            let amount = state.grid.amount(NodeIndex(index), Some(PeriodIndex(ordinal))).0;
            let named = own.contains(&(node.id, i32::from(ordinal)));
            if named || (amount != 0 && !above.contains(&node.id)) {
                *numbers.entry((node.of, place)).or_default() += amount;
            }
        }
    }
}
