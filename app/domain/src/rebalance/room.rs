//! How far an amount may go: itself, who balances it, and the bounds of totals.

use super::blockers::{Totals, Way};
use super::motion::{Counterpart, Motion};
use super::region::CEILING;
use crate::plan::{Grid, Keep, MAX_AMOUNT, NodeIndex, PeriodIndex};

impl Motion {
    /// Whether totals change with the move.
    pub(super) fn totals(&self) -> Totals {
        match (self.aim.period, self.aim.keep) {
            (Some(_), Keep::Row | Keep::Both) => Totals::Stay,
            _ => Totals::Change,
        }
    }

    /// How far the node may go in one period, down and up.
    pub(super) fn room(&self, grid: &Grid, column: usize) -> (i64, i64) {
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
                let (down, up) = self.rooms_of_hedge(grid, column);
                limit(down, up);
            }
        }
        (down, up)
    }

    /// How far the node may go, down and up, for the parent's hedge.
    pub(super) fn rooms_of_hedge(&self, grid: &Grid, column: usize) -> (i64, i64) {
        let period = self.region.periods[column];
        let Some(parent) = grid.shape().parent(self.aim.node) else {
            return (0, 0);
        };
        let hedge = grid.cell_hedge(parent, period);
        (hedge, (hedge_limit(grid, parent, period) - hedge).max(0))
    }

    /// How far the amount that is set may go, down and up, its own lock and bounds apart.
    pub(super) fn way_rooms(&self, grid: &Grid) -> (i64, i64) {
        let sum =
            |rooms: &mut dyn Iterator<Item = i64>| rooms.fold(0_i64, |sum, room| (sum + room).min(CEILING));
        let Some(pivot) = self.pivot() else {
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

    /// The same one way, to the last unit where totals are bound too.
    pub(super) fn exact_room(&self, grid: &Grid, way: Way) -> i64 {
        let room = way.pick(self.way_rooms(grid));
        if self.region.rows.is_empty() {
            return room;
        }
        let bounds = self.root_bounds(grid);
        self.region
            .room_of_rows(grid, self.frame(bounds.as_deref()), way, room)
    }

    /// How far the total may go for the bounds of totals above.
    pub(super) fn total_rooms(&self, grid: &Grid) -> (i64, i64) {
        let now = grid.amount_or_total(self.aim.node, None);
        let (mut down, mut up) = (now, MAX_AMOUNT - now);
        if self.counterpart == Counterpart::Ancestors {
            for node in grid.shape().ancestors(self.aim.node) {
                let room = total_room(grid, node);
                down = down.min(room.0);
                up = up.min(room.1);
            }
        }
        (down, up)
    }
}

/// The most a hedge may be.
pub(super) fn hedge_limit(grid: &Grid, parent: NodeIndex, period: PeriodIndex) -> i64 {
    let amount = i128::from(grid.cell_amount(parent, period));
    let limit = amount * i128::from(grid.hedge_limit_ppm()) / 1_000_000;
    limit.min(i128::from(MAX_AMOUNT)) as i64
}

/// How far a total may go, down and up, for its own lock and bounds.
pub(super) fn total_room(grid: &Grid, node: NodeIndex) -> (i64, i64) {
    let now = grid.amount_or_total(node, None);
    let (lo, hi) = grid.constraint(node, None).bounds(now);
    (now - lo, hi.min(MAX_AMOUNT) - now)
}
