//! Which number a card is of, and what the server is asked about it.

use domain::calendar::Day;
use domain::explain::what_if::Growth;
use domain::id::{NodeId, VersionId};
use domain::plan::{NodeIndex, PeriodIndex};
use domain::why::{Grown, WhatIf, Why};
use leptos::prelude::*;

use crate::error::AppError;

/// What the split would give if a row of a version counted more or less in a basis.
#[server(prefix = "/api/app", endpoint = "split/what-if", input = server_fn::codec::Json)]
pub async fn what_if_of(
    version: VersionId,
    node: NodeIndex,
    period: Option<PeriodIndex>,
    growth: Growth,
) -> Result<WhatIf, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.what_if(&scope, version, node, period, growth).await)
}

/// Why the own number is what it is in the period that begins on a day, or over all that it holds.
#[server(prefix = "/api/app", endpoint = "my-target/why", input = server_fn::codec::Json)]
pub async fn why_own(version: VersionId, node: NodeId, from: Option<Day>) -> Result<Why, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.why_own(&scope, version, node, from).await)
}

/// What the split would give if the person who asks counted more or less in a basis.
#[server(prefix = "/api/app", endpoint = "my-target/what-if", input = server_fn::codec::Json)]
pub async fn what_if_own(
    version: VersionId,
    node: NodeId,
    from: Option<Day>,
    growth: Growth,
) -> Result<WhatIf, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.what_if_own(&scope, version, node, from, growth).await)
}

/// What it would mean if the open deals of a row of a version grew by so many per cent.
#[server(prefix = "/api/app", endpoint = "split/pipeline", input = server_fn::codec::Json)]
pub async fn pipeline_of(
    version: VersionId,
    node: NodeIndex,
    period: Option<PeriodIndex>,
    change_pct: i32,
) -> Result<Grown, AppError> {
    let (operations, scope) = crate::server::asking()?;
    let found = operations.grown_pipeline(&scope, version, node, period, change_pct);
    crate::error::answer(found.await)
}

/// What it would mean if the open deals of the person who asks grew by so many per cent.
#[server(prefix = "/api/app", endpoint = "my-target/pipeline", input = server_fn::codec::Json)]
pub async fn pipeline_own(
    version: VersionId,
    node: NodeId,
    from: Option<Day>,
    change_pct: i32,
) -> Result<Grown, AppError> {
    let (operations, scope) = crate::server::asking()?;
    let found = operations.grown_pipeline_own(&scope, version, node, from, change_pct);
    crate::error::answer(found.await)
}

/// A number that may be asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// A row of a version within reach.
    Row {
        /// The version.
        version: VersionId,
        /// The row, as it stands in the whole version.
        node: NodeIndex,
        /// The period; none: over all.
        period: Option<PeriodIndex>,
    },
    /// A published number that the person who asks carries.
    Own {
        /// The version.
        version: VersionId,
        /// Its row.
        node: NodeId,
        /// The first day of the period; none: over all that it holds.
        from: Option<Day>,
    },
}

impl Of {
    /// Why it is that number.
    pub async fn why(self) -> Result<Why, AppError> {
        match self {
            Self::Row {
                version,
                node,
                period,
            } => crate::split::why_of(version, node, period).await,
            Self::Own { version, node, from } => why_own(version, node, from).await,
        }
    }

    /// What another weight would give.
    pub async fn what_if(self, growth: Growth) -> Result<WhatIf, AppError> {
        match self {
            Self::Row {
                version,
                node,
                period,
            } => what_if_of(version, node, period, growth).await,
            Self::Own { version, node, from } => what_if_own(version, node, from, growth).await,
        }
    }

    /// What it would mean if its open deals grew.
    pub async fn pipeline(self, change_pct: i32) -> Result<Grown, AppError> {
        match self {
            Self::Row {
                version,
                node,
                period,
            } => pipeline_of(version, node, period, change_pct).await,
            Self::Own { version, node, from } => pipeline_own(version, node, from, change_pct).await,
        }
    }

    /// A name for the fields of its card: two cards may stand on one page.
    pub(super) fn name(self) -> String {
        match self {
            Self::Row { node, period, .. } => {
                let period = period.map_or_else(String::new, |period| format!("-{}", period.0));
                format!("{}{period}", node.0)
            }
            Self::Own { version, node, from } => {
                let from = from.map_or_else(String::new, |from| format!("-{from}"));
                format!("{version}-{node}{from}")
            }
        }
    }
}
