//! What the log of a version tells: to grids that are open, and to whoever checks it.

use domain::access::Permission;
use domain::id::VersionId;
use domain::plan::{Deltas, Entry, Grid};
use domain::split::Applied;
use domain::target::Verdict;
use store::Session;

use super::change::told;
use super::{SNAPSHOT_EVERY, me, people, stacks};
use crate::plan::{hex, lineage, state};
use crate::scope::require;
use crate::{Error, Operations, Scope};

impl Operations {
    /// What others did after a command; for grids that are open. Only for who sees the whole version.
    pub async fn changes_since(
        &self,
        scope: &Scope,
        version: VersionId,
        after: u64,
    ) -> Result<Applied, Error> {
        require(scope, Permission::EditPlan)?;
        let reader = self.database.reader();
        let row = store::version::get(&reader, scope, version).await?;
        let all = state::all(scope);
        let kept = self
            .kept
            .since(scope.organization, &row, after, me(scope))
            .filter(|(entries, _)| scope.sees_everything() && !lineage::may_change_shares(entries));
        let (entries, undoable, told_shares) = match kept {
            Some((entries, undoable)) => (entries, undoable, None),
            None => {
                let (log, _) = state::recent(&reader, scope, version, row.head).await?;
                let entries = entries(&reader, scope, version, after, row.head).await?;
                let shares = if lineage::may_change_shares(&entries) {
                    let plan = store::plan::get(&reader, &all, row.plan).await?;
                    let nodes = store::version::nodes(&reader, &all, version).await?;
                    let shape = state::shape(&plan, &nodes)?;
                    lineage::shares_after(&reader, &all, &row, &shape, &log, &entries).await?
                } else {
                    None
                };
                (entries, stacks(&log, me(scope)), shares)
            }
        };
        let people = people(&reader, &all, entries.iter().map(|entry| entry.author)).await?;
        let (entries, behind) = told(entries);
        let (shares, in_force) = told_shares.unzip();
        Ok(Applied {
            head: row.head,
            refused: None,
            bounded_by: None,
            differences: Vec::new(),
            more_rows: 0,
            rows: 0,
            undoable,
            people,
            shares,
            in_force: in_force.unwrap_or_default(),
            entries,
            behind,
            as_made: false,
            large: Vec::new(),
        })
    }

    /// Replays a version: every link of the chain, and every delta from the start to the head.
    pub async fn verify(&self, scope: &Scope, version: VersionId) -> Result<Verdict, Error> {
        require(scope, Permission::EditPlan)?;
        let reader = self.database.reader();
        let row = store::version::get(&reader, scope, version).await?;
        if let Some(seq) = store::version::broken_link(&reader, scope, version).await? {
            return Ok(Verdict::Chain { seq });
        }
        let plan = store::plan::get(&reader, scope, row.plan).await?;
        let nodes = store::version::nodes(&reader, scope, version).await?;
        let start = store::version::snapshot_at(&reader, scope, version, 0).await?;
        let Ok(mut grid) = Grid::unpack(&start.blob, state::shape(&plan, &nodes)?) else {
            return Ok(Verdict::State { seq: 0 });
        };
        for command in store::version::commands(&reader, scope, version, 0, row.head).await? {
            let folded = Deltas::from_bytes(&command.deltas).is_ok_and(|deltas| grid.fold(&deltas).is_ok());
            let sound = folded
                && (command.seq % SNAPSHOT_EVERY != 0
                    || store::version::snapshot_at(&reader, scope, version, command.seq).await?
                        == state::snapshot(command.seq, &grid));
            if !sound {
                return Ok(Verdict::State { seq: command.seq });
            }
        }
        if grid.check().is_err() {
            return Ok(Verdict::State { seq: row.head });
        }
        Ok(Verdict::Sound {
            commands: row.head,
            head: hex(&row.head_hash),
        })
    }
}

/// The entries of a version after a number, up to another.
pub(super) async fn entries(
    session: &impl Session,
    scope: &Scope,
    version: VersionId,
    after: u64,
    until: u64,
) -> Result<Vec<Entry>, Error> {
    let commands = store::version::commands(session, scope, version, after, until).await?;
    commands.iter().map(state::entry).collect()
}
