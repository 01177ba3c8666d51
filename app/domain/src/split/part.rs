//! What others do in a version, for who sees a part of it: what changed there, and of the rest no more than that there is a later
//! command.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Large;
use crate::id::UserId;
use crate::plan::{Deltas, Entry, NodeIndex, PeriodIndex, Shape};

/// What happened in a part of a version after a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartNews {
    /// What changed in the part, in order; commands that left it as it was are not among them.
    pub changes: Vec<PartChange>,
    /// What changed a lot, for who takes it packed ([`PartNews::lean`]): it is not in the changes then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub large: Vec<Large>,
    /// Too much happened for it to be told one by one: it is left out, and the part is to be opened anew.
    pub behind: bool,
    /// The sequence number of the last command of the whole version.
    pub head: u64,
    /// The names of who changed something here or signed a lock that is told of.
    pub people: BTreeMap<UserId, String>,
}

/// What one command changed in a part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartChange {
    /// The command's position in the version's log, from 1.
    pub seq: u64,
    /// Who.
    pub author: UserId,
    /// Places of the part that the command named.
    pub places: Vec<(NodeIndex, Option<PeriodIndex>)>,
    /// What it changed, by the part's own indexes.
    pub deltas: Deltas,
}

impl PartChange {
    /// What an entry of the log of a whole version, of this shape, is at a node and below it; none where it changed nothing
    /// there. The command itself stays out: it may name rows and amounts of others.
    pub fn of(entry: &Entry, shape: &Shape, top: NodeIndex) -> Option<Self> {
        let deltas = entry.deltas.within(shape, top);
        if deltas.is_empty() {
            return None;
        }
        let end = shape.end(top);
        let places = entry.command.named().into_iter();
        let places = places
            .filter(|(node, _)| (top..end).contains(node))
            .map(|(node, period)| (NodeIndex(node.0 - top.0), period));
        Some(Self {
            seq: entry.seq,
            author: entry.author,
            places: places.collect(),
            deltas,
        })
    }

    /// Who is named in it: who made it, and who signed a lock that it set or released.
    pub fn people(&self) -> impl Iterator<Item = UserId> + '_ {
        let signed = self.deltas.constraints.iter();
        let signed = signed.flat_map(|delta| [delta.old.lock, delta.new.lock].into_iter().flatten());
        std::iter::once(self.author).chain(signed)
    }
}
