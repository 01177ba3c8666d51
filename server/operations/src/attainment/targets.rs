//! The targets of the rows: whole, and what should be there by the day of the question.

use std::collections::HashMap;

use domain::calendar::{Day, Period};
use domain::id::{MemberId, UnitId};
use domain::metric::AttainmentQuery;
use domain::money::Minor;
use domain::plan::NodeRef;
use domain::target::PublishedTarget;
use store::Session;
use store::organization::Organization;

use super::cast::Cast;
use super::curve::Curves;
use super::key::{Keyed, What};
use crate::{Error, Scope};

/// Whose target a key of a row asks for.
enum Carrier {
    Member(MemberId),
    /// None of which lies within another.
    Units(Vec<UnitId>),
}

/// A target within a range of days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) whole: Minor,
    pub(super) expected: Minor,
}

/// Published targets of everybody within reach.
pub(super) struct Targets<'a> {
    of_node: HashMap<NodeRef, Vec<PublishedTarget>>,
    whole: Vec<NodeRef>,
    curves: Curves,
    cast: &'a Cast,
    as_of: Day,
    range: (Day, Day),
}

impl<'a> Targets<'a> {
    pub(super) async fn load(
        reader: &impl Session,
        scope: &Scope,
        query: &AttainmentQuery,
        as_of: Day,
        organization: &Organization,
        cast: &'a Cast,
    ) -> Result<Self, Error> {
        let found =
            store::cell::published_targets(reader, scope, query.metric.as_str(), query.from, query.to)
                .await?;
        let curves = Curves::load(reader, scope, &query.metric, organization, as_of, &found).await?;
        let mut of_node: HashMap<NodeRef, Vec<PublishedTarget>> = HashMap::new();
        for target in found {
            of_node.entry(target.node).or_default().push(target);
        }
        // Whoever sees everything is measured by the company; others by what they lead, or else by their own number.
        let whole = if scope.sees_everything() {
            cast.units
                .values()
                .filter(|unit| unit.parent.is_none())
                .map(|unit| NodeRef::Unit(unit.id))
                .collect()
        } else if scope
            .roots
            .iter()
            .any(|root| of_node.contains_key(&NodeRef::Unit(*root)))
        {
            scope.roots.iter().map(|root| NodeRef::Unit(*root)).collect()
        } else {
            scope.member.map(NodeRef::Member).into_iter().collect()
        };
        Ok(Self {
            of_node,
            whole,
            curves,
            cast,
            as_of,
            range: (query.from, query.to),
        })
    }

    /// The target of a row; none where nothing was set, or where targets are not set by what the row is about.
    pub(super) fn of(&self, keys: &[Keyed]) -> Option<Target> {
        let mut carriers: Vec<Carrier> = Vec::with_capacity(keys.len());
        let (mut from, mut to) = self.range;
        for key in keys {
            match key.what {
                What::Time(starts, ends) => (from, to) = (from.max(starts), to.min(ends)),
                What::Thing => return None,
                What::Member(id) => carriers.push(Carrier::Member(id)),
                What::Unit(id) => carriers.push(Carrier::Units(vec![id])),
                What::Manager(id) => carriers.push(Carrier::Units(self.cast.led_by(id).to_vec())),
            }
        }
        let found: Vec<&PublishedTarget> = match carriers.as_slice() {
            [] => self.at(&self.whole).collect(),
            [Carrier::Member(id)] => self.at(&[NodeRef::Member(*id)]).collect(),
            [Carrier::Units(units)] => self.at(&unit_nodes(units)).collect(),
            [Carrier::Member(id), Carrier::Units(units)] | [Carrier::Units(units), Carrier::Member(id)] => {
                self.at(&[NodeRef::Member(*id)])
                    .filter(|target| target.below.is_some_and(|below| self.is_in(below, units)))
                    .collect()
            }
            [Carrier::Units(some), Carrier::Units(others)] => {
                self.at(&unit_nodes(&self.common(some, others))).collect()
            }
            _ => return None,
        };
        let parts: Vec<Target> = found
            .into_iter()
            .filter(|target| target.period.starts_on < to && target.period.ends_on > from)
            .map(|target| self.clip(target, from, to))
            .collect();
        (!parts.is_empty()).then(|| {
            parts.into_iter().fold(Target::default(), |sum, part| Target {
                whole: Minor(sum.whole.0.saturating_add(part.whole.0)),
                expected: Minor(sum.expected.0.saturating_add(part.expected.0)),
            })
        })
    }

    fn at(&self, nodes: &[NodeRef]) -> impl Iterator<Item = &PublishedTarget> {
        nodes.iter().filter_map(|node| self.of_node.get(node)).flatten()
    }

    fn is_in(&self, unit: UnitId, above: &[UnitId]) -> bool {
        above.iter().any(|above| self.cast.is_within(unit, *above))
    }

    /// The topmost units that lie within both.
    fn common(&self, some: &[UnitId], others: &[UnitId]) -> Vec<UnitId> {
        let mut units: Vec<UnitId> = some
            .iter()
            .filter(|unit| self.is_in(**unit, others))
            .chain(others.iter().filter(|unit| self.is_in(**unit, some)))
            .copied()
            .collect();
        units.sort_unstable();
        units.dedup();
        units
    }

    /// The part of a target that falls into `from..to`, on the season and working-day curve; the parts of a period sum to
    /// its target exactly, because each is the difference of two cumulative amounts.
    fn clip(&self, target: &PublishedTarget, from: Day, to: Day) -> Target {
        let (starts, ends) = (target.period.starts_on, target.period.ends_on);
        let period = self.curves.period(starts, ends);
        let until = |day: Day| self.curves.until(&period, day, target.amount).0;
        let before = if from <= starts { 0 } else { until(from.plus(-1)) };
        let last = to.min(ends).plus(-1);
        let whole = if last < from.max(starts) {
            0
        } else {
            until(last) - before
        };
        let seen = last.min(self.as_of);
        let expected = if seen < from.max(starts) {
            0
        } else {
            until(seen) - before
        };
        Target {
            whole: Minor(whole),
            expected: Minor(expected),
        }
    }
}

fn unit_nodes(units: &[UnitId]) -> Vec<NodeRef> {
    units.iter().copied().map(NodeRef::Unit).collect()
}

/// A period by its days alone.
pub(super) fn bare(starts: Day, ends: Day) -> Period {
    Period {
        kind: domain::calendar::PeriodKind::Month,
        name: String::new(),
        start: starts,
        end: ends,
    }
}
