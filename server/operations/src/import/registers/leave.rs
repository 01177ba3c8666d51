//! Rows of leave: whose, from when until when, and why.

use std::collections::HashMap;

use domain::calendar::Day;
use domain::id::MemberId;
use domain::import::{Field, Noun as Named, Reason};
use domain::staffing::{LEAVE_NOTE_CHARS, LeaveInput, LeaveKind, MOST_LEAVE_DAYS};

use super::{Outcome, once};
use crate::import::catalog::{Catalog, Noun};
use crate::import::cells::Cells;
use crate::import::refer::Refer;

/// Days of leave of one person.
pub(super) fn leave(
    cells: &mut Cells<'_>,
    catalog: &mut Catalog,
    refer: &mut Refer,
    met: &mut HashMap<String, u64>,
) -> Option<Outcome> {
    let member = whose(cells, catalog, refer);
    let days = days(cells);
    let (kind, note) = why(cells);
    let (Some(member), Some((from, until))) = (member, days) else {
        return None;
    };
    if !cells.problems.is_empty() {
        return None;
    }
    once(
        cells,
        met,
        Field::StartsOn,
        format!("{member}\u{1f}{from}\u{1f}{until}"),
    )?;
    let leave = LeaveInput {
        member,
        from,
        until,
        kind,
        note,
    };
    match catalog.put_leave(leave) {
        Ok(outcome) => Some(outcome),
        Err(reason) => {
            cells.wrong(Field::StartsOn, reason, None);
            None
        }
    }
}

/// By number or address where one is known, which tell people of one name apart; else by name.
fn whose(cells: &mut Cells<'_>, catalog: &mut Catalog, refer: &mut Refer) -> Option<MemberId> {
    let mut unknown = None;
    for field in [Field::ExternalId, Field::Email] {
        let text = cells.words(field);
        if text.is_empty() {
            continue;
        }
        if let Some(id) = catalog.exactly(Noun::Member, text) {
            return Some(MemberId(id));
        }
        unknown = unknown.or(Some(field));
    }
    let name = cells.words(Field::Member);
    if !name.is_empty() {
        return refer
            .to(catalog, Noun::Member, Field::Member, name, cells)
            .map(MemberId);
    }
    match unknown {
        Some(field) => {
            let reason = Reason::UnknownReference { noun: Named::Member };
            cells.wrong(field, reason, None);
        }
        None => {
            let columns = [Field::Member, Field::ExternalId, Field::Email];
            let field = columns.into_iter().find(|field| cells.has(*field));
            cells.wrong(field.unwrap_or(Field::Member), Reason::Missing, None);
        }
    }
    None
}

/// The first day away and the first day back. The end is told as the last day away or as the first day back.
fn days(cells: &mut Cells<'_>) -> Option<(Day, Day)> {
    let before = cells.problems.len();
    let [from, last, back] =
        [Field::StartsOn, Field::EndsOn, Field::BackOn].map(|field| cells.day(field).over(None));
    if cells.problems.len() > before {
        return None;
    }
    let end = if cells.has(Field::EndsOn) {
        Field::EndsOn
    } else {
        Field::BackOn
    };
    let Some(from) = from else {
        cells.wrong(Field::StartsOn, Reason::Missing, None);
        return None;
    };
    let Some(until) = last.map(|last| last.plus(1)).or(back) else {
        cells.wrong(end, Reason::Missing, None);
        return None;
    };
    if until <= from {
        let reason = Reason::EndsBeforeStart {
            starts_on: from.to_string(),
            ends_on: until.plus(-1).to_string(),
        };
        cells.wrong(end, reason, None);
        return None;
    }
    if until.0.saturating_sub(from.0) > MOST_LEAVE_DAYS {
        let limit = MOST_LEAVE_DAYS.unsigned_abs();
        cells.wrong(end, Reason::LeaveTooLong { limit }, None);
        return None;
    }
    Some((from, until))
}

/// Why somebody is away. A word that is known for no kind is kept in the note: personnel systems have many.
fn why(cells: &mut Cells<'_>) -> (LeaveKind, String) {
    let (word, note) = (cells.words(Field::LeaveType), cells.words(Field::Note).trim());
    let (kind, note) = match LeaveKind::meant(word) {
        Some(kind) => (kind, note.to_owned()),
        None if word.is_empty() => (LeaveKind::default(), note.to_owned()),
        None if note.is_empty() => (LeaveKind::Other, word.to_owned()),
        None => (LeaveKind::Other, format!("{word} · {note}")),
    };
    if note.chars().count() > LEAVE_NOTE_CHARS {
        let limit = LEAVE_NOTE_CHARS as u32;
        cells.wrong(Field::Note, Reason::TooLong { limit }, None);
    }
    (kind, note)
}
