//! Looking through logs from their ends for the split of the whole that is in force, and for the branches that were split by
//! weights of their own since.

use std::collections::{BTreeMap, HashMap};

use domain::basis::{WHOLE_PPM, brought_to};
use domain::plan::{Basis, BasisWeights, FactorKind, Intent, NodeIndex, PlanCommand, Shape, Spread};
use domain::split::{InForce, OwnShares};

use super::WholeSplit;

/// What was found so far; the latest first.
#[derive(Default)]
pub(super) struct Search {
    /// The last word on commands of this log that were taken back.
    restored: HashMap<u64, Intent>,
    branches: Vec<Branch>,
    /// So many of the branches are known by their places in the version's own tree.
    placed: usize,
    whole: Option<Branch>,
    bases: Vec<BasisWeights>,
    kinds: Vec<FactorKind>,
}

/// A split that stands.
struct Branch {
    top: NodeIndex,
    shares: Vec<(Basis, u32)>,
    /// Branches below that kept weights of their own in it.
    own: Vec<OwnShares>,
}

impl Branch {
    fn of(top: NodeIndex, bases: &[BasisWeights], own: impl Iterator<Item = OwnShares>) -> Self {
        Self {
            top,
            shares: shares(bases),
            own: own.collect(),
        }
    }
}

impl Search {
    /// Takes in a command; says whether nothing before it matters any more.
    pub(super) fn look_at(&mut self, seq: u64, command: &PlanCommand) -> bool {
        match command {
            PlanCommand::Restore { of, intent, .. } => {
                self.restored.entry(*of).or_insert(*intent);
                false
            }
            PlanCommand::Split {
                node,
                spread,
                bases,
                factors,
                own,
                ..
            } if self.restored.get(&seq) != Some(&Intent::Undo) => {
                let own = own.iter().map(|own| OwnShares {
                    node: own.node,
                    shares: shares(&own.bases),
                });
                let branch = Branch::of(*node, bases, own);
                if *node != NodeIndex(0) {
                    // One that shares only among its children says nothing of what lies below them.
                    if *spread == Spread::Subtree {
                        self.branches.push(branch);
                    }
                    return false;
                }
                self.bases.clone_from(bases);
                let counted = |kind: &FactorKind| factors.iter().any(|factor| factor.kind == *kind);
                self.kinds = FactorKind::ALL.into_iter().filter(counted).collect();
                self.whole = Some(branch);
                true
            }
            _ => false,
        }
    }

    /// Whether something was found whose place in the version's own tree is not known.
    pub(super) fn has_new(&self) -> bool {
        let kept = self.whole.as_ref().is_some_and(|whole| !whole.own.is_empty());
        kept || self.placed < self.branches.len()
    }

    /// Gives what was found in another version's log its places in the version's own tree; what is not there is forgotten.
    pub(super) fn carry_over(&mut self, place: impl Fn(NodeIndex) -> Option<NodeIndex>) {
        let moved = |branch: Branch, top: NodeIndex| Branch {
            top,
            shares: branch.shares,
            own: branch
                .own
                .into_iter()
                .filter_map(|own| {
                    Some(OwnShares {
                        node: place(own.node)?,
                        ..own
                    })
                })
                .collect(),
        };
        for branch in self.branches.split_off(self.placed) {
            if let Some(top) = place(branch.top) {
                self.branches.push(moved(branch, top));
            }
        }
        self.whole = self.whole.take().map(|whole| moved(whole, NodeIndex(0)));
        self.placed = self.branches.len();
    }

    /// The log of the version before begins: what was taken back in this one is not of it.
    pub(super) fn begin_before(&mut self) {
        self.restored.clear();
        self.placed = self.branches.len();
    }

    /// What is in force. A later split of something above takes the own weights of a branch away, unless it kept them.
    pub(super) fn found(self, shape: &Shape) -> WholeSplit {
        let inside = |top: NodeIndex, node: NodeIndex| {
            top <= node && shape.has(top) && shape.has(node) && node < shape.end(top)
        };
        let mut tops: Vec<NodeIndex> = Vec::new();
        let mut own: BTreeMap<NodeIndex, Vec<(Basis, u32)>> = BTreeMap::new();
        for branch in self.branches.into_iter().chain(self.whole) {
            let Branch {
                top,
                shares,
                own: kept,
            } = branch;
            let kept = kept.into_iter().map(|kept| (kept.node, kept.shares));
            for (node, shares) in kept.chain([(top, shares)]) {
                let splits = node != NodeIndex(0) && shape.has(node) && !shape.is_leaf(node);
                if splits && !tops.iter().any(|top| inside(*top, node)) {
                    own.entry(node).or_insert(shares);
                }
            }
            tops.push(top);
        }
        let whole = shares(&self.bases);
        let differs = |(node, shares): &(&NodeIndex, &Vec<(Basis, u32)>)| {
            let around = own
                .iter()
                .rev()
                .find(|(other, _)| *other < *node && inside(**other, **node));
            around.map_or_else(|| parts(&whole), |(_, around)| parts(around)) != parts(shares)
        };
        let own = own.iter().filter(differs).map(|(node, shares)| OwnShares {
            node: *node,
            shares: shares.clone(),
        });
        let in_force = InForce {
            kinds: self.kinds,
            own: own.collect(),
        };
        WholeSplit {
            bases: self.bases,
            in_force,
        }
    }
}

fn shares(bases: &[BasisWeights]) -> Vec<(Basis, u32)> {
    bases.iter().map(|basis| (basis.basis, basis.share_ppm)).collect()
}

/// Shares as they count: of the whole, without those that are nothing, in one order.
fn parts(shares: &[(Basis, u32)]) -> BTreeMap<Basis, u32> {
    let ppm: Vec<u32> = shares.iter().map(|(_, share_ppm)| *share_ppm).collect();
    let bases = shares.iter().map(|(basis, _)| *basis);
    bases
        .zip(brought_to(&ppm, WHOLE_PPM))
        .filter(|(_, share_ppm)| *share_ppm > 0)
        .collect()
}
