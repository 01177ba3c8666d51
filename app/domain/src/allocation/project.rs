//! The smallest change: amounts as near as possible to given ones that sum to a total within bounds.
//!
//! Minimises Σ (x − t)² / 2c subject to Σ x = total and lo ≤ x ≤ hi, the continuous quadratic knapsack. The solution is
//! x = clamp(t + μ·c, lo, hi) for the one μ that makes them sum to the total; that sum is piecewise linear and grows with μ,
//! so μ lies between two of the points where a share reaches a bound (Brucker 1984; Kiwiel 2008). All in integers.

use serde::{Deserialize, Serialize};

use super::{AllocationError, Held, Rounding, Share, Slot, round, slots_of};
use crate::plan::MAX_AMOUNT;

/// One whose amount is to change as little as possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// Breaks ties, the smaller first; different for every wish.
    pub key: u128,
    /// What it would be without the total: t, from −[`MAX_AMOUNT`] to [`MAX_AMOUNT`].
    pub amount: i64,
    /// How easily it changes against others: c, at most [`MAX_AMOUNT`]. The same for all for equal changes, a base for
    /// equal changes relative to it. Where it is zero the amount changes only when all others stand at their bounds; then
    /// equally.
    pub ease: u64,
    /// Not less than this (minor units, not negative).
    pub lo: i64,
    /// Not more than this (minor units); `i64::MAX` for no limit.
    pub hi: i64,
}

/// A total reached by the smallest change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Projection {
    /// One amount a wish, in the order given; they sum to the total.
    pub amounts: Vec<i64>,
    /// Where each ended.
    pub held: Vec<Held>,
    /// μ as a fraction (numerator, denominator): a free amount is its wish and `ease · numerator / denominator` before
    /// rounding. `None` when nobody who changes easily is free.
    pub shift: Option<(i128, u128)>,
}

/// Brings the wishes to sum to `total` within their bounds, to the minor unit; each amount is less than one unit from the
/// exact solution.
pub fn project(total: i64, wishes: &[Wish]) -> Result<Projection, AllocationError> {
    project_in_steps(total, wishes, 1, Rounding::Inside)
}

/// Like [`project`], with amounts rounded to multiples of `step`; see [`super::allocate_in_steps`].
pub fn project_in_steps(
    total: i64,
    wishes: &[Wish],
    step: i64,
    rounding: Rounding,
) -> Result<Projection, AllocationError> {
    if step < 1 {
        return Err(AllocationError::Step);
    }
    let share = |wish: &Wish| Share {
        key: wish.key,
        weight: wish.ease,
        lo: wish.lo,
        hi: wish.hi,
    };
    let shares: Vec<Share> = wishes.iter().map(share).collect();
    let mut slots = slots_of(total, &shares)?;
    let absurd = |wish: &Wish| {
        wish.ease > MAX_AMOUNT.unsigned_abs() || wish.amount.unsigned_abs() > MAX_AMOUNT.unsigned_abs()
    };
    if wishes.len() > MOST || wishes.iter().any(absurd) {
        return Err(AllocationError::Weights);
    }
    // Nobody exceeds the total, so no limit is larger.
    let mut easy = Vec::with_capacity(wishes.len());
    let mut stiff = Vec::new();
    for (place, (wish, slot)) in wishes.iter().zip(&slots).enumerate() {
        let mover = Mover {
            place,
            wish: i128::from(wish.amount),
            ease: i128::from(wish.ease.max(1)),
            lo: i128::from(slot.lo),
            hi: i128::from(slot.hi.min(total)),
        };
        if wish.ease > 0 {
            easy.push(mover);
        } else {
            stiff.push(mover);
        }
    }
    let key = |id: u32| wishes[id as usize].key;
    let mut rest = i128::from(total);
    for mover in &stiff {
        rest -= mover.settle(&mut slots, mover.wish.clamp(mover.lo, mover.hi));
    }
    let low: i128 = easy.iter().map(|mover| mover.lo).sum();
    let high: i128 = easy.iter().map(|mover| mover.hi).sum();
    let shift = if (low..=high).contains(&rest) {
        solve(rest, &easy, &mut slots, key)
    } else {
        let up = rest > high;
        rest = i128::from(total);
        for mover in &easy {
            rest -= mover.settle(&mut slots, if up { mover.hi } else { mover.lo });
        }
        solve(rest, &stiff, &mut slots, key);
        None
    };
    round(&mut slots, step, rounding, key);
    Ok(Projection {
        amounts: slots.iter().map(|slot| slot.amount).collect(),
        held: slots.iter().map(|slot| slot.held).collect(),
        shift,
    })
}

