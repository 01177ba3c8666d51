//! Why a number is what it is, and which grid one opens to work in.

use std::collections::{BTreeMap, HashMap};

use domain::access::Permission;
use domain::explain::{Explanation, StepKind, explain};
use domain::id::{NodeId, UserId, VersionId};
use domain::plan::{Entry, NodeIndex, NodeRef, PeriodIndex};
use domain::split::OpenGrid;
use domain::target::VersionStatus;
use domain::why::Why;
use store::version::{Node, Version};

use crate::plan::state;
use crate::scope::require;
use crate::{Error, Operations, Scope};

impl Operations {
    /// The grid of a version; without one, of the latest draft, or else of the latest plan of record. None where there is
    /// no plan yet.
    pub async fn open_work(
        &self,
        scope: &Scope,
        version: Option<VersionId>,
    ) -> Result<Option<OpenGrid>, Error> {
        require(scope, Permission::ReadPeople)?;
        let version = match version {
            Some(version) => Some(version),
            None => self.work(scope).await?,
        };
        match version {
            Some(version) => self.open_grid(scope, version, None).await.map(Some),
            None => Ok(None),
        }
    }

    /// The steps to a number of a version, in a period or over all.
    pub async fn why(
        &self,
        scope: &Scope,
        version: VersionId,
        node: NodeIndex,
        period: Option<PeriodIndex>,
    ) -> Result<Why, Error> {
        require(scope, Permission::ReadPeople)?;
        let row = store::version::get(&self.database.reader(), scope, version).await?;
        let nodes = store::version::nodes(&self.database.reader(), &state::all(scope), version).await?;
        let found = nodes.get(node.0 as usize).ok_or(Error::NotFound("node"))?;
        let seen = match found.of {
            NodeRef::Unit(unit) => scope.sees_unit(unit),
            NodeRef::Member(member) => scope.sees_member(member),
        };
        if !seen {
            return Err(Error::NotFound("node"));
        }
        self.steps(scope, row, &nodes, node, period).await
    }

    /// The steps to a published number that the asking person carries.
    pub async fn why_own(&self, scope: &Scope, version: VersionId, node: NodeId) -> Result<Why, Error> {
        require(scope, Permission::Acknowledge)?;
        let carries = self
            .my_targets(scope)
            .await?
            .iter()
            .any(|target| target.version == version && target.node == node);
        if !carries {
            return Err(Error::NotFound("target"));
        }
        let reader = self.database.reader();
        let all = state::all(scope);
        let row = store::version::get(&reader, &all, version).await?;
        let nodes = store::version::nodes(&reader, &all, version).await?;
        let at = nodes
            .iter()
            .position(|known| known.id == node)
            .ok_or(Error::NotFound("target"))?;
        let at = u32::try_from(at).map_err(|_| Error::NotFound("target"))?;
        self.steps(scope, row, &nodes, NodeIndex(at), None).await
    }

    async fn steps(
        &self,
        scope: &Scope,
        version: Version,
        nodes: &[Node],
        node: NodeIndex,
        period: Option<PeriodIndex>,
    ) -> Result<Why, Error> {
        let reader = self.database.reader();
        let all = state::all(scope);
        let plan = store::plan::get(&reader, &all, version.plan).await?;
        let named = match period {
            Some(period) => Some(
                plan.periods
                    .get(usize::from(period.0))
                    .cloned()
                    .ok_or(Error::NotFound("period"))?,
            ),
            None => None,
        };
        let shape = state::shape(&plan, nodes)?;
        let (start, from) = state::fold(&reader, &all, version.id, shape, 0).await?;
        let commands = store::version::commands(&reader, &all, version.id, from, version.head).await?;
        let entries = commands
            .iter()
            .map(state::entry)
            .collect::<Result<Vec<Entry>, _>>()?;
        let explanation = explain(&start, &entries, node, period).map_err(state::damaged)?;
        let users = store::user::list(&reader, &all).await?;
        let users: HashMap<UserId, String> = users.into_iter().map(|user| (user.id, user.name)).collect();
        let (people, nodes) = names(&explanation, &users, nodes);
        let currency = store::organization::get(&reader, scope).await?.currency;
        Ok(Why {
            currency,
            period: named,
            explanation,
            people,
            nodes,
        })
    }

    /// The version one most likely works on.
    async fn work(&self, scope: &Scope) -> Result<Option<VersionId>, Error> {
        let plans = self.plans(scope).await?;
        let latest = |status: VersionStatus| {
            plans
                .iter()
                .flat_map(|plan| &plan.versions)
                .filter(|version| version.status == status)
                .max_by_key(|version| version.created_at_ms)
                .map(|version| version.id)
        };
        Ok(latest(VersionStatus::Draft).or_else(|| latest(VersionStatus::Published)))
    }
}

/// The names of the people and nodes that the steps speak of.
fn names(
    explanation: &Explanation,
    users: &HashMap<UserId, String>,
    nodes: &[Node],
) -> (BTreeMap<UserId, String>, BTreeMap<NodeIndex, String>) {
    let (mut people, mut places) = (BTreeMap::new(), BTreeMap::new());
    for step in &explanation.steps {
        if let StepKind::Change { author, at, .. } = &step.kind {
            if let Some(name) = users.get(author) {
                people.insert(*author, name.clone());
            }
            if let Some(node) = nodes.get(at.0 as usize) {
                places.insert(*at, node.name.clone());
            }
        }
    }
    (people, places)
}
