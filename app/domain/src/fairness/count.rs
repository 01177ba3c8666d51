//! How many of many will reach their target.

use crate::statistics::{Interval, beta_interval, mean, normal_density, normal_quantile};

/// Up to so many people the distribution is computed exactly, in n² / 2 steps.
const EXACT: usize = 512;

/// The interval of the number of successes among independent trials with different chances (Poisson-binomial distribution):
/// exact up to 512, then normal with a correction for skewness (Volkova 1996), which is off by one at most. Its ends are
/// whole; each tail holds at most half of what `chance` leaves. `None` of nothing or where a chance is not one.
pub fn count_interval(chances: &[f64], chance: f64) -> Option<Interval> {
    if chances.is_empty() || chances.iter().any(|one| !(0.0..=1.0).contains(one)) {
        return None;
    }
    let tail = (1.0 - chance.clamp(0.0, 1.0)) / 2.0;
    if chances.len() <= EXACT {
        return Some(exact(chances, tail));
    }
    let mean: f64 = chances.iter().sum();
    let variance: f64 = chances.iter().map(|one| one * (1.0 - one)).sum();
    if variance <= 0.0 {
        return Some(Interval {
            low: mean,
            high: mean,
        });
    }
    let third: f64 = chances
        .iter()
        .map(|one| one * (1.0 - one) * (1.0 - 2.0 * one))
        .sum();
    let sd = variance.sqrt();
    let skewness = third / (variance * sd);
    let at = |part: f64| {
        let z = normal_quantile(part);
        (mean + sd * (z + skewness * (z * z - 1.0) / 6.0) - 0.5)
            .ceil()
            .clamp(0.0, chances.len() as f64)
    };
    Some(Interval {
        low: at(tail),
        high: at(1.0 - tail),
    })
}

/// Adds one trial after the other to the distribution of the count.
fn exact(chances: &[f64], tail: f64) -> Interval {
    let mut counts = vec![0.0; chances.len() + 1];
    counts[0] = 1.0;
    for (done, chance) in chances.iter().enumerate() {
        for count in (0..=done).rev() {
            counts[count + 1] += counts[count] * chance;
            counts[count] *= 1.0 - chance;
        }
    }
    // The least count with at least so much at or below it.
    let at = |part: f64| {
        let mut below = 0.0;
        let reached = |chance: &f64| {
            below += chance;
            below >= part - 1e-12
        };
        counts.iter().position(reached).unwrap_or(chances.len()) as f64
    };
    Interval {
        low: at(tail.max(1e-11)),
        high: at(1.0 - tail),
    }
}

/// The interval of the share of successes where outcomes go together: `margins` are the standard normal values below which a
/// common factor of correlation `correlation` and the person's own chance lead to success (one-factor model, Vasicek 1987).
/// Each two successes have the covariance `ρ φ(a) φ(b) + ρ²/2 · a φ(a) · b φ(b)` up to third order in ρ, so the variance costs
/// one pass; the share is taken as beta distributed. The interval contains the expected share.
pub(super) fn common_interval(
    margins: &[f64],
    chances: &[f64],
    correlation: f64,
    chance: f64,
) -> Option<Interval> {
    let mean = mean(chances)?;
    let count = chances.len() as f64;
    let own: f64 = chances.iter().map(|one| one * (1.0 - one)).sum();
    let rho = correlation.clamp(0.0, 1.0);
    let (mut first, mut first_own, mut second, mut second_own) = (0.0, 0.0, 0.0, 0.0);
    for margin in margins.iter().filter(|margin| margin.is_finite()) {
        let density = normal_density(*margin);
        first += density;
        first_own += density * density;
        second += margin * density;
        second_own += margin * density * (margin * density);
    }
    let common = rho * (first * first - first_own) + rho * rho / 2.0 * (second * second - second_own);
    let variance = (own + common.max(0.0)) / (count * count);
    Some(beta_interval(mean, variance, chance.clamp(0.0, 0.999_999)).including(mean))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_chances_give_the_binomial_distribution() {
        // R: qbinom(c(0.1, 0.9), 10, 0.3).
        assert_eq!(
            count_interval(&[0.3; 10], 0.8),
            Some(Interval { low: 1.0, high: 5.0 })
        );
        assert_eq!(
            count_interval(&[1.0, 0.0, 1.0], 0.9),
            Some(Interval { low: 2.0, high: 2.0 })
        );
        assert_eq!(
            (count_interval(&[], 0.9), count_interval(&[1.5], 0.9)),
            (None, None)
        );
    }

    #[test]
    fn the_approximation_of_many_agrees_with_the_exact_distribution() {
        for skew in [0.05, 0.5, 0.97] {
            let chances: Vec<f64> = (0..600)
                .map(|place| (skew * f64::from(place % 7 + 3) / 6.0).min(0.999))
                .collect();
            let near = count_interval(&chances, 0.9).unwrap();
            let true_one = exact(&chances, 0.05);
            assert!((near.low - true_one.low).abs() <= 1.0, "{near:?} {true_one:?}");
            assert!((near.high - true_one.high).abs() <= 1.0, "{near:?} {true_one:?}");
        }
    }

    #[test]
    fn outcomes_that_go_together_spread_the_share() {
        let margins = [0.3; 400];
        let chances = [crate::statistics::normal_below(0.3); 400];
        let width = |rho| common_interval(&margins, &chances, rho, 0.8).unwrap().width();
        // Independent: 2 · 1.28 · √(0.618 · 0.382 / 400) = 0.0623.
        assert!((width(0.0) - 0.0623).abs() < 0.001, "{}", width(0.0));
        assert!(width(0.2) > 4.0 * width(0.0));
    }
}
