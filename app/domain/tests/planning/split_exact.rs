//! The split with proposals against trying everything: small plans, every table of amounts there is.

use domain::money::Minor;
use domain::plan::{
    Basis, BasisWeights, Cause, Grid, Kept, NodeIndex, PeriodIndex, PlanCommand, Proposal, Refusal, Spread,
    apply,
};
use domain::statistics::Random;

use crate::rebalance_exact::{PERIODS, TREES, Table, of, plan, total};
use crate::tree::{done, shape};

fn proposals(random: &mut Random, nodes: usize) -> Vec<Proposal> {
    let mut proposals: Vec<Proposal> = Vec::new();
    for _ in 0..=random.below(3) {
        let proposal = Proposal {
            node: NodeIndex(1 + random.below(nodes - 1) as u32),
            period: [None, Some(PeriodIndex(0)), Some(PeriodIndex(1))][random.below(3)],
            amount: Minor(random.below(5) as i64),
            kept: [Kept::Exactly, Kept::AtLeast][random.below(2)],
        };
        let place = (proposal.node, proposal.period);
        if proposals.iter().all(|other| (other.node, other.period) != place) {
            proposals.push(proposal);
        }
    }
    proposals
}

fn split(weights: Vec<u64>, spread: Spread, proposals: Vec<Proposal>) -> PlanCommand {
    PlanCommand::Split {
        node: NodeIndex(0),
        spread,
        bases: vec![BasisWeights {
            basis: Basis::History,
            share_ppm: 1_000_000,
            weights,
        }],
        factors: Vec::new(),
        own: Vec::new(),
        proposals,
        uplift_ppm: Vec::new(),
        step: Minor(1),
        reason: None,
    }
}

/// Whether a table keeps every lock, bound and proposal.
fn kept(grid: &Grid, before: &Table, table: &Table, proposals: &[Proposal]) -> bool {
    let held = grid.constraints().all(|(node, period, held)| {
        let (old, new) = (total(before, (node, period)), total(table, (node, period)));
        held.lock.is_none_or(|_| old == new)
            && held.floor.is_none_or(|floor| new >= floor.0)
            && held.cap.is_none_or(|cap| new <= cap.0)
    });
    held && proposals.iter().all(|proposal| {
        let amount = total(table, (proposal.node, proposal.period));
        match proposal.kept {
            Kept::Exactly => amount == proposal.amount.0,
            Kept::AtLeast => amount >= proposal.amount.0,
        }
    })
}

/// The ways to make a sum of three.
fn ways(sum: i64) -> impl Iterator<Item = [i64; 3]> + Clone {
    (0..=sum).flat_map(move |one| (0..=sum - one).map(move |two| [one, two, sum - one - two]))
}

/// Whether any table with the sums of the root keeps all.
fn possible(tree: usize, grid: &Grid, proposals: &[Proposal]) -> bool {
    let (parents, leaves) = TREES[tree];
    let before = of(grid);
    let [first, second] = before[0];
    ways(first).any(|first| {
        ways(second).any(|second| {
            let mut table = [[0; PERIODS]; 5];
            for (place, leaf) in leaves.into_iter().enumerate() {
                table[leaf] = [first[place], second[place]];
            }
            for node in (1..parents.len()).rev() {
                let below = table[node];
                let above = &mut table[parents[node]];
                (above[0], above[1]) = (above[0] + below[0], above[1] + below[1]);
            }
            kept(grid, &before, &table, proposals)
        })
    })
}

