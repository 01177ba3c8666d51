//! How good forecasts were: the scores of the M4 competition (Makridakis, Spiliotis and Assimakopoulos 2020).

use crate::statistics::{Interval, mean};

/// The mean of `200 · |y − f| / (|y| + |f|)`, in per cent; a pair of zeros counts as none off. `None` of nothing.
pub fn smape(actual: &[f64], said: &[f64]) -> Option<f64> {
    let parts: Vec<f64> = actual
        .iter()
        .zip(said)
        .map(|(actual, said)| {
            let size = actual.abs() + said.abs();
            if size > 0.0 {
                200.0 * (actual - said).abs() / size
            } else {
                0.0
            }
        })
        .collect();
    mean(&parts)
}

/// What errors are set against: the mean absolute change over `lag` values of the history (Hyndman and Koehler 2006).
/// `None` where there is no such pair, or never a change.
pub fn naive_scale(history: &[f64], lag: usize) -> Option<f64> {
    let changes: Vec<f64> = history
        .iter()
        .zip(history.iter().skip(lag))
        .map(|(before, after)| (after - before).abs())
        .collect();
    mean(&changes).filter(|scale| *scale > 0.0)
}

/// The mean absolute error over the scale of [`naive_scale`]. `None` of nothing.
pub fn mase(actual: &[f64], said: &[f64], scale: f64) -> Option<f64> {
    let errors: Vec<f64> = actual
        .iter()
        .zip(said)
        .map(|(actual, said)| (actual - said).abs() / scale)
        .collect();
    mean(&errors)
}

/// The mean width of intervals with a level (per cent), and `2/α` times how far values lie outside, over the scale of
/// [`naive_scale`] (Gneiting and Raftery 2007). `None` of nothing.
pub fn msis(actual: &[f64], intervals: &[Interval], level: f64, scale: f64) -> Option<f64> {
    let penalty = 2.0 / (1.0 - level / 100.0);
    let parts: Vec<f64> = actual
        .iter()
        .zip(intervals)
        .map(|(actual, interval)| {
            let outside = (interval.low - actual).max(actual - interval.high).max(0.0);
            (interval.width() + penalty * outside) / scale
        })
        .collect();
    mean(&parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_by_hand() {
        assert_eq!(smape(&[100.0, 0.0], &[300.0, 0.0]), Some(50.0));
        assert_eq!(naive_scale(&[1.0, 5.0, 2.0, 8.0], 2), Some(2.0));
        assert_eq!(
            (naive_scale(&[1.0], 1), naive_scale(&[3.0, 3.0], 1)),
            (None, None)
        );
        assert_eq!(mase(&[4.0, 8.0], &[5.0, 5.0], 2.0), Some(1.0));
        let intervals = [Interval { low: 0.0, high: 2.0 }, Interval { low: 0.0, high: 2.0 }];
        // Widths of 2, and 3 outside at 2 / 0.05.
        let score = msis(&[1.0, 5.0], &intervals, 95.0, 2.0).unwrap();
        assert!((score - (1.0 + (1.0 + 60.0)) / 2.0).abs() < 1e-9, "{score}");
        assert_eq!(smape(&[], &[]), None);
    }
}
