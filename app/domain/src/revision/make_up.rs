//! What is still missing of a target, spread again over the people and periods that are left.
//!
//! The smallest change (engine.md C5): each number that is still open moves as little as possible from what it is, nobody
//! below what is booked already, in proportion to what each is still expected to bring; the numbers sum to what is missing.
//!
//! A floor or a cap of somebody's total binds the sum of what is open of it. Rows that would be beyond theirs are held there
//! and the others solved again, the side that is beyond by more first: what was held so never has to be released (Bitran and
//! Hax 1981). Each round holds a row or is the last.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::allocation::{AllocationError, Wish, project};
use crate::money::Minor;
use crate::plan::MAX_AMOUNT;

/// A number that is still open: a person's, in a period that is not over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenNumber {
    /// What it is now.
    pub target: Minor,
    /// What is booked of it: it does not fall below.
    pub booked: Minor,
    /// What is expected besides: who brings more takes and gives more.
    pub to_come: Minor,
    /// Not less than this, if somebody set a floor.
    pub floor: Option<Minor>,
    /// Not more than this, if somebody set a cap. What is booked beyond it stays.
    pub cap: Option<Minor>,
    /// Whether it is locked: it stays, unless more is booked already.
    pub locked: bool,
}

impl OpenNumber {
    /// The least and the most it may be.
    fn bounds(&self) -> (i64, i64) {
        let booked = self.booked.0.max(0);
        if self.locked {
            let held = self.target.0.max(booked);
            return (held, held);
        }
        let least = self.floor.map_or(booked, |floor| booked.max(floor.0));
        let most = self.cap.map_or(MAX_AMOUNT, |cap| cap.0).max(least);
        (least, most)
    }
}

/// Open numbers that are bound together: those of somebody whose total has a floor or a cap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenRow {
    /// Their places among the open numbers. No number is in two rows.
    pub numbers: Range<usize>,
    /// They sum to no less than this. What they cannot come to by themselves is not asked.
    pub floor: Option<Minor>,
    /// They sum to no more than this. What they cannot be less than by themselves stays.
    pub cap: Option<Minor>,
}

/// How what is missing was spread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeUp {
    /// One amount for each open number, in the order given.
    pub amounts: Vec<Minor>,
    /// What is booked is already more than the total by so much: then nothing is missing, and every number is the least it
    /// may be by itself.
    pub beyond: Minor,
}

/// Why what is missing has no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "error")]
pub enum MakeUpRefusal {
    /// Nothing is open.
    #[error("no number is open")]
    NothingOpen,
    /// Locks and caps leave too little room.
    #[error("{} minor units cannot be placed: locks and caps allow {}", missing.0, reachable.0)]
    NoRoom {
        /// What the open numbers may sum to at most.
        reachable: Minor,
        /// What is left beyond that.
        missing: Minor,
    },
    /// Locks and floors hold more than is missing, though less is booked.
    #[error("locks and floors hold {} minor units more than is missing", by.0)]
    LocksExceed {
        /// How much more.
        by: Minor,
    },
    /// More than a plan can hold.
    #[error("the numbers are larger than a plan can hold")]
    TooLarge,
}

/// Brings the open numbers to sum to `total`, each of the `rows` within its bounds. Ties of rounding go to the earlier number:
/// the order must not depend on how rows happen to be listed.
pub fn make_up(total: Minor, open: &[OpenNumber], rows: &[OpenRow]) -> Result<MadeUp, MakeUpRefusal> {
    if open.is_empty() {
        return Err(MakeUpRefusal::NothingOpen);
    }
    let wanted = i128::from(total.0);
    let bounds: Vec<(i64, i64)> = open.iter().map(OpenNumber::bounds).collect();
    let booked: i128 = open.iter().map(|number| i128::from(number.booked.0.max(0))).sum();
    if wanted < booked {
        return Ok(MadeUp {
            amounts: bounds.iter().map(|(least, _)| Minor(*least)).collect(),
            beyond: minor(booked - wanted)?,
        });
    }
    let bound: Vec<Bound> = rows.iter().map(|row| Bound::of(row, &bounds)).collect();
    let mut least: i128 = bounds.iter().map(|(least, _)| i128::from(*least)).sum();
    let mut most: i128 = bounds.iter().map(|(_, most)| i128::from(*most)).sum();
    for row in &bound {
        least += row.least - row.alone.0;
        most += row.most - row.alone.1;
    }
    if wanted < least {
        return Err(MakeUpRefusal::LocksExceed {
            by: minor(least - wanted)?,
        });
    }
    if wanted > most {
        return Err(MakeUpRefusal::NoRoom {
            reachable: minor(most)?,
            missing: minor(wanted - most)?,
        });
    }
    let wishes = wishes(open, &bounds);
    // Only absurd amounts are refused here: that there is room was seen above.
    let amounts = spread(total.0, &wishes, &bound).map_err(|_| MakeUpRefusal::TooLarge)?;
    Ok(MadeUp {
        amounts: amounts.into_iter().map(Minor).collect(),
        beyond: Minor(0),
    })
}

