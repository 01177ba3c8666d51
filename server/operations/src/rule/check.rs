//! Kinds: every field exists, every operator gets what it takes; the tree is brought into the form that is evaluated.

use std::collections::BTreeMap;

use cel::common::ast::{CallExpr, Expr, ListExpr, LiteralValue, SelectExpr, SourceInfo, operators as op};
use cel::parser::Expression;
use domain::calendar::Day;
use domain::metric::rule::{FieldKind, Part, RuleError, RuleProblem, Schema};

use super::read::Read;
use super::reckon::{Node, Operation, Value};
use super::{MAX_LEVELS, MAX_PARTS};

/// A tree that can be evaluated, and the fields it reads.
pub(super) struct Checked {
    pub(super) root: Node,
    pub(super) fields: Vec<String>,
}

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
        fields: Vec::new(),
        selects: BTreeMap::new(),
        parts: 0,
        level: 0,
    };
    let root = checker.of_kind(read.expression, needed)?;
    Ok(Checked {
        root,
        fields: checker.fields,
    })
}

struct Checker<'a> {
    part: Part,
    schema: &'a Schema,
    source: &'a str,
    places: &'a SourceInfo,
    fields: Vec<String>,
    /// Of each field that was met the node of its object and its name.
    selects: BTreeMap<u64, (u64, String)>,
    parts: usize,
    level: usize,
}

/// A checked node and what it is.
type Typed = (Node, FieldKind);

