//! Typing into a quarter: what is typed is shared by its months, as one change; and what is said where they cannot take it.

use domain::format;
use domain::money::Minor;
use domain::plan::{Cause, PeriodIndex, PlanCommand, Refusal};
use leptos::prelude::*;

use super::amount_field::{AmountField, Cell};
use super::board::{Board, Column, QuarterOfRow};
use super::edit::echo;
use super::line_columns::period_name;
use super::send::Sender;
use super::{preview, quarters};
use crate::words::{Words, lang, t_string, use_i18n};

/// At most so many months are named.
const NAMED_MONTHS: usize = 6;

/// Opens the field of a quarter, with what was typed, what was typed there before and is no amount, or what is there; tells who may not
/// change it of which months it is the sum.
pub(super) fn begin(board: Board, place: QuarterOfRow, typed: Option<String>) {
    if !board.may_type() {
        return quarters::ask(board, place.0, place.1);
    }
    let Some(now) = board.quarter_now(place) else {
        return;
    };
    let text = typed
        .or_else(|| untrack(|| board.wrong_quarter(place)))
        .unwrap_or_else(|| format::full(now, &board.currency()));
    board.edit_quarter(Some((place, text)));
}

/// A quarter of a row that is typed into.
#[derive(Clone, Copy)]
struct TypedQuarter {
    board: Board,
    sender: Sender,
    place: QuarterOfRow,
    /// The last command that was in sight when typing began: what others make of its months meanwhile is asked about.
    base: u64,
}

impl Cell for TypedQuarter {
    fn board(self) -> Board {
        self.board
    }

    fn begun(self) -> Option<String> {
        self.board.begun_quarter(self.place)
    }

    fn kept(self) -> Option<String> {
        self.board.wrong_quarter(self.place)
    }

    fn now(self) -> Option<Minor> {
        self.board.quarter_now(self.place)
    }

    fn echo(self, text: &str, left: bool, i18n: Words) -> Result<String, String> {
        let (node, at) = self.place;
        let quarter = self.board.quarter(at);
        let now = quarter.and_then(|quarter| self.board.in_quarter(node, &quarter));
        echo(self.board, text, now.unwrap_or_default(), left, i18n)
    }

    fn open(self, text: String) {
        self.board
            .focus(self.place.0, Column::Quarter(self.place.1), false);
        self.board.edit_quarter(Some((self.place, text)));
    }

    fn close(self) {
        self.board.edit_quarter(None);
    }

    fn keep_wrong(self, text: &str) {
        self.board.keep_wrong_quarter(self.place, Some(text));
    }

    fn forget_wrong(self) {
        self.board.keep_wrong_quarter(self.place, None);
    }

    fn enter(self, amount: Minor) {
        let (node, at) = self.place;
        let Some(quarter) = self.board.quarter(at) else {
            return;
        };
        let periods = self.board.about(|open| open.periods.len());
        let command = preview::quarter_command(node, &quarter, periods, amount, self.board.how());
        self.sender.send_from(self.base, command);
    }
}

/// The field of a quarter.
#[component]
pub(super) fn EditQuarter(board: Board, place: QuarterOfRow) -> impl IntoView {
    let i18n = use_i18n();
    let cell = TypedQuarter {
        board,
        sender: expect_context::<Sender>(),
        place,
        // The field stands from the first sign on, also with what is no amount yet.
        base: board.head(),
    };
    let label = Signal::derive(move || {
        let quarter = board.quarter(place.1);
        let period = quarter.map_or_else(String::new, |quarter| {
            format::period(&quarter.period, lang(i18n.get_locale()))
        });
        t_string!(
            i18n,
            split.edit_label,
            name = board.name(place.0),
            period = period
        )
        .to_string()
    });
    let id = format!("edit-echo-{}-quarter-{}", place.0.0, place.1);
    view! { <AmountField cell=cell id=id label=label /> }
}

/// What is said further of a quarter that cannot be set: the months in which something is held, and how far it goes.
pub(super) fn more(board: Board, refused: &Refusal, command: &PlanCommand, words: Words) -> Option<String> {
    let PlanCommand::SetSpan { .. } = command else {
        return None;
    };
    let Refusal::Blocked {
        wanted,
        reachable,
        blockers,
        ..
    } = refused
    else {
        return None;
    };
    let lang = lang(words.get_locale());
    let amount = format::currency_words(*reachable, &board.currency(), lang);
    let furthest = if wanted > reachable {
        t_string!(words, line_columns.quarter_most, amount = amount).to_string()
    } else {
        t_string!(words, line_columns.quarter_least, amount = amount).to_string()
    };
    let holds = |cause: Cause| matches!(cause, Cause::Lock { .. } | Cause::Floor | Cause::Cap);
    let held = blockers.iter().filter(|blocker| holds(blocker.cause));
    let mut months: Vec<PeriodIndex> = held.filter_map(|blocker| blocker.period).collect();
    months.sort();
    months.dedup();
    if months.is_empty() {
        return Some(furthest);
    }
    let named = months.iter().take(NAMED_MONTHS);
    let names: Vec<String> = named.map(|month| period_name(board, *month, words)).collect();
    let names = names.join(lang.pick("、", ", "));
    let months = t_string!(words, line_columns.quarter_months, months = names).to_string();
    Some(format!("{months} {furthest}"))
}
