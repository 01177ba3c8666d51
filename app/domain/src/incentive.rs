//! What reaching a target pays: tiers, accelerators, caps, thresholds, and what the next deal is worth.
//!
//! A [`Scheme`] has measures (sales, margin, the team's sales), each with a weight and a curve of tiers by attainment. What
//! a measure pays is a fraction of integers, rounded once to minor units, half away from zero; its steps are rounded by
//! largest remainder so that they sum to it. A [`Statement`]'s steps sum to its payout to the last minor unit.
//!
//! Selling more never pays less: rates are not negative, and where a tier's rate counts for everything
//! ([`Tiers::Whole`]), rates may not fall.

mod definition;
mod expected;
mod payout;

use serde::{Deserialize, Serialize};

pub use definition::SchemeError;
pub use expected::{ExpectedPayout, Landing, expected};
pub use payout::{NextDeal, NextTier, Paid, PayoutError, next_deal, next_tier, payout, settle};

use crate::money::Minor;

/// Millionths in a whole: 100 %.
pub const WHOLE_PPM: u32 = 1_000_000;

/// The rules of a scheme, as they are written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// What rates are taken of.
    pub base: Base,
    /// What is measured; the weights sum to 100 %.
    pub measures: Vec<Measure>,
    /// No more than this in all; `None` for no limit.
    pub cap: Option<Minor>,
    /// How much of an overpayment is taken back, in millionths: 1,000,000 for all of it, 0 for none.
    pub claw_back_ppm: u32,
}

/// What rates are taken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "base")]
pub enum Base {
    /// Of what was sold: commission. 2 % of 100 sold are 2.
    Sold,
    /// Of the pay for reaching the target, by the part of the target that was reached: a bonus. At a rate of 100 %,
    /// half of the target pays half of it.
    TargetPay {
        /// The pay at 100 % of all targets and rates of 100 %.
        pay: Minor,
    },
}

/// What is measured. Whose numbers it counts, the person's own or the team's, is up to the caller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// Its name; different for every measure.
    pub key: String,
    /// How much it counts, in millionths: what its curve pays is multiplied by it.
    pub weight_ppm: u32,
    /// The person's share of what it pays, in millionths: less than 1,000,000 where a team earns it together.
    pub share_ppm: u32,
    /// Below this part of the target (millionths) it pays nothing at all; 0 for no threshold.
    pub threshold_ppm: u32,
    /// Whether a tier's rate is for what lies in the tier or for everything.
    pub tiers_pay: Tiers,
    /// The tiers from 0 up, without gaps; the last has no end.
    pub tiers: Vec<Tier>,
    /// No more than this from the measure; `None` for no limit.
    pub cap: Option<Minor>,
}

/// What a tier's rate is taken of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tiers {
    /// Of what lies within the tier, as in an income tax.
    #[default]
    Marginal,
    /// Of everything from the first unit ("retroactive"): the rate of the tier that was reached. Payout jumps at its
    /// border.
    Whole,
}

/// A range of attainment and what it pays. A rate above that of the tier before is an accelerator, one below it a
/// decelerator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tier {
    /// From this part of the target, in millionths.
    pub from_ppm: u32,
    /// To this part of the target (to which the next tier begins); `None` without end.
    pub to_ppm: Option<u32>,
    /// The rate in millionths of the base: 20,000 for 2 %.
    pub rate_ppm: i64,
}

/// Rules that hold together: see [`SchemeError`] for what is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Terms", into = "Terms")]
pub struct Scheme(Terms);

/// A measure's target and what was done, in minor units (or any unit of its own where the base is a target pay).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Achieved {
    /// The target; positive.
    pub target: Minor,
    /// What was done, returns and corrections taken off. Below zero it pays like nothing.
    pub done: Minor,
}

/// What is paid and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// What is paid: the sum of the steps. Negative only in a settlement that takes back.
    pub payout: Minor,
    /// The steps in order.
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What it is.
    #[serde(flatten)]
    pub kind: StepKind,
    /// What it adds; negative where it takes.
    pub amount: Minor,
}

/// What a step is; measures and tiers by their place in the scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum StepKind {
    /// What lies in a tier, times its rate, weight and share.
    Tier {
        /// The measure.
        measure: usize,
        /// The tier.
        tier: usize,
        /// Its rate.
        rate_ppm: i64,
        /// What the rate is taken of: the part of what was done, rounded.
        on: Minor,
    },
    /// Taken because the threshold was not reached.
    BelowThreshold {
        /// The measure.
        measure: usize,
        /// What would have been needed, rounded up.
        needed: Minor,
    },
    /// What is above a cap.
    Capped {
        /// The measure; `None` for the cap of the whole scheme.
        measure: Option<usize>,
        /// The cap.
        cap: Minor,
    },
    /// What was paid before.
    PaidBefore,
    /// An overpayment that is not taken back.
    Kept,
}

#[cfg(test)]
mod tests;
