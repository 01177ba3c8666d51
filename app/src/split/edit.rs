//! Typing into a cell: amounts as people write them, `+5%`, `=+5%`, `=A*1.1`. Below the field stands what it comes to, as what
//! is typed are units of the currency while the column may be written in 万 or thousands.

use domain::format;
use domain::money::{Edit, EditError, Minor};
use leptos::prelude::*;
use leptos::{ev, html};

use super::board::{Board, Column, Place, place_of};
use super::row::scale;
use super::send::Sender;
use super::{focus, preview};
use crate::ui::is_composing;
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

/// The field. A text that is no amount stays in it with the reason below, also when somebody goes on elsewhere, until it is made
/// right, emptied, or given up with Escape.
#[component]
pub(super) fn EditCell(board: Board, place: Place) -> impl IntoView {
    let i18n = use_i18n();
    let sender = expect_context::<Sender>();
    let element = NodeRef::<html::Input>::new();
    let begun = move || board.begun(place);
    let first = untrack(begun)
        .or_else(|| board.wrong_text(place))
        .unwrap_or_default();
    let typed = RwSignal::new(first.clone());
    let is_wrong = Memo::new(move |_| board.is_wrong(place));
    // Others may change the cell meanwhile: what is taken over goes by what it has then.
    let echoed = Memo::new(move |_| {
        let now = board.amount(place);
        let left = is_wrong.get();
        typed.with(|text| echo(board, text, now, left, i18n))
    });
    let invalid = Memo::new(move |_| is_wrong.get() && echoed.with(Result::is_err));
    // A field that was only opened takes nothing over: others may have changed the cell meanwhile.
    let touched = StoredValue::new(is_typed_over(&first));
    Effect::new(move |_| {
        let (Some(text), Some(input)) = (begun(), element.get()) else {
            return;
        };
        // Something else is typed over what stayed there.
        if input.value() != text {
            input.set_value(&text);
            typed.set(text.clone());
            touched.set_value(true);
        }
        if !input.matches(":focus").unwrap_or(false) {
            drop(input.focus());
            if !is_typed_over(&text) {
                input.select();
            }
        }
    });
    let reads = move |text: &str| {
        let now = board.grid(|grid| grid.amount(place.0, place.1));
        amount_of(board, text, now)
    };
    let commit = move |text: &str| {
        if touched.try_get_value() == Some(false) {
            board.editing.set(None);
            return;
        }
        // As in a sheet that is pasted, nothing leaves what is there.
        let found = (!text.trim().is_empty()).then(|| reads(text));
        match found {
            Some(Err(_)) => {
                board.keep_wrong(place, text);
                board.editing.set(None);
            }
            Some(Ok(amount)) => {
                board.forget_wrong(place);
                board.editing.set(None);
                if amount != board.grid(|grid| grid.amount(place.0, place.1)) {
                    sender.send(preview::command(place, amount, board.how()));
                }
            }
            None => {
                board.forget_wrong(place);
                board.editing.set(None);
            }
        }
    };
    // The field ends first: one that loses the focus while it is open takes over what is in it.
    let leave = move |event: &ev::KeyboardEvent| {
        board.editing.set(None);
        focus::back(event.target(), board.column.get_untracked());
    };
    // As in a sheet: from cell to cell, where it is a cell that has the focus and not its row.
    let in_cells = move || board.column.get_untracked() != Column::Row;
    let on_key = move |event: ev::KeyboardEvent| {
        event.stop_propagation();
        if is_composing(&event) {
            return;
        }
        let text = event_target_value(&event);
        match event.key().as_str() {
            "Enter" => {
                event.prevent_default();
                // Whoever has ended with something wrong is where it can be made right.
                if !text.trim().is_empty() && reads(&text).is_err() {
                    board.keep_wrong(place, &text);
                    return;
                }
                leave(&event);
                commit(&text);
                if in_cells() {
                    board.step(1, 0, false);
                }
            }
            "Tab" if in_cells() => {
                event.prevent_default();
                leave(&event);
                commit(&text);
                board.step(0, if event.shift_key() { -1 } else { 1 }, false);
            }
            "Escape" => {
                board.forget_wrong(place);
                leave(&event);
            }
            _ => {}
        }
    };
    let period = place
        .1
        .map(|period| board.about(|open| open.periods.get(usize::from(period.0)).cloned()));
    let label = move || {
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
    };
    let id = format!("edit-echo-{}-{}", place.0.0, place_of(place.1));
    view! {
        <input
            node_ref=element
            class="edit"
            inputmode="decimal"
            aria-label=label
            aria-invalid=move || invalid.get().then_some("true")
            aria-describedby=id.clone()
            style=("--chars", move || typed.with(|text| text.chars().count().to_string()))
            value=first
            on:input=move |event| {
                touched.set_value(true);
                typed.set(event_target_value(&event));
            }
            on:keydown=on_key
            // What stayed there is gone on with.
            on:focus=move |event| {
                if untrack(begun).is_none() {
                    board.focus(place.0, Column::Cell(place.1), false);
                    board.editing.set(Some((place, event_target_value(&event))));
                }
            }
            on:blur=move |event| {
                if untrack(begun).is_some() {
                    commit(&event_target_value(&event));
                }
            }
        />
        <span
            id=id
            class="edit-echo pop sm"
            class:is-behind=move || echoed.with(Result::is_err)
            aria-live="polite"
            data-echo=move || if echoed.with(Result::is_ok) { "amount" } else { "wrong" }
        >
            {move || echoed.with(|said| match said {
                Ok(words) | Err(words) => words.clone(),
            })}
        </span>
    }
}

/// Whether the field begins with the one sign that was typed on the cell, which is gone on with and not selected.
fn is_typed_over(text: &str) -> bool {
    text.chars().count() == 1
}

/// The amount that a text says.
fn amount_of(board: Board, text: &str, now: Minor) -> Result<Minor, EditError> {
    Edit::parse(text).and_then(|edit| edit.apply(now, &board.currency()))
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
