//! What a drag would do: amounts under the pointer, before anything is changed.

use std::collections::HashMap;

use domain::money::Minor;
use domain::plan::{CellIndex, Give, Grid, Keep, NodeIndex, PlanCommand, Refusal};
use domain::rebalance::{Aim, Drag, Preview};
use domain::split::Quarter;

use super::board::Place;

/// The amounts a change would leave.
#[derive(Debug)]
pub(super) enum Overlay {
    /// A frame of a drag, or of a slider that moves, which works out the rows in sight and what is above them only.
    Frame(Frame),
    /// The whole plan, as a change of it would leave it: cells beside each other, as there may be a million.
    Plan(Grid),
}

/// The rows that a frame of a drag changes, with all their amounts: one block of memory, however many rows there are.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Frame {
    /// In the order of the tree.
    rows: Vec<NodeIndex>,
    /// Amounts of a row: its periods, and behind them its total.
    width: usize,
    /// Row by row.
    amounts: Vec<Minor>,
    /// What the children would have beyond the rows whose pool gives.
    hedges: HashMap<NodeIndex, Minor>,
    /// Whether others change too, of which nothing is worked out yet: what is summed up of many rows is not seen in it.
    is_part: bool,
}

impl Frame {
    fn of(grid: &Grid, changed: &[(CellIndex, Minor)]) -> Self {
        let shape = grid.shape();
        let mut rows: Vec<NodeIndex> = changed.iter().map(|(cell, _)| shape.place(*cell).0).collect();
        // They come period by period, so that most of it is sorted.
        rows.sort();
        rows.dedup();
        let width = shape.periods().len() + 1;
        let mut amounts = Vec::with_capacity(rows.len() * width);
        for row in &rows {
            let begin = amounts.len();
            amounts.extend(grid.periods().map(|period| grid.amount(*row, Some(period))));
            let total: i64 = amounts.iter().skip(begin).map(|amount: &Minor| amount.0).sum();
            amounts.push(Minor(total));
        }
        let mut frame = Self {
            rows,
            width,
            amounts,
            hedges: HashMap::new(),
            is_part: false,
        };
        for (cell, new) in changed {
            let (node, period) = shape.place(*cell);
            let Some(amounts) = frame.row_mut(node) else {
                continue;
            };
            if let Some((total, periods)) = amounts.split_last_mut()
                && let Some(amount) = periods.get_mut(usize::from(period.0))
            {
                total.0 += new.0 - amount.0;
                *amount = *new;
            }
        }
        frame
    }

    fn span(&self, node: NodeIndex) -> Option<std::ops::Range<usize>> {
        let begin = self.rows.binary_search(&node).ok()? * self.width;
        Some(begin..begin + self.width)
    }

    fn row_mut(&mut self, node: NodeIndex) -> Option<&mut [Minor]> {
        let span = self.span(node)?;
        self.amounts.get_mut(span)
    }

    /// The amounts of a row: its periods, and behind them its total.
    fn row(&self, node: NodeIndex) -> Option<&[Minor]> {
        self.amounts.get(self.span(node)?)
    }

    /// The rows, each with its total.
    pub(super) fn totals(&self) -> impl Iterator<Item = (NodeIndex, Minor)> + '_ {
        let rows = self.amounts.chunks_exact(self.width.max(1));
        self.rows
            .iter()
            .zip(rows)
            .filter_map(|(node, row)| Some((*node, *row.last()?)))
    }

    /// The rows whose amounts are others in another frame, in the order of the tree; a row that only one of them knows is one.
    pub(super) fn differs(&self, other: &Self) -> Vec<NodeIndex> {
        let gone = other.rows.iter().filter(|node| self.span(**node).is_none());
        let moved = self
            .rows
            .iter()
            .filter(|node| self.row(**node) != other.row(**node));
        let mut rows: Vec<NodeIndex> = moved.chain(gone).copied().collect();
        let pools = self.hedges.keys().chain(other.hedges.keys());
        rows.extend(pools.filter(|node| self.hedges.get(node) != other.hedges.get(node)));
        rows.sort();
        rows.dedup();
        rows
    }
}

