//! Orders: what their amounts must come to, and how what counts of them falls to products and units, to the last
//! ten-thousandth.

use serde::{Deserialize, Serialize};

use crate::metric::OrderAmount;
use crate::money::Fact;

/// The amounts of an order, as far as they are known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amounts {
    /// Without tax.
    pub net: Option<Fact>,
    /// Tax.
    pub tax: Option<Fact>,
    /// Freight and the like, less what is taken off the whole.
    pub other: Option<Fact>,
    /// All of it.
    pub gross: Option<Fact>,
}

/// Why amounts are no order's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "error")]
pub enum AmountsError {
    /// The parts do not come to the whole.
    #[error("net amount, tax and other charges come to {}, the gross amount is {}", .sum.0, .gross.0)]
    Disagree {
        /// What the parts come to.
        sum: Fact,
        /// The whole.
        gross: Fact,
    },
    /// A gross amount below the net amount, or of the other sign, and nothing said that was taken off.
    #[error("the gross amount {} is below the net amount {}", .gross.0, .net.0)]
    GrossBelowNet {
        /// The net amount.
        net: Fact,
        /// The gross amount.
        gross: Fact,
    },
    /// A sum beyond what an amount can hold.
    #[error("the sum of the amounts is too large")]
    TooLarge,
}

impl Amounts {
    /// The same amounts with what follows from them: of net, tax and gross, two give the third. Other charges count as none
    /// where nothing is said of them.
    ///
    /// # Errors
    /// Where the amounts contradict each other.
    pub fn complete(self) -> Result<Self, AmountsError> {
        let Self {
            mut net,
            mut tax,
            other,
            mut gross,
        } = self;
        let charges = other.unwrap_or_default();
        match (net, tax, gross) {
            (Some(a), Some(b), None) => gross = Some(sum([a, b, charges])?),
            (None, Some(b), Some(c)) => net = Some(sum([c, Fact(-b.0), Fact(-charges.0)])?),
            (Some(a), None, Some(c)) => tax = Some(sum([c, Fact(-a.0), Fact(-charges.0)])?),
            (Some(a), Some(b), Some(c)) => {
                let parts = sum([a, b, charges])?;
                if parts != c {
                    return Err(AmountsError::Disagree { sum: parts, gross: c });
                }
            }
            _ => {}
        }
        if let (Some(net), Some(gross), None) = (net, gross, other) {
            let opposite = (net.0 < 0) != (gross.0 < 0) && net.0 != 0;
            if opposite || gross.0.unsigned_abs() < net.0.unsigned_abs() {
                return Err(AmountsError::GrossBelowNet { net, gross });
            }
        }
        Ok(Self {
            net,
            tax,
            other,
            gross,
        })
    }

    /// The amount that counts.
    pub fn counting(self, amount: OrderAmount) -> Option<Fact> {
        match amount {
            OrderAmount::Net => self.net,
            OrderAmount::Gross => self.gross,
        }
    }
}

/// The sum of amounts.
///
/// # Errors
/// Where no amount holds it.
pub fn sum(amounts: impl IntoIterator<Item = Fact>) -> Result<Fact, AmountsError> {
    let sum: i128 = amounts.into_iter().map(|amount| i128::from(amount.0)).sum();
    i64::try_from(sum).map(Fact).map_err(|_| AmountsError::TooLarge)
}

/// Quantity times price, rounded to the ten-thousandth, half away from zero.
///
/// # Errors
/// Where no amount holds it.
pub fn times(quantity: Fact, price: Fact) -> Result<Fact, AmountsError> {
    let product = i128::from(quantity.0) * i128::from(price.0);
    let scale = i128::from(crate::money::FACT_SCALE);
    let half = if product < 0 { -scale / 2 } else { scale / 2 };
    i64::try_from((product + half) / scale)
        .map(Fact)
        .map_err(|_| AmountsError::TooLarge)
}

/// An amount in exact parts in proportion to weights (largest remainder): what is left over goes to the largest fractions,
/// of equal ones to the first. Weights may be below zero; where they come to nothing, the first takes all.
pub fn parts(amount: Fact, weights: &[i64]) -> Vec<Fact> {
    let total: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    if total == 0 {
        return parts_of_none(amount, weights.len());
    }
    if weights.len() == 1 {
        return vec![amount];
    }
    let mut parts = vec![Fact(0); weights.len()];
    let sign = total.signum();
    let exact: Vec<i128> = weights
        .iter()
        .map(|weight| i128::from(amount.0) * i128::from(*weight) * sign)
        .collect();
    let total = total.abs();
    let mut left = i128::from(amount.0);
    for (part, exact) in parts.iter_mut().zip(&exact) {
        let whole = exact.div_euclid(total);
        let Ok(fits) = i64::try_from(whole) else {
            // Weights that nearly cancel out, of a huge amount: no proportion to keep.
            return parts_of_none(amount, weights.len());
        };
        part.0 = fits;
        left -= whole;
    }
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|index| (std::cmp::Reverse(exact[*index].rem_euclid(total)), *index));
    for index in order.into_iter().take(usize::try_from(left).unwrap_or(0)) {
        parts[index].0 += 1;
    }
    parts
}

/// The parts where there is nothing to go by: the first takes all.
fn parts_of_none(amount: Fact, count: usize) -> Vec<Fact> {
    let mut parts = vec![Fact(0); count];
    if let Some(first) = parts.first_mut() {
        *first = amount;
    }
    parts
}

/// The cells of a table with these sums of rows and of columns, which come to the same: each in proportion to both, rounded
/// so that every row and every column keeps its sum exactly.
pub fn table(rows: &[Fact], columns: &[Fact]) -> Vec<Vec<Fact>> {
    if rows.len() == 1 {
        return vec![columns.to_vec()];
    }
    let total: i128 = rows.iter().map(|row| i128::from(row.0)).sum();
    let mut cells = vec![vec![Fact(0); columns.len()]; rows.len()];
    if total == 0 {
        // Nothing to go by: the first row takes what the columns hold, the first column what is then missing in the rows.
        if let Some(first) = cells.first_mut() {
            first.copy_from_slice(columns);
        }
        let first_sum: i64 = columns.iter().map(|column| column.0).sum();
        for (index, (cells, row)) in cells.iter_mut().zip(rows).enumerate() {
            let missing = row.0 - if index == 0 { first_sum } else { 0 };
            if let Some(cell) = cells.first_mut() {
                cell.0 += missing;
            }
        }
        return cells;
    }
    // Sums from the first row and column to here, rounded down: differences of them keep every sum.
    let corner = |row: i128, column: i128| (row * column * total.signum()).div_euclid(total.abs());
    let mut above: Vec<i128> = vec![0; columns.len() + 1];
    let mut down = 0_i128;
    for (line, row) in cells.iter_mut().zip(rows) {
        down += i128::from(row.0);
        let (mut across, mut before) = (0_i128, 0_i128);
        for ((cell, column), above) in line.iter_mut().zip(columns).zip(above.iter_mut().skip(1)) {
            across += i128::from(column.0);
            let here = corner(down, across);
            let own = here - before;
            cell.0 = i64::try_from(own - *above).unwrap_or_default();
            before = here;
            *above = own;
        }
    }
    cells
}

#[cfg(test)]
mod tests;
