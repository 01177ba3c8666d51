//! What a drag would do: amounts under the pointer, before anything is changed.

use std::collections::HashMap;

use domain::money::Minor;
use domain::plan::{CellIndex, Deltas, Give, Grid, Keep, NodeIndex, PeriodIndex, PlanCommand, Refusal};
use domain::rebalance::{Aim, Drag, Preview};

use super::board::Place;

/// The amounts a change would leave, where they differ from now.
#[derive(Clone, Debug, Default)]
pub(super) struct Overlay {
    cells: HashMap<(NodeIndex, PeriodIndex), Minor>,
    totals: HashMap<NodeIndex, Minor>,
}

impl Overlay {
    /// The amounts of a frame of a drag.
    pub(super) fn of(grid: &Grid, cells: &[(CellIndex, Minor)]) -> Self {
        let mut overlay = Self::default();
        for (cell, new) in cells {
            let (node, period) = grid.shape().place(*cell);
            let old = grid.amount(node, Some(period));
            if overlay.cells.insert((node, period), *new).is_none() {
                let total = overlay
                    .totals
                    .entry(node)
                    .or_insert_with(|| grid.amount(node, None));
                total.0 += new.0 - old.0;
            }
        }
        overlay
    }

    /// The amounts that changes of a plan would leave.
    pub(super) fn of_deltas(grid: &Grid, deltas: &Deltas) -> Self {
        let cells: Vec<(CellIndex, Minor)> =
            deltas.cells.iter().map(|delta| (delta.cell, delta.new)).collect();
        Self::of(grid, &cells)
    }

    /// The amount a place would have; none where it stays.
    pub(super) fn amount(&self, (node, period): Place) -> Option<Minor> {
        match period {
            Some(period) => self.cells.get(&(node, period)).copied(),
            None => self.totals.get(&node).copied(),
        }
    }
}

/// How an amount is changed: who gives, and what stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct How {
    /// Who gives.
    pub(super) give: Give,
    /// What stays; none: what is usual for the place.
    pub(super) keep: Option<Keep>,
}

/// What is aimed at when a place is set.
pub(super) fn aim((node, period): Place, how: How) -> Aim {
    Aim {
        node,
        period,
        keep: how.keep.unwrap_or_else(|| Keep::default_for(period)),
        give: how.give,
    }
}

/// The command that sets a place.
pub(super) fn command(place: Place, amount: Minor, how: How) -> PlanCommand {
    let Aim {
        node,
        period,
        keep,
        give,
    } = aim(place, how);
    PlanCommand::Set {
        node,
        period,
        amount,
        keep,
        give,
        reason: None,
    }
}

/// The amount nearest to the wish that can be had, with the refusal of the wish itself when it cannot.
pub(super) fn nearest(grid: &Grid, place: Place, wish: Minor, how: How) -> Result<Preview, Refusal> {
    Ok(Drag::begin(grid, aim(place, how))?.preview(grid, wish, &[]))
}
