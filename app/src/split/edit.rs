//! Typing into an amount of the grid, or into a quarter, whose months share what is typed as one change. Below the field stands what it
//! comes to, as what is typed are units of the currency while the column may be written in 万 or thousands.

use domain::format;
use domain::money::Minor;
use domain::plan::{NodeIndex, PlanCommand};
use leptos::prelude::*;

use super::amount_field::{AmountField, Cell, amount_of};
use super::board::{Board, Column, Place, QuarterOfRow, place_of};
use super::line_columns::period_name;
use super::row::scale;
use super::send::Sender;
use super::{preview, quarters};
use crate::words::{Words, lang, t_string, use_i18n};

/// What nobody ends with.
const SIGNS: [char; 12] = ['=', '+', '-', '*', '/', '×', '÷', '＝', '＋', '－', '＊', '／'];

/// What of a row is typed into.
#[derive(Clone, Copy)]
pub enum Spot {
    /// The total, or the amount of a period.
    Place(Place),
    /// A quarter.
    Quarter(QuarterOfRow),
}

impl Spot {
    fn node(self) -> NodeIndex {
        match self {
            Self::Place((node, _)) | Self::Quarter((node, _)) => node,
        }
    }

    fn column(self) -> Column {
        match self {
            Self::Place((_, period)) => Column::Cell(period),
            Self::Quarter((_, at)) => Column::Quarter(at),
        }
    }

    /// What is there, which a change goes by; none where there is no such quarter. Does not track.
    fn now(self, board: Board) -> Option<Minor> {
        match self {
            Self::Place((node, period)) => Some(board.grid(|grid| grid.amount(node, period))),
            Self::Quarter(place) => board.quarter_now(place),
        }
    }

    /// What is there as it is shown; tracks changes.
    fn shown(self, board: Board) -> Minor {
        match self {
            Self::Place(place) => board.amount(place),
            Self::Quarter((node, at)) => {
                let quarter = board.quarter(at);
                let shown = quarter.and_then(|quarter| board.in_quarter(node, &quarter));
                shown.unwrap_or_default()
            }
        }
    }

    /// What was typed there and is no amount; tracks it.
    fn wrong(self, board: Board) -> Option<String> {
        match self {
            Self::Place(place) => {
                let is_wrong = board.is_wrong(place);
                board.wrong_text(place).filter(|_| is_wrong)
            }
            Self::Quarter(place) => board.wrong_quarter(place),
        }
    }

    /// Opens the field with a text, or closes it.
    fn edit(self, board: Board, text: Option<String>) {
        match self {
            Self::Place(place) => board.editing.set(text.map(|text| (place, text))),
            Self::Quarter(place) => board.edit_quarter(text.map(|text| (place, text))),
        }
    }

    /// What its column is called.
    fn column_name(self, board: Board, i18n: Words) -> String {
        match self {
            Self::Place((_, None)) => t_string!(i18n, split.total).to_string(),
            Self::Place((_, Some(period))) => period_name(board, period, i18n),
            Self::Quarter((_, at)) => {
                let quarter = board.quarter(at);
                quarter.map_or_else(String::new, |quarter| {
                    format::period(&quarter.period, lang(i18n.get_locale()))
                })
            }
        }
    }

    /// The command that sets it; none where there is no such quarter.
    fn command(self, board: Board, amount: Minor) -> Option<PlanCommand> {
        match self {
            Self::Place(place) => Some(preview::command(place, amount, board.how())),
            Self::Quarter((node, at)) => {
                let quarter = board.quarter(at)?;
                let periods = board.about(|open| open.periods.len());
                Some(preview::quarter_command(
                    node,
                    &quarter,
                    periods,
                    amount,
                    board.how(),
                ))
            }
        }
    }

    /// The id of what is said below the field.
    fn echo_id(self) -> String {
        match self {
            Self::Place((node, period)) => format!("edit-echo-{}-{}", node.0, place_of(period)),
            Self::Quarter((node, at)) => format!("edit-echo-{}-quarter-{at}", node.0),
        }
    }
}

/// Opens the field, with what was typed, what was typed there before and is no amount, or what is there; tells who may not change a
/// quarter of which months it is the sum.
pub(super) fn begin(board: Board, spot: Spot, typed: Option<String>) {
    if !board.may_type() {
        if let Spot::Quarter((node, at)) = spot {
            quarters::ask(board, node, at);
        }
        return;
    }
    let Some(now) = spot.now(board) else {
        return;
    };
    let text = typed
        .or_else(|| untrack(|| spot.wrong(board)))
        .unwrap_or_else(|| format::full(now, &board.currency()));
    spot.edit(board, Some(text));
}

/// A spot of the grid that is typed into.
#[derive(Clone, Copy)]
struct SpotCell {
    board: Board,
    sender: Sender,
    spot: Spot,
    /// The last command that was in sight when typing began: what others make of the amount meanwhile is asked about.
    base: u64,
}

impl Cell for SpotCell {
    fn board(self) -> Board {
        self.board
    }

    fn begun(self) -> Option<String> {
        match self.spot {
            Spot::Place(place) => self.board.begun(place),
            Spot::Quarter(place) => self.board.begun_quarter(place),
        }
    }

    fn kept(self) -> Option<String> {
        self.spot.wrong(self.board)
    }

    fn now(self) -> Option<Minor> {
        self.spot.now(self.board)
    }

    fn echo(self, text: &str, left: bool, i18n: Words) -> Result<String, String> {
        echo(self.board, text, self.spot.shown(self.board), left, i18n)
    }

    fn open(self, text: String) {
        self.board.focus(self.spot.node(), self.spot.column(), false);
        self.spot.edit(self.board, Some(text));
    }

    fn close(self) {
        self.spot.edit(self.board, None);
    }

    fn keep_wrong(self, text: &str) {
        match self.spot {
            Spot::Place(place) => self.board.keep_wrong(place, text),
            Spot::Quarter(place) => self.board.keep_wrong_quarter(place, Some(text)),
        }
    }

    fn forget_wrong(self) {
        match self.spot {
            Spot::Place(place) => self.board.forget_wrong(place),
            Spot::Quarter(place) => self.board.keep_wrong_quarter(place, None),
        }
    }

    fn enter(self, amount: Minor) {
        if let Some(command) = self.spot.command(self.board, amount) {
            self.sender.send_from(self.base, command);
        }
    }
}

/// The field of a spot.
#[component]
pub(super) fn EditCell(board: Board, spot: Spot) -> impl IntoView {
    let i18n = use_i18n();
    let cell = SpotCell {
        board,
        sender: expect_context::<Sender>(),
        spot,
        // The field stands from the first sign on, also with what is no amount yet.
        base: board.head(),
    };
    let label = Signal::derive(move || {
        t_string!(
            i18n,
            split.edit_label,
            name = board.name(spot.node()),
            period = spot.column_name(board, i18n)
        )
        .to_string()
    });
    view! { <AmountField cell=cell id=spot.echo_id() label=label /> }
}

/// What a text in the field comes to, whole and in the scale of its column; empty while nothing is said yet. Else why it is no
/// amount. `left`: whether somebody has ended with it.
fn echo(board: Board, text: &str, now: Minor, left: bool, i18n: Words) -> Result<String, String> {
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
