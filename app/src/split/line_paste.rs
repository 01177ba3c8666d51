//! A block pasted into columns of lines: shown before and after, with what is wrong beside it, and set once it is confirmed.

use domain::line::rows::{LineHead, MOST_AT_ONCE};
use domain::money::{Minor, read_pasted};
use domain::split::read_table;
use leptos::prelude::*;

use super::board::{Board, Column, Place};
use super::line_columns::period_name;
use super::line_send::{WantedLine, enter};
use super::lines::table::named;
use super::paste_form::{Changed, Listed, PasteForm};
use crate::words::{Words, lang, t_string, use_i18n};

/// A line that would be set.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Change {
    place: Place,
    key: String,
    line: String,
    before: Minor,
    after: Minor,
}

/// What a text of cells comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Found {
    changes: Vec<Change>,
    problems: Vec<String>,
}

impl Found {
    /// Whether it can be set as a whole.
    fn is_ready(&self) -> bool {
        self.problems.is_empty() && !self.changes.is_empty()
    }
}

/// What the cells would set, from the line with the focus on, over the whole plan or in the period that is shown; blank ones leave
/// what is there. Tracks the lines.
fn found(board: Board, text: &str, i18n: Words) -> Found {
    let mut found = Found::default();
    let period = board.line_period();
    let (rows, column) = board.paste_from();
    let Column::Line(first) = column else {
        let why = t_string!(i18n, line_columns.paste_where).to_owned();
        found.problems.push(why);
        return found;
    };
    let heads = board.line_heads().unwrap_or_default();
    let currency = board.currency();
    let lang = lang(i18n.get_locale());
    let read = |row: usize, right: usize, text: &str| -> Result<Option<Change>, String> {
        let head: Option<&(u16, LineHead)> = heads.get(usize::from(first) + right);
        let (Some(node), Some((line, head))) = (rows.get(row).copied(), head) else {
            return Err(t_string!(i18n, line_columns.paste_beyond, text = text.to_owned()).to_string());
        };
        if !board.may_set_line(node) {
            let name = board.name(node);
            return Err(t_string!(i18n, line_columns.paste_fixed, name = name).to_string());
        }
        let Some(cell) = board.line_cell(node, *line) else {
            return Err(t_string!(i18n, line_columns.paste_beyond, text = text.to_owned()).to_string());
        };
        let before = cell.set.map_or(cell.amount, |set| set.amount);
        let after = read_pasted(text, before, &currency).map_err(|error| {
            let why = error.words(lang);
            t_string!(i18n, sheet.p_amount, text = text.to_owned(), why = why).to_string()
        })?;
        if after < Minor(0) {
            return Err(t_string!(i18n, sheet.p_negative, text = text.to_owned()).to_string());
        }
        Ok((after != before).then(|| Change {
            place: (node, period),
            key: head.key.clone(),
            line: named(head, i18n),
            before,
            after,
        }))
    };
    for (row, cells) in read_table(text).into_iter().enumerate() {
        for (right, cell) in cells.into_iter().enumerate() {
            if cell.trim().is_empty() {
                continue;
            }
            match read(row, right, &cell) {
                Ok(change) => found.changes.extend(change),
                Err(why) => {
                    let place = t_string!(i18n, sheet.cell, row = row + 1, column = right + 1).to_string();
                    found
                        .problems
                        .push(format!("{place}{}{why}", lang.pick("：", ": ")));
                }
            }
        }
    }
    if found.changes.len() > MOST_AT_ONCE {
        let why = t_string!(i18n, line_columns.paste_many, most = MOST_AT_ONCE).to_string();
        found.problems.push(why);
    }
    found
}

/// What a place is called: its row, its line, and its period where it is of one.
fn place_name(board: Board, change: &Change, i18n: Words) -> String {
    let (node, period) = change.place;
    let row = format!("{} · {}", board.name(node), change.line);
    match period {
        Some(period) => format!("{row} · {}", period_name(board, period, i18n)),
        None => row,
    }
}

/// What a paste would set, each number before and after, with what is wrong beside it.
#[component]
pub(super) fn LinePreview(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let pasted = Memo::new(move |_| {
        board.pasting.with(|pasting| {
            let pasting = pasting.as_ref();
            pasting.map_or_else(Found::default, |pasting| found(board, &pasting.text, i18n))
        })
    });
    let problems = Signal::derive(move || pasted.with(|pasted| Listed::of(pasted.problems.iter().cloned())));
    let changes = Signal::derive(move || {
        pasted.with(|pasted| {
            Listed::of(pasted.changes.iter().map(|change| Changed {
                place: place_name(board, change, i18n),
                before: change.before,
                after: change.after,
            }))
        })
    });
    let nothing = Signal::derive(move || {
        let is_nothing = pasted.with(|pasted| *pasted == Found::default());
        is_nothing.then(|| t_string!(i18n, sheet.nothing).to_owned())
    });
    let confirm = Callback::new(move |()| {
        let found = pasted.get_untracked();
        if !found.is_ready() {
            return;
        }
        board.pasting.set(None);
        let wanted = found.changes.into_iter();
        let wanted = wanted.map(|change| WantedLine::set(change.place, change.key, change.after));
        enter(board, wanted.collect());
    });
    let ready = Signal::derive(move || pasted.with(Found::is_ready));
    view! { <PasteForm board=board problems=problems changes=changes nothing=nothing ready=ready on_enter=confirm /> }
}
