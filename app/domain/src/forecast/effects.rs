//! Effects of the calendar that are known in advance: a festival that moves, working days. They are estimated together
//! with level and season, taken out before a series is forecast, and put back where the calendar says that they come.
//!
//! A period is `usual · (1 + Σ sizeₖ · exposureₖ)`, so that a festival of +30 % over 15 days has size 0.3 where the exposure
//! is the share of the period's days among the 15. Where values are not all positive it is
//! `usual + unit · Σ sizeₖ · exposureₖ` with the median absolute value as unit.

mod calendar;
mod estimate;

use serde::{Deserialize, Serialize};

pub use self::calendar::{FestivalError, Window, spring_festival_share, whole_periods, working_days_change};
use super::{Forecast, ForecastError, MAX_SEASON, MAX_VALUE, intermittent};
use crate::statistics::{Interval, median, student_quantile};

/// The most effects estimated at once.
pub const MAX_EFFECTS: usize = 20;

/// No effects together take more than this share of a period away.
const LEAST_FACTOR: f64 = 0.05;

/// A known cause and how much of it every period has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Effect {
    /// What people call it.
    pub name: String,
    /// How much of it each period has, from the first value of the series through the last step forecast; 0 for none.
    pub exposure: Vec<f64>,
}

/// What was found of an effect.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The effect's name.
    pub name: String,
    /// What an exposure of 1 adds, as a share of what is usual (0.3 for +30 %); exactly 0 where nothing can be told from
    /// chance.
    pub size: f64,
    /// The standard error of the size before it was shrunk; `None` where the series is too short, or the exposure too
    /// much like the season, to estimate it.
    pub error: Option<f64>,
}

/// How effects act on a series.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "scale")]
pub enum Scale {
    /// They multiply.
    Relative,
    /// They add, in this unit.
    Additive {
        /// What a size of 1 at an exposure of 1 adds.
        unit: f64,
    },
}

/// A forecast with the effects it contains.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Adjusted {
    /// The forecast, effects included.
    pub forecast: Forecast,
    /// One estimate an effect, in the order given.
    pub effects: Vec<Estimate>,
}

/// Why effects cannot be estimated.
#[derive(Clone, Debug, PartialEq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "error")]
pub enum EffectError {
    /// An exposure of another length than the series with its horizon.
    #[error("effect {effect} has an exposure of {found} periods; the series with its horizon has {expected}")]
    Length {
        /// Place of the effect.
        effect: usize,
        /// Its length.
        found: usize,
        /// The length it should have.
        expected: usize,
    },
    /// An exposure that is not finite, or beyond [`MAX_VALUE`] to either side.
    #[error("effect {effect} has an exposure at period {period} that is not finite or too large")]
    Exposure {
        /// Place of the effect.
        effect: usize,
        /// Place of the period.
        period: usize,
    },
    /// More effects than [`MAX_EFFECTS`].
    #[error("{found} effects; at most 20 are estimated at once")]
    TooMany {
        /// How many were given.
        found: usize,
    },
    /// The series cannot be forecast.
    #[error(transparent)]
    Forecast {
        /// Why.
        why: ForecastError,
    },
}

impl From<ForecastError> for EffectError {
    fn from(why: ForecastError) -> Self {
        Self::Forecast { why }
    }
}

