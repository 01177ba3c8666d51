//! Random trees and plans for the properties, and a few by hand.

use std::sync::Arc;

use domain::calendar::Day;
use domain::id::{MemberId, UnitId, UserId};
use domain::money::Minor;
use domain::plan::{
    Basis, BasisWeights, Factor, FactorKind, Give, Grid, Keep, Kept, NodeIndex, NodeRef, NodeSpec,
    PeriodIndex, PlanCommand, PlanPeriod, Proposal, Shape, Spread, apply,
};
use proptest::prelude::*;

pub(crate) fn id(number: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(number)
}

pub(crate) fn periods(count: usize) -> Vec<PlanPeriod> {
    let day = |index: usize| Day(index as i32 * 30);
    (0..count)
        .map(|index| PlanPeriod {
            starts_on: day(index),
            ends_on: day(index + 1),
        })
        .collect()
}

/// A shape from the parents of its nodes (the first entry is ignored); leaves are members.
pub(crate) fn shape(parents: &[usize], columns: usize) -> Arc<Shape> {
    let nodes = parents.iter().enumerate().map(|(index, parent)| {
        let inner = parents.iter().skip(1).any(|above| *above == index);
        NodeSpec {
            parent: (index > 0).then_some(NodeIndex(*parent as u32)),
            // Not in the order of nodes, so that ties show.
            reference: if inner || index == 0 {
                NodeRef::Unit(UnitId(id((index as u128 * 7_919) % 1_009)))
            } else {
                NodeRef::Member(MemberId(id((index as u128 * 7_919) % 1_009)))
            },
            name: format!("node {index}"),
        }
    });
    Arc::new(Shape::new(nodes.collect(), periods(columns)).unwrap())
}

/// One parent over leaves with these amounts, in one period.
pub(crate) fn family(amounts: &[i64]) -> Grid {
    let parents = vec![0; amounts.len() + 1];
    let shape = shape(&parents, 1);
    Grid::from_leaves(shape, |node, _| Minor(amounts[node.0 as usize - 1])).unwrap()
}

/// Folds a command that must succeed.
pub(crate) fn done(grid: &mut Grid, command: &PlanCommand) {
    let deltas = apply(grid, command).unwrap();
    grid.fold(&deltas).unwrap();
}

pub(crate) fn who(number: u128) -> UserId {
    UserId(id(number))
}

/// A pre-order tree: each node hangs below the last node of some depth.
pub(crate) fn tree() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(0_usize..4, 1..14).prop_map(|steps| {
        let mut parents = vec![0];
        let mut path = vec![0];
        for up in steps {
            path.truncate(path.len().saturating_sub(up).max(1));
            parents.push(path[path.len() - 1]);
            path.push(parents.len() - 1);
        }
        parents
    })
}

/// A plan without constraints: amounts of all magnitudes, often zero, now and then hedged.
pub(crate) fn plan() -> impl Strategy<Value = Grid> {
    (tree(), 1_usize..5).prop_flat_map(|(parents, columns)| {
        let cells = parents.len() * columns;
        let amount =
            prop_oneof![2 => Just(0_i64), 3 => 0_i64..20, 4 => 0_i64..2_000, 1 => 0_i64..10_000_000_000];
        (
            Just(parents),
            Just(columns),
            prop::collection::vec(amount, cells),
            prop::collection::vec(0_i64..40, cells),
        )
            .prop_map(|(parents, columns, leaves, hedges)| {
                let shape = shape(&parents, columns);
                let mut amounts = vec![0_i64; shape.cells()];
                for period in 0..columns as u16 {
                    for node in shape.nodes().rev() {
                        let cell = shape.cell(node, PeriodIndex(period)).0 as usize;
                        amounts[cell] = if shape.is_leaf(node) {
                            leaves[cell]
                        } else {
                            let sum: i64 = shape
                                .children(node)
                                .map(|child| amounts[shape.cell(child, PeriodIndex(period)).0 as usize])
                                .sum();
                            // A quarter of the parents carry a hedge.
                            sum - if hedges[cell] < 10 {
                                hedges[cell].min(sum / 3)
                            } else {
                                0
                            }
                        };
                    }
                }
                Grid::from_amounts(shape, amounts.into_iter().map(Minor).collect()).unwrap()
            })
    })
}

