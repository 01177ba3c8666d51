//! A plan as a workbook: what comes back from it, compared with what there is.
//!
//! A workbook bears the version and the command it was written at. What somebody changed in it is what differs from the
//! amounts of that moment: a cell that only others changed since is left alone, and a blank cell says nothing.

use serde::{Deserialize, Serialize};

use crate::calendar::Period;
use crate::format::Lang;
use crate::id::VersionId;
use crate::money::{AmountError, Currency, Minor};
use crate::plan::{Entered, NodeIndex, PeriodIndex};

/// Changed amounts that are taken over at once.
pub const MOST_CHANGES: usize = 20_000;

/// What a blank amount means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Blanks {
    /// Leave as it is.
    #[default]
    Keep,
    /// Nothing is to be done there any more.
    Zero,
}

/// A workbook against a draft; nothing is written yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// The draft.
    pub version: VersionId,
    /// Its number, from 1.
    pub number: u32,
    /// The plan's name.
    pub plan_name: String,
    /// The last command it was compared at: to be sent back with what is to be taken over.
    pub head: u64,
    /// The currency of the amounts.
    pub currency: Currency,
    /// The periods, by their index.
    pub periods: Vec<Period>,
    /// The total of the plan now.
    pub before: Minor,
    /// The total with every change that can be had.
    pub after: Minor,
    /// What can be taken over.
    pub changes: Vec<CellChange>,
    /// What cannot.
    pub refused: Vec<Refused>,
    /// What else is to be known.
    pub notes: Vec<Note>,
}

/// An amount of the workbook that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellChange {
    /// The row.
    pub node: NodeIndex,
    /// What it is called.
    pub name: String,
    /// What the rows above it are called, from the top; empty at the top.
    pub above: String,
    /// The period, or the total.
    pub period: Option<PeriodIndex>,
    /// The amount now.
    pub before: Minor,
    /// The amount of the workbook.
    pub after: Minor,
    /// What the amount was when the workbook was written, where somebody changed it since.
    pub written: Option<Minor>,
}

impl CellChange {
    /// As it is entered.
    pub fn entered(&self) -> Entered {
        Entered {
            node: self.node,
            period: self.period,
            amount: self.after,
        }
    }
}

/// An amount that cannot be taken over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// Which.
    pub change: CellChange,
    /// What stands in its way.
    pub obstacle: Obstacle,
}

/// What stands in the way of an amount. Names are those of rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "obstacle")]
pub enum Obstacle {
    /// It is the own number of whoever asks.
    Own,
    /// A row is locked.
    Lock {
        /// The row.
        name: String,
        /// At which amount.
        amount: Minor,
        /// Who locked it; none who is unknown by now.
        by: Option<String>,
    },
    /// A row would fall under its floor.
    Floor {
        /// The row.
        name: String,
        /// The floor.
        amount: Minor,
    },
    /// A row would exceed its cap.
    Cap {
        /// The row.
        name: String,
        /// The cap.
        amount: Minor,
    },
    /// Rows below are held, so that a part cannot be placed.
    Below {
        /// The rows.
        names: Vec<String>,
        /// How much cannot be placed.
        missing: Minor,
    },
    /// It is more than a plan can hold, or less than nothing.
    Amount,
    /// Something else; the workbook and the plan do not fit.
    Other,
}

/// What is to be known of a workbook beside its changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "note")]
pub enum Note {
    /// It was written from another version of the plan.
    OtherVersion {
        /// The number of that version.
        number: u32,
    },
    /// The draft has moved on since it was written.
    Moved {
        /// How many changes others and oneself made since.
        commands: u64,
        /// How many amounts both the workbook and somebody else changed.
        both: u64,
    },
    /// What it was written from is no longer there: everything that differs counts as changed.
    NoBase,
    /// A row that the plan does not have.
    UnknownRow {
        /// The row of the sheet.
        row: u64,
        /// Its name.
        name: String,
    },
    /// A row that comes twice with different amounts; neither is taken over.
    Doubled {
        /// The second one.
        row: u64,
        /// The first one.
        first_row: u64,
        /// Its name.
        name: String,
    },
    /// Rows of the plan that the sheet does not have; they stay.
    MissingRows {
        /// How many.
        count: u64,
    },
    /// A period that the sheet has no column for; it stays.
    MissingPeriod {
        /// Which.
        period: PeriodIndex,
    },
    /// A cell that is no amount; it stays.
    NotAnAmount {
        /// The row of the sheet.
        row: u64,
        /// The heading of its column.
        column: String,
        /// What it says.
        text: String,
        /// Why it is none.
        error: AmountError,
    },
    /// An amount below zero; it stays.
    Negative {
        /// The row of the sheet.
        row: u64,
        /// The heading of its column.
        column: String,
        /// What it says.
        text: String,
    },
    /// Blank cells, which leave what there is.
    Blank {
        /// How many of them have an amount in the plan.
        count: u64,
    },
    /// A unit's own amount does not agree with those below it, which were changed as well and count.
    Overruled {
        /// The unit.
        name: String,
        /// The period, or the total.
        period: Option<PeriodIndex>,
        /// What the sheet says.
        said: Minor,
        /// What it becomes.
        becomes: Minor,
    },
}

