//! The field of a line of a row.

use domain::line::rows::LineHead;
use domain::money::Minor;
use leptos::prelude::*;

use super::asked_for;
use crate::split::amount_field::{AmountField, Cell, amount_of};
use crate::split::board::{Board, Column, Place};
use crate::split::line_send::{WantedLine, enter};
use crate::split::lines::table::named;
use crate::words::{Words, lang, t_string, use_i18n};

/// A line of a row that is typed into.
#[derive(Clone, Copy)]
struct LineOfRow {
    board: Board,
    /// The row; over the whole plan, or in the period that was shown when it was opened.
    place: Place,
    line: u16,
    /// What the line is known by. It goes with the field, which may be taken away while it is typed into.
    key: StoredValue<String>,
}

impl Cell for LineOfRow {
    fn board(self) -> Board {
        self.board
    }

    fn begun(self) -> Option<String> {
        let (node, _) = self.place;
        self.board.begun_line(node, self.line)
    }

    fn kept(self) -> Option<String> {
        let kept = self
            .key
            .try_with_value(|key| self.board.wrong_line(self.place, key));
        kept.flatten()
    }

    fn now(self) -> Option<Minor> {
        let cell = self.board.line_cell_of(self.place, self.line)?;
        Some(asked_for(&cell))
    }

    /// What it comes to is said by the cells beside it; here, why it is no amount once somebody has ended with it.
    fn echo(self, text: &str, left: bool, i18n: Words) -> Result<String, String> {
        if !left {
            return Ok(String::new());
        }
        let (node, _) = self.place;
        let cell = self.board.line_cell(node, self.line);
        let now = cell.map_or(Minor(0), |cell| asked_for(&cell));
        match amount_of(self.board, text, now) {
            Ok(_) => Ok(String::new()),
            Err(error) => Err(error.words(lang(i18n.get_locale()))),
        }
    }

    fn open(self, text: String) {
        let (node, _) = self.place;
        self.board.focus(node, Column::Line(self.line), false);
        self.board.edit_line(Some((node, self.line, text)));
    }

    fn close(self) {
        self.board.edit_line(None);
    }

    fn keep_wrong(self, text: &str) {
        let _gone = self
            .key
            .try_with_value(|key| self.board.keep_wrong_line(self.place, key, text));
    }

    fn forget_wrong(self) {
        let _gone = self
            .key
            .try_with_value(|key| self.board.forget_wrong_line(self.place, key));
    }

    fn enter(self, amount: Minor) {
        if let Some(key) = self.key.try_get_value() {
            enter(self.board, vec![WantedLine::set(self.place, key, amount)]);
        }
    }
}

/// The field of a line.
#[component]
pub(super) fn LineEdit(board: Board, place: Place, line: u16, head: LineHead) -> impl IntoView {
    let i18n = use_i18n();
    let (node, _) = place;
    let cell = LineOfRow {
        board,
        place,
        line,
        key: StoredValue::new(head.key.clone()),
    };
    let label = Signal::derive(move || {
        let line = named(&head, i18n);
        t_string!(i18n, lines.edit_label, name = board.name(node), line = line).to_string()
    });
    let id = format!("edit-echo-line-{}-{line}", node.0);
    view! { <AmountField cell=cell name="line" id=id label=label /> }
}
