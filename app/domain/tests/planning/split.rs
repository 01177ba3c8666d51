//! What a split does with factors by period, with proposals from below and with an over-assignment by level.

use domain::explain::{StepKind, explain};
use domain::money::Minor;
use domain::plan::{
    Basis, BasisWeights, Entry, Factor, FactorKind, Grid, Kept, NodeIndex, PeriodIndex, PlanCommand,
    Proposal, Refusal, Spread, apply,
};

use crate::tree::{done, shape, who};

/// A split by one basis.
pub(crate) fn split(weights: &[u64]) -> PlanCommand {
    PlanCommand::Split {
        node: NodeIndex(0),
        spread: Spread::Subtree,
        bases: vec![BasisWeights {
            basis: Basis::Equal,
            share_ppm: 1_000_000,
            weights: weights.to_vec(),
        }],
        factors: Vec::new(),
        own: Vec::new(),
        proposals: Vec::new(),
        uplift_ppm: Vec::new(),
        step: Minor(1),
        reason: None,
    }
}

pub(crate) fn with(
    mut split: PlanCommand,
    change: impl FnOnce(&mut Vec<Factor>, &mut Vec<Proposal>, &mut Vec<u32>),
) -> PlanCommand {
    if let PlanCommand::Split {
        factors,
        proposals,
        uplift_ppm,
        ..
    } = &mut split
    {
        change(factors, proposals, uplift_ppm);
    }
    split
}

/// Root, team of two, team of two: 1,200 in each of two periods.
pub(crate) fn teams() -> Grid {
    let shape = shape(&[0, 0, 1, 1, 0, 4, 4], 2);
    Grid::from_leaves(shape, |_, _| Minor(300)).unwrap()
}

pub(crate) fn column(grid: &Grid, period: u16) -> Vec<i64> {
    grid.column(PeriodIndex(period)).to_vec()
}

pub(crate) const ONE_EACH: [u64; 6] = [0, 1, 1, 0, 1, 1];

pub(crate) fn factor(node: u32, kind: FactorKind, ppm: [u32; 2]) -> Factor {
    Factor {
        node: NodeIndex(node),
        kind,
        ppm: ppm.to_vec(),
    }
}

#[test]
fn a_beginner_s_part_goes_to_the_team_and_to_the_other_team() {
    let mut grid = teams();
    let ramp = factor(2, FactorKind::Ramp, [0, 500_000]);
    done(
        &mut grid,
        &with(split(&ONE_EACH), |factors, _, _| factors.push(ramp)),
    );
    // Nothing in the first period, so the team is one of three; then half, so it is one and a half of three and a half.
    assert_eq!(column(&grid, 0), [1_200, 400, 0, 400, 800, 400, 400]);
    assert_eq!(column(&grid, 1), [1_200, 514, 171, 343, 686, 343, 343]);
    // Kinds multiply: half of the time of half the expectation.
    let mut grid = teams();
    let both = [
        factor(2, FactorKind::Assignment, [500_000, 0]),
        factor(2, FactorKind::Ramp, [500_000, 1_000_000]),
    ];
    done(
        &mut grid,
        &with(split(&ONE_EACH), |factors, _, _| factors.extend(both)),
    );
    assert_eq!(column(&grid, 0), [1_200, 462, 92, 370, 738, 369, 369]);
    assert_eq!(column(&grid, 1)[2], 0);
    // A season of a unit moves it between periods as a whole.
    let mut grid = teams();
    let season = factor(1, FactorKind::Season, [1_500_000, 500_000]);
    done(
        &mut grid,
        &with(split(&ONE_EACH), |factors, _, _| factors.push(season)),
    );
    assert_eq!(column(&grid, 0), [1_200, 720, 360, 360, 480, 240, 240]);
    assert_eq!(column(&grid, 1), [1_200, 400, 200, 200, 800, 400, 400]);
    // Where nobody of a team is there, somebody has to carry what it has: as if all were.
    let mut grid = teams();
    let nobody = [2, 3].map(|node| factor(node, FactorKind::Assignment, [0, 1_000_000]));
    let of_team = with(split(&[1, 1]), |factors, _, _| factors.extend(nobody));
    let PlanCommand::Split {
        mut bases,
        factors,
        own,
        proposals,
        uplift_ppm,
        spread,
        step,
        reason,
        ..
    } = of_team
    else {
        unreachable!()
    };
    bases[0].weights = vec![1, 3];
    let node = NodeIndex(1);
    done(
        &mut grid,
        &PlanCommand::Split {
            node,
            spread,
            bases,
            factors,
            own,
            proposals,
            uplift_ppm,
            step,
            reason,
        },
    );
    assert_eq!(column(&grid, 0)[1..4], [600, 150, 450]);
}

