//! An import as the page, the API and the command line show it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::calendar::{self, Day};
use crate::format::Lang;
use crate::id::{ImportId, VersionId};
use crate::import::{Counts, Field, FileProblem, Kind, Mapping, Options, Report, Status};
use crate::metric::Source;
use crate::money::{Fact, Minor};
use crate::target::VersionStatus;

/// An import: what was asked, how far it is, what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// Its id.
    pub id: ImportId,
    /// Where it stands.
    pub status: Status,
    /// Rows of all files by outcome.
    pub counts: Counts,
    /// Rows in all, 0 while unknown.
    pub total: u64,
    /// How it came in: `page`, `api`, `command_line`, `demo`, `undo`.
    pub origin: String,
    /// Who asked.
    pub actor_name: String,
    /// When, milliseconds since the epoch.
    pub created_at_ms: i64,
    /// When it ended.
    pub ended_at_ms: Option<i64>,
    /// Whether it was taken back.
    pub undone: bool,
    /// The import this one takes back.
    pub undoes: Option<ImportId>,
    /// What the import that this one takes back had done.
    #[serde(default)]
    pub took_back: Option<Counts>,
    /// The options in force.
    pub options: Options,
    /// The cells put right, as they were when the rows were read.
    #[serde(default)]
    pub fixes: Vec<Fix>,
    /// The rows left out then.
    #[serde(default)]
    pub drops: Vec<LeftOut>,
    /// The names of the files as they were sent; of an undo, of those it takes back.
    #[serde(default)]
    pub names: Vec<String>,
    /// The files in the order in which they are imported.
    pub files: Vec<FileView>,
    /// Why it failed, where no single file is at fault.
    pub failure: Option<Failure>,
    /// Where its targets are, or would be; by metric and fiscal year.
    #[serde(default)]
    pub targets: Vec<Landing>,
}

/// Where the targets of a fiscal year land.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Landing {
    /// The metric's key.
    pub metric: String,
    /// The fiscal year.
    pub year: String,
    /// The plan's name.
    pub plan: String,
    /// The version that has them; none before they are written.
    pub version: Option<VersionId>,
    /// Whether that version is a draft or the plan of record.
    pub status: VersionStatus,
    /// Whether the import makes that version; otherwise it said the same before.
    pub made: bool,
    /// Why they are not on record although that was asked for, or usual.
    pub withheld: Option<Withheld>,
}

/// Why targets become a draft instead of the plan of record; on the wire `{"code":"replaces","plan":"2018"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Withheld {
    /// They would replace a plan that people made and published.
    Replaces {
        /// Its name.
        plan: String,
    },
    /// They would replace a part of a published period, and leave its rest without a target.
    Cuts {
        /// The name of the published plan.
        plan: String,
    },
    /// Whoever imports may not publish.
    NotAllowed,
}

/// Why an import as a whole ended without writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// The server stopped meanwhile; nothing was written.
    Interrupted,
    /// Something of ours broke; details are in the log.
    Internal,
    /// One of the files cannot be read or mapped.
    Files,
    /// What is to be taken back was changed by a later import, which has to be undone first.
    ChangedSince,
    /// What is to be taken back is still in use elsewhere (users, plans).
    InUse,
    /// The targets sum to more than a plan can hold.
    TargetsTooLarge,
    /// Somebody entered leave on the same days while the files were read.
    LeaveMeanwhile,
}

impl Failure {
    /// What people read.
    pub fn words(self, lang: Lang) -> &'static str {
        match self {
            Self::Interrupted => lang.pick(
                "服务器中途停过，什么都没有写入。请再导入一次。",
                "The server stopped meanwhile; nothing was written. Import once more.",
            ),
            Self::Internal => lang.pick(
                "服务器出错了，什么都没有写入。详情在日志里。",
                "Something broke on the server; nothing was written. Details are in the log.",
            ),
            Self::Files => lang.pick(
                "有文件读不了，什么都没有写入。",
                "A file cannot be read; nothing was written.",
            ),
            Self::ChangedSince => lang.pick(
                "后来的导入改过这些数据，请先撤回后来的那次。",
                "A later import changed this data; undo that one first.",
            ),
            Self::InUse => lang.pick(
                "这些数据已被用户或计划使用，不能撤回。",
                "This data is in use by users or plans and cannot be taken back.",
            ),
            Self::TargetsTooLarge => lang.pick(
                "目标合计超过 10 万亿，什么都没有写入。请检查金额单位。",
                "The targets sum to more than 10 trillion; nothing was written. Check the unit of the amounts.",
            ),
            Self::LeaveMeanwhile => lang.pick(
                "导入期间有人登记了同几天的休假，什么都没有写入。请再导入一次，冲突的行会标出来。",
                "Somebody entered leave on the same days meanwhile; nothing was written. Import once more: the rows that clash are told.",
            ),
        }
    }
}

/// One file of an import.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileView {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Option<Kind>,
    /// How it was read: `UTF-8 [,]`, `GBK [Tab]`, `XLSX, Sheet1`.
    pub read_as: String,
    /// The sheets of a workbook.
    pub sheets: Vec<String>,
    /// Which column is which field.
    pub mapping: Option<Mapping>,
    /// The first rows.
    pub sample: Vec<Vec<String>>,
    /// Why it cannot be read as a whole.
    pub problem: Option<FileProblem>,
    /// What came of its rows.
    pub report: Option<Report>,
    /// What is worth knowing about the data beyond single rows.
    pub findings: Vec<Finding>,
}

