//! The rows of a version, and those a change adds: somebody who comes to a unit, what is nobody's in it, a unit that had no row.

use std::collections::{BTreeSet, HashMap};

use domain::id::{MemberId, NodeId, UnitId};
use domain::money::Minor;
use domain::plan::{NodeIndex, NodeRef};
use store::unit::Unit;
use store::version::Node;

use crate::clock;
use crate::plan::UNASSIGNED;
use crate::plan::state::State;
use crate::plan::tree::MEMBER;

/// The rows of a version with more of them.
pub(super) struct Rows<'a> {
    state: &'a State,
    nodes: Vec<Node>,
    places: HashMap<NodeId, usize>,
    below: HashMap<NodeId, Vec<NodeId>>,
    /// The rows of units.
    units: HashMap<UnitId, NodeId>,
    /// The rows of people in units, and of what is nobody's in them (by no person).
    inside: HashMap<(NodeId, Option<MemberId>), NodeId>,
    added: BTreeSet<NodeId>,
    /// What is nobody's in units that carried their number themselves until somebody came: by row, the unit's.
    heirs: HashMap<NodeId, NodeId>,
}

impl<'a> Rows<'a> {
    pub(super) fn of(state: &'a State) -> Self {
        let mut rows = Self {
            state,
            nodes: Vec::with_capacity(state.nodes.len() + 8),
            places: HashMap::with_capacity(state.nodes.len()),
            below: HashMap::new(),
            units: HashMap::new(),
            inside: HashMap::with_capacity(state.nodes.len()),
            added: BTreeSet::new(),
            heirs: HashMap::new(),
        };
        for node in &state.nodes {
            rows.push(node.clone());
        }
        rows
    }

    fn push(&mut self, node: Node) {
        self.places.insert(node.id, self.nodes.len());
        if let Some(parent) = node.parent {
            self.below.entry(parent).or_default().push(node.id);
        }
        // The first of several counts.
        match (node.of, node.parent) {
            (NodeRef::Member(member), Some(parent)) => {
                self.inside.entry((parent, Some(member))).or_insert(node.id);
            }
            (NodeRef::Unit(_), Some(parent)) if node.level == UNASSIGNED => {
                self.inside.entry((parent, None)).or_insert(node.id);
            }
            (NodeRef::Unit(unit), _) if node.level != UNASSIGNED => {
                self.units.entry(unit).or_insert(node.id);
            }
            _ => {}
        }
        self.nodes.push(node);
    }

    pub(super) fn get(&self, id: NodeId) -> Option<&Node> {
        self.places.get(&id).and_then(|place| self.nodes.get(*place))
    }

    /// The place of a row in the published version; none of what is new.
    pub(super) fn was(&self, id: NodeId) -> Option<NodeIndex> {
        let id = self.heirs.get(&id).copied().unwrap_or(id);
        let place = *self.places.get(&id)?;
        (place < self.state.nodes.len()).then_some(NodeIndex(place as u32))
    }

    /// What a row has in each period before the change.
    pub(super) fn amounts(&self, id: NodeId) -> Vec<Minor> {
        let was = self.was(id);
        self.state
            .grid
            .periods()
            .map(|period| was.map_or(Minor(0), |was| self.state.grid.amount(was, Some(period))))
            .collect()
    }

    pub(super) fn is_added(&self, id: NodeId) -> bool {
        self.added.contains(&id)
    }

    /// The row of a unit.
    pub(super) fn unit(&self, unit: UnitId) -> Option<NodeId> {
        self.units.get(&unit).copied()
    }

    /// The unit a row stands for, or stands below.
    pub(super) fn unit_of(&self, id: NodeId) -> Option<UnitId> {
        let node = self.get(id)?;
        match (node.of, node.parent) {
            (NodeRef::Unit(unit), _) => Some(unit),
            (NodeRef::Member(_), Some(parent)) => self.unit_of(parent),
            (NodeRef::Member(_), None) => None,
        }
    }

    /// Every row of a person, with the row of the unit it is in.
    pub(super) fn of_member(&self, member: MemberId) -> Vec<(NodeId, NodeId)> {
        self.nodes
            .iter()
            .filter(|node| node.of == NodeRef::Member(member))
            .filter_map(|node| Some((node.id, node.parent?)))
            .collect()
    }

