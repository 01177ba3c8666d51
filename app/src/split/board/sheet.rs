//! The grid as a sheet: the cell with the focus, the marked block, and which rows are shown in which order.

use domain::money::Minor;
use domain::plan::{NodeIndex, PeriodIndex};
use domain::split::{Against, Only, Sort, SortBy};
use leptos::prelude::*;

use super::state::State;
use super::{Board, Columns, Place};
use crate::split::focus;
use crate::split::preview::How;

/// What of a row has the focus: the row itself, or one of its amounts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Column {
    /// The row.
    #[default]
    Row,
    /// The total, or the amount of a period.
    Cell(Option<PeriodIndex>),
    /// What it has in a quarter, by its place among the quarters of the plan.
    Quarter(u16),
    /// How much of it is to come from a line, by its place among the lines that are shown.
    Line(u16),
}

impl Column {
    /// The place among the amounts of a row: the total is 0, and also stands for the row.
    pub(super) fn place(self) -> usize {
        match self {
            Self::Row => 0,
            Self::Cell(period) => place_of(period),
            Self::Quarter(at) | Self::Line(at) => usize::from(at) + 1,
        }
    }
}

/// A block of cells: rows by their number in the list, columns with the total as 0; both ends belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::split) struct Block {
    pub(super) rows: (usize, usize),
    pub(super) columns: (usize, usize),
    /// Whole rows, with their names.
    pub(super) whole: bool,
}

impl Block {
    /// Whether a cell belongs to it.
    pub(in crate::split) fn holds(&self, row: usize, period: Option<PeriodIndex>) -> bool {
        let column = place_of(period);
        (self.rows.0..=self.rows.1).contains(&row) && (self.columns.0..=self.columns.1).contains(&column)
    }

    /// Whether a line or a quarter of a row belongs to it.
    pub(in crate::split) fn holds_column(&self, row: usize, column: Column) -> bool {
        let column = column.place();
        (self.rows.0..=self.rows.1).contains(&row) && (self.columns.0..=self.columns.1).contains(&column)
    }

    /// Whether a whole row belongs to it.
    pub(in crate::split) fn holds_row(&self, row: usize) -> bool {
        self.whole && (self.rows.0..=self.rows.1).contains(&row)
    }
}

/// The place of a period among the amounts of a row: the total is 0.
pub(in crate::split) fn place_of(period: Option<PeriodIndex>) -> usize {
    period.map_or(0, |period| usize::from(period.0) + 1)
}

/// The period at a place among the amounts of a row.
pub(super) fn period_at(place: usize) -> Option<PeriodIndex> {
    place.checked_sub(1).map(|period| PeriodIndex(period as u16))
}

/// The marked block: from where it begins to the focus. Every new order of the rows ends it, so it need not follow one.
pub(super) fn block(
    state: StoredValue<State, LocalStorage>,
    anchor: RwSignal<Option<(NodeIndex, usize)>>,
    selected: RwSignal<NodeIndex>,
    column: RwSignal<Column>,
) -> Memo<Option<Block>> {
    Memo::new(move |_| {
        let (from, begins) = anchor.get()?;
        let (to, column) = (selected.get(), column.get());
        state.with_value(|state| {
            let at = |node: NodeIndex| state.rows.iter().position(|row| *row == node);
            let (first, last) = (at(from)?, at(to)?);
            let columns = match column {
                Column::Row => (0, state.last_place()),
                to => (begins.min(to.place()), begins.max(to.place())),
            };
            Some(Block {
                rows: (first.min(last), first.max(last)),
                columns,
                whole: column == Column::Row,
            })
        })
    })
}

impl Board {
    /// Puts the focus on a row or on one of its amounts; `extend` marks everything from where the focus was.
    pub(in crate::split) fn focus(&self, node: NodeIndex, column: Column, extend: bool) {
        let column = match column {
            Column::Cell(Some(period)) => self.column_of(period),
            column => column,
        };
        if extend {
            if self.anchor.get_untracked().is_none() {
                let place = self.column.get_untracked().place();
                self.anchor.set(Some((self.selected.get_untracked(), place)));
            }
        } else {
            self.anchor.set(None);
        }
        self.column.set(column);
        self.selected.set(node);
    }

    /// Moves the focus by rows and, among the amounts of a row, by columns; stays inside of the grid.
    pub(in crate::split) fn step(&self, rows: isize, columns: isize, extend: bool) {
        let now = self.selected.get_untracked();
        let column = match self.column.get_untracked() {
            Column::Row => Column::Row,
            column => {
                let place = column.place().saturating_add_signed(columns);
                self.column_at(place.min(self.last_place()))
            }
        };
        let next = self.state.with_value(|state| {
            let at = state.rows.iter().position(|row| *row == now)?;
            let last = state.rows.len().checked_sub(1)?;
            state.rows.get(at.saturating_add_signed(rows).min(last)).copied()
        });
        self.focus(next.unwrap_or(now), column, extend);
    }

    /// The place of the last amount of a row. Does not track.
    pub(super) fn last_place(&self) -> usize {
        self.state.with_value(State::last_place)
    }

