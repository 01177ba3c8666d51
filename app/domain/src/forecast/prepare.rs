//! What a forecast starts from: the latest values, without gaps, in a unit of its own.

use super::{ForecastError, MAX_VALUE};
use crate::statistics::median;

/// Seasons that count; older ones say little about the next and cost time.
const SEASONS: usize = 15;
/// Values that count at least, where there are so many: of series with short seasons, or none.
const LEAST: usize = 180;
/// A value below this part of the median is no value of a multiplicative series.
const SMALL: f64 = 0.01;

/// A series made ready.
pub(super) struct History {
    /// The values over `unit`.
    pub(super) values: Vec<f64>,
    /// Periods of a season; 1 where there is none.
    pub(super) season: usize,
    /// What one is worth in the unit of the series: a power of two, so that nothing is rounded on the way.
    pub(super) unit: f64,
    /// Whether all values are above zero by so much that ratios and logarithms mean something.
    pub(super) positive: bool,
    /// Which values were observed; the others were missing and filled in.
    pub(super) observed: Vec<bool>,
    /// Missing values at the end: steps to be made before the first one asked for.
    pub(super) skipped: usize,
}

impl History {
    /// Periods after which values repeat; 1 where fewer than two seasons and a value are known.
    pub(super) fn lag(&self) -> usize {
        if self.values.len() > 2 * self.season {
            self.season
        } else {
            1
        }
    }

    /// How many values were missing and filled in.
    pub(super) fn filled(&self) -> usize {
        self.observed.iter().filter(|observed| !**observed).count()
    }

    /// The least a forecast may say: nothing below zero where there never was.
    pub(super) fn floor(&self) -> f64 {
        if self.values.iter().all(|value| *value >= 0.0) {
            0.0
        } else {
            f64::NEG_INFINITY
        }
    }

    pub(super) fn of(values: &[f64], season: usize) -> Result<Self, ForecastError> {
        if let Some(place) = values.iter().position(|value| value.abs() > MAX_VALUE) {
            return Err(ForecastError::TooLarge { place });
        }
        let end = values
            .iter()
            .rposition(|value| !value.is_nan())
            .ok_or(ForecastError::NoValues)?
            + 1;
        let most = LEAST.max(SEASONS * season);
        let latest = &values[end.saturating_sub(most)..end];
        let start = latest
            .iter()
            .position(|value| !value.is_nan())
            .unwrap_or_default();
        let mut latest = latest[start..].to_vec();
        let observed = latest.iter().map(|value| !value.is_nan()).collect();
        fill(&mut latest, season);
        let unit = unit(&latest);
        for value in &mut latest {
            *value /= unit;
        }
        let least = latest.iter().copied().fold(f64::INFINITY, f64::min);
        let positive = median(&latest).is_some_and(|middle| middle > 0.0 && least > SMALL * middle);
        Ok(Self {
            values: latest,
            season,
            unit,
            positive,
            observed,
            skipped: values.len() - end,
        })
    }
}

/// Fills missing values with the mean of the nearest values before and after in the same part of the season, or, where
/// one side has none, of the nearest at all.
fn fill(values: &mut [f64], season: usize) {
    let known = values.to_vec();
    for place in 0..values.len() {
        if !known[place].is_nan() {
            continue;
        }
        let nearest = |step: usize| {
            let before = (0..place)
                .rev()
                .skip(step - 1)
                .step_by(step)
                .map(|at| known[at])
                .find(|value| !value.is_nan());
            let after = (place + step..known.len())
                .step_by(step)
                .map(|at| known[at])
                .find(|value| !value.is_nan());
            Some(f64::midpoint(before?, after?))
        };
        // The first and the last value are known, so neighbours one step away always exist.
        values[place] = nearest(season).or_else(|| nearest(1)).unwrap_or_default();
    }
}

/// The power of two below the largest value.
fn unit(values: &[f64]) -> f64 {
    let largest = values
        .iter()
        .fold(0.0_f64, |largest, value| largest.max(value.abs()));
    if largest == 0.0 {
        return 1.0;
    }
    // Subnormal numbers stay in the smallest normal unit.
    f64::from_bits((largest.to_bits() >> 52).max(1) << 52)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_filled_from_the_same_part_of_the_season() {
        let gap = f64::NAN;
        let mut values = [1.0, 8.0, 3.0, gap, 5.0, 10.0, 7.0];
        fill(&mut values, 2);
        assert!((values[3] - 9.0).abs() < 1e-12);
        // Without one before: from the neighbours.
        let mut values = [1.0, gap, 3.0, 10.0, 5.0];
        fill(&mut values, 2);
        assert!((values[1] - 2.0).abs() < 1e-12);
    }

    #[test]
    fn the_unit_is_a_power_of_two_and_ends_are_cut() {
        let gap = f64::NAN;
        let history = History::of(&[gap, 12.0, 5.0, gap], 1).unwrap();
        assert_eq!(
            (&history.values, history.skipped, history.filled()),
            (&vec![1.5, 0.625], 1, 0)
        );
        assert!((history.unit - 8.0).abs() < 1e-12);
        assert!(History::of(&[0.0, f64::MIN_POSITIVE / 8.0], 1).unwrap().values[1] < 1.0);
        assert_eq!(History::of(&vec![1.0; 5_000], 12).unwrap().values.len(), 180);
        assert!(!History::of(&[5.0, 5.0, 0.01], 1).unwrap().positive);
    }
}
