//! The regression: values on a level that wanders, a slope, a fixed season and the effects.
//!
//! The level is a random walk under noise (the local level model, Harvey 1989). A Kalman filter run over the values and
//! over every column alike turns the model into ordinary least squares of what each step brings anew. The faster waves of
//! the season are held towards zero, so that a smooth season leaves more to tell the effects by and a jagged one is not
//! taken for them. How much the level wanders and how firmly waves are held is chosen by restricted likelihood. Values that stick out get a larger noise, round by round. Of
//! effects that chance may have made the least certain leaves first; those that stay are shrunk firmly (Gao and Bruce
//! 1997): an effect at the edge of chance is halved, a clear one is left as it is.

#![expect(
    clippy::disallowed_methods,
    reason = "statistics; nothing here decides a cell"
)]

use super::super::linear::{Cholesky, Lower, dot};
use super::{Effect, Estimate, Scale, factor, unknown};
use crate::statistics::{mad, normal_quantile, student_below};

/// The latest periods that count.
const MOST_PERIODS: usize = 1_200;

/// Waves of the season that are fitted at most.
const MOST_WAVES: usize = 26;

/// Values beyond the number of columns that a fit needs.
const LEAST_FREEDOM: usize = 8;

/// The variance of a step of the level over that of the noise.
const WANDERINGS: [f64; 11] = [0.0, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 5.0, 50.0];

/// Waves of the season, slowest first, that are not held.
const FREE_WAVES: usize = 2;

/// How firmly the others are held: the variance of the noise over that of their heights.
const HOLDS: [f64; 7] = [0.01, 0.1, 1.0, 10.0, 100.0, 1_000.0, 10_000.0];

/// Rounds of the fit; sizes and weights settle within a few.
const ROUNDS: usize = 8;

/// Rounds in which wandering and hold are chosen anew.
const SEARCHES: usize = 3;

/// Standard deviations from which on a value counts less.
const STICKS_OUT: f64 = 2.5;

/// Effects below so many standard errors are taken for chance, those above the second are left as they are.
const SHRINK: (f64, f64) = (2.0, 3.0);

/// Sizes of all effects and how they act.
pub(super) fn estimate(values: &[f64], season: usize, effects: &[Effect]) -> (Vec<Estimate>, Scale) {
    let scale = Scale::of(values);
    let mut estimates = unknown(effects);
    let start = values.len().saturating_sub(MOST_PERIODS);
    let series = Series::of(&values[start..], season, scale);
    let exposures: Vec<&[f64]> = effects
        .iter()
        .map(|effect| &effect.exposure[start..values.len()])
        .collect();
    let mut kept: Vec<usize> = (0..effects.len())
        .filter(|effect| series.varies(exposures[*effect]))
        .collect();
    let mut first = true;
    while !kept.is_empty() {
        let chosen: Vec<&[f64]> = kept.iter().map(|effect| exposures[*effect]).collect();
        let Some(fit) = series.fit(&chosen) else { break };
        if first {
            for (effect, error) in kept.iter().zip(&fit.errors) {
                estimates[*effect].error = Some(*error);
            }
            first = false;
        }
        let sure: Vec<f64> = (0..kept.len()).map(|place| fit.certainty(place)).collect();
        let weakest = (0..kept.len())
            .min_by(|a, b| sure[*a].total_cmp(&sure[*b]))
            .unwrap_or_default();
        if sure[weakest] < SHRINK.0 {
            kept.remove(weakest);
            continue;
        }
        for (place, effect) in kept.iter().enumerate() {
            estimates[*effect].size = fit.sizes[place] * firm(sure[place]);
            estimates[*effect].error = Some(fit.errors[place]);
        }
        break;
    }
    (estimates, scale)
}

/// The part of an effect that is believed.
fn firm(certainty: f64) -> f64 {
    let (none, whole) = SHRINK;
    if certainty >= whole {
        1.0
    } else {
        whole / certainty * (certainty - none).max(0.0) / (whole - none)
    }
}

/// A series on the scale of the regression, with the columns every fit has.
struct Series {
    values: Vec<f64>,
    /// A row a period: constant, slope, waves of the season.
    usual: Vec<Vec<f64>>,
    relative: bool,
}

/// What a fit found.
struct Fit {
    sizes: Vec<f64>,
    errors: Vec<f64>,
    freedom: f64,
}

impl Fit {
    /// How many standard errors a size lies from 0, in terms of the normal distribution.
    fn certainty(&self, place: usize) -> f64 {
        let tail = student_below(-(self.sizes[place] / self.errors[place]).abs(), self.freedom);
        // Where the chance is too small for a number, far more than needed.
        if tail > 0.0 {
            -normal_quantile(tail)
        } else {
            3.0 * SHRINK.1
        }
    }
}

