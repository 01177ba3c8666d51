//! Lines of the rows of a split, as they travel: a row with those below it, by one dimension.

use serde::{Deserialize, Serialize};

use super::matrix::MatrixError;
use super::{LineBy, LineError};
use crate::format::Lang;
use crate::money::{Currency, Minor};
use crate::plan::NodeIndex;

/// A reason for a line of a row is at most so long.
pub const LONGEST_REASON: usize = 500;

/// Rows below one row are told at most so many at once.
pub const MOST_ROWS: u32 = 1_000;

/// A row and those below it by the lines of one dimension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowLines {
    /// By what.
    pub by: LineBy,
    /// What else there is data of, this one among it.
    pub known: Vec<LineBy>,
    /// The last command of the version that the numbers are of.
    pub head: u64,
    /// Whether this person may set lines of rows here.
    pub may_edit: bool,
    /// The lines, the largest first, the rest and what bears none last.
    pub columns: Vec<LineHead>,
    /// The row.
    pub row: LineRow,
    /// The rows below it, in the order of the tree, as many as were asked for.
    pub below: Vec<LineRow>,
    /// How many more there are.
    pub more: u64,
    /// What all rows below sum to by line, also those that are left out; none where there are none.
    pub sum: Option<Vec<Minor>>,
    /// What cannot be met from the whole down to these rows; the amounts are then those without what was set there.
    pub faults: Vec<RowFault>,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineHead {
    /// Its key.
    pub key: String,
    /// What people call it; empty for the rest and for what bears none.
    pub name: String,
}

/// A row by lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineRow {
    /// Where it stands in the whole version.
    pub node: NodeIndex,
    /// What it is called.
    pub name: String,
    /// What it sums to.
    pub total: Minor,
    /// Whether its lines can be set: not those of the whole, and nobody sets their own.
    pub may_set: bool,
    /// By line, in the order of the columns.
    pub cells: Vec<LineCell>,
}

/// How much of a row is to come from a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineCell {
    /// How much.
    pub amount: Minor,
    /// What somebody set; another amount where that cannot be met now.
    pub set: Option<SetByHand>,
}

/// What somebody set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetByHand {
    /// How much.
    pub amount: Minor,
    /// Who, by name.
    pub by: String,
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
    /// Why, where they said.
    pub reason: Option<String>,
}

/// What cannot be met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowFault {
    /// The lines of the whole target cannot be brought to its total.
    Whole(LineError),
    /// What is set below a row does not go together.
    Below(Misfit),
}

/// What is set below a row and does not go together, with the names of what it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Misfit {
    /// Why.
    pub why: MatrixError,
    /// The row it is about; empty where it is about none.
    pub row: String,
    /// The line it is about; empty where it is about none or one without a name.
    pub line: String,
}

impl Misfit {
    /// The sentence, with what would mend it.
    pub fn words(&self, lang: Lang, currency: &Currency) -> String {
        self.why.words(lang, currency, &self.row, &self.line)
    }
}

impl RowFault {
    /// The sentence, with what would mend it.
    pub fn words(&self, lang: Lang, currency: &Currency) -> String {
        match self {
            Self::Whole(error) => error.words(lang, currency),
            Self::Below(misfit) => misfit.words(lang, currency),
        }
    }
}

/// A line of a row that is to be set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewRowLine {
    /// The row, in the whole version.
    pub node: NodeIndex,
    /// By what it is cut.
    pub by: LineBy,
    /// The line.
    pub key: String,
    /// How much of the row is to come from it.
    pub amount: Minor,
    /// Why; may be left out.
    #[serde(default)]
    pub reason: Option<String>,
}
