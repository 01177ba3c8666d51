//! The cells of a row by field, with what a person put right, and what is wrong with them.

use std::collections::{HashMap, HashSet};

use domain::calendar::{Day, parse_date};
use domain::import::{Blank, Field, Mapping, Options, Problem, Reason, Suggestion};
use domain::money::{AmountStyle, Fact, parse_fact};

use super::file::Row;

/// The longest text a field holds.
const TEXT_CHARS: usize = 300;

/// What a cell says about a field that is stored.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) enum Cell<T> {
    /// Nothing: no such column, or empty where empty means keep.
    #[default]
    Keep,
    /// That it is empty.
    Clear,
    /// This.
    Set(T),
}

impl<T> Cell<T> {
    /// The stored value after this cell.
    pub(super) fn over(self, stored: Option<T>) -> Option<T> {
        match self {
            Self::Keep => stored,
            Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }

    /// The same with the value put to use.
    pub(super) fn map<U>(self, to: impl FnOnce(T) -> U) -> Cell<U> {
        match self {
            Self::Keep => Cell::Keep,
            Self::Clear => Cell::Clear,
            Self::Set(value) => Cell::Set(to(value)),
        }
    }
}

/// Where the fields stand in the rows of one file.
#[derive(Debug)]
pub(super) struct Columns {
    mapping: Mapping,
    /// The column of each field, by the field's number.
    positions: Vec<Option<usize>>,
    /// Row and field to the text a person put in.
    fixes: HashMap<(u64, Field), String>,
    drops: HashSet<u64>,
    blank: Blank,
    style: AmountStyle,
    order: Option<domain::calendar::DateOrder>,
}

impl Columns {
    /// Of a mapping, with the options and what a person changed.
    pub(super) fn new(
        mapping: Mapping,
        options: &Options,
        fixes: HashMap<(u64, Field), String>,
        drops: HashSet<u64>,
    ) -> Self {
        let mut positions = vec![None; Field::ALL.len()];
        for field in Field::ALL {
            positions[*field as usize] = mapping.column_of(*field);
        }
        Self {
            mapping,
            positions,
            fixes,
            drops,
            blank: options.blank,
            style: AmountStyle {
                unit: options.unit(),
                ..AmountStyle::default()
            },
            order: options.date_order(),
        }
    }

    /// The same columns, their amounts in the currency of a code: what is marked as another is refused.
    pub(super) fn in_currency(mut self, code: &str) -> Self {
        self.style = self.style.in_currency(code);
        self
    }

    /// Whether there is a column for a field.
    pub(super) fn has(&self, field: Field) -> bool {
        self.positions[field as usize].is_some()
    }

    /// Whether a person left the row out.
    pub(super) fn dropped(&self, row: u64) -> bool {
        self.drops.contains(&row)
    }

    /// Whether an empty cell empties what is stored.
    pub(super) fn clears(&self) -> bool {
        self.blank == Blank::Clear
    }

    /// A row's cells.
    pub(super) fn cells<'a>(&'a self, row: Row<'a>) -> Cells<'a> {
        let mut cells = Cells {
            columns: self,
            row,
            problems: Vec::new(),
        };
        let width = self.mapping.columns.len();
        if row.len() > width && (width..row.len()).any(|column| !row.cell(column).is_empty()) {
            let (expected, found) = (width as u32, row.len() as u32);
            cells
                .problems
                .push(Problem::row(row.number, Reason::TooManyCells { expected, found }));
        }
        cells
    }
}

/// The cells of one row; problems gather as they are read.
#[derive(Debug)]
pub(super) struct Cells<'a> {
    columns: &'a Columns,
    row: Row<'a>,
    pub(super) problems: Vec<Problem>,
}

impl<'a> Cells<'a> {
    /// The row's number.
    pub(super) fn number(&self) -> u64 {
        self.row.number
    }

    /// Whether there is a column for a field.
    pub(super) fn has(&self, field: Field) -> bool {
        self.columns.has(field)
    }