impl Overlay {
    /// The amounts of a frame of a drag.
    pub(super) fn of(grid: &Grid, frame: &Preview) -> Self {
        let mut drawn = Frame::of(grid, &frame.cells);
        for (cell, new) in &frame.hedges {
            let (node, period) = grid.shape().place(*cell);
            let old = grid.hedge(node, Some(period));
            let hedge = drawn.hedges.entry(node).or_insert_with(|| grid.hedge(node, None));
            hedge.0 += new.0 - old.0;
        }
        Self::Frame(drawn)
    }

    /// The amounts of the rows in sight, where a change changes others too.
    pub(super) fn in_part(grid: &Grid, cells: &[(CellIndex, Minor)]) -> Self {
        Self::Frame(Frame {
            is_part: true,
            ..Frame::of(grid, cells)
        })
    }

    /// The amount a place would have; none where it stays.
    pub(super) fn amount(&self, (node, period): Place) -> Option<Minor> {
        match self {
            Self::Frame(frame) => {
                let row = frame.row(node)?;
                match period {
                    Some(period) => row.get(usize::from(period.0)).copied(),
                    None => row.last().copied(),
                }
            }
            Self::Plan(after) => Some(after.amount(node, period)),
        }
    }

    /// What the children of a row would have beyond it; none where that stays.
    pub(super) fn hedge(&self, node: NodeIndex) -> Option<Minor> {
        match self {
            Self::Frame(frame) => frame.hedges.get(&node).copied(),
            Self::Plan(after) => Some(after.hedge(node, None)),
        }
    }

    /// What all rows would lack below and have too much there; `settled` is what it is now.
    pub(super) fn all_hedges(&self, grid: &Grid, settled: (Minor, Minor)) -> (Minor, Minor) {
        match self {
            Self::Frame(frame) => frame.hedges.iter().fold(settled, |(under, over), (node, new)| {
                let old = grid.hedge(*node, None);
                (
                    Minor(under.0 + lack(*new).0 - lack(old).0),
                    Minor(over.0 + new.0.max(0) - old.0.max(0)),
                )
            }),
            Self::Plan(after) => all_hedges(after),
        }
    }

    /// Whether rows out of sight would change too, of which nothing is worked out yet.
    pub(super) fn is_part(&self) -> bool {
        matches!(self, Self::Frame(frame) if frame.is_part)
    }

    /// Whether rows out of sight are as before, whatever the change would make of them.
    pub(super) fn is_frame(&self) -> bool {
        matches!(self, Self::Frame(_))
    }
}

/// What all rows with something below them lack and have too much there.
pub(super) fn all_hedges(grid: &Grid) -> (Minor, Minor) {
    let shape = grid.shape();
    (0..shape.len() as u32)
        .map(NodeIndex)
        .filter(|node| !shape.is_leaf(*node))
        .map(|node| grid.hedge(node, None))
        .fold((Minor(0), Minor(0)), |(under, over), hedge| {
            (
                Minor(under.0.saturating_add(lack(hedge).0)),
                Minor(over.0.saturating_add(hedge.0.max(0))),
            )
        })
}

/// What is missing where the children have less than their parent.
fn lack(hedge: Minor) -> Minor {
    Minor((-hedge.0).max(0))
}

/// How an amount is changed: who gives, and what stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct How {
    /// Who gives.
    pub(super) give: Give,
    /// What stays; none: what is usual for the place.
    pub(super) keep: Option<Keep>,
}

/// What is aimed at when a place is set.
pub(super) fn aim((node, period): Place, how: How) -> Aim {
    Aim {
        node,
        period,
        keep: how.keep.unwrap_or_else(|| Keep::default_for(period)),
        give: how.give,
    }
}

/// The command that sets a place.
pub(super) fn command(place: Place, amount: Minor, how: How) -> PlanCommand {
    let Aim {
        node,
        period,
        keep,
        give,
    } = aim(place, how);
    PlanCommand::Set {
        node,
        period,
        amount,
        keep,
        give,
        reason: None,
    }
}

