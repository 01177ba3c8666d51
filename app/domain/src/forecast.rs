//! Forecasts of yearly, quarterly, monthly, weekly or daily series, on the server only.
//!
//! Several simple methods forecast and their combination counts (Petropoulos and Svetunkov 2020); intervals are calibrated
//! on errors the series itself shows (engine.md C8). Everything is deterministic: the same values give the same forecast.

pub mod calibration;
mod combine;
pub mod effects;
mod ets;
pub mod hierarchy;
pub mod intermittent;
mod linear;
mod minimise;
mod prepare;
mod range;
mod rolling;
pub mod score;
mod season;
mod table;
mod theta;

use serde::{Deserialize, Serialize};

use crate::statistics::{Interval, mean, student_quantile};

use calibration::{Calibration, Lesson, Own};
use combine::Ensemble;
use prepare::History;
pub use range::Range;
use rolling::Rolling;

/// The most steps that can be asked for.
pub const MAX_HORIZON: usize = 1_000;
/// The most periods a season may have.
pub const MAX_SEASON: usize = 400;

/// What an error is at least, as a part of what is expected outside of all that was seen, for very many steps: for as many
/// as the history has, half of it. No history, however straight, goes on for certain.
const EXTRAPOLATED: f64 = 0.5;

/// The largest value, without its sign.
pub const MAX_VALUE: f64 = 1e100;

/// A forecast, step by step from the first period after the last value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Forecast {
    /// The expected value of each step, in the unit of the series.
    pub mean: Vec<f64>,
    /// One band for each level asked for, in the order asked.
    pub bands: Vec<Band>,
    /// How far a step may be off: the scale of Student's distribution around its mean, in the unit of the series.
    pub spread: Vec<f64>,
    /// The same for the sum of the first 1, 2, … steps: the sum of their spreads times what sums are off over what their
    /// steps are, from this history and from others. Errors of neighbouring steps go together, so this is not the root of
    /// the sum of squares.
    pub total_spread: Vec<f64>,
    /// The degrees of freedom of that distribution: the lower, the fatter its tails.
    pub freedom: f64,
    /// The methods that made it, and their parts, which sum to 1.
    pub members: Vec<Member>,
    /// Errors one step ahead within the history, one for each value used; 0 for the first, which nothing came before.
    pub residuals: Vec<f64>,
    /// How well the same methods forecast the end of the history, held back from them; none where that is too short.
    pub held_back: Option<HeldBack>,
    /// How many of the latest values it rests on.
    pub used: usize,
    /// How many of these were missing and filled in.
    pub filled: usize,
    /// Which values the series can take.
    #[serde(default)]
    pub range: Range,
}

/// A prediction interval for each step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Band {
    /// The chance in per cent that a value lies inside, such as 80 or 95.
    pub level: f64,
    /// One interval a step.
    pub steps: Vec<Interval>,
}

/// A method and its part in a combination.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// The method, such as `theta` or `ets(M,Ad,M)`.
    pub method: String,
    /// Its part, from 0 to 1.
    pub weight: f64,
}

/// Accuracy on values at the end of the history that the methods had not seen.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeldBack {
    /// How many values were held back.
    pub steps: usize,
    /// The mean absolute error over the mean absolute change from season to season before them (Hyndman and Koehler 2006).
    pub mase: f64,
    /// The same of the seasonal naive forecast: each period as a season ago.
    pub naive_mase: f64,
}

/// Why no forecast is made.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "error")]
pub enum ForecastError {
    /// There is no value to start from.
    #[error("there is no value: a forecast needs at least one that is not missing")]
    NoValues,
    /// A value is infinite, or beyond [`MAX_VALUE`] to either side.
    #[error("value {place} is beyond 1e100; a missing value is NaN")]
    TooLarge {
        /// Its place, from 0.
        place: usize,
    },
    /// A value below zero, where only demand, which has none, is forecast.
    #[error("value {place} is below zero: intermittent demand has none")]
    Negative {
        /// Its place, from 0.
        place: usize,
    },
    /// No step, or more than [`MAX_HORIZON`].
    #[error("{horizon} steps were asked for; 1 to 1,000 can be had")]
    Horizon {
        /// The steps asked for.
        horizon: usize,
    },
    /// No period in a season, or more than [`MAX_SEASON`].
    #[error("a season of {season} periods; it has 1 (no season) to 400")]
    Season {
        /// The periods asked for.
        season: usize,
    },
    /// A level is not between 0 and 100 per cent.
    #[error("a band of {level} per cent; a level lies between 0 and 100")]
    Level {
        /// The level asked for.
        level: f64,
    },
}

/// Forecasts `horizon` steps after the last of `values` (equally spaced, oldest first), with a band for each of `levels`
/// (per cent, such as 80 and 95). `season` is the number of periods of a season: 12 for months, 4 for quarters, 52 for
/// weeks, 7 for days of a week, 1 for none.
///
/// `NaN` is a missing value: leading ones are left out, inner ones filled from their neighbours in the same part of the
/// season, and those at the end are forecast too, silently before the first step. Only the latest values count where there
/// are very many ([`Forecast::used`]). A season shows from three values beyond one season on, if these agree with those a
/// season before; from two seasons and a value on it is estimated as usual. A history without a negative value gives no negative forecast.
pub fn forecast(
    values: &[f64],
    season: usize,
    horizon: usize,
    levels: &[f64],
) -> Result<Forecast, ForecastError> {
    check(season, horizon, levels)?;
    let history = History::of(values, season)?;
    Ok(Made::of(&history, horizon).shown(values, levels))
}

