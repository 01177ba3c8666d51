//! Random plans and commands.

use std::sync::Arc;

use domain::calendar::Day;
use domain::id::{MemberId, UnitId, UserId};
use domain::money::Minor;
use domain::plan::{
    Basis, BasisWeights, Factor, FactorKind, Give, Grid, Keep, Kept, NodeIndex, NodeRef, NodeSpec,
    PeriodIndex, PlanCommand, PlanPeriod, Proposal, Shape, Spread, apply,
};
use domain::statistics::Random;

const MOST_NODES: usize = 14;
const MOST_PERIODS: usize = 4;
const MOST_HOLDS: usize = 5;

/// Somebody.
pub(super) fn who(number: usize) -> UserId {
    UserId(uuid::Uuid::from_u128(number as u128 + 1))
}

/// A plan with amounts of all magnitudes, often zero, now and then hedged, and some places held.
pub(super) fn held_plan(random: &mut Random) -> Grid {
    let mut grid = plan(random);
    for _ in 0..random.below(MOST_HOLDS) {
        let node = NodeIndex(random.below(grid.shape().len()) as u32);
        let period = some_period(random, &grid);
        let amount = grid.amount(node, period).0;
        let slack = [0, random.below(5), random.below(500)][random.below(3)] as i64;
        let command = match random.below(3) {
            0 => PlanCommand::Lock {
                node,
                period,
                by: who(2),
            },
            1 => PlanCommand::Floor {
                node,
                period,
                amount: Some(Minor((amount - slack).max(0))),
            },
            _ => PlanCommand::Cap {
                node,
                period,
                amount: Some(Minor(amount + slack)),
            },
        };
        let held = apply(&grid, &command).unwrap();
        grid.fold(&held).unwrap();
    }
    grid
}

fn plan(random: &mut Random) -> Grid {
    let mut parents: Vec<usize> = vec![0];
    let mut path = vec![0];
    for _ in 0..random.below(MOST_NODES) {
        path.truncate(path.len().saturating_sub(random.below(4)).max(1));
        parents.push(path[path.len() - 1]);
        path.push(parents.len() - 1);
    }
    let columns = 1 + random.below(MOST_PERIODS);
    let periods = (0..columns as i32).map(|index| PlanPeriod {
        starts_on: Day(index * 30),
        ends_on: Day(index * 30 + 30),
    });
    let nodes = parents.iter().enumerate().map(|(index, parent)| {
        let inner = parents.iter().skip(1).any(|above| *above == index);
        // Not in the order of nodes, so that ties show.
        let id = uuid::Uuid::from_u128((index as u128 * 7_919) % 1_009);
        NodeSpec {
            parent: (index > 0).then_some(NodeIndex(*parent as u32)),
            reference: if inner || index == 0 {
                NodeRef::Unit(UnitId(id))
            } else {
                NodeRef::Member(MemberId(id))
            },
            name: String::new(),
        }
    });
    let shape = Arc::new(Shape::new(nodes.collect(), periods.collect()).unwrap());
    let mut amounts = vec![Minor(0); shape.cells()];
    for period in (0..columns as u16).map(PeriodIndex) {
        for node in shape.nodes().rev() {
            let cell = shape.cell(node, period).0 as usize;
            let sum: i64 = shape
                .children(node)
                .map(|child| amounts[shape.cell(child, period).0 as usize].0)
                .sum();
            let most = [1, 20, 20, 2_000, 2_000, 4_000_000_000][random.below(6)];
            amounts[cell] = Minor(if shape.is_leaf(node) {
                random.below(most) as i64
            } else if random.below(4) == 0 {
                sum - (sum / 3).min(random.below(10) as i64)
            } else {
                sum
            });
        }
    }
    Grid::from_amounts(shape, amounts).unwrap()
}

