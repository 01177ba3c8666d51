//! What is to be known of a workbook beside what it changes, and how that is said.

use serde::{Deserialize, Serialize};

use crate::format::Lang;
use crate::level::Level;
use crate::money::{AmountError, Minor};
use crate::plan::PeriodIndex;

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
    /// The target in the sheet of levels, where it is for reading.
    TargetAmongLevels {
        /// The row of the sheet of levels.
        row: u64,
    },
    /// A level that has a ratio and an amount, both other than when the workbook was written; it stays.
    LevelTwice {
        /// The row of the sheet of levels.
        row: u64,
        /// Which.
        level: Level,
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
            Self::TargetAmongLevels { row } => lang.pick(
                format!("档位表第 {row} 行“目标”只供对照，保持不变。要改总数，请在“目标”表里改。"),
                format!("Sheet of levels, row {row}: the target stands there for reading and stays as it is; change it in the sheet of targets."),
            ),
            Self::LevelTwice { row, level } => {
                let level = level.word(lang);
                lang.pick(
                    format!("档位表第 {row} 行“{level}”：比例和金额都改了，不知道以哪个为准，保持不变。请只留一个。"),
                    format!("Sheet of levels, row {row}: {level} has both another ratio and another amount. It stays as it is; leave one of them."),
                )
            }
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