/// The command that sets what a row has in a quarter: its months together. A quarter of one month is that month, and one beside which
/// the plan has no other of its `periods` is the total.
pub(super) fn quarter_command(
    node: NodeIndex,
    quarter: &Quarter,
    periods: usize,
    amount: Minor,
    how: How,
) -> PlanCommand {
    if usize::from(quarter.months) == periods {
        return command((node, None), amount, how);
    }
    let first = (node, Some(quarter.first));
    if quarter.months == 1 {
        return command(first, amount, how);
    }
    let Aim { keep, give, .. } = aim(first, how);
    PlanCommand::SetSpan {
        node,
        first: quarter.first,
        periods: quarter.months,
        amount,
        keep,
        give,
        reason: None,
    }
}

/// The amount nearest to the wish that can be had, with the refusal of the wish itself when it cannot.
pub(super) fn nearest(grid: &Grid, place: Place, wish: Minor, how: How) -> Result<Preview, Refusal> {
    Ok(Drag::begin(grid, aim(place, how))?.preview(grid, wish, &[]))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use domain::calendar::Day;
    use domain::id::{MemberId, UnitId};
    use domain::plan::{NodeRef, NodeSpec, PeriodIndex, PlanPeriod, Shape};
    use uuid::Uuid;

    use super::*;

    /// A root, five people, two periods; a person has ten in the first and twenty in the second.
    fn grid() -> Grid {
        let nodes = (0..=5_u32).map(|row| NodeSpec {
            parent: (row > 0).then_some(NodeIndex(0)),
            reference: if row == 0 {
                NodeRef::Unit(UnitId(Uuid::from_u128(1)))
            } else {
                NodeRef::Member(MemberId(Uuid::from_u128(u128::from(row))))
            },
            name: String::new(),
        });
        let period = |starts_on, ends_on| PlanPeriod {
            starts_on: Day(starts_on),
            ends_on: Day(ends_on),
        };
        let shape = Shape::new(nodes.collect(), vec![period(0, 30), period(31, 60)]).unwrap();
        Grid::from_leaves(Arc::new(shape), |_, period| Minor(i64::from(period.0 + 1) * 10)).unwrap()
    }

    fn frame(grid: &Grid, changed: &[(u32, u16, i64)]) -> Frame {
        let cells: Vec<(CellIndex, Minor)> = changed
            .iter()
            .map(|(node, period, new)| {
                (
                    grid.shape().cell(NodeIndex(*node), PeriodIndex(*period)),
                    Minor(*new),
                )
            })
            .collect();
        Frame::of(grid, &cells)
    }

    #[test]
    fn a_frame_knows_what_it_changes_with_the_totals() {
        let grid = grid();
        let overlay = Overlay::Frame(frame(&grid, &[(3, 0, 13), (1, 0, 7), (3, 1, 22)]));
        let at = |node, period: Option<u16>| overlay.amount((NodeIndex(node), period.map(PeriodIndex)));
        assert_eq!(at(3, Some(0)), Some(Minor(13)));
        assert_eq!(at(3, Some(1)), Some(Minor(22)));
        assert_eq!(at(3, None), Some(Minor(35)));
        assert_eq!(at(1, Some(1)), Some(Minor(20)), "as it is");
        assert_eq!(at(1, None), Some(Minor(27)));
        assert_eq!(at(2, None), None, "it is not in the frame");
    }

    #[test]
    fn only_rows_that_moved_between_two_frames_are_drawn_again() {
        let grid = grid();
        let first = frame(&grid, &[(1, 0, 7), (3, 0, 13), (4, 0, 11)]);
        let second = frame(&grid, &[(1, 0, 7), (3, 0, 14), (5, 0, 9)]);
        assert_eq!(second.differs(&first), [3, 4, 5].map(NodeIndex));
        assert_eq!(second.differs(&Frame::default()), [1, 3, 5].map(NodeIndex));
        assert_eq!(Frame::default().differs(&second), [1, 3, 5].map(NodeIndex));
        assert!(first.differs(&first).is_empty());
    }
}
