//! Lines of a row by the periods of a plan.
//!
//! How much of a line is of a period goes by the row's own numbers of the periods. The parts are a table of which both margins are
//! given: over the periods a line sums to its whole, over the lines a period sums to the row's number of it. Every part is less
//! than one minor unit from its proportion ([`super::matrix::spread`]: floors, and the largest remainders up to the next unit).
//!
//! A part that somebody set keeps both margins: the other lines of the period and the other periods of the line give and take, in
//! proportion ([`matrix::closest`]).

use super::matrix::{self, Closest, MatrixError, MatrixLine, MatrixRow};
use crate::money::Minor;

/// A part that somebody set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FixedPart {
    /// The place of the period.
    pub period: usize,
    /// The place of the line.
    pub line: usize,
    /// How much.
    pub amount: Minor,
    /// When, milliseconds since the epoch: what was set last gives way where not everything can be met.
    pub at_ms: i64,
}

/// For each period the amounts of the lines, in the order given. Where the lines sum to something else than the periods do, the
/// lines hold, and the periods are brought to them in their proportions.
pub fn by_period(lines: &[MatrixLine], periods: &[Minor]) -> Result<Vec<Vec<Minor>>, MatrixError> {
    if lines.is_empty() || periods.is_empty() {
        return Ok(vec![Vec::new(); periods.len()]);
    }
    matrix::spread(lines, &brought(lines, periods)?)
}

/// The same with what somebody set: it stays, or is as close to it as there is room; rows of the table are the periods. With
/// nothing set it is [`by_period`]; what was set of a period or a line that there is not is left out.
pub fn with_set(lines: &[MatrixLine], periods: &[Minor], set: &[FixedPart]) -> Result<Closest, MatrixError> {
    let is_here = |part: &&FixedPart| part.period < periods.len() && part.line < lines.len();
    let mut set: Vec<&FixedPart> = set.iter().filter(is_here).collect();
    if set.is_empty() {
        return Ok(Closest {
            cells: by_period(lines, periods)?,
            unmet: Vec::new(),
        });
    }
    let periods = brought(lines, periods)?;
    let whole: i128 = lines.iter().map(|line| i128::from(line.total.0)).sum();
    let mut rows: Vec<MatrixRow> = periods
        .iter()
        .map(|period| MatrixRow {
            key: period.key,
            total: period.total,
            seeds: lines
                .iter()
                .map(|line| seed(whole, period.total, line.total))
                .collect(),
            fixed: vec![None; lines.len()],
        })
        .collect();
    for part in &set {
        let row = rows.get_mut(part.period);
        if let Some(place) = row.and_then(|row| row.fixed.get_mut(part.line)) {
            *place = Some(part.amount);
        }
    }
    // In whatever order the lines come, the same gives way.
    set.sort_unstable_by_key(|part| {
        let key = lines.get(part.line).map_or(0, |line| line.key);
        (part.at_ms, part.period, key)
    });
    let order: Vec<(usize, usize)> = set.iter().map(|part| (part.period, part.line)).collect();
    matrix::closest(lines, &rows, &order)
}

/// The periods, brought to what the lines sum to.
fn brought(lines: &[MatrixLine], periods: &[Minor]) -> Result<Vec<MatrixLine>, MatrixError> {
    let whole = lines
        .iter()
        .fold(0_i64, |sum, line| sum.saturating_add(line.total.0));
    let periods: Vec<MatrixLine> = periods
        .iter()
        .zip(0_u128..)
        .map(|(total, key)| MatrixLine { key, total: *total })
        .collect();
    matrix::brought_to(Minor(whole), &periods)
}

