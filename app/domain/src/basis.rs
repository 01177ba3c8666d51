//! What a split is based on: history, capability, potential, customers, pipeline, equal or imported numbers, with ramp,
//! season and assignments, quantised once to whole weights.
//!
//! Every basis gives one finite number of at least zero a node, by position in the list that came in; [`quantise`] makes
//! whole weights of them for [`crate::plan::BasisWeights`]. Ramp, assignment and season differ by period and become
//! millionths for [`crate::plan::Factor`]. Everything is worked out here once, on the server; what follows is integer.

mod assignment;
mod blend;
mod person;
mod ramp;
mod season;

use serde::{Deserialize, Serialize};

pub use assignment::{Assignment, assignment_factor};
pub use blend::{WHOLE_PPM, brought_to, rescaled};
pub use person::{Account, Deal, Estimate, OneOff, Ownership, capability, customers, history, pipeline};
pub use ramp::{MOST_STEPS, Ramp, RampError, ramp_factor};
pub use season::{drawn_to_whole, season_factor, seasons_of_whole};

use crate::plan::Factor;

/// Why inputs make no weights; `node` is the position in the list.
#[derive(Clone, Debug, PartialEq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "error")]
pub enum BasisError {
    /// A number is NaN or infinite, or a sum grows beyond all numbers.
    #[error("the number of node {node} is not finite")]
    NotFinite {
        /// Whose.
        node: usize,
    },
    /// A number below zero.
    #[error("the number of node {node} is negative: {value}")]
    Negative {
        /// Whose.
        node: usize,
        /// What it is.
        value: f64,
    },
    /// A probability outside of 0 to 1.
    #[error("the probability {value} of a deal of node {node} is not between 0 and 1")]
    Probability {
        /// Whose deal.
        node: usize,
        /// What it is.
        value: f64,
    },
    /// An estimate outside of its own interval.
    #[error("the estimate of node {node} lies outside of its own interval")]
    Interval {
        /// Whose.
        node: usize,
    },
    /// Something belongs to a node that is not in the list.
    #[error("there is no node {node}")]
    UnknownNode {
        /// What was named.
        node: usize,
    },
    /// A record is taken out twice.
    #[error("record {record} is left out twice")]
    Twice {
        /// Which, in the order given.
        record: usize,
    },
    /// Shares of one thing (an account, a person's time) come to more than the whole, or steps of a ramp exceed it.
    #[error("the shares of {of} come to {sum_ppm} millionths, more than the whole")]
    Shares {
        /// Which account, or which period, by position.
        of: usize,
        /// What they come to.
        sum_ppm: u64,
    },
    /// An assignment that ends before it begins, or a ramp without a step.
    #[error("an assignment or a ramp is empty")]
    Empty,
    /// Seasons of different numbers of periods, or without any weight.
    #[error("the seasons do not fit: {expected} periods expected, {got} given")]
    Season {
        /// How many periods there should be.
        expected: usize,
        /// How many there are; the same where there is no weight in any.
        got: usize,
    },
    /// A factor beyond [`Factor::MAX_PPM`].
    #[error("the factor of period {period} is too large")]
    Factor {
        /// Where.
        period: usize,
    },
}

/// The largest weight [`quantise`] makes lies from half of this up to it, so weights also survive as numbers of JSON.
pub const LARGEST: u64 = 1 << 52;

/// Exponents below this are taken for it: such numbers are nothing beside any amount.
const LEAST_EXPONENT: i32 = -900;

