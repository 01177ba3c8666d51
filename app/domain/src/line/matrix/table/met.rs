//! Whether there is a table at all with what is set; the proportions do not matter.

use super::{Table, order};
use crate::line::matrix::{MatrixLine, MatrixRow};

/// See the module. What it looked at is added to `looks`, in cells.
pub(in crate::line::matrix) fn is_met(lines: &[MatrixLine], rows: &[MatrixRow], looks: &mut u64) -> bool {
    if lines.is_empty() || rows.is_empty() {
        return true;
    }
    let row_order = order(rows.iter().map(|row| row.key));
    let line_order = order(lines.iter().map(|line| line.key));
    let mut table = Table::of(lines, rows, &row_order, &line_order);
    *looks = looks.saturating_add(table.cells.len() as u64);
    for cell in &mut table.cells {
        cell.exact = 0;
    }
    if table.refuse(&row_order, &line_order).is_err() {
        return false;
    }
    table.pour();
    table.place(looks).is_none()
}

impl Table {
    /// Puts into every cell what its row and its line have left, row by row: what is left after that needs cells to give way,
    /// each time with a look at all rows. Those in which something is set come first, as they have fewer ways.
    fn pour(&mut self) {
        let width = self.width;
        for is_bound in [true, false] {
            for (cells, left) in self.cells.chunks_mut(width).zip(&mut self.rows) {
                if cells.iter().all(|cell| cell.free) == is_bound {
                    continue;
                }
                for (cell, of_line) in cells.iter_mut().zip(&mut self.lines) {
                    if cell.free {
                        let by = (*left).min(*of_line);
                        cell.amount += by;
                        *left -= by;
                        *of_line -= by;
                    }
                }
            }
        }
    }
}