/// A place and how it is held, relative to the amount it has.
#[derive(Clone, Debug)]
pub(crate) struct Hold {
    node: prop::sample::Index,
    period: Option<prop::sample::Index>,
    kind: u8,
    slack: i64,
}

pub(crate) fn hold() -> impl Strategy<Value = Hold> {
    let slack = prop_oneof![0_i64..5, 0_i64..500, Just(0)];
    (
        any::<prop::sample::Index>(),
        prop::option::weighted(0.7, any::<prop::sample::Index>()),
        0_u8..3,
        slack,
    )
        .prop_map(|(node, period, kind, slack)| Hold {
            node,
            period,
            kind,
            slack,
        })
}

pub(crate) fn held(mut grid: Grid, holds: &[Hold]) -> Grid {
    for hold in holds {
        let node = NodeIndex(hold.node.index(grid.shape().len()) as u32);
        let columns = grid.shape().periods().len();
        let period = hold
            .period
            .map(|period| PeriodIndex(period.index(columns) as u16));
        let amount = grid.amount(node, period).0;
        let command = match hold.kind {
            0 => PlanCommand::Lock {
                node,
                period,
                by: who(9),
            },
            1 => PlanCommand::Floor {
                node,
                period,
                amount: Some(Minor((amount - hold.slack).max(0))),
            },
            _ => PlanCommand::Cap {
                node,
                period,
                amount: Some(Minor(amount + hold.slack)),
            },
        };
        done(&mut grid, &command);
    }
    grid
}

/// A plan with some places held.
pub(crate) fn held_plan() -> impl Strategy<Value = Grid> {
    (plan(), prop::collection::vec(hold(), 0..5)).prop_map(|(grid, holds)| held(grid, &holds))
}

/// A plan with some amounts of periods held, and no totals.
pub(crate) fn plan_held_in_periods() -> impl Strategy<Value = Grid> {
    (plan(), prop::collection::vec(hold(), 0..6)).prop_map(|(grid, mut holds)| {
        for hold in &mut holds {
            hold.period.get_or_insert(hold.node);
        }
        held(grid, &holds)
    })
}

/// A command whose places are chosen later.
#[derive(Clone, Debug)]
pub(crate) struct Raw {
    kind: u8,
    node: prop::sample::Index,
    other: prop::sample::Index,
    period: Option<prop::sample::Index>,
    /// In thousandths of the present amount, plus a little.
    factor: i64,
    plus: i64,
    keep: Keep,
    give: Give,
    weights: Vec<u64>,
}

pub(crate) fn raw() -> impl Strategy<Value = Raw> {
    let keep = prop_oneof![
        Just(Keep::Row),
        Just(Keep::Column),
        Just(Keep::Both),
        Just(Keep::None)
    ];
    let give = prop_oneof![4 => Just(Give::Siblings), 1 => Just(Give::ParentGrows), 1 => Just(Give::Hedge)];
    let weight = prop_oneof![Just(0_u64), 0_u64..10, any::<u32>().prop_map(u64::from)];
    (
        (
            0_u8..16,
            any::<prop::sample::Index>(),
            any::<prop::sample::Index>(),
        ),
        prop::option::weighted(0.7, any::<prop::sample::Index>()),
        (0_i64..2_000, -20_i64..200, keep, give),
        prop::collection::vec(weight, 40),
    )
        .prop_map(
            |((kind, node, other), period, (factor, plus, keep, give), weights)| Raw {
                kind,
                node,
                other,
                period,
                factor,
                plus,
                keep,
                give,
                weights,
            },
        )
}

/// The same places, numbers and weights for a split of everything below.
pub(crate) fn split_of(raw: &Raw) -> Raw {
    Raw {
        kind: 10,
        ..raw.clone()
    }
}

