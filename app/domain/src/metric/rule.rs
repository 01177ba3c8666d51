//! Metrics as rules: which records count, how much, and on which day; the expressions are read on the server.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::calendar::Day;
use crate::format::Lang;
use crate::import::similar::suggest;
use crate::money::Fact;

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// Letters.
    Text,
    /// An amount or another number.
    Number,
    /// A day.
    Date,
    /// Yes or no.
    Flag,
}

impl FieldKind {
    /// What people read.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Text => lang.pick("文本", "text"),
            Self::Number => lang.pick("数字", "a number"),
            Self::Date => lang.pick("日期", "a date"),
            Self::Flag => lang.pick("是或否", "yes or no"),
        }
    }
}

/// The fields a rule may speak of, each as `object.field`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema(pub BTreeMap<String, FieldKind>);

impl Schema {
    /// From pairs of `object.field` and kind.
    pub fn of(fields: &[(&str, FieldKind)]) -> Self {
        Self(
            fields
                .iter()
                .map(|(name, kind)| ((*name).to_owned(), *kind))
                .collect(),
        )
    }

    /// What a field holds; `None` where there is none of that name.
    pub fn kind(&self, field: &str) -> Option<FieldKind> {
        self.0.get(field).copied()
    }

    /// The field that is spelt most alike, to propose it.
    pub fn nearest(&self, field: &str) -> Option<String> {
        suggest(field, self.0.keys().map(String::as_str)).map(|found| found.value)
    }
}

/// What a record holds in a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "value")]
pub enum Cell {
    /// Letters.
    Text(String),
    /// A number in ten-thousandths.
    Number(Fact),
    /// A day.
    Date(Day),
    /// Yes or no.
    Flag(bool),
}

impl Cell {
    /// What it is.
    pub fn kind(&self) -> FieldKind {
        match self {
            Self::Text(_) => FieldKind::Text,
            Self::Number(_) => FieldKind::Number,
            Self::Date(_) => FieldKind::Date,
            Self::Flag(_) => FieldKind::Flag,
        }
    }
}

/// How much a record counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "measure", content = "of")]
pub enum Measure {
    /// Every record is one.
    Count,
    /// What a formula says, such as `order.quantity * order.price`.
    Sum(String),
    /// Every value of a field once.
    Distinct(String),
}

/// A metric as a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetricRule {
    /// How much a record counts.
    pub measure: Measure,
    /// The date field that decides the day it counts on, such as `deal.closed_on`.
    pub dated_by: String,
    /// Which records count, such as `deal.stage == "won" && deal.amount >= 10000`; all of them without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
}

/// The part of a rule an error lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Which records count.
    Filter,
    /// How much they count.
    Measure,
    /// When they count.
    Date,
}

/// Why an expression is no rule, and where: what an editor underlines.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("character {}: {}", .at + 1, .problem.words(Lang::En))]
pub struct RuleError {
    /// The part of the rule.
    pub part: Part,
    /// The first character it is about, counted from 0.
    pub at: u32,
    /// How many characters it is about, at least one.
    pub length: u32,
    /// What is wrong.
    #[source]
    pub problem: RuleProblem,
}

impl RuleError {
    /// What people read.
    pub fn words(&self, lang: Lang) -> String {
        let words = self.problem.words(lang);
        lang.pick(
            format!("第 {} 个字符：{words}", self.at + 1),
            format!("Character {}: {words}", self.at + 1),
        )
    }
}