    /// The column at a place among the amounts of a row. Does not track.
    pub(super) fn column_at(&self, place: usize) -> Column {
        match (self.columns_now(), place.checked_sub(1)) {
            (Columns::Lines(_), Some(line)) => Column::Line(line as u16),
            (Columns::Periods, Some(quarter)) if self.shows_quarters_now() => Column::Quarter(quarter as u16),
            _ => Column::Cell(period_at(place)),
        }
    }

    /// The place with the focus; the total where the row itself has it. Does not track.
    pub(in crate::split) fn place(&self) -> Place {
        let period = match self.column.get_untracked() {
            Column::Cell(period) => period,
            Column::Row | Column::Quarter(_) | Column::Line(_) => None,
        };
        (self.selected.get_untracked(), period)
    }

    /// Whether the focus is in the first row. Does not track.
    pub(in crate::split) fn is_first(&self) -> bool {
        let selected = self.selected.get_untracked();
        self.state
            .with_value(|state| state.rows.first() == Some(&selected))
    }

    /// How an amount is changed now: who gives, and what stays. Does not track.
    pub(in crate::split) fn how(&self) -> How {
        self.how.get_untracked()
    }

    /// Whether a place belongs to the marked block. Does not track.
    pub(in crate::split) fn is_in_block(&self, (node, period): Place) -> bool {
        let Some(block) = self.block.get_untracked() else {
            return false;
        };
        self.state.with_value(|state| {
            let at = state.rows.iter().position(|row| *row == node);
            at.is_some_and(|at| block.holds(at, period))
        })
    }

    /// Puts the focus on a row that may be folded away or left out: what hides it is unfolded and no longer left out.
    pub(in crate::split) fn reveal(&self, node: NodeIndex) {
        if !self.shape(|shape| shape.has(node)) {
            return;
        }
        if !self.state.with_value(|state| state.rows.contains(&node)) {
            self.level.set(String::new());
            self.seek.set(String::new());
            self.arrange(|state| {
                state.filter.clear();
                state.only = Only::All;
                let above: Vec<NodeIndex> = state.open.grid.shape().ancestors(node).collect();
                for unit in above {
                    if let Some(place) = state.expanded.get_mut(unit.0 as usize) {
                        *place = true;
                    }
                }
            });
        }
        self.focus(node, Column::Row, false);
        focus::to_stop();
    }

    /// Folds or unfolds a row.
    pub(in crate::split) fn fold(&self, node: NodeIndex, expanded: bool) {
        self.level.set(String::new());
        self.arrange(|state| {
            if let Some(place) = state.expanded.get_mut(node.0 as usize) {
                *place = expanded;
            }
        });
    }

    /// Unfolds down to a level, and folds what is below it.
    pub(in crate::split) fn show_level(&self, level: &str) {
        self.level.set(level.to_owned());
        self.arrange(|state| state.expanded = state.open.unfolded_to(level));
    }

    /// Shows only rows whose name contains the text, with what is above them.
    pub(in crate::split) fn filter(&self, text: &str) {
        self.seek.set(text.to_owned());
        self.arrange(|state| state.filter = crate::words::folded(text.trim()));
    }

    /// Shows only some rows, with what is above them.
    pub(in crate::split) fn show_only(&self, only: Only) {
        self.arrange(|state| state.only = only);
    }

    /// Which rows are shown; tracks changes.
    pub(in crate::split) fn only(&self) -> Only {
        self.tick.track();
        self.state.with_value(|state| state.only)
    }

    /// Sorts by a column, the other way round, or as the tree is.
    pub(in crate::split) fn sort_by(&self, by: SortBy) {
        self.arrange(|state| state.sort = Sort::next(state.sort, by));
    }

    /// What the rows are sorted by; tracks changes.
    pub(in crate::split) fn sort(&self) -> Option<Sort> {
        self.tick.track();
        self.state.with_value(|state| state.sort)
    }

    /// Holds the amounts against something else.
    pub(in crate::split) fn hold_against(&self, against: Against) {
        self.against.set(against);
        self.arrange(|_| {});
    }

    /// What a row's total is held against; none where nothing is known. Tracks which it is.
    pub(in crate::split) fn base(&self, node: NodeIndex) -> Option<Minor> {
        let against = self.against.get();
        self.about(|open| open.base(node, against))
    }

    /// Changes which rows are shown, and how.
    pub(super) fn arrange(&self, change: impl FnOnce(&mut State)) {
        self.anchor.set(None);
        let against = self.against.get_untracked();
        self.change(|state| {
            change(state);
            state.layout(against);
        });
        if self.state.with_value(|state| !state.filter.is_empty()) {
            self.want_all_names();
        }
        // The keyboard stays in the grid: a row that is not listed any more gives its focus to the one above it.
        let selected = self.selected.get_untracked();
        let nearest = self.state.with_value(|state| state.nearest_listed(selected));
        if let Some(nearest) = nearest.filter(|nearest| *nearest != selected) {
            let had_focus = focus::is_in_rows();
            self.column.set(Column::Row);
            self.selected.set(nearest);
            if had_focus {
                focus::to_stop();
            }
        }
    }
}
