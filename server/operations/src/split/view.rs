//! What of a version is shown to whom.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use domain::id::{NodeId, UserId};
use domain::money::Minor;
use domain::plan::{
    Basis, BasisWeights, Constraint, ConstraintDelta, Deltas, Grid, NodeIndex, NodeSpec, PeriodIndex, Shape,
};
use domain::split::{Changed, News};
use domain::target::NodeRef;
use store::Session;
use store::version::Node;

use super::is_own;
use crate::approval::since_look;
use crate::pinyin::{person_key, pinyin_key};
use crate::plan::state::{State, Weights, damaged};
use crate::{Error, Scope};

/// Changed amounts that a grid marks; the legend says where there are more.
const MARKED: usize = 500;

/// The nodes within reach whose parent is not: units only.
pub(crate) fn roots<'a>(scope: &Scope, visible: &'a [Node]) -> Vec<&'a Node> {
    let seen: BTreeSet<NodeId> = visible.iter().map(|node| node.id).collect();
    visible
        .iter()
        .filter(|node| {
            let unit = match node.of {
                NodeRef::Unit(unit) => scope.sees_unit(unit),
                NodeRef::Member(_) => false,
            };
            unit && node.parent.is_none_or(|parent| !seen.contains(&parent))
        })
        .collect()
}

pub(super) fn own(scope: &Scope, nodes: &[Node]) -> Vec<NodeIndex> {
    (0..)
        .zip(nodes)
        .filter(|(_, node)| is_own(scope, node))
        .map(|(index, _)| NodeIndex(index))
        .collect()
}

/// Where each node of a range comes among those of its parent by how its name sounds, from 0.
pub(super) fn ranks(nodes: &[Node], shape: &Shape, range: Range<usize>) -> Vec<u32> {
    let mut ranks = vec![0; range.len()];
    for parent in range.clone() {
        let sound = |child: NodeIndex| {
            let node = nodes.get(child.0 as usize)?;
            let key = match node.of {
                NodeRef::Member(_) => person_key(&node.name),
                NodeRef::Unit(_) => pinyin_key(&node.name),
            };
            Some((key, child))
        };
        let mut below: Vec<(String, NodeIndex)> = shape
            .children(NodeIndex(parent as u32))
            .filter_map(sound)
            .collect();
        below.sort_unstable();
        for (rank, (_, child)) in (0..).zip(below) {
            let place = (child.0 as usize).checked_sub(range.start);
            if let Some(place) = place.and_then(|place| ranks.get_mut(place)) {
                *place = rank;
            }
        }
    }
    ranks
}

/// What others changed in a part of a version since somebody looked at it last; none where nothing did.
pub(super) async fn news(
    session: &impl Session,
    scope: &Scope,
    state: &State,
    me: UserId,
    part: Range<usize>,
) -> Result<Option<News>, Error> {
    let within = |node: NodeIndex| part.contains(&(node.0 as usize));
    let look = since_look(session, scope, state, me, MARKED, within).await?;
    let Some(at_ms) = look.at_ms.filter(|_| look.count > 0) else {
        return Ok(None);
    };
    let top = part.start as u32;
    let cells = look.cells.into_iter().map(|seen| Changed {
        node: NodeIndex(seen.node.0.saturating_sub(top)),
        period: seen.period,
        before: seen.before,
        by: seen.by,
    });
    Ok(Some(News {
        at_ms,
        head: state.head,
        count: look.count,
        cells: cells.collect(),
    }))
}

/// The bases with the shares the whole was last split by and the weights of every node below the root.
pub(super) fn shown_bases(split: &[BasisWeights], weights: &Weights, nodes: usize) -> Vec<BasisWeights> {
    let share = |basis: Basis| {
        let found = split.iter().find(|known| known.basis == basis);
        found.map_or(0, |known| known.share_ppm)
    };
    let shares: Vec<(Basis, u32)> = weights
        .known()
        .into_iter()
        .map(|basis| (basis, share(basis)))
        .collect();
    weights.split(1..nodes, &shares).unwrap_or_default()
}

