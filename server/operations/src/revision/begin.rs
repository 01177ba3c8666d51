//! Where a revision starts: what was booked in the periods that are over, held, and what the outlook says of the others; or
//! the numbers they had, with what is missing spread again over them.

mod booked;
mod enter;
mod held;
mod missing;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use domain::calendar::Day;
use domain::format::Lang;
use domain::id::{NodeId, UnitId};
use domain::metric::{AttainmentQuery, Dimension, MetricKey};
use domain::money::Minor;
use domain::outlook::{Factor, Place, Who};
use domain::plan::{Grid, MAX_AMOUNT, NodeIndex, PeriodIndex, Shape};
use domain::revision::Begin;
use domain::target::{NodeRef, Span};
use store::version::Node;

use crate::outlook::{Course, Due};
use crate::plan::UNASSIGNED;
use crate::plan::state::{self, State, all, damaged};
use crate::{Error, Operations, Scope, clock};

pub(super) use booked::Booked;
pub(super) use enter::{Change, enter};

/// The state a revision starts from.
pub(super) struct Start {
    /// The nodes of the version, with one more below each unit in which something is nobody's.
    pub(super) nodes: Vec<Node>,
    pub(super) grid: Grid,
    /// The first day of the first period that is not over.
    pub(super) begins_on: Day,
    /// The first changes of the draft: what is missing, spread again, and what holds since. None where that is not asked
    /// for, or nothing changes.
    pub(super) changes: Vec<Change>,
    /// The grid after these.
    pub(super) after: Grid,
    /// What is booked of each number.
    pub(super) booked: Booked,
}

impl Operations {
    /// Reckons the start of a revision of a version on a day within its plan. `news`: market factors since it was published.
    pub(super) async fn begin_revision(
        &self,
        scope: &Scope,
        state: &State,
        today: Day,
        news: Vec<Factor>,
        begin: Begin,
    ) -> Result<Start, Error> {
        let periods: Vec<Span> = state.plan.periods.iter().map(Span::of).collect();
        let begins_on = periods
            .iter()
            .find(|period| today < period.ends_on)
            .map(|period| period.starts_on);
        let begins_on = begins_on.ok_or_else(|| damaged("a plan without days"))?;
        let course = self.course(&all(scope), state.version.id, &periods, news).await?;
        let organization = store::organization::get(&self.database.reader(), &all(scope)).await?;
        let lang = Lang::parse(&organization.language).unwrap_or_default();
        let nobody = lang.pick("计划内无人承担", "Nobody in the plan");
        let mut beginning = Beginning {
            state,
            periods,
            today,
            course,
            begin,
            nobodys: BTreeMap::new(),
        };
        beginning.take_from_absent();
        let nodes = beginning.nodes(nobody);
        let shape = state::shape(&state.plan, &nodes)?;
        let grid = beginning.grid(&nodes, &shape, scope)?;
        let first = beginning.make_up(&nodes, &grid, &organization.currency)?;
        let (changes, after) = beginning.changes(&nodes, &grid, first, &organization.currency)?;
        Ok(Start {
            booked: beginning.booked(&nodes),
            nodes,
            grid,
            begins_on,
            changes,
            after,
        })
    }

    /// Done within days up to today, and expected of it, over the whole organization.
    pub(super) async fn pace_of(
        &self,
        scope: &Scope,
        metric: &str,
        days: Span,
        today: Day,
    ) -> Result<(i64, i64), Error> {
        let query = AttainmentQuery {
            metric: MetricKey::parse(metric).map_err(damaged)?,
            from: days.starts_on,
            to: days.ends_on,
            by: vec![Dimension::Year],
            as_of: Some(today),
        };
        let answer = self.attainment(&all(scope), &query).await?;
        Ok(answer.rows.iter().fold((0, 0), |(actual, expected), row| {
            (
                actual + row.actual.0,
                expected + row.expected_by_today.unwrap_or_default().0,
            )
        }))
    }
}

/// What a start is reckoned from.
struct Beginning<'a> {
    state: &'a State,
    periods: Vec<Span>,
    today: Day,
    course: Course,
    begin: Begin,
    /// What in a unit is nobody's, by period: facts of people who are not in the plan, and what is expected of those who
    /// are not there any more.
    nobodys: BTreeMap<UnitId, Vec<Due>>,
}

