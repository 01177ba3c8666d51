//! The table while it is found: cells of rows and lines in the order of their keys, and what of both margins is left.

mod met;
mod path;
mod spread;

use std::cmp::Reverse;
use std::collections::VecDeque;

use super::{MatrixError, MatrixLine, MatrixRow};
use crate::money::Minor;
pub(super) use met::is_met;
use path::{Step, traced};
pub(super) use spread::spread;

/// Fractional bits of a cell while it is fitted. With amounts below 2^50 a cell times a total stays below 2^125.
pub(super) const SCALE_BITS: u32 = 12;
const SCALE: i128 = 1 << SCALE_BITS;
/// The largest seed: no product of it leaves 128 bits.
const MOST_SEED: u64 = 1 << 62;
/// Rounds of scaling, at most: tables without empty cells take a handful.
const ROUNDS: usize = 200;
/// Cells that are looked at for single units before cells may move by more: what very large tables take is bounded.
const LOOKS: u64 = 50_000_000;

/// A cell.
#[derive(Clone, Copy, Default)]
struct Cell {
    /// Nobody set it.
    free: bool,
    /// What it is by proportion, in 1/4096 of a minor unit.
    exact: i128,
    /// What it is.
    amount: i64,
    /// It is a unit more than the floor of its exact amount.
    raised: bool,
}

impl Cell {
    fn has_fraction(self) -> bool {
        self.exact % SCALE > 0
    }
}

/// By how much a cell may move.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Moves {
    /// From its floor to the next unit and back.
    Once,
    /// By anything that leaves it at zero or more.
    Any,
}

struct Table {
    width: usize,
    cells: Vec<Cell>,
    /// What is left of each row, and of each line.
    rows: Vec<i64>,
    lines: Vec<i64>,
}

pub(super) fn solve(lines: &[MatrixLine], rows: &[MatrixRow]) -> Result<Vec<Vec<Minor>>, MatrixError> {
    if lines.is_empty() || rows.is_empty() {
        return Ok(vec![Vec::new(); rows.len()]);
    }
    let row_order = order(rows.iter().map(|row| row.key));
    let line_order = order(lines.iter().map(|line| line.key));
    let mut table = Table::of(lines, rows, &row_order, &line_order);
    table.refuse(&row_order, &line_order)?;
    table.seed();
    table.fit();
    table.round();
    if let Some((row, by)) = table.place(&mut 0) {
        let row = row_order.get(row).copied().unwrap_or(row);
        return Err(MatrixError::Stuck { row, by: Minor(by) });
    }
    Ok(table.found(&row_order, &line_order))
}

/// The places in the order of their keys.
fn order(keys: impl Iterator<Item = u128>) -> Vec<usize> {
    let mut places: Vec<(u128, usize)> = keys.zip(0..).collect();
    places.sort_unstable();
    places.into_iter().map(|(_, place)| place).collect()
}

impl Table {
    fn of(lines: &[MatrixLine], rows: &[MatrixRow], row_order: &[usize], line_order: &[usize]) -> Self {
        let mut table = Self {
            width: lines.len(),
            cells: Vec::with_capacity(lines.len() * rows.len()),
            rows: Vec::with_capacity(rows.len()),
            lines: line_order
                .iter()
                .filter_map(|line| lines.get(*line))
                .map(|line| line.total.0)
                .collect(),
        };
        for row in row_order.iter().filter_map(|row| rows.get(*row)) {
            let mut left = row.total.0;
            for (place, line) in table.lines.iter_mut().zip(line_order) {
                let fixed = row.fixed.get(*line).copied().flatten();
                let seed = row.seeds.get(*line).copied().unwrap_or(0).min(MOST_SEED);
                let amount = fixed.map_or(0, |amount| amount.0);
                left = left.saturating_sub(amount);
                *place = place.saturating_sub(amount);
                table.cells.push(Cell {
                    free: fixed.is_none(),
                    exact: if fixed.is_none() { i128::from(seed) } else { 0 },
                    amount,
                    raised: false,
                });
            }
            table.rows.push(left);
        }
        table
    }

    /// The amounts, at the places that rows and lines were given at.
    fn found(&self, row_order: &[usize], line_order: &[usize]) -> Vec<Vec<Minor>> {
        let mut found = vec![vec![Minor(0); line_order.len()]; row_order.len()];
        for (cells, row) in self.cells.chunks(self.width).zip(row_order) {
            let Some(amounts) = found.get_mut(*row) else {
                continue;
            };
            for (cell, line) in cells.iter().zip(line_order) {
                if let Some(amount) = amounts.get_mut(*line) {
                    *amount = Minor(cell.amount);
                }
            }
        }
        found
    }

