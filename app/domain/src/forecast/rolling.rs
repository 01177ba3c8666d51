//! What the combination would have said at each point of the history, and how far off it was.
//!
//! The parameters are those of the whole history, but each forecast starts from what was known at its origin. Its errors
//! many steps ahead are the series' own measure of how uncertainty grows, without a model of it; that the parameters have
//! seen what is forecast makes them a little too small, which the calibration (`calibration.rs`) makes up for. Values that
//! were filled in are no observations: nothing is measured at them.

#![expect(
    clippy::disallowed_methods,
    reason = "statistics; nothing here decides a cell"
)]

use super::combine::Ensemble;
use super::prepare::History;
use crate::statistics::mean;

/// Origins that count at most, the latest ones.
const ORIGINS: usize = 400;
/// Steps that the level of the errors is read off, at least and at most; a season's worth in between.
const STEPS: (usize, usize) = (6, 18);
/// How many times more, or less, errors may be where the level has changed.
const FAR: f64 = 10.0;
/// What is forecast counts as this at least, in the unit of the history, when an error is set in proportion to it.
const NOTHING: f64 = 0.01;
/// Steps of which sums are followed.
const SUMMED: usize = 24;
/// What errors of sums are to sums of errors, where nothing can be measured: they would have to be the same for 1.
const TOGETHER: f64 = 0.9;
/// The origins at which that assumption counts as much as the own errors.
const ASSUMED: f64 = 12.0;

/// The errors of a combination within the history.
pub(super) struct Rolling {
    /// One step ahead, for each value; 0 for the first.
    pub(super) residuals: Vec<f64>,
    /// The mean logarithm over steps of the root mean square error, and of the same as a part of what was forecast.
    level: Option<(f64, Option<f64>)>,
    /// By how much a fit makes errors smaller.
    optimism: f64,
    /// Of the first 1, 2, … steps: the root mean square error of the sum over the sum of those of the steps.
    together: Vec<f64>,
    /// The mean absolute change from season to season, or from value to value.
    pub(super) change: f64,
    /// Sums of absolute errors of the combination and of the seasonal naive forecast of the same values, in the later half.
    absolute: (f64, f64),
}

/// Sums over origins for each step.
#[derive(Clone, Copy, Default)]
struct Sums {
    count: f64,
    squares: f64,
    relative: f64,
    total: f64,
}

impl Rolling {
    pub(super) fn of(history: &History, ensemble: &Ensemble) -> Self {
        let values = &history.values;
        let count = values.len();
        let lag = history.lag();
        let levels = history.season.clamp(STEPS.0, STEPS.1);
        let mut sums = vec![Sums::default(); levels.max(SUMMED)];
        let mut steps = vec![0.0; sums.len()];
        let (mut paths, mut parts) = (Vec::new(), vec![0.0; ensemble.size()]);
        let mut residuals = vec![0.0; count];
        let mut absolute = (0.0, 0.0);
        // The first forecasts start from almost nothing.
        let warm_up = (history.season / 2)
            .max(3)
            .min(count / 2)
            .max(count.saturating_sub(ORIGINS));
        for origin in 1..count {
            let left = if origin < warm_up {
                1
            } else {
                (count - origin).min(steps.len())
            };
            ensemble.ahead(origin, &mut steps[..left], &mut paths, &mut parts);
            residuals[origin] = values[origin] - steps[0];
            if origin < warm_up {
                continue;
            }
            let mut total = 0.0;
            for (place, (step, sum)) in steps[..left].iter().zip(&mut sums).enumerate() {
                let error = values[origin + place] - step;
                total += error;
                if !history.observed[origin + place] {
                    continue;
                }
                sum.count += 1.0;
                sum.squares += error * error;
                sum.relative += (error / step.abs().max(NOTHING)).powi(2);
                sum.total += total * total;
                let before = origin + place % lag;
                if place < levels && before >= lag.max(count / 2) && history.observed[before - lag] {
                    absolute.0 += error.abs();
                    absolute.1 += (values[origin + place] - values[before - lag]).abs();
                }
            }
        }
        Self {
            residuals,
            level: level(&sums[..levels], history.positive),
            optimism: optimism(
                count - history.filled(),
                if count > history.season { history.season } else { 1 },
            ),
            together: together(&sums[..SUMMED]),
            change: change(history),
            absolute,
        }
    }

    /// Whether the seasonal naive forecast was better, though it has not seen what was to come.
    pub(super) fn worse_than_naive(&self) -> bool {
        self.absolute.0 > self.absolute.1
    }

    /// The scale of errors before calibration, for a step with this expected value: the geometric mean of the size of its
    /// own errors, of the same in proportion to what is forecast (for positive series), and of the change from season to
    /// season, which no fit makes smaller.
    pub(super) fn scale(&self, expected: f64) -> f64 {
        let Some((errors, relative)) = self.level else {
            return self.change;
        };
        let own = errors.exp();
        // Not out of all proportion where the level falls to nothing or runs away.
        let moving = relative.map_or(own, |relative| {
            (relative.exp() * expected.abs()).clamp(own / FAR, own * FAR)
        });
        (own * moving * self.change).cbrt() * self.optimism
    }