/// Forecasts a series as [`super::forecast`] does, with effects of the calendar; NaN is a missing value.
///
/// An effect that cannot be told from chance has size 0 and changes nothing. Intervals are wider where an effect comes, by
/// the error of its size. Intermittent series ([`intermittent::automatic`]) are forecast without effects.
pub fn forecast(
    values: &[f64],
    season: usize,
    horizon: usize,
    levels: &[f64],
    effects: &[Effect],
) -> Result<Adjusted, EffectError> {
    check(values, horizon, effects)?;
    let (estimates, scale) = if intermittent::is_intermittent(values, season) {
        (unknown(effects), Scale::Relative)
    } else {
        estimate::estimate(values, season, effects)
    };
    let usual: Vec<f64> = values
        .iter()
        .enumerate()
        .map(|(period, value)| {
            let usual = scale.without(*value, change(&estimates, effects, period));
            usual.clamp(-MAX_VALUE, MAX_VALUE)
        })
        .collect();
    let plain = intermittent::automatic(&usual, season, horizon, levels)?;
    let forecast = if estimates.iter().all(|estimate| estimate.size == 0.0) {
        plain
    } else {
        put_back(plain, values, effects, &estimates, scale)
    };
    Ok(Adjusted {
        forecast,
        effects: estimates,
    })
}

/// Estimates effects only; exposures may reach beyond the last value.
pub fn estimate(values: &[f64], season: usize, effects: &[Effect]) -> Result<Vec<Estimate>, EffectError> {
    let reach = effects
        .first()
        .map_or(values.len(), |effect| effect.exposure.len());
    let horizon = reach.saturating_sub(values.len());
    check(values, horizon, effects)?;
    if season == 0 || season > MAX_SEASON {
        return Err(ForecastError::Season { season }.into());
    }
    Ok(estimate::estimate(values, season, effects).0)
}

/// What is known of effects before anything is estimated.
fn unknown(effects: &[Effect]) -> Vec<Estimate> {
    let nothing = |effect: &Effect| Estimate {
        name: effect.name.clone(),
        size: 0.0,
        error: None,
    };
    effects.iter().map(nothing).collect()
}

fn check(values: &[f64], horizon: usize, effects: &[Effect]) -> Result<(), EffectError> {
    if effects.len() > MAX_EFFECTS {
        return Err(EffectError::TooMany { found: effects.len() });
    }
    if let Some(place) = values.iter().position(|value| value.abs() > MAX_VALUE) {
        return Err(ForecastError::TooLarge { place }.into());
    }
    let expected = values.len().saturating_add(horizon);
    for (place, effect) in effects.iter().enumerate() {
        if effect.exposure.len() != expected {
            return Err(EffectError::Length {
                effect: place,
                found: effect.exposure.len(),
                expected,
            });
        }
        let bad = |exposure: &f64| exposure.is_nan() || exposure.abs() > MAX_VALUE;
        if let Some(period) = effect.exposure.iter().position(bad) {
            return Err(EffectError::Exposure {
                effect: place,
                period,
            });
        }
    }
    Ok(())
}

/// What all effects together add in a period, as a share of what is usual.
fn change(estimates: &[Estimate], effects: &[Effect], period: usize) -> f64 {
    let parts = estimates.iter().zip(effects);
    parts
        .map(|(estimate, effect)| {
            let exposure = effect.exposure.get(period).copied().unwrap_or(0.0);
            // 0 of an exposure without end is nothing.
            if estimate.size == 0.0 {
                0.0
            } else {
                estimate.size * exposure
            }
        })
        .sum()
}

impl Scale {
    /// Multiplicative where every known value is positive.
    fn of(values: &[f64]) -> Self {
        let known: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
        if known.iter().all(|value| *value > 0.0) {
            return Self::Relative;
        }
        let sizes: Vec<f64> = known.iter().map(|value| value.abs()).collect();
        let largest = sizes.iter().copied().fold(0.0, f64::max);
        let unit = median(&sizes).filter(|middle| *middle > 0.0).unwrap_or(largest);
        Self::Additive {
            unit: if unit > 0.0 { unit } else { 1.0 },
        }
    }

    /// A value without what effects changed.
    fn without(self, value: f64, change: f64) -> f64 {
        match self {
            Self::Relative => value / factor(change),
            Self::Additive { unit } => value - unit * change,
        }
    }

    /// A value with it.
    fn with(self, value: f64, change: f64) -> f64 {
        match self {
            Self::Relative => value * factor(change),
            Self::Additive { unit } => value + unit * change,
        }
    }

