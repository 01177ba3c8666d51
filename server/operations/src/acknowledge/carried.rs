//! Confirmations that a publication leaves alone: who confirmed a number of which nothing changes is not asked again.

use std::collections::{BTreeMap, BTreeSet};

use domain::calendar::Day;
use domain::id::{NodeId, VersionId};
use domain::money::Minor;
use domain::target::{Answer, Span};
use store::acknowledgement::NewAcknowledgement;
use store::cell::Cell;
use store::plan::Plan;
use store::revision::Revision;
use store::version::Node;
use store::{Scope, Writer};

use super::number_hash;
use crate::Error;
use crate::plan::state;

/// Carries confirmations over to a version that is on record now, and answers whose: of numbers that are the same as in the
/// version of its plan that was on record before it, with the same carrier, whose last answer was a confirmation of the very
/// number that stood there (by its hash). Of a revision only periods count that were not over when it was opened: what it
/// holds of the others is what was done.
pub(crate) async fn carry_over(
    writer: &Writer,
    scope: &Scope,
    plan: &Plan,
    version: VersionId,
) -> Result<BTreeSet<NodeId>, Error> {
    let all = state::all(scope);
    let mut carried = BTreeSet::new();
    let revision = store::revision::of_draft(writer, &all, version).await?;
    let begins_on = revision.as_ref().and_then(|revision| revision.begins_on);
    let begins_on = begins_on.unwrap_or(plan.span.starts_on);
    let Some((earlier, held)) = before_it(writer, &all, plan, version, revision.as_ref()).await? else {
        return Ok(carried);
    };
    let answers = store::acknowledgement::of_version(writer, &all, earlier).await?;
    let before: BTreeMap<NodeId, (Node, Vec<Cell>)> = store::cell::of_version(writer, &all, earlier)
        .await?
        .into_iter()
        .map(|(node, mut cells)| {
            // What was confirmed is what it still was on record for.
            cells.retain(|cell| held.contains(&cell.period));
            (node.id, (node, cells))
        })
        .collect();
    for (node, cells) in store::cell::of_version(writer, &all, version).await? {
        let Some((was, had)) = before.get(&node.id) else {
            continue;
        };
        if node.carrier.is_none()
            || was.carrier != node.carrier
            || to_come(had, begins_on) != to_come(&cells, begins_on)
        {
            continue;
        }
        let last = answers.iter().rev().find(|answer| answer.node == node.id);
        let own = number_hash(plan, earlier, was.of, had);
        let Some(last) = last.filter(|answer| answer.state == Answer::Confirmed && answer.hash == own) else {
            continue;
        };
        let new = NewAcknowledgement {
            node: node.id,
            member: last.member,
            hash: number_hash(plan, version, node.of, &cells),
            state: Answer::Confirmed,
            comment: None,
            pulse: last.pulse.clone(),
            at_ms: last.at_ms,
        };
        let by = (last.user, last.user_name.clone());
        store::acknowledgement::append_by(writer, &all, version, new, by).await?;
        carried.insert(node.id);
    }
    Ok(carried)
}

/// The version whose confirmations count, and the periods it was on record for: the one of the same plan that gave way to this
/// one. Where that is none, because another plan was on record in between, a revision is compared with what it was opened from.
async fn before_it(
    writer: &Writer,
    all: &Scope,
    plan: &Plan,
    version: VersionId,
    revision: Option<&Revision>,
) -> Result<Option<(VersionId, BTreeSet<Span>)>, Error> {
    let mut gave_way: BTreeMap<VersionId, BTreeSet<Span>> = BTreeMap::new();
    for record in store::cell::records(writer, all, &plan.metric_key, plan.span).await? {
        if record.superseded_by == Some(version) {
            gave_way.entry(record.version).or_default().insert(record.period);
        }
    }
    // The latest first.
    for (replaced, held) in gave_way.into_iter().rev() {
        if store::version::get(writer, all, replaced).await?.plan == plan.id {
            return Ok(Some((replaced, held)));
        }
    }
    Ok(revision.map(|revision| {
        let whole = plan.periods.iter().map(Span::of).collect();
        (revision.version, whole)
    }))
}

/// The numbers of the periods from a day on.
fn to_come(cells: &[Cell], from: Day) -> BTreeMap<Span, Minor> {
    let to_come = cells.iter().filter(|cell| cell.period.starts_on >= from);
    to_come.map(|cell| (cell.period, cell.amount)).collect()
}
