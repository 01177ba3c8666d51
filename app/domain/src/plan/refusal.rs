//! Why a command cannot be done, with everything needed to say it in any language.

use serde::{Deserialize, Serialize};

use super::{CellIndex, NodeIndex, PeriodIndex};
use crate::id::UserId;
use crate::money::Minor;

/// Why a row cannot give or take more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "cause")]
pub enum Cause {
    /// It is locked.
    Lock {
        /// Who set the lock.
        by: UserId,
    },
    /// It stands at its floor.
    Floor,
    /// It stands at its cap.
    Cap,
    /// It was proposed so, and the split keeps it.
    Proposal,
    /// It has nothing left to give: amounts do not go below zero.
    Empty,
    /// The command itself keeps its amount, and nobody is there to balance it.
    Kept,
}

/// One row that stands in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blocker {
    /// The row.
    pub node: NodeIndex,
    /// The period, or the row's total when `None`.
    pub period: Option<PeriodIndex>,
    /// What holds it.
    #[serde(flatten)]
    pub cause: Cause,
    /// The amount at which it is held.
    pub amount: Minor,
    /// How much of it could not be placed without this one, the others named being released.
    pub frees: Minor,
}

/// Why a command is refused; the grid is as before.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "refusal")]
pub enum Refusal {
    /// There is no such row.
    #[error("no such node {node:?}")]
    UnknownNode {
        /// What was named.
        node: NodeIndex,
    },
    /// There is no such period.
    #[error("no such period {period:?}")]
    UnknownPeriod {
        /// What was named.
        period: PeriodIndex,
    },
    /// An amount below zero.
    #[error("node {node:?} would become {amount:?}: amounts are not negative")]
    Negative {
        /// The row.
        node: NodeIndex,
        /// The period, or the total.
        period: Option<PeriodIndex>,
        /// What it would become.
        amount: Minor,
    },
    /// An amount beyond what a plan can hold.
    #[error("node {node:?} would become {amount:?}, more than {limit:?}")]
    TooLarge {
        /// The row.
        node: NodeIndex,
        /// The period, or the total.
        period: Option<PeriodIndex>,
        /// What it would become.
        amount: Minor,
        /// [`super::MAX_AMOUNT`].
        limit: Minor,
    },
    /// The row itself is locked.
    #[error("node {node:?} is locked at {amount:?}")]
    Locked {
        /// The row.
        node: NodeIndex,
        /// The period, or the total.
        period: Option<PeriodIndex>,
        /// Who set the lock.
        by: UserId,
        /// Where it is held.
        amount: Minor,
    },
    /// The amount is under the row's own floor.
    #[error("node {node:?} would become {amount:?}, under its floor {floor:?}")]
    BelowFloor {
        /// The row.
        node: NodeIndex,
        /// The period, or the total.
        period: Option<PeriodIndex>,
        /// Its floor.
        floor: Minor,
        /// What it would become.
        amount: Minor,
    },
    /// The amount is over the row's own cap.
    #[error("node {node:?} would become {amount:?}, over its cap {cap:?}")]
    AboveCap {
        /// The row.
        node: NodeIndex,
        /// The period, or the total.
        period: Option<PeriodIndex>,
        /// Its cap.
        cap: Minor,
        /// What it would become.
        amount: Minor,
    },
    /// Others would have to give or take more than their locks and bounds allow.
    #[error("{missing:?} cannot be placed")]
    Blocked {
        /// The row that was to change, or the parent whose amount was to be spread.
        node: NodeIndex,
        /// The period, or the total.
        period: Option<PeriodIndex>,
        /// The amount it was to get.
        wanted: Minor,
        /// The nearest amount that can be had.
        reachable: Minor,
        /// The difference of the two, positive.
        missing: Minor,
        /// The smallest set of rows whose release makes room, or as much of it as releases can. Where totals are held while
        /// several periods change, it is a set of which none can be left out; at most 64 rows are named but for that.
        blockers: Vec<Blocker>,
    },
    /// The hedge of the parent would become negative or exceed its limit.
    #[error("the hedge of node {node:?} would become {hedge:?}; it may be 0 to {limit:?}")]
    Hedge {
        /// The parent.
        node: NodeIndex,
        /// The period.
        period: PeriodIndex,
        /// What the hedge would become.
        hedge: Minor,
        /// The most it may be.
        limit: Minor,
    },
    /// The row has nothing below that could be split.
    #[error("node {node:?} has no children")]
    NoChildren {
        /// The row.
        node: NodeIndex,
    },
    /// Weights do not fit: their number, or no share given to any basis.
    #[error("expected {expected} weights, got {got}")]
    Weights {
        /// How many there should be.
        expected: u64,
        /// How many there are.
        got: u64,
    },
    /// Shares of the bases are all zero or exceed 100 % (in ppm, their sum).
    #[error("the bases' shares sum to {sum_ppm} ppm")]
    Shares {
        /// The sum.
        sum_ppm: u64,
    },
    /// A factor of a split is for a node that is not below, has another number of periods, comes twice, or is too large.
    #[error("a factor of node {node:?} does not fit the split")]
    Factor {
        /// Whose it is.
        node: NodeIndex,
    },
    /// A proposal of a split is for a node that is not below, or comes twice.
    #[error("a proposal of node {node:?} does not fit the split")]
    Proposal {
        /// Whose it is.
        node: NodeIndex,
    },
    /// A rounding step that is not positive, or larger than what is split.
    #[error("rounding to steps of {step:?} is not possible")]
    Step {
        /// The step.
        step: Minor,
    },
    /// An amount cannot be moved between a row and itself or one below or above it.
    #[error("nothing can be moved between {from:?} and {to:?}")]
    SameLine {
        /// From where.
        from: NodeIndex,
        /// To where.
        to: NodeIndex,
    },
    /// A floor above, or a cap below, what the row has now: change the amount first.
    #[error("node {node:?} has {amount:?} now, outside of the bound {bound:?}")]
    OutsideBound {
        /// The row.
        node: NodeIndex,
        /// The period, or the total.
        period: Option<PeriodIndex>,
        /// What it has.
        amount: Minor,
        /// The bound asked for.
        bound: Minor,
    },
    /// A cap below the row's own floor, or a floor above its cap: take the other one away or move it first.
    #[error("node {node:?} would have the floor {floor:?} over the cap {cap:?}")]
    Crossed {
        /// The row.
        node: NodeIndex,
        /// The period, or the total.
        period: Option<PeriodIndex>,
        /// The floor: the one it has, or the one asked for.
        floor: Minor,
        /// The cap: the one it has, or the one asked for.
        cap: Minor,
    },
    /// One of many entered amounts lies within what another one covers, or comes twice.
    #[error("the amount of node {node:?} is covered by another one")]
    Covered {
        /// The row.
        node: NodeIndex,
        /// The period, or the total.
        period: Option<PeriodIndex>,
    },
    /// What is to be put back no longer fits: the cell has changed since.
    #[error("cell {cell:?} has changed since")]
    Changed {
        /// The cell.
        cell: CellIndex,
        /// What was expected there.
        expected: Minor,
        /// What is there.
        found: Minor,
    },
    /// What is to be put back would make children and parent disagree.
    #[error("the children of node {node:?} would not sum to it")]
    Unbalanced {
        /// The parent.
        node: NodeIndex,
        /// The period.
        period: PeriodIndex,
    },
}

impl Refusal {
    /// The refusal of a part of a grid, as one of the whole: rows counted from where the part's top stands.
    pub(super) fn moved_down(mut self, top: NodeIndex) -> Self {
        let below = |node: &mut NodeIndex| node.0 += top.0;
        match &mut self {
            Self::UnknownNode { node }
            | Self::Negative { node, .. }
            | Self::TooLarge { node, .. }
            | Self::Locked { node, .. }
            | Self::BelowFloor { node, .. }
            | Self::AboveCap { node, .. }
            | Self::Hedge { node, .. }
            | Self::NoChildren { node }
            | Self::Factor { node }
            | Self::Proposal { node }
            | Self::OutsideBound { node, .. }
            | Self::Crossed { node, .. }
            | Self::Covered { node, .. }
            | Self::Unbalanced { node, .. } => below(node),
            Self::Blocked { node, blockers, .. } => {
                below(node);
                for blocker in blockers {
                    below(&mut blocker.node);
                }
            }
            Self::SameLine { from, to } => {
                below(from);
                below(to);
            }
            Self::UnknownPeriod { .. }
            | Self::Weights { .. }
            | Self::Shares { .. }
            | Self::Step { .. }
            | Self::Changed { .. } => {}
        }
        self
    }
}
