//! Several steps made as one: what they come to one after the other, all or none, and taken back whole.

use domain::money::Minor;
use domain::plan::{Give, Grid, Intent, Keep, NodeIndex, PlanCommand, Refusal, Step, apply};
use proptest::prelude::*;

use crate::tree::{Raw, command, done, family, held_plan, raw, who};

fn set(node: u32, amount: i64) -> Step {
    Step::Set {
        node: NodeIndex(node),
        period: None,
        amount: Minor(amount),
        keep: Keep::Column,
        give: Give::Siblings,
    }
}

/// A step at a place of a grid, as far as a random command is one: else the bounds of its place go.
fn step(grid: &Grid, raw: &Raw) -> Step {
    match command(grid, raw) {
        PlanCommand::Set {
            node,
            period,
            amount,
            keep,
            give,
            ..
        } => Step::Set {
            node,
            period,
            amount,
            keep,
            give,
        },
        PlanCommand::SetTotal { .. } => Step::Cap {
            node: NodeIndex(0),
            period: None,
            amount: None,
        },
        other => {
            let (node, period) = other.named()[0];
            Step::Unlock { node, period }
        }
    }
}

#[test]
fn a_lock_is_released_for_a_change_and_comes_back_with_it() {
    let mut grid = family(&[600, 300, 100]);
    let lock = PlanCommand::Lock {
        node: NodeIndex(1),
        period: None,
        by: who(1),
    };
    done(&mut grid, &lock);
    let unlock = Step::Unlock {
        node: NodeIndex(1),
        period: None,
    };
    let both = PlanCommand::Steps {
        steps: vec![unlock, set(1, 700)],
    };
    let deltas = apply(&grid, &both).unwrap();
    let mut after = grid.clone();
    after.fold(&deltas).unwrap();
    assert_eq!(after.amount(NodeIndex(1), None), Minor(700));
    assert!(after.constraint(NodeIndex(1), None).lock.is_none());
    let restore = |intent, deltas| PlanCommand::Restore {
        of: 2,
        intent,
        deltas,
    };
    done(&mut after, &restore(Intent::Undo, deltas.invert()));
    assert_eq!(after, grid, "amount and lock are back");
    done(&mut after, &restore(Intent::Redo, deltas));
    assert_eq!(after.amount(NodeIndex(1), None), Minor(700));
}

#[test]
fn a_cap_is_raised_to_the_floor() {
    let mut grid = family(&[600, 400]);
    let place = (NodeIndex(1), None);
    let cap = |amount| Step::Cap {
        node: place.0,
        period: place.1,
        amount: Some(Minor(amount)),
    };
    let floor = |amount| Step::Floor {
        node: place.0,
        period: place.1,
        amount: Some(Minor(amount)),
    };
    done(&mut grid, &cap(650).command());
    assert_eq!(
        apply(&grid, &floor(700).command()),
        Err(Refusal::Crossed {
            node: NodeIndex(1),
            period: None,
            floor: Minor(700),
            cap: Minor(650),
        })
    );
    let steps = vec![cap(700), set(1, 700), floor(700)];
    done(&mut grid, &PlanCommand::Steps { steps });
    let held = grid.constraint(NodeIndex(1), None);
    assert_eq!((held.floor, held.cap), (Some(Minor(700)), Some(Minor(700))));
    assert_eq!(grid.amount(NodeIndex(2), None), Minor(300));
}

#[test]
fn one_that_cannot_be_made_refuses_all() {
    let grid = family(&[600, 400]);
    let steps = vec![set(1, 700), set(1, 2_000)];
    let last = PlanCommand::Steps {
        steps: vec![set(1, 2_000)],
    };
    assert!(apply(&grid, &last).is_err());
    assert!(apply(&grid, &PlanCommand::Steps { steps }).is_err());
    let nothing = PlanCommand::Steps { steps: Vec::new() };
    assert!(apply(&grid, &nothing).unwrap().is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn they_come_to_what_they_come_to_one_by_one(
        grid in held_plan(), raws in prop::collection::vec(raw(), 1..4),
    ) {
        let (mut one_by_one, mut steps) = (grid.clone(), Vec::new());
        for raw in &raws {
            let next = step(&one_by_one, raw);
            let Ok(deltas) = apply(&one_by_one, &next.command()) else { continue };
            one_by_one.fold(&deltas).unwrap();
            steps.push(next);
        }
        let deltas = apply(&grid, &PlanCommand::Steps { steps }).unwrap();
        let mut together = grid.clone();
        together.fold(&deltas).unwrap();
        prop_assert_eq!(&together, &one_by_one);
        prop_assert_eq!(together.check(), Ok(()));
        let back = PlanCommand::Restore { of: 1, intent: Intent::Undo, deltas: deltas.invert() };
        done(&mut together, &back);
        prop_assert_eq!(together, grid);
    }
}
