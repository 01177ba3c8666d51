//! Typing into a cell: amounts as people write them, `+5%`, `=+5%`, `=A*1.1`. Below the field stands what it comes to, as what
//! is typed are units of the currency while the column may be written in 万 or thousands.

use domain::format;
use domain::money::{Edit, Minor};
use leptos::prelude::*;
use leptos::{ev, html};

use super::board::{Board, Column, Place};
use super::row::scale;
use super::send::Sender;
use super::{focus, preview};
use crate::ui::{Toast, is_composing, use_toasts};
use crate::words::{Words, lang, t_string, use_i18n};

/// What the field is described by. At most one is open.
const ECHO: &str = "edit-echo";
/// What nobody ends with.
const SIGNS: [char; 12] = ['=', '+', '-', '*', '/', '×', '÷', '＝', '＋', '－', '＊', '／'];

/// Opens the field, with what is there or with what was typed.
pub(super) fn begin(board: Board, place: Place, typed: Option<String>) {
    if !board.may_edit() {
        return;
    }
    let text = typed.unwrap_or_else(|| {
        let amount = board.grid(|grid| grid.amount(place.0, place.1));
        format::full(amount, &board.currency())
    });
    board.editing.set(Some((place, text)));
}

/// The field.
#[component]
pub(super) fn EditCell(board: Board, place: Place) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let sender = expect_context::<Sender>();
    let element = NodeRef::<html::Input>::new();
    let first = board
        .editing
        .with_untracked(|editing| editing.as_ref().map(|(_, text)| text.clone()))
        .unwrap_or_default();
    let typed_over = first.chars().count() == 1;
    let typed = RwSignal::new(first.clone());
    // Others may change the cell meanwhile: what is taken over goes by what it has then.
    let echoed = Memo::new(move |_| {
        let now = board.amount(place);
        typed.with(|text| echo(board, text, now, i18n))
    });
    Effect::new(move |_| {
        if let Some(input) = element.get() {
            drop(input.focus());
            if !typed_over {
                input.select();
            }
        }
    });
    // A field that was only opened takes nothing over: others may have changed the cell meanwhile.
    let touched = StoredValue::new(typed_over);
    let commit = move |text: &str| {
        if touched.try_get_value() == Some(false) {
            board.editing.set(None);
            return;
        }
        let now = board.grid(|grid| grid.amount(place.0, place.1));
        if let Ok(amount) = Edit::parse(text).and_then(|edit| edit.apply(now, &board.currency())) {
            board.editing.set(None);
            if amount != now {
                sender.send(preview::command(place, amount, board.how()));
            }
        } else {
            board.editing.set(None);
            toasts.show(Toast::refused(
                t_string!(i18n, split.refused),
                t_string!(i18n, split.edit_bad, text = text.to_owned()),
            ));
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
        match event.key().as_str() {
            "Enter" => {
                event.prevent_default();
                let text = event_target_value(&event);
                leave(&event);
                commit(&text);
                if in_cells() {
                    board.step(1, 0, false);
                }
            }
            "Tab" if in_cells() => {
                event.prevent_default();
                let text = event_target_value(&event);
                leave(&event);
                commit(&text);
                board.step(0, if event.shift_key() { -1 } else { 1 }, false);
            }
            "Escape" => leave(&event),
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
    view! {
        <input
            node_ref=element
            class="edit"
            inputmode="decimal"
            aria-label=label
            aria-describedby=ECHO
            style=("--chars", move || typed.with(|text| text.chars().count().to_string()))
            value=first
            on:input=move |event| {
                touched.set_value(true);
                typed.set(event_target_value(&event));
            }
            on:keydown=on_key
            on:blur=move |event| {
                if board.editing.with_untracked(|editing| editing.as_ref().is_some_and(|(at, _)| *at == place)) {
                    commit(&event_target_value(&event));
                }
            }
        />
        <span
            id=ECHO
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

/// What a text in the field comes to, whole and in the scale of its column; empty while nothing is said yet. Else why it is no
/// amount.
fn echo(board: Board, text: &str, now: Minor, i18n: Words) -> Result<String, String> {
    // Somebody who has typed `=A*` so far is not wrong.
    let text = text.trim();
    if text.is_empty() || text.ends_with(SIGNS) {
        return Ok(String::new());
    }
    let lang = lang(i18n.get_locale());
    let currency = board.currency();
    match Edit::parse(text).and_then(|edit| edit.apply(now, &currency)) {
        Ok(amount) => {
            let said = format::spelled(amount, &currency, scale(board, lang), lang);
            Ok(format!("= {said}"))
        }
        Err(error) => Err(error.words(lang)),
    }
}