    /// What the error of the sum of the first `steps` steps is to the sum of their errors.
    pub(super) fn together(&self, steps: usize) -> f64 {
        let place = steps.saturating_sub(1).min(self.together.len().saturating_sub(1));
        self.together.get(place).copied().unwrap_or(1.0)
    }
}

/// What errors would be, had the parameters not been fitted to them: the square root of n over the degrees of freedom left
/// by a level, a growth, their smoothing and the parts of a season.
fn optimism(count: usize, lag: usize) -> f64 {
    let fitted = if count < 3 { 1 } else { 3 + lag - 1 };
    let left = count.saturating_sub(fitted).max(count / 4).max(1);
    (count as f64 / left as f64).sqrt()
}

/// `None` where no step has an error other than zero.
fn level(sums: &[Sums], positive: bool) -> Option<(f64, Option<f64>)> {
    let middle = |of: fn(&Sums) -> f64| {
        let logarithms: Vec<f64> = sums
            .iter()
            .filter(|sum| sum.count > 0.0 && of(sum) > 0.0)
            .map(|sum| (of(sum) / sum.count).sqrt().ln())
            .collect();
        mean(&logarithms)
    };
    Some((
        middle(|sum| sum.squares)?,
        if positive {
            middle(|sum| sum.relative)
        } else {
            None
        },
    ))
}

/// For sums of the first 1, 2, … steps: their own error over the sum of the steps' errors, as far as there are origins.
fn together(sums: &[Sums]) -> Vec<f64> {
    let mut apart = 0.0;
    let mut ratio = 1.0;
    let steps = sums.iter().enumerate().map(|(place, sum)| {
        if sum.count > 0.0 && sum.squares > 0.0 {
            apart += (sum.squares / sum.count).sqrt();
            let own = ((sum.total / sum.count).sqrt() / apart).min(1.0);
            let assumed = if place == 0 { 1.0 } else { TOGETHER };
            // Sums of many steps overlap: that many origins say less.
            let weight = sum.count / (sum.count + ASSUMED * (place + 1) as f64);
            ratio = weight * own + (1.0 - weight) * assumed;
        }
        ratio
    });
    steps.collect()
}

/// The mean absolute change over a season, of observed values; that from one to the next where there is only one such pair
/// or none; and without any, a third of what there is: one value says nothing of its spread.
fn change(history: &History) -> f64 {
    let known = || history.values.iter().zip(&history.observed);
    let changes = |pairs: &mut dyn Iterator<Item = (f64, f64)>| -> Vec<f64> {
        pairs.map(|(before, after)| (after - before).abs()).collect()
    };
    let seasonal = changes(
        &mut known()
            .zip(known().skip(history.lag()))
            .filter(|((_, before), (_, after))| **before && **after)
            .map(|((before, _), (after, _))| (*before, *after)),
    );
    if seasonal.len() > 1 {
        return mean(&seasonal).unwrap_or_default();
    }
    let observed: Vec<f64> = known()
        .filter(|(_, observed)| **observed)
        .map(|(value, _)| *value)
        .collect();
    let next = changes(&mut observed.iter().copied().zip(observed.iter().skip(1).copied()));
    mean(&next).unwrap_or_else(|| observed.first().map_or(0.0, |value| value.abs() / 3.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::Random;

    fn rolling(values: &[f64], season: usize) -> Rolling {
        let history = History::of(values, season).unwrap();
        Rolling::of(&history, &Ensemble::fit(&history))
    }

    /// Errors of a random walk add up, so those of a sum are nearly those of its steps together; those of noise around a
    /// level do not.
    #[test]
    fn sums_of_a_walk_are_less_certain_than_sums_of_noise() {
        let mut random = Random::new(8);
        let noise: Vec<f64> = (0..150).map(|_| 500.0 + 5.0 * random.normal()).collect();
        let mut level = 500.0;
        let walk: Vec<f64> = (0..150)
            .map(|_| {
                level += 5.0 * random.normal();
                level
            })
            .collect();
        let (noise, walk) = (rolling(&noise, 1), rolling(&walk, 1));
        assert!((noise.together(1) - 1.0).abs() < 1e-12);
        assert!(noise.together(6) < 0.75, "{}", noise.together(6));
        assert!(walk.together(6) > 0.85, "{}", walk.together(6));
        assert!(!noise.worse_than_naive());
    }

    #[test]
    fn short_histories_are_trusted_less() {
        assert!(optimism(30, 12) > optimism(60, 12) && optimism(60, 12) > 1.1);
        assert!((optimism(1, 1) - 1.0).abs() < 1e-12);
        assert!(optimism(25, 12).is_finite());
    }
}
