//! The append-only log of a version: packed snapshots, one command with its deltas per change, each linked to the one
//! before by a hash, so that a changed byte anywhere is found.

mod chain;

use domain::access::Permission;
use domain::id::{CommandId, VersionId};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use self::chain::{first_link, link};
use super::{Hash, Version, row, signed, unsigned};
use crate::{Scope, Session, StoreError, Writer};

/// The packed state of a version at a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// After which command; 0 is the start.
    pub seq: u64,
    /// The engine that packed it.
    pub engine: String,
    /// What `domain` made and can read.
    pub blob: Vec<u8>,
}

/// What a command is in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommandKind {
    /// A change.
    Do,
    /// Puts back what a command of the same author had changed.
    Undo {
        /// Which command.
        of: u64,
    },
    /// Does a command again that had been taken back.
    Redo {
        /// Which command.
        of: u64,
    },
}

/// A command to be appended; the deltas are its result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCommand<'a> {
    /// What it is.
    pub kind: CommandKind,
    /// The command as JSON.
    pub command: &'a str,
    /// The packed deltas.
    pub deltas: &'a [u8],
    /// The engine that solved it.
    pub engine: &'a str,
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
}

/// A command of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// Counts from 1.
    pub seq: u64,
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
    /// The user, also behind a token; `None` for the program itself.
    pub actor: Option<Uuid>,
    /// The name at that time.
    pub actor_name: String,
    /// What it is.
    pub kind: CommandKind,
    /// The command as JSON.
    pub command: String,
    /// The packed deltas.
    pub deltas: Vec<u8>,
    /// The engine that solved it.
    pub engine: String,
    /// The hash of the link before.
    pub prev_hash: Hash,
    /// The hash of this link.
    pub hash: Hash,
}

/// The log tells everything of a version, so it is for those who plan; others read cells, which are filtered.
pub(crate) fn planners_only(scope: &Scope) -> Result<(), StoreError> {
    if scope.may(Permission::EditPlan) && scope.sees_everything() {
        Ok(())
    } else {
        Err(StoreError::NotFound("version"))
    }
}

/// Stores the state a version starts from and the first link of its chain, which covers the state and the nodes;
/// answers that link.
pub async fn begin(
    writer: &Writer,
    scope: &Scope,
    version: VersionId,
    start: &Snapshot,
) -> Result<Hash, StoreError> {
    planners_only(scope)?;
    put_snapshot(writer, scope, version, start).await?;
    let nodes = super::nodes(writer, scope, version).await?;
    let bases = super::bases(writer, scope, version).await?;
    let first = first_link(scope, version, start, &nodes, &bases);
    move_head(writer, scope, version, 0, first).await?;
    Ok(first)
}

/// Appends a command to a locked version and answers its number and link. The caller holds the lock of
/// [`super::lock`] and passes what it gave.
pub async fn append(
    writer: &Writer,
    scope: &Scope,
    locked: &Version,
    new: &NewCommand<'_>,
) -> Result<Command, StoreError> {
    append_once(writer, scope, locked, new, None).await
}

/// The same with the key its sender gave the command; the database takes none of them twice. It is no part of the chain: it
/// says nothing of the plan.
pub async fn append_once(
    writer: &Writer,
    scope: &Scope,
    locked: &Version,
    new: &NewCommand<'_>,
    key: Option<CommandId>,
) -> Result<Command, StoreError> {
    planners_only(scope)?;
    let mut command = Command {
        seq: locked.head + 1,
        at_ms: new.at_ms,
        actor: scope.actor.user().map(|user| user.0),
        actor_name: scope.actor.name().to_owned(),
        kind: new.kind,
        command: new.command.to_owned(),
        deltas: new.deltas.to_vec(),
        engine: new.engine.to_owned(),
        prev_hash: locked.head_hash,
        hash: Hash::default(),
    };
    command.hash = link(scope, locked.id, &command);
    let (kind, of) = match command.kind {
        CommandKind::Do => ("do", None),
        CommandKind::Undo { of } => ("undo", Some(signed(of)?)),
        CommandKind::Redo { of } => ("redo", Some(signed(of)?)),
    };
    row::command::Entity::insert(row::command::ActiveModel {
        organization_id: Set(scope.organization.0),
        version_id: Set(locked.id.0),
        seq: Set(signed(command.seq)?),
        at_ms: Set(command.at_ms),
        actor_id: Set(command.actor),
        actor_name: Set(command.actor_name.clone()),
        kind: Set(kind.to_owned()),
        of_seq: Set(of),
        command: Set(command.command.clone()),
        deltas: Set(command.deltas.clone()),
        engine: Set(command.engine.clone()),
        prev_hash: Set(command.prev_hash.to_vec()),
        hash: Set(command.hash.to_vec()),
        command_key: Set(key.map(|key| key.0)),
    })
    .exec_without_returning(&writer.executor())
    .await?;
    move_head(writer, scope, locked.id, command.seq, command.hash).await?;
    Ok(command)
}

async fn move_head(
    writer: &Writer,
    scope: &Scope,
    version: VersionId,
    head: u64,
    hash: Hash,
) -> Result<(), StoreError> {
    let change = row::version::ActiveModel {
        organization_id: Set(scope.organization.0),
        id: Set(version.0),
        head_seq: Set(signed(head)?),
        head_hash: Set(hash.to_vec()),
        ..Default::default()
    };
    row::version::Entity::update(change)
        .exec(&writer.executor())
        .await?;
    Ok(())
}

