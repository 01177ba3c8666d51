//! What a sample allows to conclude: intervals, correlations, tests.

use serde::{Deserialize, Serialize};

use super::{Interval, Random, finite, mean, normal_quantile, quantile, ranks, student_below};

/// How two lists go together.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Correlation {
    /// From −1 to 1.
    pub r: f64,
    /// The chance of one as strong or stronger where there is none (two-sided, Student's t).
    pub p: f64,
    /// Pairs it rests on.
    pub pairs: usize,
}

/// Pearson's correlation of pairs in which both are finite; `None` of fewer than three, or where one list does not vary.
pub fn correlation(pairs: &[(f64, f64)]) -> Option<Correlation> {
    let pairs: Vec<(f64, f64)> = pairs
        .iter()
        .copied()
        .filter(|(a, b)| a.is_finite() && b.is_finite())
        .collect();
    let (xs, ys): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let (x, y) = (mean(&xs).filter(|_| pairs.len() > 2)?, mean(&ys)?);
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (a, b) in &pairs {
        xx += (a - x) * (a - x);
        yy += (b - y) * (b - y);
        xy += (a - x) * (b - y);
    }
    // What rounding leaves of a constant is no variation.
    let varies =
        |squares: f64, level: f64| squares > 1e-24 * level * level * pairs.len() as f64 && squares > 0.0;
    if !varies(xx, x) || !varies(yy, y) {
        return None;
    }
    let r = (xy / (xx.sqrt() * yy.sqrt())).clamp(-1.0, 1.0);
    if !r.is_finite() {
        return None;
    }
    let freedom = (pairs.len() - 2) as f64;
    let rest = 1.0 - r * r;
    let p = if rest <= 0.0 {
        0.0
    } else {
        2.0 * student_below(-(r.abs() * (freedom / rest).sqrt()), freedom)
    };
    Some(Correlation {
        r,
        p,
        pairs: pairs.len(),
    })
}

/// Spearman's correlation: that of the ranks, which single extremes do not move.
pub fn rank_correlation(pairs: &[(f64, f64)]) -> Option<Correlation> {
    let (xs, ys): (Vec<f64>, Vec<f64>) = pairs
        .iter()
        .copied()
        .filter(|(a, b)| a.is_finite() && b.is_finite())
        .unzip();
    let ranked: Vec<(f64, f64)> = ranks(&xs).into_iter().zip(ranks(&ys)).collect();
    correlation(&ranked)
}

/// The slope of the least-squares line through the pairs; `None` of fewer than two or where `x` does not vary.
pub fn slope(pairs: &[(f64, f64)]) -> Option<f64> {
    let (xs, ys): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let (x, y) = (mean(&xs).filter(|_| pairs.len() > 1)?, mean(&ys)?);
    let xx: f64 = xs.iter().map(|a| (a - x) * (a - x)).sum();
    let xy: f64 = pairs.iter().map(|(a, b)| (a - x) * (b - y)).sum();
    Some(xy / xx).filter(|slope| slope.is_finite())
}

/// Wilson's interval (1927) of a share: `successes` of `trials`, with the stated chance (0.95, say). `None` without a trial.
pub fn wilson(successes: u64, trials: u64, chance: f64) -> Option<Interval> {
    if trials == 0 || successes > trials {
        return None;
    }
    let z = normal_quantile(0.5 + chance.clamp(0.0, 0.999_999) / 2.0);
    let (n, part) = (trials as f64, successes as f64 / trials as f64);
    let scale = 1.0 + z * z / n;
    let middle = (part + z * z / (2.0 * n)) / scale;
    let half = z * (part * (1.0 - part) / n + z * z / (4.0 * n * n)).sqrt() / scale;
    Some(Interval {
        low: (middle - half).max(0.0),
        high: (middle + half).min(1.0),
    })
}

