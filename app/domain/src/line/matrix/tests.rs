use proptest::prelude::*;

use super::*;
use crate::format::Lang;
use crate::money::Currency;

fn row(key: u128, total: i64, seeds: &[u64], fixed: &[Option<i64>]) -> MatrixRow {
    MatrixRow {
        key,
        total: Minor(total),
        seeds: seeds.to_vec(),
        fixed: fixed.iter().map(|amount| amount.map(Minor)).collect(),
    }
}

fn lines(totals: &[i64]) -> Vec<MatrixLine> {
    let line = |(place, total): (usize, &i64)| MatrixLine {
        key: place as u128 + 100,
        total: Minor(*total),
    };
    totals.iter().enumerate().map(line).collect()
}

fn plain(table: &[Vec<Minor>]) -> Vec<Vec<i64>> {
    let amounts = |row: &Vec<Minor>| row.iter().map(|amount| amount.0).collect();
    table.iter().map(amounts).collect()
}

#[test]
fn both_margins_hold_and_proportions_stay() {
    // The textbook table: seeds in proportion to their margins come out in proportion to both.
    let table = fill(
        &lines(&[60, 40]),
        &[row(1, 30, &[3, 2], &[]), row(2, 70, &[3, 2], &[])],
    )
    .unwrap();
    assert_eq!(plain(&table), [[18, 12], [42, 28]]);
    // One unit over: it goes to the smaller key of the same fraction.
    let table = fill(
        &lines(&[1, 1]),
        &[row(2, 1, &[1, 1], &[]), row(1, 1, &[1, 1], &[])],
    )
    .unwrap();
    assert_eq!(plain(&table), [[0, 1], [1, 0]]);
}

#[test]
fn what_is_set_stays_and_the_others_give() {
    let table = fill(
        &lines(&[60, 40]),
        &[
            row(1, 30, &[3, 2], &[Some(25), None]),
            row(2, 70, &[3, 2], &[None, None]),
        ],
    )
    .unwrap();
    assert_eq!(plain(&table), [[25, 5], [35, 35]]);
}

#[test]
fn what_nobody_sold_is_placed_nevertheless() {
    // No proportions at all; and a line that none of the rows knows.
    let table = fill(&lines(&[5, 5]), &[row(1, 4, &[], &[]), row(2, 6, &[], &[])]).unwrap();
    assert_eq!(plain(&table), [[2, 2], [3, 3]]);
    let table = fill(
        &lines(&[5, 5]),
        &[row(1, 4, &[1, 0], &[]), row(2, 6, &[1, 0], &[])],
    )
    .unwrap();
    let of_line = |line: usize| table.iter().map(|row| row[line].0).sum::<i64>();
    assert_eq!((of_line(0), of_line(1)), (5, 5));
    // Who sold only the one line takes the other where the totals ask for it.
    let table = fill(
        &lines(&[2, 8]),
        &[row(1, 5, &[1, 0], &[]), row(2, 5, &[1, 0], &[])],
    )
    .unwrap();
    assert_eq!(plain(&table), [[1, 4], [1, 4]]);
    assert!(fill(&[], &[]).unwrap().is_empty());
}

