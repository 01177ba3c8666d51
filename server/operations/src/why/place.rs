//! Which number is asked about, if the asking person may see it.

use domain::access::Permission;
use domain::calendar::{Day, Period};
use domain::id::{NodeId, VersionId};
use domain::plan::{NodeIndex, NodeRef, PeriodIndex};
use store::plan::Plan;
use store::version::{Node, Version};

use crate::plan::state;
use crate::scope::{require, require_sight};
use crate::{Error, Operations, Scope};

/// A number of a version.
pub(crate) struct Number {
    pub(crate) version: Version,
    pub(crate) plan: Plan,
    pub(crate) nodes: Vec<Node>,
    pub(crate) node: NodeIndex,
    /// The periods it sums.
    pub(crate) periods: Vec<PeriodIndex>,
    /// The one period it is of; none: over all.
    pub(crate) named: Option<Period>,
}

impl Operations {
    /// A number within reach of somebody who sees plans before they are published, in a period or over all.
    pub(super) async fn number_in_sight(
        &self,
        scope: &Scope,
        version: VersionId,
        node: NodeIndex,
        period: Option<PeriodIndex>,
    ) -> Result<Number, Error> {
        require_sight(scope)?;
        let reader = self.database.reader();
        let version = store::version::get(&reader, scope, version).await?;
        let nodes = store::version::nodes(&reader, &state::all(scope), version.id).await?;
        let found = nodes.get(node.0 as usize).ok_or(Error::NotFound("node"))?;
        let seen = match found.of {
            NodeRef::Unit(unit) => scope.sees_unit(unit),
            NodeRef::Member(member) => scope.sees_member(member),
        };
        if !seen {
            return Err(Error::NotFound("node"));
        }
        let plan = store::plan::get(&reader, &state::all(scope), version.plan).await?;
        let (periods, named) = match period {
            Some(at) => {
                let found = plan.periods.get(usize::from(at.0)).cloned();
                (vec![at], Some(found.ok_or(Error::NotFound("period"))?))
            }
            None => (places(&plan, |_| true), None),
        };
        Ok(Number {
            version,
            plan,
            nodes,
            node,
            periods,
            named,
        })
    }

    /// A published number that the asking person carries; with a first day, only what it is in the period that begins then.
    pub(crate) async fn own_number(
        &self,
        scope: &Scope,
        version: VersionId,
        node: NodeId,
        from: Option<Day>,
    ) -> Result<Number, Error> {
        require(scope, Permission::Acknowledge)?;
        let targets = self.my_targets(scope).await?;
        let target = targets
            .iter()
            .find(|target| target.version == version && target.node == node)
            .ok_or(Error::NotFound("target"))?;
        let reader = self.database.reader();
        let all = state::all(scope);
        let version = store::version::get(&reader, &all, version).await?;
        let nodes = store::version::nodes(&reader, &all, version.id).await?;
        let at = nodes
            .iter()
            .position(|known| known.id == node)
            .ok_or(Error::NotFound("target"))?;
        let at = u32::try_from(at).map_err(|_| Error::NotFound("target"))?;
        let plan = store::plan::get(&reader, &all, version.plan).await?;
        // Another plan may hold some of the periods by now: the steps add up to the number that is shown.
        let asked = |period: &Period| {
            let held = target.periods.iter().any(|held| held.period == *period);
            held && from.is_none_or(|from| period.start == from)
        };
        let periods = places(&plan, asked);
        let named = match from {
            Some(_) => {
                let found = plan.periods.iter().find(|period| asked(period)).cloned();
                Some(found.ok_or(Error::NotFound("period"))?)
            }
            None => None,
        };
        Ok(Number {
            version,
            plan,
            nodes,
            node: NodeIndex(at),
            periods,
            named,
        })
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
