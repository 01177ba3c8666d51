//! Amounts that move between rows, to the last minor unit.

use crate::allocation::{AllocationError, Share, allocate};
use crate::money::Minor;

use super::days::{Days, parts};

/// All of an amount, in millionths.
const WHOLE_PPM: i128 = 1_000_000;

/// A row as a change sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Breaks ties of rounding; different for every row, so that their order does not matter.
    pub key: u128,
    /// What it has, by period.
    pub amounts: Vec<Minor>,
    /// In which periods it may take something: who is not there does not.
    pub takes: Vec<bool>,
}

impl Row {
    fn amount(&self, period: usize) -> i64 {
        self.amounts.get(period).map_or(0, |amount| amount.0.max(0))
    }

    fn total(&self) -> u64 {
        (0..self.amounts.len())
            .map(|period| self.amount(period).unsigned_abs())
            .fold(0, u64::saturating_add)
    }

    fn may_take(&self, period: usize) -> bool {
        self.takes.get(period).copied().unwrap_or(false)
    }
}

/// An amount that moves from one row to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// Who gives, by the place in the list of rows.
    pub from: usize,
    /// Who takes.
    pub to: usize,
    /// In which period.
    pub period: usize,
    /// How much; more than nothing.
    pub amount: Minor,
}

/// Who takes what somebody no longer carries.
#[derive(Clone, Copy, Debug)]
pub enum Taker<'a> {
    /// What is nobody's.
    Nobody,
    /// These, in proportion to what they have; in periods in which none of them is there what is nobody's.
    Colleagues(&'a [usize]),
    /// One, as far as these millionths of each period go; the rest is nobody's.
    Successor(usize, &'a [u32]),
}

/// Who gives to somebody who comes.
#[derive(Clone, Copy, Debug)]
pub enum Giver<'a> {
    /// What is nobody's.
    Nobody(usize),
    /// These, in proportion to what they have: what one of them and the newcomer would have on average.
    Colleagues(&'a [usize]),
}

/// Why a change cannot be reckoned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StaffingError {
    /// A row that is not in the list.
    #[error("there is no row {row}")]
    NoRow {
        /// Which.
        row: usize,
    },
    /// An amount cannot be split.
    #[error(transparent)]
    Allocation(#[from] AllocationError),
}

/// Somebody hands over a part of each period: to whom it goes. `nobody` is the row of what nobody carries.
pub fn leaves(
    rows: &[Row],
    from: usize,
    nobody: usize,
    parts: &[Minor],
    taker: Taker<'_>,
) -> Result<Vec<Move>, StaffingError> {
    for row in [from, nobody] {
        rows.get(row).ok_or(StaffingError::NoRow { row })?;
    }
    let mut moves = Vec::new();
    for (period, part) in parts.iter().enumerate() {
        let mut left = part.0;
        match taker {
            Taker::Nobody => {}
            Taker::Colleagues(colleagues) => {
                left -= spread(rows, from, colleagues, period, part.0, &mut moves)?;
            }
            Taker::Successor(to, ppm) => {
                let row = rows.get(to).ok_or(StaffingError::NoRow { row: to })?;
                if row.may_take(period) {
                    let taken = of_ppm(part.0, ppm.get(period).copied().unwrap_or(0));
                    push(&mut moves, from, to, period, taken);
                    left -= taken;
                }
            }
        }
        push(&mut moves, from, nobody, period, left);
    }
    Ok(moves)
}

/// A part of each period goes from one row to another: with somebody who moves.
pub fn goes(from: usize, to: usize, parts: &[Minor]) -> Vec<Move> {
    let mut moves = Vec::new();
    for (period, part) in parts.iter().enumerate() {
        push(&mut moves, from, to, period, part.0);
    }
    moves
}

/// Somebody comes: what they take, by the days of each period they are there and what a beginner is expected to do of it, in
/// millionths. Never more than there is.
pub fn joins(
    rows: &[Row],
    to: usize,
    giver: Giver<'_>,
    days: &[Days],
    ppm: &[u32],
) -> Result<Vec<Move>, StaffingError> {
    rows.get(to).ok_or(StaffingError::NoRow { row: to })?;
    let nobody: [usize; 1];
    let giving: &[usize] = match giver {
        Giver::Nobody(row) => {
            nobody = [row];
            &nobody
        }
        Giver::Colleagues(rows) => rows,
    };
    let mut all = Vec::with_capacity(giving.len());
    for place in giving.iter().filter(|place| **place != to) {
        all.push((
            *place,
            rows.get(*place).ok_or(StaffingError::NoRow { row: *place })?,
        ));
    }
    let sums: Vec<Minor> = (0..days.len())
        .map(|period| {
            let sum = all
                .iter()
                .fold(0_i64, |sum, (_, row)| sum.saturating_add(row.amount(period)));
            let there = all.iter().filter(|(_, row)| row.may_take(period)).count();
            match giver {
                Giver::Nobody(_) => Minor(sum),
                Giver::Colleagues(_) => Minor(sum / (i64::try_from(there).unwrap_or(i64::MAX - 1) + 1)),
            }
        })
        .collect();
    let mut moves = Vec::new();
    for (period, part) in parts(&sums, days).into_iter().enumerate() {
        let wanted = of_ppm(part.0, ppm.get(period).copied().unwrap_or(0));
        if wanted == 0 {
            continue;
        }
        let shares: Vec<Share> = all
            .iter()
            .map(|(_, row)| {
                let amount = row.amount(period);
                Share::free(row.key, amount.unsigned_abs()).within(0, amount)
            })
            .collect();
        let given = allocate(wanted, &shares)?.amounts;
        for ((from, _), amount) in all.iter().zip(given) {
            push(&mut moves, *from, to, period, amount);
        }
    }
    Ok(moves)
}

/// What every row has after the moves.
pub fn after(rows: &[Row], moves: &[Move]) -> Vec<Vec<Minor>> {
    let mut amounts: Vec<Vec<Minor>> = rows.iter().map(|row| row.amounts.clone()).collect();
    for one in moves {
        for (row, change) in [(one.from, -one.amount.0), (one.to, one.amount.0)] {
            if let Some(amount) = amounts.get_mut(row).and_then(|row| row.get_mut(one.period)) {
                amount.0 += change;
            }
        }
    }
    amounts
}

/// Spreads an amount over those who are there in a period; answers how much of it was: all, or nothing where nobody is.
fn spread(
    rows: &[Row],
    from: usize,
    to: &[usize],
    period: usize,
    amount: i64,
    moves: &mut Vec<Move>,
) -> Result<i64, StaffingError> {
    let mut taking = Vec::with_capacity(to.len());
    for place in to.iter().filter(|place| **place != from) {
        let row = rows.get(*place).ok_or(StaffingError::NoRow { row: *place })?;
        if row.may_take(period) {
            taking.push((*place, row));
        }
    }
    if taking.is_empty() || amount == 0 {
        return Ok(0);
    }
    // Where nobody has anything in the period, by what they have over all; and equally where that is nothing either.
    let is_something = taking.iter().any(|(_, row)| row.amount(period) > 0);
    let weight = |row: &Row| {
        if is_something {
            row.amount(period).unsigned_abs()
        } else {
            row.total()
        }
    };
    let shares: Vec<Share> = taking
        .iter()
        .map(|(_, row)| Share::free(row.key, weight(row)))
        .collect();
    for ((place, _), amount) in taking.iter().zip(allocate(amount, &shares)?.amounts) {
        push(moves, from, *place, period, amount);
    }
    Ok(amount)
}

fn push(moves: &mut Vec<Move>, from: usize, to: usize, period: usize, amount: i64) {
    if amount > 0 && from != to {
        moves.push(Move {
            from,
            to,
            period,
            amount: Minor(amount),
        });
    }
}

/// So many millionths of an amount, rounded down.
fn of_ppm(amount: i64, ppm: u32) -> i64 {
    (i128::from(amount.max(0)) * i128::from(ppm) / WHOLE_PPM) as i64
}
