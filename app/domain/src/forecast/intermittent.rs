//! Forecasts of intermittent demand: series of many zeros with something now and then.
//!
//! What comes and how often it comes are smoothed apart (Croston 1972); Syntetos and Boylan (2005) take out the bias of
//! their quotient; Teunter, Syntetos and Babai (2011) smooth the chance of demand in every period, so that a forecast falls
//! where demand has ended.

use serde::{Deserialize, Serialize};

use super::range::Demands;
use super::{Band, Forecast, ForecastError, MAX_HORIZON, MAX_SEASON, MAX_VALUE, Member, Range};
use crate::statistics::{Interval, mean, variance};

/// The weight of the newest observation; 0.05 to 0.2 are usual (Syntetos and Boylan 2005).
pub const SMOOTHING: f64 = 0.1;

/// From this mean number of periods between demands on, demand is intermittent (Syntetos, Boylan and Croston 2005).
pub const INTERMITTENT_FROM: f64 = 1.32;

/// From this squared coefficient of variation on, the sizes of demands are erratic (the same source).
pub const ERRATIC_FROM: f64 = 0.49;

/// A run of zeros at the end that was less likely than this says that demand may have ended.
const UNLIKELY: f64 = 0.05;

/// Zeros keep to the season where this share of all values is zero, or not zero, as most of its part of the season are.
const SEASONAL: f64 = 0.9;

/// The four patterns of demand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pattern {
    /// Often and alike.
    Smooth,
    /// Seldom and alike.
    Intermittent,
    /// Often, in sizes that differ.
    Erratic,
    /// Seldom, in sizes that differ.
    Lumpy,
}

/// How demand comes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Demand {
    /// Which of the four.
    pub pattern: Pattern,
    /// Periods per demand, 1 or more.
    pub interval: f64,
    /// The squared coefficient of variation of its sizes (divided by n); 0 of a single one.
    pub variation: f64,
}

/// How a rate of demand is estimated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Size over interval, both smoothed where there is demand.
    Croston,
    /// The same times `1 − α / 2`.
    SyntetosBoylan,
    /// Size times chance, the chance smoothed in every period.
    TeunterSyntetosBabai,
}

impl Method {
    /// The name among the members of a forecast.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Croston => "croston",
            Self::SyntetosBoylan => "syntetos-boylan",
            Self::TeunterSyntetosBabai => "teunter-syntetos-babai",
        }
    }
}

impl Demand {
    /// How demand comes in a series; missing values (NaN) are passed over. `None` where there is none.
    pub fn of(values: &[f64]) -> Option<Self> {
        let known: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
        let sizes = sizes(&known);
        let middle = mean(&sizes)?;
        let interval = known.len() as f64 / sizes.len() as f64;
        let squares = variance(&sizes).unwrap_or(0.0) * (sizes.len() - 1) as f64 / sizes.len() as f64;
        let variation = if middle == 0.0 {
            f64::MAX
        } else {
            squares / middle / middle
        };
        let pattern = match (interval >= INTERMITTENT_FROM, variation >= ERRATIC_FROM) {
            (false, false) => Pattern::Smooth,
            (true, false) => Pattern::Intermittent,
            (false, true) => Pattern::Erratic,
            (true, true) => Pattern::Lumpy,
        };
        Some(Self {
            pattern,
            interval,
            variation,
        })
    }
}

/// Whether demand in a series is intermittent: it comes every [`INTERMITTENT_FROM`] periods or less often, or not at all.
///
/// Zeros that keep to the season are not: something sold in winter only has a season. Nor are series with values below
/// zero.
pub fn is_intermittent(values: &[f64], season: usize) -> bool {
    let seldom = Demand::of(values).is_none_or(|demand| demand.interval >= INTERMITTENT_FROM);
    let negative = values.iter().any(|value| *value < 0.0);
    seldom && !negative && !zeros_keep_to(values, season)
}

/// Forecasts a series by what it is: [`forecast`] where demand [`is_intermittent`], [`super::forecast`] where it is not.
pub fn automatic(
    values: &[f64],
    season: usize,
    horizon: usize,
    levels: &[f64],
) -> Result<Forecast, ForecastError> {
    if season == 0 || season > MAX_SEASON {
        return Err(ForecastError::Season { season });
    }
    if is_intermittent(values, season) {
        forecast(values, horizon, levels)
    } else {
        super::forecast(values, season, horizon, levels)
    }
}

