//! Rows of targets, long (one period a row) or wide (periods as headers): who carries how much in which period.

mod heading;

use std::cell::Cell;

use crate::calendar::{DateError, Fiscal, Period};
use crate::import::{
    Field, Layout, Mapping, MappingProblem, Options, PeriodHeader, Problem, Reason, Role, Suggestion,
    value_period,
};
use crate::metric::MetricKey;
use crate::money::{AmountStyle, Fact, parse_fact};
use heading::{leave_out_subtotals, unit_of_header};

/// Who a row names; a member who leads a unit carries that unit's target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier<'a> {
    /// A member, by name or number.
    Member(&'a str),
    /// A unit, by name or code.
    Unit(&'a str),
}

/// One row. Cells that hold no target (empty, `NULL`, a dash) are no error.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetRow<'a> {
    /// The member where the row names one, else the unit.
    pub carrier: Carrier<'a>,
    /// The metric, where a column says so.
    pub metric: Option<MetricKey>,
    /// What is carried.
    pub amounts: Vec<TargetAmount>,
    /// Cells without a target.
    pub without: Vec<NoAmount>,
}

/// A row that is refused, and what it says all the same.
#[derive(Clone, Debug, PartialEq)]
pub struct RefusedTargetRow {
    /// What is wrong with it.
    pub problems: Vec<Problem>,
    /// The amounts that can be read and placed: the source counts them, whatever is wrong beside them.
    pub amounts: Vec<TargetAmount>,
}

/// The target of one period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetAmount {
    /// A period of the fiscal calendar: month, quarter or year.
    pub period: Period,
    /// The amount, the file's unit already multiplied in; never negative in a row that is taken over.
    pub amount: Fact,
    /// Position of its column in the file.
    pub column: usize,
}

/// A cell that holds no target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoAmount {
    /// The period it would be for.
    pub period: Period,
    /// Whether a word such as `NULL` says so; otherwise the cell is empty.
    pub said: bool,
}

/// Where the targets stand in one file.
#[derive(Clone, Debug)]
pub struct TargetSheet {
    mapping: Mapping,
    layout: Layout,
    fiscal: Fiscal,
    year: Option<u16>,
    /// Whether `year` was needed.
    year_used: Cell<bool>,
    /// How many currency units 1 stands for, by column.
    units: Vec<u32>,
    /// The code of what is counted in, where it is known.
    currency: Option<String>,
    subtotals: Vec<String>,
}

impl TargetSheet {
    /// For a mapping without problems. `year` is the fiscal year of headers such as `7月` where no column says the year.
    ///
    /// Columns that sum up others (a quarter beside its months, a year beside its quarters) are left out of the mapping.
    pub fn new(
        mapping: &Mapping,
        options: &Options,
        fiscal: Fiscal,
        year: Option<u16>,
    ) -> Result<Self, Vec<MappingProblem>> {
        let mut mapping = mapping.clone();
        if options.layout == Some(Layout::Long) {
            mapping.make_long();
        }
        if !mapping.is_usable() {
            return Err(mapping.problems);
        }
        let layout = mapping.layout();
        if options.layout == Some(Layout::Wide) && layout == Layout::Long {
            return Err(vec![MappingProblem::NotWide]);
        }
        let subtotals = leave_out_subtotals(&mut mapping, fiscal, year);
        let units = mapping.columns.iter().map(|column| {
            let said = options.unit.or_else(|| unit_of_header(&column.header));
            said.unwrap_or(1)
        });
        Ok(Self {
            units: units.collect(),
            currency: None,
            mapping,
            layout,
            fiscal,
            year,
            year_used: Cell::new(false),
            subtotals,
        })
    }

    /// The same sheet for amounts in the currency of a code: what is marked as another is refused.
    pub fn in_currency(self, code: &str) -> Self {
        Self {
            currency: Some(code.to_owned()),
            ..self
        }
    }

    /// Long or wide.
    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// Which column is used for what.
    pub fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    /// Headings of columns that only sum up others.
    pub fn subtotals(&self) -> &[String] {
        &self.subtotals
    }

