//! Quantiles of distributions whose inverse has no closed form, and intervals from a mean and a variance.

use super::{Interval, beta_below, gamma_below, normal_quantile};

/// Halvings and secants until a quantile is found; each method alone needs fewer.
const ROUNDS: usize = 200;

/// The x with `P(X ≤ x) = part` of the beta distribution; NaN unless both shapes are positive and `part` is from 0 to 1.
pub fn beta_quantile(a: f64, b: f64, part: f64) -> f64 {
    if !(a > 0.0 && b > 0.0 && (0.0..=1.0).contains(&part)) {
        return f64::NAN;
    }
    root(0.0, 1.0, |x| beta_below(a, b, x) - part)
}

/// The x with `P(X ≤ x) = part` of the gamma distribution of shape `a` and scale 1; ∞ at 1, NaN for `a ≤ 0`.
pub fn gamma_quantile(a: f64, part: f64) -> f64 {
    if !(a > 0.0 && a.is_finite() && (0.0..=1.0).contains(&part)) {
        return f64::NAN;
    }
    if part >= 1.0 {
        return f64::INFINITY;
    }
    let mut high = a + 1.0;
    while gamma_below(a, high) < part && high < 1e300 {
        high *= 2.0;
    }
    root(0.0, high, |x| gamma_below(a, x) - part)
}

/// From this size on a beta distribution is a gamma one and a gamma distribution a normal one to three digits of a
/// standard deviation, and their series would be long.
const LARGE: f64 = 1e6;

/// The range around a value that a normal distribution of that variance keeps with a chance.
pub fn normal_interval(mean: f64, variance: f64, chance: f64) -> Interval {
    let half = normal_quantile(0.5 + chance / 2.0) * variance.sqrt();
    Interval {
        low: mean - half,
        high: mean + half,
    }
}

/// The same of the gamma distribution of a positive mean and variance.
pub fn gamma_interval(mean: f64, variance: f64, chance: f64) -> Interval {
    let shape = mean / variance * mean;
    if shape > LARGE {
        return normal_interval(mean, variance, chance);
    }
    let tail = 0.5 - chance / 2.0;
    // So little is known that only Markov's bound is left.
    if shape.is_nan() || shape < 1e-8 {
        return Interval {
            low: 0.0,
            high: mean / tail,
        };
    }
    let at = |part| gamma_quantile(shape, part) * (mean / shape);
    Interval {
        low: at(tail),
        high: at(1.0 - tail),
    }
}

/// The same of the beta distribution of a mean and a variance: all of 0 to 1 where the variance is larger than any there is,
/// and a point where there is none.
pub fn beta_interval(mean: f64, variance: f64, chance: f64) -> Interval {
    let room = mean * (1.0 - mean);
    if variance <= 0.0 || room <= 0.0 {
        return Interval {
            low: mean,
            high: mean,
        };
    }
    let size = room / variance - 1.0;
    if size <= 0.0 {
        return Interval { low: 0.0, high: 1.0 };
    }
    let tail = 0.5 - chance / 2.0;
    let (low, high) = if size <= LARGE {
        let at = |part| beta_quantile(mean * size, (1.0 - mean) * size, part);
        (at(tail), at(1.0 - tail))
    } else if mean <= 0.5 {
        let small = gamma_interval(mean, variance, chance);
        (small.low, small.high)
    } else {
        let small = gamma_interval(1.0 - mean, variance, chance);
        (1.0 - small.high, 1.0 - small.low)
    };
    // Rounding may turn the ends of next to nothing around.
    let low = low.max(0.0);
    Interval {
        low,
        high: high.clamp(low, 1.0),
    }
}

/// Where a function that never falls crosses zero between `low` and `high`: false position that halves the weight of an
/// end that stays (Dowell and Jarratt 1971), with a halving of the range in every third round so that it always ends.
fn root(mut low: f64, mut high: f64, function: impl Fn(f64) -> f64) -> f64 {
    let (mut at_low, mut at_high) = (function(low), function(high));
    if at_low >= 0.0 {
        return low;
    }
    if at_high <= 0.0 {
        return high;
    }
    for round in 0..ROUNDS {
        let secant = low + (high - low) * (at_low / (at_low - at_high));
        let halve = round % 3 == 2 || !(low..=high).contains(&secant);
        let x = if halve { f64::midpoint(low, high) } else { secant };
        let at = function(x);
        if at == 0.0 {
            return x;
        }
        if at < 0.0 {
            (low, at_low) = (x, at);
            at_high /= 2.0;
        } else {
            (high, at_high) = (x, at);
            at_low /= 2.0;
        }
        if high - low <= 1e-14 * high {
            break;
        }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reference values: R 4 (`qbeta`, `qgamma`).
    #[test]
    fn known_values() {
        assert!((beta_quantile(2.0, 3.0, 0.524_8) - 0.4).abs() < 1e-10);
        assert!((beta_quantile(1.0, 1.0, 0.3) - 0.3).abs() < 1e-12);
        assert!((gamma_quantile(1.0, 0.95) - 2.995_732_273_553_991).abs() < 1e-9);
        assert!((gamma_quantile(5.0, 0.5) - 4.670_908_882_795_983).abs() < 1e-9);
        assert!(gamma_quantile(2.0, 1.0).is_infinite() && gamma_quantile(-1.0, 0.5).is_nan());
        assert!(beta_quantile(0.0, 1.0, 0.5).is_nan() && beta_quantile(1.0, 1.0, 2.0).is_nan());
    }

    #[test]
    fn intervals_have_the_chance_asked_for() {
        // Gamma of shape 4 and scale 5; beta of shapes 6 and 4 (variance 0.24 / 11).
        let gamma = gamma_interval(20.0, 100.0, 0.8);
        assert!((gamma_below(4.0, gamma.high / 5.0) - 0.9).abs() < 1e-9);
        let beta = beta_interval(0.6, 0.24 / 11.0, 0.8);
        assert!((beta_below(6.0, 4.0, beta.low) - 0.1).abs() < 1e-9);
        // The series and what stands for it in large ones agree where they meet.
        let (below, above) = (
            gamma_interval(1.0, 1.01e-6, 0.9),
            gamma_interval(1.0, 0.99e-6, 0.9),
        );
        assert!((below.low - above.low).abs() < 2e-5 && (below.high - above.high).abs() < 2e-5);
        let (below, above) = (
            beta_interval(0.9, 0.09 / 0.99e6, 0.9),
            beta_interval(0.9, 0.09 / 1.01e6, 0.9),
        );
        assert!((below.low - above.low).abs() < 1e-5 && (below.high - above.high).abs() < 1e-5);
        assert_eq!(beta_interval(0.5, 0.3, 0.9), Interval { low: 0.0, high: 1.0 });
    }

    proptest::proptest! {
        #[test]
        fn quantiles_are_inverse(a in 0.05_f64..5_000.0, b in 0.05_f64..5_000.0, part in 0.001_f64..0.999) {
            let x = beta_quantile(a, b, part);
            proptest::prop_assert!((beta_below(a, b, x) - part).abs() < 1e-7 || !(1e-12..=1.0 - 1e-12).contains(&x), "{x}");
            let x = gamma_quantile(a, part);
            proptest::prop_assert!((gamma_below(a, x) - part).abs() < 1e-7 || x < 1e-12, "{x}");
        }
    }
}
