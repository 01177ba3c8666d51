//! Neighbouring periods of a row entered as a whole or not at all, as an agreed quarter is.

use domain::money::Minor;
use domain::plan::{Entered, GiveWay, Grid, NodeIndex, PeriodIndex, Refusal, by_period, enter_whole};

use crate::span::{half_year, lock, row};
use crate::tree::done;

/// The months of a quarter of a row, as they are entered so that they have an amount together.
fn quarter_of(grid: &Grid, node: u32, first: u16, amount: i64) -> Result<Vec<Entered>, Refusal> {
    by_period(grid, NodeIndex(node), (PeriodIndex(first), 3), Minor(amount), &[])
}

#[test]
fn a_quarter_is_entered_as_a_whole_or_not_at_all() {
    let grid = half_year([100, 200, 300, 200, 200, 200], [50; 6]);
    let first = quarter_of(&grid, 1, 0, 660).unwrap();
    let amounts: Vec<i64> = first.iter().map(|entered| entered.amount.0).collect();
    assert_eq!(amounts, [110, 220, 330]);
    let groups = [first, quarter_of(&grid, 2, 3, 180).unwrap()];
    let both = enter_whole(&grid, &groups, GiveWay::Above);
    assert_eq!(
        (both.taken, both.refused.len(), both.amounts.len()),
        (vec![0, 1], 0, 6)
    );
    let mut after = grid.clone();
    after.fold(&both.deltas).unwrap();
    assert_eq!(row(&after, 1), [110, 220, 330, 200, 200, 200]);
    assert_eq!(row(&after, 2), [50, 50, 50, 60, 60, 60]);
    // Where what is above cannot follow in one month, the others of that quarter stay as well.
    let mut held = grid.clone();
    done(&mut held, &lock(0, 1));
    let one = enter_whole(&held, &groups, GiveWay::Above);
    assert_eq!(one.taken, [1]);
    assert!(matches!(
        one.refused[..],
        [(
            0,
            Refusal::Locked {
                node: NodeIndex(0),
                ..
            }
        )]
    ));
    let mut after = held.clone();
    after.fold(&one.deltas).unwrap();
    assert_eq!(row(&after, 1), row(&held, 1));
    assert_eq!(row(&after, 2), [50, 50, 50, 60, 60, 60]);
    // Of two that ask for the same month the first is had.
    let twice = [vec![groups[0][1]], groups[0].clone()];
    let taken = enter_whole(&grid, &twice, GiveWay::Above);
    assert_eq!(taken.taken, [0]);
    assert!(matches!(taken.refused[..], [(1, Refusal::Covered { .. })]));
}

#[test]
fn the_months_of_a_quarter_are_entered_within_what_holds_the_row() {
    let mut grid = half_year([100, 200, 300, 200, 200, 200], [50; 6]);
    done(&mut grid, &lock(1, 1));
    let entered = quarter_of(&grid, 1, 0, 800).unwrap();
    let amounts: Vec<i64> = entered.iter().map(|entered| entered.amount.0).collect();
    assert_eq!(amounts, [150, 200, 450]);
    for month in [0, 2] {
        done(&mut grid, &lock(1, month));
    }
    let refused = quarter_of(&grid, 1, 0, 800);
    let Err(Refusal::Blocked { node, missing, .. }) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!((node, missing), (NodeIndex(1), Minor(200)));
    // The unit: what lies below it follows, and holds it.
    let whole = quarter_of(&grid, 0, 0, 720).unwrap();
    assert_eq!(whole.iter().map(|entered| entered.amount.0).sum::<i64>(), 720);
    assert!(quarter_of(&grid, 0, 4, 720).is_err(), "there are no such months");
}