#[test]
fn a_split_is_refused_only_where_no_table_keeps_all() {
    let mut random = Random::new(13);
    let (mut refused, mut made) = (0, 0);
    for number in 0..6_000 {
        let tree = number % 2;
        let grid = plan(&mut random, tree, 3, 2);
        let nodes = grid.shape().len();
        let proposals = proposals(&mut random, nodes);
        let weights = (1..nodes).map(|_| random.below(4) as u64).collect();
        let spread = [Spread::Subtree, Spread::Children][random.below(2)];
        let command = split(weights, spread, proposals.clone());
        match apply(&grid, &command) {
            Ok(deltas) => {
                made += 1;
                let mut after = grid.clone();
                after.fold(&deltas).unwrap();
                assert_eq!(after.check(), Ok(()), "{number}");
                assert_eq!(of(&after)[0], of(&grid)[0], "{number}");
                assert!(
                    kept(&grid, &of(&grid), &of(&after), &proposals),
                    "{number}: {command:?}"
                );
            }
            Err(refusal) => {
                refused += 1;
                assert!(
                    !possible(tree, &grid, &proposals),
                    "{number}: {refusal:?} {command:?}"
                );
                let Refusal::Blocked { blockers, .. } = refusal else {
                    continue;
                };
                for blocker in blockers {
                    let held = grid
                        .constraints()
                        .any(|(node, period, _)| (node, period) == (blocker.node, blocker.period));
                    let proposed = blocker.cause == Cause::Proposal;
                    assert!(
                        blocker.frees > Minor(0) && (held || proposed),
                        "{number}: {blocker:?}"
                    );
                }
            }
        }
    }
    assert!(refused > 500 && made > 2_000, "{refused} {made}");
}

/// Two teams of two, whose present amounts a proposal below them breaks.
#[test]
fn a_proposal_below_a_team_that_does_not_change_is_kept() {
    let teams: &[usize] = &[0, 0, 1, 1, 0, 4, 4];
    for spread in [Spread::Children, Spread::Subtree] {
        for kept in [Kept::Exactly, Kept::AtLeast] {
            let mut grid = Grid::from_leaves(shape(teams, 1), |_, _| Minor(300)).unwrap();
            let proposal = Proposal {
                node: NodeIndex(2),
                period: Some(PeriodIndex(0)),
                amount: Minor(400),
                kept,
            };
            done(&mut grid, &split(vec![1, 1, 1, 1, 1, 1], spread, vec![proposal]));
            assert_eq!(grid.amount(NodeIndex(1), None), Minor(600), "{spread:?} {kept:?}");
            assert_eq!(grid.amount(NodeIndex(2), None), Minor(400), "{spread:?} {kept:?}");
        }
    }
    let leaves = [[0, 0, 2, 0, 0, 2, 1], [0, 0, 2, 2, 0, 0, 1]];
    let mut grid = Grid::from_leaves(shape(teams, 2), |node, period| {
        Minor(leaves[usize::from(period.0)][node.0 as usize])
    })
    .unwrap();
    let proposal = Proposal {
        node: NodeIndex(2),
        period: Some(PeriodIndex(1)),
        amount: Minor(3),
        kept: Kept::AtLeast,
    };
    done(
        &mut grid,
        &split(vec![2, 3, 1, 0, 1, 3], Spread::Children, vec![proposal]),
    );
    assert!(grid.amount(NodeIndex(2), Some(PeriodIndex(1))) >= Minor(3));
}

/// Two proposals that together are more than there is: both are named, for the total.
#[test]
fn proposals_in_the_way_are_named() {
    let grid = Grid::from_leaves(shape(&[0, 0, 0, 0], 2), |_, _| Minor(300)).unwrap();
    let proposal = |node| Proposal {
        node: NodeIndex(node),
        period: None,
        amount: Minor(1_200),
        kept: Kept::Exactly,
    };
    let command = split(vec![1, 1, 1], Spread::Subtree, vec![proposal(1), proposal(2)]);
    let Err(Refusal::Blocked { blockers, .. }) = apply(&grid, &command) else {
        panic!("1,800 cannot be 2,400");
    };
    let named: Vec<_> = blockers
        .iter()
        .map(|blocker| (blocker.node.0, blocker.period, blocker.cause, blocker.amount.0))
        .collect();
    assert_eq!(named.len(), 1, "{named:?}");
    assert!(
        matches!(named[0], (1 | 2, None, Cause::Proposal, 1_200)),
        "{named:?}"
    );
}