pub(crate) fn command(grid: &Grid, raw: &Raw) -> PlanCommand {
    let shape = grid.shape();
    let node = NodeIndex(raw.node.index(shape.len()) as u32);
    let period = raw
        .period
        .map(|period| PeriodIndex(period.index(shape.periods().len()) as u16));
    let reason = None;
    let below = (shape.end(node).0 - node.0 - 1) as usize;
    let take = |count: usize, from: usize| {
        raw.weights
            .iter()
            .copied()
            .cycle()
            .skip(from)
            .take(count)
            .collect()
    };
    match raw.kind {
        0..=9 => {
            let amount = Minor(grid.amount(node, period).0 / 1_000 * raw.factor + raw.plus);
            PlanCommand::Set {
                node,
                period,
                amount,
                keep: raw.keep,
                give: raw.give,
                reason,
            }
        }
        10 | 11 => PlanCommand::Split {
            node,
            spread: if raw.kind == 10 {
                Spread::Subtree
            } else {
                Spread::Children
            },
            bases: vec![
                BasisWeights {
                    basis: Basis::Equal,
                    share_ppm: 400_000,
                    weights: take(below, 0),
                },
                BasisWeights {
                    basis: Basis::History,
                    share_ppm: 600_000,
                    weights: take(below, 13),
                },
            ],
            factors: factors(grid, node, raw),
            own: Vec::new(),
            proposals: proposals(grid, node, raw),
            uplift_ppm: if raw.factor % 4 == 0 {
                vec![(raw.factor * 300) as u32, 50_000]
            } else {
                Vec::new()
            },
            step: Minor(if raw.plus > 100 { 10 } else { 1 }),
            reason,
        },
        12 => PlanCommand::SetTotal {
            amount: Minor(grid.amount(NodeIndex(0), None).0 / 1_000 * raw.factor + raw.plus.abs()),
            seasons: if raw.plus > 90 {
                Vec::new()
            } else {
                take(shape.periods().len(), 3)
            },
            reason,
        },
        13 => PlanCommand::EvenOut { node, reason },
        14 => PlanCommand::Move {
            from: node,
            to: NodeIndex(raw.other.index(shape.len()) as u32),
            period,
            amount: Minor(raw.plus.abs()),
            reason,
        },
        _ => PlanCommand::SendShare {
            from: node,
            to: NodeIndex(raw.other.index(shape.len()) as u32),
            period,
            share_ppm: raw.factor as u32 * 500,
            reason,
        },
    }
}

/// Factors of some nodes below, of a kind or two, in two splits of three.
fn factors(grid: &Grid, top: NodeIndex, raw: &Raw) -> Vec<Factor> {
    let shape = grid.shape();
    let mut factors = Vec::new();
    for node in (top.0 + 1..shape.end(top).0).map(NodeIndex) {
        for (place, kind) in FactorKind::ALL.into_iter().enumerate() {
            let seed = raw.weights[(node.0 as usize * 3 + place) % raw.weights.len()];
            if seed % 3 == 1 && raw.factor % 3 > 0 {
                let ppm =
                    |period: u64| [0, 250_000, 500_000, 1_000_000, 1_700_001][((seed + period) % 5) as usize];
                let ppm = (0..shape.periods().len() as u64).map(ppm).collect();
                factors.push(Factor { node, kind, ppm });
            }
        }
    }
    factors
}

/// Proposals of some nodes below, near what they have, in one split of five.
fn proposals(grid: &Grid, top: NodeIndex, raw: &Raw) -> Vec<Proposal> {
    let shape = grid.shape();
    let below = (top.0 + 1..shape.end(top).0).map(NodeIndex);
    let chosen = below.filter(|node| raw.factor % 5 == 1 && raw.weights[node.0 as usize % 40] % 4 == 2);
    let proposal = |node: NodeIndex| {
        let period = (raw.plus % 2 == 0).then_some(PeriodIndex(0));
        Proposal {
            node,
            period,
            amount: Minor((grid.amount(node, period).0 + raw.plus / 8).max(0)),
            kept: if raw.plus % 3 == 0 {
                Kept::AtLeast
            } else {
                Kept::Exactly
            },
        }
    };
    chosen.map(proposal).collect()
}
