//! The branches of an outlook: the tree of the version that is looked at, or the one a plan made today would have; and to
//! which branch a credit belongs.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::id::{MemberId, NodeId, UnitId};
use domain::outlook::{Place, Who};
use domain::target::NodeRef;
use store::unit::Unit;
use store::version::Node;

/// A branch.
#[derive(Clone, Debug)]
pub(super) struct Branch {
    pub(super) place: Place,
    pub(super) name: String,
    pub(super) above: Option<usize>,
    pub(super) depth: usize,
}

/// Branches in pre-order, the company first.
#[derive(Clone, Debug)]
pub(super) struct Branches {
    pub(super) list: Vec<Branch>,
    places: HashMap<Place, usize>,
    /// Where each person stands.
    leaves: BTreeMap<MemberId, Vec<usize>>,
    /// Units above units, those that are gone among them.
    parents: HashMap<UnitId, Option<UnitId>>,
}

impl Branches {
    /// The branches of nodes; `nobodys`: units that also have a branch for what belongs to nobody there.
    pub(super) fn of(nodes: &[Node], units: &[Unit], nobodys: &BTreeSet<UnitId>) -> Self {
        let mut below: BTreeMap<Option<NodeId>, Vec<&Node>> = BTreeMap::new();
        for node in nodes {
            below.entry(node.parent).or_default().push(node);
        }
        let mut branches = Self {
            list: Vec::with_capacity(nodes.len() + nobodys.len()),
            places: HashMap::new(),
            leaves: BTreeMap::new(),
            parents: units.iter().map(|unit| (unit.id, unit.parent)).collect(),
        };
        for root in below.get(&None).into_iter().flatten().take(1) {
            branches.grow(root, None, UnitId::default(), 0, &below, nobodys);
        }
        branches
    }

    fn grow(
        &mut self,
        node: &Node,
        above: Option<usize>,
        unit: UnitId,
        depth: usize,
        below: &BTreeMap<Option<NodeId>, Vec<&Node>>,
        nobodys: &BTreeSet<UnitId>,
    ) {
        let place = Place::of_node(node.of, unit);
        let at = self.push(place, node.name.clone(), above, depth);
        let NodeRef::Unit(unit) = node.of else {
            return;
        };
        let children = below.get(&Some(node.id)).map(Vec::as_slice).unwrap_or_default();
        for child in children {
            self.grow(child, Some(at), unit, depth + 1, below, nobodys);
        }
        if nobodys.contains(&unit) && !children.is_empty() {
            let nobody = Place {
                unit,
                who: Who::Nobody,
            };
            self.push(nobody, String::new(), Some(at), depth + 1);
        }
    }

    fn push(&mut self, place: Place, name: String, above: Option<usize>, depth: usize) -> usize {
        let at = self.list.len();
        self.list.push(Branch {
            place,
            name,
            above,
            depth,
        });
        self.places.insert(place, at);
        if let Who::Member(member) = place.who {
            self.leaves.entry(member).or_default().push(at);
        }
        at
    }

    /// The branch of a place.
    pub(super) fn find(&self, place: Place) -> Option<usize> {
        self.places.get(&place).copied()
    }

    /// A branch and those above it.
    pub(super) fn line(&self, at: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(at), |at| self.list.get(*at)?.above)
    }

    /// The branch a credit counts for first; that of the unit itself where nothing of nobody's was known.
    pub(super) fn lowest(&self, member: MemberId, unit: UnitId) -> usize {
        match self.of_credit(member, unit) {
            Credit::Leaf(at) => at,
            Credit::Nobody(unit) => self
                .find(Place {
                    unit,
                    who: Who::Nobody,
                })
                .or_else(|| self.find(Place::unit(unit)))
                .unwrap_or(0),
        }
    }

    /// Whether nothing lies below a branch.
    pub(super) fn is_leaf(&self, at: usize) -> bool {
        self.list.get(at + 1).is_none_or(|next| next.above != Some(at))
    }

    /// The lowest branch a credit belongs to: the person's in the unit of the credit. What was credited above the unit a
    /// person is in now (before they were assigned, mostly) is the person's as well; anything else is nobody's.
    pub(super) fn of_credit(&self, member: MemberId, unit: UnitId) -> Credit {
        // A unit that is gone counts where the one above it does.
        let mut known = Some(unit);
        let mut steps = 0;
        while let Some(unit) = known
            && !self.places.contains_key(&Place::unit(unit))
            && steps <= self.parents.len()
        {
            known = self.parents.get(&unit).copied().flatten();
            steps += 1;
        }
        let at = known.and_then(|unit| self.find(Place::unit(unit))).unwrap_or(0);
        let unit = self.list.get(at).map_or(unit, |branch| branch.place.unit);
        let own = Place {
            unit,
            who: Who::Member(member),
        };
        if let Some(own) = self.find(own) {
            return Credit::Leaf(own);
        }
        let leaves = self.leaves.get(&member).into_iter().flatten();
        if let Some(below) = leaves
            .copied()
            .find(|leaf| self.line(*leaf).any(|above| above == at))
        {
            return Credit::Leaf(below);
        }
        if self.is_leaf(at) {
            return Credit::Leaf(at);
        }
        Credit::Nobody(unit)
    }
}

/// Where a credit belongs.
pub(super) enum Credit {
    /// To the lowest branch of this place in the list.
    Leaf(usize),
    /// To nobody in a unit.
    Nobody(UnitId),
}