/// Wishes at once, so that every product below stays within 128 bits.
const MOST: usize = 1 << 24;

/// A wish with an ease above zero; amounts up to 2^51, eases up to 2^50.
struct Mover {
    place: usize,
    wish: i128,
    ease: i128,
    lo: i128,
    hi: i128,
}

impl Mover {
    /// Where it ends at μ = `point`.
    fn at(&self, point: (i128, i128)) -> Held {
        let (numerator, denominator) = point;
        let moved = numerator * self.ease;
        if (self.lo - self.wish) * denominator > moved {
            Held::Low
        } else if (self.hi - self.wish) * denominator <= moved {
            Held::High
        } else {
            Held::Free
        }
    }

    /// Sets its slot to a whole amount; returns that.
    fn settle(&self, slots: &mut [Slot], amount: i128) -> i128 {
        let slot = &mut slots[self.place];
        slot.amount = amount as i64;
        slot.held = if amount <= self.lo {
            Held::Low
        } else if amount >= self.hi {
            Held::High
        } else {
            Held::Free
        };
        amount
    }
}

/// Sums of the movers at a point: of the amounts at a bound, of the wishes and of the eases of the free ones.
fn sums(movers: &[Mover], point: (i128, i128)) -> (i128, i128, i128) {
    let (mut fixed, mut wishes, mut eases) = (0, 0, 0);
    for mover in movers {
        match mover.at(point) {
            Held::Low => fixed += mover.lo,
            Held::High => fixed += mover.hi,
            Held::Free => {
                wishes += mover.wish;
                eases += mover.ease;
            }
        }
    }
    (fixed, wishes, eases)
}

/// Solves for a total that the bounds allow; returns μ while somebody is free.
fn solve(
    total: i128,
    movers: &[Mover],
    slots: &mut [Slot],
    key: impl Fn(u32) -> u128,
) -> Option<(i128, u128)> {
    let mut points: Vec<(i128, i128)> = movers
        .iter()
        .flat_map(|mover| [mover.lo, mover.hi].map(|bound| (bound - mover.wish, mover.ease)))
        .collect();
    points.sort_unstable_by(|a, b| (a.0 * b.1).cmp(&(b.0 * a.1)));
    // At the first point everybody is at `lo`, at the last at `hi`, and the sum grows in between.
    let reached = points.partition_point(|point| {
        let (fixed, wishes, eases) = sums(movers, *point);
        (fixed + wishes - total) * point.1 + point.0 * eases <= 0
    });
    let point = *points.get(reached.checked_sub(1)?)?;
    let (fixed, wishes, eases) = sums(movers, point);
    let rest = total - fixed - wishes;
    let mut left = total;
    let mut lost = Vec::new();
    for mover in movers {
        let slot = &mut slots[mover.place];
        slot.held = mover.at(point);
        let amount = match slot.held {
            Held::Low => mover.lo,
            Held::High => mover.hi,
            Held::Free => {
                let moved = rest * mover.ease;
                slot.rest = moved.rem_euclid(eases) as u128;
                if slot.rest > 0 {
                    lost.push(mover.place);
                }
                mover.wish + moved.div_euclid(eases)
            }
        };
        slot.amount = amount as i64;
        left -= amount;
    }
    lost.sort_unstable_by(|a, b| {
        let (a, b) = (&slots[*a], &slots[*b]);
        b.rest.cmp(&a.rest).then_with(|| key(a.id).cmp(&key(b.id)))
    });
    for place in lost.into_iter().take(left as usize) {
        slots[place].amount += 1;
        slots[place].rounded_up = true;
    }
    (eases > 0).then_some((rest, eases as u128))
}
