//! What a checked expression says of a record.
//!
//! Numbers are reckoned in ten-thousandths, the unit of a [`Fact`], in floating point: sums of numbers with four decimals are
//! exact. They are compared as they would count: rounded.

use std::cmp::Ordering;
use std::sync::Arc;

use domain::calendar::Day;
use domain::metric::rule::Cell;
use domain::money::Fact;

use super::{MAX_NUMBER, Record};

/// Ten-thousandths of a whole.
const WHOLE: f64 = 10_000.0;

/// What a part of an expression says.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// In ten-thousandths, not rounded, at most [`MAX_NUMBER`] wholes.
    Number(f64),
    Text(Arc<str>),
    Date(Day),
    Flag(bool),
}

/// Why it says nothing. The lesser one is told where several come together: an empty field before what has no answer, since
/// what fills it may decide; of empty fields the first by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap<'a> {
    /// A field is empty.
    Missing(&'a str),
    /// A division by zero, or a number that is too large.
    Undefined,
}

/// A checked expression: everything gets what it takes.
pub(super) enum Node {
    Constant(Value),
    /// What a field holds.
    Field(String),
    /// Whether it holds anything.
    Present(String),
    Apply(Operation, Vec<Node>),
}

/// What is done with one, two or three parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    And,
    Or,
    Not,
    Add,
    Subtract,
    Multiply,
    Divide,
    Negate,
    Year,
    Quarter,
    Month,
    /// From the first day to the second.
    Days,
    Equal,
    Different,
    Less,
    AtMost,
    More,
    AtLeast,
    /// The second where the first is true, else the third.
    Choice,
    /// Whether the first is one of the others.
    Among,
    Contains,
    StartsWith,
    EndsWith,
}

type Answer<'a> = Result<Value, Gap<'a>>;

impl Value {
    /// A number of whole units; none where it is too large.
    pub(super) fn wholes(number: f64) -> Option<Self> {
        bounded(number * WHOLE).ok()
    }

    /// A number as it counts.
    pub(super) fn fact(number: f64) -> Fact {
        Fact(number.round() as i64)
    }
}

impl Node {
    pub(super) fn evaluate(&self, record: &impl Record) -> Answer<'_> {
        match self {
            Self::Constant(value) => Ok(value.clone()),
            Self::Present(field) => Ok(Value::Flag(record.field(field).is_some())),
            Self::Field(field) => match record.field(field) {
                None => Err(Gap::Missing(field)),
                Some(Cell::Text(text)) => Ok(Value::Text(text.into())),
                Some(Cell::Date(day)) => Ok(Value::Date(day)),
                Some(Cell::Flag(flag)) => Ok(Value::Flag(flag)),
                Some(Cell::Number(fact)) => bounded(fact.0 as f64),
            },
            Self::Apply(operation, parts) => apply(*operation, parts, record),
        }
    }
}

fn apply<'a>(operation: Operation, parts: &'a [Node], record: &impl Record) -> Answer<'a> {
    match (operation, parts) {
        (Operation::And, _) => decided(parts.iter().map(|part| part.evaluate(record)), false),
        (Operation::Or, _) => decided(parts.iter().map(|part| part.evaluate(record)), true),
        (Operation::Among, [value, others @ ..]) => {
            let value = value.evaluate(record);
            let same = |other: &'a Node| two(Operation::Equal, value.clone(), other.evaluate(record));
            decided(others.iter().map(same), true)
        }
        (Operation::Choice, [condition, yes, no]) => match condition.evaluate(record)? {
            Value::Flag(true) => yes.evaluate(record),
            _ => no.evaluate(record),
        },
        (_, [part]) => one(operation, part.evaluate(record)?),
        (_, [left, right]) => two(operation, left.evaluate(record), right.evaluate(record)),
        // Parts were counted, and kinds below were checked.
        _ => Err(Gap::Undefined),
    }
}

