//! Versions of a plan: where they stand, their nodes and bases, and the log that a draft is the fold of.

mod log;
mod node;
mod parts;
mod place;

#[expect(unreachable_pub, reason = "the entity macro writes pub items")]
pub(crate) mod row;

use domain::access::{Permission, Role};
use domain::id::{PlanId, UserId, VersionId};
use domain::target::VersionStatus;
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

pub use log::{
    Command, CommandKind, NewCommand, Snapshot, append, append_once, begin, broken_link, commands, is_done,
    put_snapshot, snapshot_at,
};
pub use node::{
    Basis, BasisSums, Node, WHOLE, bases, basis_sums, hand_to_leaders, insert_nodes, names_any, nodes,
    nodes_at, put_bases,
};
pub(crate) use node::{reference, within_reach};
pub use parts::{PartSum, part_sums};
pub use place::{has_several_places, node_of, units_below};

use crate::{Scope, Session, StoreError, Writer};

/// A SHA-256.
pub type Hash = [u8; 32];

/// A version as its row says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Which.
    pub id: VersionId,
    /// Of which plan.
    pub plan: PlanId,
    /// Counts from 1 within the plan.
    pub number: u32,
    /// What people call it.
    pub name: String,
    /// Where it stands.
    pub status: VersionStatus,
    /// The version it was branched from.
    pub parent: Option<VersionId>,
    /// The number of its last command, 0 before the first.
    pub head: u64,
    /// The last link of its chain.
    pub head_hash: Hash,
    /// The command up to which its cells are written, `None` before they ever were.
    pub cells_head: Option<u64>,
    /// What was frozen: the hash of all its numbers; `None` in a draft.
    pub hash: Option<Hash>,
    /// When it was published, milliseconds since the epoch.
    pub published_at_ms: Option<i64>,
    /// Who published it, by name.
    pub published_by: Option<String>,
    /// The user who published it; none where a program did, or where it was before this was kept.
    pub publisher: Option<UserId>,
    /// When it stopped being the plan of record.
    pub archived_at_ms: Option<i64>,
    /// When it was made.
    pub created_at_ms: i64,
    /// Who made it.
    pub created_by: String,
    /// When the draft was put away, milliseconds since the epoch; none where it is in use.
    pub shelved_at_ms: Option<i64>,
}

impl Version {
    /// A draft that is new: no command yet, no cells, branched from none.
    pub fn draft(
        plan: PlanId,
        id: VersionId,
        number: u32,
        name: String,
        created_at_ms: i64,
        created_by: &str,
    ) -> Self {
        Self {
            id,
            plan,
            number,
            name,
            status: VersionStatus::Draft,
            parent: None,
            head: 0,
            head_hash: Hash::default(),
            cells_head: None,
            hash: None,
            published_at_ms: None,
            published_by: None,
            publisher: None,
            archived_at_ms: None,
            created_at_ms,
            created_by: created_by.to_owned(),
            shelved_at_ms: None,
        }
    }
}

/// What is not published yet, in review too.
pub(crate) const IN_WORK: [VersionStatus; 2] = [VersionStatus::Draft, VersionStatus::InReview];

/// Whether the scope sees numbers before they are published: who plans, everything; who leads, the part within reach.
pub(crate) fn sees_drafts(scope: &Scope) -> bool {
    scope.may(Permission::EditPlan) || scope.role == Role::Manager
}

fn visible(scope: &Scope) -> Condition {
    let own = Condition::all().add(row::version::Column::OrganizationId.eq(scope.organization.0));
    if sees_drafts(scope) {
        own
    } else {
        own.add(row::version::Column::Status.is_not_in(IN_WORK.map(VersionStatus::as_str)))
    }
}