impl Note {
    /// What people read; `money` writes an amount, `period` names one.
    pub fn words(
        &self,
        lang: Lang,
        money: &dyn Fn(Minor) -> String,
        period: &dyn Fn(Option<PeriodIndex>) -> String,
    ) -> String {
        match self {
            Self::OtherVersion { number } => lang.pick(
                format!("表格导出自版本 {number}，改动按当时的数字来认。"),
                format!("The workbook was written from version {number}; what differs from its amounts then counts as changed."),
            ),
            Self::Moved { commands, both: 0 } => lang.pick(
                format!("导出之后计划里又有 {commands} 次修改，与表格改的不是同一个数字，都会保留。"),
                format!("The draft was changed {commands} times since, in other amounts than the workbook: all of it stays."),
            ),
            Self::Moved { commands, both } => lang.pick(
                format!("导出之后计划里又有 {commands} 次修改，其中 {both} 个数字表格也改了：默认保留现在的，要用表格里的请勾选。"),
                format!("The draft was changed {commands} times since. {both} amounts were changed on both sides: those of now stay unless you choose those of the workbook."),
            ),
            Self::NoBase => lang.pick(
                "导出时的版本已经不在，凡与现在不同的数字都算作改动。".to_owned(),
                "The version it was written from is gone: every amount that differs from now counts as changed.".to_owned(),
            ),
            Self::UnknownRow { row, name } => lang.pick(
                format!("第 {row} 行“{name}”不在这个计划里，已略过。"),
                format!("Row {row}, \"{name}\", is not in this plan and is left out."),
            ),
            Self::Doubled { row, first_row, name } => lang.pick(
                format!("“{name}”在第 {first_row} 行和第 {row} 行出现两次且数字不同，两行都不采用。"),
                format!("\"{name}\" stands in rows {first_row} and {row} with different amounts: neither is taken over."),
            ),
            Self::MissingRows { count } => lang.pick(
                format!("计划里有 {count} 行不在表格中，保持不变。"),
                format!("Rows of the plan that the sheet does not have: {count}. They stay as they are."),
            ),
            Self::MissingPeriod { period: which } => {
                let name = period(Some(*which));
                lang.pick(
                    format!("表格里没有“{name}”这一列，保持不变。"),
                    format!("The sheet has no column for {name}; it stays as it is."),
                )
            }
            Self::NotAnAmount { row, column, text, error } => lang.pick(
                format!("第 {row} 行“{column}”：“{text}”{}，保持不变。", error.words(lang)),
                format!("Row {row}, {column}: \"{text}\": {}. It stays as it is.", error.words(lang)),
            ),
            Self::Negative { row, column, text } => lang.pick(
                format!("第 {row} 行“{column}”：“{text}”小于零，目标不能为负，保持不变。"),
                format!("Row {row}, {column}: \"{text}\" is below zero; a target is not. It stays as it is."),
            ),
            Self::Blank { count } => lang.pick(
                format!("{count} 个空白单元格保持原数，不会清空。"),
                format!("Blank cells: {count}. They leave the amounts as they are."),
            ),
            Self::Overruled { name, period: which, said, becomes } => {
                let (when, said, becomes) = (period(*which), money(*said), money(*becomes));
                lang.pick(
                    format!("“{name}”{when}：表格写的是 {said}，但下级也改了，以下级为准，合计为 {becomes}。"),
                    format!("{name}, {when}: the sheet says {said}, but amounts below were changed too and count: it becomes {becomes}."),
                )
            }
        }
    }
}

impl Obstacle {
    /// What people read; `money` writes an amount.
    pub fn words(&self, lang: Lang, money: &dyn Fn(Minor) -> String) -> String {
        match self {
            Self::Own => lang.pick(
                "这是你自己的目标，请让另一位计划员来改。".to_owned(),
                "This is your own target: let another planner change it.".to_owned(),
            ),
            Self::Lock { name, amount, by } => {
                let amount = money(*amount);
                match by {
                    Some(by) => lang.pick(
                        format!("“{name}”已由 {by} 锁定在 {amount}"),
                        format!("{name} is locked at {amount} by {by}"),
                    ),
                    None => lang.pick(
                        format!("“{name}”已锁定在 {amount}"),
                        format!("{name} is locked at {amount}"),
                    ),
                }
            }
            Self::Floor { name, amount } => {
                let amount = money(*amount);
                lang.pick(
                    format!("“{name}”会低于下限 {amount}"),
                    format!("{name} would fall under its floor {amount}"),
                )
            }
            Self::Cap { name, amount } => {
                let amount = money(*amount);
                lang.pick(
                    format!("“{name}”会超过上限 {amount}"),
                    format!("{name} would exceed its cap {amount}"),
                )
            }
            Self::Below { names, missing } => {
                let missing = money(*missing);
                let names = names.join(lang.pick("、", ", "));
                lang.pick(
                    format!("下级 {names} 受锁定或上下限约束，{missing} 无处安放"),
                    format!("{names} below are held, so that {missing} cannot be placed"),
                )
            }
            Self::Amount => lang.pick(
                "数字超出计划能容纳的范围".to_owned(),
                "the amount is beyond what a plan can hold".to_owned(),
            ),
            Self::Other => lang.pick(
                "与计划不符，请重新导出".to_owned(),
                "it does not fit the plan: export it anew".to_owned(),
            ),
        }
    }
}

/// What was taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenOver {
    /// The last command now.
    pub head: u64,
    /// How many amounts were entered.
    pub entered: u64,
}
