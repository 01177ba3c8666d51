//! What every grid promises, checked for data from outside and in tests.

use serde::{Deserialize, Serialize};

use super::{Grid, MAX_AMOUNT, NodeIndex, PeriodIndex};
use crate::money::Minor;

/// Why amounts do not make a grid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "error")]
pub enum GridError {
    /// Another number of amounts than cells.
    #[error("expected {expected} amounts, got {got}")]
    Cells {
        /// Cells of the shape.
        expected: u64,
        /// Amounts given.
        got: u64,
    },
    /// An amount or total is negative or beyond [`MAX_AMOUNT`].
    #[error("{amount:?} of node {node:?} is not an amount")]
    Amount {
        /// The row.
        node: NodeIndex,
        /// The period, or the total.
        period: Option<PeriodIndex>,
        /// What was given.
        amount: Minor,
    },
    /// The children do not reach their parent: a hedge is never negative.
    #[error("the children of node {node:?} are {missing:?} short of it")]
    Short {
        /// The parent.
        node: NodeIndex,
        /// The period.
        period: PeriodIndex,
        /// By how much.
        missing: Minor,
    },
    /// The children exceed their parent by more than [`MAX_AMOUNT`].
    #[error("the hedge {hedge:?} of node {node:?} is too large")]
    Hedge {
        /// The parent.
        node: NodeIndex,
        /// The period.
        period: PeriodIndex,
        /// By how much.
        hedge: Minor,
    },
    /// The children and the hedge do not sum to the parent.
    #[error("the children of node {node:?} do not sum to it and its hedge")]
    Unbalanced {
        /// The parent.
        node: NodeIndex,
        /// The period.
        period: PeriodIndex,
    },
    /// A floor, cap or their place does not fit the amounts.
    #[error("a bound of node {node:?} does not hold")]
    Bound {
        /// The row.
        node: NodeIndex,
        /// The period, or the total.
        period: Option<PeriodIndex>,
    },
    /// The bytes it came in are damaged or belong to another shape.
    #[error("the grid cannot be read")]
    Damaged,
}

impl Grid {
    /// Checks everything this type promises; commands keep it, so this is for data from outside and for tests.
    pub fn check(&self) -> Result<(), GridError> {
        self.check_amounts()?;
        for period in self.periods() {
            for node in self.shape.nodes().filter(|node| !self.shape.is_leaf(*node)) {
                let hedge = self.cell_hedge(node, period);
                if hedge < 0 {
                    return Err(GridError::Short {
                        node,
                        period,
                        missing: Minor(hedge.saturating_neg()),
                    });
                }
                if hedge > MAX_AMOUNT {
                    return Err(GridError::Hedge {
                        node,
                        period,
                        hedge: Minor(hedge),
                    });
                }
                if self.children_sum(node, period) != self.cell_amount(node, period) + hedge {
                    return Err(GridError::Unbalanced { node, period });
                }
            }
        }
        for cell in self.hedges.keys() {
            let (node, period) = self.shape.place(*cell);
            if cell.0 as usize >= self.amounts.len() || self.shape.is_leaf(node) {
                return Err(GridError::Unbalanced { node, period });
            }
        }
        for (node, period, constraint) in self.constraints() {
            let known = self.shape.has(node)
                && period.is_none_or(|period| usize::from(period.0) < self.shape.periods().len());
            if !known {
                return Err(GridError::Bound { node, period });
            }
            let amount = self.amount_or_total(node, period);
            let below = constraint
                .floor
                .is_some_and(|floor| !(0..=amount).contains(&floor.0));
            let above = constraint
                .cap
                .is_some_and(|cap| !(amount..=MAX_AMOUNT).contains(&cap.0));
            if below || above {
                return Err(GridError::Bound { node, period });
            }
        }
        Ok(())
    }

    pub(super) fn check_amounts(&self) -> Result<(), GridError> {
        for node in self.shape.nodes() {
            for period in self.periods().map(Some).chain([None]) {
                let amount = self.amount_or_total(node, period);
                if !(0..=MAX_AMOUNT).contains(&amount) {
                    return Err(GridError::Amount {
                        node,
                        period,
                        amount: Minor(amount),
                    });
                }
            }
        }
        Ok(())
    }

    pub(super) fn children_sum(&self, node: NodeIndex, period: PeriodIndex) -> i64 {
        self.shape
            .children(node)
            .map(|child| self.cell_amount(child, period))
            .fold(0, i64::saturating_add)
    }
}