/// Stores a packed state, from which a later fold may start.
pub async fn put_snapshot(
    writer: &Writer,
    scope: &Scope,
    version: VersionId,
    snapshot: &Snapshot,
) -> Result<(), StoreError> {
    planners_only(scope)?;
    row::snapshot::Entity::insert(row::snapshot::ActiveModel {
        organization_id: Set(scope.organization.0),
        version_id: Set(version.0),
        seq: Set(signed(snapshot.seq)?),
        engine: Set(snapshot.engine.clone()),
        blob: Set(snapshot.blob.clone()),
    })
    .exec_without_returning(&writer.executor())
    .await?;
    Ok(())
}

/// The last snapshot at or before a command.
pub async fn snapshot_at(
    session: &impl Session,
    scope: &Scope,
    version: VersionId,
    seq: u64,
) -> Result<Snapshot, StoreError> {
    planners_only(scope)?;
    let row = row::snapshot::Entity::find()
        .filter(row::snapshot::Column::OrganizationId.eq(scope.organization.0))
        .filter(row::snapshot::Column::VersionId.eq(version.0))
        .filter(row::snapshot::Column::Seq.lte(signed(seq)?))
        .order_by_desc(row::snapshot::Column::Seq)
        .one(&session.executor())
        .await?
        .ok_or(StoreError::NotFound("version"))?;
    Ok(Snapshot {
        seq: unsigned(row.seq)?,
        engine: row.engine,
        blob: row.blob,
    })
}

/// The commands after a number up to another, oldest first.
pub async fn commands(
    session: &impl Session,
    scope: &Scope,
    version: VersionId,
    after: u64,
    until: u64,
) -> Result<Vec<Command>, StoreError> {
    planners_only(scope)?;
    row::command::Entity::find()
        .filter(row::command::Column::OrganizationId.eq(scope.organization.0))
        .filter(row::command::Column::VersionId.eq(version.0))
        .filter(row::command::Column::Seq.gt(signed(after)?))
        .filter(row::command::Column::Seq.lte(signed(until)?))
        .order_by_asc(row::command::Column::Seq)
        .all(&session.executor())
        .await?
        .into_iter()
        .map(Command::try_from)
        .collect()
}

/// Whether a command with this key was appended.
pub async fn is_done(
    session: &impl Session,
    scope: &Scope,
    version: VersionId,
    key: CommandId,
) -> Result<bool, StoreError> {
    planners_only(scope)?;
    let found = row::command::Entity::find()
        .filter(row::command::Column::OrganizationId.eq(scope.organization.0))
        .filter(row::command::Column::VersionId.eq(version.0))
        .filter(row::command::Column::CommandKey.eq(key.0))
        .one(&session.executor())
        .await?;
    Ok(found.is_some())
}

/// Checks every link of the chain; answers the number of the first command that is not as it was written (0: the
/// start, or the head of the version).
pub async fn broken_link(
    session: &impl Session,
    scope: &Scope,
    version: VersionId,
) -> Result<Option<u64>, StoreError> {
    planners_only(scope)?;
    let head = super::get(session, scope, version).await?;
    let start = snapshot_at(session, scope, version, 0).await?;
    let nodes = super::nodes(session, scope, version).await?;
    let bases = super::bases(session, scope, version).await?;
    let mut last = first_link(scope, version, &start, &nodes, &bases);
    let mut seq = 0;
    // A row whose hashes cannot even be read is a broken link too, so the rows are looked at one by one.
    let rows = row::command::Entity::find()
        .filter(row::command::Column::OrganizationId.eq(scope.organization.0))
        .filter(row::command::Column::VersionId.eq(version.0))
        .order_by_asc(row::command::Column::Seq)
        .all(&session.executor())
        .await?;
    for row in rows {
        seq += 1;
        match Command::try_from(row) {
            Ok(command)
                if command.seq == seq
                    && command.prev_hash == last
                    && command.hash == link(scope, version, &command) =>
            {
                last = command.hash;
            }
            _ => return Ok(Some(seq)),
        }
    }
    if head.head == seq && head.head_hash == last {
        Ok(None)
    } else {
        Ok(Some(if seq == 0 { 0 } else { seq }))
    }
}

impl TryFrom<row::command::Model> for Command {
    type Error = StoreError;
    fn try_from(row: row::command::Model) -> Result<Self, StoreError> {
        let of = row.of_seq.map(unsigned).transpose()?;
        let kind = match (row.kind.as_str(), of) {
            ("do", None) => CommandKind::Do,
            ("undo", Some(of)) => CommandKind::Undo { of },
            ("redo", Some(of)) => CommandKind::Redo { of },
            _ => return Err(StoreError::Damaged("plan_command.kind")),
        };
        Ok(Self {
            seq: unsigned(row.seq)?,
            at_ms: row.at_ms,
            actor: row.actor_id,
            actor_name: row.actor_name,
            kind,
            command: row.command,
            deltas: row.deltas,
            engine: row.engine,
            prev_hash: super::hash(&row.prev_hash)?,
            hash: super::hash(&row.hash)?,
        })
    }
}