/// The part that a line has of a period by proportion, in the fraction of a minor unit that seeds are of; however small it is, it is
/// something.
fn seed(whole: i128, period: Minor, line: Minor) -> u64 {
    let product = i128::from(period.0) * i128::from(line.0);
    if whole <= 0 || product <= 0 {
        return 0;
    }
    let part = product.saturating_mul(matrix::SEED_UNIT) / whole;
    u64::try_from(part.max(1)).unwrap_or(0)
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

    fn part((period, line): (usize, usize), amount: i64, at_ms: i64) -> FixedPart {
        FixedPart {
            period,
            line,
            amount: Minor(amount),
            at_ms,
        }
    }

    #[test]
    fn what_is_set_keeps_both_margins_and_the_others_give() {
        let found = with_set(&lines(&[60, 40]), &periods(&[30, 70]), &[part((0, 0), 25, 1)]).unwrap();
        assert_eq!(plain(&found.cells), [[25, 5], [35, 35]]);
        assert!(found.unmet.is_empty());
        // Those that are free share what it leaves in proportion: half of it each.
        let found = with_set(
            &lines(&[100, 100, 100]),
            &periods(&[100, 100, 100]),
            &[part((0, 0), 0, 1)],
        )
        .unwrap();
        assert_eq!(plain(&found.cells), [[0, 50, 50], [50, 25, 25], [50, 25, 25]]);
    }

    #[test]
    fn what_has_no_room_is_as_close_to_it_as_there_is() {
        let (of_lines, of_periods) = (lines(&[60, 40]), periods(&[30, 70]));
        let only = |amount| {
            let found = with_set(&of_lines, &of_periods, &[part((0, 0), amount, 1)]).unwrap();
            let fits = found
                .unmet
                .first()
                .map(|unmet| (unmet.row, unmet.line, unmet.fits.0));
            (plain(&found.cells), fits)
        };
        // More than the period has.
        assert_eq!(only(31), (vec![vec![30, 0], vec![30, 40]], Some((0, 0, 30))));
        assert_eq!(only(30), (vec![vec![30, 0], vec![30, 40]], None));
        // What was set first stays first.
        let set = [part((0, 0), 20, 2), part((0, 1), 20, 1)];
        let found = with_set(&of_lines, &of_periods, &set).unwrap();
        assert_eq!(plain(&found.cells), [[10, 20], [50, 20]]);
        let [unmet] = &found.unmet[..] else {
            panic!("{:?}", found.unmet)
        };
        assert_eq!((unmet.row, unmet.line, unmet.set.0, unmet.fits.0), (0, 0, 20, 10));
    }

    #[test]
    fn what_was_set_of_what_there_is_not_is_left_out() {
        let (of_lines, of_periods) = (lines(&[60, 40]), periods(&[30, 70]));
        let set = [part((2, 0), 5, 1), part((0, 2), 5, 2)];
        let found = with_set(&of_lines, &of_periods, &set).unwrap();
        assert_eq!(found.cells, by_period(&of_lines, &of_periods).unwrap());
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

        /// With whatever is set, both margins hold, nothing is below zero, and what is said not to be met is just what is not.
        #[test]
        fn margins_hold_with_whatever_is_set(
            (of_lines, of_periods) in margins(),
            set in prop::collection::btree_map((0_usize..12, 0_usize..9), (0_u32..=1_100_000, 0_i64..4), 0..6),
        ) {
            let set: Vec<FixedPart> = set
                .into_iter()
                .filter(|((period, line), _)| *period < of_periods.len() && *line < of_lines.len())
                .map(|((period, line), (share, at_ms))| {
                    // Mostly what may have room.
                    let most = of_lines[line].min(of_periods[period]);
                    let amount = i128::from(most) * i128::from(share) / 1_000_000;
                    part((period, line), i64::try_from(amount).unwrap(), at_ms)
                })
                .collect();
            let found = with_set(&lines(&of_lines), &periods(&of_periods), &set).unwrap();
            for (at, total) in of_lines.iter().enumerate() {
                prop_assert_eq!(found.cells.iter().map(|part| part[at].0).sum::<i64>(), *total);
            }
            for (amount, part) in of_periods.iter().zip(&found.cells) {
                prop_assert_eq!(part.iter().map(|part| part.0).sum::<i64>(), *amount);
                prop_assert!(part.iter().all(|part| part.0 >= 0));
            }
            for part in &set {
                let is = found.cells[part.period][part.line];
                let mut unmet = found.unmet.iter();
                let unmet = unmet.find(|unmet| (unmet.row, unmet.line) == (part.period, part.line));
                prop_assert_eq!(unmet.map(|unmet| unmet.fits), (is != part.amount).then_some(is));
            }
            if set.is_empty() {
                prop_assert_eq!(found.cells, by_period(&lines(&of_lines), &periods(&of_periods)).unwrap());
            }
        }

        /// One that is set to what its line and its period have room for is as it was set.
        #[test]
        fn one_that_has_room_is_met((of_lines, of_periods) in margins(), place in (0_usize..12, 0_usize..9), share in 0_i128..=100) {
            let (period, line) = (place.0 % of_periods.len(), place.1 % of_lines.len());
            let whole: i64 = of_lines.iter().sum();
            // What its period needs of it beyond the other lines, and no more than both have.
            let least = (of_periods[period] + of_lines[line] - whole).max(0);
            let most = of_lines[line].min(of_periods[period]);
            let amount = i128::from(least) + i128::from(most - least) * share / 100;
            let amount = i64::try_from(amount).unwrap();
            let found = with_set(&lines(&of_lines), &periods(&of_periods), &[part((period, line), amount, 1)]).unwrap();
            prop_assert!(found.unmet.is_empty());
            prop_assert_eq!(found.cells[period][line], Minor(amount));
        }
    }
}
