//! What is wrong with a cell, a row or a file, in both languages: what, where, how to fix.

mod words;

use serde::{Deserialize, Serialize};

use crate::calendar::DateError;
use crate::format::Lang;
use crate::id::VersionId;
use crate::import::Field;
use crate::metric::OrderAmount;
use crate::money::AmountError;

/// A problem of one cell (or, without a field, of a whole row).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    /// Line of the file as a spreadsheet counts it: the header is row 1.
    pub row: u64,
    /// Header of the column, where one column is at fault.
    pub column: Option<String>,
    /// The field the column is mapped to.
    pub field: Option<Field>,
    /// The text of the cell, cut to 200 characters.
    pub value: String,
    /// Why it was refused.
    pub reason: Reason,
    /// What was probably meant.
    pub suggestion: Option<Suggestion>,
}

/// A proposed replacement for a cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Suggestion {
    /// The text to put in.
    pub value: String,
    /// How near it is, 0 to 100; 100 where it follows for certain.
    pub percent: u8,
}

/// What a reference names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Noun {
    /// A person.
    Member,
    /// A node of the tree.
    Unit,
    /// A product.
    Product,
    /// A product category.
    Category,
    /// A customer.
    Account,
    /// A stage of the pipeline.
    Stage,
    /// A metric.
    Metric,
}

/// Why a cell or a row was refused; on the wire `{"code":"unknown_reference", …}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Reason {
    /// A required cell is empty.
    Missing,
    /// No amount can be read.
    Amount {
        /// What is wrong with it.
        error: AmountError,
    },
    /// An amount below zero where none may be.
    NegativeAmount,
    /// No day can be read.
    Date {
        /// What is wrong with it.
        error: DateError,
    },
    /// No percentage from 0 to 100 can be read.
    Percentage,
    /// No whole number in a sensible range can be read.
    WholeNumber,
    /// No period such as `2017-03` or `2017-Q1` can be read.
    Period,
    /// No email address.
    Email,
    /// A name that nobody knows.
    UnknownReference {
        /// What it should name.
        noun: Noun,
    },
    /// A name that several bear.
    AmbiguousReference {
        /// What it should name.
        noun: Noun,
        /// How many bear it.
        matches: u32,
    },
    /// A stage that is neither ours nor a known synonym.
    UnknownStage,
    /// A metric key that is not one.
    UnknownMetric,
    /// Closed before it began.
    ClosedBeforeCreated {
        /// The day it began, ISO.
        created_on: String,
        /// The day it was closed, ISO.
        closed_on: String,
    },
    /// A start after its end.
    EndsBeforeStart {
        /// First day, ISO.
        starts_on: String,
        /// Last day, ISO.
        ends_on: String,
    },
    /// Won without a close date: it could not be counted anywhere.
    WonWithoutCloseDate,
    /// Won without an amount.
    WonWithoutAmount,
    /// The key of this row stood in an earlier row.
    Duplicate {
        /// The earlier row.
        first_row: u64,
    },
    /// A row of an order says something else about the whole order than its first row.
    HeaderDiffers {
        /// The first row.
        first_row: u64,
        /// What that row says.
        first: String,
    },
    /// Net amount, tax and other charges do not come to the gross amount.
    AmountsDisagree {
        /// What they come to.
        sum: String,
        /// The gross amount.
        gross: String,
    },
    /// A gross amount below the net amount, or of the other sign.
    GrossBelowNet {
        /// The net amount.
        net: String,
        /// The gross amount.
        gross: String,
    },
    /// An order without any amount.
    NoOrderAmount,
    /// An order without the amount that counts in this organization.
    NoCountedAmount {
        /// Which one counts.
        amount: OrderAmount,
    },
    /// Another row of the same order is wrong; an order is taken over as a whole or not at all.
    OrderRefused {
        /// The row that is wrong.
        row: u64,
    },
    /// More lines than an order may have.
    TooManyLines {
        /// Lines allowed.
        limit: u32,
    },
    /// A figure of potential that is not of exactly one unit, product or customer.
    OneSubject,
    /// Both a figure in money and a rating in percent, or neither.
    OneFigure,
    /// No percentage from 0 to 200.
    Rating,
    /// What this cell says stands in another file of the same import.
    InAnotherFile,
    /// A target names neither a member nor a unit.
    NoCarrier,
    /// A target of a period that overlaps another period of the same file: a plan's periods do not overlap.
    PeriodOverlaps {
        /// The period of this row.
        period: String,
        /// The period met before.
        other: String,
    },
    /// A unit or a member above itself.
    Cycle {
        /// The names of the ring, joined by arrows.
        path: String,
    },
    /// The amounts are in another currency than the organization's.
    Currency {
        /// The organization's code.
        expected: String,
    },
    /// A text longer than the field holds.
    TooLong {
        /// Characters allowed.
        limit: u32,
    },
    /// A character no text may hold (NUL and other controls).
    ControlCharacter,
    /// More cells than the header has columns.
    TooManyCells {
        /// Columns of the header.
        expected: u32,
        /// Cells of the row.
        found: u32,
    },
    /// The person who imports may not change this row.
    NotAllowed,
    /// Somebody is on leave on some of these days already.
    LeaveOverlaps {
        /// The first day of what is entered, ISO.
        from: String,
        /// Its last day, ISO.
        last: String,
    },
    /// More days of leave than can be entered at once.
    LeaveTooLong {
        /// Days allowed.
        limit: u32,
    },
}