/// Whole weights in proportion to the numbers of a basis.
///
/// All numbers are multiplied by the one power of two that brings the largest between half of [`LARGEST`] and
/// [`LARGEST`], which is exact, and rounded to the nearest whole. So proportions are kept to 2^-52 of the largest,
/// whole numbers are kept exactly where they span fewer than 52 bits, and the result does not depend on the order.
/// All zero stays all zero: the basis says nothing.
pub fn quantise(values: &[f64]) -> Result<Vec<u64>, BasisError> {
    let mut largest = 0.0_f64;
    for (node, value) in values.iter().enumerate() {
        largest = largest.max(checked(node, *value)?);
    }
    if largest == 0.0 {
        return Ok(vec![0; values.len()]);
    }
    // largest = 1.xxx · 2^exponent
    let exponent = ((largest.to_bits() >> 52) as i32 - 1_023).max(LEAST_EXPONENT);
    let shift = 51 - exponent;
    // In two steps: the power may be beyond what a number holds where the number itself is small.
    let (first, second) = (power_of_two(shift / 2), power_of_two(shift - shift / 2));
    Ok(values
        .iter()
        .map(|value| (value * first * second).round() as u64)
        .collect())
}

/// Numbers that are given as they are: market potential, or an imported figure.
pub fn given(values: &[f64]) -> Result<Vec<f64>, BasisError> {
    values
        .iter()
        .enumerate()
        .map(|(node, value)| checked(node, *value))
        .collect()
}

/// One for everybody who carries a number.
pub fn equal(carries: &[bool]) -> Vec<f64> {
    carries
        .iter()
        .map(|carries| f64::from(u8::from(*carries)))
        .collect()
}

/// A finite number of at least zero; minus zero is zero.
fn checked(node: usize, value: f64) -> Result<f64, BasisError> {
    if !value.is_finite() {
        return Err(BasisError::NotFinite { node });
    }
    if value < 0.0 {
        return Err(BasisError::Negative { node, value });
    }
    Ok(value.abs())
}

/// 2 to a power from −1022 to 1023, by its bits: exact, and the same everywhere.
fn power_of_two(exponent: i32) -> f64 {
    f64::from_bits(((exponent.clamp(-1_022, 1_023) + 1_023) as u64) << 52)
}

/// A part that is given in millionths over the whole it is of, rounded to the nearest, for a factor.
fn factor_ppm(period: usize, part: u128, whole: u128) -> Result<u32, BasisError> {
    let ppm = (part + whole / 2).checked_div(whole);
    ppm.and_then(|ppm| u32::try_from(ppm).ok())
        .filter(|ppm| *ppm <= Factor::MAX_PPM)
        .ok_or(BasisError::Factor { period })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_keep_their_proportions_exactly() {
        let weights = quantise(&[3.0, 1.0, 0.0, 2.0]).unwrap();
        assert_eq!(weights, [3 << 50, 1 << 50, 0, 2 << 50]);
        assert!(weights[0] <= LARGEST && weights[0] >= LARGEST / 2);
        // Whatever the unit, where it is a power of two; a third is rounded once.
        assert_eq!(quantise(&[0.75, 0.25, 0.0, 0.5]).unwrap(), weights);
        assert_eq!(
            quantise(&[1.0, 1.0 / 3.0]).unwrap(),
            [1 << 51, 750_599_937_895_083]
        );
    }

    #[test]
    fn extremes_stay_in_range() {
        for value in [f64::MAX, 1e300, 1.0, 1e-250] {
            let weights = quantise(&[value, value / 2.0]).unwrap();
            assert!(
                (LARGEST / 2..=LARGEST).contains(&weights[0]),
                "{value}: {weights:?}"
            );
            assert_eq!(weights[0], weights[1] * 2);
        }
        assert_eq!(quantise(&[f64::MIN_POSITIVE / 8.0, -0.0]).unwrap(), [0, 0]);
        assert_eq!(quantise(&[]), Ok(Vec::new()));
        assert_eq!(quantise(&[1.0, f64::NAN]), Err(BasisError::NotFinite { node: 1 }));
        assert_eq!(quantise(&[f64::INFINITY]), Err(BasisError::NotFinite { node: 0 }));
        assert_eq!(
            quantise(&[0.0, -2.0]),
            Err(BasisError::Negative { node: 1, value: -2.0 })
        );
    }
}
