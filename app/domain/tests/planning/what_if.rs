//! What a split would give with another weight: nothing for no change, nothing lost among siblings, never less for more.

use domain::explain::what_if::{Growth, Tried, Untried, reckon, what_if};
use domain::explain::{BasisShare, formula};
use domain::money::Minor;
use domain::plan::{
    Basis, BasisWeights, Entry, Grid, Kept, NodeIndex, PeriodIndex, PlanCommand, Proposal, Spread, apply,
};
use proptest::prelude::*;

use crate::tree::{done, family, shape, who};

/// A split of the root, 80 % by history and 20 % equally.
fn blend(history: &[u64]) -> PlanCommand {
    let basis = |basis, share_ppm, weights: Vec<u64>| BasisWeights {
        basis,
        share_ppm,
        weights,
    };
    PlanCommand::Split {
        node: NodeIndex(0),
        spread: Spread::Subtree,
        bases: vec![
            basis(Basis::Equal, 200_000, vec![1; history.len()]),
            basis(Basis::History, 800_000, history.to_vec()),
        ],
        factors: Vec::new(),
        own: Vec::new(),
        proposals: Vec::new(),
        uplift_ppm: Vec::new(),
        step: Minor(1),
        reason: None,
    }
}

/// The log of one command.
fn log(start: &Grid, command: &PlanCommand) -> Vec<Entry> {
    let deltas = apply(start, command).unwrap();
    vec![Entry::new(1, 1, who(1), command.clone(), deltas)]
}

fn tried(start: &Grid, entries: &[Entry], node: u32, change_pct: i32) -> Result<Tried, Untried> {
    let periods: Vec<PeriodIndex> = start.periods().collect();
    let growth = Growth {
        basis: Basis::History,
        change_pct,
    };
    what_if(start, entries, NodeIndex(node), &periods, growth)
}

fn difference(tried: Tried) -> i64 {
    tried.after.0 - tried.before.0
}

#[test]
fn a_fifth_more_history_gives_what_the_others_give_up() {
    let start = family(&[1_000, 0]);
    let entries = log(&start, &blend(&[100, 100]));
    // 0.8 · 120/220 + 0.2 · 1/2 of 1,000.
    let found = tried(&start, &entries, 1, 20).unwrap();
    assert_eq!((found.before, found.after), (Minor(500), Minor(536)));
    assert_eq!((found.others, found.counts), (1, true));
    let nothing = tried(&start, &entries, 1, -100).unwrap();
    assert_eq!(nothing.after, Minor(100), "half of the equal part is left");
    assert_eq!(difference(tried(&start, &entries, 1, 0).unwrap()), 0);
    assert_eq!(
        formula(&start, &entries, NodeIndex(1)),
        [
            BasisShare {
                basis: Basis::History,
                share_ppm: 800_000
            },
            BasisShare {
                basis: Basis::Equal,
                share_ppm: 200_000
            }
        ]
    );
}

#[test]
fn what_the_parent_has_stays() {
    // Root; team 1 (2, 3), team 4 (5, 6).
    let start = Grid::from_leaves(shape(&[0, 0, 1, 1, 0, 4, 4], 2), |_, _| Minor(300)).unwrap();
    let entries = log(&start, &blend(&[0, 100, 300, 0, 100, 100]));
    let mut now = start.clone();
    now.fold(&entries[0].deltas).unwrap();
    let found = tried(&start, &entries, 2, 100).unwrap();
    assert_eq!(found.before, now.amount(NodeIndex(2), None));
    assert!(difference(found) > 0);
    let team = now.amount(NodeIndex(1), None).0;
    assert!(found.after.0 < team);
    assert_eq!(found.others, 1, "the other team is not touched");
    // A team's weight is that of everybody in it.
    let of_team = tried(&start, &entries, 1, 50).unwrap();
    assert!(difference(of_team) > 0);
    assert_eq!(of_team.others, 1);
}

#[test]
fn locks_and_proposals_hold() {
    let mut start = family(&[600, 300, 300]);
    let lock = PlanCommand::Lock {
        node: NodeIndex(1),
        period: None,
        by: who(1),
    };
    done(&mut start, &lock);
    let entries = log(&start, &blend(&[100, 100, 100]));
    let locked = tried(&start, &entries, 1, 100).unwrap();
    assert_eq!(
        (locked.before, difference(locked), locked.others),
        (Minor(600), 0, 0)
    );
    let other = tried(&start, &entries, 2, 100).unwrap();
    assert!(difference(other) > 0);
    assert_eq!(other.others, 1, "the locked one gives nothing");
    let free = family(&[600, 300, 300]);
    let mut kept = blend(&[100, 100, 100]);
    if let PlanCommand::Split { proposals, .. } = &mut kept {
        proposals.push(Proposal {
            node: NodeIndex(1),
            period: None,
            amount: Minor(350),
            kept: Kept::Exactly,
        });
    }
    let entries = log(&free, &kept);
    assert_eq!(difference(tried(&free, &entries, 1, 300).unwrap()), 0);
}

