//! Publishing: a draft becomes the frozen plan of record of its metric and periods.

mod assumed;
mod base;
mod before;
mod gaps;
mod seen;

use std::collections::BTreeMap;

use domain::access::Permission;
use domain::approval::Decision;
use domain::event::Event;
use domain::id::VersionId;
use domain::plan::NodeIndex;
use domain::publish::Looked;
use domain::target::{NodeRef, Published, Span, VersionStatus};
use serde_json::json;
use sha2::{Digest, Sha256};
use store::cell::Cell;
use store::plan::Plan;
use store::version::{Hash, Node, Version};
use store::{Session, Writer};

use crate::notice::Numbers;
use crate::plan::state::{self, State, damaged};
use crate::plan::{UNASSIGNED, hex, said};
use crate::scope::require;
use crate::{Error, Operations, Scope, acknowledge, approval, audit, clock, fairness, notice};

pub(crate) use assumed::{assumed, mark};
pub(crate) use base::{is_replaced, refuse_replaced};
pub(crate) use seen::{Deed, refuse_unseen};

impl Operations {
    /// Freezes a draft as plan of record. Whatever was on record for its periods is superseded; a published plan of which
    /// only a part of a period would be replaced stands in the way.
    pub async fn publish(&self, scope: &Scope, version: VersionId) -> Result<Published, Error> {
        self.publish_checked(scope, version, None, None).await
    }

    /// The same of the very numbers somebody looked at, and what they are reckoned with: where one of them is another than it was
    /// then, nothing is published, and it is said who changed what. `None`: whatever stands there.
    pub async fn publish_seen(
        &self,
        scope: &Scope,
        version: VersionId,
        seen: Option<Looked>,
    ) -> Result<Published, Error> {
        self.publish_checked(scope, version, seen, None).await
    }

    /// Freezes a version without the rest of its approval or beyond limits of fairness that block, for a reason that stays
    /// with it; of the numbers that were seen, as [`Self::publish_seen`]. For owners.
    pub async fn publish_anyway(
        &self,
        scope: &Scope,
        version: VersionId,
        seen: Option<Looked>,
        reason: &str,
    ) -> Result<Published, Error> {
        require(scope, Permission::ManageOrganization)?;
        let reason = approval::reason(Some(reason))?.ok_or_else(|| {
            Error::invalid_field(
                "reason_missing",
                "reason",
                "未经审批或超出公平性界限就发布，请写明原因。",
                "Say why it is published without approval or beyond limits of fairness.",
            )
        })?;
        self.publish_checked(scope, version, seen, Some(&reason)).await
    }

    async fn publish_checked(
        &self,
        scope: &Scope,
        version: VersionId,
        seen: Option<Looked>,
        anyway: Option<&str>,
    ) -> Result<Published, Error> {
        require(scope, Permission::Publish)?;
        let (planning, lines) = self.proposed_lines(scope, version).await?;
        // Read and reckoned before the write lock is taken: it may take its time.
        let profiles = self.row_profiles(scope, version).await?;
        let fair = self.fair(scope, version).await?;
        let writer = self.database.writer().await?;
        let locked = store::version::lock(&writer, scope, version).await?;
        if !locked.status.is_in_work() {
            return Err(frozen());
        }
        if locked.shelved_at_ms.is_some() {
            return Err(crate::scenario::shelved());
        }
        let passed = approval::pass(&writer, scope, &locked, anyway).await?;
        let all = state::all(scope);
        let replaced = is_replaced(&writer, &all, version).await?;
        if replaced && anyway.is_none() {
            return Err(base::replaced());
        }
        if let Some(seq) = store::version::broken_link(&writer, &all, version).await? {
            return Err(damaged(format!("version {version} breaks at command {seq}")));
        }
        let state = publishable(&writer, scope, &locked).await?;
        if let Some(seen) = seen {
            refuse_unseen(&writer, scope, &state, seen, Deed::Publish).await?;
        }
        crate::target::refuse_misfits(&writer, scope, &planning, &state).await?;
        crate::line::refuse_unmet(&writer, scope, &planning, &state, &profiles).await?;
        let limits = store::fairness::limits(&writer, &all).await?;
        if !fair.as_ref().map_or(!limits.block(), |fair| fair.is_by(&limits)) {
            return Err(Error::conflict(
                "limits_changed",
                "公平性限制刚刚改过，请重新查看后再发布。",
                "The limits of fairness were changed just now: look again before publishing.",
            ));
        }
        let blocking = fair.map(|fair| fair.blocking(&state)).unwrap_or_default();
        if anyway.is_none() {
            fairness::refuse(&blocking)?;
        }
        let without_approval = anyway.filter(|_| passed.without_approval);
        let beyond_limits = anyway.filter(|_| !blocking.is_empty());
        let replaced_base = anyway.filter(|_| replaced);
        let anyway_as: Vec<(Decision, &str)> = [
            (Decision::BeyondLimits, beyond_limits),
            (Decision::ReplacedBase, replaced_base),
        ]
        .into_iter()
        .filter_map(|(decision, why)| Some((decision, why?)))
        .collect();
        approval::keep_why(&writer, scope, &locked, passed, &anyway_as).await?;
        let spans: Vec<Span> = state.plan.periods.iter().map(Span::of).collect();
        refuse_cuts(&writer, scope, &state.plan.metric_key, &spans).await?;
        let bases = store::version::bases(&writer, &all, version).await?;
        let mut cells = cells(&state);
        if let Some(said) = said(&state.nodes, &bases) {
            // A zero that no sheet and nobody since wrote is no target.
            let places: BTreeMap<Span, i32> = spans.iter().copied().zip(0..).collect();
            cells.retain(|cell| {
                let place = places.get(&cell.period).copied().unwrap_or_default();
                cell.amount.0 != 0 || said.contains(&(cell.node, place))
            });
        }
        let hash = content_hash(&state.plan.metric_key, &state.nodes, &cells);
        // Who leads a unit by now is who is asked to confirm its number.
        store::version::hand_to_leaders(&writer, scope, version, UNASSIGNED).await?;
        crate::line::keep(&writer, scope, &planning, lines).await?;
        crate::line::keep_profiles(&writer, scope, version, &profiles).await?;
        let archived = freeze(&writer, scope, &state.plan, version, &spans, &cells, hash).await?;
        let published = Published {
            version,
            hash: hex(&hash),
            cells: cells.len() as u64,
            archived,
        };
        let detail = json!({
            "plan": state.plan.id, "metric": state.plan.metric_key, "head": state.head, "hash": published.hash,
            "cells": published.cells, "archived": published.archived, "without_approval": without_approval,
            "beyond_limits": beyond_limits.map(|reason| json!({ "reason": reason, "limits": blocking })),
            "replaced_base": replaced_base,
        });
        let event = Event::Published { version };
        audit::commit(
            writer,
            scope,
            "version.publish",
            &format!("version:{version}"),
            &detail,
            &event,
        )
        .await?;
        Ok(published)
    }

