//! Kinds: every field exists, every operator gets what it takes; the tree is brought into the form that is evaluated.

use cel::common::ast::{
    CallExpr, Expr, IdedExpr, ListExpr, LiteralValue, SelectExpr, SourceInfo, operators as op,
};
use cel::common::types::CelDouble;
use cel::parser::Expression;
use domain::calendar::Day;
use domain::metric::rule::{FieldKind, Part, RuleError, RuleProblem, Schema};

use super::read::Read;
use super::{MAX_LEVELS, MAX_NUMBER, MAX_PARTS};

/// A tree that can be evaluated, and the fields it reads.
pub(super) struct Checked {
    pub(super) expression: Expression,
    pub(super) reads: Vec<Reading>,
}

/// Something a tree asks of a record.
pub(super) struct Reading {
    /// The field.
    pub(super) field: String,
    /// Under which name the tree knows the answer: one that no expression can spell.
    pub(super) variable: String,
    /// Whether only that the field is there is asked, not what it holds.
    pub(super) presence: bool,
}

/// A division that has no answer where it is by zero; the language's own would give an infinity.
pub(super) const DIVIDE: &str = "@divide";

/// Checks an expression that is to be of a kind.
pub(super) fn check(
    part: Part,
    read: Read,
    source: &str,
    schema: &Schema,
    needed: FieldKind,
) -> Result<Checked, RuleError> {
    let mut checker = Checker {
        part,
        schema,
        source,
        places: &read.places,
        reads: Vec::new(),
        parts: 0,
        level: 0,
    };
    let root = checker.of_kind(read.expression, needed)?;
    Ok(Checked {
        expression: root,
        reads: checker.reads,
    })
}

struct Checker<'a> {
    part: Part,
    schema: &'a Schema,
    source: &'a str,
    places: &'a SourceInfo,
    reads: Vec<Reading>,
    parts: usize,
    level: usize,
}

/// A checked node and what it is.
type Typed = (Expression, FieldKind);