impl Series {
    fn of(values: &[f64], season: usize, scale: Scale) -> Self {
        let values: Vec<f64> = match scale {
            Scale::Relative => values.iter().map(|value| value.ln()).collect(),
            Scale::Additive { unit } => values.iter().map(|value| value / unit).collect(),
        };
        let length = values.len().max(1) as f64;
        let waves = (season / 2).min(MOST_WAVES);
        let row = |period: usize| {
            let mut row = vec![1.0, period as f64 / length];
            for wave in 1..=waves {
                let turns = (wave * (period % season)) as f64 / season as f64;
                let angle = std::f64::consts::TAU * turns;
                row.push(angle.cos());
                // The fastest wave of an even season has no second half: its sine is always 0.
                if 2 * wave != season {
                    row.push(angle.sin());
                }
            }
            row
        };
        Self {
            usual: (0..values.len()).map(row).collect(),
            values,
            relative: matches!(scale, Scale::Relative),
        }
    }

    /// Whether an exposure differs between known values; one that does not is a level.
    fn varies(&self, exposure: &[f64]) -> bool {
        let pairs = exposure.iter().zip(&self.values);
        let mut known = pairs
            .filter(|(_, value)| !value.is_nan())
            .map(|(exposure, _)| exposure);
        let first = known.next();
        known.any(|other| first.is_some_and(|first| first.total_cmp(other).is_ne()))
    }

    /// Estimates the sizes of effects; `None` where the series does not tell.
    fn fit(&self, exposures: &[&[f64]]) -> Option<Fit> {
        let known = self.values.iter().filter(|value| !value.is_nan()).count();
        let columns = self.usual.first()?.len() + exposures.len();
        if known < columns + LEAST_FREEDOM {
            return None;
        }
        let mut sizes = vec![0.0; exposures.len()];
        let mut noises = vec![1.0; self.values.len()];
        let mut wandering = 0.0;
        let mut hold = HOLDS[0];
        let mut found = None;
        for round in 0..ROUNDS {
            let rows = self.rows(exposures, &sizes);
            let fit = |wandering, hold| Regression::of(&rows, &noises, wandering, &self.holds(columns, hold));
            let likelihood = |wandering, hold| fit(wandering, hold).map(|fit| fit.likelihood);
            if round < SEARCHES {
                wandering = best(&WANDERINGS, |wandering| likelihood(wandering, hold))?;
                hold = best(&HOLDS, |hold| likelihood(wandering, hold))?;
            }
            let fit = fit(wandering, hold)?;
            let first = columns - exposures.len();
            sizes = fit.coefficients[first..].to_vec();
            noises = fit.noises();
            found = Some(Fit {
                errors: fit.errors(first),
                sizes: sizes.clone(),
                freedom: fit.freedom,
            });
        }
        found.filter(|fit| {
            let numbers = fit.sizes.iter().chain(&fit.errors);
            numbers.copied().all(f64::is_finite) && fit.errors.iter().all(|error| *error > 0.0)
        })
    }

    /// How firmly each column is held.
    fn holds(&self, columns: usize, hold: f64) -> Vec<f64> {
        let usual = self.usual.first().map_or(0, Vec::len);
        let held = 2 + 2 * FREE_WAVES..usual;
        (0..columns)
            .map(|column| if held.contains(&column) { hold } else { 0.0 })
            .collect()
    }

    /// The columns of each period and last its value, straightened around the sizes where effects multiply: the
    /// logarithm of `1 + size · exposure` is not straight.
    fn rows(&self, exposures: &[&[f64]], sizes: &[f64]) -> Vec<Vec<f64>> {
        let rows = self.usual.iter().zip(&self.values).enumerate();
        rows.map(|(period, (usual, value))| {
            let at: Vec<f64> = exposures.iter().map(|exposure| exposure[period]).collect();
            let change = dot(&at, sizes);
            let (divisor, straightened) = if self.relative {
                let factor = factor(change);
                (factor, value - factor.ln() + change / factor)
            } else {
                (1.0, *value)
            };
            let mut row = usual.clone();
            row.extend(at.iter().map(|exposure| exposure / divisor));
            row.push(straightened);
            row
        })
        .collect()
    }
}

/// The choice with the highest likelihood.
fn best(choices: &[f64], likelihood: impl Fn(f64) -> Option<f64>) -> Option<f64> {
    let made = choices
        .iter()
        .filter_map(|choice| Some((likelihood(*choice)?, *choice)));
    made.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, choice)| choice)
}

/// Least squares of the filtered columns.
struct Regression {
    coefficients: Vec<f64>,
    factor: Cholesky,
    /// The variance of the noise.
    variance: f64,
    freedom: f64,
    /// The logarithm of the restricted likelihood, up to a constant.
    likelihood: f64,
    /// What is left of each period, nothing where the value is missing.
    left: Vec<Option<Left>>,
}

