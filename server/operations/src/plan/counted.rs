//! What makes the rows of a version count differently by period: who is there when, beginners, and the seasons of its parts.
//!
//! It is what is known now: who joins, leaves, moves or is away after the plan was made counts as soon as it is entered. What
//! a split was given stays in its command, so that a plan is explained by what was known then.

use std::collections::HashMap;
use std::sync::Arc;

use domain::access::Permission;
use domain::basis::{
    Assignment, Ramp, assignment_factor, drawn_to_whole, ramp_factor, season_factor, seasons_of_whole,
};
use domain::calendar::{Day, Month, WorkingDays};
use domain::event::Event;
use domain::id::{MemberId, UnitId, VersionId};
use domain::plan::{Factor, FactorKind, NodeIndex, PlanPeriod, Shape};
use domain::split::{Counted, Included, days_since};
use domain::staffing::without;
use domain::target::{NodeRef, Span};
use store::Session;
use store::assignment::WHOLE_PPM;
use store::plan::Plan;
use store::version::Node;

use super::state::{self, Weights};
use crate::scope::require;
use crate::{Error, Operations, Scope};

/// Who was hired so many months before a plan, or in it, may be a beginner in it: no ramp is longer.
const RAMP_MONTHS: i32 = 12;
/// Seasons of parts come from the one year before.
const SEASON_YEARS: u32 = 1;
/// After more events than these, people are read anew without looking what they were.
const EVENTS_LOOKED_AT: u32 = 200;

impl Operations {
    /// What makes the rows of a version count differently by period, for who may edit plans: a split may be told which kinds
    /// of it count.
    pub async fn split_counted(&self, scope: &Scope, version: VersionId) -> Result<Counted, Error> {
        require(scope, Permission::EditPlan)?;
        let reader = self.database.reader();
        let all = state::all(scope);
        let row = store::version::get(&reader, scope, version).await?;
        let plan = store::plan::get(&reader, &all, row.plan).await?;
        let nodes = store::version::nodes(&reader, &all, version).await?;
        let shape: Arc<Shape> = state::shape(&plan, &nodes)?;
        let bases = store::version::bases(&reader, &all, version).await?;
        let weights = Weights::of(&bases, &nodes, plan.periods.len());
        let known = Known::read(&reader, &all, plan.span).await?;
        Ok(counted(&known, &plan, &nodes, &shape, &weights))
    }
}

/// What makes people count differently by period, as of an event. It takes its time where there are many, so that whoever
/// changes a plan reads it before they take the write lock, and looks under the lock whether it is so still.
pub(crate) struct Known {
    people: People,
    working: WorkingDays,
    /// Of beginners.
    ramp: Ramp,
    /// The days it is of.
    span: Span,
    /// The last event before it was read.
    seq: i64,
}

impl Known {
    /// Everything there is about the days of a plan; `all` is a scope that sees everybody.
    pub(crate) async fn read(session: &impl Session, all: &Scope, span: Span) -> Result<Self, Error> {
        // First of all: what is written while the rest is read has a later number.
        let seq = store::outbox::head(session, all).await?;
        let organization = store::organization::get(session, all).await?;
        let working =
            WorkingDays::named(&organization.working_calendar).unwrap_or_else(WorkingDays::weekdays);
        let people = People::load(session, all, span).await?;
        Ok(Self {
            people,
            working,
            ramp: store::ramp::get(session, all).await?,
            span,
            seq,
        })
    }

    /// What was read before, where it is so still; else read anew.
    pub(crate) async fn or_anew(
        before: Option<Self>,
        session: &impl Session,
        all: &Scope,
        span: Span,
    ) -> Result<Self, Error> {
        match before {
            Some(known) if known.span == span && known.holds(session, all).await? => Ok(known),
            _ => Self::read(session, all, span).await,
        }
    }

    /// Whether nothing was heard of people and settings since.
    async fn holds(&self, session: &impl Session, all: &Scope) -> Result<bool, Error> {
        let later = store::outbox::since(session, all, self.seq, EVENTS_LOOKED_AT).await?;
        Ok(later.len() < EVENTS_LOOKED_AT as usize
            && later.iter().all(|entry| entry.event != Event::PeopleChanged))
    }
}

