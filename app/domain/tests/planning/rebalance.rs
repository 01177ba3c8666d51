//! The drag: sums, bounds, known cases, refusals; and that a preview shows what will be decided.

use domain::money::Minor;
use domain::plan::{
    Blocker, Cause, CellIndex, Give, Grid, Keep, NodeIndex, PeriodIndex, PlanCommand, Refusal, apply,
};
use domain::rebalance::{Aim, Drag, reachable};

use crate::tree::{done, family, shape, who};

const Q1: Option<PeriodIndex> = Some(PeriodIndex(0));

fn set(node: u32, period: Option<PeriodIndex>, amount: i64, keep: Keep, give: Give) -> PlanCommand {
    PlanCommand::Set {
        node: NodeIndex(node),
        period,
        amount: Minor(amount),
        keep,
        give,
        reason: None,
    }
}

fn lock(node: u32, period: Option<PeriodIndex>) -> PlanCommand {
    PlanCommand::Lock {
        node: NodeIndex(node),
        period,
        by: who(1),
    }
}

fn cells(grid: &Grid) -> Vec<i64> {
    grid.column(PeriodIndex(0)).to_vec()
}

#[test]
fn known_case_the_parent_grows_around_a_held_child() {
    let mut grid = family(&[10, 20, 30]);
    done(&mut grid, &lock(2, Q1));
    done(&mut grid, &set(0, Q1, 100, Keep::None, Give::Siblings));
    assert_eq!(cells(&grid), [100, 20, 20, 60]);
}

#[test]
fn known_case_siblings_share_in_proportion() {
    let mut grid = family(&[10, 20, 30]);
    done(&mut grid, &set(1, Q1, 20, Keep::Column, Give::Siblings));
    assert_eq!(cells(&grid), [60, 20, 16, 24]);
}

#[test]
fn a_move_that_cannot_be_made_names_the_lock_and_the_missing_amount() {
    let mut grid = family(&[10, 20, 30]);
    done(&mut grid, &lock(3, Q1));
    let refused = apply(&grid, &set(1, Q1, 40, Keep::Column, Give::Siblings));
    let lock = Cause::Lock { by: who(1) };
    let blocker = Blocker {
        node: NodeIndex(3),
        period: Q1,
        cause: lock,
        amount: Minor(30),
        frees: Minor(10),
    };
    assert_eq!(
        refused,
        Err(Refusal::Blocked {
            node: NodeIndex(1),
            period: Q1,
            wanted: Minor(40),
            reachable: Minor(30),
            missing: Minor(10),
            blockers: vec![blocker],
        })
    );
    let aim = Aim {
        node: NodeIndex(1),
        period: Q1,
        keep: Keep::Column,
        give: Give::Siblings,
    };
    assert_eq!(reachable(&grid, aim).unwrap().max, Minor(30));
    assert_eq!(reachable(&grid, aim).unwrap().min, Minor(0));
    assert!(apply(&grid, &set(1, Q1, 30, Keep::Column, Give::Siblings)).is_ok());
}

#[test]
fn the_fewest_blockers_are_named() {
    let mut grid = family(&[10, 50, 5, 40]);
    for node in [2, 3, 4] {
        done(&mut grid, &lock(node, Q1));
    }
    let Err(Refusal::Blocked {
        missing, blockers, ..
    }) = apply(&grid, &set(1, Q1, 55, Keep::Column, Give::Siblings))
    else {
        panic!("not refused");
    };
    assert_eq!(missing, Minor(45));
    assert_eq!(
        blockers.iter().map(|blocker| blocker.node.0).collect::<Vec<_>>(),
        [2]
    );
}