    /// How much wider everything is then.
    fn widening(self, change: f64) -> f64 {
        match self {
            Self::Relative => factor(change),
            Self::Additive { .. } => 1.0,
        }
    }
}

fn factor(change: f64) -> f64 {
    (1.0 + change).max(LEAST_FACTOR)
}

/// A forecast of what is usual with the effects of its periods.
fn put_back(
    plain: Forecast,
    values: &[f64],
    effects: &[Effect],
    estimates: &[Estimate],
    scale: Scale,
) -> Forecast {
    let start = values.len();
    let changes: Vec<f64> = (0..plain.mean.len())
        .map(|step| change(estimates, effects, start + step))
        .collect();
    // The error of the effects in each step, in the unit of the series.
    let doubts: Vec<f64> = plain
        .mean
        .iter()
        .enumerate()
        .map(|(step, mean)| {
            let unit = match scale {
                Scale::Relative => mean.abs(),
                Scale::Additive { unit } => unit,
            };
            let squares = estimates.iter().zip(effects).map(|(estimate, effect)| {
                let error = estimate.error.filter(|_| estimate.size != 0.0).unwrap_or(0.0);
                let part = error * effect.exposure.get(start + step).copied().unwrap_or(0.0);
                part * part
            });
            unit * squares.sum::<f64>().sqrt()
        })
        .collect();
    // A history without a negative value gives no negative forecast.
    let lowest = if values.iter().any(|value| *value < 0.0) {
        f64::NEG_INFINITY
    } else {
        0.0
    };
    let mean: Vec<f64> = plain
        .mean
        .iter()
        .zip(&changes)
        .map(|(mean, change)| scale.with(*mean, *change).max(lowest))
        .collect();
    let mut bands = plain.bands;
    for band in &mut bands {
        let reach = student_quantile(0.5 + band.level / 200.0, plain.freedom);
        for (step, interval) in band.steps.iter_mut().enumerate() {
            let (before, after, change) = (plain.mean[step], mean[step], changes[step]);
            let wider = |half: f64| (half * scale.widening(change)).hypot(doubts[step] * reach);
            *interval = Interval {
                low: (after - wider(before - interval.low)).max(lowest),
                high: after + wider(interval.high - before),
            };
        }
    }
    let widened = |spread: &[f64]| -> Vec<f64> {
        let steps = spread.iter().zip(&changes).zip(&doubts);
        steps
            .map(|((spread, change), doubt)| (spread * scale.widening(*change)).hypot(*doubt))
            .collect()
    };
    let total_spread = totals_widened(&plain.total_spread, &plain.mean, &changes, &doubts, scale);
    let end = values
        .iter()
        .rposition(|value| !value.is_nan())
        .map_or(0, |last| last + 1);
    let first = end.saturating_sub(plain.residuals.len());
    let residuals = plain.residuals.iter().enumerate();
    Forecast {
        spread: widened(&plain.spread),
        total_spread,
        residuals: residuals
            .map(|(place, error)| error * scale.widening(change(estimates, effects, first + place)))
            .collect(),
        mean,
        bands,
        ..plain
    }
}

/// The spread of running totals: wider as the total itself is, and by the errors of the effects, which go together.
fn totals_widened(spread: &[f64], mean: &[f64], changes: &[f64], doubts: &[f64], scale: Scale) -> Vec<f64> {
    let (mut usual, mut now, mut doubt) = (0.0, 0.0, 0.0);
    let mut totals = Vec::with_capacity(spread.len());
    for (step, spread) in spread.iter().enumerate() {
        usual += mean[step].abs();
        now += mean[step].abs() * scale.widening(changes[step]);
        doubt += doubts[step];
        let ratio = if usual > 0.0 { now / usual } else { 1.0 };
        totals.push((spread * ratio).hypot(doubt));
    }
    totals
}