/// What is known of the rows of a version.
pub(crate) fn counted(
    Known {
        people,
        working,
        ramp: steps,
        ..
    }: &Known,
    plan: &Plan,
    nodes: &[Node],
    shape: &Shape,
    weights: &Weights,
) -> Counted {
    let whole = u64::from(plan.span.days()) * u64::from(WHOLE_PPM);
    let presence = weights.presence();
    let leaves = leaves(nodes, shape);
    let mut anywhere: HashMap<MemberId, u64> = HashMap::new();
    for (node, member, _) in &leaves {
        *anywhere.entry(*member).or_default() += at(presence, *node);
    }
    let mut counted = Counted {
        factors: Vec::new(),
        included: Vec::new(),
        whole,
        potential_by_time: weights.potential_by_time(),
    };
    for (node, member, unit) in leaves {
        let mut put = |kind: FactorKind, ppm: Option<Vec<u32>>| {
            let differs = |ppm: &Vec<u32>| ppm.iter().any(|ppm| *ppm != Factor::WHOLE_PPM);
            if let Some(ppm) = ppm.filter(differs) {
                counted.factors.push(Factor { node, kind, ppm });
            }
        };
        let there = people.there(member, unit);
        put(
            FactorKind::Assignment,
            presence_factor(there, plan.span, shape, working),
        );
        let (ramp, started) = match people.began(member) {
            // Before they begin, nothing is said: that they are not there is the assignment's to say.
            Some(start) => ramp_of(steps, start, shape.periods(), working).unwrap_or_default(),
            None => (Vec::new(), Vec::new()),
        };
        put(FactorKind::Ramp, Some(ramp.clone()));
        let here = at(presence, node);
        let all_places = anywhere.get(&member).copied().unwrap_or(here);
        counted.included.extend(Included::of(
            node,
            (here, all_places),
            whole,
            &ramp,
            &started,
            weights.kept(node),
        ));
    }
    counted.factors.extend(seasons(shape, weights));
    counted
}

/// Who carries a number below which unit.
fn leaves(nodes: &[Node], shape: &Shape) -> Vec<(NodeIndex, MemberId, UnitId)> {
    let of = |node: NodeIndex| match nodes.get(node.0 as usize)?.of {
        NodeRef::Member(member) => Some(member),
        NodeRef::Unit(_) => None,
    };
    let below = |node: NodeIndex| match nodes.get(shape.parent(node)?.0 as usize)?.of {
        NodeRef::Unit(unit) => Some(unit),
        NodeRef::Member(_) => None,
    };
    shape
        .nodes()
        .filter_map(|node| Some((node, of(node)?, below(node)?)))
        .collect()
}

/// Dated things of people.
struct People {
    /// The times of a member at a unit, within the plan, without leave.
    there: HashMap<(MemberId, UnitId), Vec<(Span, u32)>>,
    /// The first day of who may be a beginner.
    began: HashMap<MemberId, Day>,
}

impl People {
    async fn load(session: &impl Session, all: &Scope, span: Span) -> Result<Self, Error> {
        let mut away: HashMap<MemberId, Vec<Span>> = HashMap::new();
        for row in store::leave::list(session, all, span.starts_on).await? {
            away.entry(row.leave.member).or_default().push(Span {
                starts_on: row.leave.from,
                ends_on: row.leave.until,
            });
        }
        let new_from = Month::of(span.starts_on).plus(-RAMP_MONTHS).first_day();
        let mut employed: HashMap<MemberId, Span> = HashMap::new();
        let mut began: HashMap<MemberId, Day> = HashMap::new();
        for member in store::member::list(session, all).await? {
            // Who was hired after the plan is in a plan of the past with the people of today.
            let hired = member.hired_on.filter(|hired| *hired < span.ends_on);
            if let Some(hired) = hired.filter(|hired| *hired >= new_from) {
                began.insert(member.id, hired);
            }
            employed.insert(
                member.id,
                Span {
                    starts_on: hired.map_or(span.starts_on, |hired| hired.max(span.starts_on)),
                    ends_on: member.left_on.map_or(span.ends_on, |left| left.min(span.ends_on)),
                },
            );
        }
        let mut there: HashMap<(MemberId, UnitId), Vec<(Span, u32)>> = HashMap::new();
        for assignment in store::assignment::list(session, all, None).await? {
            let Some(employed) = employed.get(&assignment.member) else {
                continue;
            };
            let time = Span {
                starts_on: assignment.starts_on.max(employed.starts_on),
                ends_on: assignment
                    .ends_on
                    .map_or(employed.ends_on, |end| end.min(employed.ends_on)),
            };
            if time.ends_on <= time.starts_on {
                // Who was there and is gone before the plan begins is there in none of its periods.
                if time.ends_on <= span.starts_on {
                    there.entry((assignment.member, assignment.unit)).or_default();
                }
                continue;
            }
            let away = away.get(&assignment.member).map_or(&[][..], Vec::as_slice);
            let pieces = without(time, away).into_iter();
            there
                .entry((assignment.member, assignment.unit))
                .or_default()
                .extend(pieces.map(|piece| (piece, assignment.share_ppm)));
        }
        Ok(Self { there, began })
    }