    /// The first heading that says in what its amounts are written, and how many currency units that is; nothing where the
    /// options said it.
    pub fn unit_of_header(&self, options: &Options) -> Option<(&str, u32)> {
        if options.unit.is_some() {
            return None;
        }
        let amounts = self
            .mapping
            .columns
            .iter()
            .zip(&self.units)
            .filter(|(column, _)| {
                let amount = Role::Field { field: Field::Amount };
                matches!(column.role, Role::Period { .. }) || column.role == amount
            });
        amounts
            .map(|(column, unit)| (column.header.as_str(), *unit))
            .find(|(_, unit)| *unit != 1)
    }

    /// The year given from outside, once a row has needed it.
    pub fn year_used(&self) -> Option<u16> {
        self.year.filter(|_| self.year_used.get())
    }

    /// Reads the row with this number; `cell` gives the texts by column (what a person put right included). All problems of
    /// the row come together.
    pub fn read<'a>(
        &self,
        row: u64,
        cell: impl Fn(usize) -> &'a str,
    ) -> Result<TargetRow<'a>, RefusedTargetRow> {
        let mut reading = Reading {
            sheet: self,
            row,
            cell: &cell,
            without: Vec::new(),
            problems: Vec::new(),
        };
        let member = reading.text(Field::Member).map(Carrier::Member);
        let carrier = member.or_else(|| reading.text(Field::Unit).map(Carrier::Unit));
        let metric = reading.metric();
        let year = reading.year();
        let amounts = match self.layout {
            Layout::Wide => reading.wide(year),
            Layout::Long => reading.long(year).into_iter().collect(),
        };
        match carrier {
            Some(carrier) if reading.problems.is_empty() => Ok(TargetRow {
                carrier,
                metric,
                amounts,
                without: reading.without,
            }),
            carrier => {
                if carrier.is_none() {
                    reading.problems.insert(0, Problem::row(row, Reason::NoCarrier));
                }
                Err(RefusedTargetRow {
                    problems: reading.problems,
                    amounts,
                })
            }
        }
    }
}

/// One row at work.
struct Reading<'s, 'a> {
    sheet: &'s TargetSheet,
    row: u64,
    cell: &'s dyn Fn(usize) -> &'a str,
    without: Vec<NoAmount>,
    problems: Vec<Problem>,
}

