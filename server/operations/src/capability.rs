//! Capability: what the people and units of a planning can do, and what hiring or leaving would change.

mod effects;
mod known;
mod newcomers;
mod rows;

use domain::access::Permission;
use domain::assumption::{Planning, PlanningQuery};
use domain::calendar::WorkingDays;
use domain::capability::capacity::{self, Range};
use domain::capability::team::{Team, Tried};
use domain::capability::what_if::WhatIf;
use domain::money::Minor;
use domain::plan::NodeIndex;

use crate::plan::state::{self, State};
use crate::scope::require;
use crate::{Error, Operations, Scope};
use known::Known;

/// Estimates hold with this chance: four times of five.
pub(crate) const CHANCE: f64 = 0.8;

impl Operations {
    /// What the people and units of a planning can do. For owners and planners.
    pub async fn capability(
        &self,
        scope: &Scope,
        asked: &PlanningQuery,
        what_if: WhatIf,
    ) -> Result<Team, Error> {
        require(scope, Permission::ReadBaseline)?;
        let planning = self.planning(scope, asked).await?;
        let reader = self.database.reader();
        let organization = store::organization::get(&reader, scope).await?;
        let working =
            WorkingDays::named(&organization.working_calendar).unwrap_or_else(WorkingDays::weekdays);
        let today = self.today_of(&organization).day;
        let facts = self.span(scope).await?;
        let known = Known::load(&reader, scope, &planning, today, facts, &working).await?;
        let months = capacity::months(planning.span);
        let weights = capacity::weights(&months, known.season.as_ref().map(|season| &season.index));
        let ground = rows::Ground {
            known: &known,
            people: &known.people,
            planning: &planning,
            months: &months,
            weights: &weights,
            working: &working,
        };
        let workers = rows::workers(&ground);
        let units = rows::units(&ground, &workers, &[]);
        let trial = effects::of(&ground, &workers, what_if);
        let people: Vec<_> = workers.into_iter().map(|worker| worker.row).collect();
        let whole = rows::sum(&people, &[], months.len());
        let tried = (!trial.change.what_if.is_empty()).then(|| tried(&ground, &trial));
        Ok(Team {
            as_of: known.as_of,
            history: known.history,
            history_months: known.history_months,
            season_years: known
                .season
                .map(|season| u32::try_from(season.years).unwrap_or(u32::MAX)),
            people_differ: known.estimates.people_differ,
            mean: known.estimates.mean.map(|mean| mean.range().value),
            target_periods: known.target_periods,
            target: self.planned_total(scope, &planning).await?,
            capacity: whole.capacity,
            total: whole.total,
            heads: whole.heads,
            planning,
            average_months: weights.iter().sum(),
            months,
            units,
            people,
            change: trial.change,
            tried,
        })
    }

    /// The number of the version that is looked at.
    async fn planned_total(&self, scope: &Scope, planning: &Planning) -> Result<Option<Minor>, Error> {
        let Some(version) = &planning.version else {
            return Ok(None);
        };
        let reader = self.database.reader();
        let version = store::version::get(&reader, scope, version.id).await?;
        let state = State::load(&reader, &state::all(scope), version).await?;
        Ok(Some(state.grid.amount(NodeIndex(0), None)))
    }
}

/// Everything as it would be with what is tried out.
fn tried(ground: &rows::Ground<'_>, trial: &effects::Trial) -> Tried {
    let ground = rows::Ground {
        people: &trial.people,
        ..*ground
    };
    let workers = rows::workers(&ground);
    let units = rows::units(&ground, &workers, &trial.newcomers);
    let people: Vec<_> = workers.into_iter().map(|worker| worker.row).collect();
    let whole = rows::sum(&people, &trial.newcomers, ground.months.len());
    Tried {
        units,
        people,
        total: whole.total,
        heads: whole.heads,
    }
}

/// What several people come to.
pub(super) struct Whole {
    pub(super) heads: Vec<u64>,
    pub(super) capacity: Vec<Minor>,
    pub(super) total: Range,
}
