//! Who takes part in the negotiation of a number: whoever carries it, the leaders above it by the tree of the version, and
//! whoever plans. Nobody beside it, and nobody below.

use std::collections::HashMap;

use domain::access::Permission;
use domain::id::{MemberId, NodeId, VersionId};
use domain::negotiation::Side;
use domain::plan::NodeIndex;
use domain::target::NodeRef;
use store::Session;
use store::version::Node;

use crate::plan::state;
use crate::{Error, Scope};

/// The tree of a version.
pub(super) struct Tree {
    nodes: Vec<Node>,
    places: HashMap<NodeId, usize>,
}

/// Those who take part in the negotiation of one number.
pub(super) struct Party {
    /// Whoever carries it.
    pub(super) carrier: Option<MemberId>,
    of: NodeRef,
    /// Who leads above it, from the nearest up; each once.
    above: Vec<MemberId>,
}

impl Tree {
    /// All of a version, also where whoever asks sees only a part.
    pub(super) async fn load(
        session: &impl Session,
        scope: &Scope,
        version: VersionId,
    ) -> Result<Self, Error> {
        let nodes = store::version::nodes(session, &state::all(scope), version).await?;
        let places = (0..).zip(&nodes).map(|(place, node)| (node.id, place)).collect();
        Ok(Self { nodes, places })
    }

    /// A node by its id.
    pub(super) fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(*self.places.get(&id)?)
    }

    /// A node by its place in the version.
    pub(super) fn at(&self, row: NodeIndex) -> Option<&Node> {
        self.nodes.get(row.0 as usize)
    }

    /// The node above.
    pub(super) fn parent(&self, node: &Node) -> Option<&Node> {
        self.node(node.parent?)
    }

    /// Who takes part in the negotiation of a node's number.
    pub(super) fn party(&self, node: &Node) -> Party {
        let mut above: Vec<MemberId> = Vec::new();
        let mut at = self.parent(node);
        // A tree has no more levels than nodes: the walk also ends where damaged data go round in a circle.
        for _ in 0..self.nodes.len() {
            let Some(higher) = at else { break };
            if let Some(leader) = higher.carrier
                && Some(leader) != node.carrier
                && !above.contains(&leader)
            {
                above.push(leader);
            }
            at = self.parent(higher);
        }
        // Further up than this nobody is asked by name.
        above.truncate(usize::from(u8::MAX - 1));
        Party {
            carrier: node.carrier,
            of: node.of,
            above,
        }
    }
}

impl Party {
    /// How often it can go further up: past the last leader whoever plans decides.
    pub(super) fn levels(&self) -> u8 {
        u8::try_from(self.above.len()).unwrap_or(u8::MAX)
    }

    /// The side of whoever asks; none for whom the negotiation is not. Nobody decides on a number of their own.
    pub(super) fn side(&self, scope: &Scope) -> Option<Side> {
        if scope.member.is_some() && scope.member == self.carrier {
            return Some(Side::Carrier);
        }
        if scope.may(Permission::EditPlan) {
            return Some(Side::Plan);
        }
        let leads = scope.role.may(Permission::ReadPeople)
            && scope.member.is_some_and(|member| self.above.contains(&member));
        let within = match self.of {
            NodeRef::Unit(unit) => scope.sees_unit(unit),
            NodeRef::Member(member) => scope.sees_member(member),
        };
        (leads && within).then_some(Side::Plan)
    }

    /// Whether whoever asks decides for the plan once it has gone so far up: that leader, those above, and whoever plans.
    pub(super) fn decides(&self, scope: &Scope, level: u8) -> bool {
        let from = self.deciders(level);
        scope.may(Permission::EditPlan) || scope.member.is_some_and(|member| from.contains(&member))
    }

    /// Who leads above once it has gone so far up, from the nearest.
    pub(super) fn deciders(&self, level: u8) -> &[MemberId] {
        self.above.get(usize::from(level)..).unwrap_or_default()
    }

    /// Who is asked by name once it has gone so far up; none: whoever plans.
    pub(super) fn decider(&self, level: u8) -> Option<MemberId> {
        self.above.get(usize::from(level)).copied()
    }
}
