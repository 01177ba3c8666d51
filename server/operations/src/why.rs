//! Why a number is what it is, and which grid one opens to work in.

use std::collections::{BTreeMap, HashMap};

use domain::access::Permission;
use domain::calendar::Period;
use domain::explain::{Explanation, StepKind, explain_over};
use domain::id::{NodeId, UserId, VersionId};
use domain::plan::{Entry, NodeIndex, NodeRef, PeriodIndex};
use domain::split::OpenGrid;
use domain::target::VersionStatus;
use domain::why::Why;
use store::plan::Plan;
use store::version::{Node, Version};

use crate::plan::lineage::Lineage;
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
        let plan = store::plan::get(&self.database.reader(), &state::all(scope), row.plan).await?;
        let (periods, named) = match period {
            Some(at) => {
                let found = plan.periods.get(usize::from(at.0)).cloned();
                (vec![at], Some(found.ok_or(Error::NotFound("period"))?))
            }
            None => (places(&plan, |_| true), None),
        };
        let why = self.steps(scope, row, &plan, &nodes, node, &periods).await?;
        Ok(Why { period: named, ..why })
    }

    /// The steps to a published number that the asking person carries.
    pub async fn why_own(&self, scope: &Scope, version: VersionId, node: NodeId) -> Result<Why, Error> {
        require(scope, Permission::Acknowledge)?;
        let targets = self.my_targets(scope).await?;
        let target = targets
            .iter()
            .find(|target| target.version == version && target.node == node)
            .ok_or(Error::NotFound("target"))?;
        let reader = self.database.reader();
        let all = state::all(scope);
        let row = store::version::get(&reader, &all, version).await?;
        let nodes = store::version::nodes(&reader, &all, version).await?;
        let at = nodes
            .iter()
            .position(|known| known.id == node)
            .ok_or(Error::NotFound("target"))?;
        let at = u32::try_from(at).map_err(|_| Error::NotFound("target"))?;
        let plan = store::plan::get(&reader, &all, row.plan).await?;
        // Another plan may hold some of the periods by now: the steps add up to the number that is shown.
        let held = places(&plan, |period| {
            target.periods.iter().any(|held| held.period == *period)
        });
        self.steps(scope, row, &plan, &nodes, NodeIndex(at), &held).await
    }

    /// The steps to a number of a version over some periods.
    pub(crate) async fn steps(
        &self,
        scope: &Scope,
        version: Version,
        plan: &Plan,
        nodes: &[Node],
        node: NodeIndex,
        periods: &[PeriodIndex],
    ) -> Result<Why, Error> {
        let reader = self.database.reader();
        let all = state::all(scope);
        let Lineage { start, commands } = Lineage::load(&reader, &all, plan, &version).await?;
        let entries = commands
            .iter()
            .map(state::entry)
            .collect::<Result<Vec<Entry>, _>>()?;
        let explanation = explain_over(&start, &entries, node, periods).map_err(state::damaged)?;
        let users = store::user::list(&reader, &all).await?;
        let users: HashMap<UserId, String> = users.into_iter().map(|user| (user.id, user.name)).collect();
        let (people, nodes) = names(&explanation, &users, nodes);
        let currency = store::organization::get(&reader, scope).await?.currency;
        Ok(Why {
            currency,
            period: None,
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
        Ok(latest(VersionStatus::Draft)
            .or_else(|| latest(VersionStatus::InReview))
            .or_else(|| latest(VersionStatus::Published)))
    }
}

/// The places of some of a plan's periods.
fn places(plan: &Plan, which: impl Fn(&Period) -> bool) -> Vec<PeriodIndex> {
    (0..)
        .map(PeriodIndex)
        .zip(&plan.periods)
        .filter(|(_, period)| which(period))
        .map(|(place, _)| place)
        .collect()
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
