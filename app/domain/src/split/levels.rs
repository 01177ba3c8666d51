//! The levels of a tree: each name once, and a number a node.

use std::collections::HashMap;

use crate::plan::NodeIndex;

/// What each node of a grid is (`company`, `region`, `team`, `member`, `unassigned` …), in pre-order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Levels {
    pub(super) names: Vec<String>,
    pub(super) of: Vec<u32>,
}

impl Levels {
    /// The level of a node; empty where there is no such node.
    pub fn at(&self, node: NodeIndex) -> &str {
        let at = self.of.get(node.0 as usize);
        let name = at.and_then(|at| self.names.get(*at as usize));
        name.map_or("", String::as_str)
    }

    /// The level of each node, in pre-order.
    pub fn by_node(&self) -> impl Iterator<Item = &str> {
        self.of
            .iter()
            .map(|at| self.names.get(*at as usize).map_or("", String::as_str))
    }

    /// Bytes of heap this takes, for the bench of split.memory.
    pub fn memory_bytes(&self) -> usize {
        let names: usize = self.names.iter().map(String::capacity).sum();
        names + self.names.capacity() * size_of::<String>() + self.of.capacity() * 4
    }
}

impl<Name: AsRef<str>> FromIterator<Name> for Levels {
    fn from_iter<I: IntoIterator<Item = Name>>(levels: I) -> Self {
        let mut known: HashMap<String, u32> = HashMap::new();
        let mut names = Vec::new();
        let number = |level: Name| {
            if let Some(at) = known.get(level.as_ref()) {
                return *at;
            }
            let at = names.len() as u32;
            names.push(level.as_ref().to_owned());
            known.insert(level.as_ref().to_owned(), at);
            at
        };
        let of = levels.into_iter().map(number).collect();
        Self { names, of }
    }
}
