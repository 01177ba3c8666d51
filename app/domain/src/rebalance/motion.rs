//! One amount changes: how far it may, which other periods balance it, and who gives.

use super::blockers::{Totals, Way, collect, fewest, own_room};
use super::region::{CEILING, Region};
use super::spread::{Gap, Rule};
use crate::allocation::{Filler, Slot};
use crate::money::Minor;
use crate::plan::{Blocker, Cause, Give, Grid, Keep, MAX_AMOUNT, NodeIndex, PeriodIndex, Refusal};

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
    rooms: Vec<(i64, i64)>,
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
        let region = Region::new(grid, root, periods);
        let columns = region.periods.len();
        let mut motion = Self {
            aim,
            counterpart,
            own: region.local(aim.node),
            region,
            rooms: Vec::with_capacity(columns),
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
        let (mut down, mut up) = self.way_rooms(grid);
        for (way, room) in [(Way::Down, &mut down), (Way::Up, &mut up)] {
            if let Some((own, _, _)) = own_room(grid, self.aim.node, self.aim.period, way) {
                *room = (*room).min(own);
            }
        }
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
        match period.and_then(|period| self.region.periods.iter().position(|column| *column == period)) {
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
        Ok(())
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

    /// The refusal of an amount that bounds of others prevent.
    pub(super) fn blocked(&self, grid: &Grid, amount: i64) -> Refusal {
        let now = grid.amount_or_total(self.aim.node, self.aim.period);
        let (down, up) = self.way_rooms(grid);
        let reachable = amount.clamp(now - down, now + up);
        let missing = (amount - reachable).abs();
        let way = Way::of(amount - now);
        let mut found = Vec::new();
        let pivot = self
            .aim
            .period
            .and_then(|period| self.region.periods.iter().position(|p| *p == period));
        for column in 0..self.region.periods.len() {
            let way = if pivot.is_none_or(|pivot| pivot == column) {
                way
            } else {
                way.back()
            };
            let (down, up) = self.rooms[column];
            let room = if way == Way::Up { up } else { down };
            let tight = pivot != Some(column) || room < (amount - now).abs();
            if tight {
                self.blockers_in(grid, column, way, &mut found);
            }
        }
        let mut blockers = fewest(grid, found, missing);
        if blockers.is_empty() {
            let (node, cause) = self.natural(grid);
            let amount = grid.amount(node, self.aim.period);
            blockers.push(Blocker {
                node,
                period: self.aim.period,
                cause,
                amount,
                frees: Minor(0),
            });
        }
        Refusal::Blocked {
            node: self.aim.node,
            period: self.aim.period,
            wanted: Minor(amount),
            reachable: Minor(reachable),
            missing: Minor(missing),
            blockers,
        }
    }

    /// The refusal of a spreading that bound totals prevent.
    pub(super) fn gap(&self, grid: &Grid, gap: Gap) -> Refusal {
        gap_refusal(grid, &self.region, gap, self.totals())
    }

    /// Whether totals change with the move.
    fn totals(&self) -> Totals {
        match (self.aim.period, self.aim.keep) {
            (Some(_), Keep::Row | Keep::Both) => Totals::Stay,
            _ => Totals::Change,
        }
    }

    /// The amount itself against the limits of amounts and the row's own lock, floor and cap.
    fn check_own(&self, grid: &Grid, amount: i64) -> Result<(), Refusal> {
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

    /// How far the node may go in one period, down and up.
    fn room(&self, grid: &Grid, column: usize) -> (i64, i64) {
        let region = &self.region;
        let period = region.periods[column];
        let now = region.now(grid, column, self.own);
        let (lo, hi) = region.room(column, self.own);
        let (mut down, mut up) = (now - lo, hi - now);
        let mut limit = |most_down: i64, most_up: i64| {
            down = down.min(most_down);
            up = up.min(most_up);
        };
        if self.totals() == Totals::Change && region.periods.len() == 1 {
            let (down, up) = total_room(grid, self.aim.node);
            limit(down, up);
        }
        match self.counterpart {
            Counterpart::Siblings => {
                let (mut gives, mut takes) = (0_i64, 0_i64);
                let mut child = 1;
                while child < region.len {
                    if child != self.own {
                        let now = region.now(grid, column, child);
                        let (lo, hi) = region.room(column, child);
                        gives = (gives + now - lo).min(CEILING);
                        takes = (takes + hi - now).min(CEILING);
                    }
                    child = region.end(grid, child);
                }
                limit(takes, gives);
            }
            Counterpart::Ancestors => {
                for node in grid.shape().ancestors(self.aim.node) {
                    let now = grid.cell_amount(node, period);
                    let (lo, hi) = grid.constraint(node, Some(period)).bounds(now);
                    limit(now - lo, hi.min(MAX_AMOUNT) - now);
                    if self.totals() == Totals::Change && region.periods.len() == 1 {
                        let (down, up) = total_room(grid, node);
                        limit(down, up);
                    }
                }
            }
            Counterpart::Hedge => {
                if let Some(parent) = grid.shape().parent(self.aim.node) {
                    let hedge = grid.cell_hedge(parent, period);
                    limit(hedge, (hedge_limit(grid, parent, period) - hedge).max(0));
                }
            }
        }
        (down, up)
    }

    /// How far the amount that is set may go, down and up, its own lock and bounds apart.
    fn way_rooms(&self, grid: &Grid) -> (i64, i64) {
        let sum =
            |rooms: &mut dyn Iterator<Item = i64>| rooms.fold(0_i64, |sum, room| (sum + room).min(CEILING));
        let pivot = self
            .aim
            .period
            .and_then(|period| self.region.periods.iter().position(|p| *p == period));
        let Some(pivot) = pivot else {
            let down = sum(&mut self.rooms.iter().map(|room| room.0));
            let up = sum(&mut self.rooms.iter().map(|room| room.1));
            let (total_down, total_up) = self.total_rooms(grid);
            return (down.min(total_down), up.min(total_up));
        };
        let (down, up) = self.rooms[pivot];
        if self.totals() == Totals::Change {
            return (down, up);
        }
        let others = || {
            self.rooms
                .iter()
                .enumerate()
                .filter(move |(column, _)| *column != pivot)
        };
        let gives = sum(&mut others().map(|(_, room)| room.0));
        let takes = sum(&mut others().map(|(_, room)| room.1));
        (down.min(takes), up.min(gives))
    }

    /// How far the total may go for the bounds of totals.
    fn total_rooms(&self, grid: &Grid) -> (i64, i64) {
        let now = grid.amount_or_total(self.aim.node, None);
        let (mut down, mut up) = (now, MAX_AMOUNT - now);
        if self.counterpart == Counterpart::Ancestors {
            for node in grid.shape().ancestors(self.aim.node) {
                let room = total_room(grid, node);
                down = down.min(room.0);
                up = up.min(room.1);
            }
        }
        if self.region.row_lo.is_empty() {
            return (down, up);
        }
        let region = &self.region;
        let row = |local: usize| {
            let now = (0..region.periods.len())
                .map(|column| region.now(grid, column, local))
                .sum::<i64>();
            (now - region.row_lo[local], region.row_hi[local] - now)
        };
        let own = row(self.own);
        down = down.min(own.0);
        up = up.min(own.1);
        if self.counterpart == Counterpart::Siblings {
            let (mut gives, mut takes) = (0_i64, 0_i64);
            let mut child = 1;
            while child < region.len {
                if child != self.own {
                    gives = (gives + row(child).0).min(CEILING);
                    takes = (takes + row(child).1).min(CEILING);
                }
                child = region.end(grid, child);
            }
            down = down.min(takes);
            up = up.min(gives);
        }
        (down, up)
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

    /// A new total over the periods, in the proportions of the node, or of its parent where it has nothing yet.
    fn distribute(&mut self, grid: &Grid, total: i64) {
        self.slots.clear();
        for (column, (down, up)) in self.rooms.iter().enumerate() {
            let now = self.region.now(grid, column, self.own);
            self.slots
                .push(Slot::new(column as u32, now as u64, now - down, now + up));
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

    fn blockers_in(&self, grid: &Grid, column: usize, way: Way, found: &mut Vec<Blocker>) {
        let totals = self.totals();
        let below = grid
            .shape()
            .children(self.aim.node)
            .map(|child| self.region.local(child));
        for child in below {
            collect(grid, &self.region, (column, child), way, totals, found);
        }
        let period = self.region.periods[column];
        if self.aim.period != Some(period) {
            Self::own_blocker(grid, self.aim.node, Some(period), way, found);
        }
        match self.counterpart {
            Counterpart::Siblings => {
                let mut child = 1;
                while child < self.region.len {
                    if child != self.own {
                        collect(grid, &self.region, (column, child), way.back(), totals, found);
                    }
                    child = self.region.end(grid, child);
                }
            }
            Counterpart::Ancestors => {
                for node in grid.shape().ancestors(self.aim.node) {
                    Self::own_blocker(grid, node, Some(period), way, found);
                    if totals == Totals::Change {
                        Self::own_blocker(grid, node, None, way, found);
                    }
                }
            }
            Counterpart::Hedge => {}
        }
    }

    fn own_blocker(
        grid: &Grid,
        node: NodeIndex,
        period: Option<PeriodIndex>,
        way: Way,
        found: &mut Vec<Blocker>,
    ) {
        if let Some((_, cause, amount)) = own_room(grid, node, period, way) {
            found.push(Blocker {
                node,
                period,
                cause,
                amount: Minor(amount),
                frees: Minor(CEILING),
            });
        }
    }

    /// The refusal of a change that the hedge alone cannot balance.
    fn hedge_refusal(&self, grid: &Grid, wanted: i64) -> Option<Refusal> {
        let (parent, period) = (grid.shape().parent(self.aim.node)?, self.aim.period?);
        let limit = hedge_limit(grid, parent, period);
        let hedge = grid.cell_hedge(parent, period) + wanted;
        let breaks = self.counterpart == Counterpart::Hedge && (hedge < 0 || hedge > limit);
        breaks.then_some(Refusal::Hedge {
            node: parent,
            period,
            hedge: Minor(hedge),
            limit: Minor(limit),
        })
    }

    /// What stands in the way when no lock or bound does.
    fn natural(&self, grid: &Grid) -> (NodeIndex, Cause) {
        let node = self.aim.node;
        match grid.shape().parent(node) {
            Some(parent) if self.counterpart == Counterpart::Siblings => {
                let alone = grid.shape().children(parent).count() == 1;
                (parent, if alone { Cause::Kept } else { Cause::Empty })
            }
            Some(parent) if self.counterpart == Counterpart::Hedge => (parent, Cause::Kept),
            _ if self.region.periods.len() == 1 && self.totals() == Totals::Stay => (node, Cause::Kept),
            _ => (node, Cause::Empty),
        }
    }
}

/// The most a hedge may be.
pub(super) fn hedge_limit(grid: &Grid, parent: NodeIndex, period: PeriodIndex) -> i64 {
    let amount = i128::from(grid.cell_amount(parent, period));
    (amount * i128::from(grid.hedge_limit_ppm()) / 1_000_000) as i64
}

/// Refuses a negative or an absurd amount.
pub(crate) fn check_amount(node: NodeIndex, period: Option<PeriodIndex>, amount: i64) -> Result<(), Refusal> {
    if amount < 0 {
        return Err(Refusal::Negative {
            node,
            period,
            amount: Minor(amount),
        });
    }
    if amount > MAX_AMOUNT {
        return Err(Refusal::TooLarge {
            node,
            period,
            amount: Minor(amount),
            limit: Minor(MAX_AMOUNT),
        });
    }
    Ok(())
}

/// Refuses an amount that the place's own lock, floor or cap forbids.
pub(crate) fn check_bounds(
    grid: &Grid,
    node: NodeIndex,
    period: Option<PeriodIndex>,
    amount: i64,
) -> Result<(), Refusal> {
    let held = grid.constraint(node, period);
    let now = grid.amount(node, period);
    let amount = Minor(amount);
    match (held.lock, held.floor, held.cap) {
        (Some(by), _, _) if amount != now => Err(Refusal::Locked {
            node,
            period,
            by,
            amount: now,
        }),
        (_, Some(floor), _) if amount < floor => Err(Refusal::BelowFloor {
            node,
            period,
            floor,
            amount,
        }),
        (_, _, Some(cap)) if amount > cap => Err(Refusal::AboveCap {
            node,
            period,
            cap,
            amount,
        }),
        _ => Ok(()),
    }
}

/// How far a total may go, down and up, for its own lock and bounds.
pub(super) fn total_room(grid: &Grid, node: NodeIndex) -> (i64, i64) {
    let now = grid.amount_or_total(node, None);
    let (lo, hi) = grid.constraint(node, None).bounds(now);
    (now - lo, hi.min(MAX_AMOUNT) - now)
}

/// The refusal of a spreading that its children's bounds prevent.
pub(super) fn gap_refusal(grid: &Grid, region: &Region, gap: Gap, totals: Totals) -> Refusal {
    let missing = (gap.wanted - gap.reachable).abs();
    let way = Way::of(gap.wanted - gap.reachable);
    let mut found = Vec::new();
    for (column, period) in region.periods.iter().enumerate() {
        if gap.period.is_none_or(|only| only == *period) {
            for child in grid.shape().children(gap.parent) {
                collect(
                    grid,
                    region,
                    (column, region.local(child)),
                    way,
                    totals,
                    &mut found,
                );
            }
        }
    }
    Refusal::Blocked {
        node: gap.parent,
        period: gap.period,
        wanted: Minor(gap.wanted),
        reachable: Minor(gap.reachable),
        missing: Minor(missing),
        blockers: fewest(grid, found, missing),
    }
}
