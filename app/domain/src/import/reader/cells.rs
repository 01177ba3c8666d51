//! The cells of one row, read field by field; what is wrong is collected.

use crate::calendar::{DateError, Day, parse_date};
use crate::import::reader::Reader;
use crate::import::row::Cell;
use crate::import::{Blank, Field, Problem, Reason, Suggestion};
use crate::money::{AmountError, AmountStyle, Fact, parse_fact, parse_share};

/// One row at work.
pub(super) struct Cells<'a, 'r> {
    pub(super) reader: &'a Reader,
    pub(super) row: u64,
    cell: &'r dyn Fn(usize) -> Option<&'a str>,
    pub(super) problems: Vec<Problem>,
}

impl<'a, 'r> Cells<'a, 'r> {
    pub(super) fn new(reader: &'a Reader, row: u64, cell: &'r dyn Fn(usize) -> Option<&'a str>) -> Self {
        Self {
            reader,
            row,
            cell,
            problems: Vec::new(),
        }
    }

    /// The text of a column without what surrounds it; words that databases export for "nothing" are nothing.
    pub(super) fn text(&self, column: usize) -> &'a str {
        let text = (self.cell)(column).unwrap_or_default();
        let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'));
        match text {
            "NULL" | "null" | "Null" | "\\N" | "N/A" | "#N/A" | "n/a" | "None" | "(null)" => "",
            text => text,
        }
    }

    /// Notes what is wrong with a field's cell.
    pub(super) fn refuse(&mut self, field: Field, value: &str, reason: Reason) {
        let suggestion = match &reason {
            Reason::Date { error } => error.suggestion().map(str::to_owned),
            Reason::Amount { error } => error.suggestion().map(str::to_owned),
            _ => None,
        };
        self.refuse_suggesting(
            field,
            value,
            reason,
            suggestion.map(|value| Suggestion { value, percent: 100 }),
        );
    }

    /// The same with a proposal.
    pub(super) fn refuse_suggesting(
        &mut self,
        field: Field,
        value: &str,
        reason: Reason,
        suggestion: Option<Suggestion>,
    ) {
        let header = self.reader.mapping.header_of(field).unwrap_or(field.as_str());
        self.problems
            .push(Problem::cell(self.row, header, field, value, reason).suggesting(suggestion));
    }

    /// The text of a field: its alias where there is one; empty when the column or the text is missing.
    fn of(&self, field: Field) -> Option<&'a str> {
        let column = self.reader.columns[field as usize]?;
        let text = self.text(column);
        let aliases = &self.reader.aliases[field as usize];
        if aliases.is_empty() {
            return Some(text);
        }
        Some(aliases.get(text).map_or(text, String::as_str))
    }

    /// What an empty cell asks for.
    fn blank<T>(&self) -> Cell<T> {
        match self.reader.blank {
            Blank::Keep => Cell::Keep,
            Blank::Clear => Cell::Clear,
        }
    }

    /// A field read by a function that may refuse.
    fn read<T>(&mut self, field: Field, read: impl FnOnce(&'a str) -> Result<T, Reason>) -> Cell<T> {
        match self.of(field) {
            None => Cell::Keep,
            Some("") => self.blank(),
            Some(text) => match read(text) {
                Ok(value) => Cell::Set(value),
                Err(reason) => {
                    self.refuse(field, text, reason);
                    Cell::Keep
                }
            },
        }
    }

    /// A text.
    pub(super) fn words(&mut self, field: Field) -> Cell<&'a str> {
        self.read(field, checked)
    }

    /// A text that must be there; empty after a refusal.
    pub(super) fn required(&mut self, field: Field) -> &'a str {
        match self.words(field) {
            Cell::Set(text) => text,
            Cell::Keep | Cell::Clear => {
                if self.of(field).is_none_or(str::is_empty) {
                    self.refuse(field, "", Reason::Missing);
                }
                ""
            }
        }
    }

    /// A text that may be there, whatever blanks mean.
    pub(super) fn optional(&mut self, field: Field) -> Option<&'a str> {
        self.words(field).value()
    }

    /// A day.
    pub(super) fn day(&mut self, field: Field) -> Cell<Day> {
        let order = self.reader.order;
        self.read(field, |text| {
            parse_date(text, order).map_err(|error| Reason::Date { error })
        })
    }

    /// A last day that the file writes inclusive, as the day after it.
    pub(super) fn last_day(&mut self, field: Field) -> Cell<Day> {
        self.day(field).map(|day| day.plus(1))
    }

    /// An amount that must not be negative.
    pub(super) fn amount(&mut self, field: Field, style: AmountStyle) -> Cell<Fact> {
        self.read(field, |text| not_negative(text, style))
    }

    /// A percentage in millionths.
    pub(super) fn share(&mut self, field: Field) -> Cell<u32> {
        self.read(field, |text| parse_share(text).map_err(|_| Reason::Percentage))
    }

    /// A whole number within limits.
    pub(super) fn whole(&mut self, field: Field, least: i64, most: i64) -> Cell<i64> {
        self.read(field, |text| {
            let amount = parse_fact(text, AmountStyle::default()).map_err(|_| Reason::WholeNumber)?;
            let whole = amount.0 / crate::money::FACT_SCALE;
            let exact = whole * crate::money::FACT_SCALE == amount.0;
            (exact && (least..=most).contains(&whole))
                .then_some(whole)
                .ok_or(Reason::WholeNumber)
        })
    }

    /// An email address: something, an @, something with a dot; no spaces.
    pub(super) fn email(&mut self, field: Field) -> Cell<&'a str> {
        self.read(field, |text| {
            let good = text.split_once('@').is_some_and(|(name, host)| {
                !name.is_empty()
                    && host.contains('.')
                    && !host.starts_with('.')
                    && !host.ends_with('.')
                    && !host.contains('@')
                    && !text.contains(char::is_whitespace)
            });
            if good { checked(text) } else { Err(Reason::Email) }
        })
    }

    /// Refuses rows in another currency than the organization's.
    pub(super) fn currency(&mut self, field: Field) {
        if let Some(text) = self.optional(field) {
            let expected = &self.reader.setting.currency.code;
            let same = text.eq_ignore_ascii_case(expected)
                || expected == "CNY" && matches!(text, "RMB" | "rmb" | "人民币" | "元" | "¥" | "￥");
            if !same {
                let expected = expected.clone();
                self.refuse(field, text, Reason::Currency { expected });
            }
        }
    }
}

