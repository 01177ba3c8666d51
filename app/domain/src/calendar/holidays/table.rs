//! Days that are not what their weekday says, as text.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::calendar::Day;
use crate::format::Lang;

/// Whether a day is worked, whatever its weekday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// Nobody works.
    Off,
    /// It is worked.
    Work,
}

/// Days off and days worked by date; [`crate::calendar::WorkingDays::with`] applies them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    days: BTreeMap<Day, DayKind>,
}

/// A line of a table that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct TableError {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub problem: TableProblem,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "error")]
pub enum TableProblem {
    /// The first cell is no date.
    #[error("\"{text}\" is not a date like 2027-02-05")]
    NotADate {
        /// As written, shortened.
        text: String,
    },
    /// The second cell is neither `off` nor `work`, or is missing.
    #[error("after the date stands off or work, not \"{text}\"")]
    NotAKind {
        /// As written, shortened.
        text: String,
    },
    /// An earlier line says the opposite of the same day.
    #[error("{day} is both off and worked")]
    Contradiction {
        /// The day.
        #[serde(with = "crate::calendar::iso")]
        day: Day,
    },
    /// More days than a table may have.
    #[error("a table has at most {} days", Table::MAX_DAYS)]
    TooMany,
}

impl TableError {
    /// What people read.
    pub fn words(&self, lang: Lang) -> String {
        if lang == Lang::En {
            return self.to_string();
        }
        let problem = match &self.problem {
            TableProblem::NotADate { text } => format!("“{text}”不是日期，请写成 2027-02-05"),
            TableProblem::NotAKind { text } => format!("日期之后应为 off（休）或 work（班），而不是“{text}”"),
            TableProblem::Contradiction { day } => format!("{day} 既是休息日又是工作日"),
            TableProblem::TooMany => format!("最多 {} 天", Table::MAX_DAYS),
        };
        format!("第 {} 行：{problem}", self.line)
    }
}

impl Table {
    /// More days than this are refused: sixty years of every day.
    pub const MAX_DAYS: usize = 22_000;

    /// Reads lines like `2027-02-05,off` and `2027-02-07,work` in any order; 休 and 班 say the same, further cells are
    /// remarks, empty lines and lines that begin with `#` are left out. Refuses the first line that it cannot read.
    pub fn parse(text: &str) -> Result<Self, TableError> {
        let mut table = Self::default();
        for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            let line = line.trim();
            if !line.is_empty() && !line.starts_with('#') {
                table.add(line).map_err(|problem| TableError {
                    line: index + 1,
                    problem,
                })?;
            }
        }
        Ok(table)
    }

    fn add(&mut self, line: &str) -> Result<(), TableProblem> {
        let mut cells = line.split([',', '，', '\t', ';']).map(str::trim);
        let date = cells.next().unwrap_or_default();
        let day = Day::parse_iso(date).ok_or_else(|| TableProblem::NotADate { text: shown(date) })?;
        let kind = match cells.next().unwrap_or_default() {
            "off" | "休" => DayKind::Off,
            "work" | "班" => DayKind::Work,
            other => return Err(TableProblem::NotAKind { text: shown(other) }),
        };
        match self.days.insert(day, kind) {
            Some(before) if before != kind => Err(TableProblem::Contradiction { day }),
            _ if self.days.len() > Self::MAX_DAYS => Err(TableProblem::TooMany),
            _ => Ok(()),
        }
    }

    /// What it says of a day.
    pub fn kind(&self, day: Day) -> Option<DayKind> {
        self.days.get(&day).copied()
    }

    /// The days in order.
    pub fn days(&self) -> impl Iterator<Item = (Day, DayKind)> {
        self.days.iter().map(|(day, kind)| (*day, *kind))
    }

    /// Whether it says something of a year.
    pub fn has_year(&self, year: i32) -> bool {
        let (Some(first), Some(last)) = (Day::from_ymd(year, 1, 1), Day::from_ymd(year, 12, 31)) else {
            return false;
        };
        self.days.range(first..=last).next().is_some()
    }
}

/// The beginning of what was written, for messages.
fn shown(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse_iso(text).unwrap()
    }

    #[test]
    fn lines_are_read_in_any_order() {
        let table =
            Table::parse("\u{feff}# 2027\r\n2027-02-07, work\r\n\r\n2027-02-05,off,春节\n2027-02-05\t休\n")
                .unwrap();
        assert_eq!(
            table.days().collect::<Vec<_>>(),
            [
                (day("2027-02-05"), DayKind::Off),
                (day("2027-02-07"), DayKind::Work)
            ]
        );
        assert!(table.has_year(2027) && !table.has_year(2028) && !table.has_year(i32::MAX));
        assert_eq!(Table::parse(""), Ok(Table::default()));
    }

    #[test]
    fn a_line_that_cannot_be_read_is_named() {
        let problem = |text: &str| Table::parse(text).unwrap_err();
        let error = problem("2027-02-05,off\n2027-02-30,off");
        assert_eq!(error.line, 2);
        assert_eq!(
            error.to_string(),
            "line 2: \"2027-02-30\" is not a date like 2027-02-05"
        );
        assert_eq!(
            error.words(Lang::ZhCn),
            "第 2 行：“2027-02-30”不是日期，请写成 2027-02-05"
        );
        assert!(matches!(
            problem("2027-02-05").problem,
            TableProblem::NotAKind { .. }
        ));
        assert!(matches!(
            problem("2027-02-05,Off").problem,
            TableProblem::NotAKind { .. }
        ));
        let contradiction = problem("2027-02-05,off\n2027-02-06,off\n2027-02-05,work");
        assert_eq!(contradiction.line, 3);
        assert_eq!(
            contradiction.problem,
            TableProblem::Contradiction {
                day: day("2027-02-05")
            }
        );
        let many: String = (0..=Table::MAX_DAYS as i32)
            .map(|offset| format!("{},off\n", Day(offset)))
            .collect();
        assert_eq!(problem(&many).problem, TableProblem::TooMany);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,80}", lines in "([0-9]{4}-[0-9]{2}-[0-9]{2},(off|work)\n){0,5}") {
            for text in [text, lines] {
                if let Ok(table) = Table::parse(&text) {
                    let written: String = table
                        .days()
                        .map(|(day, kind)| format!("{day},{}\n", if kind == DayKind::Off { "off" } else { "work" }))
                        .collect();
                    proptest::prop_assert_eq!(Table::parse(&written), Ok(table));
                }
            }
        }
    }
}
