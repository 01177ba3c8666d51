//! What the split would give if somebody counted more or less in a basis.

use domain::calendar::Day;
use domain::explain::what_if::{Growth, LEAST_PCT, MOST_PCT, Untried, reckon, what_if};
use domain::fairness::Settings;
use domain::id::{NodeId, VersionId};
use domain::money::Minor;
use domain::plan::{Basis, Grid, NodeIndex, PeriodIndex};
use domain::why::{Grown, Reach, WhatIf};

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

    /// What it would mean if the open deals of a number grew, in a period or over all: for the number by the formula of the split,
    /// and for the chance that it is reached.
    pub async fn grown_pipeline(
        &self,
        scope: &Scope,
        version: VersionId,
        node: NodeIndex,
        period: Option<PeriodIndex>,
        change_pct: i32,
    ) -> Result<Grown, Error> {
        let number = self.number_in_sight(scope, version, node, period).await?;
        self.grown(scope, &number, change_pct).await
    }

    /// The same of a published number that the asking person carries; with a first day, in the period that begins then.
    pub async fn grown_pipeline_own(
        &self,
        scope: &Scope,
        version: VersionId,
        node: NodeId,
        from: Option<Day>,
        change_pct: i32,
    ) -> Result<Grown, Error> {
        let number = self.own_number(scope, version, node, from).await?;
        self.grown(scope, &number, change_pct).await
    }

    async fn grown(&self, scope: &Scope, number: &Number, change_pct: i32) -> Result<Grown, Error> {
        let growth = Growth {
            basis: Basis::Pipeline,
            change_pct,
        };
        let way = self.way(scope, number).await?;
        let (node, periods) = (number.node, number.periods.clone());
        // It splits the whole again.
        let reckoned = tokio::task::spawn_blocking(move || {
            let split = match reckon(&way.start, &way.entries, node, &periods, growth) {
                Ok(reckoned) => Some(reckoned),
                // What is left to be said is the chance.
                Err(Untried::NotSplit | Untried::NotCounted { .. }) => None,
                Err(why) => return Err(why),
            };
            let mut now = way.start;
            for entry in &way.entries {
                now.fold(&entry.deltas)?;
            }
            Ok::<_, Untried>((split, now))
        });
        let reckoned = reckoned
            .await
            .map_err(|error| Error::Internal(error.to_string()))?;
        let (split, now) = reckoned.map_err(|why| refused(&why))?;
        let open = self.open_deals(scope, number, &now).await?;
        let grown = i128::from(open) * i128::from(100 + change_pct) / 100;
        let grown = i64::try_from(grown).unwrap_or(i64::MAX);
        let sum = number
            .periods
            .iter()
            .map(|period| now.amount(node, Some(*period)).0);
        let figure = Minor(sum.sum());
        let more = split
            .as_ref()
            .map_or(0, |split| split.tried.after.0 - split.tried.before.0);
        let whole = number.named.is_none() && number.periods.len() == now.periods().count();
        let reach = if whole {
            let deals = (grown - open) as f64;
            self.chances(scope, number, &now, deals, more).await?
        } else {
            None
        };
        let above = now.shape().parent(node);
        let above = above.and_then(|above| number.nodes.get(above.0 as usize));
        Ok(Grown {
            currency: store::organization::get(&self.database.reader(), scope)
                .await?
                .currency,
            change_pct,
            open: Minor(open),
            grown: Minor(grown),
            number: figure,
            split,
            above: above.map(|above| above.name.clone()).unwrap_or_default(),
            reach,
        })
    }

    /// The open deals of a number as the basis weighs them, in minor units: what was written when the version was made.
    async fn open_deals(&self, scope: &Scope, number: &Number, now: &Grid) -> Result<i64, Error> {
        let reader = self.database.reader();
        let part = number.node.0..now.shape().end(number.node).0;
        let basis = Basis::Pipeline.as_str();
        let all = state::all(scope);
        let sums = store::version::basis_sums(&reader, &all, number.version.id, part, (basis, basis)).await?;
        let sum = sums.iter().fold(0_u64, |sum, row| sum.saturating_add(row.whole));
        Ok(i64::try_from(sum).unwrap_or(i64::MAX))
    }

    /// The chances that a number is reached: now, with so much more expected of it, and with so much more asked besides.
    async fn chances(
        &self,
        scope: &Scope,
        number: &Number,
        now: &Grid,
        deals: f64,
        more: i64,
    ) -> Result<Option<Reach>, Error> {
        let ground = self.ground(&state::all(scope), number.version.id).await?;
        let shape = now.shape();
        let expected = ground.expected(shape, 0, &Settings::default());
        let chance = |deals: f64, more: i64| {
            let amount = |node: NodeIndex| {
                let asked = if node == number.node { more } else { 0 };
                Minor(now.amount(node, None).0 + asked)
            };
            expected.chance_with(shape, number.node, amount, deals)
        };
        let (Some(now), Some(kept)) = (chance(0.0, 0), chance(deals, 0)) else {
            return Ok(None);
        };
        let asked = if more == 0 { None } else { chance(deals, more) };
        Ok(Some(Reach { now, kept, asked }))
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
