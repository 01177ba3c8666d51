//! Branches that keep weights of their own in a split of something above them.

use domain::explain::{StepKind, explain};
use domain::plan::{
    Basis, BasisWeights, Entry, FactorKind, NodeIndex, OwnWeights, PlanCommand, Refusal, apply,
};

use crate::split::{ONE_EACH, column, factor, split, teams, with};
use crate::tree::{done, who};

#[test]
fn a_branch_with_weights_of_its_own_is_split_and_explained_by_them() {
    let own = |node: u32, weights: &[u64]| OwnWeights {
        node: NodeIndex(node),
        bases: vec![BasisWeights {
            basis: Basis::Imported,
            share_ppm: 1_000_000,
            weights: weights.to_vec(),
        }],
    };
    let with_own = |branches: Vec<OwnWeights>| {
        let mut command = split(&ONE_EACH);
        if let PlanCommand::Split { own, .. } = &mut command {
            *own = branches;
        }
        command
    };
    let start = teams();
    let command = with_own(vec![own(4, &[1, 3])]);
    let mut grid = start.clone();
    done(&mut grid, &command);
    // The team gets its half as before; its people share it one to three.
    assert_eq!(column(&grid, 0), [1_200, 600, 300, 300, 600, 150, 450]);
    let deltas = apply(&start, &command).unwrap();
    let entry = Entry::new(1, 1, who(1), command, deltas);
    let basis = |node: u32| {
        let why = explain(&start, std::slice::from_ref(&entry), NodeIndex(node), None).unwrap();
        let sum: i64 = why.steps.iter().map(|step| step.amount.0).sum();
        assert_eq!(sum, why.amount.0);
        match why.steps.first().map(|step| step.kind.clone()) {
            Some(StepKind::Basis {
                basis,
                weight,
                of_weight,
                ..
            }) => (basis, weight, of_weight),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(basis(6), (Basis::Imported, 3, 4));
    assert_eq!(basis(4), (Basis::Equal, 2, 4));
    assert_eq!(basis(2), (Basis::Equal, 1, 2));
    // Factors count in it too, and the inner of two branches decides.
    let mut grid = start.clone();
    let ramp = factor(6, FactorKind::Ramp, [0, 1_000_000]);
    done(
        &mut grid,
        &with(with_own(vec![own(4, &[1, 3])]), |factors, _, _| {
            factors.push(ramp);
        }),
    );
    assert_eq!(column(&grid, 0)[4..], [400, 400, 0]);
    assert_eq!(column(&grid, 1)[4..], [600, 150, 450]);
    // Not below, with nothing below, twice, or with weights of others.
    for (wrong, refused) in [
        (vec![own(0, &[1; 6])], Refusal::UnknownNode { node: NodeIndex(0) }),
        (vec![own(9, &[1])], Refusal::UnknownNode { node: NodeIndex(9) }),
        (vec![own(5, &[])], Refusal::UnknownNode { node: NodeIndex(5) }),
        (
            vec![own(4, &[1, 3]), own(4, &[1, 1])],
            Refusal::UnknownNode { node: NodeIndex(4) },
        ),
        (vec![own(4, &[1])], Refusal::Weights { expected: 2, got: 1 }),
    ] {
        assert_eq!(apply(&start, &with_own(wrong)), Err(refused));
    }
    // A command without such branches is written as it always was.
    let json = serde_json::to_string(&split(&ONE_EACH)).unwrap();
    assert!(!json.contains("own"), "{json}");
    let old: PlanCommand = serde_json::from_str(&json).unwrap();
    assert_eq!(old, split(&ONE_EACH));
}
