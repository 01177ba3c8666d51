//! Quantiles of distributions whose inverse has no closed form.

use super::{beta_below, gamma_below};

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
