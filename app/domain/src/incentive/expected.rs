//! What a scheme is expected to pay, under a distribution of where a measure will land.

use serde::{Deserialize, Serialize};

use super::{Achieved, PayoutError, Scheme, payout};
use crate::money::{Minor, divide};
use crate::plan::MAX_AMOUNT;
use crate::statistics::{normal_quantile, quantile};

/// Points at which a continuous landing is looked at: the middles of ranges of equal chance.
const POINTS: u32 = 1_000;

/// Where a measure will land.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "landing")]
pub enum Landing {
    /// Simulated ends, equally likely; at least one.
    Paths {
        /// The ends.
        ends: Vec<Minor>,
    },
    /// Quantiles: chances from 0 to 1 of landing at or below, ascending, with amounts that do not fall. Between two of
    /// them by proportion, beyond the outer ones at these.
    Quantiles {
        /// Chance and amount.
        points: Vec<(f64, Minor)>,
    },
    /// A normal distribution.
    Normal {
        /// Its mean.
        mean: Minor,
        /// Its standard deviation; not negative.
        sd: Minor,
    },
}

/// What is expected to be paid.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExpectedPayout {
    /// The mean over all landings, rounded: with kinks in the curve it is not the payout of the mean landing.
    pub mean: Minor,
    /// The payout that is missed with a chance of 10 %.
    pub p10: Minor,
    /// The middle payout.
    pub p50: Minor,
    /// The payout that is passed with a chance of 10 %.
    pub p90: Minor,
    /// The chance that the measure reaches its target.
    pub chance_of_target: f64,
    /// The chance that nothing is paid.
    pub chance_of_nothing: f64,
}

/// What a scheme pays where one measure lands as `landing` says and the others stay as they are. A continuous landing is
/// looked at in 1,000 ranges of equal chance, so chances are good to a thousandth.
pub fn expected(
    scheme: &Scheme,
    achieved: &[Achieved],
    measure: usize,
    landing: &Landing,
) -> Result<ExpectedPayout, PayoutError> {
    let mut achieved = achieved.to_vec();
    let target = match achieved.get(measure) {
        Some(achieved) => achieved.target,
        None => return Err(PayoutError::Unknown { measure }),
    };
    let ends = landing.ends()?;
    let mut payouts = Vec::with_capacity(ends.len());
    for end in &ends {
        if let Some(achieved) = achieved.get_mut(measure) {
            achieved.done = *end;
        }
        payouts.push(payout(scheme, &achieved)?.payout.0);
    }
    let count = payouts.len();
    let sum: i128 = payouts.iter().map(|payout| i128::from(*payout)).sum();
    let mean = i64::try_from(divide(sum, count as i128)).map_err(|_| PayoutError::TooLarge)?;
    // Payouts lie below 2^53: exact as floats.
    let floats: Vec<f64> = payouts.iter().map(|payout| *payout as f64).collect();
    let at = |part: f64| quantile(&floats, part).map_or(Minor(0), |value| Minor(value.round() as i64));
    let share = |hits: usize| hits as f64 / count as f64;
    Ok(ExpectedPayout {
        mean: Minor(mean),
        p10: at(0.1),
        p50: at(0.5),
        p90: at(0.9),
        chance_of_target: share(ends.iter().filter(|end| **end >= target).count()),
        chance_of_nothing: share(payouts.iter().filter(|payout| **payout == 0).count()),
    })
}

impl Landing {
    /// Ends of equal chance.
    fn ends(&self) -> Result<Vec<Minor>, PayoutError> {
        let middles = (0..POINTS).map(|point| (f64::from(point) + 0.5) / f64::from(POINTS));
        match self {
            Self::Paths { ends } if ends.is_empty() => Err(PayoutError::Landing),
            Self::Paths { ends } => Ok(ends.clone()),
            Self::Quantiles { points } => {
                let chances_fit = points.iter().all(|(chance, _)| (0.0..=1.0).contains(chance));
                let ascending = points
                    .windows(2)
                    .all(|pair| pair[0].0 < pair[1].0 && pair[0].1 <= pair[1].1);
                if points.is_empty() || !chances_fit || !ascending {
                    return Err(PayoutError::Landing);
                }
                Ok(middles.map(|chance| between(points, chance)).collect())
            }
            Self::Normal { sd, .. } if sd.0 < 0 => Err(PayoutError::Landing),
            Self::Normal { mean, sd } => {
                if mean.0.unsigned_abs() > MAX_AMOUNT as u64 || sd.0 > MAX_AMOUNT {
                    return Err(PayoutError::TooLarge);
                }
                let end = |chance| mean.0 as f64 + sd.0 as f64 * normal_quantile(chance);
                Ok(middles.map(|chance| Minor(end(chance).round() as i64)).collect())
            }
        }
    }
}

/// The amount at a chance; there is at least one point.
fn between(points: &[(f64, Minor)], chance: f64) -> Minor {
    let above = points.partition_point(|(part, _)| *part < chance);
    match (
        above.checked_sub(1).and_then(|below| points.get(below)),
        points.get(above),
    ) {
        (Some((low, from)), Some((high, to))) => {
            let part = (chance - low) / (high - low);
            Minor(
                from.0
                    .saturating_add((part * (to.0 as f64 - from.0 as f64)).round() as i64),
            )
        }
        (Some((_, only)), None) | (None, Some((_, only))) => *only,
        (None, None) => Minor(0),
    }
}