/// Stores a version with no command and no snapshot yet; see [`begin`].
pub async fn insert(writer: &Writer, scope: &Scope, version: &Version) -> Result<(), StoreError> {
    row::version::Entity::insert(row::version::ActiveModel {
        organization_id: Set(scope.organization.0),
        id: Set(version.id.0),
        plan_id: Set(version.plan.0),
        number: Set(i32::try_from(version.number).map_err(|_| StoreError::Damaged("version.number"))?),
        name: Set(version.name.clone()),
        status: Set(stored(version.status).to_owned()),
        parent_version_id: Set(version.parent.map(|parent| parent.0)),
        head_seq: Set(signed(version.head)?),
        head_hash: Set(version.head_hash.to_vec()),
        cells_seq: Set(version.cells_head.map(signed).transpose()?),
        hash: Set(version.hash.map(|hash| hash.to_vec())),
        published_at_ms: Set(version.published_at_ms),
        published_by: Set(version.published_by.clone()),
        archived_at_ms: Set(version.archived_at_ms),
        created_at_ms: Set(version.created_at_ms),
        created_by: Set(version.created_by.clone()),
        publisher_id: Set(version.publisher.map(|user| user.0)),
        in_review: Set(i32::from(version.status == VersionStatus::InReview)),
        shelved_at_ms: Set(version.shelved_at_ms),
    })
    .exec_without_returning(&writer.executor())
    .await?;
    Ok(())
}

/// One version within sight.
pub async fn get(session: &impl Session, scope: &Scope, id: VersionId) -> Result<Version, StoreError> {
    row::version::Entity::find()
        .filter(visible(scope))
        .filter(row::version::Column::Id.eq(id.0))
        .one(&session.executor())
        .await?
        .ok_or(StoreError::NotFound("version"))?
        .try_into()
}

/// Takes the version's write lock until the transaction ends. (SQLite has one writer at a time anyway.)
pub async fn lock(writer: &Writer, scope: &Scope, id: VersionId) -> Result<Version, StoreError> {
    row::version::Entity::find()
        .filter(visible(scope))
        .filter(row::version::Column::Id.eq(id.0))
        .lock_exclusive()
        .one(&writer.executor())
        .await?
        .ok_or(StoreError::NotFound("version"))?
        .try_into()
}

/// The versions of one plan, or of all, within sight, the latest first.
pub async fn list(
    session: &impl Session,
    scope: &Scope,
    plan: Option<PlanId>,
) -> Result<Vec<Version>, StoreError> {
    let mut query = row::version::Entity::find()
        .filter(visible(scope))
        .order_by_desc(row::version::Column::CreatedAtMs)
        .order_by_desc(row::version::Column::Number);
    if let Some(plan) = plan {
        query = query.filter(row::version::Column::PlanId.eq(plan.0));
    }
    query
        .all(&session.executor())
        .await?
        .into_iter()
        .map(Version::try_from)
        .collect()
}

/// Closes a draft for those who approve it, or opens it again. The row stays a draft's: who sees no drafts does not see it
/// either.
pub async fn set_in_review(
    writer: &Writer,
    scope: &Scope,
    id: VersionId,
    in_review: bool,
) -> Result<(), StoreError> {
    let change = row::version::ActiveModel {
        organization_id: Set(scope.organization.0),
        id: Set(id.0),
        in_review: Set(i32::from(in_review)),
        ..Default::default()
    };
    row::version::Entity::update(change)
        .exec(&writer.executor())
        .await?;
    Ok(())
}

/// Freezes a version as it is: status, hash and who did it.
pub async fn publish(
    writer: &Writer,
    scope: &Scope,
    id: VersionId,
    hash: Hash,
    at_ms: i64,
    by: &str,
) -> Result<(), StoreError> {
    let change = row::version::ActiveModel {
        organization_id: Set(scope.organization.0),
        id: Set(id.0),
        status: Set(VersionStatus::Published.as_str().to_owned()),
        in_review: Set(0),
        hash: Set(Some(hash.to_vec())),
        published_at_ms: Set(Some(at_ms)),
        published_by: Set(Some(by.to_owned())),
        publisher_id: Set(scope.actor.user().map(|user| user.0)),
        ..Default::default()
    };
    row::version::Entity::update(change)
        .exec(&writer.executor())
        .await?;
    Ok(())
}

