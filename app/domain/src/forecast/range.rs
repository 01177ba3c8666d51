//! Which values a series can take, and the chances that follow from it.

use serde::{Deserialize, Serialize};

use super::{Forecast, reach};
use crate::statistics::{
    Interval, gamma_below, gamma_quantile, normal_below, normal_quantile, student_below, student_quantile,
};

/// Which values a series can take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "range")]
pub enum Range {
    /// Any.
    #[default]
    Any,
    /// None below zero.
    NotNegative,
    /// Nothing, or with this chance in each step something.
    Demand {
        /// From 0 to 1.
        chance: f64,
    },
}

impl Forecast {
    /// The chance that a step (from 0) reaches an amount; `None` of a step that was not forecast.
    pub fn chance_of_reaching(&self, step: usize, amount: f64) -> Option<f64> {
        self.chance(*self.mean.get(step)?, *self.spread.get(step)?, 1, amount)
    }

    /// The chance that the first `steps` steps together reach an amount; `None` of more steps than were forecast, or none.
    pub fn chance_of_total(&self, steps: usize, amount: f64) -> Option<f64> {
        let last = steps.checked_sub(1)?;
        let mean = self.mean.get(..steps)?.iter().sum();
        self.chance(mean, *self.total_spread.get(last)?, steps, amount)
    }

    /// The interval of a level (per cent) for the sum of the first `steps` steps; `None` as above, or of a level outside 0
    /// to 100.
    pub fn total(&self, steps: usize, level: f64) -> Option<Interval> {
        let last = steps.checked_sub(1)?;
        let mean: f64 = self.mean.get(..steps)?.iter().sum();
        let spread = *self.total_spread.get(last)?;
        let reach = reach(level, self.freedom)? * spread;
        let (low, high) = match self.range {
            Range::Any => (mean - reach, mean + reach),
            Range::NotNegative => ((mean - reach).max(mean.min(0.0)), mean + reach),
            Range::Demand { chance } => {
                let tail = (1.0 - level / 100.0) / 2.0;
                let sum = Demands::of(mean, spread, chance, steps);
                (sum.quantile(tail).min(mean), sum.quantile(1.0 - tail).max(mean))
            }
        };
        Some(Interval { low, high })
    }

    /// The amount that the sum of some steps stays below with a chance of `part`: as [`Self::total`], of steps anywhere. Their
    /// sum is off by as much of the sum of their spreads as that of the same number of first steps. `None` of steps that
    /// were not forecast, of none, or of a part outside 0 to 1.
    pub fn quantile_of(&self, steps: std::ops::Range<usize>, part: f64) -> Option<f64> {
        if !(part > 0.0 && part < 1.0) {
            return None;
        }
        let count = steps.len();
        let last = count.checked_sub(1)?;
        let mean: f64 = self.mean.get(steps.clone())?.iter().sum();
        let first: f64 = self.spread.get(..count)?.iter().sum();
        let own: f64 = self.spread.get(steps)?.iter().sum();
        let together = *self.total_spread.get(last)?;
        let spread = if first > 0.0 { own * together / first } else { own };
        let student = || mean + spread * student_quantile(part, self.freedom);
        Some(match self.range {
            Range::Any => student(),
            Range::NotNegative => student().max(mean.min(0.0)),
            Range::Demand { chance } => {
                let amount = Demands::of(mean, spread, chance, count).quantile(part);
                if part < 0.5 {
                    amount.min(mean)
                } else {
                    amount.max(mean)
                }
            }
        })
    }

    /// `P(X ≥ amount)` of the sum of some steps; certain, one way or the other, where nothing is spread.
    fn chance(&self, mean: f64, spread: f64, steps: usize, amount: f64) -> Option<f64> {
        if amount.is_nan() {
            return None;
        }
        if spread <= 0.0 || amount.is_infinite() {
            return Some(if mean >= amount { 1.0 } else { 0.0 });
        }
        Some(match self.range {
            Range::NotNegative | Range::Demand { .. } if amount <= 0.0 => 1.0,
            Range::Demand { chance } => Demands::of(mean, spread, chance, steps).above(amount),
            Range::Any | Range::NotNegative => student_below((mean - amount) / spread, self.freedom),
        })
    }
}

/// What steps with demands bring together: nothing in none of them, or a sum that follows a gamma distribution of the same
/// mean and spread; one this narrow that it is a normal one is taken for that.
pub(super) struct Demands {
    nothing: f64,
    /// The mean and the standard deviation of what comes where something does.
    size: f64,
    deviation: f64,
}

/// The part of its mean below which the deviation of a gamma distribution makes it a normal one.
const NARROW: f64 = 1e-3;

impl Demands {
    pub(super) fn of(mean: f64, spread: f64, chance: f64, steps: usize) -> Self {
        let nothing = (0..steps).fold(1.0, |none, _| none * (1.0 - chance.clamp(0.0, 1.0)));
        let something = (1.0 - nothing).max(f64::MIN_POSITIVE);
        let size = mean / something;
        let variance = (spread * spread + mean * mean) / something - size * size;
        Self {
            nothing,
            size,
            deviation: variance.max(0.0).sqrt(),
        }
    }

    fn is_narrow(&self) -> bool {
        self.deviation < NARROW * self.size
    }

    /// The shape and the scale of the gamma distribution.
    fn gamma(&self) -> (f64, f64) {
        let scale = self.deviation * self.deviation / self.size;
        (self.size / scale, scale)
    }

    /// The chance that an amount above zero is reached.
    pub(super) fn above(&self, amount: f64) -> f64 {
        let below = if self.is_narrow() {
            normal_below((amount - self.size) / self.deviation.max(f64::MIN_POSITIVE))
        } else {
            let (shape, scale) = self.gamma();
            gamma_below(shape, amount / scale)
        };
        // Where nothing is ever asked for there is no size to speak of.
        if below.is_nan() {
            0.0
        } else {
            (1.0 - self.nothing) * (1.0 - below)
        }
    }

    /// The value that is not exceeded with a chance of `part`.
    pub(super) fn quantile(&self, part: f64) -> f64 {
        if part <= self.nothing {
            return 0.0;
        }
        let part = ((part - self.nothing) / (1.0 - self.nothing)).clamp(1e-12, 1.0 - 1e-12);
        let size = if self.is_narrow() {
            self.size + self.deviation * normal_quantile(part)
        } else {
            let (shape, scale) = self.gamma();
            gamma_quantile(shape, part) * scale
        };
        if size.is_finite() { size } else { 0.0 }
    }
}
