//! The plans and the change that the figures are taken with.

use std::sync::Arc;

use domain::calendar::Day;
use domain::id::{MemberId, UnitId, UserId};
use domain::money::Minor;
use domain::plan::{
    Give, Grid, Keep, NodeIndex, NodeRef, NodeSpec, PeriodIndex, PlanCommand, PlanPeriod, Shape, apply,
};

/// The first period.
pub(crate) const Q1: Option<PeriodIndex> = Some(PeriodIndex(0));

/// The change that is measured: a tenth of the plan gets 7 % more, its siblings give, everything below follows.
pub(crate) fn drag(grid: &Grid) -> PlanCommand {
    set(1, grid.amount(NodeIndex(1), Q1).0 * 107 / 100, Keep::Column)
}

/// One amount of the first period.
pub(crate) fn set(node: u32, amount: i64, keep: Keep) -> PlanCommand {
    PlanCommand::Set {
        node: NodeIndex(node),
        period: Q1,
        amount: Minor(amount),
        keep,
        give: Give::Siblings,
        reason: None,
    }
}

/// Months, nearly.
pub(crate) fn periods(count: i32) -> Vec<PlanPeriod> {
    (0..count)
        .map(|index| PlanPeriod {
            starts_on: Day(index * 30),
            ends_on: Day(index * 30 + 30),
        })
        .collect()
}

/// What a node stands for; not in the order of nodes.
pub(crate) fn reference(index: usize, unit: bool) -> NodeRef {
    let id = uuid::Uuid::from_u128((index as u128).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835));
    if unit {
        NodeRef::Unit(UnitId(id))
    } else {
        NodeRef::Member(MemberId(id))
    }
}

/// Ten children each, `levels` below the root; amounts of the leaves between 0 and 10,000.00.
pub(crate) fn tree(levels: u32, columns: i32) -> Grid {
    let mut nodes = Vec::new();
    grow(&mut nodes, None, levels);
    let shape = Arc::new(Shape::new(nodes, periods(columns)).unwrap());
    let mut state = 88_172_645_463_325_252_u64;
    Grid::from_leaves(shape, |_, _| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        Minor((state % 1_000_000) as i64)
    })
    .unwrap()
}

fn grow(nodes: &mut Vec<NodeSpec>, parent: Option<NodeIndex>, levels: u32) {
    let index = nodes.len();
    nodes.push(NodeSpec {
        parent,
        reference: reference(index, levels > 0),
        name: String::new(),
    });
    for _ in 0..if levels == 0 { 0 } else { 10 } {
        grow(nodes, Some(NodeIndex(index as u32)), levels - 1);
    }
}

/// Of every twenty nodes one locked (leaves only), one with a floor and one with a cap close to what it has.
pub(crate) fn hold(mut grid: Grid) -> Grid {
    let shape = Arc::clone(grid.shape());
    for node in shape.nodes().skip(12) {
        let amount = grid.amount(node, Q1);
        let command = match node.0 % 20 {
            3 if shape.is_leaf(node) => PlanCommand::Lock {
                node,
                period: Q1,
                by: UserId::default(),
            },
            7 => PlanCommand::Floor {
                node,
                period: Q1,
                amount: Some(Minor(amount.0 * 995 / 1_000)),
            },
            11 => PlanCommand::Cap {
                node,
                period: Q1,
                amount: Some(Minor(amount.0 * 1_005 / 1_000)),
            },
            _ => continue,
        };
        let deltas = apply(&grid, &command).unwrap();
        grid.fold(&deltas).unwrap();
    }
    grid
}