fn some_period(random: &mut Random, grid: &Grid) -> Option<PeriodIndex> {
    let period = random.below(grid.shape().periods().len());
    (random.below(10) < 7).then_some(PeriodIndex(period as u16))
}

/// A command somewhere in the plan; two of three set an amount.
pub(super) fn command(random: &mut Random, grid: &Grid) -> PlanCommand {
    let shape = grid.shape();
    let node = NodeIndex(random.below(shape.len()) as u32);
    let to = NodeIndex(random.below(shape.len()) as u32);
    let period = some_period(random, grid);
    let permille = random.below(2_000) as i64;
    let plus = random.below(220) as i64 - 20;
    let reason = None;
    match random.below(18) {
        0..12 => PlanCommand::Set {
            node,
            period,
            amount: Minor(grid.amount(node, period).0 / 1_000 * permille + plus),
            keep: [Keep::Row, Keep::Column, Keep::Both, Keep::None][random.below(4)],
            give: [
                Give::Siblings,
                Give::Siblings,
                Give::Siblings,
                Give::Siblings,
                Give::ParentGrows,
                Give::Hedge,
            ][random.below(6)],
            reason,
        },
        12 | 13 => split(random, grid, node),
        14 => PlanCommand::SetTotal {
            amount: Minor(grid.amount(NodeIndex(0), None).0 / 1_000 * permille + plus.abs()),
            seasons: if plus > 90 {
                Vec::new()
            } else {
                weights(random, shape.periods().len())
            },
            reason,
        },
        15 => PlanCommand::EvenOut { node, reason },
        16 => PlanCommand::Move {
            from: node,
            to,
            period,
            amount: Minor(plus.abs()),
            reason,
        },
        _ => PlanCommand::SendShare {
            from: node,
            to,
            period,
            share_ppm: permille as u32 * 500,
            reason,
        },
    }
}

/// A split; of three one with factors, of six one with proposals, of six one with an over-assignment.
fn split(random: &mut Random, grid: &Grid, node: NodeIndex) -> PlanCommand {
    let shape = grid.shape();
    let below = (shape.end(node).0 - node.0 - 1) as usize;
    let columns = shape.periods().len();
    let mut basis = |basis, share_ppm| BasisWeights {
        basis,
        share_ppm,
        weights: weights(random, below),
    };
    let bases = vec![basis(Basis::Equal, 400_000), basis(Basis::History, 600_000)];
    let mut factors: Vec<Factor> = Vec::new();
    let mut proposals: Vec<Proposal> = Vec::new();
    if below > 0 && random.below(3) == 0 {
        let kinds = [FactorKind::Ramp, FactorKind::Season];
        factors.extend(kinds.into_iter().map(|kind| Factor {
            node: NodeIndex(node.0 + 1 + random.below(below) as u32),
            kind,
            ppm: (0..columns).map(|_| random.below(5) as u32 * 500_000).collect(),
        }));
    }
    if below > 0 && random.below(6) == 0 {
        let node = NodeIndex(node.0 + 1 + random.below(below) as u32);
        let period = some_period(random, grid);
        proposals.push(Proposal {
            node,
            period,
            amount: Minor(grid.amount(node, period).0 / 10 * random.below(12) as i64),
            kept: [Kept::Exactly, Kept::AtLeast][random.below(2)],
        });
    }
    PlanCommand::Split {
        node,
        bases,
        factors,
        own: Vec::new(),
        proposals,
        uplift_ppm: match random.below(6) {
            0 => vec![random.below(300_000) as u32, random.below(300_000) as u32],
            _ => Vec::new(),
        },
        spread: [Spread::Subtree, Spread::Children][random.below(2)],
        step: Minor([1, 10][random.below(2)]),
        reason: None,
    }
}

fn weights(random: &mut Random, count: usize) -> Vec<u64> {
    (0..count)
        .map(|_| {
            let most = [1, 10, 1 << 30][random.below(3)];
            random.below(most) as u64
        })
        .collect()
}
