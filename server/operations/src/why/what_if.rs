//! What the split would give if somebody counted more or less in a basis.

use domain::calendar::Day;
use domain::explain::what_if::{Growth, LEAST_PCT, MOST_PCT, Untried, what_if};
use domain::id::{NodeId, VersionId};
use domain::plan::{NodeIndex, PeriodIndex};
use domain::why::WhatIf;

use super::place::Number;
use crate::plan::state;
use crate::{Error, Operations, Scope};

impl Operations {
    /// What the last split of a number would give with another weight, in a period or over all; for whoever may ask why it
    /// is that number.
    pub async fn what_if(
        &self,
        scope: &Scope,
        version: VersionId,
        node: NodeIndex,
        period: Option<PeriodIndex>,
        growth: Growth,
    ) -> Result<WhatIf, Error> {
        let number = self.number_in_sight(scope, version, node, period).await?;
        self.tried(scope, &number, growth).await
    }

    /// The same of a published number that the asking person carries; with a first day, in the period that begins then.
    pub async fn what_if_own(
        &self,
        scope: &Scope,
        version: VersionId,
        node: NodeId,
        from: Option<Day>,
        growth: Growth,
    ) -> Result<WhatIf, Error> {
        let number = self.own_number(scope, version, node, from).await?;
        self.tried(scope, &number, growth).await
    }

    async fn tried(&self, scope: &Scope, number: &Number, growth: Growth) -> Result<WhatIf, Error> {
        let way = self.way(scope, number).await?;
        let above = way.start.shape().parent(number.node);
        let (node, periods) = (number.node, number.periods.clone());
        // It splits the whole again.
        let tried =
            tokio::task::spawn_blocking(move || what_if(&way.start, &way.entries, node, &periods, growth));
        let tried = tried.await.map_err(|error| Error::Internal(error.to_string()))?;
        let tried = tried.map_err(|why| refused(&why))?;
        let above = above.and_then(|above| number.nodes.get(above.0 as usize));
        Ok(WhatIf {
            currency: store::organization::get(&self.database.reader(), scope)
                .await?
                .currency,
            tried,
            above: above.map(|above| above.name.clone()).unwrap_or_default(),
        })
    }
}

fn refused(why: &Untried) -> Error {
    match why {
        Untried::Change { .. } => Error::invalid_field(
            "change_out_of_range",
            "change_pct",
            format!("变化应在 {LEAST_PCT} % 到 {MOST_PCT} % 之间。"),
            format!("The change is from {LEAST_PCT} % to {MOST_PCT} %."),
        ),
        Untried::NotCounted { .. } => Error::invalid_field(
            "basis_not_counted",
            "basis",
            "这个依据不在分解公式里，不会改变数字。",
            "This basis does not count in the formula of the split and changes nothing.",
        ),
        Untried::NotSplit => Error::conflict(
            "not_split",
            "这个数不是按公式分解得来的，没有依据可以试算。",
            "This number was not split by a formula: there is no basis to try.",
        ),
        Untried::Refused(_) => Error::conflict(
            "what_if_impossible",
            "这样变化后，锁定、上下限或申报数无法同时满足，算不出结果。",
            "With this change the locks, bounds or proposals cannot all be kept, so there is no result.",
        ),
        Untried::Misfit(misfit) => state::damaged(misfit),
    }
}
