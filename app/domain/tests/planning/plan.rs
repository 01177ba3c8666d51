//! The plan: shapes, snapshots, the log with undo and redo, explanations, what travels.

use std::sync::Arc;

use domain::id::{MemberId, UnitId};
use domain::money::Minor;
use domain::plan::{
    Arriving, Basis, BasisWeights, Deltas, Give, Grid, GridError, Intent, Keep, Misfit, NodeIndex, NodeRef,
    NodeSpec, PeriodIndex, PlanCommand, Refusal, Shape, ShapeError, Spread, apply,
};
use proptest::prelude::*;

use crate::tree::{command, done, family, held_plan, id, periods, raw, shape};

const Q1: Option<PeriodIndex> = Some(PeriodIndex(0));

fn unit(number: u128, parent: Option<u32>) -> NodeSpec {
    NodeSpec {
        parent: parent.map(NodeIndex),
        reference: NodeRef::Unit(UnitId(id(number))),
        name: format!("华东 {number}"),
    }
}

fn member(number: u128, parent: u32) -> NodeSpec {
    NodeSpec {
        reference: NodeRef::Member(MemberId(id(number))),
        ..unit(number, Some(parent))
    }
}

pub(crate) fn set(node: u32, amount: i64) -> PlanCommand {
    PlanCommand::Set {
        node: NodeIndex(node),
        period: Q1,
        amount: Minor(amount),
        keep: Keep::Column,
        give: Give::Siblings,
        reason: Some("新客户".to_owned()),
    }
}

#[test]
fn a_shape_knows_its_tree() {
    let nodes = vec![
        unit(1, None),
        unit(2, Some(0)),
        member(3, 1),
        member(4, 1),
        unit(5, Some(0)),
    ];
    let shape = Shape::new(nodes, periods(2)).unwrap();
    let of = |node| {
        shape
            .children(NodeIndex(node))
            .map(|child| child.0)
            .collect::<Vec<_>>()
    };
    assert_eq!((of(0), of(1), of(4)), (vec![1, 4], vec![2, 3], vec![]));
    assert_eq!(shape.end(NodeIndex(1)), NodeIndex(4));
    assert_eq!(
        shape
            .ancestors(NodeIndex(3))
            .map(|node| node.0)
            .collect::<Vec<_>>(),
        [1, 0]
    );
    assert_eq!(
        (shape.depth(NodeIndex(3)), shape.name(NodeIndex(3))),
        (2, "华东 4")
    );
    assert!(shape.is_leaf(NodeIndex(4)) && !shape.is_leaf(NodeIndex(1)));
    assert_eq!(shape.find(NodeRef::Member(MemberId(id(4)))), Some(NodeIndex(3)));
    let cell = shape.cell(NodeIndex(3), PeriodIndex(1));
    assert_eq!(shape.place(cell), (NodeIndex(3), PeriodIndex(1)));
}

#[test]
fn wrong_shapes_are_named() {
    let error = |nodes| Shape::new(nodes, periods(1)).unwrap_err();
    assert_eq!(error(vec![]), ShapeError::Empty);
    assert_eq!(
        error(vec![unit(1, None), unit(2, None)]),
        ShapeError::Root { node: NodeIndex(1) }
    );
    let jumps = vec![
        unit(1, None),
        unit(2, Some(0)),
        unit(3, Some(0)),
        unit(4, Some(1)),
    ];
    assert_eq!(error(jumps), ShapeError::NotPreOrder { node: NodeIndex(3) });
    assert_eq!(
        error(vec![unit(1, None), member(2, 0), member(3, 1)]),
        ShapeError::BelowMember { node: NodeIndex(2) }
    );
    assert_eq!(
        error(vec![unit(1, None), member(2, 0), member(2, 0)]),
        ShapeError::Twice { node: NodeIndex(2) }
    );
    let chain = (0..70)
        .map(|index: u32| unit(u128::from(index), index.checked_sub(1)))
        .collect();
    assert_eq!(error(chain), ShapeError::TooDeep { node: NodeIndex(64) });
    let mut overlapping = periods(2);
    overlapping[1].starts_on = overlapping[0].starts_on;
    let error = Shape::new(vec![unit(1, None)], overlapping).unwrap_err();
    assert_eq!(
        error,
        ShapeError::Periods {
            period: PeriodIndex(1)
        }
    );
}

