//! What is asked of an import: the files, what they hold, and how it comes in.

use std::collections::BTreeMap;
use std::path::PathBuf;

use domain::import::{Kind, Options};
use serde::{Deserialize, Serialize};

/// A file handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Its name, for messages.
    pub name: String,
    /// Where it lies.
    pub path: PathBuf,
    /// Whose it is.
    pub custody: Custody,
}

/// Who a file belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Custody {
    /// The person's: it is read and left alone.
    Theirs,
    /// The product's: it is deleted once it is no longer needed.
    Ours,
}

/// How an import comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// By the page.
    Page,
    /// By the API.
    Api,
    /// By the command line.
    CommandLine,
    /// With the sample company.
    Demo,
}

impl Origin {
    /// How it is stored with the import.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Api => "api",
            Self::CommandLine => "command_line",
            Self::Demo => "demo",
        }
    }
}

/// What is asked of an import.
#[derive(Clone, Debug)]
pub struct NewImport {
    /// The files; they order themselves.
    pub uploads: Vec<Upload>,
    /// What they hold, where it is known; otherwise their headings tell.
    pub kind: Option<Kind>,
    /// Field → header, for every file.
    pub mapping: BTreeMap<String, String>,
    /// The options.
    pub options: Options,
    /// How it comes in.
    pub origin: Origin,
}
