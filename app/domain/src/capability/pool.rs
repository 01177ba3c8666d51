//! The arithmetic all estimates share: how much people differ beyond chance, and what that leaves of an own figure.

use serde::{Deserialize, Serialize};

use super::{Difference, Estimate, difference};
use crate::statistics::{Interval, gamma_below, normal_interval};

/// The estimates of a list of people, and what they rest on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pooled {
    /// What somebody of whom nothing is known is expected to do.
    pub mean: f64,
    /// Sum of squared differences from the mean, each by what is known of the person: `Σ nᵢ (xᵢ − x̄)²`.
    pub spread: f64,
    /// Variance within: of one observation of one person around the person's true figure.
    pub within: f64,
    /// Variance between people beyond chance, τ²; 0 where chance alone explains the spread.
    pub between: f64,
    /// How many observations the mean counts as; `None` where it outweighs any number of them (no variance between).
    pub prior: Option<f64>,
    /// The chance of a spread as wide or wider if all were the same (chi-squared test of homogeneity, an approximation
    /// where people have few observations).
    pub chance: f64,
    /// One a person, in the order given.
    pub estimates: Vec<Estimate>,
}

impl Pooled {
    /// Whether anybody can be told from anybody else.
    pub fn difference(&self) -> Difference {
        difference(&self.estimates, self.between)
    }
}

/// What is known of one person alone: how much, and the mean of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    /// Trials, periods or weights; 0 without data.
    pub(super) size: f64,
    /// The own figure; meaningless without data.
    pub(super) raw: f64,
}

/// How much people differ.
#[derive(Clone, Copy, Debug)]
pub(super) struct Between {
    /// `Σ nᵢ (xᵢ − x̄)²`.
    pub(super) spread: f64,
    /// τ², not negative.
    pub(super) variance: f64,
    /// τ² taken one standard error larger.
    pub(super) wide: f64,
    /// The chance of such a spread without any difference.
    pub(super) chance: f64,
}

/// The moment estimator `τ² = [Σ nᵢ(xᵢ − x̄)² − (k − 1)σ²] / [N − Σ nᵢ² / N]`, 0 where negative (Bühlmann and Straub
/// 1970; for shares Kleinman 1973), with the standard error of it, `√(2 Σ (σ² + nᵢτ²)²)` over the same denominator.
///
/// Each group of people spreads around its own mean; groups of one person say nothing.
pub(super) fn between(groups: &[(&[Point], f64)], within: f64) -> Between {
    let known = |points: &[Point]| -> Vec<Point> {
        points.iter().filter(|point| point.size > 0.0).copied().collect()
    };
    let groups: Vec<(Vec<Point>, f64)> = groups
        .iter()
        .map(|(points, mean)| (known(points), *mean))
        .filter(|(points, _)| points.len() > 1)
        .collect();
    let (mut spread, mut freedom, mut scale, mut noise) = (0.0, 0.0, 0.0, 0.0);
    for (points, mean) in &groups {
        let total: f64 = points.iter().map(|point| point.size).sum();
        let squares: f64 = points.iter().map(|point| point.size * point.size).sum();
        freedom += points.len() as f64 - 1.0;
        scale += total - squares / total;
        spread += around(points, *mean);
        // What rounding leaves of equal figures is no difference.
        noise += 1e-20 * mean * mean * total;
    }
    let spreads = spread > noise;
    let beyond = if spreads { spread - freedom * within } else { 0.0 };
    let over_scale = |part: f64| if scale > 0.0 { part / scale } else { 0.0 };
    let variance = over_scale(beyond.max(0.0));
    let errors: f64 = groups
        .iter()
        .flat_map(|(points, _)| points)
        .map(|point| within + point.size * variance)
        .map(|part| part * part)
        .sum();
    let error = over_scale((2.0 * errors).sqrt());
    let chance = if freedom > 0.0 && within > 0.0 {
        1.0 - gamma_below(freedom / 2.0, spread / within / 2.0)
    } else if spreads {
        0.0
    } else {
        1.0
    };
    Between {
        spread,
        variance,
        wide: variance + error,
        chance,
    }
}

