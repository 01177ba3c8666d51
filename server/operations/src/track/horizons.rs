//! The periods a target can be set for.

use domain::access::Permission;
use domain::calendar::{Day, Period, PeriodKind};
use domain::money::Minor;
use domain::target::{DoneBefore, Span};
use domain::track::{BoardQuery, Horizon, Horizons};

use super::Frame;
use crate::attainment::fiscal;
use crate::scope::require;
use crate::{Error, Operations, Scope};

/// Coming quarters a target can be set for.
const COMING_QUARTERS: i32 = 5;

impl Operations {
    /// The periods a target can be set for, with what was done a year and a period before.
    pub async fn horizons(&self, scope: &Scope) -> Result<Horizons, Error> {
        require(scope, Permission::EditPlan)?;
        let Frame {
            organization, as_of, ..
        } = self.frame(scope, &BoardQuery::default()).await?;
        let fiscal = fiscal(&organization)?;
        let span = self.span(scope).await?;
        // The plan one works on follows the data: an export that ends in 2017 is planned for 2018.
        let anchor = span.map_or(as_of, |(_, last)| last.min(as_of));
        let first = fiscal.period_of(PeriodKind::Quarter, anchor);
        let mut periods: Vec<Period> = (1..=COMING_QUARTERS)
            .map(|steps| fiscal.step(&first, steps))
            .collect();
        periods.push(first);
        let year = fiscal.period_of(PeriodKind::Year, anchor);
        periods.extend([fiscal.step(&year, 1), year]);
        let now = fiscal.period_of(PeriodKind::Quarter, as_of);
        for period in [
            now.clone(),
            fiscal.step(&now, 1),
            fiscal.period_of(PeriodKind::Year, as_of),
        ] {
            if !periods.contains(&period) {
                periods.push(period);
            }
        }
        let mut horizons = Vec::with_capacity(periods.len());
        for period in periods {
            let before = |period: Period, done: Option<Minor>| {
                done.map(|amount| DoneBefore::of(amount, &Span::of(&period), as_of))
            };
            let year_before = fiscal.year_before(&period);
            let last_year = self.done(scope, span, &year_before).await?;
            let step_before = fiscal.step(&period, -1);
            let previous = self.done(scope, span, &step_before).await?;
            let booked = self.done(scope, span, &period).await?;
            horizons.push(Horizon {
                period,
                last_year: before(year_before, last_year),
                previous: before(step_before, previous),
                booked,
            });
        }
        Ok(Horizons {
            currency: organization.currency,
            periods: horizons,
        })
    }

    /// What was done in a period; none where there are no facts at its time.
    async fn done(
        &self,
        scope: &Scope,
        span: Option<(Day, Day)>,
        period: &Period,
    ) -> Result<Option<Minor>, Error> {
        let known = span.is_some_and(|(first, last)| period.start <= last && first < period.end);
        if !known {
            return Ok(None);
        }
        Ok(Some(
            self.total(scope, period.start, period.end, period.last_day())
                .await?
                .actual,
        ))
    }
}