impl Checker<'_> {
    fn error(&self, id: u64, problem: RuleProblem) -> RuleError {
        // Places are bytes, of the first and of the last character.
        let (start, stop) = self.place(id);
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

    /// Where a node was written: for the parser a field lies at its dot, for people from its object to its end.
    fn place(&self, id: u64) -> (u32, u32) {
        let place = |id: u64| self.places.offset_for(id).unwrap_or((0, 0));
        let (start, stop) = place(id);
        match self.selects.get(&id) {
            Some((object, field)) => {
                let rest = self.source.get(stop as usize + 1..).unwrap_or("");
                let blanks = rest.len() - rest.trim_start().len();
                (place(*object).0, stop + (blanks + field.len()) as u32)
            }
            None => (start, stop),
        }
    }

    fn not_allowed(&self, id: u64, what: &str) -> RuleError {
        let what = what.to_owned();
        self.error(id, RuleProblem::NotAllowed { what })
    }

    fn of_kind(&mut self, node: Expression, needed: FieldKind) -> Result<Node, RuleError> {
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
            let value = Value::wholes(number).ok_or_else(|| self.error(id, RuleProblem::TooBig))?;
            Ok((value, FieldKind::Number))
        };
        let (value, kind) = match value {
            LiteralValue::Boolean(flag) => (Value::Flag(*flag.inner()), FieldKind::Flag),
            LiteralValue::String(text) => (Value::Text(text.inner().into()), FieldKind::Text),
            LiteralValue::Double(double) => number(*double.inner())?,
            LiteralValue::Int(int) => number(*int.inner() as f64)?,
            LiteralValue::UInt(int) => number(*int.inner() as f64)?,
            LiteralValue::Null => return Err(self.not_allowed(id, "null")),
            LiteralValue::Bytes(_) => return Err(self.not_allowed(id, "b\"…\"")),
        };
        Ok((Node::Constant(value), kind))
    }

    /// `object.field`, and `has(object.field)`.
    fn select(&mut self, id: u64, select: &SelectExpr) -> Result<Typed, RuleError> {
        let Expr::Ident(object) = &select.operand.expr else {
            return Err(self.not_allowed(id, &format!(".{}", select.field)));
        };
        let name = format!("{object}.{}", select.field);
        let start = select.operand.id;
        if !select.test {
            self.selects.insert(id, (start, select.field.clone()));
        }
        let Some(kind) = self.schema.kind(&name) else {
            return self.unknown(start, name);
        };
        if !self.fields.contains(&name) {
            self.fields.push(name.clone());
        }
        Ok(if select.test {
            (Node::Present(name), FieldKind::Flag)
        } else {
            (Node::Field(name), kind)
        })
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
        let unknown = |function: String| self.error(id, RuleProblem::UnknownFunction { function });
        let (operation, kinds, gives): (Operation, &[FieldKind], FieldKind) = if let Some(target) = target {
            let operation = match name.as_str() {
                "contains" => Operation::Contains,
                "startsWith" => Operation::StartsWith,
                "endsWith" => Operation::EndsWith,
                _ => return Err(unknown(name)),
            };
            let target = self.of_kind(*target, Text)?;
            let mut parts = vec![target];
            parts.extend(self.arguments(id, &name, args, &[Text])?);
            return Ok((Node::Apply(operation, parts), Flag));
        } else {
            match name.as_str() {
                op::LOGICAL_AND => (Operation::And, &[Flag, Flag], Flag),
                op::LOGICAL_OR => (Operation::Or, &[Flag, Flag], Flag),
                op::LOGICAL_NOT => (Operation::Not, &[Flag], Flag),
                op::ADD => (Operation::Add, &[Number, Number], Number),
                op::SUBSTRACT => (Operation::Subtract, &[Number, Number], Number),
                op::MULTIPLY => (Operation::Multiply, &[Number, Number], Number),
                op::DIVIDE => (Operation::Divide, &[Number, Number], Number),
                op::NEGATE => (Operation::Negate, &[Number], Number),
                "year" => (Operation::Year, &[Date], Number),
                "quarter" => (Operation::Quarter, &[Date], Number),
                "month" => (Operation::Month, &[Date], Number),
                "days" => (Operation::Days, &[Date, Date], Number),
                op::EQUALS => return self.compare(id, &name, args, Operation::Equal),
                op::NOT_EQUALS => return self.compare(id, &name, args, Operation::Different),
                op::LESS => return self.compare(id, &name, args, Operation::Less),
                op::LESS_EQUALS => return self.compare(id, &name, args, Operation::AtMost),
                op::GREATER => return self.compare(id, &name, args, Operation::More),
                op::GREATER_EQUALS => return self.compare(id, &name, args, Operation::AtLeast),
                op::CONDITIONAL => return self.choice(id, args),
                op::IN => return self.among(id, args),
                // With one argument the parser has made something else of it.
                "has" => {
                    let (function, needed) = (name, 1);
                    return Err(self.error(id, RuleProblem::Arguments { function, needed }));
                }
                op::MODULO => return Err(self.not_allowed(id, "%")),
                op::INDEX | op::OPT_INDEX | op::OPT_SELECT => return Err(self.not_allowed(id, "[…]")),
                _ => return Err(unknown(name)),
            }
        };
        Ok((
            Node::Apply(operation, self.arguments(id, &name, args, kinds)?),
            gives,
        ))
    }

    fn arguments(
        &mut self,
        id: u64,
        name: &str,
        args: Vec<Expression>,
        kinds: &[FieldKind],
    ) -> Result<Vec<Node>, RuleError> {
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
    fn date(&mut self, node: Expression) -> Result<Node, RuleError> {
        let id = node.id;
        let (node, found) = self.node(node)?;
        let needed = FieldKind::Date;
        match self.written_day(id, &node)? {
            Some(day) => Ok(day),
            None if found == needed => Ok(node),
            None => Err(self.error(id, RuleProblem::Kind { needed, found })),
        }
    }

    /// The day of a written text, which has to be one.
    fn written_day(&self, id: u64, node: &Node) -> Result<Option<Node>, RuleError> {
        let Node::Constant(Value::Text(text)) = node else {
            return Ok(None);
        };
        let bad = || {
            let text = text.to_string();
            self.error(id, RuleProblem::BadDate { text })
        };
        let day = Day::parse_iso(text).ok_or_else(bad)?;
        Ok(Some(Node::Constant(Value::Date(day))))
    }

    /// Two of one kind; a text beside a date has to be one.
    fn pair(&mut self, id: u64, left: Expression, right: Expression) -> Result<(Typed, Typed), RuleError> {
        let (left_id, right_id) = (left.id, right.id);
        let (mut left, mut right) = (self.node(left)?, self.node(right)?);
        let kinds = (left.1, right.1);
        for (date, other, at) in [(kinds.0, &mut right, right_id), (kinds.1, &mut left, left_id)] {
            if date == FieldKind::Date
                && let Some(day) = self.written_day(at, &other.0)?
            {
                *other = (day, FieldKind::Date);
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
        operation: Operation,
    ) -> Result<Typed, RuleError> {
        let [left, right] = self.exactly(id, name, args)?;
        let at = left.id;
        let (left, right) = self.pair(id, left, right)?;
        let same = matches!(operation, Operation::Equal | Operation::Different);
        if !same && left.1 == FieldKind::Flag {
            let (needed, found) = (FieldKind::Number, FieldKind::Flag);
            return Err(self.error(at, RuleProblem::Kind { needed, found }));
        }
        Ok((Node::Apply(operation, vec![left.0, right.0]), FieldKind::Flag))
    }

    fn choice(&mut self, id: u64, args: Vec<Expression>) -> Result<Typed, RuleError> {
        let [condition, yes, no] = self.exactly(id, "? :", args)?;
        let condition = self.of_kind(condition, FieldKind::Flag)?;
        let (yes, no) = self.pair(id, yes, no)?;
        let kind = yes.1;
        Ok((Node::Apply(Operation::Choice, vec![condition, yes.0, no.0]), kind))
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
        let mut parts = vec![value];
        for element in elements {
            parts.push(match kind {
                FieldKind::Date => self.date(element)?,
                kind => self.of_kind(element, kind)?,
            });
        }
        Ok((Node::Apply(Operation::Among, parts), FieldKind::Flag))
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
