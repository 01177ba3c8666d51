//! What others made of the same amounts since, row by row: as many rows as can be read, and how many more there are.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Difference, NodeIndex, PeriodIndex};
use crate::id::UserId;
use crate::money::Minor;

/// Rows that are told one by one.
const TOLD: usize = 5;

/// The amounts of a row that others changed, summed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowSince {
    /// The row.
    pub node: NodeIndex,
    /// The periods that were changed.
    pub periods: Vec<PeriodIndex>,
    /// What the own change left there.
    pub left: Minor,
    /// What is there now.
    pub now: Minor,
    /// What would become of it.
    pub becomes: Minor,
    /// Who changed it last.
    pub by: UserId,
    /// With which command.
    pub seq: u64,
}

impl RowSince {
    fn of(node: NodeIndex, difference: &Difference) -> Self {
        Self {
            node,
            periods: Vec::new(),
            left: Minor(0),
            now: Minor(0),
            becomes: Minor(0),
            by: difference.by,
            seq: difference.seq,
        }
    }

    fn take(&mut self, difference: &Difference, period: PeriodIndex) {
        let add = |sum: &mut Minor, amount: Minor| sum.0 = sum.0.saturating_add(amount.0);
        self.periods.push(period);
        add(&mut self.left, difference.left);
        add(&mut self.now, difference.now);
        add(&mut self.becomes, difference.becomes);
        if difference.seq >= self.seq {
            (self.by, self.seq) = (difference.by, difference.seq);
        }
    }
}

/// A row while its differences are gathered.
struct Row<'a> {
    sum: RowSince,
    /// How much of it was changed, whichever way.
    moved: u64,
    /// The largest of its changes.
    most: (&'a Difference, PeriodIndex),
}

impl<'a> Row<'a> {
    fn of(node: NodeIndex, difference: &'a Difference, period: PeriodIndex) -> Self {
        Self {
            sum: RowSince::of(node, difference),
            moved: 0,
            most: (difference, period),
        }
    }

    fn take(&mut self, difference: &'a Difference, period: PeriodIndex) {
        self.sum.take(difference, period);
        self.moved = self.moved.saturating_add(moved(difference));
        if moved(difference) > moved(self.most.0) {
            self.most = (difference, period);
        }
    }

    /// What was moved between the periods of a row is nothing in its sum: its largest change is told then.
    fn told(self) -> RowSince {
        if self.sum.left != self.sum.now {
            return self.sum;
        }
        let (difference, period) = self.most;
        let mut one = RowSince::of(self.sum.node, difference);
        one.take(difference, period);
        one
    }
}

fn moved(difference: &Difference) -> u64 {
    difference.now.0.abs_diff(difference.left.0)
}

/// The rows that changed most, the largest change first, and how many rows there are beyond these.
pub fn rows_since(
    differences: &[Difference],
    place: impl Fn(&Difference) -> (NodeIndex, PeriodIndex),
) -> (Vec<RowSince>, usize) {
    let mut rows: BTreeMap<NodeIndex, Row<'_>> = BTreeMap::new();
    for difference in differences {
        let (node, period) = place(difference);
        let row = rows
            .entry(node)
            .or_insert_with(|| Row::of(node, difference, period));
        row.take(difference, period);
    }
    let mut rows: Vec<Row<'_>> = rows.into_values().collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.moved));
    let more = rows.len().saturating_sub(TOLD);
    rows.truncate(TOLD);
    (rows.into_iter().map(Row::told).collect(), more)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::CellIndex;

    const PERIODS: u32 = 2;

    fn difference(cell: u32, change: i64, seq: u64) -> Difference {
        Difference {
            cell: CellIndex(cell),
            left: Minor(100),
            now: Minor(100 + change),
            becomes: Minor(90 + change),
            by: UserId::default(),
            seq,
        }
    }

    fn among(differences: &[Difference]) -> (Vec<RowSince>, usize) {
        rows_since(differences, |one| {
            let (node, period) = (one.cell.0 / PERIODS, one.cell.0 % PERIODS);
            (NodeIndex(node), PeriodIndex(period as u16))
        })
    }

    #[test]
    fn amounts_of_a_row_are_told_together_and_the_largest_change_first() {
        let (rows, more) = among(&[difference(0, 1, 4), difference(2, 5, 4), difference(3, -20, 6)]);
        let [first, second] = rows.as_slice() else {
            panic!("{rows:?}")
        };
        assert_eq!((first.node, second.node), (NodeIndex(1), NodeIndex(0)));
        assert_eq!(
            (first.left, first.now, first.becomes),
            (Minor(200), Minor(185), Minor(165))
        );
        assert_eq!((first.periods.len(), first.seq, more), (2, 6, 0));
    }

    #[test]
    fn what_was_moved_within_a_row_is_told_of_the_period_it_changed_most() {
        // Row 0 has 50 less in one period and 50 more in the other; row 1 has 3 more.
        let (rows, _) = among(&[difference(0, -50, 4), difference(1, 50, 7), difference(2, 3, 4)]);
        let [first, second] = rows.as_slice() else {
            panic!("{rows:?}")
        };
        assert_eq!((first.node, second.node), (NodeIndex(0), NodeIndex(1)));
        assert_eq!(first.periods, [PeriodIndex(0)]);
        assert_eq!(
            (first.left, first.now, first.becomes, first.seq),
            (Minor(100), Minor(50), Minor(40), 4)
        );
    }

    #[test]
    fn more_rows_than_can_be_read_are_counted() {
        let many: Vec<Difference> = (0..20).map(|cell| difference(cell, 1, 4)).collect();
        let (rows, more) = among(&many);
        assert_eq!((rows.len(), more), (TOLD, 10 - TOLD));
    }
}
