//! Attainment records, nested: a person is drawn to the team, a team to the company.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::estimates::{Values, size};
use super::pool::{Point, Prior, average, between, credibility};
use super::{CapabilityError, Difference, Estimate, Observation, check_chance, difference};
use crate::statistics::normal_interval;

/// What one person reached so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PersonRecord {
    /// The team, by a number of the caller's.
    pub team: u32,
    /// Attainment of each period, weighted by its target (or by 1).
    pub periods: Vec<Observation>,
}

/// Records shrunk in two steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Records {
    /// The mean of the company.
    pub mean: f64,
    /// Variance of one period of weight 1 around the person's true figure.
    pub within: f64,
    /// Variance between the people of a team beyond chance.
    pub between_people: f64,
    /// Variance between teams beyond what their people explain.
    pub between_teams: f64,
    /// Each team, drawn to the company.
    pub teams: BTreeMap<u32, Estimate>,
    /// Each person, drawn to the team, in the order given.
    pub people: Vec<Estimate>,
}

impl Records {
    /// Whether anybody can be told from anybody else.
    pub fn difference(&self) -> Difference {
        difference(&self.people, self.between_people + self.between_teams)
    }
}

/// Hierarchical credibility (Jewell 1975; Bühlmann and Gisler 2005, chapter 6): `person = Z own + (1 − Z) team` with the
/// variance between the people of a team, `team = Z own + (1 − Z) company` with the variance between teams, in which a
/// person counts by what is known of him (`DerSimonian` and Laird 1986). Somebody without a period gets the team's figure,
/// a team without one the company's.
pub fn records(people: &[PersonRecord], chance: f64) -> Result<Records, CapabilityError> {
    check_chance(chance)?;
    let known = Values::of(people.iter().map(|person| person.periods.as_slice()))?;
    size(&known.points)?;
    let within = known.within();
    let mut members: BTreeMap<u32, Vec<Point>> = BTreeMap::new();
    for (person, point) in people.iter().zip(&known.points) {
        members.entry(person.team).or_default().push(*point);
    }
    let flat = |points: &[Point]| {
        let sizes: Vec<f64> = points.iter().map(|point| point.size).collect();
        average(points, &sizes)
    };
    let groups: Vec<(&[Point], f64)> = members
        .values()
        .map(|points| (points.as_slice(), flat(points)))
        .collect();
    let found = between(&groups, within);
    // One unit of a team's precision has the variance 1; where nothing varies at all, none.
    let certain = within + found.variance <= 0.0;
    let points: Vec<Point> = members
        .values()
        .map(|points| precise_mean(points, within, found.variance))
        .collect();
    let company = credibility(&points, if certain { 0.0 } else { 1.0 }, chance);
    let teams: BTreeMap<u32, Estimate> = members.keys().copied().zip(company.estimates).collect();
    let shrink = |(person, point): (&PersonRecord, &Point)| {
        let team = teams.get(&person.team)?;
        let prior = Prior {
            mean: team.value,
            mean_variance: team.error * team.error,
            within,
            between: found.variance,
            wide: found.wide,
        };
        let interval = |value, variance| normal_interval(value, variance, chance);
        Some(prior.shrink(*point, |_| 1.0, interval))
    };
    Ok(Records {
        mean: company.mean,
        within,
        between_people: found.variance,
        between_teams: company.between,
        people: people.iter().zip(&known.points).filter_map(shrink).collect(),
        teams,
    })
}

/// The mean of a team in which everybody counts by the precision `1 / (τ² + σ²/n)`; its size is the sum of these. By plain
/// size where nothing varies.
fn precise_mean(points: &[Point], within: f64, between: f64) -> Point {
    let precision = |point: &Point| {
        let variance = between + within / point.size;
        match (point.size > 0.0, variance > 0.0) {
            (true, true) => 1.0 / variance,
            (true, false) => point.size,
            (false, _) => 0.0,
        }
    };
    let shares: Vec<f64> = points.iter().map(precision).collect();
    let size: f64 = shares.iter().sum();
    let raw = if size > 0.0 { average(points, &shares) } else { 0.0 };
    Point { size, raw }
}
