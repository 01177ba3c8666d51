//! Expressions of metric rules, in the Common Expression Language: read, checked against the fields there are, and
//! evaluated record by record.
//!
//! A rule is checked whole before it runs, so a running rule cannot meet a wrong kind. It has no loops, and nothing in it
//! makes a text longer, so its time is bounded by its parts ([`MAX_PARTS`]). All numbers are alike: `2` and `2.0` are the
//! same, `1 / 2` is a half. A formula is reckoned in floating point and rounded to ten-thousandths once; numbers up to
//! [`MAX_NUMBER`] keep their four decimals in it, larger ones are refused, not rounded.

mod check;
mod read;

use std::sync::Arc;

use cel::parser::Expression;
use cel::{Context, Env, ExecutionError, Value};
use domain::calendar::Day;
use domain::metric::rule::{Cell, FieldKind, Measure, MetricRule, Part, RuleError, RuleProblem, Schema};
use domain::money::Fact;

use check::{Checked, DIVIDE, Reading};

/// Characters an expression may have.
pub const MAX_CHARACTERS: usize = 2_000;
/// Levels an expression may be nested.
pub const MAX_DEPTH: u16 = 32;
/// Levels a checked expression may have, where a chain such as `1 + 2 + 3` has one for each operator.
const MAX_LEVELS: usize = 100;
/// Reading goes several calls deeper than the expression; this holds whatever [`MAX_CHARACTERS`] can say (measured:
/// 8 MiB suffice without optimisation).
const STACK_BYTES: usize = 16 << 20;
/// Names, numbers, operators and calls an expression may have.
pub const MAX_PARTS: usize = 500;
/// The largest number a formula takes in or gives out, in whole units: ten-thousandths of it are whole in 53 bits.
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
        /// Which.
        field: String,
    },
    /// There is no answer: a division by zero, or a number beyond [`MAX_NUMBER`].
    Undefined,
}

/// A checked expression.
struct Compiled {
    expression: Expression,
    reads: Vec<Reading>,
    root: Context<'static, 'static>,
}

impl Compiled {
    fn new(part: Part, source: &str, schema: &Schema, needed: FieldKind) -> Result<Self, RuleError> {
        let Checked { expression, reads } = apart(part, || {
            let read = read::read(part, source)?;
            check::check(part, read, source, schema, needed)
        })?;
        Ok(Self {
            expression,
            reads,
            root: functions(),
        })
    }

    fn fields(&self) -> impl Iterator<Item = &str> {
        self.reads.iter().map(|reading| reading.field.as_str())
    }

    fn evaluate(&self, record: &impl Record) -> Verdict<Value> {
        let mut scope = self.root.new_inner_scope();
        for reading in &self.reads {
            let value = match record.field(&reading.field) {
                cell if reading.presence => Value::Bool(cell.is_some()),
                None => continue,
                Some(Cell::Text(text)) => Value::from(text),
                Some(Cell::Date(day)) => Value::from(day.to_string()),
                Some(Cell::Flag(flag)) => Value::Bool(flag),
                Some(Cell::Number(fact)) => match number(fact) {
                    Some(number) => Value::Float(number),
                    None => return Verdict::Undefined,
                },
            };
            scope.add_variable_from_value(reading.variable.as_str(), value);
        }
        match Value::resolve(&self.expression, &scope) {
            Ok(value) => Verdict::Is(value),
            Err(ExecutionError::UndeclaredReference(name)) => Verdict::Missing {
                field: name.trim_start_matches('@').to_owned(),
            },
            // Kinds were checked, so what is left are divisions and overflows.
            Err(_) => Verdict::Undefined,
        }
    }
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
pub struct Filter(Compiled);

impl Filter {
    /// Reads a filter such as `deal.stage == "won" && deal.amount >= 10000`.
    pub fn parse(source: &str, schema: &Schema) -> Result<Self, RuleError> {
        Compiled::new(Part::Filter, source, schema, FieldKind::Flag).map(Self)
    }

    /// The fields it reads.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.0.fields()
    }

    /// Whether a record counts. An empty field decides nothing where the rest decides already: `false && …` is no.
    pub fn holds(&self, record: &impl Record) -> Verdict<bool> {
        match self.0.evaluate(record) {
            Verdict::Is(Value::Bool(holds)) => Verdict::Is(holds),
            Verdict::Missing { field } => Verdict::Missing { field },
            Verdict::Is(_) | Verdict::Undefined => Verdict::Undefined,
        }
    }
}

/// How much a record counts.
pub struct Formula(Compiled);

impl Formula {
    /// Reads a formula such as `order.quantity * order.price`.
    pub fn parse(source: &str, schema: &Schema) -> Result<Self, RuleError> {
        Compiled::new(Part::Measure, source, schema, FieldKind::Number).map(Self)
    }

    /// The fields it reads.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.0.fields()
    }

    /// The number of a record, rounded to ten-thousandths, halves away from zero.
    pub fn value(&self, record: &impl Record) -> Verdict<Fact> {
        match self.0.evaluate(record) {
            Verdict::Is(Value::Float(number)) => fact(number).map_or(Verdict::Undefined, Verdict::Is),
            Verdict::Missing { field } => Verdict::Missing { field },
            Verdict::Is(_) | Verdict::Undefined => Verdict::Undefined,
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

/// A number as formulas reckon it; `None` beyond [`MAX_NUMBER`].
fn number(fact: Fact) -> Option<f64> {
    (fact.0.unsigned_abs() <= (MAX_NUMBER * 10_000).unsigned_abs()).then(|| fact.0 as f64 / 10_000.0)
}

/// A formula's number; `None` beyond [`MAX_NUMBER`] or where it is none.
fn fact(number: f64) -> Option<Fact> {
    (number.abs() <= MAX_NUMBER as f64).then(|| Fact((number * 10_000.0).round() as i64))
}

/// A part of a year, month and day.
type PartOfDay = fn((i32, u8, u8)) -> f64;

/// What rules can call beside the language's own.
fn functions() -> Context<'static, 'static> {
    let mut context = Context::with_env(Arc::new(Env::stdlib()));
    let day = |text: &Arc<String>| Day::parse_iso(text);
    // Days were checked or come from records; one that is none has no answer.
    let none = |name: &str| ExecutionError::function_error(name, "not a day");
    let parts: [(&str, PartOfDay); 3] = [
        ("year", |(year, _, _)| f64::from(year)),
        ("quarter", |(_, month, _)| f64::from((month - 1) / 3 + 1)),
        ("month", |(_, month, _)| f64::from(month)),
    ];
    for (name, part) in parts {
        let call = move |text: Arc<String>| day(&text).map(|day| part(day.ymd())).ok_or_else(|| none(name));
        // Only a name that is taken is refused, and these are not.
        context.add_function(name, call).ok();
    }
    let divide = |part: f64, whole: f64| {
        if whole == 0.0 {
            Err(ExecutionError::function_error(DIVIDE, "by zero"))
        } else {
            Ok(part / whole)
        }
    };
    context.add_function(DIVIDE, divide).ok();
    let days = move |from: Arc<String>, to: Arc<String>| match (day(&from), day(&to)) {
        (Some(from), Some(to)) => Ok(f64::from(to.0) - f64::from(from.0)),
        _ => Err(none("days")),
    };
    context.add_function("days", days).ok();
    context
}

#[cfg(test)]
mod tests;