/// `Σ nᵢ (xᵢ − x̄)²`.
pub(super) fn around(points: &[Point], mean: f64) -> f64 {
    points
        .iter()
        .map(|point| point.size * (point.raw - mean) * (point.raw - mean))
        .sum()
}

/// What a person is drawn to: the mean, its variance, the variance of one observation around a person, and how people
/// differ.
#[derive(Clone, Copy, Debug)]
pub(super) struct Prior {
    pub(super) mean: f64,
    pub(super) mean_variance: f64,
    pub(super) within: f64,
    pub(super) between: f64,
    pub(super) wide: f64,
}

impl Prior {
    /// Shrinks one figure. `unit` is how the variance of an observation goes with the figure (up to a factor),
    /// `interval` makes the interval of a figure and its variance.
    pub(super) fn shrink(
        &self,
        point: Point,
        unit: impl Fn(f64) -> f64,
        interval: impl Fn(f64, f64) -> Interval,
    ) -> Estimate {
        let weight = weight(point.size, self.within, self.between);
        let value = self.mean + weight * (point.raw - self.mean);
        // (1 − Z) τ², so written that it keeps its digits where Z is next to 1.
        let total = point.size * self.wide + self.within;
        let own = if total > 0.0 {
            self.within * (self.wide / total)
        } else {
            self.wide
        };
        let typical = unit(self.mean);
        let scale = if typical > 0.0 { unit(value) / typical } else { 1.0 };
        let variance = scale * (own + (1.0 - weight) * (1.0 - weight) * self.mean_variance);
        Estimate {
            raw: (point.size > 0.0).then_some(point.raw),
            value,
            weight,
            error: variance.sqrt(),
            interval: interval(value, variance).including(value),
        }
    }
}

/// `Z = n τ² / (n τ² + σ²)`.
pub(super) fn weight(size: f64, within: f64, between: f64) -> f64 {
    let own = size * between;
    if own > 0.0 { own / (own + within) } else { 0.0 }
}

/// Shrinks all people towards a mean in which person i counts by `shares` (any scale).
pub(super) fn pooled(
    points: &[Point],
    mean: f64,
    shares: &[f64],
    within: f64,
    found: &Between,
    unit: impl Fn(f64) -> f64,
    interval: impl Fn(f64, f64) -> Interval,
) -> Pooled {
    let total: f64 = shares.iter().sum();
    // The variance of the mean: Σ aᵢ² (τ² + σ² / nᵢ), the aᵢ summing to 1.
    let mean_variance = points
        .iter()
        .zip(shares)
        .filter(|(point, _)| point.size > 0.0)
        .map(|(point, share)| share / total * (share / total) * (found.variance + within / point.size))
        .sum();
    let prior = Prior {
        mean,
        mean_variance,
        within,
        between: found.variance,
        wide: found.wide,
    };
    Pooled {
        mean,
        spread: found.spread,
        within,
        between: found.variance,
        prior: (found.variance > 0.0).then(|| within / found.variance),
        chance: found.chance,
        estimates: points
            .iter()
            .map(|point| prior.shrink(*point, &unit, &interval))
            .collect(),
    }
}

/// Credibility of means whose observations have the variance `within`: everybody counts by Z in the mean.
pub(super) fn credibility(points: &[Point], within: f64, chance: f64) -> Pooled {
    let sizes: Vec<f64> = points.iter().map(|point| point.size).collect();
    let flat = average(points, &sizes);
    let found = between(&[(points, flat)], within);
    let weights: Vec<f64> = sizes
        .iter()
        .map(|size| weight(*size, within, found.variance))
        .collect();
    let shares = if found.variance > 0.0 { weights } else { sizes };
    let mean = average(points, &shares);
    let interval = |value, variance| normal_interval(value, variance, chance);
    pooled(points, mean, &shares, within, &found, |_| 1.0, interval)
}

/// The mean of own figures in which person i counts by `shares`.
pub(super) fn average(points: &[Point], shares: &[f64]) -> f64 {
    let sum: f64 = points
        .iter()
        .zip(shares)
        .map(|(point, share)| share * point.raw)
        .sum();
    sum / shares.iter().sum::<f64>()
}
