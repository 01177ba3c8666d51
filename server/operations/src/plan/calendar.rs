//! The periods of a version, and the quarters they make, for programs that name them.

use domain::id::VersionId;
use domain::split::{Quarter, quarters};

use crate::attainment::fiscal;
use crate::scope::require_sight;
use crate::{Error, Operations, Scope};

/// The periods of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionPeriods {
    /// What they are called, in order.
    pub names: Vec<String>,
    /// The quarters that they make up, where they are months.
    pub quarters: Vec<Quarter>,
}

impl Operations {
    /// The periods of a version, and the quarters of the fiscal year that they make.
    pub async fn version_periods(&self, scope: &Scope, version: VersionId) -> Result<VersionPeriods, Error> {
        require_sight(scope)?;
        let reader = self.database.reader();
        let row = store::version::get(&reader, scope, version).await?;
        let plan = store::plan::get(&reader, scope, row.plan).await?;
        let fiscal = fiscal(&store::organization::get(&reader, scope).await?)?;
        Ok(VersionPeriods {
            quarters: quarters(fiscal, &plan.periods),
            names: plan.periods.into_iter().map(|period| period.name).collect(),
        })
    }
}
