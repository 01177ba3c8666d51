//! The table that nothing but its margins says: every cell is in proportion to both.

use super::{MatrixLine, MatrixRow, SCALE, Table, order};
use crate::money::Minor;

/// The table of margins that sum to the same, of which nothing is set.
///
/// A row times a line, by the whole, is a table that has both margins; so there is one of whole units, too, of which every cell
/// is that amount's floor or, where it is none itself, the next unit.
pub(in crate::line::matrix) fn spread(lines: &[MatrixLine], rows: &[MatrixRow]) -> Vec<Vec<Minor>> {
    if lines.is_empty() || rows.is_empty() {
        return vec![Vec::new(); rows.len()];
    }
    let row_order = order(rows.iter().map(|row| row.key));
    let line_order = order(lines.iter().map(|line| line.key));
    let mut table = Table::of(lines, rows, &row_order, &line_order);
    table.multiply();
    table.round();
    table.place(&mut 0);
    table.found(&row_order, &line_order)
}

impl Table {
    /// Every cell is the part of its row that its line is of the whole.
    fn multiply(&mut self) {
        let whole: i128 = self.rows.iter().map(|total| i128::from(*total)).sum();
        if whole == 0 {
            return;
        }
        for (cells, of_row) in self.cells.chunks_mut(self.width).zip(&self.rows) {
            for (cell, of_line) in cells.iter_mut().zip(&self.lines) {
                let product = i128::from(*of_row) * i128::from(*of_line);
                let rest = product % whole;
                // However small what is left is: only a whole amount has none, and stays.
                let fraction = if rest == 0 {
                    0
                } else {
                    (rest * SCALE / whole).max(1)
                };
                cell.exact = product / whole * SCALE + fraction;
            }
        }
    }
}
