//! Where the keyboard's focus is in the grid: on one row, on one of its amounts, or on its handle.

use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, EventTarget, HtmlElement};

use super::board::Column;

/// Moves the focus to a row or to one of its amounts, if it is in the grid: from a handle to the row's handle.
pub(super) fn follow(row: &Element, column: Column) {
    let Some(from) = leptos::prelude::document().active_element() else {
        return;
    };
    let same_grid = row
        .closest(".grid")
        .ok()
        .flatten()
        .is_some_and(|grid| grid.contains(Some(&from)));
    if !same_grid {
        return;
    }
    let is_inside = row.contains(Some(&from));
    if from.class_list().contains("handle") {
        if let Some(handle) = row
            .query_selector(".handle")
            .ok()
            .flatten()
            .filter(|_| !is_inside)
        {
            on(&handle);
        }
        return;
    }
    match cell(row, column) {
        Some(cell) if !cell.contains(Some(&from)) => on(&cell),
        Some(_) => {}
        // A button of the row keeps the focus; a cell of it gives it back.
        None if is_inside && !is_in_cell(&from) => {}
        None => on(row),
    }
}

/// Gives the focus back to the row, or to the amount of it, that something is in, before that something goes.
pub(super) fn back(inside: Option<EventTarget>, column: Column) {
    let row = inside
        .and_then(|inside| inside.dyn_into::<Element>().ok())
        .and_then(|inside| inside.closest(".tr").ok().flatten());
    if let Some(row) = row {
        on(&cell(&row, column).unwrap_or(row));
    }
}

/// Whether something is an amount of a row, or in one.
pub(super) fn is_on_cell(target: Option<EventTarget>) -> bool {
    target
        .and_then(|target| target.dyn_into::<Element>().ok())
        .is_some_and(|target| is_in_cell(&target))
}

/// Whether something is the head of a column, or in one.
pub(super) fn is_in_head(target: &EventTarget) -> bool {
    target
        .dyn_ref::<Element>()
        .and_then(|target| target.closest(".th").ok().flatten())
        .is_some()
}

/// Puts the focus on the head of a column, counted from the one that has it now; on the first where none has.
pub(super) fn to_head(grid: &Element, from: Option<EventTarget>, by: isize) {
    let Ok(heads) = grid.query_selector_all(".sort") else {
        return;
    };
    // Columns that the screen has no room for are passed over.
    let heads: Vec<Element> = (0..heads.length())
        .filter_map(|index| heads.item(index)?.dyn_into::<Element>().ok())
        .filter(|head| head.client_width() > 0)
        .collect();
    let from = from.and_then(|from| from.dyn_into::<Element>().ok());
    let now = from.and_then(|from| heads.iter().position(|head| *head == from));
    let next = match now {
        Some(now) => now.checked_add_signed(by),
        None => Some(0),
    };
    if let Some(head) = next.and_then(|next| heads.get(next)) {
        on(head);
    }
}

/// Puts the focus on the row that the Tab key reaches, or on its amount.
pub(super) fn to_rows(grid: &Element) {
    // The handle of the row is a stop of its own, and may stand before the amount.
    let stop = ".trs .tr[tabindex='0'], .trs .amount[tabindex='0']";
    if let Ok(Some(stop)) = grid.query_selector(stop) {
        on(&stop);
    }
}

/// Whether a row, or something in one, has the focus.
pub(super) fn is_in_rows() -> bool {
    leptos::prelude::document()
        .active_element()
        .and_then(|focused| focused.closest(".trs").ok().flatten())
        .is_some()
}

/// Puts the focus on what the Tab key reaches among the rows, once the page shows what was just chosen.
pub(super) fn to_stop() {
    leptos::prelude::request_animation_frame(to_stop_now);
}

/// The same, where nothing on the page has the focus once the page shows what was just done.
pub(super) fn to_stop_if_nowhere() {
    leptos::prelude::request_animation_frame(|| {
        if is_nowhere() {
            to_stop_now();
        }
    });
}

/// The same at once, where the page shows it already.
pub(super) fn to_stop_now() {
    if let Ok(Some(grid)) = leptos::prelude::document().query_selector(".grid") {
        to_rows(&grid);
    }
}

/// Puts the focus on something that a selector names, where nothing has it once the page shows what was just done.
pub(super) fn to_if_nowhere(selector: &'static str) {
    leptos::prelude::request_animation_frame(move || {
        if is_nowhere()
            && let Ok(Some(element)) = leptos::prelude::document().query_selector(selector)
        {
            on(&element);
        }
    });
}

/// Whether nothing on the page has the focus.
fn is_nowhere() -> bool {
    let document = leptos::prelude::document();
    document.active_element() == document.body().map(Element::from)
}

/// The amount of a row that a column says; none where it is the row.
fn cell(row: &Element, column: Column) -> Option<Element> {
    let cell = match column {
        Column::Row => return None,
        Column::Cell(None) => ".amount.total".to_owned(),
        Column::Cell(Some(period)) => format!(".amount[data-period='{}']", period.0),
        Column::Quarter(quarter) => format!(".amount[data-quarter='{quarter}']"),
        Column::Line(line) => format!(".amount[data-line='{line}']"),
    };
    row.query_selector(&cell).ok().flatten()
}

fn is_in_cell(element: &Element) -> bool {
    element.closest(".amount").ok().flatten().is_some()
}

fn on(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        // Fails for nothing that can have the focus.
        drop(element.focus());
    }
}
