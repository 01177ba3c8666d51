//! The field of a line of a row.

use domain::line::rows::LineHead;
use domain::money::{Edit, EditError, Minor};
use domain::plan::NodeIndex;
use leptos::prelude::*;
use leptos::{ev, html};

use super::asked_for;
use crate::split::board::{Board, Column};
use crate::split::focus;
use crate::split::line_send::{WantedLine, enter};
use crate::split::lines::table::named;
use crate::ui::is_composing;
use crate::words::{lang, t_string, use_i18n};

/// The field. A text that is no amount stays in it with the reason below, as in the grid ([`crate::split::edit`]), until it is made right,
/// emptied, or given up with Escape.
#[component]
pub(super) fn LineEdit(board: Board, node: NodeIndex, line: u16, head: LineHead) -> impl IntoView {
    let i18n = use_i18n();
    let element = NodeRef::<html::Input>::new();
    let key = StoredValue::new(head.key.clone());
    let head = StoredValue::new(head);
    let begun = move || board.begun_line(node, line);
    let kept = move || key.with_value(|key| board.wrong_line(node, key));
    let first = untrack(|| begun().or_else(kept)).unwrap_or_default();
    let typed = RwSignal::new(first.clone());
    let is_typed_over = |text: &str| text.chars().count() == 1;
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
    let reads = move |text: &str, now: Minor| -> Result<Minor, EditError> {
        Edit::parse(text).and_then(|edit| edit.apply(now, &board.currency()))
    };
    // Why what somebody has ended with is no amount.
    let wrong = Memo::new(move |_| {
        kept()?;
        let now = board
            .line_cell(node, line)
            .map_or(Minor(0), |cell| asked_for(&cell));
        let error = typed.with(|text| reads(text, now)).err()?;
        Some(error.words(lang(i18n.get_locale())))
    });
    let keep_wrong = move |text: &str| key.with_value(|key| board.keep_wrong_line(node, key, text));
    let forget_wrong = move || key.with_value(|key| board.forget_wrong_line(node, key));
    let commit = move |text: &str| {
        if touched.try_get_value() == Some(false) {
            return board.edit_line(None);
        }
        let now = board.line_cell_now(node, line).map(|cell| asked_for(&cell));
        // As in a sheet that is pasted, nothing leaves what is there.
        if text.trim().is_empty() {
            forget_wrong();
            return board.edit_line(None);
        }
        match now.map(|now| (now, reads(text, now))) {
            Some((now, Ok(amount))) => {
                forget_wrong();
                board.edit_line(None);
                if amount != now {
                    enter(board, vec![WantedLine::set(node, key.get_value(), amount)]);
                }
            }
            Some((_, Err(_))) | None => {
                keep_wrong(text);
                board.edit_line(None);
            }
        }
    };
    // The field ends first: one that loses the focus while it is open takes over what is in it.
    let leave = move |event: &ev::KeyboardEvent| {
        board.edit_line(None);
        focus::back(event.target(), board.column.get_untracked());
    };
    let on_key = move |event: ev::KeyboardEvent| {
        event.stop_propagation();
        if is_composing(&event) {
            return;
        }
        let text = event_target_value(&event);
        let (rows, columns) = match event.key().as_str() {
            "Enter" => (1, 0),
            "Tab" if event.shift_key() => (0, -1),
            "Tab" => (0, 1),
            "Escape" => {
                forget_wrong();
                return leave(&event);
            }
            _ => return,
        };
        event.prevent_default();
        // Whoever has ended with something wrong is where it can be made right.
        let now = board
            .line_cell_now(node, line)
            .map_or(Minor(0), |cell| asked_for(&cell));
        let is_said = touched.try_get_value() == Some(true) && !text.trim().is_empty();
        if rows == 1 && is_said && reads(&text, now).is_err() {
            return keep_wrong(&text);
        }
        leave(&event);
        commit(&text);
        board.step(rows, columns, false);
    };
    let label = move || {
        let line = head.with_value(|head| named(head, i18n));
        t_string!(i18n, lines.edit_label, name = board.name(node), line = line).to_string()
    };
    let id = format!("edit-echo-line-{}-{line}", node.0);
    view! {
        <input
            node_ref=element
            class="edit"
            name="line"
            inputmode="decimal"
            autocomplete="off"
            aria-label=label
            aria-invalid=move || wrong.with(Option::is_some).then_some("true")
            aria-describedby=id.clone()
            style=("--chars", move || typed.with(|text| text.chars().count().to_string()))
            value=first
            on:input=move |event| {
                touched.set_value(true);
                typed.set(event_target_value(&event));
            }
            on:keydown=on_key
            on:click=|event| event.stop_propagation()
            on:dblclick=|event| event.stop_propagation()
            // What stayed there is gone on with.
            on:focus=move |event| {
                if untrack(begun).is_none() {
                    board.focus(node, Column::Line(line), false);
                    board.edit_line(Some((node, line, event_target_value(&event))));
                }
            }
            on:blur=move |event| {
                if untrack(begun).is_some() {
                    commit(&event_target_value(&event));
                }
            }
        />
        <span id=id class="edit-echo pop sm is-behind" aria-live="polite" data-echo=move || wrong.with(Option::is_some).then_some("wrong")>
            {move || wrong.get()}
        </span>
    }
}
