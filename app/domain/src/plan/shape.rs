//! The tree and the periods of one plan version: fixed for its life, so an index names a node.

use serde::{Deserialize, Serialize};

use crate::calendar::Day;
use crate::id::{MemberId, UnitId};

/// A node by its position in pre-order; the root is 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NodeIndex(pub u32);

/// A period by its position in time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PeriodIndex(pub u16);

/// A cell: `period × number of nodes + node`, so the cells of a period lie side by side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CellIndex(pub u32);

/// What a node stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NodeRef {
    /// A unit of the organisation tree.
    Unit(UnitId),
    /// A person; always without nodes below.
    Member(MemberId),
}

impl NodeRef {
    /// The id as a number: ties of rounding are broken by it, so the order of siblings does not matter.
    pub fn key(self) -> u128 {
        match self {
            Self::Unit(id) => id.0.as_u128(),
            Self::Member(id) => id.0.as_u128(),
        }
    }

    /// Whether this is a person.
    pub fn is_member(self) -> bool {
        matches!(self, Self::Member(_))
    }
}

/// A period of a plan, half-open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PlanPeriod {
    /// First day.
    pub starts_on: Day,
    /// The day after the last.
    pub ends_on: Day,
}

/// One node as given to [`Shape::new`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeSpec {
    /// The node above; only the first node has none.
    pub parent: Option<NodeIndex>,
    /// What it stands for.
    pub reference: NodeRef,
    /// What it is called.
    pub name: String,
}

/// Why nodes and periods do not make a plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "error")]
pub enum ShapeError {
    /// A plan needs a node and a period.
    #[error("a plan needs at least one node and one period")]
    Empty,
    /// The first node has a parent, or another one has none.
    #[error("node {node:?}: exactly the first node is without a parent")]
    Root {
        /// Where.
        node: NodeIndex,
    },
    /// Nodes do not come parent first, subtree by subtree.
    #[error("node {node:?} does not follow its parent's subtree in pre-order")]
    NotPreOrder {
        /// Where.
        node: NodeIndex,
    },
    /// A node lies below a member.
    #[error("node {node:?} lies below a member")]
    BelowMember {
        /// Where.
        node: NodeIndex,
    },
    /// Two siblings stand for the same unit or member.
    #[error("node {node:?} stands for the same unit or member as a sibling")]
    Twice {
        /// The second of them.
        node: NodeIndex,
    },
    /// Deeper than 64 levels.
    #[error("node {node:?} is deeper than 64 levels")]
    TooDeep {
        /// Where.
        node: NodeIndex,
    },
    /// A period is empty, or starts before the one before it ends.
    #[error("period {period:?} is empty or overlaps the one before")]
    Periods {
        /// Where.
        period: PeriodIndex,
    },
    /// More cells than an index can name, or more than 1,000 periods.
    #[error("the plan has too many nodes or periods")]
    TooLarge,
    /// The bytes it came in are damaged.
    #[error("the plan's shape cannot be read")]
    Damaged,
}

/// Levels a tree may have.
const MAX_DEPTH: usize = 64;
/// Periods a plan may have.
const MAX_PERIODS: usize = 1_000;
/// Stands for "no parent".
const NONE: u32 = u32::MAX;

/// Nodes in pre-order and periods in order of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    parents: Vec<u32>,
    ends: Vec<u32>,
    pub(super) depths: Vec<u8>,
    pub(super) references: Vec<NodeRef>,
    /// All names in one text, and where each ends: kept apart from what the solver touches.
    names: String,
    name_ends: Vec<u32>,
    pub(super) periods: Vec<PlanPeriod>,
}

impl Shape {
    /// Checks and keeps nodes (in pre-order) and periods.
    pub fn new(nodes: Vec<NodeSpec>, periods: Vec<PlanPeriod>) -> Result<Self, ShapeError> {
        let count = nodes.len();
        let nodes = nodes
            .into_iter()
            .map(|spec| (spec.parent, spec.reference, spec.name));
        Self::of(count, nodes, periods)
    }

