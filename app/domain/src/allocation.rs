//! Exact splitting: an amount over weighted shares, in integers, summing to the last minor unit.
//!
//! Within bounds the shares are `clamp(λ·weight, lo, hi)` for the one λ that makes them sum to the total
//! (proportional water-filling, found by variable fixing: Bitran & Hax 1981), so the ratios of the weights survive
//! wherever no bound holds. What is lost by rounding down goes to the largest fractions (Hamilton), ties to the smaller
//! key: the order in which shares are listed does not matter.
//!
//! [`project`] changes given amounts as little as possible instead; [`fill_in_order`] fills one tier after the other.

pub(crate) mod blend;
mod fill;
mod project;
mod step;
mod waterfall;

use serde::{Deserialize, Serialize};

pub(crate) use fill::{Filler, Slot};
pub use project::{Projection, Wish, project, project_in_steps};
pub use step::Rounding;
pub(crate) use step::round;
pub use waterfall::{Level, cascade, fill_in_order};

/// One who gets a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// Breaks ties, the smaller first; different for every share.
    pub key: u128,
    /// Relative weight. Shares of weight zero get more than their `lo` only when all others stand at their `hi`, or
    /// when every weight is zero; then equally.
    pub weight: u64,
    /// Not less than this (minor units, not negative).
    pub lo: i64,
    /// Not more than this (minor units); `i64::MAX` for no limit.
    pub hi: i64,
}

impl Share {
    /// A share without bounds.
    pub fn free(key: u128, weight: u64) -> Self {
        Self {
            key,
            weight,
            lo: 0,
            hi: i64::MAX,
        }
    }

    /// The same share within bounds.
    pub fn within(self, lo: i64, hi: i64) -> Self {
        Self { lo, hi, ..self }
    }
}

/// Where a share ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Held {
    /// In proportion to its weight.
    Free,
    /// At its `lo`.
    Low,
    /// At its `hi`.
    High,
}

/// A total split over shares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allocation {
    /// One amount a share, in the order given; they sum to the total.
    pub amounts: Vec<i64>,
    /// Where each share ended.
    pub held: Vec<Held>,
    /// λ as a fraction (numerator, denominator): a free share is `weight · numerator / denominator` before rounding.
    /// `None` when no share of positive weight is free.
    pub level: Option<(i64, u128)>,
}

/// Why a total cannot be split.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "error")]
pub enum AllocationError {
    /// Nobody to split over.
    #[error("there is nobody to split over")]
    Nobody,
    /// Only amounts from 0 to [`crate::plan::MAX_AMOUNT`] are split.
    #[error("{total} cannot be split")]
    Total {
        /// What was to be split.
        total: i64,
    },
    /// A share whose `lo` is negative or over its `hi`.
    #[error("the bounds of share {share} contradict each other")]
    Bounds {
        /// Position in the list.
        share: usize,
    },
    /// Weights sum to 2^72 or more.
    #[error("the weights are too large")]
    Weights,
    /// A rounding step below 1.
    #[error("a rounding step must be positive")]
    Step,
    /// The bounds leave no solution.
    #[error("{missing} cannot be placed: the bounds allow {reachable}")]
    Infeasible {
        /// The total nearest to the wanted one that the bounds allow: the sum of all `hi`, or of all `lo`.
        reachable: i64,
        /// What cannot be placed: wanted − reachable, or reachable − wanted.
        missing: i64,
        /// Positions of the shares whose bound stands in the way (`hi` when too little fits, `lo` when too much must).
        binding: Vec<usize>,
    },
}

/// Splits `total` over `shares` within their bounds, to the minor unit.
pub fn allocate(total: i64, shares: &[Share]) -> Result<Allocation, AllocationError> {
    let mut slots = slots_of(total, shares)?;
    let mut filler = Filler::default();
    let level = filler.fill(total, &mut slots, |index| shares[index as usize].key);
    Ok(Allocation {
        amounts: slots.iter().map(|slot| slot.amount).collect(),
        held: slots.iter().map(|slot| slot.held).collect(),
        level,
    })
}

/// Like [`allocate`], with amounts rounded to multiples of `step` as `rounding` says; what is left of a total that is
/// no multiple goes to one share. Every amount differs from the unrounded one by less than `step` plus that rest.
pub fn allocate_in_steps(
    total: i64,
    shares: &[Share],
    step: i64,
    rounding: Rounding,
) -> Result<Allocation, AllocationError> {
    if step < 1 {
        return Err(AllocationError::Step);
    }
    let mut slots = slots_of(total, shares)?;
    let mut filler = Filler::default();
    let level = filler.fill(total, &mut slots, |index| shares[index as usize].key);
    round(&mut slots, step, rounding, |index| shares[index as usize].key);
    Ok(Allocation {
        amounts: slots.iter().map(|slot| slot.amount).collect(),
        held: slots.iter().map(|slot| slot.held).collect(),
        level,
    })
}

fn slots_of(total: i64, shares: &[Share]) -> Result<Vec<Slot>, AllocationError> {
    if shares.is_empty() {
        return Err(AllocationError::Nobody);
    }
    if !(0..=crate::plan::MAX_AMOUNT).contains(&total) {
        return Err(AllocationError::Total { total });
    }
    let (mut low, mut high, mut weights) = (0_i64, 0_i64, 0_u128);
    let mut slots = Vec::with_capacity(shares.len());
    for (index, share) in shares.iter().enumerate() {
        if share.lo < 0 || share.lo > share.hi {
            return Err(AllocationError::Bounds { share: index });
        }
        low = low.saturating_add(share.lo);
        high = high.saturating_add(share.hi);
        weights += u128::from(share.weight);
        slots.push(Slot::new(index as u32, share.weight, share.lo, share.hi));
    }
    if weights >> 72 != 0 {
        return Err(AllocationError::Weights);
    }
    if total > high {
        return Err(AllocationError::Infeasible {
            reachable: high,
            missing: total - high,
            binding: (0..shares.len()).collect(),
        });
    }
    if total < low {
        let binding = shares
            .iter()
            .enumerate()
            .filter(|(_, share)| share.lo > 0)
            .map(|(index, _)| index);
        return Err(AllocationError::Infeasible {
            reachable: low,
            missing: low - total,
            binding: binding.collect(),
        });
    }
    Ok(slots)
}
