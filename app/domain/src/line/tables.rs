//! The rows below one row by the lines of one dimension: the same table for the server, which decides it, and for the browser,
//! which shows it. See [`super::matrix`] for how it is found.

use super::LineBy;
use super::matrix::{self, MatrixError, MatrixLine, MatrixRow, Unmet};
use crate::money::Minor;
use crate::plan::{NodeIndex, Shape};

/// A line of a row that somebody set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FixedLine {
    /// The place of the line.
    pub line: usize,
    /// How much.
    pub amount: Minor,
    /// When, milliseconds since the epoch: what was set last gives way where not everything can be met.
    pub at_ms: i64,
}

/// What tables are worked out from.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    /// The tree.
    pub shape: &'a Shape,
    /// By what rows are cut.
    pub by: LineBy,
    /// What a row sums to.
    pub total: &'a dyn Fn(NodeIndex) -> Minor,
    /// What a row and those below it brought, by place of the line; empty where there is no history.
    pub history: &'a dyn Fn(NodeIndex) -> Vec<Minor>,
    /// What of a row somebody set.
    pub fixed: &'a dyn Fn(NodeIndex) -> Vec<FixedLine>,
}

/// The rows below one row by lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Below {
    /// The rows, in the order of the tree.
    pub rows: Vec<NodeIndex>,
    /// For each row its amounts by line.
    pub cells: Vec<Vec<Minor>>,
    /// What was set and does not go with the rest; rows and lines by their places here and among the lines.
    pub unmet: Vec<Unmet>,
}

impl Below {
    /// What the rows sum to, by line.
    pub fn sums(&self) -> Vec<Minor> {
        let mut sums: Vec<Minor> = vec![Minor(0); self.cells.first().map_or(0, Vec::len)];
        for cells in &self.cells {
            for (sum, amount) in sums.iter_mut().zip(cells) {
                sum.0 = sum.0.saturating_add(amount.0);
            }
        }
        sums
    }

    /// A row by lines; none where it is not among these.
    pub fn row(&self, row: NodeIndex) -> Option<&[Minor]> {
        let at = self.rows.binary_search(&row).ok()?;
        self.cells.get(at).map(Vec::as_slice)
    }
}

/// The rows below one row, by its lines. Where they have more than it, each line is as much more.
pub fn below(ground: &Ground<'_>, above: NodeIndex, lines: &[MatrixLine]) -> Result<Below, MatrixError> {
    let rows: Vec<NodeIndex> = ground.shape.children(above).collect();
    let sum = rows
        .iter()
        .map(|row| (ground.total)(*row))
        .fold(0_i64, |sum, total| sum.saturating_add(total.0));
    let lines = matrix::brought_to(Minor(sum), lines)?;
    let histories: Vec<Vec<Minor>> = rows.iter().map(|row| (ground.history)(*row)).collect();
    // Customers belong to somebody: who never sold to one is not to sell to it because others do.
    let lent = if ground.by == LineBy::Account {
        Minor(0)
    } else {
        matrix::borrowed(histories.iter().map(|history| {
            let sold = history.iter().map(|amount| amount.0.max(0));
            Minor(sold.fold(0_i64, i64::saturating_add))
        }))
    };
    let mut order: Vec<(i64, usize, usize)> = Vec::new();
    let mut wanted: Vec<MatrixRow> = Vec::with_capacity(rows.len());
    for (at, (row, history)) in rows.iter().zip(&histories).enumerate() {
        let mut fixed = vec![None; lines.len()];
        for set in (ground.fixed)(*row) {
            if let Some(place) = fixed.get_mut(set.line) {
                *place = Some(set.amount);
                order.push((set.at_ms, at, set.line));
            }
        }
        let total = (ground.total)(*row);
        wanted.push(MatrixRow {
            key: ground.shape.reference(*row).key(),
            total,
            seeds: matrix::seeds(total, history, &lines, lent),
            fixed,
        });
    }
    order.sort_unstable();
    let order: Vec<(usize, usize)> = order.into_iter().map(|(_, row, line)| (row, line)).collect();
    let found = matrix::closest(&lines, &wanted, &order)?;
    Ok(Below {
        rows,
        cells: found.cells,
        unmet: found.unmet,
    })
}

/// Lines with other totals.
pub fn with_totals(lines: &[MatrixLine], totals: &[Minor]) -> Vec<MatrixLine> {
    let with_total = |(line, total): (&MatrixLine, &Minor)| MatrixLine {
        key: line.key,
        total: *total,
    };
    lines.iter().zip(totals).map(with_total).collect()
}