impl<'a> Reading<'_, 'a> {
    /// The text of a column; words that say "nothing" are nothing.
    fn at(&self, column: usize) -> Option<&'a str> {
        let text = (self.cell)(column).trim();
        (!says_nothing(text)).then_some(text)
    }

    /// The text of a field.
    fn text(&self, field: Field) -> Option<&'a str> {
        self.at(self.sheet.mapping.column_of(field)?)
    }

    fn refuse(&mut self, column: usize, field: Field, value: &str, reason: Reason) {
        let header = self
            .sheet
            .mapping
            .columns
            .get(column)
            .map_or("", |column| column.header.as_str());
        let certain = match &reason {
            Reason::Amount { error } => error.suggestion(),
            _ => None,
        };
        let suggestion = certain.map(|value| Suggestion {
            value: value.to_owned(),
            percent: 100,
        });
        let problem = Problem::cell(self.row, header, field, value, reason);
        self.problems.push(problem.suggesting(suggestion));
    }

    fn refuse_field(&mut self, field: Field, value: &str, reason: Reason) {
        let column = self.sheet.mapping.column_of(field).unwrap_or(usize::MAX);
        self.refuse(column, field, value, reason);
    }

    /// The metric of the row: its key, or the name of one that is shipped.
    fn metric(&mut self) -> Option<MetricKey> {
        const NAMES: [(&str, MetricKey); 5] = [
            ("签约额", MetricKey::BOOKINGS),
            ("发货额", MetricKey::SHIPMENTS),
            ("回款额", MetricKey::COLLECTED),
            ("新增客户", MetricKey::NEW_CUSTOMERS),
            ("跟进数", MetricKey::ACTIVITIES),
        ];
        let text = self.text(Field::Metric)?;
        let known = NAMES.into_iter().find(|(name, _)| *name == text);
        let key = known
            .map(|(_, key)| key)
            .or_else(|| MetricKey::parse(&text.to_lowercase().replace([' ', '-'], "_")).ok());
        if key.is_none() {
            self.refuse_field(Field::Metric, text, Reason::UnknownMetric);
        }
        key
    }

    /// The fiscal year of the row's own cell.
    fn year(&mut self) -> Option<u16> {
        let text = self.text(Field::Year)?;
        if let Some(PeriodHeader::Year { year }) = value_period(text) {
            return Some(year);
        }
        self.refuse_field(Field::Year, text, Reason::Period);
        None
    }

    /// The period meant, in the year of the row or else of the sheet.
    fn resolve(&self, header: PeriodHeader, year: Option<u16>) -> Option<Period> {
        let known = year.or(self.sheet.year);
        if year.is_none() && known.is_some() && header.lacks_year() {
            self.sheet.year_used.set(true);
        }
        header.resolve(self.sheet.fiscal, known)
    }

    /// The amount of a cell; `None` where there is none or it cannot be read. One below zero is refused, but read.
    fn amount(&mut self, column: usize, period: Period) -> Option<TargetAmount> {
        let Some(text) = self.at(column) else {
            let said = !(self.cell)(column).trim().is_empty();
            self.without.push(NoAmount { period, said });
            return None;
        };
        let style = AmountStyle {
            unit: self.sheet.units.get(column).copied().unwrap_or(1),
            ..AmountStyle::default()
        };
        let style = match &self.sheet.currency {
            Some(code) => style.in_currency(code),
            None => style,
        };
        match parse_fact(text, style) {
            Ok(amount) => {
                if amount.0 < 0 {
                    self.refuse(column, Field::Amount, text, Reason::NegativeAmount);
                }
                Some(TargetAmount {
                    period,
                    amount,
                    column,
                })
            }
            Err(error) => {
                self.refuse(column, Field::Amount, text, Reason::Amount { error });
                None
            }
        }
    }

    /// One amount per period column that holds one.
    fn wide(&mut self, year: Option<u16>) -> Vec<TargetAmount> {
        let sheet = self.sheet;
        let mut amounts = Vec::new();
        for (column, header) in sheet.mapping.periods() {
            match (self.resolve(*header, year), self.at(column)) {
                (Some(period), _) => amounts.extend(self.amount(column, period)),
                // Where nothing stands, nothing is wrong.
                (None, None) => {}
                (None, Some(text)) => {
                    let reason = unresolved(*header, year.or(sheet.year));
                    self.refuse(column, Field::Amount, text, reason);
                }
            }
        }
        amounts
    }

    /// The one amount of a long row. Its period is the period cell, the month of the row's year, or the whole year.
    fn long(&mut self, year: Option<u16>) -> Option<TargetAmount> {
        let mapping = &self.sheet.mapping;
        let fields = [Field::Period, Field::Month, Field::Year];
        let field = fields
            .into_iter()
            .find(|field| mapping.column_of(*field).is_some())?;
        let column = mapping.column_of(Field::Amount)?;
        let Some(text) = self.text(field) else {
            self.refuse_field(field, "", Reason::Missing);
            return None;
        };
        let header = value_period(text);
        if let Some(period) = header.and_then(|header| self.resolve(header, year)) {
            return self.amount(column, period);
        }
        // A year that cannot be read has been refused already.
        if field != Field::Year {
            let reason = header.map_or(Reason::Period, |header| {
                unresolved(header, year.or(self.sheet.year))
            });
            self.refuse_field(field, text, reason);
        }
        None
    }
}

/// Words that databases and people write for "nothing".
fn says_nothing(text: &str) -> bool {
    matches!(
        text,
        "" | "NULL" | "null" | "Null" | "\\N" | "N/A" | "#N/A" | "n/a" | "-" | "–" | "—" | "--" | "/" | "无"
    )
}

/// Why a period that was read is none of the calendar.
fn unresolved(header: PeriodHeader, year: Option<u16>) -> Reason {
    if header.lacks_year() && year.is_none() {
        Reason::Date {
            error: DateError::NoYear,
        }
    } else {
        Reason::Period
    }
}

#[cfg(test)]
#[path = "target_tests.rs"]
mod tests;
