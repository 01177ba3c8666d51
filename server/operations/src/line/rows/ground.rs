//! What lines of rows are worked out from: the numbers of a version, the lines of the whole, what was set, and what the rows sold.

use std::sync::Arc;

use domain::assumption::{Planning, PlanningQuery};
use domain::calendar::Day;
use domain::id::VersionId;
use domain::line::LineBy;
use domain::line::profile::Profile;
use domain::plan::NodeIndex;
use domain::target::Lines;
use store::organization::Organization;
use store::row_line::RowLine;
use store::version::Version;

use super::ROOT;
use super::walk::Tables;
use crate::line::{Decided, decided, trail};
use crate::plan::state::{self, State, damaged};
use crate::{Error, Operations, Scope, clock};

const DAY_MS: i64 = 24 * 3_600 * 1_000;

/// A version with the lines of its whole, by every dimension there is data of.
pub(super) struct Soil {
    pub(super) state: State,
    pub(super) planning: Planning,
    pub(super) organization: Organization,
    pub(super) lines: Vec<Lines>,
    /// What of them somebody decided.
    decided: Decided,
    /// Whether what the rows sold was kept when it was published.
    is_kept: bool,
}

/// What the lines of a row of a version are worked out from, by one dimension.
pub(super) struct Ground {
    pub(super) state: State,
    pub(super) planning: Planning,
    /// The dimensions there is data of.
    pub(super) known: Vec<LineBy>,
    /// The lines of the whole.
    pub(super) lines: Lines,
    /// What of the lines of the whole somebody decided, in every dimension.
    pub(super) decided: Decided,
    /// What was set in the dimension.
    pub(super) set: Vec<RowLine>,
    /// What the rows brought, by line; none where there is no history.
    pub(super) profile: Option<Arc<Profile>>,
    /// The way from the whole down to the row, both among it.
    pub(super) way: Vec<NodeIndex>,
}

impl Ground {
    /// The tables of the rows by the lines.
    pub(super) fn tables(&self) -> Tables<'_> {
        Tables::new(
            &self.state,
            &self.lines,
            &self.planning.currency,
            self.profile.as_deref(),
        )
    }
}

impl Operations {
    /// The lines of a version that rows may be cut by.
    pub(super) async fn row_soil(&self, scope: &Scope, version: VersionId) -> Result<Soil, Error> {
        let reader = self.database.reader();
        let all = state::all(scope);
        let row = store::version::get(&reader, scope, version).await?;
        let planning = self.planning(scope, &PlanningQuery::of(version)).await?;
        let organization = store::organization::get(&reader, &all).await?;
        let state = State::load(&reader, &all, row).await?;
        // Read first: what is decided in between is then seen to be another.
        let decided = decided(&reader, &all, &planning).await?;
        let mut lines = self.lines(&all, &planning, state.grid.amount(ROOT, None)).await?;
        let is_kept = !state.version.status.is_in_work()
            && store::row_line::has_profiles(&reader, &all, version).await?;
        // What there was no data of when it was published is not proposed since.
        lines.retain(|lines| !(lines.lines.is_empty() || is_kept && lines.proposed));
        Ok(Soil {
            state,
            planning,
            organization,
            lines,
            decided,
            is_kept,
        })
    }

    /// What the rows of a version brought of its lines in a dimension: of what is published, what was kept then.
    pub(super) async fn soil_profile(
        &self,
        all: &Scope,
        soil: &Soil,
        lines: &Lines,
    ) -> Result<Option<Arc<Profile>>, Error> {
        let reader = self.database.reader();
        let version = &soil.state.version;
        if soil.is_kept {
            let Some(bytes) = store::row_line::profile(&reader, all, version.id, lines.by).await? else {
                return Ok(None);
            };
            return Ok(Some(Arc::new(Profile::unpack(&bytes).map_err(damaged)?)));
        }
        let today = as_of(version, &soil.organization, self.today_of(&soil.organization).day);
        let currency = &soil.organization.currency;
        match trail(&reader, all, &soil.planning, &soil.organization, today).await? {
            Some(trail) => Ok(Some(
                self.row_profile(all, &trail, &soil.state, lines, currency)
                    .await?,
            )),
            None => Ok(None),
        }
    }

    /// Everything that the lines of a row are worked out from; without a dimension, by the first there is data of. None where
    /// there is no data of any.
    pub(super) async fn row_ground(
        &self,
        scope: &Scope,
        version: VersionId,
        node: NodeIndex,
        by: Option<LineBy>,
    ) -> Result<Option<Ground>, Error> {
        let all = state::all(scope);
        let mut soil = self.row_soil(scope, version).await?;
        let way = way(&soil.state, node)?;
        let known: Vec<LineBy> = soil.lines.iter().map(|lines| lines.by).collect();
        let wanted = by.and_then(|by| known.iter().position(|known| *known == by));
        if known.is_empty() {
            return Ok(None);
        }
        let lines = soil.lines.swap_remove(wanted.unwrap_or(0));
        let set = store::row_line::list(&self.database.reader(), &all, version, lines.by).await?;
        let profile = self.soil_profile(&all, &soil, &lines).await?;
        Ok(Some(Ground {
            state: soil.state,
            planning: soil.planning,
            known,
            lines,
            decided: soil.decided,
            set,
            profile,
            way,
        }))
    }
}

/// The way from the whole down to a row, both among it.
pub(super) fn way(state: &State, node: NodeIndex) -> Result<Vec<NodeIndex>, Error> {
    let shape = state.grid.shape();
    if !shape.has(node) {
        return Err(Error::NotFound("target"));
    }
    let mut way: Vec<NodeIndex> = std::iter::once(node).chain(shape.ancestors(node)).collect();
    way.reverse();
    Ok(way)
}

/// The day up to which history counts where nothing of it was kept: of what is frozen, the day on which it was.
fn as_of(version: &Version, organization: &Organization, today: Day) -> Day {
    let Some(at_ms) = version.published_at_ms else {
        return today;
    };
    let local_ms = clock::clocks(&organization.zone, at_ms, at_ms).local_ms(at_ms);
    Day(i32::try_from(local_ms.div_euclid(DAY_MS)).unwrap_or(today.0)).min(today)
}