/// What is wrong with an expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{}", self.words(Lang::En))]
#[serde(rename_all = "snake_case", tag = "problem")]
pub enum RuleProblem {
    /// Nothing is written.
    Empty,
    /// More characters than a rule may have.
    TooLong {
        /// How many it may have.
        limit: u32,
    },
    /// Nested deeper than a rule may be.
    TooDeep {
        /// How deep it may be.
        limit: u32,
    },
    /// More parts than a rule may have.
    TooLarge {
        /// How many it may have.
        limit: u32,
    },
    /// It breaks off: something has to follow.
    Unfinished,
    /// Something stands where it cannot.
    Syntax {
        /// What stands there.
        found: String,
    },
    /// There is no such field.
    UnknownField {
        /// What was written.
        field: String,
        /// The field that is spelt most alike.
        nearest: Option<String>,
    },
    /// There is no such function.
    UnknownFunction {
        /// What was written.
        function: String,
    },
    /// A construct of the language that rules do not have: loops, maps, indexes, remainders and the like.
    NotAllowed {
        /// What was written.
        what: String,
    },
    /// Something of another kind is needed.
    Kind {
        /// What is needed.
        needed: FieldKind,
        /// What is there.
        found: FieldKind,
    },
    /// Two things of different kinds are compared or chosen between.
    Mixed {
        /// The one.
        left: FieldKind,
        /// The other.
        right: FieldKind,
    },
    /// A text that is compared to a date and is none.
    BadDate {
        /// What was written.
        text: String,
    },
    /// A function with another number of arguments.
    Arguments {
        /// Which.
        function: String,
        /// How many it takes.
        needed: u32,
    },
    /// A number beyond what can be reckoned exactly.
    TooBig,
    /// The server has no room to read it now.
    Busy,
}

impl RuleProblem {
    /// What people read.
    pub fn words(&self, lang: Lang) -> String {
        let both = |zh: String, en: String| lang.pick(zh, en);
        let fixed = |zh: &str, en: &str| lang.pick(zh, en).to_owned();
        match self {
            Self::Empty => fixed("表达式为空", "the expression is empty"),
            Self::TooLong { limit } => both(
                format!("表达式过长，最多 {limit} 个字符"),
                format!("the expression is too long: at most {limit} characters"),
            ),
            Self::TooDeep { limit } => both(
                format!("嵌套过深，最多 {limit} 层"),
                format!("nested too deep: at most {limit} levels"),
            ),
            Self::TooLarge { limit } => both(
                format!("表达式过大，最多 {limit} 个部分"),
                format!("the expression is too large: at most {limit} parts"),
            ),
            Self::Unfinished => fixed("表达式未写完", "the expression breaks off here"),
            Self::Syntax { found } => both(
                format!("此处不能写“{found}”"),
                format!("\"{found}\" cannot stand here"),
            ),
            Self::UnknownField {
                field,
                nearest: Some(nearest),
            } => both(
                format!("没有字段“{field}”；是否为“{nearest}”？"),
                format!("there is no field \"{field}\"; did you mean \"{nearest}\"?"),
            ),
            Self::UnknownField { field, nearest: None } => both(
                format!("没有字段“{field}”"),
                format!("there is no field \"{field}\""),
            ),
            Self::UnknownFunction { function } => both(
                format!("没有函数“{function}”"),
                format!("there is no function \"{function}\""),
            ),
            Self::NotAllowed { what } => both(
                format!("规则中不能使用“{what}”"),
                format!("\"{what}\" is not allowed in rules"),
            ),
            Self::Kind { needed, found } => both(
                format!("此处需要{}，而不是{}", needed.label(lang), found.label(lang)),
                format!("{} is needed here, not {}", needed.label(lang), found.label(lang)),
            ),
            Self::Mixed { left, right } => both(
                format!("{}与{}不能比较", left.label(lang), right.label(lang)),
                format!(
                    "{} and {} cannot be compared",
                    left.label(lang),
                    right.label(lang)
                ),
            ),
            Self::BadDate { text } => both(
                format!("“{text}”不是日期，应如 2017-03-31"),
                format!("\"{text}\" is not a date such as 2017-03-31"),
            ),
            Self::Arguments { function, needed } => both(
                format!("函数“{function}”需要 {needed} 个参数"),
                format!("\"{function}\" takes {needed} arguments"),
            ),
            Self::Busy => fixed("服务器繁忙，请稍后再试", "the server is busy: try again"),
            Self::TooBig => fixed("数字过大", "the number is too large"),
        }
    }
}
