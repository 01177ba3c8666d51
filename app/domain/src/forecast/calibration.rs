//! How the scale of errors grows with the steps ahead, and the shape of their distribution: what cannot be learnt from one
//! series alone. `table.rs` is made by `cargo xtask accuracy --calibrate` from many series of all kinds.

#![expect(
    clippy::disallowed_methods,
    reason = "statistics; nothing here decides a cell"
)]

use super::rolling::Power;
use super::table::{MONTHS, QUARTERS, YEARS};
use crate::statistics::{quantile, slope, student_quantile};

/// Errors follow Student's distribution with `freedom` degrees of freedom. Its scale s steps ahead is `first · sᵖ` times the
/// scale of the series' own errors, with `p = power + bend · ln s`; beyond `steps` it grows like a random walk. Where the
/// own errors grow otherwise than those of most series, so does the scale, as far as there is enough of them: by
/// `(s / s̄)^(weight · (own power − growth))`. Sums of the first s steps are off by `s^(apart + weight · (own power −
/// together))` times the sum of the scales.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Calibration {
    /// The degrees of freedom; the fewer, the fatter the tails.
    pub freedom: f64,
    /// The factor one step ahead.
    pub first: f64,
    /// How the factor grows at first.
    pub power: f64,
    /// How that changes.
    pub bend: f64,
    /// The steps it was learnt from.
    pub steps: usize,
    /// The power of the steps with which errors of most series grow within their history.
    pub growth: f64,
    /// The power with which errors of sums fall behind sums of errors.
    pub apart: f64,
    /// The same of most series within their history.
    pub together: f64,
}

/// What a series shows of its own errors, before calibration.
#[derive(Clone, Debug, PartialEq)]
pub struct Own {
    /// The scale of errors of each step, without growth, in the unit of the series.
    pub(super) level: Vec<f64>,
    /// What the scale of each step is at least, as far as it is outside of what was ever seen.
    pub(super) beyond: Vec<f64>,
    /// The mean logarithm of the steps the level was read off.
    pub(super) middle: f64,
    /// The power of the steps with which errors grew.
    pub(super) growth: Power,
    /// The power with which errors of sums fell behind sums of errors.
    pub(super) together: Power,
    /// Steps before the first.
    pub(super) skipped: usize,
}

/// A forecast and what came, to be learnt from.
#[derive(Clone, Debug, PartialEq)]
pub struct Lesson {
    /// The errors of the series.
    pub own: Own,
    /// How far off each step was; as many as `own` has.
    pub(super) errors: Vec<f64>,
}

/// The parts of errors that are met: what lies between is close, and what is further out is too rare to be counted.
const INNER: f64 = 0.8;
const OUTER: f64 = 0.95;
/// The range of the degrees of freedom.
const FREEDOM: (f64, f64) = (2.0, 60.0);

/// Steps, from 0, beyond which no growth of a series is read off its history.
const FURTHEST: usize = 17;

