//! How the scale of errors grows with the steps ahead, and the shape of their distribution: what cannot be learnt from one
//! series alone. `table.rs` is made by `cargo xtask accuracy --calibrate` from many series of all kinds.

#![expect(
    clippy::disallowed_methods,
    reason = "statistics; nothing here decides a cell"
)]

use super::table::{MONTHS, QUARTERS, YEARS};
use crate::statistics::{quantile, slope, student_quantile};

/// Errors follow Student's distribution with `freedom` degrees of freedom. Its scale s steps ahead is `first · sᵖ` times the
/// scale of the series' own errors, with `p = power + bend · ln s`; beyond `steps` it grows like a random walk.
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
}

/// The parts of errors that are met: what lies between is close, and what is further out is too rare to be counted.
const INNER: f64 = 0.8;
const OUTER: f64 = 0.95;
/// The range of the degrees of freedom.
const FREEDOM: (f64, f64) = (2.0, 60.0);

impl Calibration {
    /// That of a season: as for years without one, as for quarters below 7 periods, and as for months from there on.
    pub fn of(season: usize) -> &'static Self {
        match season {
            0..=1 => &YEARS,
            2..=6 => &QUARTERS,
            _ => &MONTHS,
        }
    }

    /// The factor of a step, from 0.
    pub fn factor(&self, step: usize) -> f64 {
        let learnt = (step + 1).min(self.steps) as f64;
        let beyond = (step + 1) as f64 / learnt;
        self.first * learnt.powf(self.power + self.bend * learnt.ln()) * beyond.sqrt()
    }

    /// The distribution of which 80 and 95 per cent lie where they do of these errors: for each step, of each series the
    /// absolute error over the scale of its own. `None` of less than two steps or of errors that are all the same.
    pub fn fit(errors: &[Vec<f64>]) -> Option<Self> {
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
            freedom: 0.0,
            first: 1.0,
            power: line - bend * parabola,
            bend,
            steps: errors.len(),
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
        (first > 0.0 && first.is_finite()).then_some(Self {
            freedom: low,
            first,
            ..shape
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::Random;

    #[test]
    fn a_known_distribution_is_found() {
        let mut random = Random::new(17);
        let errors: Vec<Vec<f64>> = (1..=12)
            .map(|step| {
                let scale = 1.5 * f64::from(step).powf(0.3);
                (0..4_000)
                    .map(|_| student_quantile(random.unit().clamp(1e-9, 1.0 - 1e-9), 5.0).abs() * scale)
                    .collect()
            })
            .collect();
        let found = Calibration::fit(&errors).unwrap();
        assert!((found.first - 1.5).abs() < 0.05, "{found:?}");
        assert!((found.power - 0.3).abs() < 0.02, "{found:?}");
        assert!((found.freedom - 5.0).abs() < 0.8, "{found:?}");
        assert_eq!(Calibration::fit(&errors[..1]), None);
        assert_eq!(Calibration::fit(&[vec![0.0], vec![0.0]]), None);
    }
}
