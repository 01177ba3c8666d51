//! What rows brought in the quarters before a plan: a small line beside each row, and the same in words.

use serde::{Deserialize, Serialize};

use crate::calendar::Period;
use crate::money::Minor;
use crate::plan::NodeIndex;

/// Rows that are asked about at once, at most.
pub const MOST_TREND_ROWS: usize = 200;
/// Quarters that are shown, at most: three years.
pub const MOST_TREND_QUARTERS: usize = 12;
/// Quarters of a year.
const YEAR: usize = 4;

/// What some rows brought before the plan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trends {
    /// The fiscal quarters that are known as a whole, oldest first; at most [`MOST_TREND_QUARTERS`].
    pub quarters: Vec<Period>,
    /// The rows; those out of reach are left out.
    pub rows: Vec<Trend>,
}

/// What a row brought before the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trend {
    /// The row, in the whole version.
    pub node: NodeIndex,
    /// What it brought in the last of the quarters, from the first on in which there was anything; empty where there is none.
    pub amounts: Vec<Minor>,
}

/// How a history grew: 0.1 for 10 %.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Growth {
    /// The last four quarters over the four before them, where so many are known: no season tells in it.
    Years(f64),
    /// The last quarter over the first.
    Ends(f64),
}

impl Trend {
    /// A row with what it brought in every quarter. Before its first amount nothing is known of it, rather than that it brought
    /// nothing.
    pub fn of(node: NodeIndex, mut amounts: Vec<Minor>) -> Self {
        let begins = amounts.iter().position(|amount| amount.0 != 0);
        amounts.drain(..begins.unwrap_or(amounts.len()));
        Self { node, amounts }
    }

    /// How it grew; none where there was nothing to grow from.
    pub fn growth(&self) -> Option<Growth> {
        let over = |now: i128, before: i128| (before > 0).then(|| now as f64 / before as f64 - 1.0);
        let sum = |amounts: &[Minor]| amounts.iter().map(|amount| i128::from(amount.0)).sum::<i128>();
        let years: Vec<&[Minor]> = self.amounts.rchunks_exact(YEAR).take(2).collect();
        match (years.as_slice(), self.amounts.as_slice()) {
            (&[now, before], _) => over(sum(now), sum(before)).map(Growth::Years),
            (_, [first, .., last]) => over(i128::from(last.0), i128::from(first.0)).map(Growth::Ends),
            _ => None,
        }
    }

    /// The points of its line in a drawing of a width and a height, with y downwards from the top: the last quarter at the right
    /// edge, nothing at the bottom. `quarters`: how many the drawing has room for, so that the lines of all rows compare.
    pub fn line(&self, quarters: usize, width: f64, height: f64) -> Vec<(f64, f64)> {
        let amounts = self.amounts.iter().map(|amount| amount.0);
        let high = amounts.clone().max().unwrap_or(0).max(0) as f64;
        let low = amounts.clone().min().unwrap_or(0).min(0) as f64;
        let range = if high > low { high - low } else { 1.0 };
        let last = quarters.max(self.amounts.len()).saturating_sub(1);
        let step = width / last.max(1) as f64;
        let first = (last + 1).saturating_sub(self.amounts.len());
        amounts
            .enumerate()
            .map(|(place, amount)| {
                let x = (first + place) as f64 * step;
                (x, height - (amount as f64 - low) / range * height)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn trend(amounts: &[i64]) -> Trend {
        Trend::of(NodeIndex(0), amounts.iter().copied().map(Minor).collect())
    }

    #[test]
    fn nothing_is_known_before_the_first_amount() {
        assert_eq!(trend(&[0, 0, 5, 0, 7]).amounts, [5, 0, 7].map(Minor));
        assert!(trend(&[0, 0]).amounts.is_empty());
        assert_eq!(trend(&[]).growth(), None);
        assert_eq!(trend(&[0, 4]).growth(), None, "one quarter does not grow");
    }

    #[test]
    fn years_are_compared_where_there_are_two() {
        let close = |growth: Option<Growth>, wanted: f64| match growth {
            Some(Growth::Years(is) | Growth::Ends(is)) => (is - wanted).abs() < 1e-9,
            None => false,
        };
        // The last quarter is always the strongest: against the first one it would have grown fourfold.
        let seasonal = trend(&[1, 1, 1, 4, 2, 2, 2, 8]);
        assert!(matches!(seasonal.growth(), Some(Growth::Years(_))));
        assert!(close(seasonal.growth(), 1.0));
        let short = trend(&[2, 9, 3]);
        assert!(matches!(short.growth(), Some(Growth::Ends(_))));
        assert!(close(short.growth(), 0.5));
        assert_eq!(
            trend(&[-2, 9, 3]).growth(),
            None,
            "returns are nothing to grow from"
        );
    }

    #[test]
    fn a_short_line_ends_where_a_long_one_does() {
        let near = |is: &[(f64, f64)], wanted: &[(f64, f64)]| {
            is.len() == wanted.len()
                && is
                    .iter()
                    .zip(wanted)
                    .all(|(is, wanted)| (is.0 - wanted.0).abs() < 1e-9 && (is.1 - wanted.1).abs() < 1e-9)
        };
        assert!(near(
            &trend(&[5, 10]).line(3, 20.0, 10.0),
            &[(10.0, 5.0), (20.0, 0.0)]
        ));
        assert!(near(&trend(&[7]).line(1, 20.0, 10.0), &[(0.0, 0.0)]));
    }

    proptest! {
        #[test]
        fn every_point_lies_in_the_drawing(amounts in prop::collection::vec(-1_000_000_i64..1_000_000, 0..13)) {
            let trend = trend(&amounts);
            for (x, y) in trend.line(MOST_TREND_QUARTERS, 72.0, 16.0) {
                prop_assert!((-1e-9..=72.0 + 1e-9).contains(&x) && (-1e-9..=16.0 + 1e-9).contains(&y));
            }
        }
    }
}
