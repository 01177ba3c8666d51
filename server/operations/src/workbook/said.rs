//! What the cells of a sheet say: amounts that are neither what was written nor what there is, and what cannot be read.

use std::collections::{HashMap, HashSet};

use domain::format::{self, Lang};
use domain::id::NodeId;
use domain::money::{AmountStyle, Minor, parse_minor};
use domain::plan::{Entered, NodeIndex, PeriodIndex};
use domain::workbook::{Blanks, Note};

use super::compare::{Ground, MOST_NOTES};
use super::read::{Row, Sheet};
use super::write::total_heading;

/// Whose amounts a column has.
#[derive(Clone, Copy)]
pub(super) enum Column {
    Total,
    Period(PeriodIndex),
}

impl Column {
    pub(super) fn period(self) -> Option<PeriodIndex> {
        match self {
            Self::Total => None,
            Self::Period(period) => Some(period),
        }
    }
}

/// What the cells of a sheet say.
#[derive(Default)]
pub(super) struct Said {
    pub(super) entered: Vec<Entered>,
    pub(super) notes: Vec<Note>,
    pub(super) blank: u64,
    pub(super) seen: HashSet<NodeIndex>,
}

impl Ground<'_> {
    /// The columns with amounts, by their headings in either language.
    pub(super) fn columns(&self, header: &[String]) -> Vec<(usize, Column)> {
        let mut columns = Vec::new();
        for (place, head) in header.iter().enumerate() {
            let total = Lang::ALL.iter().any(|lang| head == total_heading(*lang));
            let named = self.state.plan.periods.iter().position(|period| {
                *head == period.name
                    || Lang::ALL.iter().any(|lang| {
                        let words = format::period(period, *lang);
                        // Workbooks of before did not say that a quarter is one of the fiscal year.
                        *head == words || *head == words.replace("财年", "年").replace("FY ", "")
                    })
            });
            let column = match named {
                Some(period) => Column::Period(PeriodIndex(period as u16)),
                None if total => Column::Total,
                None => continue,
            };
            let known = columns
                .iter()
                .any(|(_, other): &(usize, Column)| other.period() == column.period());
            if !known {
                columns.push((place, column));
            }
        }
        columns
    }

    /// What the rows say under these columns.
    pub(super) fn said(&self, sheet: &Sheet, columns: &[(usize, Column)]) -> Said {
        let places: HashMap<NodeId, NodeIndex> = self
            .state
            .nodes
            .iter()
            .map(|node| (node.id, NodeIndex(node.ordinal)))
            .collect();
        let mut said = Said::default();
        let mut first: HashMap<NodeIndex, &Row> = HashMap::new();
        let mut doubled: HashSet<NodeIndex> = HashSet::new();
        for row in &sheet.rows {
            let Some(node) = row.node.and_then(|id| places.get(&id)).copied() else {
                let amounts = columns
                    .iter()
                    .any(|(place, _)| row.cells.get(*place).is_some_and(|cell| !cell.is_empty()));
                if amounts && said.notes.len() < MOST_NOTES {
                    said.notes.push(Note::UnknownRow {
                        row: row.number,
                        name: row_name(sheet, row),
                    });
                }
                continue;
            };
            said.seen.insert(node);
            match first.get(&node) {
                None => {
                    first.insert(node, row);
                }
                Some(before) => {
                    let differs = columns
                        .iter()
                        .any(|(place, _)| before.cells.get(*place) != row.cells.get(*place));
                    if differs {
                        doubled.insert(node);
                        said.notes.push(Note::Doubled {
                            row: row.number,
                            first_row: before.number,
                            name: self.state.grid.shape().name(node).to_owned(),
                        });
                    }
                }
            }
        }
        let mut rows: Vec<(NodeIndex, &Row)> = first
            .into_iter()
            .filter(|(node, _)| !doubled.contains(node))
            .collect();
        rows.sort_unstable_by_key(|(node, _)| *node);
        for (node, row) in rows {
            for (place, column) in columns {
                let text = row.cells.get(*place).map(String::as_str).unwrap_or_default();
                let head = sheet.header.get(*place).map(String::as_str).unwrap_or_default();
                self.cell(node, row.number, head, column.period(), text, &mut said);
            }
        }
        said
    }

    /// Takes one cell in: an amount counts where it is neither what was written nor what there is.
    fn cell(
        &self,
        node: NodeIndex,
        row: u64,
        head: &str,
        period: Option<PeriodIndex>,
        text: &str,
        said: &mut Said,
    ) {
        let now = self.state.grid.amount(node, period);
        let amount = if text.is_empty() {
            match (self.blanks, period) {
                (Blanks::Zero, Some(_)) => Minor(0),
                (Blanks::Zero, None) => return,
                (Blanks::Keep, _) => {
                    said.blank += u64::from(now.0 != 0);
                    return;
                }
            }
        } else {
            let style = AmountStyle::default().in_currency(&self.currency.code);
            match parse_minor(text, self.currency, style) {
                Ok(amount) => amount,
                Err(error) => {
                    if said.notes.len() < MOST_NOTES {
                        said.notes.push(Note::NotAnAmount {
                            row,
                            column: head.to_owned(),
                            text: text.chars().take(40).collect(),
                            error,
                        });
                    }
                    return;
                }
            }
        };
        let as_written = self.base.is_some_and(|base| base.amount(node, period) == amount);
        if as_written || amount == now {
            return;
        }
        if amount.0 < 0 {
            if said.notes.len() < MOST_NOTES {
                said.notes.push(Note::Negative {
                    row,
                    column: head.to_owned(),
                    text: text.to_owned(),
                });
            }
            return;
        }
        said.entered.push(Entered { node, period, amount });
    }
}

/// What a row calls itself: the texts before its amounts.
fn row_name(sheet: &Sheet, row: &Row) -> String {
    let words = sheet
        .header
        .iter()
        .zip(&row.cells)
        .skip(1)
        .take(3)
        .map(|(_, cell)| cell.as_str());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words
        .last()
        .copied()
        .unwrap_or_default()
        .chars()
        .take(60)
        .collect()
}
