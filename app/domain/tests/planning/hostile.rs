//! What comes from outside may be anything: refusals with a reason, never a panic, and no plan that breaks its promises.

use std::sync::Arc;

use domain::money::Minor;
use domain::plan::{
    Arriving, Basis, BasisWeights, CellDelta, CellIndex, Constraint, ConstraintDelta, Deltas, Entry, Factor,
    FactorKind, Give, Grid, Intent, Keep, Kept, Log, MAX_AMOUNT, NodeIndex, PeriodIndex, PlanCommand,
    Proposal, Spread, Step, apply,
};
use domain::rebalance::{Aim, Drag, reachable};
use proptest::prelude::*;

use crate::tree::{held_plan, shape, who};

fn number() -> impl Strategy<Value = i64> {
    prop_oneof![
        any::<i64>(),
        -3_i64..1_000,
        Just(i64::MIN),
        Just(i64::MAX),
        Just(MAX_AMOUNT),
        Just(MAX_AMOUNT + 1),
    ]
}

fn node() -> impl Strategy<Value = NodeIndex> {
    prop_oneof![8 => 0_u32..15, 1 => any::<u32>(), 1 => Just(u32::MAX)].prop_map(NodeIndex)
}

fn period() -> impl Strategy<Value = Option<PeriodIndex>> {
    prop::option::weighted(
        0.6,
        prop_oneof![8 => 0_u16..5, 1 => any::<u16>()].prop_map(PeriodIndex),
    )
}

fn keep() -> impl Strategy<Value = Keep> {
    prop_oneof![
        Just(Keep::Row),
        Just(Keep::Column),
        Just(Keep::Both),
        Just(Keep::None)
    ]
}

fn give() -> impl Strategy<Value = Give> {
    prop_oneof![Just(Give::Siblings), Just(Give::ParentGrows), Just(Give::Hedge)]
}

fn weights() -> impl Strategy<Value = Vec<u64>> {
    let weight = prop_oneof![Just(0_u64), Just(u64::MAX), any::<u64>(), 0_u64..9];
    prop::collection::vec(weight, 0..16)
}

fn held() -> impl Strategy<Value = Constraint> {
    let bound = || prop::option::of(number().prop_map(Minor));
    (any::<bool>(), bound(), bound()).prop_map(|(lock, floor, cap)| Constraint {
        lock: lock.then(|| who(9)),
        floor,
        cap,
    })
}

fn deltas() -> impl Strategy<Value = Deltas> {
    let cell = || {
        (prop_oneof![8 => 0_u32..60, 1 => any::<u32>()], number(), number()).prop_map(|(cell, old, new)| {
            CellDelta {
                cell: CellIndex(cell),
                old: Minor(old),
                new: Minor(new),
            }
        })
    };
    let constraint =
        (node(), period(), held(), held()).prop_map(|(node, period, old, new)| ConstraintDelta {
            node,
            period,
            old,
            new,
        });
    (
        prop::collection::vec(cell(), 0..5),
        prop::collection::vec(cell(), 0..3),
        prop::collection::vec(constraint, 0..3),
    )
        .prop_map(|(cells, hedges, constraints)| Deltas {
            cells,
            hedges,
            constraints,
        })
}

type Extras = (Vec<Factor>, Vec<Proposal>, Vec<u32>);

/// What a split may bring beside bases.
fn extras() -> impl Strategy<Value = Extras> {
    let factor = (
        node(),
        prop::sample::select(FactorKind::ALL.to_vec()),
        prop::collection::vec(any::<u32>(), 0..4),
    )
        .prop_map(|(node, kind, ppm)| Factor { node, kind, ppm });
    let proposal =
        (node(), period(), number(), any::<bool>()).prop_map(|(node, period, amount, least)| Proposal {
            node,
            period,
            amount: Minor(amount),
            kept: if least { Kept::AtLeast } else { Kept::Exactly },
        });
    (
        prop::collection::vec(factor, 0..2),
        prop::collection::vec(proposal, 0..2),
        prop::collection::vec(any::<u32>(), 0..2),
    )
}

/// One of several steps that are made as one.
fn step() -> impl Strategy<Value = Step> {
    let amount = || number().prop_map(Minor);
    prop_oneof![
        2 => (node(), period(), amount(), keep(), give())
            .prop_map(|(node, period, amount, keep, give)| Step::Set { node, period, amount, keep, give }),
        1 => (node(), period()).prop_map(|(node, period)| Step::Unlock { node, period }),
        1 => (node(), period(), prop::option::of(amount()))
            .prop_map(|(node, period, amount)| Step::Floor { node, period, amount }),
        1 => (node(), period(), prop::option::of(amount()))
            .prop_map(|(node, period, amount)| Step::Cap { node, period, amount }),
    ]
}

