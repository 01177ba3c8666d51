//! Confirmations that a revision leaves alone: who confirmed a number of which nothing changes any more is not asked again.

use std::collections::{BTreeMap, BTreeSet};

use domain::calendar::Day;
use domain::id::{NodeId, VersionId};
use domain::money::Minor;
use domain::target::{Answer, Span};
use store::acknowledgement::NewAcknowledgement;
use store::cell::Cell;
use store::plan::Plan;
use store::version::Node;
use store::{Scope, Writer};

use super::number_hash;
use crate::Error;
use crate::plan::state;

/// Carries confirmations over to a revision that is on record now, and answers whose: of numbers that are the same in every
/// period that was not over when it was opened, with the same carrier, whose last answer was a confirmation of the very
/// number that stood there (by its hash).
pub(crate) async fn carry_over(
    writer: &Writer,
    scope: &Scope,
    plan: &Plan,
    version: VersionId,
) -> Result<BTreeSet<NodeId>, Error> {
    let all = state::all(scope);
    let mut carried = BTreeSet::new();
    let Some(revision) = store::revision::of_draft(writer, &all, version).await? else {
        return Ok(carried);
    };
    let begins_on = revision.begins_on.unwrap_or(plan.span.starts_on);
    let answers = store::acknowledgement::of_version(writer, &all, revision.version).await?;
    let before: BTreeMap<NodeId, (Node, Vec<Cell>)> = store::cell::of_version(writer, &all, revision.version)
        .await?
        .into_iter()
        .map(|(node, cells)| (node.id, (node, cells)))
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
        let own = number_hash(plan, revision.version, was.of, had);
        let Some(last) = last.filter(|answer| answer.state == Answer::Confirmed && answer.hash == own) else {
            continue;
        };
        let new = NewAcknowledgement {
            node: node.id,
            member: last.member,
            hash: number_hash(plan, version, node.of, &cells),
            state: Answer::Confirmed,
            comment: None,
            at_ms: last.at_ms,
        };
        let by = (last.user, last.user_name.clone());
        store::acknowledgement::append_by(writer, &all, version, new, by).await?;
        carried.insert(node.id);
    }
    Ok(carried)
}

/// The numbers of the periods from a day on.
fn to_come(cells: &[Cell], from: Day) -> BTreeMap<Span, Minor> {
    let to_come = cells.iter().filter(|cell| cell.period.starts_on >= from);
    to_come.map(|cell| (cell.period, cell.amount)).collect()
}
