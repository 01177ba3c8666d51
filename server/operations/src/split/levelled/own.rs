//! What rows have instead of the plan's ratios: which of them, and of a row what it has and who set it.

use std::collections::HashSet;

use domain::access::Permission;
use domain::id::VersionId;
use domain::level::{Level, LevelError, Value};
use domain::plan::NodeIndex;
use domain::split::{OwnLevel, OwnRows};
use store::version::Node;

use super::{Known, sees};
use crate::plan::state;
use crate::publish::mark;
use crate::scope::require;
use crate::{Error, Operations, Scope};

impl Operations {
    /// Which rows of a version, within reach, have a level of their own; and a mark of all that was set, so that whoever shows
    /// amounts knows when they follow from something else.
    pub async fn own_level_rows(&self, scope: &Scope, version: VersionId) -> Result<OwnRows, Error> {
        require(scope, Permission::ReadPeople)?;
        let reader = self.database.reader();
        let row = store::version::get(&reader, scope, version).await?;
        let plan = store::plan::get(&reader, &state::all(scope), row.plan).await?;
        let (decided, set) = self.given(scope, &plan, row.id).await?;
        if set.is_empty() {
            return Ok(OwnRows::default());
        }
        let ordinals: Vec<u32> = set.iter().map(|set| set.row.0).collect();
        let nodes = store::version::nodes_at(&reader, scope, row.id, &ordinals).await?;
        let seen: HashSet<u32> = nodes
            .iter()
            .filter(|node| sees(scope, node.of))
            .map(|node| node.ordinal)
            .collect();
        let rows = decided
            .counting()
            .filter(|row| seen.contains(&row.node.0))
            .map(|row| (row.node, row.level))
            .collect();
        // Of when it was set, not of what: who sees a part only could try amounts out until one has this mark.
        let stamps: Vec<_> = set.iter().map(|set| (set.row, set.level, set.at_ms)).collect();
        Ok(OwnRows {
            rows,
            mark: mark(&stamps)?,
        })
    }

    /// The name of the row that levels cannot be had at, where it is one below the topmost.
    pub(super) async fn fault_at(
        &self,
        scope: &Scope,
        version: VersionId,
        fault: Option<&LevelError>,
    ) -> Result<Option<String>, Error> {
        let Some(row) = fault.and_then(LevelError::row) else {
            return Ok(None);
        };
        let reader = self.database.reader();
        let nodes = store::version::nodes_at(&reader, &state::all(scope), version, &[row.0]).await?;
        Ok(nodes.into_iter().next().map(|node| node.name))
    }

    /// What counts for a row instead of the plan's ratio: its own, or that of the nearest row above that has one. An amount of a row
    /// out of reach is not told.
    pub(super) async fn own_of(
        &self,
        scope: &Scope,
        version: VersionId,
        known: &Known,
        node: NodeIndex,
    ) -> Result<Vec<OwnLevel>, Error> {
        if known.set.is_empty() {
            return Ok(Vec::new());
        }
        let reader = self.database.reader();
        let all = state::all(scope);
        // Row by row: nobody who looks at their own number waits for the whole tree.
        let mut way: Vec<Node> = Vec::new();
        let here = store::version::nodes_at(&reader, &all, version, &[node.0]).await?;
        let mut next = here.into_iter().next();
        while let Some(here) = next {
            next = match here.parent {
                Some(above) => store::version::node_of(&reader, &all, version, above).await?,
                None => None,
            };
            // What is above comes before what is below it.
            next = next.filter(|above| above.ordinal < here.ordinal);
            way.push(here);
        }
        let nearest = |level: Level| {
            let set_at = |of: &Node| {
                let mut set = known.set.iter();
                set.find(|set| set.row.0 == of.ordinal && set.level == level)
            };
            let (of, set) = way.iter().find_map(|of| Some((of, set_at(of)?)))?;
            let is_told = matches!(set.value, Value::Ratio { .. }) || sees(scope, of.of);
            Some(OwnLevel {
                level,
                from: (set.row != node).then(|| of.name.clone()),
                value: Some(set.value).filter(|_| is_told),
                above: set.above,
                by: set.user_name.clone(),
                at_ms: set.at_ms,
            })
        };
        let decided = Level::ALL
            .into_iter()
            .filter(|level| known.decided.whole.get(*level).is_some());
        Ok(decided.filter_map(nearest).collect())
    }
}
