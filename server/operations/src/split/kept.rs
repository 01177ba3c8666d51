//! Versions at their heads, kept in memory between one change and the next: whoever changes a plan ten times a second does not
//! wait for all its nodes and commands to be read ten times.
//!
//! What is kept is known by the version's last link, which covers its nodes and every command. Whoever finds another link in the
//! version's row, because another server was quicker, reads anew. A change takes the head out and puts the next one back after
//! its transaction, so that nothing is kept which was not written.
//!
//! The lock of the list is held while a head is found, put or taken, and never while one is copied, read or dropped: who looks
//! at one version does not wait for who looks at another.

use std::sync::{Arc, Mutex, PoisonError};

use domain::id::{OrganizationId, UserId};
use domain::plan::{BasisWeights, Deltas, Entry, Grid, Log, NodeIndex, PlanCommand, Shape};
use domain::split::{PartChange, Stacks};
use store::version::{Hash, Node, Version};

use super::stacks;
use crate::plan::state::REMEMBERED;

/// Bytes of all that is kept, about; the version that was changed last is always kept.
const MOST_BYTES: usize = 256 * 1024 * 1024;

/// Bytes of the trees that are kept of versions whose head is not, about; the one that was asked for last is always kept.
const MOST_TREE_BYTES: usize = 32 * 1024 * 1024;

/// What name and level of a node take, about.
const NAMES_BYTES: usize = 48;

/// Known heads, the one that was changed last first.
type Heads = Vec<Known>;

/// Trees of versions, the one that was asked for last first.
type Trees = Vec<(Link, Arc<Shape>)>;

/// The heads that are kept; cheap to clone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kept {
    heads: Arc<Mutex<Heads>>,
    /// For whoever asks for no more than a tree again and again, as names are.
    trees: Arc<Mutex<Trees>>,
}

/// A version at its head.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub(super) nodes: Vec<Node>,
    pub(super) grid: Grid,
    pub(super) log: Log,
}

impl Head {
    /// Bytes that it takes, about. The log counts most: a split of the whole keeps its weights and every amount it changed.
    fn bytes(&self) -> usize {
        let nodes = self.nodes.len() * (size_of::<Node>() + NAMES_BYTES);
        let log = self.log.entries().iter().map(bytes_of).sum::<usize>();
        self.grid.memory_bytes() + nodes + log
    }
}

fn bytes_of(entry: &Entry) -> usize {
    let deltas = |deltas: &Deltas| {
        size_of_val(deltas.cells.as_slice())
            + size_of_val(deltas.hedges.as_slice())
            + size_of_val(deltas.constraints.as_slice())
    };
    let weights = |bases: &[BasisWeights]| {
        let of = |basis: &BasisWeights| size_of_val(basis.weights.as_slice());
        bases.iter().map(of).sum::<usize>()
    };
    let command = match &entry.command {
        PlanCommand::Restore { deltas: back, .. } => deltas(back),
        PlanCommand::Enter { amounts, .. } | PlanCommand::Staff { amounts, .. } => {
            size_of_val(amounts.as_slice())
        }
        PlanCommand::Split {
            bases, factors, own, ..
        } => {
            let counted = factors.iter().map(|factor| size_of_val(factor.ppm.as_slice()));
            let own = own.iter().map(|own| weights(&own.bases));
            weights(bases) + counted.sum::<usize>() + own.sum::<usize>()
        }
        _ => 0,
    };
    size_of::<Entry>() + deltas(&entry.deltas) + command
}

/// A head that is kept.
#[derive(Debug)]
struct Known {
    link: Link,
    bytes: usize,
    head: Arc<Head>,
}

/// What a head is known by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Link {
    organization: OrganizationId,
    version: domain::id::VersionId,
    seq: u64,
    hash: Hash,
}

impl Link {
    fn of(organization: OrganizationId, version: &Version) -> Self {
        Self {
            organization,
            version: version.id,
            seq: version.head,
            hash: version.head_hash,
        }
    }
}

impl Kept {
    /// Takes a head out, for whoever holds the version's lock.
    pub(super) fn take(&self, organization: OrganizationId, version: &Version) -> Option<Head> {
        let link = Link::of(organization, version);
        let head = self.with(|heads| {
            let place = heads.iter().position(|known| known.link == link)?;
            Some(heads.remove(place).head)
        })?;
        // Copied only where somebody reads it at this moment.
        Some(Arc::unwrap_or_clone(head))
    }

    /// Keeps the head that somebody read who changes nothing, unless this one or a later one is kept: whoever changes the version may
    /// have put it there. An earlier one is of no more use, as when another server changed the version since.
    pub(super) fn keep(&self, organization: OrganizationId, version: &Version, head: impl FnOnce() -> Head) {
        let is_kept = |known: &Known| {
            (known.link.organization, known.link.version) == (organization, version.id)
                && known.link.seq >= version.head
        };
        if self.with(|heads| heads.iter().any(is_kept)) {
            return;
        }
        self.put(organization, version, head());
    }

    /// The tree of a version at its head; none where neither that nor the head is kept.
    pub(super) fn tree(&self, organization: OrganizationId, version: &Version) -> Option<Arc<Shape>> {
        if let Some(head) = self.find(organization, version) {
            return Some(Arc::clone(head.grid.shape()));
        }
        let link = Link::of(organization, version);
        let trees = self.trees.lock().unwrap_or_else(PoisonError::into_inner);
        let found = trees.iter().find(|(known, _)| *known == link);
        found.map(|(_, tree)| Arc::clone(tree))
    }

