//! A change as rows, moves of amounts, and what is not there before and after.

mod merge;
mod refuse;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::basis::ramp_factor;
use domain::id::{MemberId, NodeId, UnitId};
use domain::money::Minor;
use domain::plan::NodeRef;
use domain::staffing::{
    Carry, Change, Days, Effect, Giver, Move, Rest, Row, Source, StaffingError, Taker, goes, joins, leaves,
    parts,
};
use domain::target::Span;
use store::assignment::WHOLE_PPM;

use super::ground::Ground;
use super::rows::Rows;
use crate::Error;
use crate::plan::UNASSIGNED;
use crate::plan::state::damaged;
pub(super) use merge::Follower;
use refuse::{no_number, not_in_plan, same_unit};

/// A part of a row's weights that goes elsewhere, or nowhere.
pub(super) struct Moved {
    pub(super) from: NodeId,
    pub(super) to: Option<NodeId>,
    pub(super) days: Vec<Days>,
}

/// What a change comes to.
pub(super) struct Work<'a> {
    pub(super) ground: &'a Ground,
    pub(super) rows: Rows<'a>,
    /// The rows that give or take, and their nodes.
    pub(super) table: Vec<Row>,
    pub(super) ids: Vec<NodeId>,
    /// By node, its place among them.
    places: HashMap<NodeId, usize>,
    pub(super) moves: Vec<Move>,
    pub(super) effects: BTreeMap<NodeId, Effect>,
    /// Whose weights change with it.
    pub(super) moved: Vec<Moved>,
    /// Who is new with a number of their own.
    pub(super) newcomers: BTreeSet<NodeId>,
    /// Rows nobody is there for in a span.
    pub(super) absent: Vec<(NodeId, Span)>,
    /// Rows of people who were gone, or elsewhere, and are there again from the day on.
    pub(super) returning: BTreeSet<NodeId>,
    /// Units that go on as others below the unit theirs becomes part of, those above first.
    pub(super) followers: Vec<Follower>,
}

/// Reckons a change.
pub(super) fn reckon<'a>(ground: &'a Ground, change: &Change) -> Result<Work<'a>, Error> {
    let mut work = Work {
        ground,
        rows: Rows::of(&ground.state),
        table: Vec::new(),
        ids: Vec::new(),
        places: HashMap::new(),
        moves: Vec::new(),
        effects: BTreeMap::new(),
        moved: Vec::new(),
        newcomers: BTreeSet::new(),
        absent: Vec::new(),
        returning: BTreeSet::new(),
        followers: Vec::new(),
    };
    match *change {
        Change::Leaver { member, rest } => work.hand_over(member, rest, None)?,
        Change::Leave {
            member, until, rest, ..
        } => {
            let away = Span {
                starts_on: ground.on,
                ends_on: until,
            };
            if away.days() == 0 {
                return Err(Error::invalid_field(
                    "leave_without_days",
                    "until",
                    "返岗日期须晚于休假开始的日期。",
                    "Somebody is back after they went.",
                ));
            }
            work.hand_over(member, rest, Some(away))?;
        }
        Change::Joiner {
            member,
            unit,
            source,
            ramp,
        } => work.join(member, unit, source, ramp)?,
        Change::Transfer {
            member,
            from,
            to,
            number,
        } => work.transfer(member, from, to, number)?,
        Change::Merger { from, into } => work.merge(from, into)?,
    }
    if work.moves.is_empty() && work.newcomers.is_empty() && work.returning.is_empty() {
        return Err(Error::conflict(
            "nothing_changes",
            "这项变动不影响任何数字：这一天之后没有需要移交的目标。",
            "This changes no number: nothing is to be handed over from this day on.",
        ));
    }
    Ok(work)
}

