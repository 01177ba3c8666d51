//! How much of a row is to come from a line: as the grid is, or as it is shown while somebody drags, of the whole plan or of one of
//! its periods.

use domain::line::matrix::MatrixError;
use domain::line::sheet::{OpenSheet, SheetCell, Totals};
use domain::money::Minor;
use domain::plan::{Grid, NodeIndex, PeriodIndex};
use domain::split::SortBy;
use leptos::prelude::*;

use super::{Board, Columns, LineColumns};
use crate::split::board::Place;
use crate::split::board::followed::Told;
use crate::split::preview::Overlay;

impl LineColumns {
    /// How much of a row of a grid is to come from a line. Does not track.
    pub(in crate::split::board) fn amount(&self, grid: &Grid, node: NodeIndex, line: u16) -> Option<Minor> {
        let total = |node: NodeIndex| grid.amount(node, None);
        let periods = |node: NodeIndex| -> Vec<Minor> {
            let periods = grid.periods();
            periods.map(|period| grid.amount(node, Some(period))).collect()
        };
        let period = self.period.get_untracked();
        self.read(line, |open| match period {
            None => open.row(grid.shape(), &total, node),
            Some(PeriodIndex(at)) => open.part(grid.shape(), &total, &periods, (node, usize::from(at))),
        })
    }

    /// The same as it is shown with what a change would leave. Does not track.
    fn shown_amount(&self, grid: &Grid, overlay: &Overlay, (node, line): (NodeIndex, u16)) -> Option<Minor> {
        let amount = |node: NodeIndex, period: Option<PeriodIndex>| {
            let shown = overlay.amount((node, period));
            shown.unwrap_or_else(|| grid.amount(node, period))
        };
        let settled = |node: NodeIndex| grid.amount(node, None);
        let shown = |node: NodeIndex| amount(node, None);
        let periods = |node: NodeIndex| -> Vec<Minor> {
            let periods = grid.periods();
            periods.map(|period| amount(node, Some(period))).collect()
        };
        let totals = Totals {
            settled: &settled,
            shown: &shown,
        };
        let period = self.period.get_untracked();
        self.read(line, |open| match period {
            None => open.moving(grid.shape(), totals, node),
            Some(PeriodIndex(at)) => {
                open.moving_part(grid.shape(), totals, &periods, (node, usize::from(at)))
            }
        })
    }

    /// A line of a row of the open sheet.
    fn read(
        &self,
        line: u16,
        row: impl FnOnce(&mut OpenSheet) -> Result<Vec<Minor>, MatrixError>,
    ) -> Option<Minor> {
        let amount = self.kept.try_update_value(|kept| {
            let place = *kept.shown.get(usize::from(line))?;
            let row = row(kept.open.as_mut()?).ok()?;
            row.get(place).copied()
        });
        amount.flatten()
    }

    /// What a change would leave is something else, or nothing.
    pub(in crate::split::board) fn renew_moving(&self) {
        // The grid may have been closed.
        self.kept.try_update_value(|kept| {
            if let Some(open) = kept.open.as_mut() {
                open.renew_moving();
            }
        });
    }
}

impl Board {
    /// How much of a row is to come from a line as it is shown: the frame of a drag, and the period that was chosen. Tracks changes.
    pub(in crate::split) fn line_amount(&self, node: NodeIndex, line: u16) -> Option<Minor> {
        self.track_periods(node);
        self.lines.told.track();
        self.lines.period.track();
        self.state.with_value(|state| {
            let grid = &state.open.grid;
            match &state.overlay {
                Some(overlay) => self.lines.shown_amount(grid, overlay, (node, line)),
                None => self.lines.amount(grid, node, line),
            }
        })
    }

    /// What a line of a row is in what is shown, the whole plan or a period; none while it is not known. Tracks changes, but not what
    /// a drag only shows.
    pub(in crate::split) fn line_cell(&self, node: NodeIndex, line: u16) -> Option<SheetCell> {
        self.follow(node, Told::Settled);
        self.lines.told.track();
        self.lines.period.track();
        self.line_cell_now(node, line)
    }

    /// The same without tracking.
    pub(in crate::split) fn line_cell_now(&self, node: NodeIndex, line: u16) -> Option<SheetCell> {
        self.line_cell_of((node, self.line_period_now()), line)
    }

    /// What a line of a row is, over the whole plan or in a period, whichever is shown. Does not track.
    pub(in crate::split) fn line_cell_of(&self, (node, period): Place, line: u16) -> Option<SheetCell> {
        self.about(|open| {
            let grid = &open.grid;
            let total = |node: NodeIndex| grid.amount(node, None);
            let periods = |node: NodeIndex| -> Vec<Minor> {
                let periods = grid.periods();
                periods.map(|period| grid.amount(node, Some(period))).collect()
            };
            let cell = self.lines.kept.try_update_value(|kept| {
                let place = *kept.shown.get(usize::from(line))?;
                let open = kept.open.as_mut()?;
                let cell = match period {
                    None => open.cell(grid.shape(), &total, (node, place)),
                    Some(period) => open.part_cell(grid.shape(), &total, &periods, ((node, period), place)),
                };
                cell.ok()
            });
            cell.flatten()
        })
    }

    /// The period that the lines are of, without tracking.
    pub(in crate::split) fn line_period_now(&self) -> Option<PeriodIndex> {
        self.lines.period.get_untracked()
    }

    /// The period that the lines are of; none: the whole plan. Tracks it.
    pub(in crate::split) fn line_period(&self) -> Option<PeriodIndex> {
        self.lines.period.get()
    }

    /// Shows the lines of a period, or of the whole plan; of a plan without such a period it stays the whole.
    pub(in crate::split) fn show_line_period(&self, period: Option<PeriodIndex>) {
        let of_plan = self.about(|open| open.periods.len());
        let is_lines = self.columns_now() != Columns::Periods;
        let period = period.filter(|period| is_lines && usize::from(period.0) < of_plan);
        if self.lines.period.get_untracked() == period {
            return;
        }
        self.lines.editing.set(None);
        self.lines.period.set(period);
        // What they are sorted by is another number now.
        let sort = self.state.with_value(|state| state.sort);
        if sort.is_some_and(|sort| matches!(sort.by, SortBy::Line(_))) {
            self.arrange(|_| {});
        }
    }
}
