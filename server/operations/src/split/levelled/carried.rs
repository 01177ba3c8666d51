//! The levels of a number that somebody carries, and what was done of it: read of the places it is about, not of the whole plan.

use std::collections::HashSet;

use domain::access::Permission;
use domain::calendar::Period;
use domain::id::{UnitId, VersionId};
use domain::metric::MetricKey;
use domain::money::{Fact, Minor};
use domain::plan::NodeIndex;
use domain::split::RowLevels;
use domain::target::{MyTarget, NodeRef, PeriodAmount, Span};
use store::attainment::{Cut, Question, Time};
use store::plan::Plan;
use store::version::Node;

use super::places;
use crate::plan::state::{self, damaged};
use crate::scope::require;
use crate::{Error, Operations, Scope};

impl Operations {
    /// The levels of a number that the asking person carries, and what was done of it so far.
    pub async fn own_levels(&self, scope: &Scope, target: &MyTarget) -> Result<RowLevels, Error> {
        require(scope, Permission::Acknowledge)?;
        let reader = self.database.reader();
        let all = state::all(scope);
        let row = store::version::get(&reader, scope, target.version).await?;
        let own = store::version::node_of(&reader, &all, row.id, target.node)
            .await?
            .filter(|node| node.carrier.is_some() && node.carrier == scope.member)
            .ok_or(Error::NotFound("target"))?;
        let version = row.id;
        let at = NodeIndex(own.ordinal);
        let known = self.reckoned_levels(scope, row).await?;
        // Another plan may hold some of the periods by now.
        let held = |period: &Period| target.periods.iter().any(|held| held.period == *period);
        let periods = places(&known.plan, held);
        let done = self
            .done_of(&known.plan, version, &own, &target.periods, &all)
            .await?;
        Ok(RowLevels {
            rows: known.rows(at, &periods, Some(target.total)),
            fault_at: self.fault_at(scope, version, known.fault().as_ref()).await?,
            fault: known.fault(),
            may_set: false,
            done,
            own: self.own_of(scope, version, &known, at).await?,
            waits: known.waits(at),
            may_own: false,
        })
    }

    /// What was done of a number in those of its periods that have begun; none where none has.
    async fn done_of(
        &self,
        plan: &Plan,
        version: VersionId,
        own: &Node,
        periods: &[PeriodAmount],
        all: &Scope,
    ) -> Result<Option<Minor>, Error> {
        let reader = self.database.reader();
        let organization = store::organization::get(&reader, all).await?;
        let tomorrow = self.today_of(&organization).day.plus(1);
        let mut spans: Vec<Span> = periods
            .iter()
            .map(|held| Span::of(&held.period))
            .filter(|span| span.starts_on < tomorrow)
            .collect();
        spans.sort_unstable();
        let (Some(first), Some(last)) = (spans.first().copied(), spans.last().copied()) else {
            return Ok(None);
        };
        let metric = MetricKey::parse(&plan.metric_key).map_err(damaged)?;
        let Some(metric) = store::metric::find(&reader, all, &metric).await? else {
            return Ok(None);
        };
        let until = last.ends_on.min(tomorrow);
        let question = Question {
            from: first.starts_on,
            to: until,
            time: Time::Periods(
                spans
                    .iter()
                    .map(|span| (span.starts_on, span.ends_on.min(until)))
                    .collect(),
            ),
            by_member: Cut::Apart,
            by_unit: Cut::Apart,
            by_things: Vec::new(),
        };
        // Of a unit everything that was credited in it or below it. Of a person everything; of one who carries several numbers what
        // was credited at the place of this one.
        let units: HashSet<UnitId> = match own.of {
            NodeRef::Unit(_) => store::version::units_below(&reader, all, version, own)
                .await?
                .into_iter()
                .collect(),
            NodeRef::Member(_) => {
                let is_one_of = store::version::has_several_places(&reader, all, version, own.of).await?;
                let above = match own.parent.filter(|_| is_one_of) {
                    Some(above) => store::version::node_of(&reader, all, version, above).await?,
                    None => None,
                };
                above.and_then(|node| unit(node.of)).into_iter().collect()
            }
        };
        let mut sum = 0_i64;
        for piece in store::attainment::sums(&reader, all, &metric, &question).await? {
            let counts = match own.of {
                NodeRef::Unit(_) => units.contains(&piece.unit),
                NodeRef::Member(member) => {
                    piece.member == member && (units.is_empty() || units.contains(&piece.unit))
                }
            };
            if counts {
                sum = sum.saturating_add(piece.amount.0);
            }
        }
        Ok(Some(Fact(sum).to_minor(&organization.currency)))
    }
}

fn unit(of: NodeRef) -> Option<UnitId> {
    match of {
        NodeRef::Unit(unit) => Some(unit),
        NodeRef::Member(_) => None,
    }
}
