//! The first changes of a draft that begins with a revision: reckoned before the writer is taken, then only written.

use domain::format;
use domain::id::VersionId;
use domain::money::{Currency, Minor};
use domain::plan::{ENGINE, Grid, NodeIndex, PlanCommand, Refusal, Shape, apply};
use store::Writer;
use store::version::{CommandKind, NewCommand, Node, Snapshot};

use super::{Beginning, Start};
use crate::plan::state::{self, damaged};
use crate::split::SNAPSHOT_EVERY;
use crate::{Error, Scope, clock};

/// A change as the log keeps it.
pub(in crate::revision) struct Change {
    command: String,
    deltas: Vec<u8>,
    /// The state after it, where the log keeps one.
    snapshot: Option<Snapshot>,
}

impl Beginning<'_> {
    /// The first changes, and the grid after them: what is missing, spread again, and what held the totals and does again.
    pub(super) fn changes(
        &self,
        nodes: &[Node],
        start: &Grid,
        first: Option<PlanCommand>,
        currency: &Currency,
    ) -> Result<(Vec<Change>, Grid), Error> {
        let mut now = start.clone();
        let mut changes = Vec::new();
        if let Some(command) = first {
            let deltas = apply(&now, &command).map_err(|refusal| refused(&refusal, now.shape(), currency))?;
            now.fold(&deltas).map_err(damaged)?;
            changes.push(change(1, &command, &deltas.to_bytes(), &now)?);
        }
        for command in self.held_again(nodes, start, &now) {
            let deltas = apply(&now, &command).map_err(damaged)?;
            now.fold(&deltas).map_err(damaged)?;
            changes.push(change(
                changes.len() as u64 + 1,
                &command,
                &deltas.to_bytes(),
                &now,
            )?);
        }
        Ok((changes, now))
    }
}

fn change(seq: u64, command: &PlanCommand, deltas: &[u8], after: &Grid) -> Result<Change, Error> {
    Ok(Change {
        command: serde_json::to_string(command).map_err(damaged)?,
        deltas: deltas.to_vec(),
        snapshot: seq
            .is_multiple_of(SNAPSHOT_EVERY)
            .then(|| state::snapshot(seq, after)),
    })
}

/// Why what is missing has no place, in words.
fn refused(refusal: &Refusal, shape: &Shape, currency: &Currency) -> Error {
    let stopped = |node: NodeIndex, zh: &str, en: &str, at: Minor| {
        let (name, money) = (shape.name(node), format::full(at, currency));
        Error::conflict(
            "no_room_for_missing",
            format!(
                "还缺的数字分不下去：“{name}”{zh} {money}。请先在新版本里放开，或选“按展望重新考虑目标”。"
            ),
            format!(
                "What is missing has no place: \"{name}\" {en} {money}. Release that in a new version first, or begin with the outlook."
            ),
        )
    };
    match refusal {
        Refusal::Locked { node, amount, .. } => stopped(*node, "锁定为", "is locked at", *amount),
        Refusal::BelowFloor { node, floor, .. } => stopped(*node, "不低于", "is to be at least", *floor),
        Refusal::AboveCap { node, cap, .. } => stopped(*node, "不超过", "is to be at most", *cap),
        _ => Error::conflict(
            "total_cannot_be_split",
            "还缺的数字超出计划能容纳的范围。",
            "What is missing is more than a plan can hold.",
        ),
    }
}

/// Writes the first changes of a draft that was just begun; answers the head it stands at.
pub(in crate::revision) async fn enter(
    writer: &Writer,
    scope: &Scope,
    start: &Start,
    draft: VersionId,
) -> Result<u64, Error> {
    if start.changes.is_empty() {
        return Ok(0);
    }
    let mut at = store::version::lock(writer, scope, draft).await?;
    let engine = ENGINE.to_string();
    for change in &start.changes {
        let new = NewCommand {
            kind: CommandKind::Do,
            command: &change.command,
            deltas: &change.deltas,
            engine: &engine,
            at_ms: clock::now_ms(),
        };
        let done = store::version::append(writer, scope, &at, &new).await?;
        (at.head, at.head_hash) = (done.seq, done.hash);
        if let Some(snapshot) = &change.snapshot {
            store::version::put_snapshot(writer, scope, draft, snapshot).await?;
        }
    }
    Ok(at.head)
}