fn any_command() -> impl Strategy<Value = PlanCommand> {
    let amount = || number().prop_map(Minor);
    let reason = None;
    prop_oneof![
        4 => (node(), period(), amount(), keep(), give()).prop_map(|(node, period, amount, keep, give)| {
            PlanCommand::Set { node, period, amount, keep, give, reason: None }
        }),
        2 => (node(), any::<(u16, u16)>(), any::<bool>(), amount(), keep(), give()).prop_map(
            |(node, (first, periods), far, amount, keep, give)| PlanCommand::SetSpan {
                node,
                first: PeriodIndex(if far { first } else { first % 4 }),
                periods: if far { periods } else { periods % 5 },
                amount,
                keep,
                give,
                reason: None,
            }
        ),
        2 => (node(), any::<bool>(), amount(), prop::collection::vec((any::<u32>(), weights()), 0..3), extras()).prop_map(
            |(node, all, step, bases, (factors, proposals, uplift_ppm))| PlanCommand::Split {
                factors,
                own: Vec::new(),
                proposals,
                uplift_ppm,
                node,
                spread: if all { Spread::Subtree } else { Spread::Children },
                bases: bases
                    .into_iter()
                    .map(|(share_ppm, weights)| BasisWeights { basis: Basis::History, share_ppm, weights })
                    .collect(),
                step,
                reason: None,
            }
        ),
        1 => (amount(), weights()).prop_map(|(amount, seasons)| PlanCommand::SetTotal { amount, seasons, reason: None }),
        1 => (node(), period(), prop::option::of(amount()))
            .prop_map(|(node, period, amount)| PlanCommand::Floor { node, period, amount }),
        1 => (node(), period(), prop::option::of(amount()))
            .prop_map(|(node, period, amount)| PlanCommand::Cap { node, period, amount }),
        1 => (node(), period()).prop_map(|(node, period)| PlanCommand::Lock { node, period, by: who(9) }),
        1 => (node(), period()).prop_map(|(node, period)| PlanCommand::Unlock { node, period }),
        1 => node().prop_map(move |node| PlanCommand::EvenOut { node, reason: reason.clone() }),
        1 => (node(), node(), period(), amount())
            .prop_map(|(from, to, period, amount)| PlanCommand::Move { from, to, period, amount, reason: None }),
        1 => (node(), node(), period(), any::<u32>()).prop_map(|(from, to, period, share_ppm)| {
            PlanCommand::SendShare { from, to, period, share_ppm, reason: None }
        }),
        1 => (node(), prop::collection::vec(any::<u32>(), 0..3))
            .prop_map(|(node, uplift_ppm)| PlanCommand::OverAssign { node, uplift_ppm, reason: None }),
        1 => prop::collection::vec(step(), 0..4).prop_map(|steps| PlanCommand::Steps { steps }),
        2 => (any::<u64>(), deltas()).prop_map(|(of, deltas)| PlanCommand::Restore { of, intent: Intent::Undo, deltas }),
    ]
}

/// A plan as full as plans may be: amounts near the largest there are, some of them held.
fn full_plan() -> impl Strategy<Value = Grid> {
    let parents: [usize; 7] = [0, 0, 1, 1, 0, 4, 4];
    let amount = prop_oneof![Just(MAX_AMOUNT / 8), Just(MAX_AMOUNT / 8 - 1), 0_i64..3];
    (
        prop::collection::vec(amount, 14),
        prop::collection::vec((0_u32..7, period(), held()), 0..4),
    )
        .prop_map(move |(amounts, holds)| {
            let leaf = |node: NodeIndex, period: PeriodIndex| {
                Minor(amounts[node.0 as usize * 2 + usize::from(period.0)])
            };
            let mut grid = Grid::from_leaves(shape(&parents, 2), leaf).unwrap();
            for (node, period, held) in holds {
                let (node, amount) = (NodeIndex(node), held.floor);
                for command in [
                    PlanCommand::Floor { node, period, amount },
                    PlanCommand::Cap {
                        node,
                        period,
                        amount: held.cap,
                    },
                    PlanCommand::Lock {
                        node,
                        period,
                        by: who(2),
                    },
                ] {
                    if let Ok(deltas) = apply(&grid, &command) {
                        grid.fold(&deltas).unwrap();
                    }
                }
            }
            grid
        })
}

