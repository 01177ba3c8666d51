//! A node and everything below it as a grid of its own, and what a change is there.

use std::sync::Arc;

use super::{
    CellDelta, CellIndex, ConstraintDelta, Deltas, Grid, NodeIndex, NodeSpec, PeriodIndex, Shape, ShapeError,
};

impl Grid {
    /// The grid of a node and everything below it, with what holds it there; an index of it is one of this grid less `top`.
    pub fn part(&self, top: NodeIndex) -> Result<Self, ShapeError> {
        if top.0 == 0 {
            return Ok(self.clone());
        }
        let range = top.0..self.shape.end(top).0;
        let specs = range
            .clone()
            .map(NodeIndex)
            .map(|node| NodeSpec {
                parent: self
                    .shape
                    .parent(node)
                    .filter(|_| node != top)
                    .map(|parent| NodeIndex(parent.0 - top.0)),
                reference: self.shape.reference(node),
                name: self.shape.name(node).to_owned(),
            })
            .collect();
        let shape = Arc::new(Shape::new(specs, self.shape.periods().to_vec())?);
        let mut part = Self::zero(shape).with_hedge_limit(self.hedge_limit_ppm);
        for period in self.periods() {
            for node in range.clone() {
                let own = part.shape.cell(NodeIndex(node - top.0), period);
                part.amounts.column_mut(period)[(node - top.0) as usize] =
                    self.cell_amount(NodeIndex(node), period);
                let hedge = self.cell_hedge(NodeIndex(node), period);
                if hedge != 0 {
                    part.hedges.insert(own, hedge);
                }
            }
        }
        for when in self.periods().map(Some).chain([None::<PeriodIndex>]) {
            for (node, held) in self.held(when, range.start, range.end) {
                part.constraints.insert((when, NodeIndex(node - top.0)), *held);
            }
        }
        Ok(part)
    }
}

impl Deltas {
    /// What of these deltas lies at a node of the whole tree or below it, by the indexes of that part alone ([`Grid::part`]):
    /// the part at the end is the part at the beginning with this folded in. Nothing of any other row is in it.
    pub fn within(&self, shape: &Shape, top: NodeIndex) -> Self {
        let (from, until) = (top.0, shape.end(top).0);
        let own = |node: NodeIndex| (from..until).contains(&node.0).then(|| NodeIndex(node.0 - from));
        let place = |delta: &CellDelta| {
            let (node, period) = shape.place(delta.cell);
            Some(CellDelta {
                cell: CellIndex(u32::from(period.0) * (until - from) + own(node)?.0),
                ..*delta
            })
        };
        let held = |delta: &ConstraintDelta| {
            Some(ConstraintDelta {
                node: own(delta.node)?,
                ..*delta
            })
        };
        Self {
            cells: self.cells.iter().filter_map(place).collect(),
            hedges: self.hedges.iter().filter_map(place).collect(),
            constraints: self.constraints.iter().filter_map(held).collect(),
        }
    }
}
