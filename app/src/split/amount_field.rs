//! The field of a cell that an amount is typed into: amounts as people write them, `+5%`, `=+5%`, `=A*1.1`. A text that is no
//! amount stays in it with the reason below, also when somebody goes on elsewhere, until it is made right, emptied, or given up with
//! Escape.

use domain::money::{Edit, EditError, Minor};
use leptos::prelude::*;
use leptos::{ev, html};

use super::board::{Board, Column};
use super::focus;
use crate::ui::is_composing;
use crate::words::{Words, use_i18n};

/// A cell that can be typed into.
pub trait Cell: Copy + Send + Sync + 'static {
    /// The open plan.
    fn board(self) -> Board;
    /// What the field begins with, while the cell is the one that is typed into; tracks it.
    fn begun(self) -> Option<String>;
    /// What was typed into it and is no amount; tracks it.
    fn kept(self) -> Option<String>;
    /// What is there, which a change goes by; none where there is no such cell any more. Does not track.
    fn now(self) -> Option<Minor>;
    /// What a text comes to, empty where nothing is to be said of it; else why it is no amount. `left`: whether somebody has ended
    /// with it. Tracks changes.
    fn echo(self, text: &str, left: bool, i18n: Words) -> Result<String, String>;
    /// It is typed into from now on, and has the focus of the grid.
    fn open(self, text: String);
    /// It is typed into no more.
    fn close(self);
    /// Keeps a text that is no amount.
    fn keep_wrong(self, text: &str);
    /// What was kept is right now, or given up.
    fn forget_wrong(self);
    /// Sets what was typed.
    fn enter(self, amount: Minor);
}

/// The amount that a text says of a cell that has `now`.
pub(super) fn amount_of(board: Board, text: &str, now: Minor) -> Result<Minor, EditError> {
    Edit::parse(text).and_then(|edit| edit.apply(now, &board.currency()))
}

/// The field.
#[component]
pub(super) fn AmountField<C>(
    cell: C,
    /// The name of the field, where it has one.
    #[prop(optional)]
    name: Option<&'static str>,
    /// The id of what is said below it.
    id: String,
    /// Whose amount it is.
    label: Signal<String>,
) -> impl IntoView
where
    C: Cell,
{
    let i18n = use_i18n();
    let board = cell.board();
    let element = NodeRef::<html::Input>::new();
    let begun = move || cell.begun();
    let first = untrack(|| cell.begun().or_else(|| cell.kept())).unwrap_or_default();
    let typed = RwSignal::new(first.clone());
    let is_kept = Memo::new(move |_| cell.kept().is_some());
    // Others may change the cell meanwhile: what is taken over goes by what it has then.
    let echoed = Memo::new(move |_| {
        let left = is_kept.get();
        typed.with(|text| cell.echo(text, left, i18n))
    });
    let invalid = Memo::new(move |_| is_kept.get() && echoed.with(Result::is_err));
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
            if is_typed_over(&text) {
                // A field that begins with a text begins before it, and what is typed goes on behind that.
                let end = text.encode_utf16().count() as u32;
                drop(input.set_selection_range(end, end));
            } else {
                input.select();
            }
        }
    });
    let commit = move |text: &str| {
        if touched.try_get_value() == Some(false) {
            return cell.close();
        }
        // As in a sheet that is pasted, nothing leaves what is there.
        if text.trim().is_empty() {
            cell.forget_wrong();
            return cell.close();
        }
        match cell.now().map(|now| (now, amount_of(board, text, now))) {
            Some((now, Ok(amount))) => {
                cell.forget_wrong();
                cell.close();
                if amount != now {
                    cell.enter(amount);
                }
            }
            Some((_, Err(_))) | None => {
                cell.keep_wrong(text);
                cell.close();
            }
        }
    };
    // The field ends first: one that loses the focus while it is open takes over what is in it.
    let leave = move |event: &ev::KeyboardEvent| {
        cell.close();
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
                let now = cell.now().unwrap_or(Minor(0));
                if !text.trim().is_empty() && amount_of(board, &text, now).is_err() {
                    cell.keep_wrong(&text);
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
                cell.forget_wrong();
                leave(&event);
            }
            _ => {}
        }
    };
    view! {
        <input
            node_ref=element
            class="edit"
            name=name
            // A keypad of digits has no `=`, `+`, `%`, `*` and no 万.
            inputmode="text"
            autocomplete="off"
            aria-label=move || label.get()
            aria-invalid=move || invalid.get().then_some("true")
            aria-describedby=id.clone()
            style=("--chars", move || typed.with(|text| text.chars().count().to_string()))
            value=first
            on:input=move |event| {
                touched.set_value(true);
                typed.set(event_target_value(&event));
            }
            on:keydown=on_key
            // A press into the field is no press on its cell.
            on:click=|event| event.stop_propagation()
            on:dblclick=|event| event.stop_propagation()
            // What stayed there is gone on with.
            on:focus=move |event| {
                if untrack(begun).is_none() {
                    cell.open(event_target_value(&event));
                }
            }
            on:blur=move |event| {
                // A field that is taken away is left too, also after the grid is gone.
                if !board.editing.is_disposed() && untrack(begun).is_some() {
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
