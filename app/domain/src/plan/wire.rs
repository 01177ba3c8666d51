//! How shapes and grids travel: columns instead of rows, ids and amounts packed, everything checked on arrival.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::bytes::{BadBytes, from_base64, to_base64};
use super::{Grid, GridError, NodeIndex, NodeRef, NodeSpec, PlanPeriod, Shape, ShapeError};

/// How a shape travels: columns instead of rows, ids packed.
#[derive(Serialize, Deserialize)]
pub(super) struct ShapeWire {
    depths: Vec<u8>,
    /// Base64 of 17 bytes a node: 0 (unit) or 1 (member), then the id.
    references: String,
    names: Vec<String>,
    periods: Vec<PlanPeriod>,
}

impl From<Shape> for ShapeWire {
    fn from(shape: Shape) -> Self {
        let mut bytes = Vec::with_capacity(shape.len() * 17);
        for reference in &shape.references {
            bytes.push(u8::from(reference.is_member()));
            bytes.extend_from_slice(&reference.key().to_be_bytes());
        }
        Self {
            references: to_base64(&bytes),
            names: shape.nodes().map(|node| shape.name(node).to_owned()).collect(),
            depths: shape.depths,
            periods: shape.periods,
        }
    }
}

impl TryFrom<ShapeWire> for Shape {
    type Error = ShapeError;

    fn try_from(wire: ShapeWire) -> Result<Self, ShapeError> {
        let bytes = from_base64(&wire.references).map_err(|BadBytes| ShapeError::Damaged)?;
        if bytes.len() != wire.depths.len() * 17 || wire.names.len() != wire.depths.len() {
            return Err(ShapeError::Damaged);
        }
        let mut path: Vec<NodeIndex> = Vec::new();
        let mut nodes = Vec::with_capacity(wire.names.len());
        for ((index, name), packed) in wire.names.into_iter().enumerate().zip(bytes.chunks_exact(17)) {
            let depth = usize::from(wire.depths[index]);
            if depth > path.len() {
                return Err(ShapeError::NotPreOrder {
                    node: NodeIndex(index as u32),
                });
            }
            path.truncate(depth);
            let id = uuid::Uuid::from_slice(&packed[1..]).map_err(|_| ShapeError::Damaged)?;
            nodes.push(NodeSpec {
                parent: path.last().copied(),
                reference: if packed[0] == 0 {
                    NodeRef::Unit(id.into())
                } else {
                    NodeRef::Member(id.into())
                },
                name,
            });
            path.push(NodeIndex(index as u32));
        }
        Self::new(nodes, wire.periods)
    }
}

/// How a grid travels: its shape and its packed state.
#[derive(Serialize, Deserialize)]
pub(super) struct GridWire {
    shape: Shape,
    state: String,
}

impl From<Grid> for GridWire {
    fn from(grid: Grid) -> Self {
        Self {
            state: to_base64(&grid.pack()),
            shape: Arc::unwrap_or_clone(grid.shape),
        }
    }
}

impl TryFrom<GridWire> for Grid {
    type Error = GridError;

    fn try_from(wire: GridWire) -> Result<Self, GridError> {
        let bytes = from_base64(&wire.state).map_err(|_| GridError::Damaged)?;
        Self::unpack(&bytes, Arc::new(wire.shape))
    }
}