impl Regression {
    /// Regresses the last column of `rows` on the others, for a level that wanders by `wandering` times the noise, with the
    /// square of each coefficient counted by its hold.
    fn of(rows: &[Vec<f64>], noises: &[f64], wandering: f64, holds: &[f64]) -> Option<Self> {
        let columns = rows.first()?.len() - 1;
        let mut level = vec![0.0; columns + 1];
        let mut doubt = 0.0;
        let mut filtered: Vec<Option<Filtered>> = Vec::with_capacity(rows.len());
        let mut ln_variances = 0.0;
        for (row, noise) in rows.iter().zip(noises) {
            if row[columns].is_nan() {
                filtered.push(None);
            } else {
                let variance = doubt + noise;
                let gain = doubt / variance;
                let deviation = variance.sqrt();
                let mut new = Vec::with_capacity(columns + 1);
                for (level, value) in level.iter_mut().zip(row) {
                    let news = value - *level;
                    new.push(news / deviation);
                    *level += gain * news;
                }
                ln_variances += variance.ln();
                filtered.push(Some(Filtered {
                    row: new,
                    variance,
                    doubt,
                }));
                doubt *= 1.0 - gain;
            }
            doubt += wandering;
        }
        let known: Vec<&[f64]> = filtered.iter().flatten().map(|new| new.row.as_slice()).collect();
        let mut matrix: Lower = (0..columns).map(|place| vec![0.0; place + 1]).collect();
        let mut right = vec![0.0; columns];
        for row in &known {
            let target = row[columns];
            for (place, entry) in row[..columns].iter().enumerate() {
                right[place] += entry * target;
                for (cell, other) in matrix[place].iter_mut().zip(row.iter()) {
                    *cell += entry * other;
                }
            }
        }
        for (place, (row, hold)) in matrix.iter_mut().zip(holds).enumerate() {
            // A part of the season that was never seen has no coefficient of its own.
            row[place] += 1e-9 * row[place] + f64::MIN_POSITIVE + hold;
        }
        let factor = Cholesky::of(&matrix)?;
        let coefficients = factor.solve(&right);
        let rest = |row: &[f64]| row[columns] - dot(&row[..columns], &coefficients);
        let held = coefficients
            .iter()
            .zip(holds)
            .map(|(coefficient, hold)| hold * coefficient * coefficient);
        let squares: f64 = known.iter().map(|row| rest(row) * rest(row)).sum::<f64>() + held.sum::<f64>();
        let firm = holds.iter().filter(|hold| **hold > 0.0);
        let ln_holds: f64 = firm.clone().map(|hold| hold.ln()).sum();
        let freedom = (known.len() + firm.count()).checked_sub(columns)? as f64;
        let variance = squares / freedom;
        // A series without noise: every effect is sure, and the likelihood has no end.
        let variance = variance.max(1e-24);
        let likelihood = -0.5 * (freedom * variance.ln() + ln_variances + factor.ln_determinant() - ln_holds);
        let left = filtered.iter().map(|new| {
            let new = new.as_ref()?;
            Some(Left {
                usual: rest(&new.row) * (new.variance / (new.doubt + 1.0)).sqrt(),
                doubt: new.doubt,
            })
        });
        Some(Self {
            left: left.collect(),
            coefficients,
            factor,
            variance,
            freedom,
            likelihood,
        })
    }

    /// The standard errors of the coefficients from `first` on.
    fn errors(&self, first: usize) -> Vec<f64> {
        let diagonal = self.factor.inverse_diagonal();
        diagonal
            .iter()
            .skip(first)
            .map(|inverse| (inverse * self.variance).sqrt())
            .collect()
    }

    /// The noise of each period for the next round: larger where more is left than the others would have it.
    fn noises(&self) -> Vec<f64> {
        let left: Vec<f64> = self.left.iter().flatten().map(|left| left.usual).collect();
        let most = STICKS_OUT * 1.482_6 * mad(&left).unwrap_or(0.0);
        let noises = self.left.iter().map(|left| match left {
            Some(left) if left.usual.abs() > most && most > 0.0 => {
                let apart = left.usual / most;
                ((left.doubt + 1.0) * apart * apart - left.doubt).min(1e6)
            }
            _ => 1.0,
        });
        noises.collect()
    }
}

/// What a period brings anew in every column, over the standard deviation.
struct Filtered {
    row: Vec<f64>,
    variance: f64,
    /// The variance of the level before it, over that of the noise.
    doubt: f64,
}

/// What is left of a period.
struct Left {
    /// Over its standard deviation with a noise of 1.
    usual: f64,
    /// The variance of the level before it, over that of the noise.
    doubt: f64,
}
