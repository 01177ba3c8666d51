//! From deals, win rate and deal size to money a period.

use serde::{Deserialize, Serialize};

use super::{CapabilityError, Estimate, LIMIT, check_chance};
use crate::statistics::{Interval, gamma_interval};

/// What money a period is made of.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Parts {
    /// Deals closed a period ([`super::counts`]), or deals won where there is no `rate`.
    pub deals: Estimate,
    /// The share of them won ([`super::rates`]).
    pub rate: Option<Estimate>,
    /// Money a deal won ([`super::values`]).
    pub value: Estimate,
    /// The standard deviation of one deal's money (the root of `within` of [`super::values`]).
    pub value_sd: f64,
    /// How much of full strength there is, from 0 to 1: the ramp of a new hire, 1 for the others.
    pub ramp: f64,
}

/// What somebody can be expected to bring in a period.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Expected {
    /// `ramp · deals · rate · value`, in the unit of the values.
    pub mean: f64,
    /// Where the person's true mean lies; it contains `mean`.
    pub interval: Interval,
    /// Where the outcome of a single period lies. Its variance is larger, for deals come and vary by chance; but where deals
    /// are few and rare most periods bring nothing, and it lies at next to nothing, below the mean and narrower than
    /// `interval`.
    pub outcome: Interval,
}

/// The product of three independent estimates. Squared relative errors multiply: `1 + c² = Π (1 + cᵢ²)` (Goodman 1960). The
/// outcome of a period adds that of a compound Poisson sum, `deals won · (value² + sd²)`. Both intervals are those of a gamma
/// distribution of that mean and variance, for money is not negative; a mean of nothing gives an empty one at 0. Negative parts are refused.
pub fn expected(parts: &Parts, chance: f64) -> Result<Expected, CapabilityError> {
    check_chance(chance)?;
    if !(0.0..=1.0).contains(&parts.ramp) {
        return Err(CapabilityError::Ramp);
    }
    let factors = [Some(&parts.deals), parts.rate.as_ref(), Some(&parts.value)];
    let sound = |number: f64| number.abs() <= LIMIT;
    let factors_sound = factors
        .iter()
        .flatten()
        .all(|factor| sound(factor.value) && sound(factor.error));
    if !factors_sound || !(0.0..=LIMIT).contains(&parts.value_sd) {
        return Err(CapabilityError::Number { person: 0 });
    }
    if factors
        .iter()
        .flatten()
        .any(|factor| factor.value < 0.0 || factor.error < 0.0)
    {
        return Err(CapabilityError::Negative);
    }
    let mean = parts.ramp
        * factors
            .iter()
            .flatten()
            .map(|factor| factor.value)
            .product::<f64>();
    let nothing = Interval { low: 0.0, high: 0.0 };
    if mean <= 0.0 {
        return Ok(Expected {
            mean: 0.0,
            interval: nothing,
            outcome: nothing,
        });
    }
    let relative: f64 = factors
        .iter()
        .flatten()
        .map(|factor| 1.0 + (factor.error / factor.value) * (factor.error / factor.value))
        .product();
    let variance = mean * mean * (relative - 1.0).max(0.0);
    let value = parts.value.value;
    let won = mean / value;
    let by_chance = won * (value * value + parts.value_sd * parts.value_sd);
    let interval = |variance: f64| {
        if variance > 0.0 {
            gamma_interval(mean, variance, chance)
        } else {
            Interval {
                low: mean,
                high: mean,
            }
        }
    };
    Ok(Expected {
        mean,
        interval: interval(variance).including(mean),
        outcome: interval(variance + by_chance),
    })
}