    /// What is written for a field, or was put in by a person; empty where there is no column.
    pub(super) fn text(&self, field: Field) -> &'a str {
        if !self.columns.fixes.is_empty()
            && let Some(fixed) = self.columns.fixes.get(&(self.row.number, field))
        {
            return fixed.trim();
        }
        self.columns.positions[field as usize].map_or("", |column| self.row.cell(column))
    }

    /// Whether the row is written in this currency; notes a problem where it is not.
    pub(super) fn currency(&mut self, expected: &str) -> bool {
        let written_in = self.text(Field::Currency);
        let ours = written_in.is_empty() || written_in.eq_ignore_ascii_case(expected);
        if !ours {
            let expected = expected.to_owned();
            self.wrong(Field::Currency, Reason::Currency { expected }, None);
        }
        ours
    }

    /// Notes a problem of a field's cell.
    pub(super) fn wrong(&mut self, field: Field, reason: Reason, suggestion: Option<Suggestion>) {
        let header = self
            .columns
            .mapping
            .header_of(field)
            .unwrap_or_default()
            .to_owned();
        let problem = Problem::cell(self.row.number, &header, field, self.text(field), reason);
        self.problems.push(problem.suggesting(suggestion));
    }

    /// A text that can be stored, empty where there is none or it is wrong.
    pub(super) fn words(&mut self, field: Field) -> &'a str {
        let text = self.text(field);
        if text.len() > TEXT_CHARS && text.chars().count() > TEXT_CHARS {
            self.wrong(
                field,
                Reason::TooLong {
                    limit: TEXT_CHARS as u32,
                },
                None,
            );
            return "";
        }
        if text.bytes().any(|byte| byte < 0x20 || byte == 0x7f)
            && text
                .chars()
                .any(|letter| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t'))
        {
            self.wrong(field, Reason::ControlCharacter, None);
            return "";
        }
        text
    }

    /// A text that must be there.
    pub(super) fn required(&mut self, field: Field) -> Option<&'a str> {
        let before = self.problems.len();
        let text = self.words(field);
        if text.is_empty() {
            if self.problems.len() == before {
                self.wrong(field, Reason::Missing, None);
            }
            return None;
        }
        Some(text)
    }

    /// Whether a cell says something, empties the field, or leaves it.
    pub(super) fn cell(&mut self, field: Field) -> Cell<&'a str> {
        if !self.columns.has(field) {
            return Cell::Keep;
        }
        let before = self.problems.len();
        match self.words(field) {
            "" if self.problems.len() > before => Cell::Keep,
            "" if self.columns.blank == Blank::Clear => Cell::Clear,
            "" => Cell::Keep,
            text => Cell::Set(text),
        }
    }

    /// A day.
    pub(super) fn day(&mut self, field: Field) -> Cell<Day> {
        match self.cell(field) {
            Cell::Keep => Cell::Keep,
            Cell::Clear => Cell::Clear,
            Cell::Set(text) => {
                match Day::parse_iso(text).map_or_else(|| parse_date(text, self.columns.order), Ok) {
                    Ok(day) => Cell::Set(day),
                    Err(error) => {
                        let suggestion = certain(error.suggestion());
                        self.wrong(field, Reason::Date { error }, suggestion);
                        Cell::Keep
                    }
                }
            }
        }
    }

    /// An amount. One below zero is refused, but read: the source's own totals have it.
    pub(super) fn amount(&mut self, field: Field) -> Cell<Fact> {
        let amount = self.signed(field);
        if matches!(amount, Cell::Set(amount) if amount.0 < 0) {
            self.wrong(field, Reason::NegativeAmount, None);
        }
        amount
    }

    /// An amount that may be below zero.
    pub(super) fn signed(&mut self, field: Field) -> Cell<Fact> {
        self.decimal(field, self.columns.style)
    }

    /// How many of something, in ten-thousandths.
    pub(super) fn quantity(&mut self, field: Field) -> Cell<Fact> {
        self.decimal(field, AmountStyle::default())
    }

    /// A whole number above zero.
    pub(super) fn ordinal(&mut self, field: Field) -> Cell<i32> {
        match self.cell(field) {
            Cell::Keep => Cell::Keep,
            Cell::Clear => Cell::Clear,
            Cell::Set(text) => match text.parse::<i32>() {
                Ok(number) if number > 0 => Cell::Set(number),
                _ => {
                    self.wrong(field, Reason::WholeNumber, None);
                    Cell::Keep
                }
            },
        }
    }

    fn decimal(&mut self, field: Field, style: AmountStyle) -> Cell<Fact> {
        match self.cell(field) {
            Cell::Keep => Cell::Keep,
            Cell::Clear => Cell::Clear,
            Cell::Set(text) => match parse_fact(text, style) {
                Ok(amount) => Cell::Set(amount),
                Err(error) => {
                    let suggestion = certain(error.suggestion());
                    self.wrong(field, Reason::Amount { error }, suggestion);
                    Cell::Keep
                }
            },
        }
    }
}

fn certain(text: Option<&str>) -> Option<Suggestion> {
    text.map(|value| Suggestion {
        value: value.to_owned(),
        percent: 100,
    })
}
