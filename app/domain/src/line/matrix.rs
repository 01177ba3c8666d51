//! Lines of rows: a whole table of which both the rows and the lines are given, to the last minor unit.
//!
//! The rows below one row have their totals, and the row above has its lines: what each of them is to bring of each line is
//! the table that has both margins and is closest, in its proportions, to what they sold. It is found by iterative
//! proportional fitting (Deming & Stephan 1940: rows and lines are scaled to their totals in turn) of the cells that nobody
//! set, in integers of 1/4096 of a minor unit. Then every cell is its floor or the next unit so that both margins hold
//! exactly (controlled rounding, Bacharach 1966, Cox 1987): the largest fractions first, and where one stands in the way of
//! another, along augmenting paths of the flow from rows to lines (Ford & Fulkerson 1956). Where too much is set by hand for
//! that, cells give or take more than one unit; there is a table at all if and only if such a flow exists.
//!
//! Ties go to the smaller key: in whatever order rows and lines come, each gets the same.

mod closest;
mod table;
mod words;

use serde::{Deserialize, Serialize};

use crate::allocation::{Share, allocate};
use crate::money::Minor;
use crate::plan::MAX_AMOUNT;

pub use closest::{Closest, Unmet, closest};

/// The share of an average sibling's history that every row borrows from the row above, as its divisor: of twelve months,
/// three. Who sold little themselves sells as those around them do.
const BORROWED: i64 = 4;

/// So much of a seed is a minor unit.
pub const SEED_UNIT: i128 = 1 << table::SCALE_BITS;

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatrixRow {
    /// Breaks ties, the smaller first; different for every row.
    pub key: u128,
    /// What it sums to.
    pub total: Minor,
    /// In what proportions, by line, see [`seeds`]; what is missing counts as 0.
    pub seeds: Vec<u64>,
    /// What somebody set, by line; what is missing is free.
    pub fixed: Vec<Option<Minor>>,
}

/// A line of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MatrixLine {
    /// Breaks ties, the smaller first; different for every line, see [`super::tie`].
    pub key: u128,
    /// What it sums to.
    pub total: Minor,
}

/// Why there is no such table; rows and lines by their places in what was given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "error")]
pub enum MatrixError {
    /// An amount below zero, or beyond what a plan holds.
    #[error("an amount is out of range")]
    OutOfRange,
    /// The rows do not sum to what the lines do.
    #[error("the rows sum to {rows:?}, the lines to {lines:?}")]
    Apart {
        /// The sum of the rows.
        rows: Minor,
        /// The sum of the lines.
        lines: Minor,
    },
    /// What is set in a row exceeds its total.
    #[error("row {row} has {by:?} more set than its total")]
    RowOver {
        /// Which.
        row: usize,
        /// By how much.
        by: Minor,
    },
    /// Every cell of a row is set, to less than its total.
    #[error("row {row} has every cell set, {by:?} below its total")]
    RowUnder {
        /// Which.
        row: usize,
        /// By how much.
        by: Minor,
    },
    /// What is set in a line exceeds its total.
    #[error("line {line} has {by:?} more set than its total")]
    LineOver {
        /// Which.
        line: usize,
        /// By how much.
        by: Minor,
    },
    /// Every cell of a line is set, to less than its total.
    #[error("line {line} has every cell set, {by:?} below its total")]
    LineUnder {
        /// Which.
        line: usize,
        /// By how much.
        by: Minor,
    },
    /// What is set leaves a row more than the lines it is free in have room for.
    #[error("{by:?} of row {row} has no place")]
    Stuck {
        /// Which.
        row: usize,
        /// How much.
        by: Minor,
    },
}

/// The table: for each row its amounts by line. What is set stays; nothing is below zero.
pub fn fill(lines: &[MatrixLine], rows: &[MatrixRow]) -> Result<Vec<Vec<Minor>>, MatrixError> {
    refuse(lines, rows)?;
    table::solve(lines, rows)
}

