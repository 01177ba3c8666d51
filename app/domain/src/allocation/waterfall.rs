//! Two things that people call a waterfall: a target that flows down the levels and grows on the way, and tiers that are
//! filled one after the other.

use serde::{Deserialize, Serialize};

use super::{Allocation, AllocationError, Share, allocate};
use crate::plan::MAX_AMOUNT;

/// A level of a cascade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Level {
    /// What the level carries in all.
    pub amount: i64,
    /// By how much that exceeds the level above.
    pub hedge: i64,
    /// By how much it exceeds the first, in millionths of that, rounded to the nearest. Practice warns above 10 % a level
    /// and 20 % in all (Zoltners, Sinha & Lorimer 2011: 5 % at each of three levels is 15.8 %).
    pub cumulated_ppm: u64,
}

/// What each level carries where every level adds its over-assignment (in millionths, rounded down to the minor unit) to
/// what the one above it carries: the first is the total itself. A split does this in every cell by its `uplift_ppm`; this
/// shows beforehand what it comes to.
///
/// [`AllocationError::Total`] where the total or a level is no amount of a plan.
pub fn cascade(total: i64, uplift_ppm: &[u32]) -> Result<Vec<Level>, AllocationError> {
    let in_range = |amount: i128| {
        let amount = i64::try_from(amount).unwrap_or(i64::MAX);
        if (0..=MAX_AMOUNT).contains(&amount) {
            Ok(amount)
        } else {
            Err(AllocationError::Total { total: amount })
        }
    };
    let first = in_range(i128::from(total))?;
    let mut levels = vec![Level {
        amount: first,
        hedge: 0,
        cumulated_ppm: 0,
    }];
    let mut above = first;
    for ppm in uplift_ppm {
        let hedge = i128::from(above) * i128::from(*ppm) / 1_000_000;
        let amount = in_range(i128::from(above) + hedge)?;
        let over = i128::from(amount - first) * 1_000_000 + i128::from(first) / 2;
        levels.push(Level {
            amount,
            hedge: amount - above,
            cumulated_ppm: over.checked_div(i128::from(first)).unwrap_or(0) as u64,
        });
        above = amount;
    }
    Ok(levels)
}

/// Fills tiers one after the other: each takes what its shares can hold, by its own weights, and leaves the rest to the
/// next; so the first may be what everybody surely does, and the next what potential is still there. One allocation a tier;
/// what somebody gets is the sum over the tiers.
///
/// Every tier first gets the sum of its `lo`. Refused as by [`allocate`] where the tiers cannot hold the total or must hold
/// more; `binding` then counts the shares of all tiers through.
pub fn fill_in_order(total: i64, tiers: &[Vec<Share>]) -> Result<Vec<Allocation>, AllocationError> {
    // One look at all of them finds every refusal that a tier could give later.
    let all: Vec<Share> = tiers.iter().flatten().copied().collect();
    allocate(total, &all)?;
    let sum = |tier: &[Share], bound: fn(&Share) -> i64| {
        tier.iter()
            .fold(0_i64, |sum, share| sum.saturating_add(bound(share)))
    };
    let mut free = total - sum(&all, |share| share.lo);
    let mut filled = Vec::with_capacity(tiers.len());
    for tier in tiers {
        let least = sum(tier, |share| share.lo);
        let more = free.min(sum(tier, |share| share.hi) - least);
        free -= more;
        filled.push(if tier.is_empty() {
            Allocation {
                amounts: Vec::new(),
                held: Vec::new(),
                level: None,
            }
        } else {
            allocate(least + more, tier)?
        });
    }
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_per_cent_on_three_levels_is_nearly_sixteen() {
        let levels = cascade(1_000_000, &[50_000, 50_000, 50_000]).unwrap();
        let amounts: Vec<i64> = levels.iter().map(|level| level.amount).collect();
        assert_eq!(amounts, [1_000_000, 1_050_000, 1_102_500, 1_157_625]);
        assert_eq!(levels[3].hedge, 55_125);
        assert_eq!(levels[3].cumulated_ppm, 157_625);
        assert_eq!(cascade(0, &[50_000]).unwrap()[1].cumulated_ppm, 0);
        assert_eq!(cascade(-1, &[]), Err(AllocationError::Total { total: -1 }));
        assert!(cascade(MAX_AMOUNT, &[1]).is_err());
    }

    #[test]
    fn a_tier_is_full_before_the_next_begins() {
        let base = [60, 40].into_iter().enumerate();
        let base: Vec<Share> = base
            .map(|(key, hi)| Share::free(key as u128, hi as u64).within(0, hi))
            .collect();
        let potential = vec![Share::free(0, 1), Share::free(1, 3)];
        let tiers = [base, potential];
        let amounts = |total| {
            let filled = fill_in_order(total, &tiers).unwrap();
            filled.into_iter().map(|tier| tier.amounts).collect::<Vec<_>>()
        };
        assert_eq!(amounts(50), [[30, 20], [0, 0]]);
        assert_eq!(amounts(140), [[60, 40], [10, 30]]);
        assert_eq!(fill_in_order(5, &[]), Err(AllocationError::Nobody));
        let capped = [
            vec![Share::free(0, 1).within(0, 4)],
            vec![Share::free(0, 1).within(1, 2)],
        ];
        assert!(matches!(
            fill_in_order(7, &capped),
            Err(AllocationError::Infeasible {
                reachable: 6,
                missing: 1,
                ..
            })
        ));
        let filled = fill_in_order(1, &capped).unwrap();
        assert_eq!((filled[0].amounts[0], filled[1].amounts[0]), (0, 1));
    }
}
