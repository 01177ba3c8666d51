//! Expressions of metric rules, in the Common Expression Language: read, checked against the fields there are, and
//! evaluated record by record.
//!
//! A rule is checked whole before it runs, so a running rule cannot meet a wrong kind. It has no loops, and nothing in it
//! makes a text longer, so its time is bounded by its parts ([`MAX_PARTS`]). All numbers are alike: `2` and `2.0` are the
//! same, `1 / 2` is a half. Numbers are reckoned in floating point, in ten-thousandths, and rounded to whole ones where they
//! count or are compared: a filter sees the number that a formula gives. Up to [`MAX_NUMBER`] they keep their four decimals;
//! a larger one has no answer, on the way as at the end: nothing is rounded to fit.

mod check;
mod read;
mod reckon;

use domain::calendar::Day;
use domain::metric::rule::{Cell, FieldKind, Measure, MetricRule, Part, RuleError, RuleProblem, Schema};
use domain::money::Fact;

use check::Checked;
use reckon::{Gap, Value};

/// Characters an expression may have.
pub const MAX_CHARACTERS: usize = 2_000;
/// Levels an expression may be nested.
pub const MAX_DEPTH: u16 = 32;
/// Levels a checked expression may have, where a chain such as `1 + 2 + 3` has one for each operator. Records are looked at
/// on the stack of whoever asks; so many take an eighth of a megabyte without optimisation.
const MAX_LEVELS: usize = 100;
/// Reading goes several calls deeper than the expression; this holds whatever [`MAX_CHARACTERS`] can say (measured:
/// 8 MiB suffice without optimisation).
const STACK_BYTES: usize = 16 << 20;
/// Names, numbers, operators and calls an expression may have.
pub const MAX_PARTS: usize = 500;
/// The largest number of a rule, in whole units, that of a field, on the way or in the end: ten-thousandths of it are whole
/// in 53 bits.
pub const MAX_NUMBER: i64 = 900_000_000_000;

/// A record a rule looks at.
pub trait Record {
    /// What it holds in a field of the schema; `None` where it holds nothing.
    fn field(&self, name: &str) -> Option<Cell>;
}

/// What a rule says of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict<T> {
    /// The answer.
    Is(T),
    /// It hangs on a field that the record leaves empty.
    Missing {
        /// Which; of several the first by name.
        field: String,
    },
    /// There is no answer, and no field is empty that it hangs on: a division by zero, or a number beyond [`MAX_NUMBER`].
    Undefined,
}

impl<T> From<Gap<'_>> for Verdict<T> {
    fn from(gap: Gap<'_>) -> Self {
        match gap {
            Gap::Missing(field) => Self::Missing {
                field: field.to_owned(),
            },
            Gap::Undefined => Self::Undefined,
        }
    }
}

/// Reads and checks an expression.
fn checked(part: Part, source: &str, schema: &Schema, needed: FieldKind) -> Result<Checked, RuleError> {
    apart(part, || {
        let read = read::read(part, source)?;
        check::check(part, read, source, schema, needed)
    })
}

/// Reads on a stack of its own, that of a server's thread is too small for the worst expression.
fn apart(part: Part, read: impl FnOnce() -> Result<Checked, RuleError> + Send) -> Result<Checked, RuleError> {
    let busy = || RuleError {
        part,
        at: 0,
        length: 1,
        problem: RuleProblem::Busy,
    };
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
        let reading = thread.spawn_scoped(scope, read).map_err(|_| busy())?;
        reading.join().unwrap_or_else(|_| Err(busy()))
    })
}

/// Which records count.
pub struct Filter(Checked);

impl Filter {
    /// Reads a filter such as `deal.stage == "won" && deal.amount >= 10000`.
    pub fn parse(source: &str, schema: &Schema) -> Result<Self, RuleError> {
        checked(Part::Filter, source, schema, FieldKind::Flag).map(Self)
    }

    /// The fields it reads.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.0.fields.iter().map(String::as_str)
    }

    /// Whether a record counts. What is empty or has no answer decides nothing where the rest decides already, in whatever
    /// order: `false && …` and `… && false` are no.
    pub fn holds(&self, record: &impl Record) -> Verdict<bool> {
        match self.0.root.evaluate(record) {
            Ok(Value::Flag(holds)) => Verdict::Is(holds),
            Ok(_) => Verdict::Undefined,
            Err(gap) => gap.into(),
        }
    }
}

