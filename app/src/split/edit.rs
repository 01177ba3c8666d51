//! Typing into a cell: amounts as people write them, `+5%`, `=+5%`, `=A*1.1`.

use domain::format;
use domain::money::Edit;
use leptos::prelude::*;
use leptos::{ev, html};

use super::board::{Board, Column, Place};
use super::send::Sender;
use super::{focus, preview};
use crate::ui::{Toast, is_composing, use_toasts};
use crate::words::{lang, t_string, use_i18n};

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
    Effect::new(move |_| {
        if let Some(input) = element.get() {
            drop(input.focus());
            if !typed_over {
                input.select();
            }
        }
    });
    let commit = move |text: &str| {
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
            value=first
            on:keydown=on_key
            on:blur=move |event| {
                if board.editing.with_untracked(|editing| editing.as_ref().is_some_and(|(at, _)| *at == place)) {
                    commit(&event_target_value(&event));
                }
            }
        />
    }
}
