//! Rows by their lines, of one period of the plan.

use std::collections::HashMap;

use super::{OpenSheet, SheetCell};
use crate::line::matrix::MatrixError;
use crate::line::parts::{FixedPart, with_set};
use crate::line::tables::with_totals;
use crate::money::Minor;
use crate::plan::{NodeIndex, PeriodIndex, Shape};

/// What was worked out of one period; of a long plan the others would be many times as much.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Parts {
    /// The place of the period.
    period: usize,
    rows: HashMap<NodeIndex, Vec<Minor>>,
}

impl Parts {
    /// The row of a period, where it is known.
    pub(super) fn row(&self, node: NodeIndex, period: usize) -> Option<Vec<Minor>> {
        let of_period = (self.period == period).then_some(&self.rows)?;
        of_period.get(&node).cloned()
    }

    /// Keeps the row of a period, and forgets those of another.
    pub(super) fn keep(&mut self, node: NodeIndex, period: usize, row: &[Minor]) {
        if self.period != period {
            self.period = period;
            self.rows.clear();
        }
        self.rows.insert(node, row.to_vec());
    }
}

impl OpenSheet {
    /// A row by its lines, of the period at a place; `periods`: the row's numbers by period. They sum to the row's number of the
    /// period, and a line's over the periods to its whole, see [`crate::line::parts`].
    pub fn part(
        &mut self,
        shape: &Shape,
        total: &dyn Fn(NodeIndex) -> Minor,
        periods: &dyn Fn(NodeIndex) -> Vec<Minor>,
        (node, period): (NodeIndex, usize),
    ) -> Result<Vec<Minor>, MatrixError> {
        if let Some(known) = self.parts.row(node, period) {
            return Ok(known);
        }
        let row = self.row(shape, total, node)?;
        let part = self.cut(&row, &periods(node), (node, period))?;
        self.parts.keep(node, period, &part);
        Ok(part)
    }

    /// A line of a row in a period, as a grid shows it; how rows below stand to it is said of the whole plan only.
    pub fn part_cell(
        &mut self,
        shape: &Shape,
        total: &dyn Fn(NodeIndex) -> Minor,
        periods: &dyn Fn(NodeIndex) -> Vec<Minor>,
        ((node, period), line): ((NodeIndex, PeriodIndex), usize),
    ) -> Result<SheetCell, MatrixError> {
        let part = self.part(shape, total, periods, (node, usize::from(period.0)))?;
        Ok(SheetCell {
            amount: part.get(line).copied().unwrap_or_default(),
            set: self.set_of((node, Some(period)), line).cloned(),
            is_lent: self.is_lent(shape, node),
            apart: None,
        })
    }

    /// The part of a row's lines that is of a period, with what somebody set of its parts.
    pub(super) fn cut(
        &self,
        row: &[Minor],
        periods: &[Minor],
        (node, period): (NodeIndex, usize),
    ) -> Result<Vec<Minor>, MatrixError> {
        let set = self.set.get(&node).into_iter().flatten();
        let set: Vec<FixedPart> = set
            .filter_map(|known| {
                Some(FixedPart {
                    period: usize::from(known.period?.0),
                    line: known.line,
                    amount: known.set.amount,
                    at_ms: known.set.at_ms,
                })
            })
            .collect();
        let parts = with_set(&with_totals(&self.whole(), row), periods, &set)?;
        Ok(parts.cells.into_iter().nth(period).unwrap_or_default())
    }
}