#[test]
fn amounts_that_make_no_grid_are_named() {
    let grid = |amounts: &[i64]| {
        Grid::from_amounts(shape(&[0, 0, 0], 1), amounts.iter().copied().map(Minor).collect())
    };
    let node = NodeIndex(0);
    assert_eq!(grid(&[1, 2]), Err(GridError::Cells { expected: 3, got: 2 }));
    let short = GridError::Short {
        node,
        period: PeriodIndex(0),
        missing: Minor(2),
    };
    assert_eq!(grid(&[7, 2, 3]), Err(short));
    let negative = GridError::Amount {
        node: NodeIndex(1),
        period: Q1,
        amount: Minor(-2),
    };
    assert_eq!(grid(&[1, -2, 3]), Err(negative));
    assert_eq!(grid(&[4, 2, 3]).unwrap().hedge(node, Q1), Minor(1));
}

#[test]
fn a_delta_for_another_state_changes_nothing() {
    let mut grid = family(&[10, 20, 30]);
    let deltas = apply(&grid, &set(1, 20)).unwrap();
    grid.fold(&deltas).unwrap();
    let before = grid.clone();
    assert!(matches!(
        grid.fold(&deltas),
        Err(Misfit::Cell {
            found: Minor(20),
            expected: Minor(10),
            ..
        })
    ));
    assert_eq!(grid, before);
}

pub(crate) fn split(weights: [(u32, &[u64]); 2], step: i64) -> PlanCommand {
    let [equal, history] = weights;
    let basis = |basis, (share_ppm, weights): (u32, &[u64])| BasisWeights {
        basis,
        share_ppm,
        weights: weights.to_vec(),
    };
    PlanCommand::Split {
        node: NodeIndex(0),
        spread: Spread::Subtree,
        bases: vec![basis(Basis::Equal, equal), basis(Basis::History, history)],
        factors: Vec::new(),
        own: Vec::new(),
        proposals: Vec::new(),
        uplift_ppm: Vec::new(),
        step: Minor(step),
        reason: None,
    }
}

#[test]
fn a_split_blends_its_bases_within_bounds() {
    let mut grid = family(&[300, 300, 400]);
    done(
        &mut grid,
        &split([(500_000, &[1, 1, 1]), (500_000, &[1, 2, 1])], 1),
    );
    assert_eq!(grid.column(PeriodIndex(0)), [1_000, 292, 416, 292]);
    done(
        &mut grid,
        &PlanCommand::Cap {
            node: NodeIndex(2),
            period: Q1,
            amount: Some(Minor(420)),
        },
    );
    done(&mut grid, &split([(0, &[1, 1, 1]), (1_000_000, &[1, 2, 1])], 1));
    assert_eq!(grid.column(PeriodIndex(0)), [1_000, 290, 420, 290]);
    // A basis that says nothing leaves it to the other.
    done(
        &mut grid,
        &split([(100_000, &[1, 0, 1]), (900_000, &[0, 0, 0])], 100),
    );
    assert_eq!(grid.column(PeriodIndex(0)), [1_000, 500, 0, 500]);
    let wrong = |command| apply(&grid, &command).unwrap_err();
    assert_eq!(
        wrong(split([(1, &[1]), (1, &[1, 1, 1])], 1)),
        Refusal::Weights { expected: 3, got: 1 }
    );
    assert_eq!(
        wrong(split([(0, &[1]), (0, &[1])], 1)),
        Refusal::Shares { sum_ppm: 0 }
    );
    assert_eq!(
        wrong(split([(1, &[1, 1, 1]), (1, &[1, 1, 1])], 0)),
        Refusal::Step { step: Minor(0) }
    );
    let leaf = PlanCommand::EvenOut {
        node: NodeIndex(1),
        reason: None,
    };
    assert_eq!(wrong(leaf), Refusal::NoChildren { node: NodeIndex(1) });
}

#[test]
fn units_weigh_what_lies_below_them() {
    let mut grid = Grid::zero(shape(&[0, 0, 1, 1, 0, 4], 1));
    let amount = Minor(900);
    done(
        &mut grid,
        &PlanCommand::SetTotal {
            amount,
            seasons: vec![1],
            reason: None,
        },
    );
    done(
        &mut grid,
        &split([(1_000_000, &[0, 1, 1, 0, 1]), (0, &[0; 5])], 1),
    );
    assert_eq!(grid.column(PeriodIndex(0)), [900, 600, 300, 300, 300, 300]);
}

#[test]
fn a_total_spreads_over_its_seasons() {
    let mut grid = Grid::zero(shape(&[0, 0, 0], 4));
    let amount = Minor(1_000);
    done(
        &mut grid,
        &PlanCommand::SetTotal {
            amount,
            seasons: vec![1, 2, 3, 4],
            reason: None,
        },
    );
    let of = |node| {
        grid.periods()
            .map(|period| grid.amount(NodeIndex(node), Some(period)).0)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (of(0), of(1)),
        (vec![100, 200, 300, 400], vec![50, 100, 150, 200])
    );
    let wrong = apply(
        &grid,
        &PlanCommand::SetTotal {
            amount,
            seasons: vec![1],
            reason: None,
        },
    );
    assert_eq!(wrong, Err(Refusal::Weights { expected: 4, got: 1 }));
}