#[test]
fn what_was_proposed_is_kept_and_the_rest_is_spread() {
    let mut grid = teams();
    let proposal = |node, amount, kept| Proposal {
        node: NodeIndex(node),
        period: Some(PeriodIndex(0)),
        amount: Minor(amount),
        kept,
    };
    let exact = proposal(2, 500, Kept::Exactly);
    done(
        &mut grid,
        &with(split(&ONE_EACH), |_, proposals, _| proposals.push(exact)),
    );
    assert_eq!(column(&grid, 0), [1_200, 600, 500, 100, 600, 300, 300]);
    assert_eq!(column(&grid, 1), [1_200, 600, 300, 300, 600, 300, 300]);
    // Nothing stays held.
    assert_eq!(grid.constraints().count(), 0);
    let both = [proposal(2, 500, Kept::AtLeast), proposal(3, 200, Kept::AtLeast)];
    done(
        &mut grid,
        &with(split(&ONE_EACH), |_, proposals, _| proposals.extend(both)),
    );
    assert_eq!(column(&grid, 0), [1_200, 700, 500, 200, 500, 250, 250]);
    // More than there is: refused with what is too much.
    let much = [proposal(2, 700, Kept::Exactly), proposal(5, 600, Kept::AtLeast)];
    let refused = apply(
        &grid,
        &with(split(&ONE_EACH), |_, proposals, _| proposals.extend(much)),
    );
    let Err(Refusal::Blocked {
        node,
        wanted,
        reachable,
        missing,
        blockers,
        ..
    }) = refused
    else {
        panic!("{refused:?}");
    };
    assert_eq!(
        (node, wanted, reachable, missing),
        (NodeIndex(0), Minor(1_200), Minor(1_300), Minor(100))
    );
    assert!(!blockers.is_empty());
    // Against the team's own cap.
    done(
        &mut grid,
        &PlanCommand::Cap {
            node: NodeIndex(1),
            period: Some(PeriodIndex(0)),
            amount: Some(Minor(750)),
        },
    );
    let team = [proposal(2, 500, Kept::Exactly), proposal(3, 300, Kept::Exactly)];
    let refused = apply(
        &grid,
        &with(split(&ONE_EACH), |_, proposals, _| proposals.extend(team)),
    );
    assert!(
        matches!(
            refused,
            Err(Refusal::Blocked {
                node: NodeIndex(1),
                missing: Minor(50),
                ..
            })
        ),
        "{refused:?}"
    );
    for bad in [proposal(0, 1, Kept::Exactly), proposal(9, 1, Kept::Exactly)] {
        assert!(
            apply(
                &grid,
                &with(split(&ONE_EACH), |_, proposals, _| proposals.push(bad))
            )
            .is_err()
        );
    }
    let twice = with(split(&ONE_EACH), |_, proposals, _| {
        proposals.extend([exact, exact]);
    });
    assert_eq!(
        apply(&grid, &twice),
        Err(Refusal::Proposal { node: NodeIndex(2) })
    );
}

#[test]
fn an_over_assignment_grows_level_by_level_and_within_bounds() {
    let mut grid = teams();
    let uplifted = with(split(&ONE_EACH), |_, _, uplift| uplift.extend([50_000, 100_000]));
    done(&mut grid, &uplifted);
    assert_eq!(column(&grid, 0), [1_200, 630, 346, 347, 630, 346, 347]);
    assert_eq!(grid.hedge(NodeIndex(0), Some(PeriodIndex(0))), Minor(60));
    assert_eq!(grid.hedge(NodeIndex(1), Some(PeriodIndex(0))), Minor(63));
    // Again nothing changes; a team that is held takes its hedge along.
    assert!(apply(&grid, &uplifted).unwrap().is_empty());
    done(
        &mut grid,
        &PlanCommand::Cap {
            node: NodeIndex(1),
            period: Some(PeriodIndex(0)),
            amount: Some(Minor(630)),
        },
    );
    let more = with(split(&ONE_EACH), |_, _, uplift| uplift.extend([100_000, 100_000]));
    done(&mut grid, &more);
    assert_eq!(column(&grid, 0), [1_200, 630, 346, 347, 690, 379, 380]);
    grid.check().unwrap();
    // And none takes it away.
    done(&mut grid, &with(split(&ONE_EACH), |_, _, uplift| uplift.push(0)));
    assert_eq!(grid.hedges().count(), 0);
    let alarming = with(split(&ONE_EACH), |_, _, uplift| uplift.push(500_001));
    assert!(matches!(apply(&grid, &alarming), Err(Refusal::Hedge { .. })));
}

