//! Typing into an amount of the grid. Below the field stands what it comes to, as what is typed are units of the currency while the
//! column may be written in 万 or thousands.

use domain::format;
use domain::money::Minor;
use leptos::prelude::*;

use super::amount_field::{AmountField, Cell, amount_of};
use super::board::{Board, Column, Place, place_of};
use super::preview;
use super::row::scale;
use super::send::Sender;
use crate::words::{Words, lang, t_string, use_i18n};

/// What nobody ends with.
const SIGNS: [char; 12] = ['=', '+', '-', '*', '/', '×', '÷', '＝', '＋', '－', '＊', '／'];

/// Opens the field, with what was typed, what was typed there before and is no amount, or what is there.
pub(super) fn begin(board: Board, place: Place, typed: Option<String>) {
    if !board.may_type() {
        return;
    }
    let text = typed.or_else(|| board.wrong_text(place)).unwrap_or_else(|| {
        let amount = board.grid(|grid| grid.amount(place.0, place.1));
        format::full(amount, &board.currency())
    });
    board.editing.set(Some((place, text)));
}

/// A place of the grid that is typed into.
#[derive(Clone, Copy)]
struct PlaceCell {
    board: Board,
    sender: Sender,
    place: Place,
    /// The last command that was in sight when typing began: what others make of the amount meanwhile is asked about.
    base: u64,
}

impl Cell for PlaceCell {
    fn board(self) -> Board {
        self.board
    }

    fn begun(self) -> Option<String> {
        self.board.begun(self.place)
    }

    fn kept(self) -> Option<String> {
        let is_wrong = self.board.is_wrong(self.place);
        self.board.wrong_text(self.place).filter(|_| is_wrong)
    }

    fn now(self) -> Option<Minor> {
        Some(self.board.grid(|grid| grid.amount(self.place.0, self.place.1)))
    }

    fn echo(self, text: &str, left: bool, i18n: Words) -> Result<String, String> {
        let now = self.board.amount(self.place);
        echo(self.board, text, now, left, i18n)
    }

    fn open(self, text: String) {
        self.board.focus(self.place.0, Column::Cell(self.place.1), false);
        self.board.editing.set(Some((self.place, text)));
    }

    fn close(self) {
        self.board.editing.set(None);
    }

    fn keep_wrong(self, text: &str) {
        self.board.keep_wrong(self.place, text);
    }

    fn forget_wrong(self) {
        self.board.forget_wrong(self.place);
    }

    fn enter(self, amount: Minor) {
        let command = preview::command(self.place, amount, self.board.how());
        self.sender.send_from(self.base, command);
    }
}

/// The field of a place.
#[component]
pub(super) fn EditCell(board: Board, place: Place) -> impl IntoView {
    let i18n = use_i18n();
    let cell = PlaceCell {
        board,
        sender: expect_context::<Sender>(),
        place,
        // The field stands from the first sign on, also with what is no amount yet.
        base: board.head(),
    };
    let period = place
        .1
        .map(|period| board.about(|open| open.periods.get(usize::from(period.0)).cloned()));
    let label = Signal::derive(move || {
        let period = period.clone().flatten().map_or_else(
            || t_string!(i18n, split.total).to_string(),
            |period| format::period(&period, lang(i18n.get_locale())),
        );
        t_string!(
            i18n,
            split.edit_label,
            name = board.name(place.0),
            period = period
        )
        .to_string()
    });
    let id = format!("edit-echo-{}-{}", place.0.0, place_of(place.1));
    view! { <AmountField cell=cell id=id label=label /> }
}

/// What a text in the field comes to, whole and in the scale of its column; empty while nothing is said yet. Else why it is no
/// amount. `left`: whether somebody has ended with it.
pub(super) fn echo(board: Board, text: &str, now: Minor, left: bool, i18n: Words) -> Result<String, String> {
    // Somebody who has typed `=A*` so far is not wrong.
    let text = text.trim();
    if text.is_empty() || (!left && text.ends_with(SIGNS)) {
        return Ok(String::new());
    }
    let lang = lang(i18n.get_locale());
    match amount_of(board, text, now) {
        Ok(amount) => {
            let said = format::spelled(amount, &board.currency(), scale(board, lang), lang);
            Ok(format!("= {said}"))
        }
        Err(error) => Err(error.words(lang)),
    }
}
