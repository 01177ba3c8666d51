//! The whole: what is handed down beyond it, and the chance that it is reached.

use serde::{Deserialize, Serialize};

use super::{FairnessError, Person, Settings};
use crate::money::Minor;
use crate::statistics::{normal_below, normal_quantile};

/// Over-assignment of each level against the one above it, and of all together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Padding {
    /// From the second level on: `this / above − 1`; `None` where nothing is above.
    pub levels: Vec<Option<f64>>,
    /// The last level against the first: the levels compound, `Π (1 + kₗ) − 1`.
    pub total: Option<f64>,
}

/// What each level of the organization hands down: `totals` are the sums of targets of the company, of its regions, of their
/// teams, and so on down to the people.
pub fn padding(totals: &[Minor]) -> Result<Padding, FairnessError> {
    if totals.len() < 2 {
        return Err(FairnessError::Levels { level: totals.len() });
    }
    if let Some(level) = totals.iter().position(|total| total.0 < 0) {
        return Err(FairnessError::Levels { level });
    }
    let over = |below: Minor, above: Minor| (above.0 > 0).then(|| below.0 as f64 / above.0 as f64 - 1.0);
    Ok(Padding {
        levels: totals.windows(2).map(|pair| over(pair[1], pair[0])).collect(),
        total: over(totals[totals.len() - 1], totals[0]),
    })
}

/// How the whole stands.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Whole {
    /// What all people together are to reach.
    pub target: Minor,
    /// What all people together are expected to bring, in minor units.
    pub expected: f64,
    /// Its standard deviation.
    pub sd: f64,
    /// The chance that it is reached.
    pub chance: f64,
    /// What is handed out beyond it: `Σ targets / whole − 1`; `None` for a whole of nothing.
    pub over_assigned: Option<f64>,
    /// What would be handed out beyond it if everybody's target had the wanted chance: `Σ qᵢ / whole − 1`. Negative where
    /// that does not reach the whole: then somebody is asked for more than that.
    pub at_wanted_chance: Option<f64>,
    /// What would have to be handed out beyond it so that the whole is reached with the wanted chance; see [`needed`].
    pub needed: Option<f64>,
}

/// The chance that a whole is reached: `Φ((Σμᵢ − T) / √(Σσᵢ² + 2 Σ ρσᵢσⱼ))` with the correlation ρ between any two people
/// (engine.md C2). People whose outlook is not sound are not expected here ([`super::check`] refuses them).
pub fn whole(target: Minor, people: &[Person], settings: &Settings) -> Whole {
    let (expected, sd) = sums(people, settings.correlation);
    let assigned: i128 = people.iter().map(|person| i128::from(person.target.0)).sum();
    let fitting: f64 = people
        .iter()
        .map(|person| person.outlook.target(settings.chance_wanted))
        .sum();
    let goal = target.0 as f64;
    let over = |sum: f64| (target.0 > 0).then(|| sum / goal - 1.0);
    Whole {
        target,
        expected,
        sd,
        chance: reached(expected, sd, goal),
        over_assigned: over(assigned as f64),
        at_wanted_chance: over(fitting),
        needed: needed(people, settings),
    }
}

/// The chance that a sum of outcomes of this mean and standard deviation reaches a goal; see [`whole`].
pub(super) fn reached(expected: f64, sd: f64, goal: f64) -> f64 {
    if sd > 0.0 {
        normal_below((expected - goal) / sd)
    } else {
        f64::from(u8::from(expected >= goal))
    }
}

/// How much has to be handed out beyond a whole so that it is reached with the wanted chance, if outcomes follow targets in
/// proportion (people bring the same share of whatever is asked): `k = Σtᵢ / (Σμᵢ − z·sd) − 1`. `None` where they do not
/// reach it with that chance however much is asked, or where nothing is asked yet.
pub fn needed(people: &[Person], settings: &Settings) -> Option<f64> {
    let (expected, sd) = sums(people, settings.correlation);
    let assigned: i128 = people.iter().map(|person| i128::from(person.target.0)).sum();
    let sure = expected - normal_quantile(settings.chance_wanted) * sd;
    (assigned > 0 && sure > 0.0)
        .then(|| assigned as f64 / sure - 1.0)
        .filter(|needed| needed.is_finite())
}

/// Mean and standard deviation of the sum of all outcomes.
fn sums(people: &[Person], correlation: f64) -> (f64, f64) {
    let rho = correlation.clamp(0.0, 1.0);
    let expected: f64 = people.iter().map(|person| person.outlook.mean).sum();
    let sum: f64 = people.iter().map(|person| person.outlook.sd).sum();
    let squares: f64 = people
        .iter()
        .map(|person| person.outlook.sd * person.outlook.sd)
        .sum();
    // Σσᵢ² + 2 Σ ρσᵢσⱼ = (1 − ρ) Σσᵢ² + ρ (Σσᵢ)².
    (expected, ((1.0 - rho) * squares + rho * sum * sum).sqrt())
}