#[test]
fn what_cannot_be_tried_is_said() {
    let start = family(&[600, 300]);
    let entries = log(&start, &blend(&[0, 100]));
    assert!(!tried(&start, &entries, 1, 50).unwrap().counts);
    assert_eq!(difference(tried(&start, &entries, 1, 50).unwrap()), 0);
    for change_pct in [-101, 401, i32::MIN, i32::MAX] {
        let refused = tried(&start, &entries, 1, change_pct);
        assert_eq!(refused, Err(Untried::Change { change_pct }));
    }
    assert_eq!(tried(&start, &[], 1, 20), Err(Untried::NotSplit));
    assert_eq!(tried(&start, &entries, 0, 20), Err(Untried::NotSplit));
    let growth = Growth {
        basis: Basis::Pipeline,
        change_pct: 20,
    };
    assert_eq!(
        what_if(&start, &entries, NodeIndex(1), &[PeriodIndex(0)], growth),
        Err(Untried::NotCounted {
            basis: Basis::Pipeline
        })
    );
    assert!(formula(&start, &[], NodeIndex(1)).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_grown_pipeline_is_the_split_made_again_with_it(
        total in 0_i64..10_000_000, open in prop::collection::vec((0_u64..1_000_000, 0_u64..1_000), 2..9),
        at in any::<prop::sample::Index>(), change_pct in -100_i32..=400, share_ppm in 1_u32..1_000_000,
    ) {
        let (deals, history): (Vec<u64>, Vec<u64>) = open.iter().copied().unzip();
        let with = |deals: Vec<u64>| {
            let mut command = blend(&history);
            if let PlanCommand::Split { bases, .. } = &mut command {
                *bases = vec![
                    BasisWeights { basis: Basis::Pipeline, share_ppm, weights: deals },
                    BasisWeights { basis: Basis::History, share_ppm: 1_000_000 - share_ppm, weights: history.clone() },
                ];
            }
            command
        };
        let mut amounts = vec![0; deals.len()];
        amounts[0] = total;
        let start = family(&amounts);
        let entries = log(&start, &with(deals.clone()));
        let place = at.index(deals.len());
        let node = NodeIndex(place as u32 + 1);
        let periods: Vec<PeriodIndex> = start.periods().collect();
        let growth = Growth { basis: Basis::Pipeline, change_pct };
        let found = reckon(&start, &entries, node, &periods, growth).unwrap();
        // Only that basis is another; hundredths, so that nothing is rounded.
        let times = |at: usize| if at == place { (100 + change_pct) as u64 } else { 100 };
        let grown = deals.iter().enumerate().map(|(at, deals)| deals * times(at)).collect();
        let mut now = start.clone();
        now.fold(&entries[0].deltas).unwrap();
        prop_assert_eq!(found.tried.before, now.amount(node, None));
        done(&mut now, &with(grown));
        prop_assert_eq!(found.tried.after, now.amount(node, None));
        let sum = |step: fn(&domain::explain::what_if::Line) -> Option<&domain::explain::Step>| -> i64 {
            found.lines.iter().filter_map(step).map(|step| step.amount.0).sum()
        };
        prop_assert_eq!(sum(|line| line.before.as_ref()), found.tried.before.0, "the steps sum to what is");
        prop_assert_eq!(sum(|line| line.after.as_ref()), found.tried.after.0, "and to what would be");
    }

    #[test]
    fn more_weight_never_gives_less(
        total in 0_i64..10_000_000, weights in prop::collection::vec(0_u64..1_000, 2..9),
        less in -100_i32..=400, more in -100_i32..=400,
    ) {
        let (less, more) = (less.min(more), less.max(more));
        let mut amounts = vec![0; weights.len()];
        amounts[0] = total;
        let start = family(&amounts);
        let entries = log(&start, &blend(&weights));
        for node in 1..=weights.len() as u32 {
            let (few, many) = (tried(&start, &entries, node, less).unwrap(), tried(&start, &entries, node, more).unwrap());
            prop_assert!(few.after <= many.after, "{few:?} {many:?}");
            prop_assert_eq!(few.before, many.before);
            prop_assert_eq!(tried(&start, &entries, node, 0).unwrap().after, few.before);
            prop_assert!((0..=total).contains(&many.after.0), "the siblings have the rest");
        }
    }
}