    /// The same of `count` nodes that come one after the other, each with its parent, what it stands for and its name.
    pub(super) fn of<Name: AsRef<str>>(
        count: usize,
        nodes: impl Iterator<Item = (Option<NodeIndex>, NodeRef, Name)>,
        periods: Vec<PlanPeriod>,
    ) -> Result<Self, ShapeError> {
        if count == 0 || periods.is_empty() {
            return Err(ShapeError::Empty);
        }
        let cells = count.saturating_mul(periods.len());
        if periods.len() > MAX_PERIODS || cells >= i32::MAX as usize {
            return Err(ShapeError::TooLarge);
        }
        for (index, period) in periods.iter().enumerate() {
            let after = index == 0 || periods[index - 1].ends_on <= period.starts_on;
            if period.starts_on >= period.ends_on || !after {
                return Err(ShapeError::Periods {
                    period: PeriodIndex(index as u16),
                });
            }
        }
        let mut shape = Self {
            parents: Vec::with_capacity(count),
            ends: vec![0; count],
            depths: Vec::with_capacity(count),
            references: Vec::with_capacity(count),
            names: String::new(),
            name_ends: Vec::with_capacity(count),
            periods,
        };
        let mut path: Vec<u32> = Vec::new();
        for (index, (above, reference, name)) in nodes.enumerate() {
            let node = NodeIndex(index as u32);
            if above.is_none() != (index == 0) {
                return Err(ShapeError::Root { node });
            }
            let parent = above.map_or(NONE, |parent| parent.0);
            while let Some(&top) = path.last() {
                if top == parent {
                    break;
                }
                shape.ends[top as usize] = node.0;
                path.pop();
            }
            if index > 0 && path.is_empty() {
                return Err(ShapeError::NotPreOrder { node });
            }
            if index > 0 && shape.references[parent as usize].is_member() {
                return Err(ShapeError::BelowMember { node });
            }
            if path.len() >= MAX_DEPTH {
                return Err(ShapeError::TooDeep { node });
            }
            shape.depths.push(path.len() as u8);
            shape.parents.push(parent);
            shape.references.push(reference);
            shape.names.push_str(name.as_ref());
            let name_end = u32::try_from(shape.names.len()).map_err(|_| ShapeError::TooLarge)?;
            shape.name_ends.push(name_end);
            path.push(node.0);
        }
        let len = shape.parents.len() as u32;
        for node in path {
            shape.ends[node as usize] = len;
        }
        shape.siblings_differ()?;
        Ok(shape)
    }

    /// How many nodes.
    pub fn len(&self) -> usize {
        self.parents.len()
    }

    /// Never: a shape has at least its root.
    pub fn is_empty(&self) -> bool {
        self.parents.is_empty()
    }

    /// The periods in order of time.
    pub fn periods(&self) -> &[PlanPeriod] {
        &self.periods
    }

    /// How many cells.
    pub fn cells(&self) -> usize {
        self.len() * self.periods.len()
    }

    /// Every node in pre-order.
    pub fn nodes(&self) -> impl DoubleEndedIterator<Item = NodeIndex> + use<> {
        (0..self.len() as u32).map(NodeIndex)
    }

    /// Whether the node exists.
    pub fn has(&self, node: NodeIndex) -> bool {
        (node.0 as usize) < self.len()
    }

    /// The node above.
    pub fn parent(&self, node: NodeIndex) -> Option<NodeIndex> {
        match self.parents[node.0 as usize] {
            NONE => None,
            parent => Some(NodeIndex(parent)),
        }
    }

