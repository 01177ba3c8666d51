//! Remarks of the numbers of a version, and of it as a whole.

use domain::id::{NodeId, RemarkId, UserId, VersionId};
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use crate::bulk::{execute, query};
use crate::{Scope, Session, StoreError, Writer};

/// One remark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Which.
    pub id: RemarkId,
    /// The first of its thread; itself where it is that.
    pub thread: RemarkId,
    /// Of which node; none: of the plan as a whole.
    pub node: Option<NodeId>,
    /// Of which period, by its ordinal; none: of the total.
    pub period: Option<i32>,
    /// The words.
    pub text: String,
    /// Who.
    pub user: Option<UserId>,
    /// Their name then.
    pub user_name: String,
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
    /// When its thread was settled, and by whom; only of the first of a thread.
    pub resolved: Option<(i64, String)>,
}

/// Adds a remark.
pub async fn add(writer: &Writer, scope: &Scope, version: VersionId, new: &Remark) -> Result<(), StoreError> {
    let values: Vec<Value> = vec![
        scope.organization.0.into(),
        new.id.0.into(),
        version.0.into(),
        new.thread.0.into(),
        new.node.map(|node| node.0).into(),
        new.period.into(),
        new.text.clone().into(),
        new.user.map(|user| user.0).into(),
        new.user_name.clone().into(),
        new.at_ms.into(),
    ];
    let sql = "INSERT INTO remark (organization_id, id, version_id, thread_id, node_id, period, text, user_id, user_name, \
               at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    execute(writer, sql, values).await?;
    Ok(())
}

/// Every remark of a version, the oldest first. The caller shows those of nodes within reach.
pub async fn of_version(
    session: &impl Session,
    scope: &Scope,
    version: VersionId,
) -> Result<Vec<Remark>, StoreError> {
    crate::version::get(session, scope, version).await?;
    let sql = "SELECT id, thread_id, node_id, period, text, user_id, user_name, at_ms, resolved_at_ms, resolved_by \
               FROM remark WHERE organization_id = $1 AND version_id = $2 ORDER BY at_ms, id";
    let values = vec![scope.organization.0.into(), version.0.into()];
    query(session, sql, values).await?.iter().map(read).collect()
}

/// Settles a thread of a version, or opens it again.
pub async fn resolve(
    writer: &Writer,
    scope: &Scope,
    version: VersionId,
    thread: RemarkId,
    resolved: Option<(i64, String)>,
) -> Result<(), StoreError> {
    let (at_ms, by) = resolved.unzip();
    let values: Vec<Value> = vec![
        scope.organization.0.into(),
        version.0.into(),
        thread.0.into(),
        at_ms.into(),
        by.into(),
    ];
    let sql = "UPDATE remark SET resolved_at_ms = $4, resolved_by = $5 WHERE organization_id = $1 AND version_id = $2 \
               AND id = $3";
    if execute(writer, sql, values).await? == 1 {
        Ok(())
    } else {
        Err(StoreError::NotFound("remark"))
    }
}

fn read(row: &QueryResult) -> Result<Remark, StoreError> {
    let (id, thread): (Uuid, Uuid) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    let node: Option<Uuid> = row.try_get_by_index(2)?;
    let user: Option<Uuid> = row.try_get_by_index(5)?;
    let at_ms: Option<i64> = row.try_get_by_index(8)?;
    let by: Option<String> = row.try_get_by_index(9)?;
    Ok(Remark {
        id: id.into(),
        thread: thread.into(),
        node: node.map(NodeId),
        period: row.try_get_by_index(3)?,
        text: row.try_get_by_index(4)?,
        user: user.map(UserId),
        user_name: row.try_get_by_index(6)?,
        at_ms: row.try_get_by_index(7)?,
        resolved: at_ms.map(|at_ms| (at_ms, by.unwrap_or_default())),
    })
}
