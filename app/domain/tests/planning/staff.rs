//! A change of staff is one step of the log: amounts, and who is not there any more.

use domain::explain::{StepKind, What, explain};
use domain::money::Minor;
use domain::plan::{Entered, Entry, Grid, Intent, NodeIndex, PeriodIndex, PlanCommand, Refusal, apply};
use domain::staffing::Kind;

use crate::split::split;
use crate::tree::{done, family, who};

const Q1: PeriodIndex = PeriodIndex(0);

/// The first of three hands over to the second all but something, and is gone.
fn leaves(left: i64) -> PlanCommand {
    let entered = |node, amount| Entered {
        node: NodeIndex(node),
        period: Some(Q1),
        amount: Minor(amount),
    };
    PlanCommand::Staff {
        change: Kind::Leaver,
        amounts: vec![entered(1, left), entered(2, 500 - left)],
        absent: vec![(NodeIndex(1), Q1), (NodeIndex(1), Q1)],
        reason: Some("gone".to_owned()),
    }
}

#[test]
fn who_leaves_hands_over_and_is_shut_in_one_step() {
    let start = family(&[100, 400, 400]);
    let command = leaves(0);
    let deltas = apply(&start, &command).unwrap();
    assert_eq!((deltas.cells.len(), deltas.constraints.len()), (2, 1));
    let mut grid = start.clone();
    grid.fold(&deltas).unwrap();
    assert_eq!(grid.column(Q1), [900, 0, 500, 400]);
    assert_eq!(grid.constraint(NodeIndex(1), Some(Q1)).cap, Some(Minor(0)));
    let shut = grid.clone();
    let restore = |intent, deltas| PlanCommand::Restore {
        of: 1,
        intent,
        deltas,
    };
    done(&mut grid, &restore(Intent::Undo, deltas.invert()));
    assert_eq!(grid, start, "taken back in one step");
    done(&mut grid, &restore(Intent::Redo, deltas.clone()));
    assert_eq!(grid, shut, "and done again");
    let entry = Entry::new(1, 1, who(1), command, deltas);
    let why = explain(&start, &[entry], NodeIndex(1), None).unwrap();
    let told = why.steps.iter().any(|step| {
        let StepKind::Change { what, reason, .. } = &step.kind else {
            return false;
        };
        *what == What::Staff(Kind::Leaver) && reason.as_deref() == Some("gone")
    });
    assert!(told, "{:?}", why.steps);
}

#[test]
fn nobody_is_gone_who_has_something_left() {
    let refused = apply(&family(&[100, 400, 400]), &leaves(1));
    let left = Refusal::OutsideBound {
        node: NodeIndex(1),
        period: Some(Q1),
        amount: Minor(1),
        bound: Minor(0),
    };
    assert_eq!(refused, Err(left));
}

#[test]
fn a_split_says_who_is_not_there_and_calls_other_bounds_bounds() {
    let cap = |node, amount| PlanCommand::Cap {
        node: NodeIndex(node),
        period: Some(Q1),
        amount: Some(Minor(amount)),
    };
    let mut grid = family(&[0, 450, 450]);
    done(&mut grid, &cap(1, 0));
    let told = |grid: &Grid, node| {
        let command = split(&[1, 1, 1]);
        let deltas = apply(grid, &command).unwrap();
        let entry = Entry::new(1, 1, who(1), command, deltas);
        let why = explain(grid, &[entry], NodeIndex(node), None).unwrap();
        let sum = |wanted: fn(&StepKind) -> bool| -> i64 {
            let steps = why.steps.iter().filter(|step| wanted(&step.kind));
            steps.map(|step| step.amount.0).sum()
        };
        (
            sum(|kind| matches!(kind, StepKind::Absence { .. })),
            sum(|kind| matches!(kind, StepKind::Bounds { .. })),
        )
    };
    assert_eq!(
        [1, 2, 3].map(|node| told(&grid, node)),
        [(-300, 0), (150, 0), (150, 0)]
    );
    done(&mut grid, &cap(2, 450));
    assert_eq!(
        told(&grid, 1),
        (0, -300),
        "two things hold the group: nothing is put down to one"
    );
}