/// How much a record counts.
pub struct Formula(Checked);

impl Formula {
    /// Reads a formula such as `order.quantity * order.price`.
    pub fn parse(source: &str, schema: &Schema) -> Result<Self, RuleError> {
        checked(Part::Measure, source, schema, FieldKind::Number).map(Self)
    }

    /// The fields it reads.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.0.fields.iter().map(String::as_str)
    }

    /// The number of a record, rounded to ten-thousandths, halves away from zero.
    pub fn value(&self, record: &impl Record) -> Verdict<Fact> {
        match self.0.root.evaluate(record) {
            Ok(Value::Number(number)) => Verdict::Is(Value::fact(number)),
            Ok(_) => Verdict::Undefined,
            Err(gap) => gap.into(),
        }
    }
}

/// How much a record counts, by a checked measure.
enum Counted {
    Count,
    Sum(Formula),
    Distinct(String),
}

/// A checked metric rule.
pub struct Rule {
    filter: Option<Filter>,
    counted: Counted,
    dated_by: String,
}

/// What a record gives to a metric.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credit {
    /// It counts on a day.
    Counts {
        /// The day.
        on: Day,
        /// How much: the formula's number, or 1 (in ten-thousandths) for counts.
        amount: Fact,
        /// For a distinct metric the value that counts once.
        distinct: Option<Cell>,
    },
    /// The filter leaves it out.
    LeftOut,
    /// It hangs on a field that is empty.
    Missing {
        /// Which.
        field: String,
    },
    /// Its number is not defined: a division by zero, or too large.
    Undefined,
}

impl Rule {
    /// Checks every part of a rule.
    pub fn parse(rule: &MetricRule, schema: &Schema) -> Result<Self, RuleError> {
        let field = |part: Part, name: &str, needed: Option<FieldKind>| {
            let problem = match (schema.kind(name), needed) {
                (None, _) => RuleProblem::UnknownField {
                    field: name.to_owned(),
                    nearest: schema.nearest(name),
                },
                (Some(found), Some(needed)) if found != needed => RuleProblem::Kind { needed, found },
                _ => return Ok(name.to_owned()),
            };
            let length = name.chars().count().max(1) as u32;
            Err(RuleError {
                part,
                at: 0,
                length,
                problem,
            })
        };
        Ok(Self {
            dated_by: field(Part::Date, &rule.dated_by, Some(FieldKind::Date))?,
            filter: rule
                .filter
                .as_deref()
                .map(|source| Filter::parse(source, schema))
                .transpose()?,
            counted: match &rule.measure {
                Measure::Count => Counted::Count,
                Measure::Sum(source) => Counted::Sum(Formula::parse(source, schema)?),
                Measure::Distinct(name) => Counted::Distinct(field(Part::Measure, name, None)?),
            },
        })
    }

    /// What a record gives.
    pub fn credit(&self, record: &impl Record) -> Credit {
        match self.filter.as_ref().map(|filter| filter.holds(record)) {
            None | Some(Verdict::Is(true)) => {}
            Some(Verdict::Is(false)) => return Credit::LeftOut,
            Some(Verdict::Missing { field }) => return Credit::Missing { field },
            Some(Verdict::Undefined) => return Credit::Undefined,
        }
        let missing = |field: &String| Credit::Missing { field: field.clone() };
        let Some(Cell::Date(on)) = record.field(&self.dated_by) else {
            return missing(&self.dated_by);
        };
        let one = Fact(10_000);
        let (amount, distinct) = match &self.counted {
            Counted::Count => (one, None),
            Counted::Distinct(field) => match record.field(field) {
                Some(cell) => (one, Some(cell)),
                None => return missing(field),
            },
            Counted::Sum(formula) => match formula.value(record) {
                Verdict::Is(amount) => (amount, None),
                Verdict::Missing { field } => return Credit::Missing { field },
                Verdict::Undefined => return Credit::Undefined,
            },
        };
        Credit::Counts { on, amount, distinct }
    }
}

#[cfg(test)]
mod tests;
