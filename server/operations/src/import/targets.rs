//! Rows of targets, long or wide: read here, written by the plans.

use domain::calendar::Day;
use domain::id::{MemberId, UnitId};
use domain::import::FileView;
use domain::money::Minor;

use super::catalog::Catalog;
use super::job::{Job, Opened, Stop};
use crate::Error;

/// A target of one carrier in one period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetRow {
    /// Whose.
    pub carrier: Carrier,
    /// First day of the period.
    pub starts_on: Day,
    /// Day after its last.
    pub ends_on: Day,
    /// How much.
    pub amount: Minor,
}

/// Who carries a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// A unit.
    Unit(UnitId),
    /// A member.
    Member(MemberId),
}

impl Job {
    /// Reads a file of targets.
    pub(super) async fn targets(
        &mut self,
        _opened: Opened,
        _catalog: Catalog,
        _rows: &mut Vec<TargetRow>,
    ) -> Result<(Catalog, FileView), Stop> {
        Err(Stop::Broken(Error::Internal("targets".to_owned())))
    }

    /// Hands targets to the plans.
    pub(super) async fn write_targets(&self, _catalog: &Catalog, _rows: Vec<TargetRow>) -> Result<(), Stop> {
        Ok(())
    }
}
