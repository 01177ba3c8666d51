//! The three kinds of figures: shares (win rates), counts (deals a period) and values (deal sizes).

use serde::{Deserialize, Serialize};

use super::pool::{Between, Point, around, average, between, credibility, pooled};
use super::{CapabilityError, LIMIT, Pooled, check_chance, is_size};
use crate::statistics::{Interval, beta_interval, gamma_interval, gamma_quantile, wilson};

/// How often somebody tried, and how often it worked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trials {
    /// Deals won.
    pub successes: u64,
    /// Deals closed, won or lost.
    pub trials: u64,
}

/// How much somebody did, and in what time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tally {
    /// Deals, visits, orders.
    pub events: u64,
    /// In how many periods; a period in ramp counts as its share of a whole one.
    pub periods: f64,
}

/// One observed value.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// A deal's size, the attainment of a period.
    pub value: f64,
    /// How much it counts: 1, or the size of what it is the mean of (the target, for an attainment). Not negative.
    pub weight: f64,
}

/// Shares that follow a beta distribution between people: its mean and size by moments, and
/// `(successes + M p̄) / (trials + M)` for each person, `M = p̄(1 − p̄)/τ² − 1`. Intervals hold with `chance`.
pub fn rates(people: &[Trials], chance: f64) -> Result<Pooled, CapabilityError> {
    check_chance(chance)?;
    if let Some(person) = people.iter().position(|own| own.successes > own.trials) {
        return Err(CapabilityError::Successes { person });
    }
    let points: Vec<Point> = people
        .iter()
        .map(|own| point(own.trials as f64, own.successes as f64))
        .collect();
    let total = size(&points)?;
    let won: f64 = people.iter().map(|own| own.successes as f64).sum();
    let mean = won / total;
    let within = mean * (1.0 - mean);
    let found = between(&[(&points, mean)], within);
    let found = Between {
        variance: found.variance.min(within),
        wide: found.wide.min(within),
        ..found
    };
    // Of the variance p(1 − p) of one trial, a beta distribution between people leaves this to the person.
    let own = within - found.variance;
    // Nobody ever won, or nobody ever lost: there the interval of the whole says more than a variance of nil.
    let whole = wilson(won as u64, total as u64, chance).filter(|_| within <= 0.0);
    let sizes: Vec<f64> = points.iter().map(|point| point.size).collect();
    let interval = |value, variance| whole.unwrap_or_else(|| beta_interval(value, variance, chance));
    let unit = |value: f64| value * (1.0 - value);
    Ok(pooled(&points, mean, &sizes, own, &found, unit, interval))
}

/// Counts in time that follow a gamma distribution between people: `(α + events) / (β + periods)`, α and β by moments
/// (with equal periods `α = m² / (v − m)`, `β = α / m`). The figures are events a period.
pub fn counts(people: &[Tally], chance: f64) -> Result<Pooled, CapabilityError> {
    check_chance(chance)?;
    let wrong = |own: &Tally| !is_size(own.periods) || own.events as f64 > LIMIT * own.periods;
    if let Some(person) = people.iter().position(wrong) {
        return Err(CapabilityError::Number { person });
    }
    let points: Vec<Point> = people
        .iter()
        .map(|own| point(own.periods, own.events as f64))
        .collect();
    let total = size(&points)?;
    let mean = people.iter().map(|own| own.events as f64).sum::<f64>() / total;
    let found = between(&[(&points, mean)], mean);
    let sizes: Vec<f64> = points.iter().map(|point| point.size).collect();
    let interval = |value: f64, variance: f64| {
        if value > 0.0 && variance > 0.0 {
            gamma_interval(value, variance, chance)
        } else {
            // Nothing ever happened: the largest rate at which that is not surprising.
            Interval {
                low: 0.0,
                high: gamma_quantile(1.0, chance) / total,
            }
        }
    };
    Ok(pooled(
        &points,
        mean,
        &sizes,
        mean,
        &found,
        |value| value,
        interval,
    ))
}

/// Values by credibility: `Z = n / (n + σ²/τ²)` with the variance within pooled over all people, and the mean in which
/// everybody counts by Z (Bühlmann and Straub 1970; Bühlmann and Gisler 2005, 4.2). One list of observations a person;
/// whoever has none gets the mean, and where nobody has two, all do. Long-tailed values (deal sizes) are best capped before.
pub fn values(people: &[Vec<Observation>], chance: f64) -> Result<Pooled, CapabilityError> {
    check_chance(chance)?;
    let known = Values::of(people.iter().map(Vec::as_slice))?;
    size(&known.points)?;
    Ok(credibility(&known.points, known.within(), chance))
}

/// What lists of observations say: each person's weight and mean, and how far observations lie from the own mean.
pub(super) struct Values {
    pub(super) points: Vec<Point>,
    /// `Σ Σ w (x − x̄ᵢ)²`.
    squares: f64,
    /// Observations beyond the first of each person.
    freedom: f64,
}

impl Values {
    pub(super) fn of<'a>(people: impl Iterator<Item = &'a [Observation]>) -> Result<Self, CapabilityError> {
        let mut known = Self {
            points: Vec::new(),
            squares: 0.0,
            freedom: 0.0,
        };
        for (person, list) in people.enumerate() {
            let wrong = |one: &Observation| !is_size(one.weight) || !(-LIMIT..=LIMIT).contains(&one.value);
            if list.iter().any(wrong) {
                return Err(CapabilityError::Number { person });
            }
            let counted = || list.iter().filter(|one| one.weight > 0.0);
            let size: f64 = counted().map(|one| one.weight).sum();
            let own = point(size, counted().map(|one| one.weight * one.value).sum());
            known.squares += counted()
                .map(|one| one.weight * (one.value - own.raw) * (one.value - own.raw))
                .sum::<f64>();
            known.freedom += counted().count().saturating_sub(1) as f64;
            known.points.push(own);
        }
        Ok(known)
    }

    /// The variance of one observation of weight 1 around the person's figure, pooled over all people. Where nobody has two
    /// observations nothing tells people from chance: then all of the spread is taken as chance, and nobody differs.
    pub(super) fn within(&self) -> f64 {
        if self.freedom > 0.0 {
            return self.squares / self.freedom;
        }
        let sizes: Vec<f64> = self.points.iter().map(|point| point.size).collect();
        let known = sizes.iter().filter(|size| **size > 0.0).count();
        around(&self.points, average(&self.points, &sizes)) / known.saturating_sub(1).max(1) as f64
    }
}

fn point(size: f64, sum: f64) -> Point {
    Point {
        size,
        raw: if size > 0.0 { sum / size } else { 0.0 },
    }
}

/// All that is known of all people.
pub(super) fn size(points: &[Point]) -> Result<f64, CapabilityError> {
    if points.is_empty() {
        return Err(CapabilityError::Nobody);
    }
    let total: f64 = points.iter().map(|point| point.size).sum();
    if total > 0.0 {
        Ok(total)
    } else {
        Err(CapabilityError::NoData)
    }
}
