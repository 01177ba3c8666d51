//! The shape of a hierarchy, checked.

use super::{HierarchyError, Node};

/// A tree whose nodes are known by their place in the list.
pub(super) struct Tree {
    /// Every node once, parents before their children.
    order: Vec<usize>,
    parents: Vec<Option<usize>>,
    leaf: Vec<bool>,
}

impl Tree {
    /// The tree of the parents; time and memory grow with the number of nodes, however deep it is.
    pub(super) fn of(nodes: &[Node]) -> Result<Self, HierarchyError> {
        let parents: Vec<Option<usize>> = nodes.iter().map(|node| node.parent).collect();
        if parents.is_empty() {
            return Err(HierarchyError::Empty);
        }
        let mut children: Vec<Vec<usize>> = vec![Vec::new(); parents.len()];
        let mut root = None;
        for (node, parent) in parents.iter().enumerate() {
            match (parent, root) {
                (Some(parent), _) => children
                    .get_mut(*parent)
                    .ok_or(HierarchyError::UnknownParent {
                        node,
                        parent: *parent,
                    })?
                    .push(node),
                (None, Some(first)) => return Err(HierarchyError::Roots { first, second: node }),
                (None, None) => root = Some(node),
            }
        }
        let mut order: Vec<usize> = root.into_iter().collect();
        let mut next = 0;
        while let Some(node) = order.get(next) {
            order.extend(&children[*node]);
            next += 1;
        }
        if order.len() < parents.len() {
            let mut reached = vec![false; parents.len()];
            for node in &order {
                reached[*node] = true;
            }
            let node = reached.iter().position(|reached| !reached).unwrap_or_default();
            return Err(HierarchyError::Cycle { node });
        }
        let leaf = children.iter().map(Vec::is_empty).collect();
        Ok(Self { order, parents, leaf })
    }

    pub(super) fn len(&self) -> usize {
        self.order.len()
    }

    pub(super) fn is_leaf(&self, node: usize) -> bool {
        self.leaf[node]
    }

    /// Every node with its parent, parents before their children.
    pub(super) fn down(&self) -> impl DoubleEndedIterator<Item = (usize, Option<usize>)> {
        self.order.iter().map(|node| (*node, self.parents[*node]))
    }

    /// One number a node: the same for leaves, another for wholes.
    pub(super) fn map(&self, leaf: f64, whole: impl Fn(usize) -> f64) -> Vec<f64> {
        (0..self.len())
            .map(|node| if self.leaf[node] { leaf } else { whole(node) })
            .collect()
    }

    /// Makes every whole the sum of its parts; leaves stay.
    pub(super) fn sum_up(&self, values: &mut [f64]) {
        for (value, leaf) in values.iter_mut().zip(&self.leaf) {
            if !leaf {
                *value = 0.0;
            }
        }
        for (node, parent) in self.down().rev() {
            if let Some(parent) = parent {
                values[parent] += values[node];
            }
        }
    }

    /// How many leaves each node has below it, itself counted where it is one.
    pub(super) fn leaves_below(&self) -> Vec<f64> {
        let mut counts = self.map(1.0, |_| 0.0);
        self.sum_up(&mut counts);
        counts
    }
}
