//! The rows of a version as a list: for programs, which name a row when they speak of a number.

use domain::calendar::Period;
use domain::id::VersionId;
use domain::money::{Currency, Minor};
use domain::plan::{NodeIndex, PeriodIndex};
use domain::target::{NodeRef, VersionStatus};

use super::state::{self, State};
use crate::scope::require_sight;
use crate::{Error, Operations, Scope};

/// The rows of a version within sight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionRows {
    /// What the plan is called.
    pub plan_name: String,
    /// The version's number, from 1.
    pub number: u32,
    /// Where it stands.
    pub status: VersionStatus,
    /// The number of its last command.
    pub head: u64,
    /// The currency of every amount.
    pub currency: Currency,
    /// The periods, in the order of the amounts.
    pub periods: Vec<Period>,
    /// The rows, parents before what is below them.
    pub rows: Vec<Row>,
}

/// A row: a unit or a person with the numbers they carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its place in the whole version.
    pub node: NodeIndex,
    /// What it stands for.
    pub of: NodeRef,
    /// What it is called.
    pub name: String,
    /// How deep it stands in the tree, from 0.
    pub depth: u8,
    /// Its total.
    pub total: Minor,
    /// The amount of each period.
    pub amounts: Vec<Minor>,
}

impl Operations {
    /// The rows of a version, as far as they are within reach; not found where none is.
    pub async fn version_rows(&self, scope: &Scope, version: VersionId) -> Result<VersionRows, Error> {
        require_sight(scope)?;
        let reader = self.database.reader();
        let row = store::version::get(&reader, scope, version).await?;
        let visible = store::version::nodes(&reader, scope, version).await?;
        if visible.is_empty() {
            return Err(Error::NotFound("version"));
        }
        let state = State::load(&reader, &state::all(scope), row).await?;
        let currency = store::organization::get(&reader, scope).await?.currency;
        let count = state.plan.periods.len() as u16;
        let rows = visible.into_iter().map(|node| {
            let index = NodeIndex(node.ordinal);
            Row {
                node: index,
                of: node.of,
                name: node.name,
                depth: state.grid.shape().depth(index),
                total: state.grid.amount(index, None),
                amounts: (0..count)
                    .map(|period| state.grid.amount(index, Some(PeriodIndex(period))))
                    .collect(),
            }
        });
        Ok(VersionRows {
            rows: rows.collect(),
            plan_name: state.plan.name.clone(),
            number: state.version.number,
            status: state.version.status,
            head: state.head,
            currency,
            periods: state.plan.periods.clone(),
        })
    }
}
