//! One amount changes: how far it may, which other periods balance it, and who gives.

use super::blockers::{Totals, Way, own_room};
use super::margins::{Frame, Handle};
use super::refuse::{check_amount, check_bounds};
use super::region::Region;
use super::rows::Kept;
use super::spread::Rule;
use crate::allocation::{Filler, Slot};
use crate::plan::{Give, Grid, Keep, MAX_AMOUNT, NodeIndex, PeriodIndex, Refusal};

/// What is moved and what is to stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aim {
    /// The row.
    pub node: NodeIndex,
    /// The period, or the total.
    pub period: Option<PeriodIndex>,
    /// What stays.
    pub keep: Keep,
    /// Who gives.
    pub give: Give,
}

/// Who balances the change of a node within a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counterpart {
    Siblings,
    Ancestors,
    Hedge,
}

/// A prepared change: everything that does not depend on the amount.
pub(super) struct Motion {
    pub(super) aim: Aim,
    pub(super) counterpart: Counterpart,
    pub(super) region: Region,
    pub(super) own: usize,
    /// How far the node may go down and up in each period, itself and its counterpart considered.
    pub(super) rooms: Vec<(i64, i64)>,
    /// How a new total is shared over the periods; empty for present proportions.
    pub(super) seasons: Vec<u64>,
    /// The change of the node in each period, once solved.
    pub(super) delta: Vec<i64>,
    filler: Filler,
    slots: Vec<Slot>,
}

impl Motion {
    pub(super) fn new(grid: &Grid, aim: Aim) -> Result<Self, Refusal> {
        grid.known(aim.node, aim.period)?;
        let shape = grid.shape();
        let parent = shape.parent(aim.node);
        let counterpart = match (aim.give, aim.keep) {
            _ if parent.is_none() => Counterpart::Ancestors,
            (Give::Hedge, _) => Counterpart::Hedge,
            (Give::Siblings, Keep::Column | Keep::Both) => Counterpart::Siblings,
            (Give::ParentGrows, _) | (Give::Siblings, Keep::Row | Keep::None) => Counterpart::Ancestors,
        };
        let root = match parent {
            Some(parent) if counterpart == Counterpart::Siblings => parent,
            _ => aim.node,
        };
        let periods = match aim.period {
            Some(period) if matches!(aim.keep, Keep::Column | Keep::None) => vec![period],
            _ => grid.periods().collect(),
        };
        let kept = match (counterpart, aim.period, aim.keep) {
            (Counterpart::Siblings, Some(_), Keep::Both) => Kept::Children,
            (Counterpart::Siblings, _, _) => Kept::Looked(aim.node),
            _ => Kept::Nothing,
        };
        let region = Region::new(grid, root, periods, kept);
        let columns = region.periods.len();
        let mut motion = Self {
            aim,
            counterpart,
            own: region.local(aim.node),
            region,
            rooms: Vec::with_capacity(columns),
            seasons: Vec::new(),
            delta: vec![0; columns],
            filler: Filler::default(),
            slots: Vec::new(),
        };
        for column in 0..columns {
            let room = motion.room(grid, column);
            motion.rooms.push(room);
        }
        Ok(motion)
    }

    /// Least and largest amount that can be set.
    pub(super) fn reach(&self, grid: &Grid) -> (i64, i64) {
        let now = grid.amount_or_total(self.aim.node, self.aim.period);
        let [down, up] = [Way::Down, Way::Up].map(|way| {
            let room = self.exact_room(grid, way);
            let own = own_room(grid, (self.aim.node, self.aim.period), way);
            own.map_or(room, |(own, _, _)| room.min(own))
        });
        (now - down.min(now), now + up.min(MAX_AMOUNT - now))
    }

    /// Sets the amount of the node, and of who balances it: siblings in `region`, ancestors and hedge by `delta`.
    /// Nothing below these is touched yet.
    pub(super) fn solve(&mut self, grid: &Grid, amount: i64) -> Result<(), Refusal> {
        let (node, period) = (self.aim.node, self.aim.period);
        let now = grid.amount_or_total(node, period);
        self.check_own(grid, amount)?;
        let (down, up) = self.way_rooms(grid);
        let wanted = amount - now;
        if wanted > up || -wanted > down {
            if let Some(refusal) = self.hedge_refusal(grid, wanted) {
                return Err(refusal);
            }
            return Err(self.blocked(grid, amount));
        }
        self.delta.fill(0);
        match self.pivot() {
            Some(pivot) => {
                self.delta[pivot] = wanted;
                if self.region.periods.len() > 1 {
                    self.balance(grid, pivot, wanted);
                }
            }
            None => self.distribute(grid, amount),
        }
        for column in 0..self.delta.len() {
            let at = self.region.at(column, self.own);
            self.region.new[at] = self.region.now(grid, column, self.own) + self.delta[column];
        }
        if self.counterpart == Counterpart::Siblings && wanted != 0 {
            let rule = Rule {
                except: Some(self.own),
                ..Rule::FOLLOW
            };
            self.region
                .spread(grid, 0, rule)
                .map_err(|gap| self.gap(grid, gap))?;
        }
        if self.region.rows.is_empty() || self.delta.iter().all(|change| *change == 0) {
            return Ok(());
        }
        self.solve_rows(grid, amount)
    }

