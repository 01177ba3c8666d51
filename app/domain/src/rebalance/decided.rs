//! What a change comes to, before anybody says in which form it is wanted: cell by cell, as the log keeps it, or as the amounts it
//! leaves, which take a third of the memory where a whole plan changes.

use super::delta;
use super::refuse::{check_amount, check_totals};
use super::region::Region;
use crate::plan::{CellDelta, CellIndex, Deltas, Grid, MAX_AMOUNT, NodeIndex, Refusal};

/// The amounts of a subtree to be, and what changes around it.
pub(crate) struct Decided {
    region: Region,
    /// Amounts of ancestors, by cell, and hedges.
    around: Deltas,
}

impl Decided {
    /// Of a region that was checked.
    pub(super) fn new(region: Region, around: Deltas) -> Self {
        Self { region, around }
    }

    /// Of a region around which nothing changes.
    pub(super) fn alone(grid: &Grid, region: Region) -> Result<Self, Refusal> {
        check(grid, &region)?;
        Ok(Self::new(region, Deltas::default()))
    }

    /// How many cells may change.
    pub(crate) fn cells(&self) -> usize {
        self.region.new.len()
    }

    /// What changes, cell by cell. `grid`: the one it was decided for.
    pub(crate) fn deltas(self, grid: &Grid) -> Deltas {
        Deltas {
            cells: cells(grid, &self.region, &self.around.cells),
            ..self.around
        }
    }

    /// The grid as it is then, with the periods that stay shared. `grid`: the one it was decided for.
    pub(crate) fn leave(self, grid: &Grid) -> Grid {
        let mut after = grid.clone();
        let (root, len) = (NodeIndex(self.region.root), self.region.len);
        let periods = self.region.periods.clone();
        let mut amounts = self.region.into_amounts();
        for period in periods.into_iter().rev() {
            // What was taken over is given back at once: there are never two copies of the whole.
            let column = amounts.split_off(amounts.len().saturating_sub(len));
            amounts.shrink_to_fit();
            after.put_rows(period, root, column);
        }
        after.put(&self.around);
        after
    }
}

/// Refuses absurd totals and amounts.
pub(super) fn check(grid: &Grid, region: &Region) -> Result<(), Refusal> {
    check_totals(grid, region)?;
    (0..region.periods.len()).try_for_each(|column| check_column(region, column))
}

/// Refuses absurd amounts of one period. Present ones are none.
pub(super) fn check_column(region: &Region, column: usize) -> Result<(), Refusal> {
    let new = region.new.chunks_exact(region.len.max(1)).nth(column);
    let absurd = new.and_then(|new| new.iter().position(|amount| *amount > MAX_AMOUNT));
    absurd.map_or(Ok(()), |local| {
        let period = region.periods.get(column).copied();
        check_amount(region.node(local), period, region.amount(column, local))
    })
}

/// Every amount of the region that changes.
pub(super) fn cells_of(grid: &Grid, region: &Region) -> Result<Vec<CellDelta>, Refusal> {
    check(grid, region)?;
    Ok(cells(grid, region, &[]))
}

/// Every amount that changes in the region and above it, by cell.
fn cells(grid: &Grid, region: &Region, around: &[CellDelta]) -> Vec<CellDelta> {
    let mut cells = Vec::new();
    cells.reserve_exact(region.changed.min(region.new.len()) + around.len() + 64);
    let mut around = around.iter().peekable();
    for (column, period) in region.periods.iter().enumerate() {
        // Ancestors come before the region in pre-order.
        let first = grid.shape().cell(region.node(0), *period);
        while let Some(above) = around.next_if(|above| above.cell < first) {
            cells.push(*above);
        }
        let now = &grid.column(*period)[region.root as usize..];
        let new = &region.new[column * region.len..(column + 1) * region.len];
        for (local, (old, new)) in now.iter().zip(new).enumerate() {
            if old != new {
                cells.push(delta(CellIndex(first.0 + local as u32), *old, *new));
            }
        }
    }
    cells
}