impl Checker<'_> {
    fn error(&self, id: u64, problem: RuleProblem) -> RuleError {
        // Places are bytes, of the first and of the last character.
        let (start, stop) = self.places.offset_for(id).unwrap_or((0, 0));
        let characters = |bytes: u32| {
            let before = self
                .source
                .char_indices()
                .take_while(|(at, _)| *at < bytes as usize);
            before.count() as u32
        };
        let at = characters(start);
        RuleError {
            part: self.part,
            at,
            length: characters(stop).saturating_sub(at) + 1,
            problem,
        }
    }

    fn not_allowed(&self, id: u64, what: &str) -> RuleError {
        let what = what.to_owned();
        self.error(id, RuleProblem::NotAllowed { what })
    }

    fn of_kind(&mut self, node: Expression, needed: FieldKind) -> Result<Expression, RuleError> {
        let id = node.id;
        let (node, found) = self.node(node)?;
        if found == needed {
            Ok(node)
        } else {
            Err(self.error(id, RuleProblem::Kind { needed, found }))
        }
    }

    fn node(&mut self, node: Expression) -> Result<Typed, RuleError> {
        let id = node.id;
        self.parts += 1;
        if self.parts > MAX_PARTS {
            let limit = MAX_PARTS as u32;
            return Err(self.error(id, RuleProblem::TooLarge { limit }));
        }
        if self.level >= MAX_LEVELS {
            let limit = MAX_LEVELS as u32;
            return Err(self.error(id, RuleProblem::TooDeep { limit }));
        }
        self.level += 1;
        let typed = self.any(id, node.expr);
        self.level -= 1;
        typed
    }

    fn any(&mut self, id: u64, node: Expr) -> Result<Typed, RuleError> {
        match node {
            Expr::Literal(value) => self.literal(id, value),
            Expr::Select(select) => self.select(id, &select),
            Expr::Ident(name) => self.unknown(id, name),
            Expr::Call(call) => self.call(id, call),
            Expr::Comprehension(_) => Err(self.not_allowed(id, "all / exists / map / filter")),
            Expr::List(_) => Err(self.not_allowed(id, "[…]")),
            Expr::Map(_) | Expr::Struct(_) => Err(self.not_allowed(id, "{…}")),
            Expr::Unspecified => Err(self.error(id, RuleProblem::Unfinished)),
        }
    }

    fn literal(&self, id: u64, value: LiteralValue) -> Result<Typed, RuleError> {
        let number = |number: f64| {
            if number.abs() <= MAX_NUMBER as f64 {
                Ok((LiteralValue::Double(CelDouble::from(number)), FieldKind::Number))
            } else {
                Err(self.error(id, RuleProblem::TooBig))
            }
        };
        let (value, kind) = match value {
            LiteralValue::Boolean(flag) => (LiteralValue::Boolean(flag), FieldKind::Flag),
            LiteralValue::String(text) => (LiteralValue::String(text), FieldKind::Text),
            LiteralValue::Double(double) => number(*double.inner())?,
            LiteralValue::Int(int) => number(*int.inner() as f64)?,
            LiteralValue::UInt(int) => number(*int.inner() as f64)?,
            LiteralValue::Null => return Err(self.not_allowed(id, "null")),
            LiteralValue::Bytes(_) => return Err(self.not_allowed(id, "b\"…\"")),
        };
        Ok((ided(id, Expr::Literal(value)), kind))
    }

    /// `object.field`, and `has(object.field)`.
    fn select(&mut self, id: u64, select: &SelectExpr) -> Result<Typed, RuleError> {
        let Expr::Ident(object) = &select.operand.expr else {
            return Err(self.not_allowed(id, &format!(".{}", select.field)));
        };
        let name = format!("{object}.{}", select.field);
        let start = select.operand.id;
        let Some(kind) = self.schema.kind(&name) else {
            return self.unknown(start, name);
        };
        let presence = select.test;
        let variable = format!("{}{name}", if presence { '?' } else { '@' });
        if !self.reads.iter().any(|reading| reading.variable == variable) {
            self.reads.push(Reading {
                field: name,
                variable: variable.clone(),
                presence,
            });
        }
        let kind = if presence { FieldKind::Flag } else { kind };
        Ok((ided(id, Expr::Ident(variable)), kind))
    }

    fn unknown<T>(&self, id: u64, field: String) -> Result<T, RuleError> {
        let nearest = self.schema.nearest(&field);
        let length = field.chars().count() as u32;
        let error = self.error(id, RuleProblem::UnknownField { field, nearest });
        Err(RuleError { length, ..error })
    }

    fn call(&mut self, id: u64, call: CallExpr) -> Result<Typed, RuleError> {
        use FieldKind::{Date, Flag, Number, Text};
        let CallExpr {
            func_name: name,
            target,
            args,
        } = call;
        if let Some(target) = target {
            return match name.as_str() {
                "contains" | "startsWith" | "endsWith" => {
                    let target = self.of_kind(*target, Text)?;
                    let args = self.arguments(id, &name, args, &[Text])?;
                    Ok((made(id, &name, Some(target), args), Flag))
                }
                _ => Err(self.error(id, RuleProblem::UnknownFunction { function: name })),
            };
        }
        let (kinds, gives): (&[FieldKind], FieldKind) = match name.as_str() {
            op::LOGICAL_AND | op::LOGICAL_OR => (&[Flag, Flag], Flag),
            op::LOGICAL_NOT => (&[Flag], Flag),
            op::ADD | op::SUBSTRACT | op::MULTIPLY | op::DIVIDE => (&[Number, Number], Number),
            op::NEGATE => (&[Number], Number),
            "year" | "quarter" | "month" => (&[Date], Number),
            "days" => (&[Date, Date], Number),
            op::EQUALS | op::NOT_EQUALS => return self.compare(id, &name, args, true),
            op::LESS | op::LESS_EQUALS | op::GREATER | op::GREATER_EQUALS => {
                return self.compare(id, &name, args, false);
            }
            op::CONDITIONAL => return self.choice(id, args),
            op::IN => return self.among(id, args),
            op::MODULO => return Err(self.not_allowed(id, "%")),
            op::INDEX | op::OPT_INDEX | op::OPT_SELECT => return Err(self.not_allowed(id, "[…]")),
            _ => return Err(self.error(id, RuleProblem::UnknownFunction { function: name })),
        };
        let args = self.arguments(id, &name, args, kinds)?;
        if name == op::DIVIDE {
            return Ok((made(id, DIVIDE, None, args), gives));
        }
        Ok((made(id, &name, None, args), gives))
    }

    fn arguments(
        &mut self,
        id: u64,
        name: &str,
        args: Vec<Expression>,
        kinds: &[FieldKind],
    ) -> Result<Vec<Expression>, RuleError> {
        if args.len() != kinds.len() {
            let problem = RuleProblem::Arguments {
                function: name.to_owned(),
                needed: kinds.len() as u32,
            };
            return Err(self.error(id, problem));
        }
        let checked = args.into_iter().zip(kinds).map(|(arg, kind)| match kind {
            FieldKind::Date => self.date(arg),
            kind => self.of_kind(arg, *kind),
        });
        checked.collect()
    }

    /// A date field, or a text that is a date.
    fn date(&mut self, node: Expression) -> Result<Expression, RuleError> {
        if written_day(&node) {
            return self.node(node).map(|(node, _)| node);
        }
        self.of_kind(node, FieldKind::Date)
    }

    /// Two of one kind; a text beside a date has to be one.
    fn pair(&mut self, id: u64, left: Expression, right: Expression) -> Result<(Typed, Typed), RuleError> {
        let (left_id, right_id) = (left.id, right.id);
        let (mut left, mut right) = (self.node(left)?, self.node(right)?);
        let kinds = (left.1, right.1);
        for (date, other, at) in [(kinds.0, &mut right, right_id), (kinds.1, &mut left, left_id)] {
            let Expr::Literal(LiteralValue::String(text)) = &other.0.expr else {
                continue;
            };
            if date == FieldKind::Date {
                if Day::parse_iso(text.inner()).is_none() {
                    let text = text.inner().to_owned();
                    return Err(self.error(at, RuleProblem::BadDate { text }));
                }
                other.1 = FieldKind::Date;
            }
        }
        if left.1 == right.1 {
            Ok((left, right))
        } else {
            let (left, right) = (left.1, right.1);
            Err(self.error(id, RuleProblem::Mixed { left, right }))
        }
    }

    fn compare(
        &mut self,
        id: u64,
        name: &str,
        args: Vec<Expression>,
        same: bool,
    ) -> Result<Typed, RuleError> {
        let [left, right] = self.exactly(id, name, args)?;
        let at = left.id;
        let (left, right) = self.pair(id, left, right)?;
        if !same && left.1 == FieldKind::Flag {
            let (needed, found) = (FieldKind::Number, FieldKind::Flag);
            return Err(self.error(at, RuleProblem::Kind { needed, found }));
        }
        Ok((made(id, name, None, vec![left.0, right.0]), FieldKind::Flag))
    }

    fn choice(&mut self, id: u64, args: Vec<Expression>) -> Result<Typed, RuleError> {
        let [condition, yes, no] = self.exactly(id, "? :", args)?;
        let condition = self.of_kind(condition, FieldKind::Flag)?;
        let (yes, no) = self.pair(id, yes, no)?;
        let kind = yes.1;
        Ok((
            made(id, op::CONDITIONAL, None, vec![condition, yes.0, no.0]),
            kind,
        ))
    }

    /// `field in ["a", "b"]`.
    fn among(&mut self, id: u64, args: Vec<Expression>) -> Result<Typed, RuleError> {
        let [value, list] = self.exactly(id, "in", args)?;
        let list_id = list.id;
        let Expr::List(ListExpr { elements, .. }) = list.expr else {
            return Err(self.not_allowed(list_id, "in"));
        };
        let (value_id, (value, kind)) = (value.id, self.node(value)?);
        if kind == FieldKind::Flag {
            let (needed, found) = (FieldKind::Text, kind);
            return Err(self.error(value_id, RuleProblem::Kind { needed, found }));
        }
        let elements = elements.into_iter().map(|element| match kind {
            FieldKind::Date => self.date(element),
            kind => self.of_kind(element, kind),
        });
        let elements = elements.collect::<Result<Vec<_>, _>>()?;
        let list = ided(list_id, Expr::List(ListExpr::new(elements)));
        Ok((made(id, op::IN, None, vec![value, list]), FieldKind::Flag))
    }

    fn exactly<const N: usize>(
        &self,
        id: u64,
        name: &str,
        args: Vec<Expression>,
    ) -> Result<[Expression; N], RuleError> {
        let problem = RuleProblem::Arguments {
            function: name.to_owned(),
            needed: N as u32,
        };
        args.try_into().map_err(|_| self.error(id, problem))
    }
}

fn ided(id: u64, expr: Expr) -> Expression {
    IdedExpr { id, expr }
}

fn made(id: u64, name: &str, target: Option<Expression>, args: Vec<Expression>) -> Expression {
    let call = CallExpr {
        func_name: name.to_owned(),
        target: target.map(Box::new),
        args,
    };
    ided(id, Expr::Call(call))
}

fn written_day(node: &Expression) -> bool {
    matches!(&node.expr, Expr::Literal(LiteralValue::String(text)) if Day::parse_iso(text.inner()).is_some())
}
