//! Where the keyboard's focus is in the grid: on one row, or on its handle.

use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, EventTarget, HtmlElement};

/// Moves the focus to a row, if it is in the grid: from a handle to the row's handle.
pub(super) fn follow(row: &Element) {
    let Some(from) = leptos::prelude::document().active_element() else {
        return;
    };
    let same_grid = row
        .closest(".grid")
        .ok()
        .flatten()
        .is_some_and(|grid| grid.contains(Some(&from)));
    if !same_grid || row.contains(Some(&from)) {
        return;
    }
    let handle = from
        .class_list()
        .contains("handle")
        .then(|| row.query_selector(".handle").ok().flatten())
        .flatten();
    on(&handle.unwrap_or_else(|| row.clone()));
}

/// Gives the focus back to the row that something is in, before that something goes.
pub(super) fn back_to_row(inside: Option<EventTarget>) {
    let row = inside
        .and_then(|inside| inside.dyn_into::<Element>().ok())
        .and_then(|inside| inside.closest(".tr").ok().flatten());
    if let Some(row) = row {
        on(&row);
    }
}

fn on(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        // Fails for nothing that can have the focus.
        drop(element.focus());
    }
}
