//! What public holidays change in a series.

use clap::ValueEnum;
use domain::calendar::{Fiscal, Period, holidays};
use domain::forecast::effects::{
    self, Effect, FestivalError, Window, spring_festival_share, working_days_change,
};
use domain::forecast::{Forecast, ForecastError};

use super::problem::Cause;
use super::work::Ask;

/// The days around the Spring Festival that it changes: the week before and the week after.
const FESTIVAL: Window = Window { before: 7, after: 7 };

/// Whose holidays count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Holidays {
    #[default]
    None,
    Cn,
}

/// The forecast of a series that starts with a period, with the Spring Festival and the working days of mainland China
/// taken out before and put back after.
pub(super) fn forecast(values: &[f64], first: &Period, ask: &Ask) -> Result<Forecast, Cause> {
    let mut periods = vec![first.clone()];
    while let Some(last) = periods.last()
        && periods.len() < values.len() + ask.horizon
    {
        periods.push(Fiscal::default().step(last, 1));
    }
    let festival = spring_festival_share(&periods, FESTIVAL)
        .map_err(|FestivalError::UnknownYear { year }| Cause::UnknownFestival { year })?;
    let working = working_days_change(&periods, ask.season, &holidays::china(), holidays::is_published);
    let effect = |name: &str, exposure| Effect {
        name: name.to_owned(),
        exposure,
    };
    let effects = [
        effect("spring_festival", festival),
        effect("working_days", working),
    ];
    effects::forecast(values, ask.season, ask.horizon, &ask.levels, &effects)
        .map(|adjusted| adjusted.forecast)
        .map_err(|error| match error {
            effects::EffectError::Forecast { why } => Cause::of(why),
            // The exposures are made for this series; what could still be wrong is their size.
            _ => Cause::of(ForecastError::TooLarge { place: 0 }),
        })
}
