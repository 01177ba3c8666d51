//! What the rows of an open grid are called, page by page: the grid itself brings the names of its first rows and of its units.

use std::sync::Arc;

use domain::access::Permission;
use domain::id::VersionId;
use domain::plan::{NodeIndex, Shape};
use domain::split::NAMES_PAGE;
use domain::target::NodeRef;
use store::Session;
use store::version::Version;

use crate::plan::state;
use crate::scope::require;
use crate::{Error, Operations, Scope};

/// Pages that are told at once.
const MOST_PAGES: usize = 64;

impl Operations {
    /// The names on some pages of the grid whose root stands at `top` of a version, in the order of its rows; a page behind the
    /// last row is empty. Only whoever can open that grid is told.
    pub async fn row_names(
        &self,
        scope: &Scope,
        version: VersionId,
        top: u32,
        pages: &[u32],
    ) -> Result<Vec<Vec<String>>, Error> {
        require(scope, Permission::ReadPeople)?;
        if pages.len() > MOST_PAGES {
            return Err(Error::invalid(
                "too_many_pages",
                "一次最多读取 64 页名称。",
                "At most 64 pages of names are read at once.",
            ));
        }
        let reader = self.database.reader();
        let root = store::version::nodes_at(&reader, scope, version, &[top]).await?;
        let seen = |of: NodeRef| matches!(of, NodeRef::Unit(unit) if scope.sees_unit(unit));
        if !root.first().is_some_and(|node| seen(node.of)) {
            return Err(Error::NotFound("target"));
        }
        let all = state::all(scope);
        // Below the root of a part everything is seen, as in its grid; beside it nothing is.
        let end = if top == 0 {
            u32::MAX
        } else {
            let row = store::version::get(&reader, &all, version).await?;
            let tree = self.tree(&reader, &all, &row).await?;
            // It may have lost rows since the root was looked up.
            if !tree.has(NodeIndex(top)) {
                return Err(Error::NotFound("target"));
            }
            tree.end(NodeIndex(top)).0
        };
        let mut told = Vec::with_capacity(pages.len());
        for page in pages {
            let size = NAMES_PAGE as u32;
            let first = page.saturating_mul(size).saturating_add(top);
            let rows: Vec<u32> = (first..first.saturating_add(size).min(end)).collect();
            let nodes = store::version::nodes_at(&reader, &all, version, &rows).await?;
            told.push(nodes.into_iter().map(|node| node.name).collect());
        }
        Ok(told)
    }

    /// The tree of a version at its head, read once for all who ask: a page of names, or what changed in a part, does not wait for
    /// all nodes to be read.
    pub(super) async fn tree(
        &self,
        session: &impl Session,
        all: &Scope,
        row: &Version,
    ) -> Result<Arc<Shape>, Error> {
        if let Some(tree) = self.kept.tree(all.organization, row) {
            return Ok(tree);
        }
        let plan = store::plan::get(session, all, row.plan).await?;
        let nodes = store::version::nodes(session, all, row.id).await?;
        let tree = state::shape(&plan, &nodes)?;
        self.kept.put_tree(all.organization, row, Arc::clone(&tree));
        Ok(tree)
    }
}