#[test]
fn own_limits_are_refused_with_the_reason() {
    let mut grid = family(&[10, 20, 30]);
    let to = |amount| set(1, Q1, amount, Keep::Column, Give::Siblings);
    let node = NodeIndex(1);
    assert!(matches!(
        apply(&grid, &to(-1)),
        Err(Refusal::Negative {
            amount: Minor(-1),
            ..
        })
    ));
    assert!(matches!(
        apply(&grid, &to(i64::MAX)),
        Err(Refusal::TooLarge { .. })
    ));
    done(
        &mut grid,
        &PlanCommand::Cap {
            node,
            period: Q1,
            amount: Some(Minor(15)),
        },
    );
    let cap = Minor(15);
    assert_eq!(
        apply(&grid, &to(16)),
        Err(Refusal::AboveCap {
            node,
            period: Q1,
            cap,
            amount: Minor(16)
        })
    );
    done(
        &mut grid,
        &PlanCommand::Floor {
            node,
            period: None,
            amount: Some(Minor(8)),
        },
    );
    let floor = Minor(8);
    assert_eq!(
        apply(&grid, &to(7)),
        Err(Refusal::BelowFloor {
            node,
            period: None,
            floor,
            amount: Minor(7)
        })
    );
    done(&mut grid, &lock(1, Q1));
    let amount = Minor(10);
    assert_eq!(
        apply(&grid, &to(11)),
        Err(Refusal::Locked {
            node,
            period: Q1,
            by: who(1),
            amount
        })
    );
    assert!(apply(&grid, &to(10)).unwrap().is_empty());
    let floor = PlanCommand::Floor {
        node,
        period: Q1,
        amount: Some(Minor(11)),
    };
    assert!(matches!(apply(&grid, &floor), Err(Refusal::OutsideBound { .. })));
    assert!(matches!(
        apply(&grid, &set(9, Q1, 1, Keep::None, Give::Siblings)),
        Err(Refusal::UnknownNode { node: NodeIndex(9) })
    ));
    assert!(matches!(
        apply(
            &grid,
            &set(1, Some(PeriodIndex(3)), 1, Keep::None, Give::Siblings)
        ),
        Err(Refusal::UnknownPeriod { .. })
    ));
}

/// Two teams of two, two quarters: root, team, a, b, team, c, d.
fn two_quarters() -> Grid {
    let amounts = [[0, 0], [0, 0], [10, 10], [30, 10], [0, 0], [20, 20], [40, 60]];
    Grid::from_leaves(shape(&[0, 0, 1, 1, 0, 4, 4], 2), |node, period| {
        Minor(amounts[node.0 as usize][usize::from(period.0)])
    })
    .unwrap()
}

fn row(grid: &Grid, node: u32) -> [i64; 2] {
    [0, 1].map(|period| grid.amount(NodeIndex(node), Some(PeriodIndex(period))).0)
}

#[test]
fn keeping_the_row_moves_between_periods_and_keeps_everybodys_total() {
    let mut grid = two_quarters();
    done(&mut grid, &set(1, Q1, 50, Keep::Row, Give::Siblings));
    assert_eq!(row(&grid, 1), [50, 10]);
    assert_eq!(row(&grid, 4), [60, 80]);
    assert_eq!(row(&grid, 0), [110, 90]);
    for (node, total) in [(2, 20), (3, 40)] {
        assert_eq!(grid.amount(NodeIndex(node), None).0, total);
    }
    grid.check().unwrap();
}

#[test]
fn keeping_both_moves_a_rectangle() {
    let mut grid = two_quarters();
    let before = grid.clone();
    done(&mut grid, &set(1, Q1, 50, Keep::Both, Give::Siblings));
    assert_eq!(row(&grid, 1), [50, 10]);
    assert_eq!(row(&grid, 4), [50, 90]);
    assert_eq!(row(&grid, 0), row(&before, 0));
    for node in 0..7 {
        assert_eq!(
            grid.amount(NodeIndex(node), None),
            before.amount(NodeIndex(node), None)
        );
    }
    grid.check().unwrap();
}