    /// Keeps the tree of a version at its head.
    pub(super) fn put_tree(&self, organization: OrganizationId, version: &Version, tree: Arc<Shape>) {
        let link = Link::of(organization, version);
        let mut trees = self.trees.lock().unwrap_or_else(PoisonError::into_inner);
        trees.retain(|(known, _)| (known.organization, known.version) != (organization, link.version));
        trees.insert(0, (link, tree));
        let mut bytes = 0_usize;
        let fit = trees.iter().take_while(|(_, tree)| {
            bytes = bytes.saturating_add(tree.memory_bytes());
            bytes <= MOST_TREE_BYTES
        });
        let fit = fit.count().max(1);
        trees.truncate(fit);
    }

    /// Keeps the head of a version as its row says.
    pub(super) fn put(&self, organization: OrganizationId, version: &Version, mut head: Head) {
        let link = Link::of(organization, version);
        head.log.forget(REMEMBERED as usize);
        let known = Known {
            link,
            bytes: head.bytes(),
            head: Arc::new(head),
        };
        let gone = self.with(|heads| {
            let mut gone: Heads = heads
                .extract_if(.., |known| {
                    (known.link.organization, known.link.version) == (organization, link.version)
                })
                .collect();
            heads.insert(0, known);
            let mut bytes = 0_usize;
            let fit = heads.iter().take_while(|known| {
                bytes = bytes.saturating_add(known.bytes);
                bytes <= MOST_BYTES
            });
            let fit = fit.count().max(1);
            gone.extend(heads.split_off(fit));
            gone
        });
        drop(gone);
    }

    /// A copy of a head, for whoever only reads.
    pub(super) fn copy(&self, organization: OrganizationId, version: &Version) -> Option<Head> {
        self.find(organization, version)
            .map(|head| Head::clone(head.as_ref()))
    }

    /// The grid of a head, for whoever needs no more: its amounts are shared, and neither nodes nor log are copied.
    pub(super) fn grid(&self, organization: OrganizationId, version: &Version) -> Option<Grid> {
        self.find(organization, version).map(|head| head.grid.clone())
    }

    /// The entries after a number, and how far somebody can go back and forth; none where the log is not kept so far back.
    pub(super) fn since(
        &self,
        organization: OrganizationId,
        version: &Version,
        after: u64,
        me: UserId,
    ) -> Option<(Vec<Entry>, Stacks)> {
        let head = self.find(organization, version)?;
        Some((since(&head.log, after)?, stacks(&head.log, me)))
    }

    /// What changed at a node and below it after a number; none where the log is not kept so far back.
    pub(super) fn part_since(
        &self,
        organization: OrganizationId,
        version: &Version,
        after: u64,
        top: NodeIndex,
    ) -> Option<Vec<PartChange>> {
        let head = self.find(organization, version)?;
        let shape = head.grid.shape();
        let changes = later(&head.log, after)?.filter_map(|entry| PartChange::of(entry, shape, top));
        Some(changes.collect())
    }

    /// A head, to be read beside the lock.
    fn find(&self, organization: OrganizationId, version: &Version) -> Option<Arc<Head>> {
        let link = Link::of(organization, version);
        self.with(|heads| {
            let known = heads.iter().find(|known| known.link == link)?;
            Some(Arc::clone(&known.head))
        })
    }

    fn with<T>(&self, act: impl FnOnce(&mut Heads) -> T) -> T {
        act(&mut self.heads.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The entries of a log after a number; none where it begins later.
pub(super) fn since(log: &Log, after: u64) -> Option<Vec<Entry>> {
    Some(later(log, after)?.cloned().collect())
}

/// The same where they are, without copies.
fn later(log: &Log, after: u64) -> Option<impl Iterator<Item = &Entry>> {
    let first = log.head() - log.entries().len() as u64;
    let entries = log.entries().iter();
    (after >= first).then(|| entries.filter(move |entry| entry.seq > after))
}

#[cfg(test)]
mod tests {
    use domain::calendar::Day;
    use domain::id::UnitId;
    use domain::money::Minor;
    use domain::plan::{CellDelta, CellIndex, Intent, NodeRef, NodeSpec, PlanPeriod, Shape};

    use super::*;

    #[test]
    fn what_a_log_holds_counts_with_the_amounts() {
        let node = NodeSpec {
            parent: None,
            reference: NodeRef::Unit(UnitId::default()),
            name: "company".to_owned(),
        };
        let period = PlanPeriod {
            starts_on: Day(0),
            ends_on: Day(31),
        };
        let shape = Arc::new(Shape::new(vec![node], vec![period]).unwrap());
        let mut head = Head {
            nodes: Vec::new(),
            grid: Grid::zero(shape),
            log: Log::default(),
        };
        let before = head.bytes();
        let cells = (0..10_000).map(|cell| CellDelta {
            cell: CellIndex(cell),
            old: Minor(0),
            new: Minor(1),
        });
        let deltas = Deltas {
            cells: cells.collect(),
            ..Deltas::default()
        };
        let command = PlanCommand::Restore {
            of: 1,
            intent: Intent::Undo,
            deltas: deltas.clone(),
        };
        let entry = Entry::new(1, 1, UserId::default(), command, deltas);
        head.log.push(entry).unwrap();
        assert!(head.bytes() - before >= 2 * 10_000 * size_of::<CellDelta>());
    }
}
