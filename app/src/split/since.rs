//! What others made of the same amounts since, row by row: as many rows as can be read, and how many more there are.

use domain::format;
use domain::money::Minor;
use domain::plan::{Difference, Intent, NodeIndex, RowSince, rows_since};
use serde::{Deserialize, Serialize};

use super::board::Board;
use super::handle::money_words;
use crate::words::{Words, is_chinese, lang, t_string};

/// What others made of the same amounts since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Since {
    /// Those that changed most, the largest change first.
    rows: Vec<RowSince>,
    /// Rows beyond these.
    more: usize,
}

impl Since {
    /// The differences of an answer, and how many rows it does not tell of.
    pub(super) fn of(board: Board, differences: &[Difference], more_rows: u64) -> Self {
        let (rows, more) =
            board.shape(|shape| rows_since(differences, |difference| shape.place(difference.cell)));
        let untold = usize::try_from(more_rows).unwrap_or(usize::MAX);
        Self {
            rows,
            more: more.saturating_add(untold),
        }
    }

    /// The rows that are told.
    pub(super) fn rows(&self) -> Vec<NodeIndex> {
        self.rows.iter().map(|row| row.node).collect()
    }

    /// Who changed what, from what to what, and what would become of it: by one's own change, or by taking it back or doing it again.
    pub(super) fn words(&self, board: Board, words: Words, step: Option<Intent>) -> String {
        let locale = words.get_locale();
        let space = if is_chinese(locale) { "" } else { " " };
        let mut told: Vec<String> = self
            .rows
            .iter()
            .map(|row| row_words(board, row, words, step))
            .collect();
        match self.more {
            0 => {}
            1 => told.push(t_string!(words, unsaved.since_more_one).to_owned()),
            count => told.push(t_string!(words, unsaved.since_more, count = count).to_string()),
        }
        told.join(space)
    }
}

fn row_words(board: Board, row: &RowSince, words: Words, step: Option<Intent>) -> String {
    let lang = lang(words.get_locale());
    let currency = board.currency();
    let short = money_words(board, lang);
    // What looks the same when it is short is told to the last minor unit.
    let is_near = short(row.left) == short(row.now);
    let money = |amount: Minor| {
        if is_near {
            format::currency_words(amount, &currency, lang)
        } else {
            short(amount)
        }
    };
    let by = Some(board.person(row.by))
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| t_string!(words, unsaved.somebody).to_owned());
    let place = place_words(board, row, words);
    let (left, now, becomes) = (money(row.left), money(row.now), money(row.becomes));
    let what = match step {
        None => t_string!(words, unsaved.since_own, becomes = becomes).to_string(),
        Some(Intent::Undo) => t_string!(words, unsaved.since_undo, becomes = becomes).to_string(),
        Some(Intent::Redo) => t_string!(words, unsaved.since_redo, becomes = becomes).to_string(),
    };
    t_string!(
        words,
        unsaved.since_row,
        place = place,
        by = by,
        left = left,
        now = now,
        what = what
    )
    .to_string()
}

/// The row, and of which periods the amounts are, where they are not all.
fn place_words(board: Board, row: &RowSince, words: Words) -> String {
    let is_known = board.shape(|shape| shape.has(row.node));
    let name = if is_known {
        board.name(row.node)
    } else {
        String::new()
    };
    let all = board.about(|open| open.periods.len());
    match row.periods.as_slice() {
        periods if periods.len() == all => name,
        [one] => {
            let period = board.about(|open| open.periods.get(usize::from(one.0)).cloned());
            match period {
                Some(period) => {
                    let period = format::period(&period, lang(words.get_locale()));
                    format!("{name} · {period}")
                }
                None => name,
            }
        }
        periods => {
            let count = periods.len();
            t_string!(words, unsaved.since_periods, name = name, count = count).to_string()
        }
    }
}