impl Work<'_> {
    /// Somebody hands over what they have from the day on, or of the days they are away.
    fn hand_over(&mut self, member: MemberId, rest: Rest, away: Option<Span>) -> Result<(), Error> {
        let own = self.rows.of_member(member);
        if own.is_empty() {
            return Err(no_number(self.ground.name(member)?));
        }
        let span = away.unwrap_or_else(|| self.ground.since());
        for (id, unit) in own {
            let of = self.rows.unit_of(unit).unwrap_or_default();
            let days = self.ground.days(member, of, span);
            self.effects.insert(
                id,
                away.map_or(Effect::HandsOver { on: self.ground.on }, |away| Effect::Away {
                    from: away.starts_on,
                    until: away.ends_on,
                }),
            );
            self.absent.push((id, span));
            let heir = self.give(id, unit, &days, rest)?;
            if away.is_none() {
                self.moved.push(Moved {
                    from: id,
                    to: heir,
                    days,
                });
            }
        }
        Ok(())
    }

    /// A row gives what falls on some days to whom it is to go; answers the successor's row.
    fn give(&mut self, id: NodeId, unit: NodeId, days: &[Days], rest: Rest) -> Result<Option<NodeId>, Error> {
        let part = parts(&self.rows.amounts(id), days);
        let nobody = self.rows.nobody_in(unit, self.ground.nobody);
        let (from, to_nobody) = (self.place(id), self.place(nobody));
        let mut heir = None;
        let moves = match rest {
            Rest::Nobody => leaves(&self.table, from, to_nobody, &part, Taker::Nobody),
            Rest::Colleagues => {
                let colleagues = self.colleagues(unit, id);
                leaves(
                    &self.table,
                    from,
                    to_nobody,
                    &part,
                    Taker::Colleagues(&colleagues),
                )
            }
            Rest::Successor { member, ramp } => {
                if self
                    .rows
                    .get(id)
                    .is_some_and(|node| node.of == NodeRef::Member(member))
                {
                    return Err(Error::invalid_field(
                        "own_successor",
                        "successor",
                        "接任者不能是本人。",
                        "Nobody is their own successor.",
                    ));
                }
                let row = self.begins(unit, member, ramp)?;
                heir = Some(row);
                let (to, ppm) = (self.place(row), self.ppm(ramp)?);
                leaves(&self.table, from, to_nobody, &part, Taker::Successor(to, &ppm))
            }
        };
        let stays = |one: &Move| one.to == to_nobody;
        if moves.as_ref().is_ok_and(|moves| moves.iter().any(stays)) {
            self.returns(nobody);
        }
        self.take(moves, Effect::TakesOver)?;
        Ok(heir)
    }

    /// Somebody comes to a unit.
    fn join(&mut self, member: MemberId, unit: UnitId, source: Source, ramp: bool) -> Result<(), Error> {
        self.refuse_placed(member)?;
        let unit = self.unit(unit)?;
        let row = self.begins(unit, member, ramp)?;
        self.returns(row);
        let days = self.ground.plain_days(self.ground.since());
        let (to, ppm) = (self.place(row), self.ppm(ramp)?);
        let moves = match source {
            Source::Nothing => return Ok(()),
            Source::Nobody => {
                let nobody = self.rows.nobody_in(unit, self.ground.nobody);
                let nobody = self.place(nobody);
                joins(&self.table, to, Giver::Nobody(nobody), &days, &ppm)
            }
            Source::Colleagues => {
                let colleagues = self.colleagues(unit, row);
                joins(&self.table, to, Giver::Colleagues(&colleagues), &days, &ppm)
            }
        };
        self.take(moves, Effect::Gives)
    }

    /// Somebody moves from one unit to another.
    fn transfer(&mut self, member: MemberId, from: UnitId, to: UnitId, number: Carry) -> Result<(), Error> {
        if from == to {
            return Err(same_unit());
        }
        let name = self.ground.name(member)?;
        let own = self.rows.of_member(member);
        let old = own
            .into_iter()
            .find(|(_, unit)| self.rows.unit_of(*unit) == Some(from));
        let (id, unit) = old.ok_or_else(|| no_number(name))?;
        let days = self.ground.days(member, from, self.ground.since());
        let to = self.unit(to)?;
        let new = self.begins(to, member, false)?;
        self.returns(new);
        self.effects.insert(id, Effect::HandsOver { on: self.ground.on });
        self.absent.push((id, self.ground.since()));
        match number {
            Carry::Goes => self.go(id, new, &days)?,
            Carry::Colleagues => {
                self.give(id, unit, &days, Rest::Colleagues)?;
            }
            Carry::Nobody => {
                self.give(id, unit, &days, Rest::Nobody)?;
            }
        }
        self.moved.push(Moved {
            from: id,
            to: Some(new),
            days,
        });
        Ok(())
    }

    /// What a row has from the day on goes to another.
    fn go(&mut self, id: NodeId, to: NodeId, days: &[Days]) -> Result<(), Error> {
        let part = parts(&self.rows.amounts(id), days);
        let (from, to) = (self.place(id), self.place(to));
        self.take(Ok(goes(from, to, &part)), Effect::TakesOver)
    }

    /// The row of somebody who begins in a unit on the day, or is there already.
    fn begins(&mut self, unit: NodeId, member: MemberId, ramp: bool) -> Result<NodeId, Error> {
        let name = self.ground.name(member)?;
        self.rows.keep_own(unit, self.ground.nobody);
        let row = self.rows.member_in(unit, member, name);
        if self.rows.is_added(row) && self.newcomers.insert(row) {
            self.absent.push((row, self.ground.until()));
        }
        let on = self.ground.on;
        self.effects.insert(row, Effect::Begins { on, ramp });
        Ok(row)
    }

    /// Notes a row that was shut, because nobody was there, and is to be open again.
    fn returns(&mut self, row: NodeId) {
        let Some(was) = self.rows.was(row) else {
            return;
        };
        let grid = &self.ground.state.grid;
        let mut periods = grid.periods().zip(self.ground.periods());
        let is_shut = periods.any(|(period, days)| {
            self.ground.on < days.ends_on && grid.constraint(was, Some(period)).cap == Some(Minor(0))
        });
        if is_shut {
            self.returning.insert(row);
        }
    }

    /// The row of a unit, made where the version has none.
    fn unit(&mut self, unit: UnitId) -> Result<NodeId, Error> {
        let ground = self.ground;
        if let Some(known) = ground.unit(unit).filter(|known| !known.exists_on(ground.on)) {
            return Err(Error::invalid_field(
                "unit_ended",
                "unit",
                format!("{} 时部门“{}”不存在。", ground.on, known.name),
                format!("The unit \"{}\" does not exist on {}.", known.name, ground.on),
            ));
        }
        let row = self.rows.ensure_unit(unit, &ground.people.units, ground.nobody);
        row.ok_or_else(|| not_in_plan(ground, unit))
    }

    /// The places of the people in a unit but one.
    fn colleagues(&mut self, unit: NodeId, but: NodeId) -> Vec<usize> {
        let mut people = self.rows.people_in(unit);
        people.retain(|id| *id != but);
        people.into_iter().map(|id| self.place(id)).collect()
    }

    /// Keeps moves, and says why rows take or give that nothing was said of yet.
    fn take(&mut self, moves: Result<Vec<Move>, StaffingError>, effect: Effect) -> Result<(), Error> {
        for one in moves.map_err(damaged)? {
            for place in [one.from, one.to] {
                let Some(id) = self.ids.get(place).copied() else {
                    continue;
                };
                let is_nobodys = self.rows.get(id).is_some_and(|node| node.level == UNASSIGNED);
                let effect = if is_nobodys { Effect::Vacant } else { effect };
                self.effects.entry(id).or_insert(effect);
            }
            self.moves.push(one);
        }
        Ok(())
    }

    /// The place of a row among those that give or take.
    fn place(&mut self, id: NodeId) -> usize {
        if let Some(place) = self.places.get(&id) {
            return *place;
        }
        let (key, member) = match self.rows.get(id).map(|node| node.of) {
            Some(NodeRef::Member(member)) => (NodeRef::Member(member).key(), Some(member)),
            Some(of) => (of.key(), None),
            None => (0, None),
        };
        let was = self.rows.was(id);
        let left_on = member.and_then(|member| self.ground.left_on(member));
        let returns = self.returning.contains(&id);
        let grid = &self.ground.state.grid;
        let takes = grid
            .periods()
            .zip(self.ground.periods())
            .map(|(period, days)| {
                let cap = was.and_then(|was| grid.constraint(was, Some(period)).cap);
                let begins = days.starts_on.max(self.ground.on);
                let is_open = cap.is_none_or(|cap| cap.0 > 0) || (returns && self.ground.on < days.ends_on);
                is_open && left_on.is_none_or(|left| left > begins)
            })
            .collect();
        self.table.push(Row {
            key,
            amounts: self.rows.amounts(id),
            takes,
        });
        let place = self.ids.len();
        self.ids.push(id);
        self.places.insert(id, place);
        place
    }

    /// What somebody carries of each period: all of it, or what a beginner does.
    fn ppm(&self, ramp: bool) -> Result<Vec<u32>, Error> {
        let periods = self.ground.periods();
        if !ramp {
            return Ok(vec![WHOLE_PPM; periods.len()]);
        }
        ramp_factor(&self.ground.ramp, self.ground.on, periods, &self.ground.working).map_err(damaged)
    }
}