/// The percentile bootstrap interval (Efron 1979) of a statistic of `count` items, from `rounds` samples with repetition;
/// the statistic is handed the places drawn. Rounds without an answer are left out; `None` where more than half are.
pub fn bootstrap(
    count: usize,
    rounds: usize,
    chance: f64,
    seed: u64,
    mut statistic: impl FnMut(&[usize]) -> Option<f64>,
) -> Option<Interval> {
    if count == 0 {
        return None;
    }
    let mut random = Random::new(seed);
    let mut places = vec![0; count];
    let mut values = Vec::with_capacity(rounds);
    for _ in 0..rounds {
        places.fill_with(|| random.below(count));
        values.extend(statistic(&places));
    }
    let values = finite(&values);
    if values.len() * 2 <= rounds {
        return None;
    }
    let tail = (1.0 - chance.clamp(0.0, 1.0)) / 2.0;
    Some(Interval {
        low: quantile(&values, tail)?,
        high: quantile(&values, 1.0 - tail)?,
    })
}

/// Which of many tests hold while at most a share `rate` of those reported are false (Benjamini and Hochberg 1995).
pub fn benjamini_hochberg(chances: &[f64], rate: f64) -> Vec<bool> {
    let mut order: Vec<usize> = (0..chances.len())
        .filter(|place| !chances[*place].is_nan())
        .collect();
    order.sort_unstable_by(|a, b| chances[*a].total_cmp(&chances[*b]));
    let count = order.len() as f64;
    let holds = |rank: usize, place: &usize| chances[*place] <= rate * (rank + 1) as f64 / count;
    let last = order
        .iter()
        .enumerate()
        .rposition(|(rank, place)| holds(rank, place));
    let mut found = vec![false; chances.len()];
    for place in order.iter().take(last.map_or(0, |last| last + 1)) {
        found[*place] = true;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_correlation_and_its_chance() {
        // R: cor.test(c(1,2,3,4,5), c(2,1,4,3,7)).
        let pairs = [(1.0, 2.0), (2.0, 1.0), (3.0, 4.0), (4.0, 3.0), (5.0, 7.0)];
        let found = correlation(&pairs).unwrap();
        assert!((found.r - 0.824_163_383_692_134).abs() < 1e-12, "{found:?}");
        assert!((found.p - 0.086_191_1).abs() < 1e-4, "{found:?}");
        assert_eq!(correlation(&[(1.0, 1.0), (2.0, 1.0), (3.0, 1.0)]), None);
        assert_eq!(correlation(&pairs[..2]), None);
        let monotone = [(1.0, 1.0), (2.0, 10.0), (3.0, 1_000.0), (f64::NAN, 2.0)];
        assert!((rank_correlation(&monotone).unwrap().r - 1.0).abs() < 1e-12);
        assert!((slope(&[(0.0, 1.0), (2.0, 5.0)]).unwrap() - 2.0).abs() < 1e-12);
    }

    #[test]
    fn shares_of_few_are_wide_and_never_leave_the_range() {
        let few = wilson(0, 5, 0.95).unwrap();
        assert!(few.low < 1e-12 && (few.high - 0.434_482).abs() < 1e-5, "{few:?}");
        let many = wilson(630, 1_000, 0.95).unwrap();
        assert!(many.width() < 0.061 && many.contains(0.63), "{many:?}");
        assert_eq!((wilson(0, 0, 0.95), wilson(2, 1, 0.95)), (None, None));
    }

    #[test]
    fn a_bootstrap_contains_the_mean_and_repeats() {
        let values: Vec<f64> = (0..40).map(f64::from).collect();
        let once = |seed| {
            bootstrap(values.len(), 500, 0.9, seed, |places| {
                mean(&places.iter().map(|place| values[*place]).collect::<Vec<_>>())
            })
        };
        assert!(once(3).unwrap().contains(19.5));
        assert_eq!(once(3), once(3));
        assert_eq!(bootstrap(0, 10, 0.9, 1, |_| Some(1.0)), None);
        assert_eq!(bootstrap(3, 10, 0.9, 1, |_| None), None);
    }

    #[test]
    fn many_tests_are_held_to_a_stricter_one() {
        let found = benjamini_hochberg(&[0.001, 0.2, 0.012, 0.9, f64::NAN], 0.05);
        assert_eq!(found, [true, false, true, false, false]);
    }
}
