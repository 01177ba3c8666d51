//! Lines of a row by the periods of a plan.
//!
//! Lines are set for the whole plan; how much of one is of a period goes by the row's own numbers of the periods. The parts are a
//! table of which both margins are given: over the periods a line sums to its whole, over the lines a period sums to the row's
//! number of it. Every part is less than one minor unit from its proportion ([`super::matrix::spread`]: floors, and the largest
//! remainders up to the next unit).

use super::matrix::{self, MatrixError, MatrixLine};
use crate::money::Minor;

/// For each period the amounts of the lines, in the order given. Where the lines sum to something else than the periods do, the
/// lines hold, and the periods are brought to them in their proportions.
pub fn by_period(lines: &[MatrixLine], periods: &[Minor]) -> Result<Vec<Vec<Minor>>, MatrixError> {
    if lines.is_empty() || periods.is_empty() {
        return Ok(vec![Vec::new(); periods.len()]);
    }
    let whole = lines
        .iter()
        .fold(0_i64, |sum, line| sum.saturating_add(line.total.0));
    let periods: Vec<MatrixLine> = periods
        .iter()
        .zip(0_u128..)
        .map(|(total, key)| MatrixLine { key, total: *total })
        .collect();
    let periods = matrix::brought_to(Minor(whole), &periods)?;
    matrix::spread(lines, &periods)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lines(totals: &[i64]) -> Vec<MatrixLine> {
        let line = |(place, total): (usize, &i64)| MatrixLine {
            // Not in the order they come in.
            key: (place as u128 * 7 + 3) % 31,
            total: Minor(*total),
        };
        totals.iter().enumerate().map(line).collect()
    }

    fn periods(amounts: &[i64]) -> Vec<Minor> {
        amounts.iter().copied().map(Minor).collect()
    }

    fn plain(table: &[Vec<Minor>]) -> Vec<Vec<i64>> {
        let amounts = |row: &Vec<Minor>| row.iter().map(|amount| amount.0).collect();
        table.iter().map(amounts).collect()
    }

    #[test]
    fn a_line_has_in_every_period_the_part_the_row_has() {
        let parts = by_period(&lines(&[60, 40]), &periods(&[30, 70])).unwrap();
        assert_eq!(plain(&parts), [[18, 12], [42, 28]]);
        // A half of a unit each: one of them, so that both margins hold.
        let parts = by_period(&lines(&[1, 1]), &periods(&[1, 1])).unwrap();
        assert_eq!(plain(&parts), [[1, 0], [0, 1]]);
    }

    #[test]
    fn what_is_nothing_has_no_parts() {
        assert_eq!(
            plain(&by_period(&lines(&[0, 0]), &periods(&[0, 0])).unwrap()),
            [[0, 0], [0, 0]]
        );
        assert_eq!(
            by_period(&[], &periods(&[0, 0])).unwrap(),
            vec![Vec::new(), Vec::new()]
        );
        assert!(by_period(&lines(&[5]), &[]).unwrap().is_empty());
    }

    #[test]
    fn lines_hold_where_the_periods_are_of_another_sum() {
        let parts = by_period(&lines(&[60, 40]), &periods(&[3, 7])).unwrap();
        assert_eq!(plain(&parts), [[18, 12], [42, 28]]);
        // Without any number of a period they are equal.
        let parts = by_period(&lines(&[6]), &periods(&[0, 0])).unwrap();
        assert_eq!(plain(&parts), [[3], [3]]);
    }

    #[test]
    fn amounts_below_zero_are_refused() {
        assert_eq!(
            by_period(&lines(&[3, -1]), &periods(&[1, 1])),
            Err(MatrixError::OutOfRange)
        );
        assert_eq!(
            by_period(&lines(&[1, 1]), &periods(&[3, -1])),
            Err(MatrixError::OutOfRange)
        );
    }

    /// Lines and periods that sum to the same: periods are what is between places of the whole.
    fn margins() -> impl Strategy<Value = (Vec<i64>, Vec<i64>)> {
        let amount = prop_oneof![Just(0_i64), 0_i64..50, 0_i64..10_000_000_000_000];
        (
            prop::collection::vec(amount, 1..9),
            prop::collection::vec(0_u32..=1_000_000, 0..12),
        )
            .prop_map(|(lines, cuts)| {
                let whole: i64 = lines.iter().sum();
                let place =
                    |cut: &u32| i64::try_from(i128::from(whole) * i128::from(*cut) / 1_000_000).unwrap();
                let mut places: Vec<i64> = cuts.iter().map(place).collect();
                places.push(whole);
                places.sort_unstable();
                let mut before = 0;
                let periods: Vec<i64> = places
                    .into_iter()
                    .map(|place| place - std::mem::replace(&mut before, place))
                    .collect();
                (lines, periods)
            })
    }

    proptest! {
        /// The law: both margins hold, nothing is below zero, and every part is less than a minor unit from its proportion.
        #[test]
        fn both_margins_hold_and_every_part_is_within_a_unit((of_lines, of_periods) in margins()) {
            let parts = by_period(&lines(&of_lines), &periods(&of_periods)).unwrap();
            let whole = i128::from(of_lines.iter().sum::<i64>());
            for (at, total) in of_lines.iter().enumerate() {
                prop_assert_eq!(parts.iter().map(|part| part[at].0).sum::<i64>(), *total);
            }
            for (amount, part) in of_periods.iter().zip(&parts) {
                prop_assert_eq!(part.iter().map(|part| part.0).sum::<i64>(), *amount);
                for (total, part) in of_lines.iter().zip(part) {
                    prop_assert!(part.0 >= 0);
                    let apart = i128::from(part.0) * whole - i128::from(*total) * i128::from(*amount);
                    prop_assert!(apart == 0 || apart.abs() < whole, "{} of {} in {}", part.0, total, amount);
                }
            }
        }

        /// Whatever order the lines come in, each has the same parts.
        #[test]
        fn the_order_of_the_lines_does_not_matter((of_lines, of_periods) in margins()) {
            let mut turned = lines(&of_lines);
            let parts = by_period(&turned, &periods(&of_periods)).unwrap();
            turned.reverse();
            let mut found = by_period(&turned, &periods(&of_periods)).unwrap();
            for part in &mut found {
                part.reverse();
            }
            prop_assert_eq!(found, parts);
        }

        /// Where the lines sum to something else they hold all the same.
        #[test]
        fn a_line_always_sums_to_its_whole((of_lines, _) in margins(), of_periods in prop::collection::vec(0_i64..1_000_000, 1..12)) {
            let parts = by_period(&lines(&of_lines), &periods(&of_periods)).unwrap();
            for (at, total) in of_lines.iter().enumerate() {
                prop_assert_eq!(parts.iter().map(|part| part[at].0).sum::<i64>(), *total);
            }
            prop_assert!(parts.iter().flatten().all(|part| part.0 >= 0));
        }
    }
}