    /// The times of a member at a unit. None where no assignment within the plan says anything: who has a number there
    /// without one is there throughout.
    fn there(&self, member: MemberId, unit: UnitId) -> Option<&[(Span, u32)]> {
        self.there.get(&(member, unit)).map(Vec::as_slice)
    }

    fn began(&self, member: MemberId) -> Option<Day> {
        self.began.get(&member).copied()
    }
}

/// How much of each period somebody is there; none where that is all of it, or where the times contradict each other.
fn presence_factor(
    there: Option<&[(Span, u32)]>,
    span: Span,
    shape: &Shape,
    working: &WorkingDays,
) -> Option<Vec<u32>> {
    let times = there?;
    if times == [(span, WHOLE_PPM)] {
        return None;
    }
    let times: Vec<Assignment> = times
        .iter()
        .map(|(time, share_ppm)| Assignment {
            starts_on: time.starts_on,
            ends_on: Some(time.ends_on),
            share_ppm: *share_ppm,
        })
        .collect();
    assignment_factor(&times, shape.periods(), working).ok()
}

/// A beginner's factor by period, with the days of each on which they work; none where they are no beginner any more.
fn ramp_of(
    steps: &Ramp,
    start: Day,
    periods: &[PlanPeriod],
    working: &WorkingDays,
) -> Option<(Vec<u32>, Vec<u32>)> {
    let mut ramp = ramp_factor(steps, start, periods, working).ok()?;
    for (ppm, period) in ramp.iter_mut().zip(periods) {
        if period.ends_on <= start {
            *ppm = Factor::WHOLE_PPM;
        }
    }
    let started = days_since(periods, start, working);
    ramp.iter()
        .any(|ppm| *ppm != Factor::WHOLE_PPM)
        .then_some((ramp, started))
}

/// The seasons of the parts of a plan, against what they do together: of the units of the highest level that has more than one,
/// by what was done in the comparable periods, drawn to the season of all as one year says little. Nothing where a period is
/// not known, or where there is but one.
fn seasons(shape: &Shape, weights: &Weights) -> Vec<Factor> {
    let mut top = NodeIndex(0);
    let parts = loop {
        if !shape.has(top) {
            return Vec::new();
        }
        let units: Vec<NodeIndex> = shape
            .children(top)
            .filter(|node| !shape.reference(*node).is_member() && !shape.is_leaf(*node))
            .collect();
        let only = match units.as_slice() {
            [only] => Some(*only),
            _ => None,
        };
        match only {
            Some(only) => top = only,
            None => break units,
        }
    };
    let of = |node: NodeIndex| weights.year_before_of(node.0 as usize..shape.end(node).0 as usize);
    let whole = of(NodeIndex(0));
    if whole.len() < 2 || whole.contains(&0) {
        return Vec::new();
    }
    let lines: Vec<(NodeIndex, Vec<u64>)> = parts
        .into_iter()
        .map(|node| (node, of(node)))
        .filter(|(_, season)| season.iter().any(|amount| *amount > 0))
        .collect();
    let sized: Vec<(u64, Vec<u64>)> = lines
        .iter()
        .map(|(_, season)| {
            let size = season
                .iter()
                .fold(0_u64, |sum, amount| sum.saturating_add(*amount));
            (size, season.clone())
        })
        .collect();
    let Ok(together) = seasons_of_whole(&sized, whole.len()) else {
        return Vec::new();
    };
    let factor = |(node, season): (NodeIndex, Vec<u64>)| {
        // A line that cannot be told in such factors keeps the season of all.
        let own = season_factor(&season, &together).ok()?;
        let ppm: Vec<u32> = own
            .into_iter()
            .map(|ppm| drawn_to_whole(ppm, SEASON_YEARS))
            .collect();
        let differs = ppm.iter().any(|ppm| *ppm != Factor::WHOLE_PPM);
        differs.then_some(Factor {
            node,
            kind: FactorKind::Season,
            ppm,
        })
    };
    lines.into_iter().filter_map(factor).collect()
}

fn at(weights: &[u64], node: NodeIndex) -> u64 {
    weights.get(node.0 as usize).copied().unwrap_or_default()
}
