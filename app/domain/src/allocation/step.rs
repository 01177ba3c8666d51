//! Rounding of a finished split to a step (whole thousands, say).

use serde::{Deserialize, Serialize};

use super::{Held, Slot};

/// What rounding to a step does at a bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// Bounds hold exactly: a share at a bound keeps it, even where that is no multiple of the step.
    #[default]
    Inside,
    /// Multiples hold: a share at a bound goes to a multiple beside it, so it may pass the bound by less than a step.
    /// Shares with `lo` = `hi` stay.
    Nearest,
}

/// Rounds what [`super::Filler::fill`] left in the slots; the sum stays.
pub(crate) fn round(slots: &mut [Slot], step: i64, rounding: Rounding, key: impl Fn(u32) -> u128) {
    if step <= 1 {
        return;
    }
    let moves = |slot: &Slot| match rounding {
        Rounding::Inside => slot.held == Held::Free,
        Rounding::Nearest => slot.lo < slot.hi,
    };
    let limit = |slot: &Slot| match rounding {
        Rounding::Inside => (slot.lo, slot.hi),
        Rounding::Nearest => (0, i64::MAX),
    };
    // Of the amounts and fractions before the last minor units were dealt out, so that those decide nothing.
    let mut left = 0_i64;
    let mut order: Vec<(i64, u128, usize)> = Vec::with_capacity(slots.len());
    for (index, slot) in slots.iter_mut().enumerate() {
        if !moves(slot) {
            continue;
        }
        let up = i64::from(slot.rounded_up);
        let over = (slot.amount - up) % step;
        if slot.amount - up - over < limit(slot).0 {
            continue;
        }
        order.push((over, slot.rest, index));
        slot.amount -= over + up;
        left += over + up;
    }
    order.sort_unstable_by(|a, b| {
        (b.0, b.1)
            .cmp(&(a.0, a.1))
            .then_with(|| key(slots[a.2].id).cmp(&key(slots[b.2].id)))
    });
    let mut stepped = Vec::new();
    order.retain(|(_, _, index)| {
        let slot = &mut slots[*index];
        if left < step || slot.amount > limit(slot).1 - step {
            return true;
        }
        slot.amount += step;
        left -= step;
        stepped.push(*index);
        false
    });
    // An odd rest, or what bounds kept from being whole steps: first to those without a step.
    for index in order.iter().map(|(_, _, index)| index).chain(&stepped) {
        let slot = &mut slots[*index];
        let room = (limit(slot).1 - slot.amount).min(left);
        slot.amount += room;
        left -= room;
    }
}
