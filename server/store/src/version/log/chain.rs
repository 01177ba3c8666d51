//! The links of a version's chain: what each of them covers.

use domain::id::VersionId;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::super::{Basis, Hash, Node, node};
use super::{Command, CommandKind, Snapshot};
use crate::Scope;

/// Canonical bytes: every field with its length before it, so that no two different rows give the same bytes.
struct Canonical(Sha256);

impl Canonical {
    fn new(domain: &str) -> Self {
        let mut canonical = Self(Sha256::new());
        canonical.bytes(domain.as_bytes());
        canonical
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
    }

    fn number(&mut self, number: i64) {
        self.0.update(number.to_be_bytes());
    }

    fn id(&mut self, id: Option<Uuid>) {
        self.bytes(id.as_ref().map_or(&[], |id| id.as_bytes()));
    }

    fn finish(self) -> Hash {
        self.0.finalize().into()
    }
}

pub(super) fn first_link(
    scope: &Scope,
    version: VersionId,
    start: &Snapshot,
    nodes: &[Node],
    bases: &[Basis],
) -> Hash {
    let mut bytes = Canonical::new("attain plan version 1");
    bytes.id(Some(scope.organization.0));
    bytes.id(Some(version.0));
    bytes.bytes(start.engine.as_bytes());
    bytes.bytes(&start.blob);
    bytes.number(nodes.len() as i64);
    for node in nodes {
        bytes.id(Some(node.id.0));
        bytes.number(i64::from(node.ordinal));
        bytes.id(node.parent.map(|parent| parent.0));
        bytes.bytes(node::kind(node.of).as_bytes());
        bytes.id(Some(node::reference_id(node.of)));
        bytes.bytes(node.level.as_bytes());
        bytes.bytes(node.name.as_bytes());
        bytes.id(node.carrier.map(|member| member.0));
    }
    bytes.number(bases.len() as i64);
    for basis in bases {
        bytes.bytes(basis.basis.as_bytes());
        bytes.id(Some(basis.node.0));
        bytes.number(i64::from(basis.period));
        bytes.bytes(&basis.weight.to_be_bytes());
    }
    bytes.finish()
}

pub(super) fn link(scope: &Scope, version: VersionId, command: &Command) -> Hash {
    let mut bytes = Canonical::new("attain plan command 1");
    bytes.bytes(&command.prev_hash);
    bytes.id(Some(scope.organization.0));
    bytes.id(Some(version.0));
    bytes.bytes(&command.seq.to_be_bytes());
    bytes.number(command.at_ms);
    bytes.id(command.actor);
    bytes.bytes(command.actor_name.as_bytes());
    match command.kind {
        CommandKind::Do => bytes.bytes(b"do"),
        CommandKind::Undo { of } => {
            bytes.bytes(b"undo");
            bytes.bytes(&of.to_be_bytes());
        }
        CommandKind::Redo { of } => {
            bytes.bytes(b"redo");
            bytes.bytes(&of.to_be_bytes());
        }
    }
    bytes.bytes(command.command.as_bytes());
    bytes.bytes(&command.deltas);
    bytes.bytes(command.engine.as_bytes());
    bytes.finish()
}
