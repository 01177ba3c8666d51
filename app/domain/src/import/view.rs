//! An import as the page, the API and the command line show it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::calendar::{self, Day};
use crate::id::ImportId;
use crate::import::{Counts, Field, FileProblem, Kind, Mapping, Options, Report, Status};

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
    /// The options in force.
    pub options: Options,
    /// The files in the order in which they are imported.
    pub files: Vec<FileView>,
    /// Why it failed, where no single file is at fault.
    pub failure: Option<Failure>,
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
    /// Two carriers have the same targets throughout: one may be the roll-up of the other, and the sum would be doubled.
    SameTargets {
        /// The two.
        names: Vec<String>,
    },
}

/// What a person changes after looking at a dry run: it is applied when the import is written.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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