fn any_plan() -> impl Strategy<Value = Grid> {
    prop_oneof![2 => held_plan().boxed(), 1 => full_plan().boxed()]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3 * ProptestConfig::default().cases, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_command_is_done_or_refused(grid in any_plan(), commands in prop::collection::vec(any_command(), 1..4), visible in prop::collection::vec(node(), 0..4)) {
        let mut grid = grid;
        for command in commands {
            if let PlanCommand::Set { node, period, amount, keep, give, .. } = command {
                let aim = Aim { node, period, keep, give };
                let reach = reachable(&grid, aim);
                if let Ok(mut drag) = Drag::begin(&grid, aim) {
                    prop_assert_eq!(Ok(drag.reach()), reach);
                    let placed = drag.preview(&grid, amount, &visible).placed;
                    prop_assert!((drag.reach().min..=drag.reach().max).contains(&placed));
                }
            }
            if let Ok(deltas) = apply(&grid, &command) {
                prop_assert!(grid.fold(&deltas).is_ok(), "{:?}", command);
                prop_assert_eq!(grid.check(), Ok(()), "{:?}", command);
            }
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(grid in held_plan(), bytes in prop::collection::vec(any::<u8>(), 0..80), head in any::<bool>()) {
        let mut bytes = bytes;
        if head {
            // As far as the amounts, so that what follows them is reached.
            let packed = grid.pack();
            let kept = packed.len().saturating_sub(bytes.len() / 2);
            bytes.splice(0..0, packed[..kept].iter().copied());
        }
        if let Ok(read) = Grid::unpack(&bytes, Arc::clone(grid.shape())) {
            prop_assert_eq!(read.check(), Ok(()));
        }
        let _ = Grid::packed_by(&bytes);
        for version in [None, Some(1)] {
            let bytes: Vec<u8> = version.into_iter().chain(bytes.iter().copied()).collect();
            if let Ok(deltas) = Deltas::from_bytes(&bytes) {
                prop_assert_eq!(Deltas::from_bytes(&deltas.to_bytes()), Ok(deltas.clone()));
                let mut other = grid.clone();
                if other.fold(&deltas).is_ok() {
                    let _ = other.check();
                }
            }
        }
    }

    #[test]
    fn any_log_is_folded_and_undone_or_refused(grid in held_plan(), entries in prop::collection::vec((any_command(), deltas(), any::<i64>()), 1..4)) {
        let mut log = Log::default();
        for (command, deltas, at_ms) in entries {
            let seq = log.head() + 1;
            log.push(Entry::new(seq, at_ms, who(1), command, deltas)).unwrap();
        }
        let json = serde_json::to_string(&log).unwrap();
        if let Ok(read) = serde_json::from_str::<Log>(&json) {
            prop_assert_eq!(read.head(), log.head());
        }
        for back in [log.undo(who(1), &grid), log.redo(who(1), &grid)].into_iter().flatten() {
            if let Ok(deltas) = apply(&grid, &back.command) {
                let mut after = grid.clone();
                prop_assert!(after.fold(&deltas).is_ok());
                prop_assert_eq!(after.check(), Ok(()));
            }
        }
        if let Ok(after) = log.as_of(&grid, log.head_at(0)) {
            let _ = after.check();
        }
    }

    #[test]
    fn any_text_is_a_plan_or_refused(grid in held_plan(), command in any_command(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let read = |columns: &[u8]| {
            let mut arriving = Arriving::new(&grid.columns_head())?;
            arriving.take(columns)?;
            arriving.finish()
        };
        let mut columns = grid.columns_of(0..u32::MAX, &|_| true);
        let place = at.index(columns.len());
        prop_assert!(read(&columns[..place]).is_err(), "bytes that end early");
        columns[place] = byte;
        if let Ok(read) = read(&columns) {
            prop_assert_eq!(read.check(), Ok(()));
        }
        let mut text = serde_json::to_string(&command).unwrap().into_bytes();
        let place = at.index(text.len());
        text[place] = byte;
        let _ = serde_json::from_slice::<PlanCommand>(&text);
        let _ = serde_json::from_slice::<Log>(&text);
    }

    #[test]
    fn any_bytes_are_rows_or_refused(grid in held_plan(), bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(Arriving::new(&bytes).is_err(), "what has no mark begins no grid");
        let mut arriving = Arriving::new(&grid.columns_head()).unwrap();
        if arriving.take(&bytes).is_ok() && let Ok(read) = arriving.finish() {
            prop_assert_eq!(read.check(), Ok(()));
        }
    }
}