/// Whether one of the parts is what decides. What has no answer decides nothing, wherever it stands.
fn decided<'a>(parts: impl Iterator<Item = Answer<'a>>, decides: bool) -> Answer<'a> {
    let mut gap = None;
    for part in parts {
        match part {
            Ok(Value::Flag(flag)) if flag == decides => return Ok(Value::Flag(decides)),
            Ok(_) => {}
            Err(found) => gap = Some(gap.map_or(found, |gap: Gap<'a>| gap.min(found))),
        }
    }
    gap.map_or(Ok(Value::Flag(!decides)), Err)
}

fn one<'a>(operation: Operation, part: Value) -> Answer<'a> {
    let of_day = match (operation, part) {
        (Operation::Not, Value::Flag(flag)) => return Ok(Value::Flag(!flag)),
        (Operation::Negate, Value::Number(number)) => return Ok(Value::Number(-number)),
        (Operation::Year, Value::Date(day)) => day.ymd().0,
        (Operation::Quarter, Value::Date(day)) => i32::from((day.ymd().1 - 1) / 3 + 1),
        (Operation::Month, Value::Date(day)) => i32::from(day.ymd().1),
        _ => return Err(Gap::Undefined),
    };
    bounded(f64::from(of_day) * WHOLE)
}

fn two<'a>(operation: Operation, left: Answer<'a>, right: Answer<'a>) -> Answer<'a> {
    let (left, right) = match (left, right) {
        (Ok(left), Ok(right)) => (left, right),
        (Err(left), Err(right)) => return Err(left.min(right)),
        (Err(gap), Ok(_)) | (Ok(_), Err(gap)) => return Err(gap),
    };
    match (operation, &left, &right) {
        (Operation::Add, Value::Number(left), Value::Number(right)) => bounded(left + right),
        (Operation::Subtract, Value::Number(left), Value::Number(right)) => bounded(left - right),
        (Operation::Multiply, Value::Number(left), Value::Number(right)) => bounded(left * right / WHOLE),
        (Operation::Divide, Value::Number(left), Value::Number(right)) => bounded(left / right * WHOLE),
        (Operation::Days, Value::Date(from), Value::Date(to)) => {
            bounded((f64::from(to.0) - f64::from(from.0)) * WHOLE)
        }
        (Operation::Contains, Value::Text(text), Value::Text(part)) => {
            Ok(Value::Flag(text.contains(&**part)))
        }
        (Operation::StartsWith, Value::Text(text), Value::Text(part)) => {
            Ok(Value::Flag(text.starts_with(&**part)))
        }
        (Operation::EndsWith, Value::Text(text), Value::Text(part)) => {
            Ok(Value::Flag(text.ends_with(&**part)))
        }
        _ => compare(operation, order(&left, &right)),
    }
}

fn compare<'a>(operation: Operation, order: Option<Ordering>) -> Answer<'a> {
    let order = order.ok_or(Gap::Undefined)?;
    let holds = match operation {
        Operation::Equal => order.is_eq(),
        Operation::Different => order.is_ne(),
        Operation::Less => order.is_lt(),
        Operation::AtMost => order.is_le(),
        Operation::More => order.is_gt(),
        Operation::AtLeast => order.is_ge(),
        _ => return Err(Gap::Undefined),
    };
    Ok(Value::Flag(holds))
}

fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => Some(Value::fact(*left).cmp(&Value::fact(*right))),
        (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
        (Value::Date(left), Value::Date(right)) => Some(left.cmp(right)),
        (Value::Flag(left), Value::Flag(right)) => Some(left.cmp(right)),
        _ => None,
    }
}

/// A number in ten-thousandths; none beyond what is exact, nor what a division by zero gives.
fn bounded<'a>(number: f64) -> Answer<'a> {
    if number.abs() <= MAX_NUMBER as f64 * WHOLE {
        Ok(Value::Number(number))
    } else {
        Err(Gap::Undefined)
    }
}
