//! What others made of the same amounts since, row by row: as many rows as can be read, and how many more there are.

use std::collections::BTreeMap;

use domain::format;
use domain::id::UserId;
use domain::money::Minor;
use domain::plan::{Difference, Intent, NodeIndex, PeriodIndex};
use serde::{Deserialize, Serialize};

use super::board::Board;
use super::handle::money_words;
use crate::words::{Words, is_chinese, lang, t_string};

/// Rows that are told one by one.
const TOLD: usize = 5;

/// What others made of the same amounts since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Since {
    /// Those that changed most, the largest change first.
    rows: Vec<Row>,
    /// Rows beyond these.
    more: usize,
}

/// The amounts of a row that others changed, summed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Row {
    node: NodeIndex,
    periods: Vec<PeriodIndex>,
    left: Minor,
    now: Minor,
    becomes: Minor,
    /// Who changed it last, and with which command.
    by: UserId,
    seq: u64,
}

impl Row {
    fn take(&mut self, difference: &Difference, period: PeriodIndex) {
        let add = |sum: &mut Minor, amount: Minor| sum.0 = sum.0.saturating_add(amount.0);
        self.periods.push(period);
        add(&mut self.left, difference.left);
        add(&mut self.now, difference.now);
        add(&mut self.becomes, difference.becomes);
        if difference.seq >= self.seq {
            (self.by, self.seq) = (difference.by, difference.seq);
        }
    }
}

impl Since {
    /// The differences of an answer, and how many rows it does not tell of.
    pub(super) fn of(board: Board, differences: &[Difference], more_rows: u64) -> Self {
        let told = board.shape(|shape| Self::among(differences, |difference| shape.place(difference.cell)));
        told.and_more(more_rows)
    }

    fn and_more(mut self, rows: u64) -> Self {
        let rows = usize::try_from(rows).unwrap_or(usize::MAX);
        self.more = self.more.saturating_add(rows);
        self
    }

    fn among(differences: &[Difference], place: impl Fn(&Difference) -> (NodeIndex, PeriodIndex)) -> Self {
        let mut rows: BTreeMap<NodeIndex, Row> = BTreeMap::new();
        for difference in differences {
            let (node, period) = place(difference);
            let row = rows.entry(node).or_insert_with(|| Row {
                node,
                periods: Vec::new(),
                left: Minor(0),
                now: Minor(0),
                becomes: Minor(0),
                by: difference.by,
                seq: difference.seq,
            });
            row.take(difference, period);
        }
        let mut rows: Vec<Row> = rows.into_values().collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.now.0.abs_diff(row.left.0)));
        let more = rows.len().saturating_sub(TOLD);
        rows.truncate(TOLD);
        Self { rows, more }
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
        if self.more > 0 {
            told.push(t_string!(words, unsaved.since_more, count = self.more).to_string());
        }
        told.join(space)
    }
}

fn row_words(board: Board, row: &Row, words: Words, step: Option<Intent>) -> String {
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
fn place_words(board: Board, row: &Row, words: Words) -> String {
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

#[cfg(test)]
mod tests {
    use domain::id::UserId;
    use domain::money::Minor;
    use domain::plan::{CellIndex, Difference, NodeIndex, PeriodIndex};

    use super::{Since, TOLD};

    const PERIODS: u32 = 2;

    fn difference(cell: u32, change: i64, seq: u64) -> Difference {
        Difference {
            cell: CellIndex(cell),
            left: Minor(100),
            now: Minor(100 + change),
            becomes: Minor(90 + change),
            by: UserId::default(),
            seq,
        }
    }

    fn among(differences: &[Difference]) -> Since {
        Since::among(differences, |one| {
            let (node, period) = (one.cell.0 / PERIODS, one.cell.0 % PERIODS);
            (NodeIndex(node), PeriodIndex(period as u16))
        })
    }

    #[test]
    fn amounts_of_a_row_are_told_together_and_the_largest_change_first() {
        let since = among(&[difference(0, 1, 4), difference(2, 5, 4), difference(3, -20, 6)]);
        assert_eq!(since.rows(), [NodeIndex(1), NodeIndex(0)]);
        let first = since.rows.first().unwrap();
        assert_eq!(
            (first.left, first.now, first.becomes),
            (Minor(200), Minor(185), Minor(165))
        );
        assert_eq!((first.periods.len(), first.seq, since.more), (2, 6, 0));
    }

    #[test]
    fn more_rows_than_can_be_read_are_counted() {
        let many: Vec<Difference> = (0..20).map(|cell| difference(cell, 1, 4)).collect();
        let since = among(&many);
        assert_eq!((since.rows.len(), since.more), (TOLD, 10 - TOLD));
        // Those that the answer leaves out are counted with them.
        assert_eq!(since.and_more(7).more, 17 - TOLD);
    }
}