/// An amount that must not be negative. A dash is what spreadsheets show for zero or nothing; it reads as nothing elsewhere.
pub(super) fn not_negative(text: &str, style: AmountStyle) -> Result<Fact, Reason> {
    match parse_fact(text, style) {
        Ok(amount) if amount.0 < 0 => Err(Reason::NegativeAmount),
        Ok(amount) => Ok(amount),
        Err(error) => Err(Reason::Amount { error }),
    }
}

/// Whether a text of an amount column stands for "no amount".
pub(super) fn is_dash(text: &str) -> bool {
    matches!(text, "-" | "–" | "—" | "--" | "/" | "无")
}

/// A text that can be stored: no controls, not too long.
fn checked(text: &str) -> Result<&str, Reason> {
    if text.chars().any(char::is_control) {
        return Err(Reason::ControlCharacter);
    }
    if text.len() > Reader::MAX_TEXT && text.chars().count() > Reader::MAX_TEXT {
        return Err(Reason::TooLong {
            limit: Reader::MAX_TEXT as u32,
        });
    }
    Ok(text)
}

/// The reason for an amount that is missing.
pub(super) fn no_amount() -> Reason {
    Reason::Amount {
        error: AmountError::Empty,
    }
}

/// The reason for a period whose year nobody says.
pub(super) fn no_year() -> Reason {
    Reason::Date {
        error: DateError::NoYear,
    }
}
