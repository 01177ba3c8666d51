//! A node and everything below it as a grid of its own.

use std::sync::Arc;

use super::{Grid, NodeIndex, NodeSpec, PeriodIndex, Shape, ShapeError};

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
                part.amounts[own.0 as usize] = self.cell_amount(NodeIndex(node), period);
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