#[test]
fn a_move_changes_only_the_two_lines() {
    let amounts = [0, 0, 10, 30, 0, 20, 40];
    let leaves = |node: NodeIndex, _| Minor(amounts[node.0 as usize]);
    let mut grid = Grid::from_leaves(shape(&[0, 0, 1, 1, 0, 4, 4], 1), leaves).unwrap();
    let (from, to) = (NodeIndex(3), NodeIndex(5));
    done(
        &mut grid,
        &PlanCommand::Move {
            from,
            to,
            period: Q1,
            amount: Minor(12),
            reason: None,
        },
    );
    assert_eq!(grid.column(PeriodIndex(0)), [100, 28, 10, 18, 72, 32, 40]);
    done(
        &mut grid,
        &PlanCommand::SendShare {
            from,
            to,
            period: None,
            share_ppm: 500_000,
            reason: None,
        },
    );
    assert_eq!(grid.column(PeriodIndex(0)), [100, 19, 10, 9, 81, 41, 40]);
    let to = NodeIndex(1);
    let line = apply(
        &grid,
        &PlanCommand::Move {
            from,
            to,
            period: Q1,
            amount: Minor(1),
            reason: None,
        },
    );
    assert_eq!(line, Err(Refusal::SameLine { from, to }));
    let to = NodeIndex(5);
    let much = apply(
        &grid,
        &PlanCommand::Move {
            from,
            to,
            period: Q1,
            amount: Minor(10),
            reason: None,
        },
    );
    assert!(matches!(much, Err(Refusal::Negative { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6 * ProptestConfig::default().cases, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_travels_arrives(grid in held_plan(), raw in raw(), at in any::<prop::sample::Index>()) {
        let bytes = grid.pack();
        prop_assert_eq!(&Grid::unpack(&bytes, Arc::clone(grid.shape())).unwrap(), &grid);
        prop_assert_eq!(Grid::packed_by(&bytes), Ok(domain::plan::ENGINE));
        prop_assert!(Grid::unpack(&bytes[..bytes.len() - 1], Arc::clone(grid.shape())).is_err());
        let rows = grid.shape().len() as u32;
        let mut arriving = Arriving::new(&grid.columns_head()).unwrap();
        let mut from = 0;
        while from < rows {
            let until = from + 1 + at.index(rows as usize) as u32;
            let mut columns = grid.columns_of(from..until, &|node| node.0 % 2 == 0);
            prop_assert_eq!(arriving.take(&columns), Ok(()));
            columns.push(0);
            let mut other = Arriving::new(&grid.columns_head()).unwrap();
            prop_assert!(other.take(&columns).is_err(), "bytes that run on");
            from = until;
        }
        let mut arrived = arriving.finish().unwrap();
        let names: Vec<String> = grid.shape().nodes().map(|node| grid.shape().name(node).to_owned()).collect();
        arrived.name_rows(NodeIndex(1), &names[1..]);
        prop_assert_eq!(&arrived, &grid);
        let command = command(&grid, &raw);
        let json = serde_json::to_string(&command).unwrap();
        prop_assert_eq!(&serde_json::from_str::<PlanCommand>(&json).unwrap(), &command);
        match apply(&grid, &command) {
            Ok(deltas) => {
                prop_assert_eq!(Deltas::from_bytes(&deltas.to_bytes()), Ok(deltas.clone()));
                let json = serde_json::to_string(&PlanCommand::Restore { of: 3, intent: Intent::Redo, deltas }).unwrap();
                prop_assert!(serde_json::from_str::<PlanCommand>(&json).is_ok());
            }
            Err(refusal) => {
                let json = serde_json::to_string(&refusal).unwrap();
                prop_assert_eq!(serde_json::from_str::<Refusal>(&json).unwrap(), refusal);
            }
        }
    }

    #[test]
    fn damaged_bytes_are_refused_not_followed(grid in held_plan(), at in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let mut bytes = grid.pack();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        // Another amount may still be a plan; anything else is an error, and nothing panics.
        if let Ok(read) = Grid::unpack(&bytes, Arc::clone(grid.shape())) {
            prop_assert_eq!(read.check(), Ok(()));
        }
        let _ = Deltas::from_bytes(&bytes);
    }
}
