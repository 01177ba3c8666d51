//! A subtree and the periods a change may touch: present amounts, room of every subtree, and the amounts to be.

use super::rows::{Kept, Row, Rows};
use crate::allocation::{Filler, Slot};
use crate::plan::{Grid, MAX_AMOUNT, NodeIndex, PeriodIndex};

/// Sums of bounds stop here, far above any amount and far below overflow.
pub(super) const CEILING: i64 = 4_000_000_000_000_000_000;

/// Flat arrays over a subtree (contiguous in pre-order) × the periods of a change.
///
/// Local index of a node: its index less the root's. `column × len + local` finds a cell.
#[derive(Default)]
pub(super) struct Region {
    pub(super) root: u32,
    pub(super) len: usize,
    pub(super) periods: Vec<PeriodIndex>,
    /// The amounts to be; at first the present ones.
    pub(super) new: Vec<i64>,
    /// About how many of them change.
    pub(super) changed: usize,
    /// Least and largest amount of each cell that the bounds of its whole subtree allow; empty when nothing is held.
    pub(super) lo: Vec<i64>,
    pub(super) hi: Vec<i64>,
    /// Rows whose totals are bound; empty with one period (then `lo` and `hi` contain it).
    pub(super) rows: Rows,
    /// Whether present amounts are outside of bounds, as they may be of proposals: then what does not change is not left out.
    pub(super) broken: bool,
    pub(super) slots: Vec<Slot>,
    pub(super) filler: Filler,
    pub(super) scratch: Scratch,
}

/// Buffers of the spreading over several periods.
#[derive(Default)]
pub(super) struct Scratch {
    pub(super) rows: Vec<u32>,
    pub(super) room: Vec<i64>,
    pub(super) left: Vec<i64>,
    pub(super) made: Vec<i64>,
    pub(super) fixed: Vec<bool>,
}

impl Region {
    /// The region below and including `root`.
    pub(super) fn new(grid: &Grid, root: NodeIndex, periods: Vec<PeriodIndex>, kept: Kept) -> Self {
        let len = (grid.shape().end(root).0 - root.0) as usize;
        let mut region = Self {
            root: root.0,
            len,
            periods,
            ..Self::default()
        };
        region.new.reserve_exact(len * region.periods.len());
        for period in &region.periods {
            let column = &grid.column(*period)[root.0 as usize..root.0 as usize + len];
            region.new.extend_from_slice(column);
        }
        if region.periods.len() > 1 {
            region.rows = region.bound_rows(grid, kept);
        }
        region.find_room(grid);
        region
    }

    /// Notes whether present amounts keep all bounds.
    pub(super) fn find_broken(&mut self) {
        let outside = |(amount, (lo, hi)): (&i64, (&i64, &i64))| amount < lo || amount > hi;
        let mut cells = self.new.iter().zip(self.lo.iter().zip(&self.hi));
        self.broken = cells.any(outside) || !self.rows_hold();
    }

    pub(super) fn local(&self, node: NodeIndex) -> usize {
        (node.0 - self.root) as usize
    }

    pub(super) fn node(&self, local: usize) -> NodeIndex {
        NodeIndex(self.root + local as u32)
    }

    /// The local index after the subtree of `local`.
    pub(super) fn end(&self, grid: &Grid, local: usize) -> usize {
        (grid.shape().ends()[self.root as usize + local] - self.root) as usize
    }

    pub(super) fn at(&self, column: usize, local: usize) -> usize {
        column * self.len + local
    }

    /// The present amount.
    pub(super) fn now(&self, grid: &Grid, column: usize, local: usize) -> i64 {
        grid.column(self.periods[column])[self.root as usize + local]
    }

    /// The amount to be.
    pub(super) fn amount(&self, column: usize, local: usize) -> i64 {
        self.new[self.at(column, local)]
    }

    pub(super) fn hedge(&self, grid: &Grid, column: usize, local: usize) -> i64 {
        grid.cell_hedge(self.node(local), self.periods[column])
    }

    /// Least and largest amount of a cell.
    pub(super) fn room(&self, column: usize, local: usize) -> (i64, i64) {
        if self.lo.is_empty() {
            return (0, MAX_AMOUNT);
        }
        let at = self.at(column, local);
        (self.lo[at], self.hi[at])
    }

    /// The amounts to be, period by period; everything else is given back.
    pub(super) fn into_amounts(self) -> Vec<i64> {
        self.new
    }

