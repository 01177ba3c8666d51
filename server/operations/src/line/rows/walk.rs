//! From the whole down to a row: the table of each row's children by the lines of the row, one after the other.

use std::collections::HashMap;

use domain::format::Lang;
use domain::id::NodeId;
use domain::line::matrix::{self, MatrixError, MatrixLine, MatrixRow};
use domain::line::rows::Misfit;
use domain::line::{LineBy, tie};
use domain::money::{Currency, Minor};
use domain::plan::NodeIndex;
use store::row_line::RowLine;

use super::{Ground, ROOT, at};
use crate::Error;
use crate::plan::state::damaged;

/// The rows below one row by lines.
pub(super) struct Level {
    pub(super) above: NodeIndex,
    pub(super) rows: Vec<NodeIndex>,
    /// For each row its amounts by line.
    pub(super) cells: Vec<Vec<Minor>>,
    /// Why what is set here does not go together; the amounts are those without it.
    pub(super) misfit: Option<Misfit>,
}

impl Level {
    /// What the rows sum to, by line.
    pub(super) fn sums(&self) -> Vec<Minor> {
        let mut sums: Vec<Minor> = vec![Minor(0); self.cells.first().map_or(0, Vec::len)];
        for cells in &self.cells {
            for (sum, amount) in sums.iter_mut().zip(cells) {
                sum.0 = sum.0.saturating_add(amount.0);
            }
        }
        sums
    }
}

/// The way from the whole to a row.
pub(super) struct Walked {
    /// The row by lines.
    pub(super) own: Vec<Minor>,
    /// The tables along the way; the last is that of the rows below the row, where there are any.
    pub(super) levels: Vec<Level>,
}

/// What is set, by node: the place of the line, and how much.
type Fixed = HashMap<NodeId, Vec<(usize, Minor)>>;

impl Ground {
    /// Works out the tables along the way with what is set.
    pub(super) fn walk(&self, set: &[RowLine]) -> Result<Walked, Error> {
        let shape = self.state.grid.shape();
        let mut fixed = Fixed::new();
        for set in set {
            // What was set of a line that is part of the rest now waits until it is one of its own again.
            let line = self.lines.lines.iter().position(|line| line.key == set.key);
            if let Some(line) = line {
                fixed.entry(set.node).or_default().push((line, set.amount));
            }
        }
        let whole: Vec<MatrixLine> = self
            .lines
            .lines
            .iter()
            .map(|line| MatrixLine {
                key: tie(&line.key),
                total: line.amount.max(Minor(0)),
            })
            .collect();
        let mut above = self.brought(self.state.grid.amount(ROOT, None), &whole)?;
        let mut levels = Vec::new();
        for (at, parent) in self.way.iter().enumerate() {
            if shape.is_leaf(*parent) {
                break;
            }
            let level = self.level(*parent, &above, &fixed)?;
            let next = self.way.get(at + 1);
            let row = level.rows.iter().position(|row| Some(row) == next);
            if let Some(cells) = row.and_then(|row| level.cells.get(row)) {
                for (line, amount) in above.iter_mut().zip(cells) {
                    line.total = *amount;
                }
            }
            levels.push(level);
        }
        Ok(Walked {
            own: above.iter().map(|line| line.total).collect(),
            levels,
        })
    }

    /// The rows below one row, by its lines. Where they have more than it, each line is as much more.
    fn level(&self, above: NodeIndex, lines: &[MatrixLine], fixed: &Fixed) -> Result<Level, Error> {
        let shape = self.state.grid.shape();
        let rows: Vec<NodeIndex> = shape.children(above).collect();
        let total = |row: &NodeIndex| self.state.grid.amount(*row, None);
        let sum = rows
            .iter()
            .map(total)
            .fold(0_i64, |sum, total| sum.saturating_add(total.0));
        let lines = self.brought(Minor(sum), lines)?;
        // Customers belong to somebody: who never sold to one is not to sell to it because others do.
        let lent = if self.lines.by == LineBy::Account {
            Minor(0)
        } else {
            matrix::borrowed(rows.iter().map(|row| {
                let sold = self.history(*row).iter().map(|amount| amount.0.max(0));
                Minor(sold.fold(0_i64, i64::saturating_add))
            }))
        };
        let mut wanted: Vec<MatrixRow> = rows
            .iter()
            .map(|row| {
                let mut set = vec![None; lines.len()];
                let known = self.state.node(*row).and_then(|node| fixed.get(&node.id));
                for (line, amount) in known.into_iter().flatten() {
                    if let Some(place) = set.get_mut(*line) {
                        *place = Some(*amount);
                    }
                }
                MatrixRow {
                    key: shape.reference(*row).key(),
                    total: total(row),
                    seeds: matrix::seeds(total(row), self.history(*row), &lines, lent),
                    fixed: set,
                }
            })
            .collect();
        let (cells, misfit) = match matrix::fill(&lines, &wanted) {
            Ok(cells) => (cells, None),
            Err(why) => {
                let misfit = self.misfit(why, &rows);
                for row in &mut wanted {
                    row.fixed.clear();
                }
                (matrix::fill(&lines, &wanted).map_err(damaged)?, Some(misfit))
            }
        };
        Ok(Level {
            above,
            rows,
            cells,
            misfit,
        })
    }

    fn history(&self, row: NodeIndex) -> &[Minor] {
        self.histories.get(&row.0).map_or(&[], Vec::as_slice)
    }

    fn brought(&self, total: Minor, lines: &[MatrixLine]) -> Result<Vec<MatrixLine>, Error> {
        matrix::brought_to(total, lines).map_err(|why| self.refused(&self.misfit(why, &[])))
    }

    /// With the names of what it is about.
    pub(super) fn misfit(&self, why: MatrixError, rows: &[NodeIndex]) -> Misfit {
        let row = why.row().and_then(|row| self.state.node(*rows.get(row)?));
        let line = why.line().and_then(|line| self.lines.lines.get(line));
        Misfit {
            row: row.map(|row| row.name.clone()).unwrap_or_default(),
            line: line.map(|line| line.name.clone()).unwrap_or_default(),
            why,
        }
    }

    /// The refusal of a misfit.
    pub(super) fn refused(&self, misfit: &Misfit) -> Error {
        let currency: &Currency = &self.planning.currency;
        Error::conflict(
            "row_lines_misfit",
            misfit.words(Lang::ZhCn, currency),
            misfit.words(Lang::En, currency),
        )
    }

    /// What the row at the end of the way has of a line.
    pub(super) fn own_of(&self, walked: &Walked, key: &str) -> Option<Minor> {
        let line = self.lines.lines.iter().position(|line| line.key == key)?;
        Some(at(&walked.own, line))
    }
}