    /// What is set in one row or in one line alone, and cannot be.
    fn refuse(&self, row_order: &[usize], line_order: &[usize]) -> Result<(), MatrixError> {
        for ((cells, left), row) in self.cells.chunks(self.width).zip(&self.rows).zip(row_order) {
            let row = *row;
            if *left < 0 {
                return Err(MatrixError::RowOver {
                    row,
                    by: Minor(-left),
                });
            }
            if *left > 0 && cells.iter().all(|cell| !cell.free) {
                return Err(MatrixError::RowUnder {
                    row,
                    by: Minor(*left),
                });
            }
        }
        for ((place, left), line) in self.lines.iter().enumerate().zip(line_order) {
            let line = *line;
            if *left < 0 {
                return Err(MatrixError::LineOver {
                    line,
                    by: Minor(-left),
                });
            }
            if *left > 0 && self.column(place).all(|cell| !cell.free) {
                return Err(MatrixError::LineUnder {
                    line,
                    by: Minor(*left),
                });
            }
        }
        Ok(())
    }

    fn column(&self, line: usize) -> impl Iterator<Item = &Cell> {
        self.cells.iter().skip(line).step_by(self.width)
    }

    fn cell(&self, row: usize, line: usize) -> Cell {
        let cell = self.cells.get(row * self.width + line);
        cell.copied().unwrap_or_default()
    }

    /// Rows and lines that have something left and proportions nowhere get those of the other margin.
    fn seed(&mut self) {
        let lines = self.lines.clone();
        for (cells, left) in self.cells.chunks_mut(self.width).zip(&self.rows) {
            let is_bare = cells.iter().all(|cell| cell.exact == 0);
            for (cell, of_line) in cells.iter_mut().zip(&lines) {
                if *left == 0 {
                    cell.exact = 0;
                } else if is_bare && cell.free {
                    cell.exact = i128::from(*of_line);
                }
            }
        }
        for (line, left) in lines.iter().enumerate() {
            let is_bare = self.column(line).all(|cell| cell.exact == 0);
            let column = self.cells.iter_mut().skip(line).step_by(self.width);
            for (cell, of_row) in column.zip(&self.rows) {
                if *left == 0 {
                    cell.exact = 0;
                } else if is_bare && cell.free {
                    cell.exact = i128::from(*of_row);
                }
            }
        }
    }

    /// Iterative proportional fitting; in the end no row and no line has more than it is to have.
    fn fit(&mut self) {
        // A small part of a unit, and what is lost by rounding down in every cell.
        let close = SCALE / 64 + self.cells.len() as i128;
        for _ in 0..ROUNDS {
            self.scale_rows(false);
            let apart: i128 = self
                .sums()
                .iter()
                .zip(&self.lines)
                .map(|(sum, left)| (sum - i128::from(*left) * SCALE).abs())
                .sum();
            if apart <= close {
                break;
            }
            self.scale_lines(false);
        }
        self.scale_rows(true);
        self.scale_lines(true);
    }

    /// The lines as they sum up now.
    fn sums(&self) -> Vec<i128> {
        let mut sums = vec![0_i128; self.width];
        for cells in self.cells.chunks(self.width) {
            for (sum, cell) in sums.iter_mut().zip(cells) {
                *sum += cell.exact;
            }
        }
        sums
    }

    /// Brings every row to its total, or only down to it.
    fn scale_rows(&mut self, only_down: bool) {
        for (cells, left) in self.cells.chunks_mut(self.width).zip(&self.rows) {
            let sum: i128 = cells.iter().map(|cell| cell.exact).sum();
            let wanted = i128::from(*left) * SCALE;
            if sum == 0 || sum == wanted || (only_down && sum < wanted) {
                continue;
            }
            for cell in cells {
                cell.exact = cell.exact * wanted / sum;
            }
        }
    }

    /// The same of lines.
    fn scale_lines(&mut self, only_down: bool) {
        let sums = self.sums();
        for cells in self.cells.chunks_mut(self.width) {
            for ((cell, sum), left) in cells.iter_mut().zip(&sums).zip(&self.lines) {
                let wanted = i128::from(*left) * SCALE;
                if *sum == 0 || *sum == wanted || (only_down && *sum < wanted) {
                    continue;
                }
                cell.exact = cell.exact * wanted / sum;
            }
        }
    }

