//! Rows of targets, long (one period a row) or wide (periods as headers): who carries how much in which period.

use crate::calendar::{DateError, Fiscal, Period};
use crate::format::Lang;
use crate::import::{
    Field, Layout, Mapping, MappingProblem, Options, PeriodHeader, Problem, Reason, Suggestion, value_period,
};
use crate::metric::MetricKey;
use crate::money::{AmountStyle, Fact, parse_fact};

/// Why a file of targets cannot be read with this mapping and these options.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// The mapping does not do.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Mapping(Vec<MappingProblem>),
    /// Wide was asked for, but no header is a period.
    #[error("layout `wide` needs periods as headers, such as 2017-07")]
    NotWide,
}

impl TargetError {
    /// What people read.
    pub fn words(&self, lang: Lang) -> String {
        match self {
            Self::Mapping(problems) => {
                let words: Vec<_> = problems.iter().map(|problem| problem.words(lang)).collect();
                words.join(lang.pick("；", "; "))
            }
            Self::NotWide if lang == Lang::ZhCn => "宽表需要以月份作表头，例如 2017-07".to_owned(),
            Self::NotWide => self.to_string(),
        }
    }
}

/// Who a row names; a member who leads a unit carries that unit's target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier<'a> {
    /// A member, by name or number.
    Member(&'a str),
    /// A unit, by name or code.
    Unit(&'a str),
}

/// One row. Cells that hold no target (empty, `NULL`, a dash) leave nothing behind and are no error.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetRow<'a> {
    /// The member where the row names one, else the unit.
    pub carrier: Carrier<'a>,
    /// The metric, where a column says so.
    pub metric: Option<MetricKey>,
    /// What is carried.
    pub amounts: Vec<TargetAmount>,
}

/// The target of one period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetAmount {
    /// A period of the fiscal calendar: month, quarter or year.
    pub period: Period,
    /// The amount, never negative, the file's unit already multiplied in.
    pub amount: Fact,
    /// Position of its column in the file.
    pub column: usize,
}

/// Where the targets stand in one file.
#[derive(Clone, Debug)]
pub struct TargetSheet {
    mapping: Mapping,
    layout: Layout,
    fiscal: Fiscal,
    year: Option<u16>,
    style: AmountStyle,
}

impl TargetSheet {
    /// For a mapping without problems. `year` is the fiscal year of headers such as `7月` where no column says the year.
    pub fn new(
        mapping: &Mapping,
        options: &Options,
        fiscal: Fiscal,
        year: Option<u16>,
    ) -> Result<Self, TargetError> {
        let mut mapping = mapping.clone();
        if options.layout == Some(Layout::Long) {
            mapping.make_long();
        }
        if !mapping.is_usable() {
            return Err(TargetError::Mapping(mapping.problems));
        }
        let layout = mapping.layout();
        if options.layout == Some(Layout::Wide) && layout == Layout::Long {
            return Err(TargetError::NotWide);
        }
        Ok(Self {
            mapping,
            layout,
            fiscal,
            year,
            style: AmountStyle {
                unit: options.unit(),
                ..AmountStyle::default()
            },
        })
    }

    /// Long or wide.
    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// Reads the row with this number; `cell` gives the texts by column (what a person put right included). All problems of
    /// the row come together.
    pub fn read<'a>(&self, row: u64, cell: impl Fn(usize) -> &'a str) -> Result<TargetRow<'a>, Vec<Problem>> {
        let mut reading = Reading {
            sheet: self,
            row,
            cell: &cell,
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
            }),
            Some(_) => Err(reading.problems),
            None => {
                reading.problems.insert(0, Problem::row(row, Reason::NoCarrier));
                Err(reading.problems)
            }
        }
    }
}

/// One row at work.
struct Reading<'s, 'a> {
    sheet: &'s TargetSheet,
    row: u64,
    cell: &'s dyn Fn(usize) -> &'a str,
    problems: Vec<Problem>,
}

impl<'a> Reading<'_, 'a> {
    /// The text of a column; words that databases export for "nothing" are nothing, and so is a dash.
    fn at(&self, column: usize) -> Option<&'a str> {
        let text = (self.cell)(column).trim();
        let nothing = matches!(
            text,
            "" | "NULL"
                | "null"
                | "Null"
                | "\\N"
                | "N/A"
                | "#N/A"
                | "n/a"
                | "-"
                | "–"
                | "—"
                | "--"
                | "/"
                | "无"
        );
        (!nothing).then_some(text)
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

    /// The fiscal year of the row: its own cell, else the sheet's.
    fn year(&mut self) -> Option<u16> {
        let Some(text) = self.text(Field::Year) else {
            return self.sheet.year;
        };
        if let Some(PeriodHeader::Year { year }) = value_period(text) {
            return Some(year);
        }
        self.refuse_field(Field::Year, text, Reason::Period);
        None
    }

    /// The amount of a cell; `None` where there is none or it is refused.
    fn amount(&mut self, column: usize, period: Period) -> Option<TargetAmount> {
        let text = self.at(column)?;
        let reason = match parse_fact(text, self.sheet.style) {
            Ok(amount) if amount.0 >= 0 => {
                return Some(TargetAmount {
                    period,
                    amount,
                    column,
                });
            }
            Ok(_) => Reason::NegativeAmount,
            Err(error) => Reason::Amount { error },
        };
        self.refuse(column, Field::Amount, text, reason);
        None
    }

    /// One amount per period column that holds one.
    fn wide(&mut self, year: Option<u16>) -> Vec<TargetAmount> {
        let sheet = self.sheet;
        let mut amounts = Vec::new();
        for (column, header) in sheet.mapping.periods() {
            let Some(text) = self.at(column) else { continue };
            match header.resolve(sheet.fiscal, year) {
                Some(period) => amounts.extend(self.amount(column, period)),
                None => self.refuse(column, Field::Amount, text, unresolved(*header, year)),
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
        if let Some(period) = header.and_then(|header| header.resolve(self.sheet.fiscal, year)) {
            return self.amount(column, period);
        }
        // A year that cannot be read has been refused already.
        if field != Field::Year {
            let reason = header.map_or(Reason::Period, |header| unresolved(header, year));
            self.refuse_field(field, text, reason);
        }
        None
    }
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