impl Beginning<'_> {
    fn is_over(&self, place: usize) -> bool {
        self.periods
            .get(place)
            .is_some_and(|period| period.ends_on <= self.today)
    }

    /// Whether the periods that are left begin with what is expected of them, and not with what they were.
    fn is_looked_at_again(&self) -> bool {
        self.course.expects && self.begin == Begin::Outlook
    }

    /// The unit above a node; that of the node itself at the top.
    fn unit_above(&self, index: NodeIndex) -> UnitId {
        let shape = self.state.grid.shape();
        match shape.reference(shape.parent(index).unwrap_or(index)) {
            NodeRef::Unit(unit) => unit,
            NodeRef::Member(_) => UnitId::default(),
        }
    }

    /// Whether somebody is not there in a period: then they carry nothing in it.
    fn is_absent(&self, index: NodeIndex, place: usize) -> bool {
        let period = u16::try_from(place).ok().map(PeriodIndex);
        self.state.grid.constraint(index, period).cap == Some(Minor(0))
    }

    /// Gathers what is nobody's: what the outlook says so of, and what it expects of people in periods without them.
    fn take_from_absent(&mut self) {
        for (place, dues) in &self.course.leaves {
            if place.who == Who::Nobody {
                self.nobodys.insert(place.unit, dues.clone());
            }
        }
        let shape = Arc::clone(self.state.grid.shape());
        for index in shape.nodes().filter(|index| shape.is_leaf(*index)) {
            let unit = self.unit_above(index);
            let own = Place::of_node(shape.reference(index), unit);
            for place in 0..self.periods.len() {
                if self.is_over(place) || !self.is_absent(index, place) {
                    continue;
                }
                let due = self
                    .course
                    .leaves
                    .get_mut(&own)
                    .and_then(|dues| dues.get_mut(place));
                let Some(due) = due.filter(|due| due.to_come.0 > 0) else {
                    continue;
                };
                let taken = std::mem::take(&mut due.to_come);
                let nobodys = self
                    .nobodys
                    .entry(unit)
                    .or_insert_with(|| vec![Due::default(); self.periods.len()]);
                if let Some(nobodys) = nobodys.get_mut(place) {
                    nobodys.to_come.0 = nobodys.to_come.0.saturating_add(taken.0);
                }
            }
        }
    }

    /// The nodes of the version, in pre-order; below each unit with people one for what is nobody's, where anything is and
    /// there is none yet. `called`: what such a node is called.
    fn nodes(&self, called: &str) -> Vec<Node> {
        let known = &self.state.nodes;
        let shape = self.state.grid.shape();
        let mut nodes: Vec<Node> = Vec::with_capacity(known.len() + self.nobodys.len());
        // Units that are still open on the way down, the innermost last.
        let mut open: Vec<NodeIndex> = Vec::new();
        let close = |nodes: &mut Vec<Node>, index: NodeIndex| {
            let Some(node) = known.get(index.0 as usize) else {
                return;
            };
            let NodeRef::Unit(unit) = node.of else { return };
            let is_something = self.nobodys.get(&unit).is_some_and(|dues| {
                let money = |due: &Due| due.booked.0 > 0 || due.to_come.0 > 0;
                dues.iter().any(money)
            });
            let has_one = shape
                .children(index)
                .any(|child| self.level(child) == Some(UNASSIGNED));
            if is_something && !has_one && !shape.is_leaf(index) {
                nodes.push(Node {
                    id: NodeId(clock::new_id()),
                    ordinal: 0,
                    parent: Some(node.id),
                    of: node.of,
                    level: UNASSIGNED.to_owned(),
                    name: called.to_owned(),
                    carrier: None,
                });
            }
        };
        for index in shape.nodes() {
            while let Some(last) = open.last().copied()
                && shape.parent(index) != Some(last)
            {
                close(&mut nodes, last);
                open.pop();
            }
            nodes.extend(known.get(index.0 as usize).cloned());
            open.push(index);
        }
        while let Some(last) = open.pop() {
            close(&mut nodes, last);
        }
        for (ordinal, node) in (0..).zip(&mut nodes) {
            node.ordinal = ordinal;
        }
        nodes
    }

    fn level(&self, index: NodeIndex) -> Option<&str> {
        Some(self.state.node(index)?.level.as_str())
    }

    /// Where each node stood in the version.
    fn were(&self, nodes: &[Node]) -> Vec<Option<NodeIndex>> {
        let had: HashMap<NodeId, NodeIndex> = self
            .state
            .nodes
            .iter()
            .map(|node| (node.id, NodeIndex(node.ordinal)))
            .collect();
        nodes.iter().map(|node| had.get(&node.id).copied()).collect()
    }

    fn grid(&self, nodes: &[Node], shape: &Arc<Shape>, scope: &Scope) -> Result<Grid, Error> {
        let were = self.were(nodes);
        let before = |index: NodeIndex| were.get(index.0 as usize).copied().flatten();
        let mut amounts = vec![Minor(0); shape.cells()];
        for place in 0..self.periods.len() {
            let period = PeriodIndex(u16::try_from(place).map_err(damaged)?);
            for index in shape.nodes().rev() {
                let was = before(index);
                let amount = if shape.is_leaf(index) {
                    let node = nodes.get(index.0 as usize);
                    self.leaf(node, was, place)
                } else {
                    let sum = shape
                        .children(index)
                        .map(|child| amounts[shape.cell(child, period).0 as usize].0)
                        .fold(0_i64, i64::saturating_add);
                    Minor(sum - self.hedge(was, place).min(sum))
                };
                amounts[shape.cell(index, period).0 as usize] = amount;
            }
        }
        if amounts.iter().any(|amount| amount.0 > MAX_AMOUNT) {
            return Err(Error::conflict(
                "total_cannot_be_split",
                "已完成或预计完成的数字超出计划能容纳的范围。",
                "What was done, or is expected, is more than a plan can hold.",
            ));
        }
        let mut grid = Grid::from_amounts(Arc::clone(shape), amounts).map_err(damaged)?;
        let held = self.held(&grid, &before, scope);
        grid.fold(&held).map_err(damaged)?;
        Ok(grid)
    }

    /// What a leaf starts with in a period: booked where it is over; else booked and expected, or its old number where
    /// nothing can be expected yet.
    fn leaf(&self, node: Option<&Node>, was: Option<NodeIndex>, place: usize) -> Minor {
        let Some(node) = node else { return Minor(0) };
        let due = self.due(node, was, place);
        let booked = due.booked.0.max(0);
        if self.is_over(place) {
            return Minor(booked);
        }
        if self.is_looked_at_again() {
            return Minor(booked.saturating_add(due.to_come.0));
        }
        let old = was.map_or(0, |was| self.old(was, place).0);
        Minor(old.max(booked))
    }

    /// What a leaf brought in a period, and what more is expected of it there.
    fn due(&self, node: &Node, was: Option<NodeIndex>, place: usize) -> Due {
        let dues = match node.of {
            NodeRef::Unit(unit) if node.level == UNASSIGNED => self.nobodys.get(&unit),
            of => {
                let unit = was.map_or(UnitId::default(), |was| self.unit_above(was));
                self.course.leaves.get(&Place::of_node(of, unit))
            }
        };
        dues.and_then(|dues| dues.get(place)).copied().unwrap_or_default()
    }

    fn old(&self, was: NodeIndex, place: usize) -> Minor {
        let period = u16::try_from(place).ok().map(PeriodIndex);
        self.state.grid.amount(was, period)
    }

    /// What the parts of a node are to bring above its number: an outlook says what is expected, so nothing; where there is
    /// none, what it was. What the periods that are over had of it is over with them: the people make that up, or where each
    /// team keeps its own number, the units above the teams carry it on.
    fn hedge(&self, was: Option<NodeIndex>, place: usize) -> i64 {
        if self.is_over(place) || self.is_looked_at_again() {
            return 0;
        }
        let period = u16::try_from(place).ok().map(PeriodIndex);
        was.map_or(0, |was| {
            let own = self.state.grid.hedge(was, period).0;
            own.saturating_add(self.carried_on(was, place))
        })
    }

    /// The part of a period that is left of what a unit above the teams had in those that are over: by what it has in each,
    /// and the same in each where that is nothing.
    fn carried_on(&self, was: NodeIndex, place: usize) -> i64 {
        let (grid, shape) = (&self.state.grid, self.state.grid.shape());
        let is_nobodys = |child: NodeIndex| self.level(child) == Some(UNASSIGNED);
        let is_above = !shape.is_leaf(was)
            && shape
                .children(was)
                .all(|child| !shape.is_leaf(child) || is_nobodys(child));
        if self.begin != Begin::MakeUpTeams || !is_above {
            return 0;
        }
        let over: i64 = (0..)
            .zip(grid.periods())
            .filter(|(place, _)| self.is_over(*place))
            .map(|(_, period)| grid.hedge(was, Some(period)).0)
            .sum();
        if over == 0 {
            return 0;
        }
        let mut left: Vec<(usize, i64)> = (0..)
            .zip(grid.periods())
            .filter(|(place, _)| !self.is_over(*place))
            .map(|(place, period)| (place, grid.amount(was, Some(period)).0))
            .collect();
        if left.iter().all(|(_, amount)| *amount == 0) {
            for (_, amount) in &mut left {
                *amount = 1;
            }
        }
        let sum = |before: usize| -> i128 {
            let amounts = left.iter().filter(|(at, _)| *at < before);
            amounts.map(|(_, amount)| i128::from(*amount)).sum()
        };
        let all = sum(usize::MAX).max(1);
        let until = |before: usize| i128::from(over) * sum(before) / all;
        i64::try_from(until(place + 1) - until(place)).unwrap_or(i64::MAX)
    }
}