    /// Down to whole units; then the largest fractions get what is left of their row and line.
    fn round(&mut self) {
        let mut fractions = Vec::new();
        let width = self.width;
        for ((row, cells), left) in self.cells.chunks_mut(width).enumerate().zip(&mut self.rows) {
            for ((line, cell), of_line) in cells.iter_mut().enumerate().zip(&mut self.lines) {
                if !cell.free {
                    continue;
                }
                let floor = i64::try_from(cell.exact / SCALE).unwrap_or(0);
                cell.amount = floor;
                *left -= floor;
                *of_line -= floor;
                if cell.has_fraction() {
                    fractions.push((Reverse(cell.exact % SCALE), row, line));
                }
            }
        }
        fractions.sort_unstable();
        for (_, row, line) in fractions {
            let is_left = |left: Option<&i64>| left.is_some_and(|left| *left > 0);
            if is_left(self.rows.get(row)) && is_left(self.lines.get(line)) {
                self.shift(&[(row, line, true)], 1, Moves::Once);
            }
        }
    }

    /// Places what is left; answers the row of which something cannot be placed, and how much. `looks`: cells that were looked
    /// at.
    fn place(&mut self, looks: &mut u64) -> Option<(usize, i64)> {
        for row in 0..self.rows.len() {
            while self.left_of(row) > 0 && *looks < LOOKS {
                let Some(path) = self.path(row, Moves::Once, looks) else {
                    break;
                };
                self.shift(&path, 1, Moves::Once);
            }
        }
        for row in 0..self.rows.len() {
            while self.left_of(row) > 0 {
                let Some(path) = self.path(row, Moves::Any, looks) else {
                    return Some((row, self.left_of(row)));
                };
                let room = path.iter().map(|(row, line, more)| {
                    if *more {
                        self.lines.get(*line).copied().filter(|left| *left > 0)
                    } else {
                        Some(self.cell(*row, *line).amount)
                    }
                });
                // Only the line at the end of the path has anything left.
                let by = room.flatten().min().unwrap_or(0).min(self.left_of(row)).max(1);
                self.shift(&path, by, Moves::Any);
            }
        }
        None
    }

    fn left_of(&self, row: usize) -> i64 {
        self.rows.get(row).copied().unwrap_or(0)
    }

    /// Moves so much along a path: it ends at the line of its first step and begins at the row of its last.
    fn shift(&mut self, path: &[Step], by: i64, moves: Moves) {
        for (row, line, more) in path {
            if let Some(cell) = self.cells.get_mut(row * self.width + line) {
                cell.amount += if *more { by } else { -by };
                if moves == Moves::Once {
                    cell.raised = *more;
                }
            }
        }
        let ends = path.first().and_then(|(_, line, _)| self.lines.get_mut(*line));
        let begins = path.last().and_then(|(row, ..)| self.rows.get_mut(*row));
        for left in ends.into_iter().chain(begins) {
            *left -= by;
        }
    }

    /// The shortest way from a row to a line that has something left: a cell that gets more, one of the same line that gives it
    /// back, one of the same row as that …; the last step comes first.
    fn path(&self, start: usize, moves: Moves, looks: &mut u64) -> Option<Vec<Step>> {
        let can_get =
            |cell: Cell| cell.free && (moves == Moves::Any || (cell.has_fraction() && !cell.raised));
        let can_give = |cell: Cell| {
            cell.free
                && if moves == Moves::Any {
                    cell.amount > 0
                } else {
                    cell.raised
                }
        };
        let mut got_by: Vec<Option<usize>> = vec![None; self.width];
        let mut gave_at: Vec<Option<usize>> = vec![None; self.rows.len()];
        let mut waiting = VecDeque::from([start]);
        while let Some(row) = waiting.pop_front() {
            *looks += self.width as u64;
            for line in 0..self.width {
                let Some(by) = got_by.get_mut(line).filter(|by| by.is_none()) else {
                    continue;
                };
                if !can_get(self.cell(row, line)) {
                    continue;
                }
                *by = Some(row);
                if self.lines.get(line).is_some_and(|left| *left > 0) {
                    return Some(traced(line, &got_by, &gave_at));
                }
                *looks += self.rows.len() as u64;
                for (other, at) in gave_at.iter_mut().enumerate() {
                    if other != start && at.is_none() && can_give(self.cell(other, line)) {
                        *at = Some(line);
                        waiting.push_back(other);
                    }
                }
            }
        }
        None
    }
}
