//! What others did, for a grid that shows a part of a version.

use std::collections::{BTreeMap, BTreeSet};

use domain::access::Permission;
use domain::id::{UserId, VersionId};
use domain::plan::NodeIndex;
use domain::split::{PartChange, PartNews};
use domain::target::NodeRef;

use super::log::entries;
use super::{MOST_TOLD, people};
use crate::plan::state;
use crate::scope::require;
use crate::{Error, Operations, Scope};

impl Operations {
    /// What changed after a command in the part of a version below `top`, a unit within reach, by its place in the whole: for grids
    /// that are open. Of what happened elsewhere it tells no more than that there is a later command.
    pub async fn part_changes_since(
        &self,
        scope: &Scope,
        version: VersionId,
        top: NodeIndex,
        after: u64,
    ) -> Result<PartNews, Error> {
        require(scope, Permission::ReadPeople)?;
        let reader = self.database.reader();
        let row = store::version::get(&reader, scope, version).await?;
        // The same units as a grid opens at: whoever was moved since follows no longer.
        let found = store::version::nodes_at(&reader, scope, version, &[top.0]).await?;
        let is_seen = found
            .iter()
            .any(|node| matches!(node.of, NodeRef::Unit(unit) if scope.sees_unit(unit)));
        if !is_seen {
            return Err(Error::NotFound("target"));
        }
        let missed = row.head.checked_sub(after);
        if missed.is_none_or(|missed| missed > MOST_TOLD as u64) {
            return Ok(PartNews {
                changes: Vec::new(),
                large: Vec::new(),
                behind: true,
                head: row.head,
                people: BTreeMap::new(),
            });
        }
        let all = state::all(scope);
        let kept = self.kept.part_since(scope.organization, &row, after, top);
        let changes = match kept {
            Some(changes) => changes,
            None => {
                let shape = self.tree(&reader, &all, &row).await?;
                let entries = entries(&reader, &all, version, after, row.head).await?;
                let changes = entries
                    .iter()
                    .filter_map(|entry| PartChange::of(entry, &shape, top));
                changes.collect()
            }
        };
        let named: BTreeSet<UserId> = changes.iter().flat_map(PartChange::people).collect();
        let people = people(&reader, &all, named).await?;
        Ok(PartNews {
            changes,
            large: Vec::new(),
            behind: false,
            head: row.head,
            people,
        })
    }
}