    /// The nodes above, from the parent to the root.
    pub fn ancestors(&self, node: NodeIndex) -> impl Iterator<Item = NodeIndex> + '_ {
        std::iter::successors(self.parent(node), |above| self.parent(*above))
    }

    /// The node after the last of this node's subtree.
    pub fn end(&self, node: NodeIndex) -> NodeIndex {
        NodeIndex(self.ends[node.0 as usize])
    }

    /// Levels below the root.
    pub fn depth(&self, node: NodeIndex) -> u8 {
        self.depths[node.0 as usize]
    }

    /// Whether nothing lies below.
    pub fn is_leaf(&self, node: NodeIndex) -> bool {
        self.ends[node.0 as usize] == node.0 + 1
    }

    /// The nodes right below, in order.
    pub fn children(&self, node: NodeIndex) -> impl Iterator<Item = NodeIndex> + '_ {
        let end = self.end(node).0;
        let first = (node.0 + 1 < end).then_some(node.0 + 1);
        std::iter::successors(first, move |child| {
            let next = self.ends[*child as usize];
            (next < end).then_some(next)
        })
        .map(NodeIndex)
    }

    /// What the node stands for.
    pub fn reference(&self, node: NodeIndex) -> NodeRef {
        self.references[node.0 as usize]
    }

    /// What the node is called.
    pub fn name(&self, node: NodeIndex) -> &str {
        let index = node.0 as usize;
        let start = if index == 0 {
            0
        } else {
            self.name_ends[index - 1] as usize
        };
        &self.names[start..self.name_ends[index] as usize]
    }

    /// Gives rows from `first` on what they are called; an empty name leaves the one there is.
    pub(super) fn name_rows(&mut self, first: NodeIndex, given: &[String]) {
        let more: usize = given.iter().map(String::len).sum();
        if self.names.len() + more > u32::MAX as usize {
            return;
        }
        let mut names = String::with_capacity(self.names.len() + more);
        let mut ends = Vec::with_capacity(self.len());
        for node in self.nodes() {
            let place = node.0.checked_sub(first.0);
            let new = place.and_then(|place| given.get(place as usize));
            names.push_str(
                new.filter(|new| !new.is_empty())
                    .map_or_else(|| self.name(node), String::as_str),
            );
            ends.push(names.len() as u32);
        }
        (self.names, self.name_ends) = (names, ends);
    }

    /// The first node that stands for this unit or member.
    pub fn find(&self, reference: NodeRef) -> Option<NodeIndex> {
        let index = self.references.iter().position(|found| *found == reference)?;
        Some(NodeIndex(index as u32))
    }

    /// The cell of a node and a period, both of which must exist.
    pub fn cell(&self, node: NodeIndex, period: PeriodIndex) -> CellIndex {
        CellIndex(u32::from(period.0) * self.len() as u32 + node.0)
    }

    /// The node and the period of a cell; a period that does not exist where the cell does not.
    pub fn place(&self, cell: CellIndex) -> (NodeIndex, PeriodIndex) {
        let len = self.len() as u32;
        let period = u16::try_from(cell.0 / len).unwrap_or(u16::MAX);
        (NodeIndex(cell.0 % len), PeriodIndex(period))
    }

    /// Bytes this takes, for the bench of plan.memory.
    pub fn memory_bytes(&self) -> usize {
        self.parents.capacity() * 4
            + self.ends.capacity() * 4
            + self.depths.capacity()
            + self.references.capacity() * size_of::<NodeRef>()
            + self.names.capacity()
            + self.name_ends.capacity() * 4
            + self.periods.capacity() * size_of::<PlanPeriod>()
    }

    /// Subtree ends, for the solver.
    pub(crate) fn ends(&self) -> &[u32] {
        &self.ends
    }

    /// Parents (`u32::MAX` at the root), for the solver.
    pub(crate) fn parents(&self) -> &[u32] {
        &self.parents
    }

    /// The tie-breaking key of a node.
    pub(crate) fn key(&self, node: u32) -> u128 {
        self.references[node as usize].key()
    }

    fn siblings_differ(&self) -> Result<(), ShapeError> {
        let mut seen: Vec<(u32, NodeRef, u32)> = (0..self.len() as u32)
            .map(|node| (self.parents[node as usize], self.references[node as usize], node))
            .collect();
        seen.sort_unstable();
        match seen
            .windows(2)
            .find(|pair| (pair[0].0, pair[0].1) == (pair[1].0, pair[1].1))
        {
            Some(pair) => Err(ShapeError::Twice {
                node: NodeIndex(pair[1].2),
            }),
            None => Ok(()),
        }
    }
}