    /// Whether any amount of the node is to change.
    pub(super) fn changes(&self, grid: &Grid, local: usize) -> bool {
        (0..self.periods.len()).any(|column| self.amount(column, local) != self.now(grid, column, local))
    }

    fn find_room(&mut self, grid: &Grid) {
        let (from, until) = (self.root, self.root + self.len as u32);
        let totals = grid.held(None, from, until).next().is_some();
        // Below a hedge amounts may exceed the parent's, so there the largest amount is a bound too.
        let bound = |period: &PeriodIndex| {
            grid.held(Some(*period), from, until).next().is_some() || grid.is_hedged(*period, from, until)
        };
        if !totals && !self.periods.iter().any(bound) {
            return;
        }
        let columns = self.periods.len();
        self.lo = vec![0; self.len * columns];
        self.hi = vec![MAX_AMOUNT; self.len * columns];
        for column in 0..columns {
            for (node, held) in grid.held(Some(self.periods[column]), from, until) {
                let at = self.at(column, (node - from) as usize);
                let (lo, hi) = held.bounds(self.new[at]);
                self.lo[at] = lo;
                self.hi[at] = hi.min(MAX_AMOUNT);
            }
        }
        if columns > 1 {
            self.find_room_of_rows(grid);
            return;
        }
        for (node, held) in grid.held(None, from, until) {
            let at = (node - from) as usize;
            let total = grid.amount_or_total(NodeIndex(node), None);
            let elsewhere = total - self.new[at];
            let (lo, hi) = held.bounds(total);
            self.lo[at] = self.lo[at].max(lo - elsewhere);
            self.hi[at] = self.hi[at].min(hi.saturating_sub(elsewhere));
        }
        self.find_room_of_column(grid, 0);
    }

    /// From the leaves up: a subtree has the room of its children together, less its hedge, within its own bounds.
    fn find_room_of_column(&mut self, grid: &Grid, column: usize) {
        let ends = &grid.shape().ends()[self.root as usize..];
        let (root, start) = (self.root as usize, column * self.len);
        let lo = &mut self.lo[start..start + self.len];
        let hi = &mut self.hi[start..start + self.len];
        for local in (0..self.len).rev() {
            let end = ends[local] as usize - root;
            if end == local + 1 {
                continue;
            }
            let (mut least, mut most) = (0_i64, 0_i64);
            let mut child = local + 1;
            while child < end {
                least += lo[child];
                most = (most + hi[child]).min(CEILING);
                child = ends[child] as usize - root;
            }
            let hedge = grid.cell_hedge(NodeIndex((root + local) as u32), self.periods[column]);
            lo[local] = lo[local].max(least - hedge);
            hi[local] = hi[local].min(most - hedge);
        }
    }

    /// As [`Self::find_room_of_column`], where cells of bound rows leave room for one another.
    fn find_room_of_rows(&mut self, grid: &Grid) {
        if self.rows.is_empty() {
            for column in 0..self.periods.len() {
                self.find_room_of_column(grid, column);
            }
            return;
        }
        let rows = std::mem::take(&mut self.rows);
        for local in (0..self.len).rev() {
            let end = self.end(grid, local);
            for column in (0..self.periods.len()).filter(|_| end > local + 1) {
                let (mut least, mut most) = (0_i64, 0_i64);
                let mut child = local + 1;
                while child < end {
                    let at = self.at(column, child);
                    least += self.lo[at];
                    most = (most + self.hi[at]).min(CEILING);
                    child = self.end(grid, child);
                }
                let hedge = self.hedge(grid, column, local);
                let at = self.at(column, local);
                self.lo[at] = self.lo[at].max(least - hedge);
                self.hi[at] = self.hi[at].min(most - hedge);
            }
            if let Some(row) = rows.get(&local) {
                self.narrow(local, *row);
            }
        }
        self.rows = rows;
    }

    /// What a row's other periods cannot take or give, one must.
    fn narrow(&mut self, local: usize, row: Row) {
        let columns = self.periods.len();
        let sum = |bounds: &[i64]| {
            let bounds = (0..columns).map(|column| bounds[self.at(column, local)]);
            bounds.fold(0_i64, |sum, bound| (sum + bound).min(CEILING))
        };
        let (least, most) = (sum(&self.lo), sum(&self.hi));
        for column in 0..columns {
            let at = self.at(column, local);
            let (lo, hi) = (self.lo[at], self.hi[at]);
            self.lo[at] = lo.max(row.lo - (most - hi));
            self.hi[at] = hi.min(row.hi - (least - lo));
        }
    }
}
