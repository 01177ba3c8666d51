//! Several steps that are made as one: what a refusal needs, and what was refused.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    CellDelta, CellIndex, ConstraintDelta, Deltas, Give, Grid, Keep, NodeIndex, PeriodIndex, PlanCommand,
    Refusal,
};
use crate::money::Minor;

/// The most steps that are made as one.
pub const MOST_STEPS: usize = 256;

/// One of several steps that are made as one; as the command of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "step")]
pub enum Step {
    /// [`PlanCommand::Set`].
    Set {
        /// The row.
        node: NodeIndex,
        /// The period, or the total.
        period: Option<PeriodIndex>,
        /// The amount it gets.
        amount: Minor,
        /// What stays.
        keep: Keep,
        /// Who gives.
        #[serde(default)]
        give: Give,
    },
    /// [`PlanCommand::Unlock`].
    Unlock {
        /// The row.
        node: NodeIndex,
        /// The period, or the total.
        period: Option<PeriodIndex>,
    },
    /// [`PlanCommand::Floor`].
    Floor {
        /// The row.
        node: NodeIndex,
        /// The period, or the total.
        period: Option<PeriodIndex>,
        /// Not less than this.
        amount: Option<Minor>,
    },
    /// [`PlanCommand::Cap`].
    Cap {
        /// The row.
        node: NodeIndex,
        /// The period, or the total.
        period: Option<PeriodIndex>,
        /// Not more than this.
        amount: Option<Minor>,
    },
}

impl Step {
    /// The row and period it names.
    pub fn place(&self) -> (NodeIndex, Option<PeriodIndex>) {
        match self {
            Self::Set { node, period, .. }
            | Self::Unlock { node, period }
            | Self::Floor { node, period, .. }
            | Self::Cap { node, period, .. } => (*node, *period),
        }
    }

    /// The step as a command of its own.
    pub fn command(&self) -> PlanCommand {
        match *self {
            Self::Set {
                node,
                period,
                amount,
                keep,
                give,
            } => PlanCommand::Set {
                node,
                period,
                amount,
                keep,
                give,
                reason: None,
            },
            Self::Unlock { node, period } => PlanCommand::Unlock { node, period },
            Self::Floor { node, period, amount } => PlanCommand::Floor { node, period, amount },
            Self::Cap { node, period, amount } => PlanCommand::Cap { node, period, amount },
        }
    }
}

/// What all the steps change together, or the refusal of the first that cannot be made.
pub(super) fn together(grid: &Grid, steps: &[Step]) -> Result<Deltas, Refusal> {
    let mut after = grid.clone();
    let (mut cells, mut hedges) = (BTreeMap::new(), BTreeMap::new());
    let mut constraints: BTreeMap<_, ConstraintDelta> = BTreeMap::new();
    for step in steps {
        let deltas = super::apply(&after, &step.command())?;
        // They were decided on this very grid.
        let (node, _) = step.place();
        after.fold(&deltas).map_err(|_| Refusal::UnknownNode { node })?;
        follow(&mut cells, deltas.cells);
        follow(&mut hedges, deltas.hedges);
        for delta in deltas.constraints {
            constraints
                .entry((delta.node, delta.period))
                .and_modify(|known| known.new = delta.new)
                .or_insert(delta);
        }
    }
    Ok(Deltas {
        cells: cells.into_values().collect(),
        hedges: hedges.into_values().collect(),
        constraints: constraints.into_values().collect(),
    }
    .tidy())
}

/// What was before stays, what is after is the latest.
pub(crate) fn follow(known: &mut BTreeMap<CellIndex, CellDelta>, deltas: Vec<CellDelta>) {
    for delta in deltas {
        known
            .entry(delta.cell)
            .and_modify(|known| known.new = delta.new)
            .or_insert(delta);
    }
}