/// Forecasts a series of intermittent demand, `horizon` steps of the same rate, with a band for each of `levels` (per
/// cent).
///
/// The method: Croston's for smooth demand, Syntetos and Boylan's for every other pattern (Syntetos, Boylan and Croston
/// 2005), and that of Teunter, Syntetos and Babai where the zeros at the end are too many for chance. An interval holds
/// what a single period may bring: nothing, or a demand whose size has a gamma distribution; it is widened to hold the mean.
/// Missing values (NaN) are passed over. A series of zeros is forecast as zero, without width. A value below zero is
/// refused: sizes that cancel out have no rate.
pub fn forecast(values: &[f64], horizon: usize, levels: &[f64]) -> Result<Forecast, ForecastError> {
    if horizon == 0 || horizon > MAX_HORIZON {
        return Err(ForecastError::Horizon { horizon });
    }
    if let Some(level) = levels.iter().find(|level| !(**level > 0.0 && **level < 100.0)) {
        return Err(ForecastError::Level { level: *level });
    }
    if let Some(place) = values.iter().position(|value| value.abs() > MAX_VALUE) {
        return Err(ForecastError::TooLarge { place });
    }
    if let Some(place) = values.iter().position(|value| *value < 0.0) {
        return Err(ForecastError::Negative { place });
    }
    let known: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    if known.is_empty() {
        return Err(ForecastError::NoValues);
    }
    let method = method_for(&known);
    let rates = rates(&known, method, SMOOTHING);
    let rate = rates.last().copied().unwrap_or(0.0);
    let outcome = Outcome::of(&sizes(&known), rate);
    let law = Demands::of(rate, outcome.spread(), outcome.chance, 1);
    let bands = levels.iter().map(|level| {
        let tail = (1.0 - level / 100.0) / 2.0;
        let interval = Interval {
            low: law.quantile(tail).min(rate),
            high: law.quantile(1.0 - tail).max(rate),
        };
        Band {
            level: *level,
            steps: vec![interval; horizon],
        }
    });
    let spread = outcome.spread();
    let residuals = known.iter().zip(&rates).map(|(value, rate)| value - rate);
    Ok(Forecast {
        mean: vec![rate; horizon],
        bands: bands.collect(),
        spread: vec![spread; horizon],
        total_spread: (1..=horizon)
            .map(|steps| spread * (steps as f64).sqrt())
            .collect(),
        freedom: outcome.demands.max(3.0),
        members: vec![Member {
            method: method.as_str().to_owned(),
            weight: 1.0,
        }],
        residuals: residuals.collect(),
        held_back: None,
        used: known.len(),
        filled: 0,
        range: Range::Demand {
            chance: outcome.chance,
        },
    })
}

/// The method for a series without missing values.
fn method_for(known: &[f64]) -> Method {
    let Some(demand) = Demand::of(known) else {
        return Method::TeunterSyntetosBabai;
    };
    let silent = known.iter().rev().take_while(|value| **value == 0.0).count();
    let chance_of_none = 1.0 - 1.0 / demand.interval;
    let mut chance = 1.0;
    for _ in 0..silent {
        chance *= chance_of_none;
        if chance < UNLIKELY {
            return Method::TeunterSyntetosBabai;
        }
    }
    match demand.pattern {
        Pattern::Smooth => Method::Croston,
        Pattern::Intermittent | Pattern::Erratic | Pattern::Lumpy => Method::SyntetosBoylan,
    }
}

/// The demand per period expected before each value and after the last, one more than there are values. The first is the
/// mean size over the mean interval; `smoothing` (0 to 1) is the weight of what is new. Values must not be missing.
pub fn rates(known: &[f64], method: Method, smoothing: f64) -> Vec<f64> {
    let sizes = sizes(known);
    let Some(mut size) = mean(&sizes) else {
        return vec![0.0; known.len() + 1];
    };
    let mut interval = known.len() as f64 / sizes.len() as f64;
    let mut chance = 1.0 / interval;
    let mut since = 0.0;
    let mut rates = Vec::with_capacity(known.len() + 1);
    let rate = |size: f64, interval: f64, chance: f64| match method {
        Method::Croston => size / interval,
        Method::SyntetosBoylan => (1.0 - smoothing / 2.0) * size / interval,
        Method::TeunterSyntetosBabai => size * chance,
    };
    rates.push(rate(size, interval, chance));
    for value in known {
        since += 1.0;
        let came = *value != 0.0;
        if came {
            size += smoothing * (value - size);
            interval += smoothing * (since - interval);
            since = 0.0;
        }
        chance += smoothing * (f64::from(u8::from(came)) - chance);
        rates.push(rate(size, interval, chance));
    }
    rates
}

/// The values that are not zero.
fn sizes(known: &[f64]) -> Vec<f64> {
    known.iter().copied().filter(|value| *value != 0.0).collect()
}

/// Whether values are zero, or not, by their part of the season, over two seasons or more.
fn zeros_keep_to(values: &[f64], season: usize) -> bool {
    if season < 2 || values.len() < 2 * season {
        return false;
    }
    let (mut alike, mut all, mut silent_parts, mut parts) = (0, 0, 0, 0);
    for part in 0..season {
        let known = values
            .iter()
            .skip(part)
            .step_by(season)
            .filter(|value| !value.is_nan());
        let (zeros, count) = known.fold((0_usize, 0_usize), |(zeros, count), value| {
            (zeros + usize::from(*value == 0.0), count + 1)
        });
        alike += zeros.max(count - zeros);
        all += count;
        parts += usize::from(count > 0);
        silent_parts += usize::from(2 * zeros > count);
    }
    silent_parts > 0 && silent_parts < parts && alike as f64 >= SEASONAL * all as f64
}

/// What a single period may bring.
struct Outcome {
    /// The chance of a demand.
    chance: f64,
    /// The mean and variance of its size, with that of the mean itself.
    size: f64,
    variance: f64,
    /// Demands it rests on.
    demands: f64,
}

impl Outcome {
    fn of(sizes: &[f64], rate: f64) -> Self {
        let demands = sizes.len() as f64;
        let size = mean(sizes).unwrap_or(0.0);
        let spread = variance(sizes).unwrap_or(0.0) * (1.0 + 1.0 / demands.max(1.0));
        Self {
            // The rate has moved on since; the chance follows it, so that the mean of the outcome is the rate.
            chance: if size == 0.0 {
                0.0
            } else {
                (rate / size).clamp(0.0, 1.0)
            },
            size,
            variance: spread,
            demands,
        }
    }

    /// The standard deviation.
    fn spread(&self) -> f64 {
        let squares = self.chance * self.variance + self.chance * (1.0 - self.chance) * self.size * self.size;
        squares.sqrt()
    }
}
