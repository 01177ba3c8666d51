//! What goes with a line when the lines come in another order.

use domain::line::rows::LineHead;
use domain::split::{Sort, SortBy};
use leptos::prelude::*;

use super::{Board, Column};

impl Board {
    /// The focus and the order of the rows stay with their lines, which were at these places before; nothing is marked any more.
    pub(super) fn follow_lines(&self, before: &[(u16, LineHead)]) {
        let now = self.line_heads().unwrap_or_default();
        let moved = |line: u16| {
            let (_, head) = before.iter().find(|(at, _)| *at == line)?;
            let (line, _) = now.iter().find(|(_, known)| known.key == head.key)?;
            Some(*line)
        };
        self.anchor.set(None);
        if let Column::Line(line) = self.column.get_untracked() {
            self.column.set(moved(line).map_or(Column::Row, Column::Line));
        }
        let sort = self.state.with_value(|state| state.sort);
        if let Some(Sort {
            by: SortBy::Line(line),
            descending,
        }) = sort
        {
            let by = moved(line).map(SortBy::Line);
            self.arrange(|state| state.sort = by.map(|by| Sort { by, descending }));
        }
    }
}
