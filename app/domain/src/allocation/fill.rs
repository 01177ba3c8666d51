//! The inner loop: water-filling and largest remainder over slots that the caller owns, without allocation.

use super::Held;

/// A share while it is being filled.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot {
    /// Relative weight; may be changed by the filling where all are zero.
    pub(crate) weight: u64,
    /// Not less than this.
    pub(crate) lo: i64,
    /// Not more than this.
    pub(crate) hi: i64,
    /// The result.
    pub(crate) amount: i64,
    /// Numerator of the fraction lost by rounding down, over the same denominator for every free slot.
    pub(crate) rest: u128,
    /// Whose it is: handed to the key function on ties.
    pub(crate) id: u32,
    /// Where it ended.
    pub(crate) held: Held,
    /// Whether it got one of the minor units lost by rounding down.
    pub(crate) rounded_up: bool,
}

impl Slot {
    pub(crate) fn new(id: u32, weight: u64, lo: i64, hi: i64) -> Self {
        Self {
            weight,
            lo,
            hi,
            amount: 0,
            rest: 0,
            id,
            held: Held::Free,
            rounded_up: false,
        }
    }
}

/// Groups up to this size are ranked by counting.
const SMALL: usize = 16;

/// Scratch for [`Filler::fill`], kept between calls.
#[derive(Default)]
pub(crate) struct Filler {
    /// Fractions (their upper 64 bits) and positions of the slots that lost one.
    order: Vec<(u64, u32)>,
}

/// `amount · weight / sum` rounded down, with its remainder, for one amount and one sum.
struct Quota {
    amount: i64,
    sum: u128,
    /// Nearly `amount / sum`; only a first guess of the quotient, which is then corrected exactly.
    ratio: f64,
    narrow: bool,
}

impl Quota {
    fn new(amount: i64, sum: u128) -> Self {
        // Up to these sizes the guess is off by at most one and remainders fit 64 bits.
        let narrow = sum <= 1 << 60 && (0..=1 << 50).contains(&amount);
        Self {
            amount,
            sum,
            ratio: amount as f64 / sum as f64,
            narrow,
        }
    }

    #[inline]
    fn of(&self, weight: u64) -> (i64, u128) {
        if self.narrow {
            let sum = self.sum as i64;
            let mut quotient = (weight as f64 * self.ratio) as i64;
            let product = (weight as i64).wrapping_mul(self.amount);
            let mut rest = product.wrapping_sub(quotient.wrapping_mul(sum));
            while rest < 0 {
                quotient -= 1;
                rest += sum;
            }
            while rest >= sum {
                quotient += 1;
                rest -= sum;
            }
            (quotient, rest as u128)
        } else {
            let product = self.amount as u128 * u128::from(weight);
            ((product / self.sum) as i64, product % self.sum)
        }
    }
}

impl Filler {
    /// Fills the slots so that they sum to `total`: `clamp(λ·weight, lo, hi)` and largest remainder, ties to the
    /// smaller key. Requires 0 ≤ lo ≤ hi, Σ lo ≤ total ≤ Σ hi, Σ weight < 2^72 and
    /// total · Σ weight < 2^127.
    ///
    /// Returns λ as a fraction while a slot of positive weight is free.
    pub(crate) fn fill(
        &mut self,
        total: i64,
        slots: &mut [Slot],
        key: impl Fn(u32) -> u128,
    ) -> Option<(i64, u128)> {
        let mut rest = total;
        let mut weightless = 0_usize;
        let mut sum = 0_u128;
        for slot in slots.iter_mut() {
            if slot.weight == 0 {
                // Out of the first round, at its least.
                weightless += 1;
                slot.held = Held::Low;
                slot.amount = slot.lo;
                rest -= slot.lo;
            } else {
                slot.held = Held::Free;
                sum += u128::from(slot.weight);
            }
        }
        if weightless > 0 && !reaches(rest, slots) {
            rest = total;
            sum = 0;
            for slot in slots.iter_mut() {
                if slot.weight == 0 {
                    slot.weight = 1;
                    slot.held = Held::Free;
                    sum += 1;
                } else {
                    slot.held = Held::High;
                    slot.amount = slot.hi;
                    rest -= slot.hi;
                }
            }
        }
        let (rest, sum) = settle(rest, sum, slots);
        if sum == 0 {
            return None;
        }
        let mut left = rest;
        let narrow = sum >> 64 == 0;
        self.order.clear();
        for (index, slot) in slots.iter().enumerate() {
            if slot.held == Held::Free {
                left -= slot.amount;
                if slot.rest > 0 {
                    let upper = if narrow { slot.rest } else { slot.rest >> 8 };
                    self.order.push((upper as u64, index as u32));
                }
            }
        }
        if left > 0 {
            self.round_up(left as usize, slots, key);
        }
        Some((rest, sum))
    }

