//! Trees of the tests.

use uuid::Uuid;

use crate::id::{MemberId, UnitId};
use crate::plan::{NodeIndex, NodeRef, NodeSpec};

/// Nodes in pre-order: each with its parent, whether it is a person, and its name; ids count from 1.
pub(super) fn nodes(list: &[(Option<u32>, bool, &str)]) -> Vec<NodeSpec> {
    (1_u128..)
        .map(Uuid::from_u128)
        .zip(list)
        .map(|(id, (parent, is_person, name))| NodeSpec {
            parent: parent.map(NodeIndex),
            reference: if *is_person {
                NodeRef::Member(MemberId(id))
            } else {
                NodeRef::Unit(UnitId(id))
            },
            name: (*name).to_owned(),
        })
        .collect()
}