#[test]
fn keeping_the_column_of_a_total_lets_siblings_give_in_every_period() {
    let mut grid = two_quarters();
    done(&mut grid, &set(1, None, 90, Keep::Column, Give::Siblings));
    assert_eq!(row(&grid, 1), [60, 30]);
    assert_eq!(row(&grid, 4), [40, 70]);
    assert_eq!(row(&grid, 0), [100, 100]);
    grid.check().unwrap();
}

#[test]
fn a_locked_total_holds_while_its_periods_move() {
    let mut grid = two_quarters();
    done(&mut grid, &lock(2, None));
    done(&mut grid, &set(1, None, 90, Keep::Column, Give::Siblings));
    assert_eq!(grid.amount(NodeIndex(2), None), Minor(20));
    assert_eq!(grid.amount(NodeIndex(3), None), Minor(70));
    grid.check().unwrap();
}

#[test]
fn the_hedge_takes_what_siblings_and_parent_do_not() {
    let mut grid = family(&[100, 200, 300]);
    done(&mut grid, &set(1, Q1, 150, Keep::Column, Give::Hedge));
    assert_eq!(cells(&grid), [600, 150, 200, 300]);
    assert_eq!(grid.hedge(NodeIndex(0), Q1), Minor(50));
    let refused = apply(&grid, &set(1, Q1, 500, Keep::Column, Give::Hedge));
    let (hedge, limit) = (Minor(400), Minor(300));
    assert_eq!(
        refused,
        Err(Refusal::Hedge {
            node: NodeIndex(0),
            period: PeriodIndex(0),
            hedge,
            limit
        })
    );
    // The hedge stays when siblings share.
    done(&mut grid, &set(2, Q1, 300, Keep::Column, Give::Siblings));
    assert_eq!(cells(&grid), [600, 117, 300, 233]);
    grid.check().unwrap();
}

#[test]
fn the_parent_grows_up_to_the_root() {
    let mut grid = two_quarters();
    done(&mut grid, &set(2, Q1, 25, Keep::None, Give::ParentGrows));
    assert_eq!((row(&grid, 1), row(&grid, 0)), ([55, 20], [115, 100]));
    let mut capped = two_quarters();
    done(
        &mut capped,
        &PlanCommand::Cap {
            node: NodeIndex(1),
            period: None,
            amount: Some(Minor(65)),
        },
    );
    let Err(Refusal::Blocked {
        reachable, blockers, ..
    }) = apply(&capped, &set(2, Q1, 25, Keep::None, Give::ParentGrows))
    else {
        panic!("not refused");
    };
    assert_eq!(
        (reachable, blockers[0].node, blockers[0].cause),
        (Minor(15), NodeIndex(1), Cause::Cap)
    );
}

#[test]
fn nothing_to_follow_means_equal_shares_by_heads() {
    let mut grid = Grid::zero(shape(&[0, 0, 1, 1, 1, 0, 5], 1));
    done(&mut grid, &set(0, None, 100, Keep::Column, Give::Siblings));
    assert_eq!(cells(&grid)[0], 100);
    assert_eq!([cells(&grid)[1], cells(&grid)[5]], [75, 25]);
}

#[test]
fn a_drag_stops_at_the_bound_and_says_what_is_missing() {
    let mut grid = family(&[10, 20, 30]);
    done(&mut grid, &lock(3, Q1));
    let aim = Aim {
        node: NodeIndex(1),
        period: Q1,
        keep: Keep::Column,
        give: Give::Siblings,
    };
    let mut drag = Drag::begin(&grid, aim).unwrap();
    let preview = drag.preview(&grid, Minor(44), &[]);
    assert_eq!(preview.placed, Minor(30));
    let Some(Refusal::Blocked { missing, .. }) = preview.refusal else {
        panic!("no refusal")
    };
    assert_eq!(missing, Minor(14));
    assert_eq!(
        preview.cells,
        [
            (CellIndex(1), Minor(30)),
            (CellIndex(2), Minor(0)),
            (CellIndex(3), Minor(30))
        ]
    );
}
