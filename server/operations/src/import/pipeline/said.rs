//! What is asked of a kind of facts so that its files go through the pipeline.

use domain::calendar::Day;
use domain::id::MemberId;
use domain::import::{Finding, Problem, Reason};
use domain::money::Fact;
use store::fact::Credited;
use uuid::Uuid;

use super::reading::Gathered;
use crate::import::catalog::Catalog;
use crate::import::crediting::Crediting;
use crate::import::file::Row;

/// What the rows of a file say about one fact.
pub(in crate::import) trait Says: Send + 'static {
    /// The fact with all that is written with it.
    type Entry: Credited;

    /// The first of its rows.
    fn row(&self) -> u64;
    /// How many rows say it.
    fn rows(&self) -> u64;
    /// Its id in the system it comes from.
    fn external_id(&self) -> &str;
    /// Hash of what is said; the same rows again say nothing new.
    fn hash(&self) -> i64;
    /// Whose fact it is.
    fn member(&self) -> Option<MemberId>;
    /// The amount it counts for the control totals.
    fn counts(&self) -> Option<(Day, Fact)>;
    /// The problems of all its rows where the fact as a whole is refused.
    fn refused(&self, reason: Reason) -> Vec<Problem>;
    /// The fact this makes of the stored one, with its credits; or what contradicts itself.
    fn apply(
        self,
        id: Uuid,
        stored: Option<&Self::Entry>,
        credit: &Crediting,
    ) -> Result<Self::Entry, Vec<Problem>>;
    /// Whether a fact differs from the stored one in nothing but the hash it is known by.
    fn same(entry: &Self::Entry, stored: &Self::Entry) -> bool;
}

/// Reads the rows of one file, which come in the order of their ids.
pub(in crate::import) trait Reads: Send + 'static {
    /// What rows say.
    type Said: Says;

    /// Takes a row.
    fn row(&mut self, row: Row<'_>, catalog: &mut Catalog, gathered: &mut Gathered<Self::Said>);
    /// Takes the end of the rows.
    fn end(&mut self, gathered: &mut Gathered<Self::Said>);
    /// What was found out.
    fn into_findings(self) -> Vec<Finding>;
}
