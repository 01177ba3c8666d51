//! What was done of a number so far.

use std::collections::HashSet;

use domain::id::UnitId;
use domain::metric::MetricKey;
use domain::money::{Fact, Minor};
use domain::plan::NodeIndex;
use domain::target::{NodeRef, PeriodAmount, Span};
use store::attainment::{Cut, Question, Time};
use store::plan::Plan;
use store::version::Node;

use crate::plan::state::{self, damaged};
use crate::{Error, Operations, Scope};

impl Operations {
    /// What was done of a number in those of its periods that have begun; none where none has.
    pub(super) async fn done_of(
        &self,
        plan: &Plan,
        nodes: &[Node],
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
        let shape = state::shape(plan, nodes)?;
        let end = shape.end(NodeIndex(own.ordinal)).0;
        let units: HashSet<UnitId> = match own.of {
            NodeRef::Unit(_) => nodes
                .iter()
                .filter(|node| (own.ordinal..end).contains(&node.ordinal))
                .filter_map(|node| unit(node.of))
                .collect(),
            NodeRef::Member(_) => {
                let above = nodes.iter().find(|node| Some(node.id) == own.parent);
                let places = nodes.iter().filter(|node| node.of == own.of).count();
                above
                    .filter(|_| places > 1)
                    .and_then(|node| unit(node.of))
                    .into_iter()
                    .collect()
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