fn minor(amount: i128) -> Result<Minor, MakeUpRefusal> {
    i64::try_from(amount)
        .map(Minor)
        .map_err(|_| MakeUpRefusal::TooLarge)
}

/// What each number would be without the total, and how easily it changes.
fn wishes(open: &[OpenNumber], bounds: &[(i64, i64)]) -> Vec<Wish> {
    let sum = |of: fn(&OpenNumber) -> Minor| -> i128 {
        let numbers = open.iter().zip(bounds).filter(|(_, (least, most))| least < most);
        numbers.map(|(number, _)| i128::from(of(number).0.max(0))).sum()
    };
    // Where nothing is expected of anybody, equal changes relative to what there is; where there is nothing, equal ones.
    let (to_come, targets) = (sum(|number| number.to_come), sum(|number| number.target));
    let ease = |number: &OpenNumber| match (to_come, targets) {
        (0, 0) => 1,
        (0, _) => number.target.0.max(0).unsigned_abs(),
        _ => number.to_come.0.max(0).unsigned_abs(),
    };
    (0..)
        .zip(open.iter().zip(bounds))
        .map(|(key, (number, (least, most)))| Wish {
            key,
            amount: number.target.0,
            ease: ease(number).min(MAX_AMOUNT.unsigned_abs()),
            lo: *least,
            hi: *most,
        })
        .collect()
}

/// What the numbers of a row may sum to.
struct Bound {
    numbers: Range<usize>,
    /// The least and the most without the row's own bounds.
    alone: (i128, i128),
    least: i128,
    most: i128,
}

impl Bound {
    fn of(row: &OpenRow, bounds: &[(i64, i64)]) -> Self {
        let own = bounds.get(row.numbers.clone()).unwrap_or_default();
        let low: i128 = own.iter().map(|(least, _)| i128::from(*least)).sum();
        let high: i128 = own.iter().map(|(_, most)| i128::from(*most)).sum();
        let within = |bound: Option<Minor>, free: i128| bound.map_or(free, |bound| i128::from(bound.0));
        let least = within(row.floor, low).clamp(low, high);
        Self {
            numbers: row.numbers.clone(),
            alone: (low, high),
            least,
            most: within(row.cap, high).clamp(least, high),
        }
    }

    fn sum(&self, amounts: &[i64]) -> i128 {
        let own = amounts.get(self.numbers.clone()).unwrap_or_default();
        own.iter().map(|amount| i128::from(*amount)).sum()
    }
}

/// The amounts that sum to a total, every row within its bounds; see the head of this module.
fn spread(total: i64, wishes: &[Wish], rows: &[Bound]) -> Result<Vec<i64>, AllocationError> {
    let mut amounts = vec![0; wishes.len()];
    let mut is_held = vec![false; wishes.len()];
    let mut open: Vec<&Bound> = rows.iter().collect();
    let mut rest = i128::from(total);
    loop {
        let places: Vec<usize> = (0..wishes.len())
            .filter(|place| is_held.get(*place) == Some(&false))
            .collect();
        settle(rest, wishes, &places, &mut amounts)?;
        let (mut above, mut below) = (0_i128, 0_i128);
        for row in &open {
            let sum = row.sum(&amounts);
            above += (sum - row.most).max(0);
            below += (row.least - sum).max(0);
        }
        if above == 0 && below == 0 {
            return Ok(amounts);
        }
        let high = above >= below;
        let is_beyond = |row: &&Bound| {
            let sum = row.sum(&amounts);
            if high { sum > row.most } else { sum < row.least }
        };
        let (beyond, within): (Vec<&Bound>, Vec<&Bound>) = open.iter().copied().partition(is_beyond);
        for row in beyond {
            let held = if high { row.most } else { row.least };
            let own: Vec<usize> = row.numbers.clone().collect();
            settle(held, wishes, &own, &mut amounts)?;
            for place in own {
                if let Some(is_held) = is_held.get_mut(place) {
                    *is_held = true;
                }
            }
            rest -= held;
        }
        open = within;
    }
}

/// Brings the wishes at some places to sum to a total.
fn settle(
    total: i128,
    wishes: &[Wish],
    places: &[usize],
    amounts: &mut [i64],
) -> Result<(), AllocationError> {
    let own: Vec<Wish> = places
        .iter()
        .filter_map(|place| wishes.get(*place).copied())
        .collect();
    if own.is_empty() {
        return Ok(());
    }
    let total = i64::try_from(total).map_err(|_| AllocationError::Weights)?;
    let found = project(total, &own)?;
    for (place, amount) in places.iter().zip(found.amounts) {
        if let Some(known) = amounts.get_mut(*place) {
            *known = amount;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