/// The table whose every cell is in proportion to its row and to its line: down to a whole unit or up to the next, so that both
/// margins hold exactly. Rows, too, are given by their totals alone, and have to sum to what the lines do.
pub fn spread(lines: &[MatrixLine], rows: &[MatrixLine]) -> Result<Vec<Vec<Minor>>, MatrixError> {
    let rows: Vec<MatrixRow> = rows
        .iter()
        .map(|row| MatrixRow {
            key: row.key,
            total: row.total,
            seeds: Vec::new(),
            fixed: Vec::new(),
        })
        .collect();
    refuse(lines, &rows)?;
    Ok(table::spread(lines, &rows))
}

/// The lines of a row brought to another total in their proportions: to what the rows below it sum to, where they have more
/// than it.
pub fn brought_to(total: Minor, lines: &[MatrixLine]) -> Result<Vec<MatrixLine>, MatrixError> {
    if sum(lines.iter().map(|line| line.total)) == i128::from(total.0) {
        return Ok(lines.to_vec());
    }
    let shares: Vec<Share> = lines
        .iter()
        .map(|line| Share::free(line.key, u64::try_from(line.total.0).unwrap_or(0)))
        .collect();
    let placed = allocate(total.0, &shares).map_err(|_| MatrixError::OutOfRange)?;
    let brought = lines.iter().zip(placed.amounts);
    Ok(brought
        .map(|(line, amount)| MatrixLine {
            key: line.key,
            total: Minor(amount),
        })
        .collect())
}

/// How much history a row borrows from the row above, see [`seeds`]: a part of what an average one of these has.
pub fn borrowed(histories: impl ExactSizeIterator<Item = Minor>) -> Minor {
    let count = i128::try_from(histories.len()).unwrap_or(1).max(1);
    let whole = sum(histories.map(|amount| amount.max(Minor(0))));
    narrowed(whole / count / i128::from(BORROWED))
}

/// In what proportions a row is to have the lines: those of its own history with `borrowed` more of it in the proportions of
/// the row above, times the row's total. A row without history has the proportions of the row above (the mean of a Dirichlet
/// law whose prior weighs as much as `borrowed`).
pub fn seeds(total: Minor, history: &[Minor], above: &[MatrixLine], borrowed: Minor) -> Vec<u64> {
    /// Fractional bits of a proportion, and of what it is raised by before it is divided.
    const BITS: u32 = 30;
    let whole = sum(above.iter().map(|line| line.total.max(Minor(0))));
    let own = |place: usize| history.get(place).map_or(0, |amount| i128::from(amount.0.max(0)));
    let sold: i128 = (0..above.len()).map(own).sum();
    // Without any history of a row and of those around it, the row above alone says how.
    let lent = if sold == 0 && borrowed.0 <= 0 {
        1
    } else {
        i128::from(borrowed.0.max(0))
    };
    let seed = |(place, line): (usize, &MatrixLine)| {
        let prior = if whole > 0 {
            (i128::from(line.total.0.max(0)) << BITS) / whole
        } else {
            0
        };
        let weight = (own(place) << BITS) + lent * prior;
        let part = (weight << BITS) / (sold + lent);
        let seed = part.saturating_mul(i128::from(total.0.max(0))) >> (2 * BITS - table::SCALE_BITS);
        u64::try_from(seed).unwrap_or(0)
    };
    above.iter().enumerate().map(seed).collect()
}

/// Amounts that are out of range, and margins that are apart.
fn refuse(lines: &[MatrixLine], rows: &[MatrixRow]) -> Result<(), MatrixError> {
    let totals = lines.iter().map(|line| line.total);
    let set = rows.iter().flat_map(|row| row.fixed.iter().copied().flatten());
    let mut all = totals.chain(rows.iter().map(|row| row.total)).chain(set);
    if all.any(|amount| !(0..=MAX_AMOUNT).contains(&amount.0)) {
        return Err(MatrixError::OutOfRange);
    }
    let of_rows = sum(rows.iter().map(|row| row.total));
    let of_lines = sum(lines.iter().map(|line| line.total));
    if of_rows != of_lines {
        return Err(MatrixError::Apart {
            rows: narrowed(of_rows),
            lines: narrowed(of_lines),
        });
    }
    Ok(())
}

fn sum(amounts: impl Iterator<Item = Minor>) -> i128 {
    amounts.map(|amount| i128::from(amount.0)).sum()
}

fn narrowed(amount: i128) -> Minor {
    Minor(i64::try_from(amount).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests;
