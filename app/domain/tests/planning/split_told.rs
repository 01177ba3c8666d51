//! What is told of a split: which step did what.

use domain::explain::{StepKind, explain};
use domain::money::Minor;
use domain::plan::{Entry, FactorKind, Grid, Kept, NodeIndex, PeriodIndex, PlanCommand, Proposal, apply};

use crate::split::{factor, split, with};
use crate::tree::{done, family, shape, who};

/// The steps of a node over all periods by name, with their amounts.
fn told(start: &Grid, command: &PlanCommand, node: u32) -> Vec<(&'static str, i64)> {
    let deltas = apply(start, command).unwrap();
    let entry = Entry::new(1, 1, who(1), command.clone(), deltas);
    let why = explain(start, &[entry], NodeIndex(node), None).unwrap();
    let sum: i64 = why.steps.iter().map(|step| step.amount.0).sum();
    assert_eq!(why.amount, Minor(sum));
    let name = |kind: &StepKind| match kind {
        StepKind::Basis { .. } => "basis",
        StepKind::Unweighted { .. } => "unweighted",
        StepKind::Factor { .. } => "factor",
        StepKind::Hedge { .. } => "hedge",
        StepKind::Bounds { .. } => "bounds",
        StepKind::Absence { .. } => "absence",
        StepKind::Proposal { .. } => "proposal",
        StepKind::Rounding { .. } => "rounding",
        _ => "other",
    };
    why.steps
        .iter()
        .map(|step| (name(&step.kind), step.amount.0))
        .collect()
}

fn proposal(node: u32, period: Option<u16>, amount: i64, kept: Kept) -> Proposal {
    Proposal {
        node: NodeIndex(node),
        period: period.map(PeriodIndex),
        amount: Minor(amount),
        kept,
    }
}

fn proposing(proposal: Proposal) -> PlanCommand {
    with(split(&[1, 1, 1]), |_, proposals, _| proposals.push(proposal))
}

#[test]
fn a_proposal_is_told_only_where_it_decides() {
    let mut locked = family(&[150, 600, 150]);
    let lock = PlanCommand::Lock {
        node: NodeIndex(2),
        period: None,
        by: who(1),
    };
    done(&mut locked, &lock);
    let least = |amount| proposing(proposal(1, None, amount, Kept::AtLeast));
    let held = [("basis", 300), ("bounds", -150)];
    assert_eq!(told(&locked, &least(10), 1), held);
    assert_eq!(told(&locked, &least(10), 3), held);
    let mut capped = family(&[100, 400, 400]);
    let cap = PlanCommand::Cap {
        node: NodeIndex(1),
        period: None,
        amount: Some(Minor(120)),
    };
    done(&mut capped, &cap);
    assert_eq!(told(&capped, &least(10), 1), [("basis", 300), ("bounds", -180)]);
    assert_eq!(told(&capped, &least(120), 1), [("basis", 300), ("bounds", -180)]);
    let free = family(&[100, 400, 400]);
    assert_eq!(told(&free, &least(10), 1), [("basis", 300)]);
    assert_eq!(told(&free, &least(320), 1), [("basis", 300), ("proposal", 20)]);
    let exactly = proposing(proposal(1, None, 120, Kept::Exactly));
    assert_eq!(told(&free, &exactly, 1), [("basis", 300), ("proposal", -180)]);
    assert_eq!(told(&free, &exactly, 2), [("basis", 300), ("bounds", 90)]);
}

#[test]
fn a_proposal_of_one_period_is_told_apart_from_bounds_of_another() {
    let mut start = Grid::from_leaves(shape(&[0, 0, 0, 0], 2), |_, _| Minor(300)).unwrap();
    let cap = PlanCommand::Cap {
        node: NodeIndex(1),
        period: Some(PeriodIndex(1)),
        amount: Some(Minor(300)),
    };
    done(&mut start, &cap);
    let command = with(split(&[2, 1, 1]), |_, proposals, _| {
        proposals.push(proposal(1, Some(0), 500, Kept::Exactly));
    });
    assert_eq!(
        told(&start, &command, 1),
        [("basis", 900), ("proposal", 50), ("bounds", -150)]
    );
}

#[test]
fn where_no_basis_says_anything_the_other_steps_are_told_too() {
    let equal = family(&[300, 300, 300]);
    let none = || split(&[0, 0, 0]);
    let more = with(none(), |_, _, uplift| uplift.push(200_000));
    assert_eq!(told(&equal, &more, 1), [("unweighted", 300), ("hedge", 60)]);
    let mut stepped = none();
    if let PlanCommand::Split { step, .. } = &mut stepped {
        *step = Minor(200);
    }
    let rounded: Vec<_> = (1..=3).map(|node| told(&equal, &stepped, node)).collect();
    for steps in &rounded {
        assert_eq!(steps[0], ("unweighted", 300));
        assert!(matches!(steps[1..], [] | [("rounding", 100 | -100)]), "{steps:?}");
    }
    let kept = with(none(), |_, proposals, _| {
        proposals.push(proposal(1, None, 600, Kept::Exactly));
    });
    assert_eq!(told(&equal, &kept, 1), [("unweighted", 300), ("proposal", 300)]);
    assert_eq!(told(&equal, &kept, 2), [("unweighted", 300), ("bounds", -150)]);
    // In former proportions, or by heads where nobody has anything.
    assert_eq!(told(&family(&[100, 300, 0]), &none(), 2), [("unweighted", 300)]);
    let one = |node: NodeIndex, _| Minor(if node.0 == 4 { 300 } else { 0 });
    let heads = Grid::from_leaves(shape(&[0, 0, 1, 1, 0], 1), one).unwrap();
    assert_eq!(told(&heads, &split(&[1, 0, 0, 1]), 2), [("unweighted", 75)]);
    assert_eq!(told(&heads, &split(&[0, 0, 0, 1]), 2), [("unweighted", 0)]);
    let ramp = with(none(), |factors, _, _| {
        factors.push(domain::plan::Factor {
            ppm: vec![500_000],
            ..factor(1, FactorKind::Ramp, [0, 0])
        });
    });
    assert_eq!(told(&equal, &ramp, 1), [("unweighted", 300)]);
}

#[test]
fn children_who_sum_to_more_than_one_amount_can_be_are_explained() {
    const TRILLION: i64 = 1_000_000_000_000;
    let start = family(&[800 * TRILLION, 0, 0]);
    let command = with(split(&[1, 1, 1]), |_, _, uplift| uplift.push(500_000));
    let third = 800 * TRILLION / 3;
    for node in 1..=3 {
        let steps = told(&start, &command, node);
        let of = |name| {
            steps
                .iter()
                .filter(|step| step.0 == name)
                .map(|step| step.1)
                .sum::<i64>()
        };
        assert!((of("basis") - third).abs() <= 1, "{steps:?}");
        assert!((of("hedge") - third / 2).abs() <= 1, "{steps:?}");
        assert_eq!(of("bounds"), 0, "{steps:?}");
    }
}
