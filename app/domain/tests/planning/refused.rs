//! Contradictions, nothing, too much: each is refused by name or has a defined answer.

use std::sync::Arc;

use domain::id::UnitId;
use domain::money::Minor;
use domain::plan::{
    Basis, BasisWeights, CellDelta, CellIndex, Constraint, ConstraintDelta, Deltas, Entry, Give, Grid,
    GridError, Intent, Keep, Log, MAX_AMOUNT, NodeIndex, NodeRef, NodeSpec, PeriodIndex, PlanCommand,
    Refusal, Shape, ShapeError, Spread, UndoRefusal, apply,
};

use crate::tree::{done, family, id, periods, shape, who};

const Q1: Option<PeriodIndex> = Some(PeriodIndex(0));

fn unit(number: u128, parent: Option<u32>) -> NodeSpec {
    NodeSpec {
        parent: parent.map(NodeIndex),
        reference: NodeRef::Unit(UnitId(id(number))),
        name: String::new(),
    }
}

#[test]
fn a_tree_that_runs_in_a_circle_is_no_tree() {
    for parents in [
        [None, Some(2), Some(1)],
        [None, Some(1), Some(0)],
        [None, Some(u32::MAX), Some(0)],
    ] {
        let nodes = (0..)
            .zip(parents)
            .map(|(number, parent)| unit(number, parent))
            .collect();
        assert_eq!(
            Shape::new(nodes, periods(1)),
            Err(ShapeError::NotPreOrder { node: NodeIndex(1) })
        );
    }
}

#[test]
fn bounds_that_contradict_each_other_or_the_amount_are_refused() {
    let mut grid = family(&[10, 20, 30]);
    let (node, period) = (NodeIndex(1), Q1);
    let floor = |amount| PlanCommand::Floor {
        node,
        period,
        amount: Some(Minor(amount)),
    };
    let cap = |amount| PlanCommand::Cap {
        node,
        period,
        amount: Some(Minor(amount)),
    };
    done(&mut grid, &floor(8));
    let outside = |bound| {
        let (amount, bound) = (Minor(10), Minor(bound));
        Err(Refusal::OutsideBound {
            node,
            period,
            amount,
            bound,
        })
    };
    assert_eq!(
        apply(&grid, &cap(7)),
        Err(Refusal::Crossed {
            node,
            period,
            floor: Minor(8),
            cap: Minor(7),
        })
    );
    assert_eq!(apply(&grid, &cap(9)), outside(9));
    assert_eq!(apply(&grid, &floor(11)), outside(11));
    assert!(matches!(apply(&grid, &floor(-1)), Err(Refusal::Negative { .. })));
    assert!(matches!(
        apply(&grid, &cap(i64::MAX)),
        Err(Refusal::TooLarge { .. })
    ));
    // Floors of children that together pass the parent's cap.
    done(
        &mut grid,
        &PlanCommand::Cap {
            node: NodeIndex(0),
            period,
            amount: Some(Minor(60)),
        },
    );
    done(
        &mut grid,
        &PlanCommand::Floor {
            node: NodeIndex(2),
            period,
            amount: Some(Minor(20)),
        },
    );
    let floor = PlanCommand::Floor {
        node: NodeIndex(3),
        period,
        amount: Some(Minor(33)),
    };
    assert!(matches!(
        apply(&grid, &floor),
        Err(Refusal::OutsideBound {
            node: NodeIndex(3),
            ..
        })
    ));
    // The same from a stranger's bytes.
    let mut held = Constraint {
        floor: Some(Minor(9)),
        ..Constraint::default()
    };
    let mut deltas = Deltas::default();
    let old = grid.constraint(NodeIndex(3), None);
    held.cap = Some(Minor(8));
    deltas.constraints.push(ConstraintDelta {
        node: NodeIndex(3),
        period: None,
        old,
        new: held,
    });
    let restore = PlanCommand::Restore {
        of: 1,
        intent: Intent::Undo,
        deltas: deltas.clone(),
    };
    assert!(matches!(
        apply(&grid, &restore),
        Err(Refusal::OutsideBound { .. })
    ));
    grid.fold(&deltas).unwrap();
    let bound = GridError::Bound {
        node: NodeIndex(3),
        period: None,
    };
    assert_eq!(Grid::unpack(&grid.pack(), Arc::clone(grid.shape())), Err(bound));
}

#[test]
fn a_unit_without_anybody_keeps_what_it_has_and_is_not_split() {
    let nodes = vec![unit(1, None), unit(2, Some(0)), unit(3, Some(0))];
    let shape = Arc::new(Shape::new(nodes, periods(1)).unwrap());
    let mut grid = Grid::from_leaves(shape, |node, _| Minor(i64::from(node.0) * 10)).unwrap();
    let empty = NodeIndex(2);
    let split = PlanCommand::Split {
        node: empty,
        spread: Spread::Subtree,
        bases: vec![BasisWeights {
            basis: Basis::Equal,
            share_ppm: 1,
            weights: vec![],
        }],
        factors: vec![],
        own: vec![],
        proposals: vec![],
        uplift_ppm: vec![],
        step: Minor(1),
        reason: None,
    };
    assert_eq!(apply(&grid, &split), Err(Refusal::NoChildren { node: empty }));
    assert_eq!(
        apply(
            &grid,
            &PlanCommand::EvenOut {
                node: empty,
                reason: None
            }
        ),
        Err(Refusal::NoChildren { node: empty })
    );
    done(&mut grid, &set(2, 0));
    assert_eq!(grid.column(PeriodIndex(0)), [30, 30, 0]);
}