    /// The rows right below, in order.
    pub(super) fn children(&self, id: NodeId) -> &[NodeId] {
        self.below.get(&id).map_or(&[], Vec::as_slice)
    }

    /// The people in a unit.
    pub(super) fn people_in(&self, unit: NodeId) -> Vec<NodeId> {
        let is_person = |id: &&NodeId| self.get(**id).is_some_and(|node| node.of.is_member());
        self.children(unit).iter().filter(is_person).copied().collect()
    }

    /// The row of a person in a unit, made where there is none.
    pub(super) fn member_in(&mut self, unit: NodeId, member: MemberId, name: &str) -> NodeId {
        let known = self.inside.get(&(unit, Some(member))).copied();
        known.unwrap_or_else(|| self.insert(unit, NodeRef::Member(member), MEMBER, name, Some(member)))
    }

    /// The row of what is nobody's in a unit, made where there is none.
    pub(super) fn nobody_in(&mut self, unit: NodeId, called: &str) -> NodeId {
        if let Some(known) = self.inside.get(&(unit, None)) {
            return *known;
        }
        let was_leaf = self.children(unit).is_empty();
        let Some(of) = self.get(unit).map(|node| node.of) else {
            return unit;
        };
        let id = self.insert(unit, of, UNASSIGNED, called, None);
        if was_leaf {
            self.heirs.insert(id, unit);
        }
        id
    }

    /// The row of a unit, made where there is none, with those above it; none where no unit above is in the version.
    pub(super) fn ensure_unit(&mut self, unit: UnitId, units: &[Unit], nobody: &str) -> Option<NodeId> {
        let mut missing: Vec<&Unit> = Vec::new();
        let mut next = unit;
        let mut above = loop {
            if let Some(known) = self.unit(next) {
                break known;
            }
            let found = units.iter().find(|known| known.id == next)?;
            if missing.iter().any(|known| known.id == found.id) {
                return None;
            }
            missing.push(found);
            next = found.parent?;
        };
        for unit in missing.into_iter().rev() {
            self.keep_own(above, nobody);
            above = self.insert(
                above,
                NodeRef::Unit(unit.id),
                &unit.level,
                &unit.name,
                unit.manager,
            );
        }
        Some(above)
    }

    /// The row of a unit right below another, made where there is none.
    pub(super) fn unit_in(&mut self, parent: NodeId, unit: &Unit, nobody: &str) -> NodeId {
        if let Some(known) = self.unit(unit.id) {
            return known;
        }
        self.keep_own(parent, nobody);
        self.insert(
            parent,
            NodeRef::Unit(unit.id),
            &unit.level,
            &unit.name,
            unit.manager,
        )
    }

    /// A unit that carries its number itself hands it to a row of its own before anything comes below it.
    pub(super) fn keep_own(&mut self, unit: NodeId, nobody: &str) {
        if self.children(unit).is_empty() && self.amounts(unit).iter().any(|amount| amount.0 != 0) {
            self.nobody_in(unit, nobody);
        }
    }

    fn insert(
        &mut self,
        parent: NodeId,
        of: NodeRef,
        level: &str,
        name: &str,
        carrier: Option<MemberId>,
    ) -> NodeId {
        let id = NodeId(clock::new_id());
        self.push(Node {
            id,
            ordinal: 0,
            parent: Some(parent),
            of,
            level: level.to_owned(),
            name: name.to_owned(),
            carrier,
        });
        self.added.insert(id);
        id
    }

    /// Every row in pre-order, what was added last among its siblings; without new rows for what is nobody's that nothing uses.
    pub(super) fn in_order(&self, used: &BTreeSet<NodeId>) -> Vec<Node> {
        let is_idle = |node: &Node| {
            node.level == UNASSIGNED
                && self.added.contains(&node.id)
                && !used.contains(&node.id)
                && !self.heirs.contains_key(&node.id)
        };
        let mut ordered: Vec<Node> = Vec::with_capacity(self.nodes.len());
        let mut open: Vec<&Node> = self.nodes.iter().take(1).collect();
        while let Some(node) = open.pop() {
            if is_idle(node) {
                continue;
            }
            ordered.push(Node {
                ordinal: ordered.len() as u32,
                ..node.clone()
            });
            let below = self.children(node.id).iter().rev();
            open.extend(below.filter_map(|id| self.get(*id)));
        }
        ordered
    }
}