    /// Writes the cells of a draft up to its head, where they lag behind; answers the head they stand at.
    pub async fn project(&self, scope: &Scope, version: VersionId) -> Result<u64, Error> {
        let row = store::version::get(&self.database.reader(), scope, version).await?;
        if row.status != VersionStatus::Draft || row.cells_head == Some(row.head) {
            return Ok(row.cells_head.unwrap_or(row.head));
        }
        let writer = self.database.writer().await?;
        let locked = store::version::lock(&writer, scope, version).await?;
        let state = State::load(&writer, &state::all(scope), locked).await?;
        store::cell::replace(&writer, scope, version, &cells(&state)).await?;
        store::version::mark_cells(&writer, scope, version, state.head).await?;
        writer.commit().await?;
        Ok(state.head)
    }
}

/// A version at its head, where there is something in it to be published.
pub(crate) async fn publishable(writer: &Writer, scope: &Scope, version: &Version) -> Result<State, Error> {
    let state = State::load(writer, &state::all(scope), version.clone()).await?;
    state.grid.check().map_err(damaged)?;
    if state.grid.amount(NodeIndex(0), None).0 == 0 {
        return Err(Error::conflict(
            "nothing_to_publish",
            "这个版本还没有目标数字，先设定总目标并分解。",
            "This version has no numbers yet: set the total and split it first.",
        ));
    }
    Ok(state)
}

/// Writes cells, record of some periods, and status of a version that becomes plan of record, and tells those who carry its
/// numbers; answers the versions that are plan of record no more.
pub(crate) async fn freeze(
    writer: &Writer,
    scope: &Scope,
    plan: &Plan,
    version: VersionId,
    spans: &[Span],
    cells: &[Cell],
    hash: Hash,
) -> Result<Vec<VersionId>, Error> {
    let now_ms = clock::now_ms();
    let before = Numbers::on_record(writer, scope, &plan.metric_key, spans).await?;
    let head = store::version::get(writer, &state::all(scope), version)
        .await?
        .head;
    store::cell::replace(writer, scope, version, cells).await?;
    store::version::mark_cells(writer, scope, version, head).await?;
    let archived =
        store::cell::put_on_record(writer, scope, &plan.metric_key, version, spans, now_ms).await?;
    for old in &archived {
        store::version::archive(writer, scope, *old, now_ms).await?;
        store::job::withdraw(writer, scope, &acknowledge::reminders_of(*old)).await?;
    }
    store::version::publish(writer, scope, version, hash, now_ms, scope.actor.name()).await?;
    let carried = acknowledge::carry_over(writer, scope, plan, version).await?;
    acknowledge::ask_for_reminders(writer, scope, version).await?;
    notice::published(writer, scope, plan, version, cells, &before, &carried).await?;
    Ok(archived)
}

