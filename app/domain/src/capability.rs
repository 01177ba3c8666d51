//! What somebody can be expected to do, shrunk towards the team by how little is known.
//!
//! Win rates, deals per period, deal values and attainment records all rest on few observations a person. Each estimate
//! is `weight · own + (1 − weight) · mean of all`, where the weight grows with what is known of the person and with how
//! much people differ beyond chance (empirical Bayes: Efron and Morris 1975; credibility: Bühlmann and Gisler 2005).
//! Where people do not differ beyond chance, all get the mean, and no difference may be shown between them.
//!
//! Intervals allow for three things: what is not known of the person, of the mean, and of how much people differ (the
//! between-variance is taken one standard error larger than estimated, for an estimate of nil is not a proof of nil). They are
//! wider than they had to be where people differ little, and hold what they say where people differ much.

pub mod capacity;
mod estimates;
mod expected;
mod pool;
mod record;
pub mod team;
pub mod what_if;

use serde::{Deserialize, Serialize};

use crate::format::Lang;
use crate::statistics::Interval;

pub use estimates::{Observation, Tally, Trials, counts, rates, values};
pub use expected::{Expected, Parts, expected};
pub use pool::Pooled;
pub use record::{PersonRecord, Records, records};

/// Numbers larger than this are refused, and weights and times that are smaller than its inverse and not 0: their squares and
/// ratios must stay finite.
pub const LIMIT: f64 = 1e18;

/// Whether a weight or a time is one.
fn is_size(number: f64) -> bool {
    number == 0.0 || (1.0 / LIMIT..=LIMIT).contains(&number)
}

/// What is held of one person, or of one team.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The person's own figure alone; `None` without data.
    pub raw: Option<f64>,
    /// The shrunken figure: the one to use.
    pub value: f64,
    /// How much of it is the person's own, from 0 (nothing) to 1; in credibility theory Z.
    pub weight: f64,
    /// The standard error of `value`.
    pub error: f64,
    /// Where the true figure lies with the chance asked for; it contains `value`.
    pub interval: Interval,
}

impl Estimate {
    /// Whether two estimates can be told apart: their intervals do not overlap.
    pub fn differs(&self, other: &Self) -> bool {
        self.interval.high < other.interval.low || other.interval.high < self.interval.low
    }
}

/// Whether people can be told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "difference")]
pub enum Difference {
    /// The differences are no larger than chance makes them, or every two intervals overlap: ranking would be noise.
    NotSeen,
    /// At least these two differ.
    Seen {
        /// Place in the list of the one whose interval lies highest.
        higher: usize,
        /// Place of the one whose interval lies lowest.
        lower: usize,
    },
}

impl Difference {
    /// What people read.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::NotSeen => lang.pick("看不出差异", "no difference can be seen"),
            Self::Seen { .. } => lang.pick("有差异", "people differ"),
        }
    }
}

/// Among whom a difference can be seen: between the lowest and the highest interval, where those do not overlap.
fn difference(estimates: &[Estimate], between: f64) -> Difference {
    let places = || 0..estimates.len();
    let higher = places().max_by(|a, b| estimates[*a].interval.low.total_cmp(&estimates[*b].interval.low));
    let lower = places().min_by(|a, b| {
        estimates[*a]
            .interval
            .high
            .total_cmp(&estimates[*b].interval.high)
    });
    match (higher, lower) {
        (Some(higher), Some(lower))
            if between > 0.0 && estimates[lower].interval.high < estimates[higher].interval.low =>
        {
            Difference::Seen { higher, lower }
        }
        _ => Difference::NotSeen,
    }
}

/// Why nothing can be estimated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "error")]
pub enum CapabilityError {
    /// An empty list.
    #[error("there is nobody to estimate")]
    Nobody,
    /// Nobody has an observation, so there is no mean to start from either.
    #[error("nobody has any data")]
    NoData,
    /// A number that is not finite, beyond [`LIMIT`], or negative where it cannot be.
    #[error("a number of person {person} is not finite, too large or negative")]
    Number {
        /// Place in the list.
        person: usize,
    },
    /// More successes than trials.
    #[error("person {person} has more successes than trials")]
    Successes {
        /// Place in the list.
        person: usize,
    },
    /// A chance that is not between 0 and 1, both excluded.
    #[error("a chance must lie between 0 and 1")]
    Chance,
    /// A figure, or an error, that money is made of and that is negative: deals, a win rate, money a deal.
    #[error("deals, win rate and money a deal must not be negative, nor their errors")]
    Negative,
    /// A share of ramp that is not from 0 to 1.
    #[error("a ramp must lie between 0 and 1")]
    Ramp,
}

/// Refuses chances an interval cannot have.
fn check_chance(chance: f64) -> Result<(), CapabilityError> {
    if chance > 0.0 && chance < 1.0 {
        Ok(())
    } else {
        Err(CapabilityError::Chance)
    }
}
