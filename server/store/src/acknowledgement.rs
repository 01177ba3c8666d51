//! Confirmations and counters of published numbers; lines are only ever added.

mod row;

use std::collections::HashSet;

use domain::id::{MemberId, NodeId, UserId, VersionId};
use domain::pulse::Pulse;
use domain::target::Answer;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Value};
use uuid::Uuid;

use crate::bulk::{key_lists, marks, one_mark, query};
use crate::version::{self, Hash};
use crate::{Scope, Session, StoreError, Writer};

/// One answer of a carrier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledgement {
    /// The node whose number it is.
    pub node: NodeId,
    /// Counts from 1 at each node.
    pub seq: u32,
    /// The hash of exactly the number that was shown.
    pub hash: Hash,
    /// What was said.
    pub state: Answer,
    /// Why, in the carrier's words.
    pub comment: Option<String>,
    /// How fair the carrier calls it, where that was said.
    pub pulse: Option<Pulse>,
    /// Who carries the number.
    pub member: MemberId,
    /// The user who answered.
    pub user: Option<UserId>,
    /// The user's name at that time.
    pub user_name: String,
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
}

/// An answer to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAcknowledgement {
    /// The node whose number it is.
    pub node: NodeId,
    /// Who carries the number.
    pub member: MemberId,
    /// The hash of exactly the number that was shown.
    pub hash: Hash,
    /// What is said.
    pub state: Answer,
    /// Why, in the carrier's words.
    pub comment: Option<String>,
    /// How fair the carrier calls it, where that is said.
    pub pulse: Option<Pulse>,
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
}

/// Adds an answer at a node within reach; the caller has compared the hash with the number's under the version's lock.
pub async fn append(
    writer: &Writer,
    scope: &Scope,
    version: VersionId,
    new: NewAcknowledgement,
) -> Result<Acknowledgement, StoreError> {
    let by = (scope.actor.user(), scope.actor.name().to_owned());
    append_by(writer, scope, version, new, by).await
}

/// Adds an answer that somebody gave to the same number of an earlier version.
pub async fn append_by(
    writer: &Writer,
    scope: &Scope,
    version: VersionId,
    new: NewAcknowledgement,
    (user, user_name): (Option<UserId>, String),
) -> Result<Acknowledgement, StoreError> {
    let NewAcknowledgement {
        node,
        member,
        hash,
        state,
        comment,
        pulse,
        at_ms,
    } = new;
    let earlier = of_node(writer, scope, version, node).await?;
    let acknowledgement = Acknowledgement {
        node,
        seq: earlier.last().map_or(1, |last| last.seq + 1),
        hash,
        state,
        comment,
        pulse,
        member,
        user,
        user_name,
        at_ms,
    };
    row::Entity::insert(row::ActiveModel {
        organization_id: Set(scope.organization.0),
        version_id: Set(version.0),
        node_id: Set(node.0),
        seq: Set(i32::try_from(acknowledgement.seq).map_err(|_| StoreError::Damaged("acknowledgement.seq"))?),
        hash: Set(hash.to_vec()),
        state: Set(state.as_str().to_owned()),
        comment: Set(acknowledgement.comment.clone()),
        member_id: Set(member.0),
        user_id: Set(acknowledgement.user.map(|user| user.0)),
        user_name: Set(acknowledgement.user_name.clone()),
        at_ms: Set(at_ms),
        fair: Set(acknowledgement.pulse.as_ref().map(|pulse| i32::from(pulse.fair))),
        fair_reason: Set(acknowledgement
            .pulse
            .as_ref()
            .and_then(|pulse| pulse.reason.clone())),
    })
    .exec_without_returning(&writer.executor())
    .await?;
    Ok(acknowledgement)
}

/// Every answer at the nodes of a version that are within reach, oldest first.
pub async fn of_version(
    session: &impl Session,
    scope: &Scope,
    version: VersionId,
) -> Result<Vec<Acknowledgement>, StoreError> {
    let nodes: std::collections::HashSet<_> = version::nodes(session, scope, version)
        .await?
        .into_iter()
        .map(|node| node.id)
        .collect();
    let rows = row::Entity::find()
        .filter(row::Column::OrganizationId.eq(scope.organization.0))
        .filter(row::Column::VersionId.eq(version.0))
        .order_by_asc(row::Column::NodeId)
        .order_by_asc(row::Column::Seq)
        .all(&session.executor())
        .await?;
    rows.into_iter()
        .filter(|row| nodes.contains(&NodeId(row.node_id)))
        .map(Acknowledgement::try_from)
        .collect()
}

/// Who has answered to a number of these versions, and at which node, whatever they said; of the whole organization.
pub async fn answered(
    session: &impl Session,
    scope: &Scope,
    versions: &[VersionId],
) -> Result<HashSet<(NodeId, MemberId)>, StoreError> {
    let ids: Vec<Uuid> = versions.iter().map(|version| version.0).collect();
    let mut found = HashSet::new();
    for part in key_lists(&ids) {
        let dialect = session.dialect();
        let sql = format!(
            "SELECT DISTINCT node_id, member_id FROM acknowledgement WHERE organization_id = {} AND version_id IN ({})",
            one_mark(dialect, 1),
            marks(dialect, 2, part.len()),
        );
        let mut values: Vec<Value> = vec![scope.organization.0.into()];
        values.extend(part.into_iter().map(Value::from));
        for row in query(session, &sql, values).await? {
            let (node, member): (Uuid, Uuid) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            found.insert((node.into(), member.into()));
        }
    }
    Ok(found)
}

/// The answers at one node within reach, oldest first.
pub async fn of_node(
    session: &impl Session,
    scope: &Scope,
    version: VersionId,
    node: NodeId,
) -> Result<Vec<Acknowledgement>, StoreError> {
    version::nodes(session, scope, version)
        .await?
        .iter()
        .find(|known| known.id == node)
        .ok_or(StoreError::NotFound("target"))?;
    row::Entity::find()
        .filter(row::Column::OrganizationId.eq(scope.organization.0))
        .filter(row::Column::VersionId.eq(version.0))
        .filter(row::Column::NodeId.eq(node.0))
        .order_by_asc(row::Column::Seq)
        .all(&session.executor())
        .await?
        .into_iter()
        .map(Acknowledgement::try_from)
        .collect()
}

impl TryFrom<row::Model> for Acknowledgement {
    type Error = StoreError;
    fn try_from(row: row::Model) -> Result<Self, StoreError> {
        Ok(Self {
            node: row.node_id.into(),
            seq: u32::try_from(row.seq).map_err(|_| StoreError::Damaged("acknowledgement.seq"))?,
            hash: version::hash(&row.hash)?,
            state: Answer::parse(&row.state).ok_or(StoreError::Damaged("acknowledgement.state"))?,
            comment: row.comment,
            pulse: match row.fair {
                None => None,
                Some(fair) => Some(Pulse {
                    fair: u8::try_from(fair).map_err(|_| StoreError::Damaged("acknowledgement.fair"))?,
                    reason: row.fair_reason,
                }),
            },
            member: row.member_id.into(),
            user: row.user_id.map(UserId),
            user_name: row.user_name,
            at_ms: row.at_ms,
        })
    }
}