/// Something about the data as a whole that a person should know; on the wire `{"code":"alias", …}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Finding {
    /// A name nobody knows was read as a known one.
    Alias {
        /// The field.
        field: Field,
        /// As written.
        from: String,
        /// As understood.
        to: String,
        /// Rows concerned.
        rows: u64,
        /// How near they are, 0 to 100.
        percent: u8,
    },
    /// A name nobody knows, and what was done about it.
    Unknown {
        /// The field.
        field: Field,
        /// As written.
        name: String,
        /// Rows concerned.
        rows: u64,
        /// Whether it was made; otherwise its rows were rejected.
        created: bool,
        /// A known name that is near.
        suggestion: Option<String>,
    },
    /// Rows with an empty cell where most have something.
    Blank {
        /// The field.
        field: Field,
        /// Rows concerned.
        rows: u64,
    },
    /// Members who carry numbers and have no fact at all.
    MembersWithoutFacts {
        /// Their names.
        names: Vec<String>,
    },
    /// The first or last quarter of the facts is not whole.
    PartialPeriod {
        /// Its name.
        period: String,
        /// First day with a fact.
        #[serde(with = "calendar::iso")]
        from: Day,
        /// Last day with a fact.
        #[serde(with = "calendar::iso")]
        to: Day,
    },
    /// Columns that are not imported.
    Ignored {
        /// Their headings.
        headers: Vec<String>,
    },
    /// Two carriers, one above the other, have the same targets throughout a year: the upper one is the roll-up of the lower.
    SameTargets {
        /// The two, the upper first.
        names: Vec<String>,
        /// The fiscal year.
        year: String,
    },
    /// A unit's own target is another than the sum of those below it. Both stay as they are.
    Difference {
        /// The unit, or who leads it.
        name: String,
        /// The fiscal year.
        year: String,
        /// Its own target, in minor units.
        own: Minor,
        /// The sum below it in the same periods.
        below: Minor,
    },
    /// Cells of a target sheet that hold no target.
    NoTarget {
        /// Cells that say so: `NULL`, `-`, `无`.
        null: u64,
        /// Empty cells.
        empty: u64,
    },
    /// Columns that sum up other periods of the sheet, so they are not imported.
    Subtotals {
        /// Their headings.
        headers: Vec<String>,
    },
    /// The year of months without one, taken from the name of the file or the sheet.
    YearFromName {
        /// The fiscal year.
        year: u16,
        /// The name.
        name: String,
    },
    /// Orders whose lines come to another net amount than the order itself.
    LinesDiffer {
        /// How many.
        orders: u64,
        /// By how much the orders exceed their lines in all.
        amount: Fact,
    },
    /// Orders below zero: returns.
    Returns {
        /// How many.
        orders: u64,
        /// What they come to.
        amount: Fact,
    },
    /// Orders that were cancelled and do not count.
    Cancelled {
        /// How many.
        orders: u64,
    },
    /// From this import on bookings are counted from orders, because no deal counted before.
    OrdersChosen,
    /// What the file brings is stored and does not count as bookings, because they are counted from something else.
    NotBookings {
        /// What they are counted from.
        from: Source,
    },
    /// The unit of amounts, taken from a heading such as `目标(万元)`.
    UnitFromHeader {
        /// The heading.
        header: String,
        /// Currency units that 1 stands for.
        unit: u32,
    },
}

impl View {
    /// The choices its rows were read with; what is chosen from here on is compared with them.
    pub fn choices(&self) -> Choices {
        Choices {
            options: self.options.clone(),
            fixes: self.fixes.clone(),
            drops: self.drops.clone(),
            ..Choices::default()
        }
    }
}

impl Finding {
    /// By how much those below exceed a unit's own target, in thousandths, half away from zero; negative where they fall
    /// short, `None` where there is nothing to compare with.
    pub fn over_permille(own: Minor, below: Minor) -> Option<i64> {
        if own.0 == 0 {
            return None;
        }
        let thousandfold = i128::from(below.0 - own.0) * 1_000;
        let half = i128::from(own.0.abs()) / 2;
        let rounded = if thousandfold < 0 {
            (thousandfold - half) / i128::from(own.0)
        } else {
            (thousandfold + half) / i128::from(own.0)
        };
        i64::try_from(rounded).ok()
    }
}

/// What a person changes after looking at a dry run: it is applied when the import is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Choices {
    /// The options; `dry_run` is ignored.
    pub options: Options,
    /// By the file's name: what it holds.
    pub kinds: BTreeMap<String, Kind>,
    /// By the file's name: field → header.
    pub mappings: BTreeMap<String, BTreeMap<String, String>>,
    /// Cells put right.
    pub fixes: Vec<Fix>,
    /// Rows left out.
    pub drops: Vec<LeftOut>,
}

/// A cell put right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// Name of the file.
    pub file: String,
    /// The row, the heading being 1.
    pub row: u64,
    /// The field.
    pub field: Field,
    /// Heading of the column, where a row has several of the field (a wide sheet of targets).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// What it should say.
    pub value: String,
}

/// A row left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Name of the file.
    pub file: String,
    /// The row, the heading being 1.
    pub row: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_assignment_is_rounded_to_a_tenth_of_a_percent() {
        let over = |own, below| Finding::over_permille(Minor(own), Minor(below));
        assert_eq!(over(795_000_000, 2_005_000_000), Some(1_522));
        assert_eq!(over(1_000, 450), Some(-550));
        assert_eq!(over(100, 100), Some(0));
        assert_eq!(over(0, 5), None);
    }
}
