//! The amounts of a grid, a column for each period. A copy shares the columns; whoever writes into one that is shared copies that one
//! first. A change that is only tried, of locks or of one period, does not double a plan of a million amounts.

use std::sync::Arc;

use super::{CellDelta, CellIndex, NodeIndex, PeriodIndex};

/// One amount for each node and period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Amounts {
    rows: usize,
    columns: Vec<Arc<Vec<i64>>>,
}

impl Amounts {
    /// Zeros; until they are written, all periods are one column.
    pub(super) fn zero(rows: usize, periods: usize) -> Self {
        let column = Arc::new(vec![0; rows]);
        Self {
            rows,
            columns: vec![column; periods],
        }
    }

    /// Amounts by cell, as many as there are cells.
    pub(super) fn of(rows: usize, periods: usize, cells: impl IntoIterator<Item = i64>) -> Self {
        let mut cells = cells.into_iter();
        let mut column = || {
            let mut column = Vec::with_capacity(rows);
            column.extend(cells.by_ref().take(rows));
            Arc::new(column)
        };
        Self {
            rows,
            columns: (0..periods).map(|_| column()).collect(),
        }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.rows * self.columns.len()
    }

    /// The amounts of a period, by node.
    pub(super) fn column(&self, period: PeriodIndex) -> &[i64] {
        &self.columns[usize::from(period.0)]
    }

    /// All columns, in the order of the periods.
    pub(super) fn columns(&self) -> impl Iterator<Item = &[i64]> + '_ {
        self.columns.iter().map(|column| column.as_slice())
    }

    /// The amounts of a period, to be written, and those of the period before it; none where the period does not exist.
    pub(super) fn column_after(&mut self, period: usize) -> Option<(Option<&[i64]>, &mut [i64])> {
        let (before, from) = self.columns.split_at_mut_checked(period)?;
        let column = Arc::make_mut(from.first_mut()?).as_mut_slice();
        Some((before.last().map(|before| before.as_slice()), column))
    }

    /// The amounts of a period, to be written.
    pub(super) fn column_mut(&mut self, period: PeriodIndex) -> &mut [i64] {
        Arc::make_mut(&mut self.columns[usize::from(period.0)]).as_mut_slice()
    }

    /// The amount of a node in a period, both of which must exist.
    pub(super) fn at(&self, node: NodeIndex, period: PeriodIndex) -> i64 {
        self.columns[usize::from(period.0)][node.0 as usize]
    }

    /// The amount of a cell.
    pub(super) fn get(&self, cell: CellIndex) -> Option<i64> {
        let (period, row) = self.place(cell);
        self.columns.get(period)?.get(row).copied()
    }

    /// The amount of a cell, to be written.
    pub(super) fn get_mut(&mut self, cell: CellIndex) -> Option<&mut i64> {
        let (period, row) = self.place(cell);
        Arc::make_mut(self.columns.get_mut(period)?).get_mut(row)
    }

    /// Writes the new amounts of cells that exist. Those of a period stand together in what a command changes, so that its column is
    /// looked up once.
    pub(super) fn put(&mut self, changed: &[CellDelta]) {
        let rows = self.rows.max(1);
        let period = |delta: &CellDelta| delta.cell.0 as usize / rows;
        for run in changed.chunk_by(|one, next| period(one) == period(next)) {
            let column = run.first().and_then(|first| self.columns.get_mut(period(first)));
            let Some(column) = column.map(Arc::make_mut) else {
                continue;
            };
            for delta in run {
                if let Some(amount) = column.get_mut(delta.cell.0 as usize % rows) {
                    *amount = delta.new.0;
                }
            }
        }
    }

    /// Writes the amounts of a period from a row on; where they are as they were, the column stays shared.
    pub(super) fn put_rows(&mut self, period: PeriodIndex, first: usize, amounts: Vec<i64>) {
        let Some(column) = self.columns.get_mut(usize::from(period.0)) else {
            return;
        };
        let rows = first..first + amounts.len();
        if column.get(rows.clone()) == Some(amounts.as_slice()) {
            return;
        }
        if rows == (0..column.len()) {
            *column = Arc::new(amounts);
        } else if let Some(place) = Arc::make_mut(column).get_mut(rows) {
            place.copy_from_slice(&amounts);
        }
    }

    /// Bytes of the heap, those of a shared column too.
    pub(super) fn bytes(&self) -> usize {
        self.columns.iter().map(|column| column.capacity() * 8).sum()
    }

    fn place(&self, cell: CellIndex) -> (usize, usize) {
        let (cell, rows) = (cell.0 as usize, self.rows.max(1));
        (cell / rows, cell % rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Minor;

    fn delta(cell: u32, new: i64) -> CellDelta {
        CellDelta {
            cell: CellIndex(cell),
            old: Minor(0),
            new: Minor(new),
        }
    }

    fn is_shared(one: &Amounts, other: &Amounts, period: usize) -> bool {
        Arc::ptr_eq(&one.columns[period], &other.columns[period])
    }

    #[test]
    fn a_copy_shares_every_column_that_is_not_written() {
        let before = Amounts::of(3, 3, 1..=9);
        let mut after = before.clone();
        after.put(&[delta(3, 40), delta(5, 60)]);
        assert_eq!(before, Amounts::of(3, 3, 1..=9), "what was copied stays");
        assert_eq!(after.column(PeriodIndex(1)), [40, 5, 60]);
        assert!(is_shared(&before, &after, 0) && is_shared(&before, &after, 2));
        assert!(!is_shared(&before, &after, 1));
    }

    #[test]
    fn rows_of_a_period_are_written_and_what_is_the_same_stays_shared() {
        let before = Amounts::of(3, 3, 1..=9);
        let mut after = before.clone();
        after.put_rows(PeriodIndex(0), 1, vec![2, 3]);
        after.put_rows(PeriodIndex(1), 1, vec![50, 60]);
        after.put_rows(PeriodIndex(2), 0, vec![70, 80, 90]);
        after.put_rows(PeriodIndex(3), 0, vec![0]);
        assert_eq!(after, Amounts::of(3, 3, [1, 2, 3, 4, 50, 60, 70, 80, 90]));
        assert!(is_shared(&before, &after, 0));
        assert_eq!(before, Amounts::of(3, 3, 1..=9), "what was copied stays");
    }

    #[test]
    fn cells_are_found_period_by_period() {
        let mut amounts = Amounts::zero(2, 3);
        amounts.put(&[delta(0, 1), delta(3, 4), delta(2, 3), delta(5, 6)]);
        assert_eq!(amounts, Amounts::of(2, 3, [1, 0, 3, 4, 0, 6]));
        assert_eq!(amounts.len(), 6);
        assert_eq!(amounts.get(CellIndex(3)), Some(4));
        assert_eq!(amounts.get(CellIndex(6)), None);
        assert_eq!(amounts.at(NodeIndex(1), PeriodIndex(2)), 6);
    }

    #[test]
    fn a_column_is_written_beside_the_one_before_it() {
        let mut amounts = Amounts::of(2, 2, [1, 2, 0, 0]);
        let (before, column) = amounts.column_after(1).unwrap();
        assert_eq!(before, Some(&[1, 2][..]));
        column.copy_from_slice(&[3, 4]);
        assert_eq!(amounts, Amounts::of(2, 2, 1..=4));
        assert!(amounts.column_after(0).unwrap().0.is_none());
        assert!(amounts.column_after(2).is_none());
    }
}
