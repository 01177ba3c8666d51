//! The way a version was split by, and what it would have come to in past quarters.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use domain::backtest::models::{Figures, Used};
use domain::basis::{WHOLE_PPM, brought_to};
use domain::plan::Basis;
use store::version::WHOLE;

use crate::plan::lineage;
use crate::plan::state::{self, State};
use crate::{Error, Operations, Scope};

impl Operations {
    /// The bases the whole of a version was split by last, with what such a split would have come to; none where it was never
    /// split by bases. For who may edit plans.
    pub(crate) async fn way_used(&self, scope: &Scope, state: &State) -> Result<Option<Used>, Error> {
        let reader = self.database.reader();
        let all = state::all(scope);
        let version = state.version.id;
        let (log, _) = state::recent(&reader, &all, version, state.head).await?;
        let split = lineage::whole_split(&reader, &all, &state.version, state.grid.shape(), &log).await?;
        let counted: Vec<(Basis, u32)> = split
            .bases
            .iter()
            .filter(|basis| basis.share_ppm > 0)
            .map(|basis| (basis.basis, basis.share_ppm))
            .collect();
        let parts: Vec<u32> = counted.iter().map(|(_, share_ppm)| *share_ppm).collect();
        let mut shares: Vec<(Basis, u32)> = counted
            .iter()
            .map(|(basis, _)| *basis)
            .zip(brought_to(&parts, WHOLE_PPM))
            .collect();
        if shares.is_empty() {
            return Ok(None);
        }
        shares.sort_by_key(|(basis, share_ppm)| (Reverse(*share_ppm), *basis));
        let models = self.split_models(scope, version).await?;
        let tested = models.presets.iter().any(|model| model.figures.is_some());
        let (preset, figures) = match models.alike(&shares) {
            Some(model) => (Some(model.preset), model.figures),
            None if tested => (None, self.scored(scope, state, &shares).await?),
            None => (None, None),
        };
        Ok(Some(Used {
            preset,
            figures,
            least: models.least(),
            people: models.people,
            periods: models.periods.len(),
            shares,
        }))
    }

    /// What a blend that is not offered would have come to.
    async fn scored(
        &self,
        scope: &Scope,
        state: &State,
        shares: &[(Basis, u32)],
    ) -> Result<Option<Figures>, Error> {
        let reader = self.database.reader();
        let all = state::all(scope);
        let known: BTreeSet<String> = store::version::bases(&reader, &all, state.version.id)
            .await?
            .into_iter()
            .filter(|basis| basis.period == WHOLE)
            .map(|basis| basis.basis)
            .collect();
        let known: Vec<Basis> = known.iter().filter_map(|key| Basis::parse(key)).collect();
        let organization = store::organization::get(&reader, &all).await?;
        let today = self.today_of(&organization).day;
        let past = self
            .past(&all, &organization, &state.plan.metric_key, today)
            .await?;
        let (cache, shares) = (self.ways.clone(), shares.to_vec());
        tokio::task::spawn_blocking(move || cache.score(&known, &past, &shares))
            .await
            .map_err(|error| Error::Internal(error.to_string()))?
            .map_err(|error| Error::Internal(error.to_string()))
    }
}
