//! What changed since somebody looked last.

use std::collections::BTreeMap;

use domain::access::Permission;
use domain::approval::{Look, Seen};
use domain::id::{UserId, VersionId};
use domain::money::Minor;
use domain::plan::{CellIndex, NodeIndex};
use store::{Scope, Session};

use crate::plan::state::{self, State};
use crate::scope::require;
use crate::{Error, Operations, clock};

impl Operations {
    /// Remembers that whoever asks has seen a version up to a command.
    pub async fn look_at_version(&self, scope: &Scope, version: VersionId, head: u64) -> Result<(), Error> {
        require(scope, Permission::ReadPeople)?;
        let me = scope.actor.user().ok_or(Error::NotFound("permitted"))?;
        let writer = self.database.writer().await?;
        let row = store::version::get(&writer, scope, version).await?;
        store::approval::look(&writer, scope, version, me, head.min(row.head), clock::now_ms()).await?;
        Ok(writer.commit().await?)
    }
}

/// The amounts that others changed after the last command somebody has seen, and that are another now; at most so many are
/// listed, the largest changes first.
pub(crate) async fn since_look(
    session: &impl Session,
    scope: &Scope,
    state: &State,
    me: UserId,
    most: usize,
    is_seen: impl Fn(NodeIndex) -> bool,
) -> Result<Look, Error> {
    let Some((head, at_ms)) = store::approval::last_look(session, scope, state.version.id, me).await? else {
        return Ok(Look::default());
    };
    let all = state::all(scope);
    let commands = store::version::commands(session, &all, state.version.id, head, state.head).await?;
    let mut first: BTreeMap<CellIndex, Minor> = BTreeMap::new();
    let mut last: BTreeMap<CellIndex, usize> = BTreeMap::new();
    for (place, command) in commands.iter().enumerate() {
        let entry = state::entry(command)?;
        for delta in &entry.deltas.cells {
            first.entry(delta.cell).or_insert(delta.old);
            if entry.author == me {
                last.remove(&delta.cell);
            } else {
                last.insert(delta.cell, place);
            }
        }
    }
    let shape = state.grid.shape();
    let mut cells: Vec<Seen> = last
        .into_iter()
        .filter_map(|(cell, place)| {
            let (node, period) = shape.place(cell);
            let (before, after) = (*first.get(&cell)?, state.grid.amount(node, Some(period)));
            let command = commands.get(place)?;
            (before != after && is_seen(node)).then(|| Seen {
                node,
                name: shape.name(node).to_owned(),
                period,
                before,
                after,
                by: command.actor_name.clone(),
                at_ms: command.at_ms,
            })
        })
        .collect();
    let count = cells.len() as u64;
    cells.sort_by_key(|seen| std::cmp::Reverse(seen.before.0.abs_diff(seen.after.0)));
    cells.truncate(most);
    Ok(Look {
        at_ms: Some(at_ms),
        count,
        cells,
    })
}