/// What each node of a range did in the comparable periods.
pub(super) fn history(weights: &Weights, shape: &Shape, range: Range<usize>) -> Vec<Option<Minor>> {
    let Some(leaves) = weights.year_before() else {
        return vec![None; range.len()];
    };
    let sum = |node: usize| {
        let end = shape.end(NodeIndex(node as u32)).0 as usize;
        leaves[node..end]
            .iter()
            .fold(0_u64, |sum, amount| sum.saturating_add(*amount))
    };
    range
        .map(|node| Some(Minor(i64::try_from(sum(node)).unwrap_or(i64::MAX))))
        .collect()
}

/// The grid of a node and everything below it.
pub(super) fn part(grid: &Grid, top: u32) -> Result<Grid, Error> {
    if top == 0 {
        return Ok(grid.clone());
    }
    let shape = grid.shape();
    let range = top..shape.end(NodeIndex(top)).0;
    let specs = range
        .clone()
        .map(|node| NodeSpec {
            parent: shape
                .parent(NodeIndex(node))
                .filter(|_| node != top)
                .map(|parent| NodeIndex(parent.0 - top)),
            reference: shape.reference(NodeIndex(node)),
            name: shape.name(NodeIndex(node)).to_owned(),
        })
        .collect();
    let own = Arc::new(Shape::new(specs, shape.periods().to_vec()).map_err(damaged)?);
    let mut amounts = vec![Minor(0); own.cells()];
    for node in own.nodes() {
        for period in (0..own.periods().len() as u16).map(PeriodIndex) {
            amounts[own.cell(node, period).0 as usize] = grid.amount(NodeIndex(node.0 + top), Some(period));
        }
    }
    let part = Grid::from_amounts(own, amounts).map_err(damaged)?;
    let mut part = part.with_hedge_limit(grid.hedge_limit_ppm());
    let mut held = Deltas::default();
    for (node, period, constraint) in grid.constraints().filter(|(node, _, _)| range.contains(&node.0)) {
        held.constraints.push(ConstraintDelta {
            node: NodeIndex(node.0 - top),
            period,
            old: Constraint::default(),
            new: constraint,
        });
    }
    part.fold(&held).map_err(damaged)?;
    Ok(part)
}

#[cfg(test)]
mod tests {
    use domain::calendar::Day;
    use domain::id::{MemberId, UnitId};
    use domain::plan::PlanPeriod;
    use uuid::Uuid;

    use super::*;

    /// A row of a tree that is put together.
    struct Given {
        above: Option<u32>,
        is_member: bool,
        name: &'static str,
    }

    fn given(above: Option<u32>, is_member: bool, name: &'static str) -> Given {
        Given {
            above,
            is_member,
            name,
        }
    }

    #[test]
    fn names_are_ranked_by_their_sound_among_those_of_their_parent() {
        let rows = [
            given(None, false, "公司"),
            given(Some(0), false, "云南"),
            given(Some(1), true, "王琳"),
            given(Some(1), true, "张三"),
            given(Some(1), true, "Bob"),
            given(Some(0), false, "北京"),
        ];
        let mut nodes = Vec::new();
        let mut specs = Vec::new();
        for (at, row) in (1_u128..).zip(&rows) {
            let id = Uuid::from_u128(at);
            nodes.push(Node {
                id: NodeId(id),
                ordinal: at as u32 - 1,
                parent: None,
                of: if row.is_member {
                    NodeRef::Member(MemberId(id))
                } else {
                    NodeRef::Unit(UnitId(id))
                },
                level: String::new(),
                name: row.name.to_owned(),
                carrier: None,
            });
            specs.push(NodeSpec {
                parent: row.above.map(NodeIndex),
                reference: if row.is_member {
                    domain::plan::NodeRef::Member(MemberId(id))
                } else {
                    domain::plan::NodeRef::Unit(UnitId(id))
                },
                name: row.name.to_owned(),
            });
        }
        let period = PlanPeriod {
            starts_on: Day(0),
            ends_on: Day(31),
        };
        let shape = Shape::new(specs, vec![period]).unwrap();
        // bei jing, yun nan; bob, wang lin, zhang san: the other way round than their signs are numbered.
        assert_eq!(ranks(&nodes, &shape, 0..6), [0, 1, 1, 2, 0, 0]);
        assert_eq!(ranks(&nodes, &shape, 1..5), [0, 1, 2, 0], "of a part");
    }
}
