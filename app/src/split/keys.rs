//! Keys of the treegrid pattern: on a row the arrows move and fold and lead into its amounts; among the amounts they move from
//! cell to cell, with Shift they mark a block, and Escape leads back to the row. `G` and a number lead to a row by its place in its unit,
//! `?` shows all keys.

use domain::plan::{NodeIndex, PlanCommand};
use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Element;

use super::board::{Board, Column, Place};
use super::edit::{self, Spot};
use super::{focus, jump, line_cell, quarters};
use crate::ui::is_composing;

/// Sets the lock of a place, or releases it.
pub(super) fn lock_command(board: Board, (node, period): Place) -> PlanCommand {
    if board.grid(|grid| grid.constraint(node, period).lock.is_some()) {
        PlanCommand::Unlock { node, period }
    } else {
        PlanCommand::Lock {
            node,
            period,
            by: board.about(|open| open.me),
        }
    }
}

/// What a key does on a row or on one of its amounts.
pub(super) fn keys(board: Board, node: NodeIndex, event: &ev::KeyboardEvent) {
    if is_composing(event) || board.editing.get_untracked().is_some() || event.alt_key() {
        return;
    }
    let on_row = event.target() == event.current_target();
    // A row that has the focus is what is meant, also where an amount of it had it before.
    if on_row && board.column.get_untracked() != Column::Row {
        board.column.set(Column::Row);
    }
    let on_cell = board.column.get_untracked() != Column::Row && focus::is_on_cell(event.target());
    let done = if event.ctrl_key() || event.meta_key() {
        with_control(board, event, on_row, on_cell)
    } else if jump::hears(board, node, event) {
        true
    } else if on_cell {
        on_amount(board, event) || anywhere(board, event)
    } else {
        (on_row && on_the_row(board, node, event)) || anywhere(board, event)
    };
    if done {
        event.prevent_default();
    }
}

/// Far away, and into the amounts of a folded row.
fn with_control(board: Board, event: &ev::KeyboardEvent, on_row: bool, on_cell: bool) -> bool {
    let extend = event.shift_key();
    match event.key().as_str() {
        "ArrowRight" if on_row => board.focus(board.selected.get_untracked(), Column::Cell(None), false),
        "Home" if on_row || on_cell => board.step(isize::MIN, 0, extend),
        "End" if on_row || on_cell => board.step(isize::MAX, 0, extend),
        _ => return false,
    }
    true
}

/// Keys that are for the row only.
fn on_the_row(board: Board, node: NodeIndex, event: &ev::KeyboardEvent) -> bool {
    match event.key().as_str() {
        "Home" => board.step(isize::MIN, 0, event.shift_key()),
        "End" => board.step(isize::MAX, 0, event.shift_key()),
        "ArrowRight" if board.can_fold() && board.is_expanded(node) == Some(false) => board.fold(node, true),
        "ArrowRight" => board.focus(node, Column::Cell(None), false),
        "ArrowLeft" if board.can_fold() && board.is_expanded(node) == Some(true) => board.fold(node, false),
        "ArrowLeft" => {
            if let Some(parent) = board.shape(|shape| shape.parent(node)) {
                board.focus(parent, Column::Row, false);
            }
        }
        "Enter" => board.menu.set(Some((node, None))),
        _ => return false,
    }
    true
}

/// Keys that are for an amount only.
fn on_amount(board: Board, event: &ev::KeyboardEvent) -> bool {
    let extend = event.shift_key();
    let node = board.selected.get_untracked();
    let column = board.column.get_untracked();
    match event.key().as_str() {
        "ArrowLeft" if column == Column::Cell(None) && !extend => board.focus(node, Column::Row, false),
        "ArrowLeft" => board.step(0, -1, extend),
        "ArrowRight" => board.step(0, 1, extend),
        "Home" => board.step(0, isize::MIN, extend),
        "End" => board.step(0, isize::MAX, extend),
        "Escape" => board.focus(node, Column::Row, false),
        "Enter" => type_into(board, None),
        "Delete" => {
            let Column::Line(line) = column else { return false };
            line_cell::let_go(board, node, line);
        }
        _ => return false,
    }
    true
}

/// Keys that do the same on a row, on its amounts and on its handle.
fn anywhere(board: Board, event: &ev::KeyboardEvent) -> bool {
    let key = event.key();
    let extend = event.shift_key();
    match key.as_str() {
        "ArrowUp" if !extend && board.is_first() => {
            let row = event
                .current_target()
                .and_then(|row| row.dyn_into::<Element>().ok());
            if let Some(grid) = row.and_then(|row| row.closest(".grid").ok().flatten()) {
                focus::to_head(&grid, None, 0);
            }
        }
        "ArrowDown" => board.step(1, 0, extend),
        "ArrowUp" => board.step(-1, 0, extend),
        // The cell of a line hears of this key from the browser. The other one is there on keyboards without it, too.
        "ContextMenu" if matches!(board.column.get_untracked(), Column::Line(_)) => return false,
        "ContextMenu" => open(board),
        "F10" if extend => open(board),
        "F2" => type_into(board, None),
        "?" => board.keys_shown.set(true),
        _ if key.chars().count() == 1
            && key
                .chars()
                .all(|typed| typed.is_ascii_digit() || "=+-".contains(typed)) =>
        {
            type_into(board, Some(key.clone()));
        }
        _ => return false,
    }
    true
}

/// Opens the menu of what has the focus. A line and a quarter have none and are told of: both are changed in their cells, what holds a
/// quarter is held in its months.
fn open(board: Board) {
    let node = board.selected.get_untracked();
    match board.column.get_untracked() {
        Column::Line(line) => line_cell::ask(board, node, line),
        Column::Quarter(quarter) => quarters::ask(board, node, quarter),
        Column::Row | Column::Cell(_) => board.menu.set(Some(board.place())),
    }
}

/// Opens the field of what has the focus.
fn type_into(board: Board, typed: Option<String>) {
    match board.column.get_untracked() {
        Column::Line(line) => line_cell::begin(board, (board.selected.get_untracked(), line), typed),
        Column::Quarter(quarter) => {
            let spot = Spot::Quarter((board.selected.get_untracked(), quarter));
            edit::begin(board, spot, typed);
        }
        Column::Row | Column::Cell(_) => edit::begin(board, Spot::Place(board.place()), typed),
    }
}