#[test]
fn what_cannot_be_met_says_where_and_by_how_much() {
    let given = |first: [Option<i64>; 2], second: [Option<i64>; 2]| {
        fill(
            &lines(&[60, 40]),
            &[row(1, 30, &[1, 1], &first), row(2, 70, &[1, 1], &second)],
        )
        .unwrap_err()
    };
    assert_eq!(
        given([Some(20), Some(15)], [None, None]),
        MatrixError::RowOver { row: 0, by: Minor(5) }
    );
    assert_eq!(
        given([Some(20), Some(5)], [None, None]),
        MatrixError::RowUnder { row: 0, by: Minor(5) }
    );
    assert_eq!(
        given([Some(20), None], [Some(50), None]),
        MatrixError::LineOver {
            line: 0,
            by: Minor(10)
        }
    );
    assert_eq!(
        given([Some(0), None], [Some(50), None]),
        MatrixError::LineUnder {
            line: 0,
            by: Minor(10)
        }
    );
    assert_eq!(
        fill(&lines(&[1]), &[row(1, 2, &[1], &[])]).unwrap_err(),
        MatrixError::Apart {
            rows: Minor(2),
            lines: Minor(1)
        }
    );
    assert_eq!(
        fill(&lines(&[-1]), &[row(1, -1, &[1], &[])]).unwrap_err(),
        MatrixError::OutOfRange
    );
    // Neither a row nor a line alone is over: the first row may only take the third line, which is too small for it.
    let stuck = fill(
        &lines(&[5, 5, 2]),
        &[
            row(1, 6, &[1, 1, 1], &[Some(0), Some(0), None]),
            row(2, 6, &[1, 1, 1], &[]),
        ],
    )
    .unwrap_err();
    assert_eq!(stuck, MatrixError::Stuck { row: 0, by: Minor(4) });
    let currency = Currency {
        code: "CNY".into(),
        decimals: 2,
    };
    let zh = stuck.words(Lang::ZhCn, &currency, "华东", "");
    assert!(zh.contains("华东") && zh.contains("0.04"), "{zh}");
    let en = stuck.words(Lang::En, &currency, "East", "");
    assert!(en.contains("\"East\"") && en.contains("0.04"), "{en}");
}

#[test]
fn what_cannot_be_met_takes_nothing_else_with_it() {
    let given = |first: [Option<i64>; 2], second: [Option<i64>; 2], order: &[(usize, usize)]| {
        let rows = [row(1, 30, &[1, 1], &first), row(2, 70, &[1, 1], &second)];
        let found = closest(&lines(&[60, 40]), &rows, order).unwrap();
        let unmet: Vec<_> = found
            .unmet
            .iter()
            .map(|cell| (cell.row, cell.line, cell.set.0, cell.fits.0))
            .collect();
        (plain(&found.cells), unmet)
    };
    // What came first stays, what came after it gets what is left of the row.
    assert_eq!(
        given([Some(20), Some(15)], [None, None], &[(0, 0), (0, 1)]),
        (vec![vec![20, 10], vec![40, 30]], vec![(0, 1, 15, 10)])
    );
    assert_eq!(
        given([Some(20), Some(15)], [None, None], &[(0, 1), (0, 0)]),
        (vec![vec![15, 15], vec![45, 25]], vec![(0, 0, 20, 15)])
    );
    // Too little as well; and of a line.
    assert_eq!(
        given([Some(20), Some(5)], [None, None], &[(0, 0), (0, 1)]).1,
        [(0, 1, 5, 10)]
    );
    assert_eq!(
        given([Some(20), None], [Some(50), None], &[(0, 0), (1, 0)]),
        (vec![vec![20, 10], vec![40, 30]], vec![(1, 0, 50, 40)])
    );
    // What fits is as it was set.
    assert_eq!(
        given([Some(20), None], [None, None], &[(0, 0)]),
        (vec![vec![20, 10], vec![40, 30]], vec![])
    );
    assert_eq!(
        closest(&lines(&[1]), &[row(1, 2, &[1], &[Some(1)])], &[(0, 0)]).unwrap_err(),
        MatrixError::Apart {
            rows: Minor(2),
            lines: Minor(1)
        }
    );
}

#[test]
fn who_sold_little_sells_as_those_around() {
    let above = lines(&[900, 100]);
    // Without history: the proportions of the row above.
    let none = seeds(Minor(1000), &[], &above, Minor(0));
    assert!(none[0] / none[1] == 8 || none[0] / none[1] == 9, "{none:?}");
    // With much: one's own.
    let own = seeds(Minor(1000), &[Minor(0), Minor(1_000_000)], &above, Minor(100));
    assert!(own[1] > 1000 * own[0], "{own:?}");
    // With as much as is borrowed: half way.
    let half = seeds(Minor(1000), &[Minor(0), Minor(100)], &above, Minor(100));
    let share = half[0] as f64 / (half[0] + half[1]) as f64;
    assert!((share - 0.45).abs() < 0.001, "{half:?}");
    assert_eq!(
        borrowed([Minor(400), Minor(-7), Minor(0), Minor(400)].into_iter()),
        Minor(50)
    );
}

