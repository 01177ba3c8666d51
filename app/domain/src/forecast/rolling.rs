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
/// The range of the power with which errors grow.
const GROWTH: (f64, f64) = (-0.2, 1.2);
/// The range of the power with which errors of sums fall behind.
const TOGETHER: (f64, f64) = (-1.0, 0.0);
/// The origins at which what a series shows of its errors counts as much as what others show.
const ASSUMED: f64 = 12.0;

/// The errors of a combination within the history.
pub(super) struct Rolling {
    /// One step ahead, for each value; 0 for the first.
    pub(super) residuals: Vec<f64>,
    /// The mean logarithm over steps of the root mean square error, and of the same as a part of what was forecast.
    level: Option<(f64, Option<f64>)>,
    /// By how much a fit makes errors smaller.
    optimism: f64,
    /// The power of the steps with which errors grew.
    pub(super) growth: Power,
    /// The power of the steps with which errors of sums fell behind the sums of errors: 0 for errors that are all the same,
    /// -1/2 for errors that have nothing to do with each other.
    pub(super) together: Power,
    /// The mean logarithm of the steps that the level was read off.
    pub(super) middle: f64,
    /// The mean absolute change from season to season, or from value to value.
    pub(super) change: f64,
    /// Sums of absolute errors of the combination and of the seasonal naive forecast of the same values, in the later half.
    absolute: (f64, f64),
}

/// How something went with the steps, and what that is worth beside what other series show, from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Power {
    pub(super) power: f64,
    pub(super) weight: f64,
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
        let mut sums = vec![Sums::default(); levels];
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
                if before >= lag.max(count / 2) && history.observed[before - lag] {
                    absolute.0 += error.abs();
                    absolute.1 += (values[origin + place] - values[before - lag]).abs();
                }
            }
        }
        Self {
            residuals,
            level: level(&sums, history.positive),
            optimism: optimism(
                count - history.filled(),
                if count > history.season { history.season } else { 1 },
            ),
            growth: growth(&sums),
            together: together(&sums),
            middle: (1..=levels).map(|step| (step as f64).ln()).sum::<f64>() / levels as f64,
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

/// The slope of the logarithm of errors on that of the steps, each step by its origins.
fn growth(sums: &[Sums]) -> Power {
    let points = sums.iter().enumerate().filter(|(_, sum)| sum.count > 0.0);
    let points = points.map(|(place, sum)| (place + 1, (sum.squares / sum.count).sqrt(), sum.count));
    Power::of(&points.collect::<Vec<_>>(), GROWTH)
}

/// The same of what errors of the sums of the first 1, 2, … steps are to the sums of their errors.
fn together(sums: &[Sums]) -> Power {
    let mut apart = 0.0;
    let points = sums.iter().enumerate().filter(|(_, sum)| sum.count > 0.0);
    let points = points.map(|(place, sum)| {
        apart += (sum.squares / sum.count).sqrt();
        (place + 1, (sum.total / sum.count).sqrt() / apart, sum.count)
    });
    Power::of(&points.collect::<Vec<_>>(), TOGETHER)
}

impl Power {
    /// By how much it is other than what is usual, as far as it counts.
    pub(super) fn beside(self, usual: f64) -> f64 {
        self.weight * (self.power - usual)
    }

    /// From steps, what was seen of them, and how often.
    fn of(seen: &[(usize, f64, f64)], range: (f64, f64)) -> Self {
        let points: Vec<(f64, f64, f64)> = seen
            .iter()
            .filter(|(_, size, _)| *size > 0.0)
            .map(|(step, size, count)| ((*step as f64).ln(), size.ln(), *count))
            .collect();
        let whole: f64 = points.iter().map(|(_, _, count)| count).sum();
        let middle = |of: fn(&(f64, f64, f64)) -> f64| {
            points.iter().map(|point| of(point) * point.2).sum::<f64>() / whole
        };
        let (x, y) = (middle(|point| point.0), middle(|point| point.1));
        let products = |of: &dyn Fn(&(f64, f64, f64)) -> f64| -> f64 {
            points.iter().map(|point| of(point) * point.2).sum()
        };
        let power =
            products(&|point| (point.0 - x) * (point.1 - y)) / products(&|point| (point.0 - x).powi(2));
        if !power.is_finite() {
            return Self::default();
        }
        // One origin shows no size of errors.
        let least = seen.last().map_or(0.0, |(_, _, count)| *count - 1.0);
        Self {
            power: power.clamp(range.0, range.1),
            weight: least / (least + ASSUMED),
        }
    }
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
        assert!(noise.together.power < -0.35, "{:?}", noise.together);
        assert!(walk.together.power > -0.15, "{:?}", walk.together);
        assert!(noise.growth.power < 0.15, "{:?}", noise.growth);
        assert!((walk.growth.power - 0.5).abs() < 0.15, "{:?}", walk.growth);
        assert!(!noise.worse_than_naive());
    }

    #[test]
    fn short_histories_are_trusted_less() {
        assert!(optimism(30, 12) > optimism(60, 12) && optimism(60, 12) > 1.1);
        assert!((optimism(1, 1) - 1.0).abs() < 1e-12);
        assert!(optimism(25, 12).is_finite());
    }
}