    /// One more unit to the `count` largest fractions of `order`.
    fn round_up(&mut self, count: usize, slots: &mut [Slot], key: impl Fn(u32) -> u128) {
        if self.order.len() <= SMALL && self.round_up_few(count, slots) {
            return;
        }
        if count < self.order.len() {
            self.order.select_nth_unstable_by(count, |a, b| {
                b.0.cmp(&a.0).then_with(|| {
                    let (a, b) = (&slots[a.1 as usize], &slots[b.1 as usize]);
                    b.rest.cmp(&a.rest).then_with(|| key(a.id).cmp(&key(b.id)))
                })
            });
        }
        for (_, index) in self.order.iter().take(count) {
            slots[*index as usize].amount += 1;
            slots[*index as usize].rounded_up = true;
        }
    }

    /// The same for a small group by counting who is larger, which has no branches to mispredict; `false`, with nothing
    /// done, where a tie has to be broken.
    fn round_up_few(&self, count: usize, slots: &mut [Slot]) -> bool {
        let mut fractions = [0_u64; SMALL];
        for (fraction, (upper, _)) in fractions.iter_mut().zip(&self.order) {
            *fraction = *upper;
        }
        let len = self.order.len();
        let mut chosen = 0_u32;
        for index in 0..len {
            let larger: usize = fractions[..len]
                .iter()
                .map(|fraction| usize::from(*fraction > fractions[index]))
                .sum();
            chosen |= u32::from(larger < count) << index;
        }
        if chosen.count_ones() as usize != count {
            return false;
        }
        for (place, (_, index)) in self.order.iter().enumerate() {
            let up = chosen >> place & 1 == 1;
            slots[*index as usize].amount += i64::from(up);
            slots[*index as usize].rounded_up = up;
        }
        true
    }
}

/// Whether the slots of positive weight can take `rest` in all.
fn reaches(rest: i64, slots: &[Slot]) -> bool {
    let weighted = slots.iter().filter(|slot| slot.held == Held::Free);
    rest <= weighted.fold(0_i64, |sum, slot| sum.saturating_add(slot.hi))
}

/// Fixes slots at their bounds until the free ones, in proportion, keep theirs. Returns what the free ones share and
/// the sum of their weights.
fn settle(mut rest: i64, mut sum: u128, slots: &mut [Slot]) -> (i64, u128) {
    while sum > 0 {
        let quota = Quota::new(rest, sum);
        // By how much proportional shares fall short of a lower bound or exceed an upper one: whole units, fractions.
        let (mut low, mut low_rest, mut high, mut high_rest) = (0_i64, 0_u128, 0_i64, 0_u128);
        let mut broken = false;
        for slot in slots.iter_mut().filter(|slot| slot.held == Held::Free) {
            let (amount, fraction) = quota.of(slot.weight);
            slot.amount = amount;
            slot.rest = fraction;
            if amount < slot.lo {
                low += slot.lo - amount;
                low_rest += fraction;
                broken = true;
            } else if amount >= slot.hi && (amount > slot.hi || fraction > 0) {
                high += amount - slot.hi;
                high_rest += fraction;
                broken = true;
            }
        }
        if !broken {
            break;
        }
        let below = low as u128 * sum - low_rest;
        let above = high as u128 * sum + high_rest;
        for slot in slots.iter_mut().filter(|slot| slot.held == Held::Free) {
            let (held, bound) = if slot.amount < slot.lo && below >= above {
                (Held::Low, slot.lo)
            } else if slot.amount >= slot.hi && (slot.amount > slot.hi || slot.rest > 0) && above >= below {
                (Held::High, slot.hi)
            } else {
                continue;
            };
            slot.held = held;
            slot.amount = bound;
            slot.rest = 0;
            rest -= bound;
            sum -= u128::from(slot.weight);
        }
    }
    (rest, sum)
}