#[test]
fn lines_follow_another_total() {
    let totals = |lines: &[MatrixLine]| lines.iter().map(|line| line.total.0).collect::<Vec<_>>();
    assert_eq!(
        totals(&brought_to(Minor(110), &lines(&[60, 40])).unwrap()),
        [66, 44]
    );
    assert_eq!(
        totals(&brought_to(Minor(100), &lines(&[60, 40])).unwrap()),
        [60, 40]
    );
    assert_eq!(
        totals(&brought_to(Minor(5), &lines(&[0, 0])).unwrap())
            .iter()
            .sum::<i64>(),
        5
    );
}

/// A table that exists: its cells, seeds, and which of its cells are set.
fn tables() -> impl Strategy<Value = (usize, Vec<(i64, u64, bool)>)> {
    (1_usize..6, 1_usize..7).prop_flat_map(|(width, height)| {
        let cell = (
            prop_oneof![Just(0_i64), 0_i64..50, 0_i64..10_000_000_000],
            prop_oneof![Just(0_u64), 1_u64..100, 1_u64..10_000_000_000],
            prop::bool::weighted(0.2),
        );
        (Just(width), prop::collection::vec(cell, width * height))
    })
}

fn given(width: usize, cells: &[(i64, u64, bool)]) -> (Vec<MatrixLine>, Vec<MatrixRow>) {
    let rows: Vec<MatrixRow> = cells
        .chunks(width)
        .enumerate()
        .map(|(at, cells)| MatrixRow {
            // Not in the order they come in.
            key: (at as u128 * 7 + 3) % 11,
            total: Minor(cells.iter().map(|cell| cell.0).sum()),
            seeds: cells.iter().map(|cell| cell.1).collect(),
            fixed: cells.iter().map(|cell| cell.2.then_some(Minor(cell.0))).collect(),
        })
        .collect();
    let totals: Vec<i64> = (0..width)
        .map(|line| cells.iter().skip(line).step_by(width).map(|cell| cell.0).sum())
        .collect();
    (lines(&totals), rows)
}

