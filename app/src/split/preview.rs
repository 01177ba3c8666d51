//! What a drag would do: amounts under the pointer, before anything is changed.

use std::collections::HashMap;

use domain::money::Minor;
use domain::plan::{Deltas, Give, Grid, Keep, NodeIndex, PeriodIndex, PlanCommand, Refusal};
use domain::rebalance::{Aim, Drag, Preview};

use super::board::Place;

/// The amounts a change would leave.
#[derive(Debug)]
pub(super) enum Overlay {
    /// A frame of a drag, which works out the rows in sight and what is above them only: amounts that differ from now.
    Frame {
        /// By row and period.
        cells: HashMap<(NodeIndex, PeriodIndex), Minor>,
        /// By row.
        totals: HashMap<NodeIndex, Minor>,
        /// What the children would have beyond the rows whose pool gives.
        hedges: HashMap<NodeIndex, Minor>,
    },
    /// The whole plan, as a change of it would leave it: cells beside each other, as there may be a million.
    Plan(Grid),
}

impl Overlay {
    /// The amounts of a frame of a drag.
    pub(super) fn of(grid: &Grid, frame: &Preview) -> Self {
        let (mut cells, mut totals, mut hedges) = (HashMap::new(), HashMap::new(), HashMap::new());
        for (cell, new) in &frame.cells {
            let (node, period) = grid.shape().place(*cell);
            let old = grid.amount(node, Some(period));
            if cells.insert((node, period), *new).is_none() {
                let total = totals.entry(node).or_insert_with(|| grid.amount(node, None));
                total.0 += new.0 - old.0;
            }
        }
        for (cell, new) in &frame.hedges {
            let (node, period) = grid.shape().place(*cell);
            let old = grid.hedge(node, Some(period));
            let hedge = hedges.entry(node).or_insert_with(|| grid.hedge(node, None));
            hedge.0 += new.0 - old.0;
        }
        Self::Frame {
            cells,
            totals,
            hedges,
        }
    }

    /// The amounts that changes of a plan would leave; none where they are changes of another one.
    pub(super) fn of_deltas(grid: &Grid, deltas: &Deltas) -> Option<Self> {
        let mut after = grid.clone();
        after.fold(deltas).ok()?;
        Some(Self::Plan(after))
    }

    /// The amount a place would have; none where it stays.
    pub(super) fn amount(&self, (node, period): Place) -> Option<Minor> {
        match self {
            Self::Frame { cells, totals, .. } => match period {
                Some(period) => cells.get(&(node, period)).copied(),
                None => totals.get(&node).copied(),
            },
            Self::Plan(after) => Some(after.amount(node, period)),
        }
    }

    /// What the children of a row would have beyond it; none where that stays.
    pub(super) fn hedge(&self, node: NodeIndex) -> Option<Minor> {
        match self {
            Self::Frame { hedges, .. } => hedges.get(&node).copied(),
            Self::Plan(after) => Some(after.hedge(node, None)),
        }
    }

    /// What all rows would lack below and have too much there; `settled` is what it is now.
    pub(super) fn all_hedges(&self, grid: &Grid, settled: (Minor, Minor)) -> (Minor, Minor) {
        match self {
            Self::Frame { hedges, .. } => hedges.iter().fold(settled, |(under, over), (node, new)| {
                let old = grid.hedge(*node, None);
                (
                    Minor(under.0 + lack(*new).0 - lack(old).0),
                    Minor(over.0 + new.0.max(0) - old.0.max(0)),
                )
            }),
            Self::Plan(after) => all_hedges(after),
        }
    }

    /// Whether rows out of sight are as before, whatever the change would make of them.
    pub(super) fn is_frame(&self) -> bool {
        matches!(self, Self::Frame { .. })
    }
}

/// What all rows with something below them lack and have too much there.
pub(super) fn all_hedges(grid: &Grid) -> (Minor, Minor) {
    let shape = grid.shape();
    (0..shape.len() as u32)
        .map(NodeIndex)
        .filter(|node| !shape.is_leaf(*node))
        .map(|node| grid.hedge(node, None))
        .fold((Minor(0), Minor(0)), |(under, over), hedge| {
            (
                Minor(under.0.saturating_add(lack(hedge).0)),
                Minor(over.0.saturating_add(hedge.0.max(0))),
            )
        })
}

/// What is missing where the children have less than their parent.
fn lack(hedge: Minor) -> Minor {
    Minor((-hedge.0).max(0))
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
