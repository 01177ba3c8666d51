//! Rows by their number: `G` and a number lead to the row of that number in the same unit, however many rows stand between. The menu
//! of a row calls its siblings by the same numbers.

use std::collections::HashSet;

use domain::plan::NodeIndex;
use leptos::ev;
use leptos::prelude::*;

use super::board::Board;

/// A digit that comes later than this is the begin of an amount again, in milliseconds.
const PAUSE_MS: f64 = 2_000.0;

/// A number that is being typed.
#[derive(Clone, Debug)]
pub(super) struct Jump {
    typed: String,
    at_ms: f64,
}

/// Follows `G` and the digits after it; false where the key is none of them.
pub(super) fn hears(board: Board, node: NodeIndex, event: &ev::KeyboardEvent) -> bool {
    let key = event.key();
    let at_ms = event.time_stamp();
    if key.eq_ignore_ascii_case("g") {
        board.jump.set_value(Some(Jump {
            typed: String::new(),
            at_ms,
        }));
        return true;
    }
    // On some keyboards it is part of a digit.
    if key == "Shift" {
        return false;
    }
    let begun = board.jump.try_update_value(Option::take).flatten();
    let Some(begun) = begun.filter(|begun| at_ms - begun.at_ms <= PAUSE_MS) else {
        return false;
    };
    let is_digit = key.len() == 1 && key.chars().all(|key| key.is_ascii_digit());
    if !is_digit {
        return false;
    }
    let rows = beside(board, node);
    let (typed, row) = numbered(&rows, &begun.typed, &key);
    if let Some(row) = row {
        if untrack(|| board.rows()).contains(&row) {
            board.focus(row, board.column.get_untracked(), false);
        } else {
            board.reveal(row);
        }
    }
    board.jump.set_value(Some(Jump { typed, at_ms }));
    true
}

/// The rows of the unit that a row belongs to, the row too, in the order they stand in; of the topmost those below it. Does not track.
pub(super) fn beside(board: Board, node: NodeIndex) -> Vec<NodeIndex> {
    let rows = untrack(|| board.rows());
    board.shape(|shape| {
        let unit = shape.parent(node).unwrap_or(node);
        let mut listed: Vec<NodeIndex> = rows
            .into_iter()
            .filter(|row| shape.parent(*row) == Some(unit))
            .collect();
        let known: HashSet<NodeIndex> = listed.iter().copied().collect();
        // Those that are left out or folded away stand behind.
        listed.extend(shape.children(unit).filter(|row| !known.contains(row)));
        listed
    })
}

/// What is typed after a digit, and the row of that number; a number that is none begins anew with its last digit.
fn numbered(rows: &[NodeIndex], before: &str, digit: &str) -> (String, Option<NodeIndex>) {
    let row = |typed: &str| {
        let number = typed.parse::<usize>().ok()?;
        rows.get(number.checked_sub(1)?).copied()
    };
    let longer = format!("{before}{digit}");
    if let Some(found) = row(&longer) {
        return (longer, Some(found));
    }
    match row(digit) {
        Some(found) => (digit.to_owned(), Some(found)),
        None => (String::new(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(count: u32) -> Vec<NodeIndex> {
        (1..=count).map(NodeIndex).collect()
    }

    #[test]
    fn two_digits_are_one_number_where_there_are_so_many_rows() {
        let many = rows(12);
        assert_eq!(numbered(&many, "", "1"), ("1".to_owned(), Some(NodeIndex(1))));
        assert_eq!(numbered(&many, "1", "2"), ("12".to_owned(), Some(NodeIndex(12))));
        assert_eq!(numbered(&many, "1", "3"), ("3".to_owned(), Some(NodeIndex(3))));
        assert_eq!(numbered(&rows(5), "1", "2"), ("2".to_owned(), Some(NodeIndex(2))));
    }

    #[test]
    fn a_number_of_no_row_leads_nowhere() {
        assert_eq!(numbered(&rows(5), "", "0"), (String::new(), None));
        assert_eq!(numbered(&rows(5), "", "6"), (String::new(), None));
        assert_eq!(numbered(&[], "", "1"), (String::new(), None));
    }
}