fn set(node: u32, amount: i64) -> PlanCommand {
    PlanCommand::Set {
        node: NodeIndex(node),
        period: Q1,
        amount: Minor(amount),
        keep: Keep::Column,
        give: Give::Siblings,
        reason: None,
    }
}

#[test]
fn nothing_to_split_and_nothing_to_weigh_by_are_both_answered() {
    let mut grid = family(&[10, 20, 30]);
    done(
        &mut grid,
        &PlanCommand::SetTotal {
            amount: Minor(0),
            seasons: vec![0],
            reason: None,
        },
    );
    assert_eq!(grid.column(PeriodIndex(0)), [0, 0, 0, 0]);
    // From nothing, by weights that say nothing: equally.
    done(
        &mut grid,
        &PlanCommand::SetTotal {
            amount: Minor(60),
            seasons: vec![0],
            reason: None,
        },
    );
    assert_eq!(grid.column(PeriodIndex(0)), [60, 20, 20, 20]);
    let split = |share_ppm, weights| PlanCommand::Split {
        node: NodeIndex(0),
        spread: Spread::Subtree,
        bases: vec![BasisWeights {
            basis: Basis::History,
            share_ppm,
            weights,
        }],
        factors: vec![],
        own: vec![],
        proposals: vec![],
        uplift_ppm: vec![],
        step: Minor(1),
        reason: None,
    };
    done(&mut grid, &split(1, vec![0, 1, 1]));
    assert_eq!(grid.column(PeriodIndex(0)), [60, 0, 30, 30]);
    assert!(apply(&grid, &split(0, vec![1, 1, 1])).is_err());
    // What says nothing about a group is no reason to move anything in it.
    done(&mut grid, &split(1, vec![0, 0, 0]));
    assert_eq!(grid.column(PeriodIndex(0))[0], 60);
    grid.check().unwrap();
    done(&mut grid, &split(1, vec![u64::MAX, u64::MAX, 0]));
    assert_eq!(grid.column(PeriodIndex(0)), [60, 30, 30, 0]);
}

#[test]
fn seasons_of_any_size_keep_their_proportions() {
    let mut grid = Grid::zero(shape(&[0, 0], 1_000));
    let seasons = (0..1_000)
        .map(|period| if period < 500 { u64::MAX } else { u64::MAX / 3 })
        .collect();
    done(
        &mut grid,
        &PlanCommand::SetTotal {
            amount: Minor(2_000_000),
            seasons,
            reason: None,
        },
    );
    let at = |period| grid.amount(NodeIndex(1), Some(PeriodIndex(period))).0;
    assert_eq!((at(0), at(499), at(500), at(999)), (3_000, 3_000, 1_000, 1_000));
}

#[test]
fn negative_and_absurd_amounts_are_refused_by_name() {
    let grid = family(&[10, 20, 30]);
    assert!(matches!(
        apply(&grid, &set(1, -5)),
        Err(Refusal::Negative {
            amount: Minor(-5),
            ..
        })
    ));
    assert!(matches!(
        apply(&grid, &set(1, i64::MIN)),
        Err(Refusal::Negative { .. })
    ));
    assert!(matches!(
        apply(&grid, &set(0, MAX_AMOUNT + 1)),
        Err(Refusal::TooLarge { .. })
    ));
    let send = |share_ppm| PlanCommand::SendShare {
        from: NodeIndex(1),
        to: NodeIndex(2),
        period: Q1,
        share_ppm,
        reason: None,
    };
    assert!(matches!(
        apply(&grid, &send(1_000_001 + 100_000)),
        Err(Refusal::Negative { .. })
    ));
    assert!(apply(&grid, &send(1_000_000)).is_ok());
    // Below a hedge the children's totals exceed the parent's.
    let amounts = [1, 2, 0, 0].map(Minor).to_vec();
    let hedged = Grid::from_amounts(shape(&[0, 0], 2), amounts).unwrap();
    let all = PlanCommand::SetTotal {
        amount: Minor(MAX_AMOUNT),
        seasons: Vec::new(),
        reason: None,
    };
    let (node, period) = (NodeIndex(1), None);
    let (amount, limit) = (Minor(MAX_AMOUNT + 1), Minor(MAX_AMOUNT));
    let large = Refusal::TooLarge {
        node,
        period,
        amount,
        limit,
    };
    assert_eq!(apply(&hedged, &all), Err(large));
    let much = vec![Minor(1), Minor(MAX_AMOUNT), Minor(MAX_AMOUNT), Minor(MAX_AMOUNT)];
    let hedge = Grid::from_amounts(shape(&[0, 0, 0, 0], 1), much);
    assert!(
        matches!(
            hedge,
            Err(GridError::Hedge {
                node: NodeIndex(0),
                ..
            })
        ),
        "{hedge:?}"
    );
}

#[test]
fn a_log_of_another_plan_is_not_undone() {
    let grid = family(&[10, 20, 30]);
    let mut log = Log::default();
    let far = |cell, old, new| CellDelta {
        cell: CellIndex(cell),
        old: Minor(old),
        new: Minor(new),
    };
    for delta in [far(4, 1, 2), far(65_536 * 4 + 1, 1, 2), far(1, i64::MIN, 5)] {
        let seq = log.head() + 1;
        let deltas = Deltas {
            cells: vec![delta],
            ..Deltas::default()
        };
        log.push(Entry::new(seq, 0, who(1), set(1, 2), deltas.clone()))
            .unwrap();
        assert_eq!(log.undo(who(1), &grid), Err(UndoRefusal::Foreign));
        let restore = PlanCommand::Restore {
            of: 1,
            intent: Intent::Undo,
            deltas,
        };
        assert!(apply(&grid, &restore).is_err());
    }
}