/// A published period of which only a part would be replaced.
#[derive(Debug)]
pub(crate) struct Cut {
    /// The plan it belongs to.
    pub(crate) plan: String,
    period: Span,
}

/// The first period on record of which these would replace a part, and leave its rest without a target.
pub(crate) async fn cut(
    session: &impl Session,
    scope: &Scope,
    metric: &str,
    spans: &[Span],
) -> Result<Option<Cut>, Error> {
    let (Some(first), Some(last)) = (spans.first(), spans.last()) else {
        return Ok(None);
    };
    let whole = Span {
        starts_on: first.starts_on,
        ends_on: last.ends_on,
    };
    let all = state::all(scope);
    for record in store::cell::records(session, &all, metric, whole).await? {
        if record.until_ms.is_some() || !spans.iter().any(|span| span.overlaps(record.period)) {
            continue;
        }
        // The periods are sorted: those that overlap follow each other.
        let mut covered = record.period.starts_on;
        for span in spans.iter().filter(|span| span.overlaps(record.period)) {
            if span.starts_on <= covered {
                covered = covered.max(span.ends_on);
            }
        }
        if covered < record.period.ends_on {
            let row = store::version::get(session, &all, record.version).await?;
            let plan = store::plan::get(session, &all, row.plan).await?;
            return Ok(Some(Cut {
                plan: plan.name,
                period: record.period,
            }));
        }
    }
    Ok(None)
}

async fn refuse_cuts(writer: &Writer, scope: &Scope, metric: &str, spans: &[Span]) -> Result<(), Error> {
    let Some(Cut { plan: name, period }) = cut(writer, scope, metric, spans).await? else {
        return Ok(());
    };
    let (from, to) = (period.starts_on, period.ends_on);
    Err(Error::conflict(
        "cuts_a_published_period",
        format!("已发布的“{name}”中 {from} 至 {to}（不含）的周期只会被替换一部分。请让计划覆盖整个周期。"),
        format!(
            "Only a part of the period {from} to {to} (exclusive) of the published \"{name}\" would be replaced. Let the plan cover all of it."
        ),
    ))
}

/// Every number of a version, the unassigned parts left out.
pub(crate) fn cells(state: &State) -> Vec<Cell> {
    let shape = state.grid.shape();
    let mut cells = Vec::with_capacity(shape.cells());
    for (node, index) in state.nodes.iter().zip(shape.nodes()) {
        if node.level == UNASSIGNED {
            continue;
        }
        for (place, period) in (0..).zip(&state.plan.periods) {
            let place = Some(domain::plan::PeriodIndex(place));
            cells.push(Cell {
                node: node.id,
                period: Span::of(period),
                amount: state.grid.amount(index, place),
                hedge: state.grid.hedge(index, place),
            });
        }
    }
    cells
}

/// SHA-256 over metric, carriers, periods and numbers: equal for versions that say the same.
pub(crate) fn content_hash(metric: &str, nodes: &[Node], cells: &[Cell]) -> Hash {
    let carriers: BTreeMap<_, NodeRef> = nodes.iter().map(|node| (node.id, node.of)).collect();
    let mut numbers: Vec<_> = cells
        .iter()
        .filter_map(|cell| {
            let of = carriers.get(&cell.node)?;
            Some((of.is_member(), of.key(), cell.period, cell.amount.0, cell.hedge.0))
        })
        .collect();
    numbers.sort_unstable();
    let mut hash = Sha256::new();
    hash.update(b"attain plan of record 1\n");
    hash.update((metric.len() as u64).to_be_bytes());
    hash.update(metric.as_bytes());
    for (is_member, key, period, amount, hedge) in numbers {
        hash.update([u8::from(is_member)]);
        hash.update(key.to_be_bytes());
        hash.update(period.starts_on.0.to_be_bytes());
        hash.update(period.ends_on.0.to_be_bytes());
        hash.update(amount.to_be_bytes());
        hash.update(hedge.to_be_bytes());
    }
    hash.finalize().into()
}

/// Why a version that is no draft does not change.
pub(crate) fn closed(status: VersionStatus) -> Error {
    if status == VersionStatus::InReview {
        return Error::conflict(
            "version_in_review",
            "这个版本正在审批，数字已锁住。要修改请先退回。",
            "This version is in review and closed to changes. To change it, have it returned first.",
        );
    }
    frozen()
}

/// Published and archived versions do not change.
pub(crate) fn frozen() -> Error {
    Error::conflict(
        "version_frozen",
        "这个版本已经发布，不能再改。请新建一个版本。",
        "This version is published and does not change any more. Make a new version from it.",
    )
}
