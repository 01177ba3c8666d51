//! Targets from a sheet: each fiscal year becomes a version of its plan, a draft or the plan of record.
//!
//! The numbers of a sheet are kept as they are. A parent without a number is the sum of those below; a parent with one
//! keeps it, whoever leads it: what those below have beyond it is the stored hedge, and what they lack stands at the parent
//! as an unassigned part, so that the version adds up and can be split further. Cells without a number have no target.
//!
//! A version holds what stood before, with the sheet's numbers over it: a sheet of three corrections does not wipe the rest.

mod filled;
mod landing;
mod standing;
mod undo;
mod year;

use std::collections::BTreeMap;

use domain::calendar::{Day, Fiscal, Period};
use domain::id::ImportId;
use domain::import::{Finding, Landing};
use domain::metric::MetricKey;
use domain::money::Minor;
use domain::target::NodeRef;
use store::organization::Organization;
use store::{Session, StoreError};

use super::tree::Parts;
use crate::{Error, Scope};
pub(crate) use landing::{Written, write};
pub(crate) use standing::said;
pub(crate) use undo::{Taken, take_back};
use year::Year;

/// The level of the part of a parent's number that nobody below carries.
pub(crate) const UNASSIGNED: &str = "unassigned";

/// Targets of one metric.
#[derive(Debug)]
pub(crate) struct Sheet {
    /// What the versions are called: the file's name.
    pub(crate) name: String,
    pub(crate) metric: MetricKey,
    pub(crate) import: ImportId,
    pub(crate) publish: Publish,
    pub(crate) rows: Vec<SheetRow>,
}

/// Whether targets go on record at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Publish {
    /// They do.
    Yes,
    /// They become a draft.
    No,
    /// They do, unless they would replace what people made.
    UnlessPeopleDid,
}

/// One cell of a sheet. No period overlaps another of the same year, and nothing stands twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SheetRow {
    /// Whose.
    pub(crate) of: NodeRef,
    /// For which period.
    pub(crate) period: Period,
    /// How much; `None`: there is no target any more.
    pub(crate) amount: Option<Minor>,
}

/// What a cell does to what stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// A number where there was none.
    Created,
    /// Another number than there was, or none any more.
    Updated,
    /// The same as before.
    Unchanged,
}

/// What a sheet comes to.
#[derive(Debug)]
pub(crate) struct Settled {
    /// By row of the sheet.
    pub(crate) effects: Vec<Effect>,
    /// What people should know of the numbers.
    pub(crate) findings: Vec<Finding>,
    years: Vec<Year>,
}

impl Settled {
    /// Where each year lands, earliest first.
    pub(crate) fn landings(&self) -> impl Iterator<Item = &Landing> {
        self.years.iter().map(|year| &year.landing)
    }
}

/// Why a sheet cannot be settled.
#[derive(Debug)]
pub(crate) enum Unsettled {
    /// Its numbers sum to more than a plan can hold.
    TooLarge,
    /// Something of ours broke.
    Broken(Error),
}

impl From<Error> for Unsettled {
    fn from(error: Error) -> Self {
        Self::Broken(error)
    }
}

impl From<StoreError> for Unsettled {
    fn from(error: StoreError) -> Self {
        Self::Broken(error.into())
    }
}

/// Numbers by whom and ordinal of the period.
type Numbers = BTreeMap<(NodeRef, usize), i64>;

/// What a sheet is laid over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ground<'a> {
    pub(crate) parts: &'a Parts,
    pub(crate) organization: &'a Organization,
    pub(crate) fiscal: Fiscal,
    pub(crate) today: Day,
}

/// Finds out what a sheet comes to as things stand in this session; nothing is written.
pub(crate) async fn settle(
    session: &impl Session,
    scope: &Scope,
    sheet: &Sheet,
    ground: Ground<'_>,
) -> Result<Settled, Unsettled> {
    let mut by_year: BTreeMap<Day, Vec<usize>> = BTreeMap::new();
    for (index, row) in sheet.rows.iter().enumerate() {
        by_year
            .entry(year::of(ground.fiscal, &row.period).start)
            .or_default()
            .push(index);
    }
    let mut settled = Settled {
        effects: vec![Effect::Unchanged; sheet.rows.len()],
        findings: Vec::new(),
        years: Vec::new(),
    };
    for rows in by_year.into_values() {
        let (year, effects, findings) = year::settle(session, scope, sheet, &rows, ground).await?;
        for (index, effect) in rows.into_iter().zip(effects) {
            settled.effects[index] = effect;
        }
        settled.findings.extend(findings);
        settled.years.extend(year);
    }
    Ok(settled)
}