proptest! {
    #[test]
    fn margins_are_exact_and_what_is_set_stays((width, cells) in tables()) {
        let (lines, rows) = given(width, &cells);
        let table = fill(&lines, &rows).unwrap();
        for (row, amounts) in rows.iter().zip(&table) {
            prop_assert!(amounts.iter().all(|amount| amount.0 >= 0));
            prop_assert_eq!(amounts.iter().map(|amount| amount.0).sum::<i64>(), row.total.0);
            for (amount, fixed) in amounts.iter().zip(&row.fixed) {
                prop_assert!(fixed.is_none_or(|fixed| fixed == *amount));
            }
        }
        for (place, line) in lines.iter().enumerate() {
            prop_assert_eq!(table.iter().map(|row| row[place].0).sum::<i64>(), line.total.0);
        }
    }

    #[test]
    fn the_order_of_siblings_does_not_matter((width, cells) in tables(), turn in 0_usize..7) {
        let (lines, rows) = given(width, &cells);
        let table = fill(&lines, &rows).unwrap();
        let turn = turn % rows.len();
        let mut turned = rows.clone();
        turned.rotate_left(turn);
        let mut found = fill(&lines, &turned).unwrap();
        found.rotate_right(turn);
        prop_assert_eq!(&found, &table);
        // Nor that of lines.
        let reversed: Vec<MatrixRow> = rows
            .iter()
            .map(|row| MatrixRow {
                seeds: row.seeds.iter().rev().copied().collect(),
                fixed: row.fixed.iter().rev().copied().collect(),
                ..row.clone()
            })
            .collect();
        let backwards: Vec<MatrixLine> = lines.iter().rev().copied().collect();
        let mut found = fill(&backwards, &reversed).unwrap();
        for row in &mut found {
            row.reverse();
        }
        prop_assert_eq!(&found, &table);
    }

    #[test]
    fn what_is_proportional_stays_so_within_a_unit(
        of_lines in prop::collection::vec(0_i64..1_000_000_000, 1..6),
        of_rows in prop::collection::vec(1_i64..1_000, 1..6),
    ) {
        // Rows that sum to what the lines do, in proportion to their weights.
        let whole: i64 = of_lines.iter().sum();
        let weights: i64 = of_rows.iter().sum();
        let mut totals: Vec<i64> = of_rows
            .iter()
            .map(|weight| i64::try_from(i128::from(whole) * i128::from(*weight) / i128::from(weights)).unwrap())
            .collect();
        let rest = whole - totals.iter().sum::<i64>();
        totals[0] += rest;
        let lines = lines(&of_lines);
        let rows: Vec<MatrixRow> = totals
            .iter()
            .enumerate()
            .map(|(at, total)| row(at as u128, *total, &seeds(Minor(*total), &[], &lines, Minor(0)), &[]))
            .collect();
        let table = fill(&lines, &rows).unwrap();
        for (total, amounts) in totals.iter().zip(&table) {
            for (of_line, amount) in of_lines.iter().zip(amounts) {
                let apart = i128::from(amount.0) * i128::from(whole) - i128::from(*total) * i128::from(*of_line);
                prop_assert!(apart.abs() * 100 <= i128::from(whole) * 103, "{} of {} {}", amount.0, total, of_line);
            }
        }
    }

    #[test]
    fn a_table_is_refused_only_where_there_is_none(
        (width, cells) in tables(),
        at in 0_usize..36,
        more in 1_i64..1_000,
    ) {
        // What was set is made more: either it can be met still, and everything holds, or it says by how much not.
        let (lines, mut rows) = given(width, &cells);
        let at = at % cells.len();
        rows[at / width].fixed[at % width] = Some(Minor(cells[at].0 + more));
        match fill(&lines, &rows) {
            Ok(table) => {
                prop_assert_eq!(table[at / width][at % width], Minor(cells[at].0 + more));
                for (row, amounts) in rows.iter().zip(&table) {
                    prop_assert_eq!(amounts.iter().map(|amount| amount.0).sum::<i64>(), row.total.0);
                }
            }
            Err(
                MatrixError::RowOver { by, .. }
                | MatrixError::RowUnder { by, .. }
                | MatrixError::LineOver { by, .. }
                | MatrixError::LineUnder { by, .. }
                | MatrixError::Stuck { by, .. },
            ) => prop_assert!(by.0 > 0 && by.0 <= more),
            Err(other) => prop_assert!(false, "{other}"),
        }
    }

    #[test]
    fn all_that_goes_together_stays_and_the_rest_is_as_close_as_there_is_room(
        (width, cells) in tables(),
        wrong in prop::collection::vec((0_usize..36, -1_000_i64..1_000), 0..5),
    ) {
        let (lines, mut rows) = given(width, &cells);
        for (at, more) in wrong {
            let at = at % cells.len();
            rows[at / width].fixed[at % width] = Some(Minor((cells[at].0 + more).max(0)));
        }
        let order: Vec<(usize, usize)> = (0..cells.len()).map(|at| (at / width, at % width)).collect();
        let found = closest(&lines, &rows, &order).unwrap();
        prop_assert_eq!(found.unmet.is_empty(), fill(&lines, &rows).is_ok());
        for (row, amounts) in rows.iter().zip(&found.cells) {
            prop_assert!(amounts.iter().all(|amount| amount.0 >= 0));
            prop_assert_eq!(amounts.iter().map(|amount| amount.0).sum::<i64>(), row.total.0);
        }
        for (place, line) in lines.iter().enumerate() {
            prop_assert_eq!(found.cells.iter().map(|row| row[place].0).sum::<i64>(), line.total.0);
        }
        for (at, place) in order.iter().enumerate() {
            let (amount, set) = (found.cells[place.0][place.1], rows[place.0].fixed[place.1]);
            let unmet = found.unmet.iter().find(|cell| (cell.row, cell.line) == *place);
            match (set, unmet) {
                (Some(set), None) => prop_assert_eq!(amount, set),
                (Some(set), Some(unmet)) => {
                    prop_assert_eq!((unmet.set, unmet.fits), (set, amount));
                    prop_assert!(set != amount);
                }
                (None, unmet) => prop_assert!(unmet.is_none(), "{at}"),
            }
        }
        // What fits can be set for all of them at once.
        for cell in &found.unmet {
            rows[cell.row].fixed[cell.line] = Some(cell.fits);
        }
        prop_assert_eq!(fill(&lines, &rows), Ok(found.cells));
    }
}
