//! Remarks: what people say of a number or of a plan as a whole, in threads that are resolved in the end.

use serde::{Deserialize, Serialize};

use crate::id::{RemarkId, VersionId};
use crate::plan::{NodeIndex, PeriodIndex};

/// Longest remark, characters.
pub const MOST_CHARS: usize = 2_000;

/// Where a thread of a version is.
pub fn address(version: VersionId, thread: RemarkId) -> String {
    format!("{}#{}", crate::approval::address(version), anchor(thread))
}

/// What a thread is called within its page.
pub fn anchor(thread: RemarkId) -> String {
    format!("remark-{thread}")
}

/// What is said of one thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    /// Its first remark.
    pub id: RemarkId,
    /// Of which row; none: of the plan as a whole.
    pub node: Option<NodeIndex>,
    /// What the row is called; empty for the plan as a whole.
    pub name: String,
    /// Of which period; none: of the total.
    pub period: Option<PeriodIndex>,
    /// What was said, the oldest first.
    pub said: Vec<Said>,
    /// Who said that it is settled, and when.
    pub resolved: Option<Resolved>,
}

/// One remark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// The words.
    pub text: String,
    /// Who.
    pub by: String,
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
}

/// A thread that is settled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolved {
    /// Who said so.
    pub by: String,
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
}

/// What a remark is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The row, counted in the whole version; none: the plan as a whole.
    pub node: Option<NodeIndex>,
    /// The period; none: the total.
    pub period: Option<PeriodIndex>,
}