#[test]
fn every_part_of_a_number_is_told() {
    let start = teams();
    let command = with(split(&ONE_EACH), |factors, proposals, uplift| {
        factors.push(factor(2, FactorKind::Ramp, [0, 500_000]));
        factors.push(factor(4, FactorKind::Season, [1_200_000, 800_000]));
        proposals.push(Proposal {
            node: NodeIndex(2),
            period: Some(PeriodIndex(1)),
            amount: Minor(111),
            kept: Kept::Exactly,
        });
        uplift.extend([50_000, 100_000]);
    });
    let deltas = apply(&start, &command).unwrap();
    let entry = Entry::new(1, 1, who(1), command, deltas);
    let told = |node, period| {
        explain(
            &start,
            std::slice::from_ref(&entry),
            NodeIndex(node),
            Some(PeriodIndex(period)),
        )
    };
    let why = told(2, 1).unwrap();
    assert_eq!(why.amount, Minor(111));
    let kinds: Vec<&StepKind> = why.steps.iter().map(|step| &step.kind).collect();
    assert!(
        matches!(
            kinds[..],
            [
                StepKind::Basis { .. },
                StepKind::Factor {
                    factor: FactorKind::Ramp,
                    own_ppm: Some(500_000),
                    ..
                },
                StepKind::Hedge { .. },
                StepKind::Proposal { .. },
                ..
            ]
        ),
        "{kinds:?}"
    );
    // The season is of the other team: here it shows between the teams only.
    let why = told(1, 0).unwrap();
    let season = why.steps.iter().find(|step| {
        matches!(
            step.kind,
            StepKind::Factor {
                factor: FactorKind::Season,
                own_ppm: None,
                ..
            }
        )
    });
    assert!(season.is_some_and(|step| step.amount.0 < 0), "{why:?}");
    let json = serde_json::to_string(&why).unwrap();
    assert_eq!(
        serde_json::from_str::<domain::explain::Explanation>(&json).unwrap(),
        why
    );
}

#[test]
fn commands_of_old_logs_are_read_and_written_as_they_were() {
    let old = r#"{"command":"split","node":0,"spread":"subtree","bases":[{"basis":"equal","share_ppm":1000000,"weights":[0,1,1,0,1,1]}],"step":1}"#;
    let read: PlanCommand = serde_json::from_str(old).unwrap();
    assert_eq!(read, split(&ONE_EACH));
    assert_eq!(serde_json::to_string(&read).unwrap(), old);
    let new = with(split(&ONE_EACH), |factors, proposals, uplift| {
        factors.push(factor(2, FactorKind::Ramp, [0, 500_000]));
        proposals.push(Proposal {
            node: NodeIndex(2),
            period: None,
            amount: Minor(7),
            kept: Kept::AtLeast,
        });
        uplift.push(1);
    });
    let json = serde_json::to_string(&new).unwrap();
    assert_eq!(serde_json::from_str::<PlanCommand>(&json).unwrap(), new);
}

#[test]
fn factors_that_do_not_fit_are_refused() {
    let grid = teams();
    let whole = [1_000_000, 1_000_000];
    let short = Factor {
        ppm: vec![1],
        ..factor(2, FactorKind::Ramp, whole)
    };
    let bad = [
        vec![factor(0, FactorKind::Ramp, whole)],
        vec![factor(7, FactorKind::Ramp, whole)],
        vec![short],
        vec![factor(2, FactorKind::Season, [Factor::MAX_PPM + 1, 0])],
        vec![
            factor(2, FactorKind::Ramp, whole),
            factor(2, FactorKind::Ramp, whole),
        ],
    ];
    for bad in bad {
        let node = bad[0].node;
        let refused = apply(&grid, &with(split(&ONE_EACH), |factors, _, _| *factors = bad));
        assert_eq!(refused, Err(Refusal::Factor { node }));
    }
    // Weights and factors beyond all reason.
    let huge = with(split(&[u64::MAX; 6]), |factors, _, _| {
        for node in [1, 2, 4] {
            factors.push(factor(node, FactorKind::Season, [Factor::MAX_PPM; 2]));
            factors.push(factor(node, FactorKind::Ramp, [Factor::MAX_PPM; 2]));
        }
    });
    assert!(matches!(apply(&grid, &huge), Err(Refusal::Factor { .. })));
}