impl Calibration {
    /// That of a season: as for years without one, as for quarters below 7 periods, and as for months from there on.
    pub fn of(season: usize) -> &'static Self {
        match season {
            0..=1 => &YEARS,
            2..=6 => &QUARTERS,
            _ => &MONTHS,
        }
    }

    /// The scale of the distribution for each step, in the unit of the series.
    pub fn spread(&self, own: &Own) -> Vec<f64> {
        let power = own.growth.beside(self.growth);
        let steps = own
            .level
            .iter()
            .zip(&own.beyond)
            .enumerate()
            .map(|(step, (level, beyond))| {
                let step = own.skipped + step;
                let far = (step.min(FURTHEST) as f64 + 1.0).ln() - own.middle;
                (level * self.factor(step) * (power * far).exp()).max(*beyond)
            });
        steps.collect()
    }

    /// The same for the sums of the first 1, 2, … steps, from those of the steps.
    pub fn totals(&self, own: &Own, spread: &[f64]) -> Vec<f64> {
        let power = (self.apart + own.together.beside(self.together)).clamp(-1.0, 0.0);
        let mut sum = 0.0;
        let steps = spread.iter().enumerate().map(|(step, spread)| {
            sum += spread;
            sum * (step.min(FURTHEST) as f64 + 1.0).powf(power)
        });
        steps.collect()
    }

    /// The factor of a step, from 0.
    fn factor(&self, step: usize) -> f64 {
        let learnt = (step + 1).min(self.steps) as f64;
        let beyond = (step + 1) as f64 / learnt;
        self.first * learnt.powf(self.power + self.bend * learnt.ln()) * beyond.sqrt()
    }

    /// The distribution of which 80 and 95 per cent lie where they do of these errors, of series with the same steps. `None`
    /// of less than two steps or of errors that are all the same.
    pub fn fit(lessons: &[Lesson]) -> Option<Self> {
        let steps = lessons.iter().map(|lesson| lesson.errors.len()).min()?;
        let middle = |of: fn(&Own) -> Power| {
            let whole: f64 = lessons.iter().map(|lesson| of(&lesson.own).weight).sum();
            let sum: f64 = lessons
                .iter()
                .map(|lesson| of(&lesson.own).weight * of(&lesson.own).power)
                .sum();
            if whole > 0.0 { sum / whole } else { 0.0 }
        };
        let plain = Self {
            freedom: 0.0,
            first: 1.0,
            power: 0.0,
            bend: 0.0,
            steps,
            growth: middle(|own| own.growth),
            apart: 0.0,
            together: middle(|own| own.together),
        };
        let errors: Vec<Vec<f64>> = (0..steps)
            .map(|step| {
                let scaled = lessons.iter().map(|lesson| {
                    lesson.errors[step].abs() / plain.spread(&lesson.own)[step] * plain.factor(step)
                });
                scaled.filter(|error| error.is_finite()).collect()
            })
            .collect();
        let points: Vec<(f64, f64)> = errors
            .iter()
            .enumerate()
            .filter_map(|(step, errors)| {
                let middle = (quantile(errors, INNER)? * quantile(errors, OUTER)?).sqrt();
                (middle > 0.0).then(|| (((step + 1) as f64).ln(), middle.ln()))
            })
            .collect();
        // Growth first, then what is left of it on what a parabola adds to a line.
        let line = slope(&points)?;
        let parabola = slope(&points.iter().map(|(x, _)| (*x, x * x)).collect::<Vec<_>>())?;
        let rest: Vec<(f64, f64)> = points
            .iter()
            .map(|(x, y)| (x * x - parabola * x, y - line * x))
            .collect();
        let bend = slope(&rest).unwrap_or_default();
        let shape = Self {
            power: line - bend * parabola,
            bend,
            ..plain
        };
        let level: Vec<f64> = errors
            .iter()
            .enumerate()
            .flat_map(|(step, errors)| errors.iter().map(move |error| error / shape.factor(step)))
            .collect();
        let (inner, outer) = (quantile(&level, INNER)?, quantile(&level, OUTER)?);
        let ends = |freedom| [INNER, OUTER].map(|part| student_quantile(f64::midpoint(1.0, part), freedom));
        let (mut low, mut high) = FREEDOM;
        for _ in 0..50 {
            let middle = f64::midpoint(low, high);
            let [near, far] = ends(middle);
            if far / near > outer / inner {
                low = middle;
            } else {
                high = middle;
            }
        }
        let [near, far] = ends(low);
        let first = (inner / near * outer / far).sqrt();
        let found = Self {
            freedom: low,
            first,
            ..shape
        };
        (first > 0.0 && first.is_finite()).then(|| Self {
            apart: found.apart(lessons, near, far),
            ..found
        })
    }

    /// The power of the steps by which sums are closer than if all errors were the same.
    fn apart(&self, lessons: &[Lesson], near: f64, far: f64) -> f64 {
        let (mut across, mut along) = (0.0, 0.0);
        for step in 1..self.steps {
            let errors: Vec<f64> = lessons
                .iter()
                .map(|lesson| {
                    let total = lesson.errors[..=step].iter().sum::<f64>().abs();
                    total / self.totals(&lesson.own, &self.spread(&lesson.own))[step]
                })
                .filter(|error| error.is_finite())
                .collect();
            let (Some(inner), Some(outer)) = (quantile(&errors, INNER), quantile(&errors, OUTER)) else {
                continue;
            };
            let size = ((inner / near * outer / far).sqrt()).ln();
            let steps = ((step + 1) as f64).ln();
            if size.is_finite() {
                across += steps * size;
                along += steps * steps;
            }
        }
        if along > 0.0 { across / along } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::Random;

    #[test]
    fn a_known_distribution_is_found() {
        let mut random = Random::new(17);
        let lessons: Vec<Lesson> = (0..4_000)
            .map(|_| {
                let errors = (1..=12).map(|step| {
                    let scale = 1.5 * f64::from(step).powf(0.3);
                    student_quantile(random.unit().clamp(1e-9, 1.0 - 1e-9), 5.0) * scale
                });
                lesson(errors.collect())
            })
            .collect();
        let found = Calibration::fit(&lessons).unwrap();
        assert!((found.first - 1.5).abs() < 0.05, "{found:?}");
        let power = (found.factor(11) / found.factor(0)).ln() / 12_f64.ln();
        assert!((power - 0.3).abs() < 0.02, "{found:?}");
        assert!((found.freedom - 5.0).abs() < 0.8, "{found:?}");
        // Errors that have nothing to do with each other: nearly -1/2.
        assert!((-0.6..-0.35).contains(&found.apart), "{found:?}");
        assert_eq!(Calibration::fit(&[lesson(vec![1.0])]), None);
        assert_eq!(Calibration::fit(&[lesson(vec![0.0, 0.0])]), None);
        assert_eq!(Calibration::fit(&[]), None);
    }

    fn lesson(errors: Vec<f64>) -> Lesson {
        Lesson {
            own: Own {
                level: vec![1.0; errors.len()],
                beyond: vec![0.0; errors.len()],
                middle: 0.0,
                growth: Power::default(),
                together: Power::default(),
                skipped: 0,
            },
            errors,
        }
    }
}
