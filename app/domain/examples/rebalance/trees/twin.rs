//! The order of siblings does not matter.

use std::sync::Arc;

use domain::plan::{ConstraintDelta, Deltas, Grid, NodeIndex, NodeSpec, PlanCommand, Shape, apply};

/// The same plan with siblings in reverse order.
pub(super) struct Twin {
    grid: Grid,
    /// The twin's index of each node.
    place: Vec<NodeIndex>,
}

impl Twin {
    pub(super) fn of(grid: &Grid) -> Option<Self> {
        let shape = grid.shape();
        let mut place = vec![NodeIndex(0); shape.len()];
        let mut order = Vec::new();
        let mut specs = Vec::new();
        let mut stack = vec![(NodeIndex(0), None)];
        while let Some((node, parent)) = stack.pop() {
            let index = NodeIndex(order.len() as u32);
            place[node.0 as usize] = index;
            order.push(node);
            specs.push(NodeSpec {
                parent,
                reference: shape.reference(node),
                name: String::new(),
            });
            stack.extend(shape.children(node).map(|child| (child, Some(index))));
        }
        let turned = Arc::new(Shape::new(specs, shape.periods().to_vec()).ok()?);
        let amounts = grid
            .periods()
            .flat_map(|period| order.iter().map(move |node| grid.amount(*node, Some(period))));
        let mut turned = Grid::from_amounts(turned, amounts.collect()).ok()?;
        let mut deltas = Deltas::default();
        for (node, period, new) in grid.constraints() {
            let node = place[node.0 as usize];
            deltas.constraints.push(ConstraintDelta {
                node,
                period,
                old: turned.constraint(node, period),
                new,
            });
        }
        turned.fold(&deltas).ok()?;
        Some(Self { grid: turned, place })
    }

    /// Gives the twin the same command and compares; both are then one step further.
    pub(super) fn agrees(
        &mut self,
        grid: &Grid,
        command: &PlanCommand,
        decided: Option<&Deltas>,
    ) -> Result<(), &'static str> {
        let there = apply(&self.grid, &self.mirrored(grid, command)).ok();
        match (decided, there) {
            (None, None) => Ok(()),
            (Some(here), Some(there)) => {
                self.grid
                    .fold(&there)
                    .map_err(|_| "the mirrored deltas do not fit")?;
                let mut after = grid.clone();
                after
                    .fold(here)
                    .map_err(|_| "deltas do not fit the grid they were made for")?;
                let same = grid.shape().nodes().all(|node| {
                    let twin = self.place[node.0 as usize];
                    grid.periods().all(|period| {
                        after.amount(node, Some(period)) == self.grid.amount(twin, Some(period))
                    })
                });
                if same {
                    Ok(())
                } else {
                    Err("the order of siblings matters")
                }
            }
            _ => Err("the order of siblings decides whether a command is refused"),
        }
    }

    fn mirrored(&self, grid: &Grid, command: &PlanCommand) -> PlanCommand {
        let place = &self.place;
        let mut command = command.clone();
        match &mut command {
            PlanCommand::Split {
                node,
                bases,
                factors,
                proposals,
                ..
            } => {
                for factor in factors {
                    factor.node = place[factor.node.0 as usize];
                }
                for proposal in proposals {
                    proposal.node = place[proposal.node.0 as usize];
                }
                let (from, here) = (node.0 as usize, place[node.0 as usize]);
                for basis in bases {
                    let mut weights = vec![0; basis.weights.len()];
                    for (offset, weight) in basis.weights.iter().enumerate() {
                        let twin = place[from + 1 + offset].0 - here.0 - 1;
                        weights[twin as usize] = *weight;
                    }
                    basis.weights = weights;
                }
                *node = here;
            }
            PlanCommand::Set { node, .. }
            | PlanCommand::SetSpan { node, .. }
            | PlanCommand::EvenOut { node, .. } => {
                *node = place[node.0 as usize];
            }
            PlanCommand::Move { from, to, .. } | PlanCommand::SendShare { from, to, .. } => {
                *from = place[from.0 as usize];
                *to = place[to.0 as usize];
            }
            _ => debug_assert!(grid.shape().len() == place.len()),
        }
        command
    }
}