/// Says that a version is no longer the plan of record.
pub async fn archive(writer: &Writer, scope: &Scope, id: VersionId, at_ms: i64) -> Result<(), StoreError> {
    let change = row::version::ActiveModel {
        organization_id: Set(scope.organization.0),
        id: Set(id.0),
        status: Set(VersionStatus::Archived.as_str().to_owned()),
        archived_at_ms: Set(Some(at_ms)),
        ..Default::default()
    };
    row::version::Entity::update(change)
        .exec(&writer.executor())
        .await?;
    Ok(())
}

/// Gives a draft another name.
pub async fn rename(writer: &Writer, scope: &Scope, id: VersionId, name: &str) -> Result<(), StoreError> {
    let change = row::version::ActiveModel {
        organization_id: Set(scope.organization.0),
        id: Set(id.0),
        name: Set(name.to_owned()),
        ..Default::default()
    };
    row::version::Entity::update(change)
        .exec(&writer.executor())
        .await?;
    Ok(())
}

/// Puts a draft away at a moment, or takes it out again.
pub async fn shelve(
    writer: &Writer,
    scope: &Scope,
    id: VersionId,
    at_ms: Option<i64>,
) -> Result<(), StoreError> {
    let change = row::version::ActiveModel {
        organization_id: Set(scope.organization.0),
        id: Set(id.0),
        shelved_at_ms: Set(at_ms),
        ..Default::default()
    };
    row::version::Entity::update(change)
        .exec(&writer.executor())
        .await?;
    Ok(())
}

/// Whether another version was branched from this one.
pub async fn is_branched(session: &impl Session, scope: &Scope, id: VersionId) -> Result<bool, StoreError> {
    let child = row::version::Entity::find()
        .filter(row::version::Column::OrganizationId.eq(scope.organization.0))
        .filter(row::version::Column::ParentVersionId.eq(id.0))
        .one(&session.executor())
        .await?;
    Ok(child.is_some())
}

/// Says up to which command the cells are written.
pub async fn mark_cells(writer: &Writer, scope: &Scope, id: VersionId, head: u64) -> Result<(), StoreError> {
    let change = row::version::ActiveModel {
        organization_id: Set(scope.organization.0),
        id: Set(id.0),
        cells_seq: Set(Some(signed(head)?)),
        ..Default::default()
    };
    row::version::Entity::update(change)
        .exec(&writer.executor())
        .await?;
    Ok(())
}

impl TryFrom<row::version::Model> for Version {
    type Error = StoreError;
    fn try_from(row: row::version::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            plan: row.plan_id.into(),
            number: u32::try_from(row.number).map_err(|_| StoreError::Damaged("version.number"))?,
            name: row.name,
            status: status(&row.status, row.in_review)?,
            parent: row.parent_version_id.map(VersionId),
            head: unsigned(row.head_seq)?,
            head_hash: hash(&row.head_hash)?,
            cells_head: row.cells_seq.map(unsigned).transpose()?,
            hash: row.hash.as_deref().map(hash).transpose()?,
            published_at_ms: row.published_at_ms,
            published_by: row.published_by,
            publisher: row.publisher_id.map(UserId),
            archived_at_ms: row.archived_at_ms,
            created_at_ms: row.created_at_ms,
            created_by: row.created_by,
            shelved_at_ms: row.shelved_at_ms,
        })
    }
}

/// The status as the column has it: what is in review is a draft that is closed for a while.
fn stored(status: VersionStatus) -> &'static str {
    match status {
        VersionStatus::InReview => VersionStatus::Draft.as_str(),
        other => other.as_str(),
    }
}

fn status(stored: &str, in_review: i32) -> Result<VersionStatus, StoreError> {
    match VersionStatus::parse(stored).ok_or(StoreError::Damaged("version.status"))? {
        VersionStatus::Draft if in_review != 0 => Ok(VersionStatus::InReview),
        status => Ok(status),
    }
}

pub(crate) fn hash(bytes: &[u8]) -> Result<Hash, StoreError> {
    Hash::try_from(bytes).map_err(|_| StoreError::Damaged("hash"))
}

fn signed(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| StoreError::Damaged("a number above 2^63"))
}

fn unsigned(number: i64) -> Result<u64, StoreError> {
    u64::try_from(number).map_err(|_| StoreError::Damaged("a number below 0"))
}
