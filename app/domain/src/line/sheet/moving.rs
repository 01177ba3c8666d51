//! Rows by their lines while amounts are moved, before anything is changed: what is worked out of a frame is small, whatever the
//! plan is.
//!
//! The rows of a unit of some people get what they would have if it ended there, from the same table. Those of a large one keep
//! the proportions of their lines, with what somebody set as it is: its table would take longer than a frame.

use std::collections::HashMap;

use super::OpenSheet;
use super::part::Parts;
use crate::allocation::{Share, allocate};
use crate::line::matrix::{self, MatrixError};
use crate::line::tables::{Below, with_totals};
use crate::money::Minor;
use crate::plan::{NodeIndex, Shape};

/// Cells of a table that is worked out in a frame, at most.
const MOST_CELLS: usize = 2_048;

/// What rows sum to.
#[derive(Clone, Copy)]
pub struct Totals<'a> {
    /// As they are.
    pub settled: &'a dyn Fn(NodeIndex) -> Minor,
    /// As they are shown.
    pub shown: &'a dyn Fn(NodeIndex) -> Minor,
}

/// What was worked out of the frame that is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Moving {
    rows: HashMap<NodeIndex, Vec<Minor>>,
    tables: HashMap<NodeIndex, Below>,
    parts: Parts,
}

impl OpenSheet {
    /// Another frame is shown.
    pub fn renew_moving(&mut self) {
        self.moving = Moving::default();
    }

    /// A row by its lines as it is shown. They sum to what the row is shown with.
    pub fn moving(
        &mut self,
        shape: &Shape,
        totals: Totals<'_>,
        node: NodeIndex,
    ) -> Result<Vec<Minor>, MatrixError> {
        if let Some(row) = self.moving.rows.get(&node) {
            return Ok(row.clone());
        }
        let row = self.moved(shape, totals, node)?;
        self.moving.rows.insert(node, row.clone());
        Ok(row)
    }

    /// The same of the period at a place; `periods`: the row's numbers by period as they are shown.
    pub fn moving_part(
        &mut self,
        shape: &Shape,
        totals: Totals<'_>,
        periods: &dyn Fn(NodeIndex) -> Vec<Minor>,
        (node, period): (NodeIndex, usize),
    ) -> Result<Vec<Minor>, MatrixError> {
        if let Some(known) = self.moving.parts.row(node, period) {
            return Ok(known);
        }
        let row = self.moving(shape, totals, node)?;
        let part = self.cut(&row, &periods(node), (node, period))?;
        self.moving.parts.keep(node, period, &part);
        Ok(part)
    }

    fn moved(
        &mut self,
        shape: &Shape,
        totals: Totals<'_>,
        node: NodeIndex,
    ) -> Result<Vec<Minor>, MatrixError> {
        let Totals { settled, shown } = totals;
        let Some(parent) = shape.parent(node) else {
            let lines = matrix::brought_to(shown(node), &self.whole())?;
            return Ok(lines.iter().map(|line| line.total).collect());
        };
        let most = MOST_CELLS / self.sheet.lines.len().max(1);
        if shape.children(parent).nth(most).is_some() {
            return self.stretched(shape, totals, (node, parent));
        }
        let table = if let Some(table) = self.moving.tables.remove(&parent) {
            table
        } else {
            let above = self.moving(shape, totals, parent)?;
            let stands = shape.children(parent).all(|row| shown(row) == settled(row))
                && self.row(shape, settled, parent)? == above;
            if stands {
                return self.row(shape, settled, node);
            }
            self.table(shape, shown, (parent, &above))?
        };
        let row = table.row(node).map(<[Minor]>::to_vec).unwrap_or_default();
        self.moving.tables.insert(parent, table);
        Ok(row)
    }

    /// A row with the proportions its lines have.
    fn stretched(
        &mut self,
        shape: &Shape,
        Totals { settled, shown }: Totals<'_>,
        (node, parent): (NodeIndex, NodeIndex),
    ) -> Result<Vec<Minor>, MatrixError> {
        let total = shown(node);
        let row = self.row(shape, settled, node)?;
        if settled(node) == total {
            return Ok(row);
        }
        // What has nothing yet has the proportions of the row above.
        let is_bare = row.iter().all(|amount| amount.0 == 0);
        let row = if is_bare {
            self.row(shape, settled, parent)?
        } else {
            row
        };
        let lines = with_totals(&self.whole(), &row);
        let shares: Vec<Share> = lines
            .iter()
            .enumerate()
            .map(|(place, line)| {
                let share = Share::free(line.key, u64::try_from(line.total.0).unwrap_or(0));
                if is_bare || self.set_of((node, None), place).is_none() {
                    share
                } else {
                    share.within(line.total.0, line.total.0)
                }
            })
            .collect();
        if let Ok(placed) = allocate(total.0, &shares) {
            return Ok(placed.amounts.into_iter().map(Minor).collect());
        }
        // What is set leaves no room.
        let lines = matrix::brought_to(total, &lines)?;
        Ok(lines.iter().map(|line| line.total).collect())
    }
}
