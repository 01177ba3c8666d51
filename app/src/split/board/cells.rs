//! What is copied from the grid as cells, and what cells that are pasted would change.

use domain::plan::NodeIndex;
use domain::split::{PasteAt, Pasted, paste, plain_amount, write_table};
use leptos::prelude::*;

use super::Board;
use super::sheet::{Column, period_at};

/// A text of cells that is being pasted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pasting {
    /// The cells.
    pub(in crate::split) text: String,
    /// Whether a place of the grid had the focus: only names find their rows without one.
    pub(in crate::split) placed: bool,
}

impl Pasting {
    /// Cells that go to the place with the focus.
    pub(in crate::split) fn at_focus(text: String) -> Self {
        Self { text, placed: true }
    }
}

impl Board {
    /// Asks for what the rows of the marked block are called, should they be copied.
    pub(in crate::split) fn want_marked(&self) {
        if let Some(block) = self.block.get().filter(|block| block.whole) {
            let rows = self.state.with_value(|state| {
                let rows = state.rows.get(block.rows.0..=block.rows.1);
                rows.unwrap_or_default().to_vec()
            });
            self.want_names(rows);
        }
    }

    /// Rows that are copied with their names, which are not all known.
    pub(in crate::split) fn unnamed_to_copy(&self) -> Vec<NodeIndex> {
        let block = self.block.get_untracked();
        let (node, column) = (self.selected.get_untracked(), self.column.get_untracked());
        self.state.with_value(|state| {
            let rows = match block {
                Some(block) if block.whole => {
                    let rows = state.rows.get(block.rows.0..=block.rows.1);
                    rows.unwrap_or_default().to_vec()
                }
                None if column == Column::Row => vec![node],
                _ => Vec::new(),
            };
            rows.into_iter().filter(|row| !state.is_named(*row)).collect()
        })
    }

    /// What is copied: the marked block, or the row or the amount with the focus. Whole rows come with their names.
    pub(in crate::split) fn copied(&self) -> String {
        let block = self.block.get_untracked();
        let (node, column) = (self.selected.get_untracked(), self.column.get_untracked());
        let aim = self.aim.get_untracked();
        self.state.with_value(|state| {
            let open = &state.open;
            let last = state.last_place();
            let (rows, columns, whole) = match (block, column) {
                (Some(block), _) => {
                    let rows = state
                        .rows
                        .get(block.rows.0..=block.rows.1)
                        .unwrap_or_default()
                        .to_vec();
                    (rows, block.columns, block.whole)
                }
                (None, Column::Row) => (vec![node], (0, last), true),
                (None, column) => (vec![node], (column.place(), column.place()), false),
            };
            let line = |node: &NodeIndex| -> Vec<String> {
                let name = whole.then(|| open.grid.shape().name(*node).to_owned());
                let amounts = (columns.0..=columns.1).map(|place| {
                    let amount = match self.column_at(place) {
                        Column::Line(line) => state.lines.amount(&open.grid, *node, line),
                        Column::Quarter(at) => {
                            let quarter = open.quarters.get(usize::from(at));
                            quarter.and_then(|quarter| {
                                quarter.sum(|month| state.shown(aim, (*node, Some(month))))
                            })
                        }
                        Column::Row | Column::Cell(_) => state.shown(aim, (*node, period_at(place))),
                    };
                    amount.map_or_else(String::new, |amount| plain_amount(amount, &open.currency))
                });
                name.into_iter().chain(amounts).collect()
            };
            write_table(&rows.iter().map(line).collect::<Vec<_>>())
        })
    }

    /// What a text of cells would change from the place with the focus on; nothing before all names are known, as cells may find
    /// their rows by them. Tracks changes of the grid, and names that come.
    pub(in crate::split) fn pasted(&self, Pasting { text, placed }: &Pasting) -> Pasted {
        self.settled.track();
        if !self.is_all_named() {
            self.want_all_names();
            return Pasted::default();
        }
        let block = self.block.get_untracked();
        let (node, period) = self.place();
        self.state.with_value(|state| {
            // A marked block is pasted over from its first cell on.
            let first = block.and_then(|block| {
                let node = state.rows.get(block.rows.0)?;
                Some((*node, period_at(block.columns.0)))
            });
            let (node, period) = first.unwrap_or((node, period));
            paste(
                text,
                &PasteAt {
                    grid: &state.open.grid,
                    currency: &state.open.currency,
                    rows: &state.rows,
                    node: placed.then_some(node),
                    period,
                },
            )
        })
    }

    /// Where cells of lines are pasted: the rows from the first one on, and its column. A marked block is pasted over from its first
    /// cell on. Does not track.
    pub(in crate::split) fn paste_from(&self) -> (Vec<NodeIndex>, Column) {
        let block = self.block.get_untracked();
        let (selected, column) = (self.selected.get_untracked(), self.column.get_untracked());
        let rows = self.state.with_value(|state| {
            let first = match block {
                Some(block) => Some(block.rows.0),
                None => state.rows.iter().position(|row| *row == selected),
            };
            let rows = first.and_then(|first| state.rows.get(first..));
            rows.unwrap_or_default().to_vec()
        });
        (
            rows,
            block.map_or(column, |block| self.column_at(block.columns.0)),
        )
    }
}