/// What the forecasts of a series say about errors, given what came after it: what [`Calibration::fit`] learns from.
pub fn lesson(known: &[f64], season: usize, actual: &[f64]) -> Result<Lesson, ForecastError> {
    check(season, actual.len(), &[])?;
    let history = History::of(known, season)?;
    let made = Made::of(&history, actual.len());
    let steps = made.mean.iter().zip(actual);
    Ok(Lesson {
        own: made.own(),
        errors: steps.map(|(mean, actual)| actual - mean * history.unit).collect(),
    })
}

fn check(season: usize, horizon: usize, levels: &[f64]) -> Result<(), ForecastError> {
    if horizon == 0 || horizon > MAX_HORIZON {
        return Err(ForecastError::Horizon { horizon });
    }
    if season == 0 || season > MAX_SEASON {
        return Err(ForecastError::Season { season });
    }
    levels
        .iter()
        .find(|level| !(**level > 0.0 && **level < 100.0))
        .map_or(Ok(()), |level| Err(ForecastError::Level { level: *level }))
}

/// A forecast in the unit of its history.
struct Made<'a> {
    history: &'a History,
    ensemble: Ensemble,
    rolling: Rolling,
    mean: Vec<f64>,
    /// The part of each member.
    parts: Vec<f64>,
}

impl<'a> Made<'a> {
    fn of(history: &'a History, horizon: usize) -> Self {
        let mut ensemble = Ensemble::fit(history);
        let mut rolling = Rolling::of(history, &ensemble);
        if rolling.worse_than_naive() {
            ensemble = Ensemble::naive(history);
            rolling = Rolling::of(history, &ensemble);
        }
        let mut mean = vec![0.0; history.skipped + horizon];
        let mut parts = vec![0.0; ensemble.size()];
        ensemble.ahead(history.values.len(), &mut mean, &mut Vec::new(), &mut parts);
        mean.drain(..history.skipped);
        for step in &mut mean {
            *step = step.clamp(history.floor().max(-MAX_VALUE), MAX_VALUE);
        }
        Self {
            history,
            ensemble,
            rolling,
            mean,
            parts,
        }
    }

    fn own(&self) -> Own {
        let Self { history, rolling, .. } = self;
        let values = &history.values;
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let level = self.mean.iter();
        let level = level.map(|expected| rolling.scale(*expected) * history.unit);
        let beyond = self.mean.iter().enumerate().map(|(step, expected)| {
            let steps = (history.skipped + step + 1) as f64;
            let never_seen = (expected - most).max(least - expected).max(0.0);
            EXTRAPOLATED * never_seen * steps / (steps + values.len() as f64) * history.unit
        });
        Own {
            level: level.collect(),
            beyond: beyond.collect(),
            middle: rolling.middle,
            growth: rolling.growth,
            together: rolling.together,
            skipped: history.skipped,
        }
    }

    fn shown(self, values: &[f64], levels: &[f64]) -> Forecast {
        let Self { history, rolling, .. } = &self;
        let calibration = Calibration::of(history.season);
        let unit = history.unit;
        let mean: Vec<f64> = self.mean.iter().map(|step| step * unit).collect();
        let own = self.own();
        let spread = calibration.spread(&own);
        let total_spread = calibration.totals(&own, &spread);
        let floor = history.floor();
        let band = |level: f64| {
            let reach = reach(level, calibration.freedom).unwrap_or_default();
            let steps = mean.iter().zip(&spread).map(|(mean, spread)| Interval {
                low: (mean - reach * spread).max(floor),
                high: mean + reach * spread,
            });
            Band {
                level,
                steps: steps.collect(),
            }
        };
        let members = self.ensemble.names().zip(&self.parts);
        Forecast {
            bands: levels.iter().map(|level| band(*level)).collect(),
            total_spread,
            freedom: calibration.freedom,
            members: members
                .map(|(method, weight)| Member {
                    method: method.to_owned(),
                    weight: *weight,
                })
                .collect(),
            residuals: rolling.residuals.iter().map(|error| error * unit).collect(),
            held_back: HeldBack::of(values, history),
            used: history.values.len(),
            filled: history.filled(),
            range: if floor < 0.0 {
                Range::Any
            } else {
                Range::NotNegative
            },
            mean,
            spread,
        }
    }
}

impl HeldBack {
    /// Values that have to be left.
    const LEFT: usize = 5;

    /// Forecasts the end of the history from what came before: a season of it, but six values at least and a fifth of it at
    /// most. `None` where too little is left, or where that never changes.
    fn of(values: &[f64], history: &History) -> Option<Self> {
        let count = history.values.len();
        let steps = (count / 5).min(history.season.max(6));
        if steps == 0 || count < steps + Self::LEFT {
            return None;
        }
        let (known, actual) = values[..values.len() - history.skipped]
            .split_at_checked((values.len() - history.skipped).checked_sub(steps)?)?;
        let before = History::of(known, history.season).ok()?;
        let made = Made::of(&before, steps);
        let mut naive = vec![0.0; before.skipped + steps];
        Ensemble::naive(&before).ahead(before.values.len(), &mut naive, &mut Vec::new(), &mut [0.0]);
        let change = made.rolling.change * before.unit;
        let error = |said: &[f64]| {
            let pairs = said.iter().zip(actual).filter(|(_, actual)| !actual.is_nan());
            let errors: Vec<f64> = pairs
                .map(|(said, actual)| (said * before.unit - actual).abs())
                .collect();
            mean(&errors)
                .map(|error| error / change)
                .filter(|error| error.is_finite())
        };
        Some(Self {
            steps,
            mase: error(&made.mean)?,
            naive_mase: error(&naive[before.skipped..])?,
        })
    }
}

/// How many spreads a band of a level reaches to each side; `None` of a level outside 0 to 100.
fn reach(level: f64, freedom: f64) -> Option<f64> {
    (level > 0.0 && level < 100.0).then(|| student_quantile(0.5 + level / 200.0, freedom))
}