/// What is wrong with a whole file; on the wire `{"code":"empty", …}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum FileProblem {
    /// Not a byte, or only blank lines.
    Empty,
    /// A header and nothing below it.
    HeaderOnly,
    /// Neither CSV nor XLSX.
    WrongType {
        /// What the bytes look like, or the file's ending.
        found: String,
    },
    /// The name says one thing, the bytes another (a renamed file).
    Disguised {
        /// What the name promises.
        named: String,
        /// What the bytes are.
        found: String,
    },
    /// The file ends in the middle of a record, a quotation or the archive.
    CutOff {
        /// Row at which it breaks off; 0 where that cannot be told.
        row: u64,
    },
    /// A quotation mark is not closed before the file ends.
    OpenQuote {
        /// The row in which it stands.
        row: u64,
    },
    /// More columns than can be read.
    TooManyColumns {
        /// Columns found.
        found: u32,
        /// Columns allowed.
        limit: u32,
    },
    /// One line longer than can be read.
    LineTooLong {
        /// The row; 0 where that cannot be told.
        row: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// More bytes than can be read.
    TooLarge {
        /// Bytes allowed.
        limit: u64,
    },
    /// An archive that would unpack to far more than it weighs.
    Bomb,
    /// A cell far outside any sensible sheet.
    FarCell {
        /// Its row.
        row: u64,
        /// Its column, from 1.
        column: u64,
    },
    /// The bytes are no text in the encoding named or found.
    Undecodable {
        /// The encoding tried.
        encoding: String,
        /// The row.
        row: u64,
    },
    /// The workbook has no sheet of that name.
    NoSheet {
        /// The name asked for.
        name: String,
        /// The names there are.
        sheets: Vec<String>,
    },
    /// A sheet was asked for, and no file is a workbook.
    NoSheets {
        /// The name asked for.
        name: String,
    },
    /// The workbook is protected by a password.
    Encrypted,
    /// The headers fit no kind of file.
    UnknownKind,
    /// A plan that was written as a workbook here: it is taken back with a preview of its own.
    PlanWorkbook {
        /// The version that takes it back; none where its plan is not here.
        version: Option<VersionId>,
    },
}

impl Problem {
    /// A problem of one cell; the value is cut to 200 characters.
    pub fn cell(row: u64, column: &str, field: Field, value: &str, reason: Reason) -> Self {
        Self {
            row,
            column: Some(column.to_owned()),
            field: Some(field),
            value: value.chars().take(200).collect(),
            reason,
            suggestion: None,
        }
    }

    /// A problem of a whole row.
    pub fn row(row: u64, reason: Reason) -> Self {
        Self {
            row,
            column: None,
            field: None,
            value: String::new(),
            reason,
            suggestion: None,
        }
    }

    /// The same problem with a proposal.
    pub fn suggesting(mut self, suggestion: Option<Suggestion>) -> Self {
        self.suggestion = suggestion;
        self
    }

    /// What is wrong and what was probably meant, for a reader who sees the place and the value beside it.
    pub fn reason_words(&self, lang: Lang) -> String {
        words::said(self, lang)
    }

    /// The whole sentence: where, what, and what was probably meant.
    pub fn words(&self, lang: Lang) -> String {
        words::problem(self, lang)
    }
}

impl Reason {
    /// The reason without its place.
    pub fn words(&self, lang: Lang) -> String {
        words::reason(self, lang)
    }
}

impl FileProblem {
    /// What is wrong and what to do.
    pub fn words(&self, lang: Lang) -> String {
        words::file(self, lang)
    }
}

impl Noun {
    /// What people read.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Member => lang.pick("成员", "member"),
            Self::Unit => lang.pick("部门", "unit"),
            Self::Product => lang.pick("产品", "product"),
            Self::Category => lang.pick("产品类别", "category"),
            Self::Account => lang.pick("客户", "account"),
            Self::Stage => lang.pick("销售阶段", "stage"),
            Self::Metric => lang.pick("指标", "metric"),
        }
    }
}
