//! The hidden marks by which a workbook finds its way back: which version it was written from, at which command, and what its
//! levels were.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

use domain::id::{PlanId, VersionId};
use domain::level::{Given, Level, Value};
use domain::money::Minor;
use rust_xlsxwriter::{Worksheet, XlsxError};

use crate::import::file::{Unreadable, is_workbook, sheet_rows, sheets};

/// The sheet that only the program reads.
const SHEET: &str = "attain";
/// Its first mark.
const FORMAT: &str = "attain-plan-1";
/// Lines of it that are read; there are fewer.
const MOST_LINES: usize = 40;
/// The most sheets a workbook that comes back may have: three are ours, some more are somebody's own.
const MOST_SHEETS: usize = 100;

/// What a workbook says of where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Marks {
    pub(crate) plan: PlanId,
    pub(crate) version: VersionId,
    /// The command it was written at.
    pub(super) head: u64,
    /// The name of the sheet of targets.
    pub(super) sheet: String,
    /// The name of the sheet of levels; none where they were not written.
    pub(super) levels: Option<String>,
    /// What was decided of the levels.
    pub(super) given: Given,
}

/// Why a file has no marks.
#[derive(Debug)]
pub(crate) enum Unmarked {
    /// It is no workbook of ours.
    Foreign,
    /// It has more sheets than are looked through.
    Sheets,
    /// It cannot be read.
    Unreadable(Unreadable),
}

impl From<Unreadable> for Unmarked {
    fn from(error: Unreadable) -> Self {
        Self::Unreadable(error)
    }
}

impl Unmarked {
    /// The most sheets of a workbook.
    pub(super) const SHEETS: usize = MOST_SHEETS;
}

impl Marks {
    /// Whether sheets of these names may be those of a workbook of ours.
    pub(crate) fn may_be_in(sheets: &[String]) -> bool {
        sheets.iter().any(|name| name == SHEET)
    }

    /// Reads the marks of a file, and the names of its other sheets. Blocks.
    pub(crate) fn read(path: &Path, name: &str) -> Result<(Self, Vec<String>), Unmarked> {
        if !is_workbook(path, name)? {
            return Err(Unmarked::Foreign);
        }
        let mut names = sheets(path)?;
        if names.len() > MOST_SHEETS {
            return Err(Unmarked::Sheets);
        }
        if !Self::may_be_in(&names) {
            return Err(Unmarked::Foreign);
        }
        let mut marks: BTreeMap<String, String> = BTreeMap::new();
        sheet_rows(path, SHEET, &mut |row| {
            marks.insert(row.cell(0).to_owned(), row.cell(1).to_owned());
            if marks.len() < MOST_LINES {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        })?;
        names.retain(|name| name != SHEET);
        let marks = Self::of(&marks).ok_or(Unmarked::Foreign)?;
        Ok((marks, names))
    }

    fn of(lines: &BTreeMap<String, String>) -> Option<Self> {
        let line = |key: &str| lines.get(key).map(String::as_str).unwrap_or_default();
        if line("format") != FORMAT {
            return None;
        }
        let given = Level::ALL.into_iter().fold(Given::default(), |given, level| {
            given.with(level, value(line(&key(level))))
        });
        Some(Self {
            plan: line("plan").parse().ok()?,
            version: line("version").parse().ok()?,
            head: line("head").parse().ok()?,
            sheet: line("sheet").to_owned(),
            levels: lines.get("levels").cloned(),
            given,
        })
    }

    /// Writes them as a sheet of their own, which is hidden.
    pub(super) fn write(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        sheet.set_name(SHEET)?.set_hidden(true);
        let mut lines = vec![
            ("format".to_owned(), FORMAT.to_owned()),
            ("plan".to_owned(), self.plan.to_string()),
            ("version".to_owned(), self.version.to_string()),
            ("head".to_owned(), self.head.to_string()),
            ("sheet".to_owned(), self.sheet.clone()),
        ];
        if let Some(levels) = &self.levels {
            lines.push(("levels".to_owned(), levels.clone()));
            let decided = Level::ALL
                .into_iter()
                .filter_map(|level| Some((key(level), text(self.given.get(level)?))));
            lines.extend(decided);
        }
        for (row, (key, value)) in (0..).zip(lines) {
            sheet.write_string(row, 0, key)?.write_string(row, 1, value)?;
        }
        Ok(())
    }
}

fn key(level: Level) -> String {
    format!("level.{}", level.as_str())
}

fn text(value: Value) -> String {
    match value {
        Value::Ratio { ppm } => format!("ratio {ppm}"),
        Value::Amount { amount } => format!("amount {}", amount.0),
    }
}

fn value(text: &str) -> Option<Value> {
    match text.split_once(' ')? {
        ("ratio", ppm) => ppm.parse().ok().map(|ppm| Value::Ratio { ppm }),
        ("amount", amount) => amount.parse().ok().map(|amount| Value::Amount {
            amount: Minor(amount),
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_marked_is_read_back() {
        let lines = |levels: &[(&str, &str)]| {
            let id = uuid::Uuid::from_u128(7).to_string();
            [
                ("format", FORMAT),
                ("plan", &id),
                ("version", &id),
                ("head", "12"),
                ("sheet", "目标"),
            ]
            .iter()
            .chain(levels)
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect::<BTreeMap<_, _>>()
        };
        let marks = Marks::of(&lines(&[
            ("levels", "档位"),
            ("level.floor", &text(Value::Ratio { ppm: 900_000 })),
            ("level.stretch", &text(Value::Amount { amount: Minor(-5) })),
            ("level.challenge", "many 7"),
        ]))
        .unwrap();
        assert_eq!((marks.head, marks.levels.as_deref()), (12, Some("档位")));
        let given = Given {
            floor: Some(Value::Ratio { ppm: 900_000 }),
            stretch: Some(Value::Amount { amount: Minor(-5) }),
            challenge: None,
        };
        assert_eq!(marks.given, given);
        // Workbooks of before there was a sheet of levels.
        assert_eq!(Marks::of(&lines(&[])).unwrap().levels, None);
        let mut foreign = lines(&[]);
        foreign.insert("format".to_owned(), "attain-plan-2".to_owned());
        assert_eq!(Marks::of(&foreign), None);
    }
}
