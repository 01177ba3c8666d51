//! Where a version comes from: its log continues that of the version it was branched from, so a number is explained from
//! the first split on and not from the branch.

use domain::plan::{Deltas, Grid};
use store::plan::Plan;
use store::version::{Command, Version};
use store::{Scope, Session};

use super::state::{self, damaged};
use crate::Error;

/// Branches of branches that are followed back.
const MOST_ANCESTORS: usize = 32;

/// The grid where the first ancestor's log begins, and every command since.
pub(crate) struct Lineage {
    pub(crate) start: Grid,
    pub(crate) commands: Vec<Command>,
}

impl Lineage {
    /// `all` must be a scope that may read logs. An ancestor whose log does not lead to where the branch begins is left
    /// out with those before it: then the branch's own beginning is what is known.
    pub(crate) async fn load(
        session: &impl Session,
        all: &Scope,
        plan: &Plan,
        version: &Version,
    ) -> Result<Self, Error> {
        let mut line = vec![version.clone()];
        while let Some(parent) = line.last().and_then(|version| version.parent)
            && line.len() <= MOST_ANCESTORS
        {
            line.push(store::version::get(session, all, parent).await?);
        }
        line.reverse();
        let mut known: Option<Self> = None;
        for (place, version) in line.iter().enumerate() {
            let nodes = store::version::nodes(session, all, version.id).await?;
            let shape = state::shape(plan, &nodes)?;
            let snapshot = store::version::snapshot_at(session, all, version.id, 0).await?;
            let start = Grid::unpack(&snapshot.blob, shape).map_err(damaged)?;
            let until = line
                .get(place + 1)
                .map_or(i64::MAX, |branch| branch.created_at_ms);
            let mut commands = store::version::commands(session, all, version.id, 0, i64::MAX as u64).await?;
            commands.retain(|command| command.at_ms <= until);
            known = match known {
                Some(mut before) if before.leads_to(&start) => {
                    before.commands.append(&mut commands);
                    Some(before)
                }
                _ => Some(Self { start, commands }),
            };
        }
        known.ok_or_else(|| damaged("a version without a line"))
    }

    fn leads_to(&self, end: &Grid) -> bool {
        let mut grid = self.start.clone();
        let folded = self.commands.iter().all(|command| {
            Deltas::from_bytes(&command.deltas).is_ok_and(|deltas| grid.fold(&deltas).is_ok())
        });
        folded && grid == *end
    }
}