    /// Rows whose totals are bound or kept come within their bounds.
    fn solve_rows(&mut self, grid: &Grid, amount: i64) -> Result<(), Refusal> {
        let bounds = self.root_bounds(grid);
        let group = (self.counterpart == Counterpart::Siblings).then_some(0);
        let frame = self.frame(bounds.as_deref());
        let settled = self
            .region
            .settle_rows(grid, frame, group, |_| Rule::FOLLOW)
            .map_err(|gap| self.gap(grid, gap))?;
        if !settled {
            return Err(self.blocked(grid, amount));
        }
        for column in 0..self.delta.len() {
            self.delta[column] =
                self.region.amount(column, self.own) - self.region.now(grid, column, self.own);
        }
        Ok(())
    }

    /// The handle's place among bound rows.
    pub(super) fn pivot(&self) -> Option<usize> {
        let period = self.aim.period?;
        self.region.periods.iter().position(|column| *column == period)
    }

    pub(super) fn frame<'a>(&self, root: Option<&'a [(i64, i64)]>) -> Frame<'a> {
        Frame {
            root,
            own: self.own,
            handle: self.pivot().map_or(Handle::Total, Handle::Cell),
        }
    }

    /// Bounds of the region's root, where that is the node itself.
    pub(super) fn root_bounds(&self, grid: &Grid) -> Option<Vec<(i64, i64)>> {
        let of = |(column, (down, up)): (usize, &(i64, i64))| {
            let now = self.region.now(grid, column, self.own);
            (now - down, now + up)
        };
        (self.own == 0).then(|| self.rooms.iter().enumerate().map(of).collect())
    }

    /// Everything below the node and its siblings follows.
    pub(super) fn settle(&mut self, grid: &Grid) -> Result<(), Refusal> {
        if self.counterpart != Counterpart::Siblings {
            return self
                .region
                .descend(grid, self.own, Rule::FOLLOW)
                .map_err(|gap| self.gap(grid, gap));
        }
        let mut child = 1;
        while child < self.region.len {
            self.region
                .descend(grid, child, Rule::FOLLOW)
                .map_err(|gap| self.gap(grid, gap))?;
            child = self.region.end(grid, child);
        }
        Ok(())
    }

    /// The amount itself against the limits of amounts and the row's own lock, floor and cap.
    pub(super) fn check_own(&self, grid: &Grid, amount: i64) -> Result<(), Refusal> {
        let (node, period) = (self.aim.node, self.aim.period);
        let now = grid.amount_or_total(node, period);
        check_amount(node, period, amount)?;
        if amount == now {
            return Ok(());
        }
        check_bounds(grid, node, period, amount)?;
        if period.is_some() && self.totals() == Totals::Change {
            let total = grid.amount_or_total(node, None) + amount - now;
            check_amount(node, None, total)?;
            check_bounds(grid, node, None, total)?;
        }
        Ok(())
    }

    /// The node's other periods give (or take) what one takes, in proportion.
    fn balance(&mut self, grid: &Grid, pivot: usize, wanted: i64) {
        self.slots.clear();
        for column in (0..self.rooms.len()).filter(|column| *column != pivot) {
            let (down, up) = self.rooms[column];
            let weight = self.region.now(grid, column, self.own) as u64;
            self.slots.push(Slot::new(
                column as u32,
                weight,
                0,
                if wanted > 0 { down } else { up },
            ));
        }
        self.filler.fill(wanted.abs(), &mut self.slots, u128::from);
        for slot in &self.slots {
            self.delta[slot.id as usize] = -wanted.signum() * slot.amount;
        }
    }

    /// A new total over the periods, by the seasons, in the proportions of the node, or of its parent where it has nothing
    /// yet.
    fn distribute(&mut self, grid: &Grid, total: i64) {
        self.slots.clear();
        for (column, (down, up)) in self.rooms.iter().enumerate() {
            let now = self.region.now(grid, column, self.own);
            let weight = self.seasons.get(column).copied().unwrap_or(now as u64);
            self.slots
                .push(Slot::new(column as u32, weight, now - down, now + up));
        }
        let parent = grid.shape().parent(self.aim.node);
        if let Some(parent) = parent.filter(|_| self.slots.iter().all(|slot| slot.weight == 0)) {
            for slot in &mut self.slots {
                let period = self.region.periods[slot.id as usize];
                slot.weight = grid.cell_amount(parent, period) as u64;
            }
        }
        self.filler.fill(total, &mut self.slots, u128::from);
        for slot in &self.slots {
            let column = slot.id as usize;
            self.delta[column] = slot.amount - self.region.now(grid, column, self.own);
        }
    }
}
