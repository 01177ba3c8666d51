//! Lines of the rows of a version, where somebody set them, and what the others were worked out from once it was published.

use domain::id::{NodeId, UserId, VersionId};
use domain::line::LineBy;
use domain::money::Minor;
use domain::plan::PeriodIndex;
use sea_orm::Value;
use uuid::Uuid;

use crate::bulk::{execute, query};
use crate::version::WHOLE;
use crate::{Scope, Session, StoreError, Writer};

/// What somebody set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowLine {
    /// Of which node.
    pub node: NodeId,
    /// By what it is cut.
    pub by: LineBy,
    /// The line.
    pub key: String,
    /// In which period of the plan; none: over the whole of it.
    pub period: Option<PeriodIndex>,
    /// How much of the node is to come from it.
    pub amount: Minor,
    /// Why, where they said.
    pub reason: Option<String>,
    /// Who.
    pub user: Option<UserId>,
    /// Their name then.
    pub user_name: String,
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
}

/// Everything that was set in a dimension of a version. The caller shows that of nodes within reach.
pub async fn list(
    session: &impl Session,
    scope: &Scope,
    version: VersionId,
    by: LineBy,
) -> Result<Vec<RowLine>, StoreError> {
    crate::version::get(session, scope, version).await?;
    let sql = "SELECT node_id, line_key, amount, reason, user_id, user_name, at_ms, period FROM row_line \
               WHERE organization_id = $1 AND version_id = $2 AND line_by = $3 ORDER BY node_id, line_key, period";
    let values: Vec<Value> = vec![scope.organization.0.into(), version.0.into(), by.as_str().into()];
    let mut set = Vec::new();
    for row in query(session, sql, values).await? {
        let node: Uuid = row.try_get_by_index(0)?;
        let user: Option<Uuid> = row.try_get_by_index(4)?;
        let period: i32 = row.try_get_by_index(7)?;
        set.push(RowLine {
            node: node.into(),
            by,
            key: row.try_get_by_index(1)?,
            period: u16::try_from(period).ok().map(PeriodIndex),
            amount: Minor(row.try_get_by_index(2)?),
            reason: row.try_get_by_index(3)?,
            user: user.map(UserId),
            user_name: row.try_get_by_index(5)?,
            at_ms: row.try_get_by_index(6)?,
        });
    }
    Ok(set)
}

/// Sets a line of a node, in the place of what was set before.
pub async fn put(
    writer: &Writer,
    scope: &Scope,
    version: VersionId,
    new: &RowLine,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO row_line (organization_id, version_id, node_id, line_by, line_key, amount, reason, user_id, \
               user_name, at_ms, period) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
               ON CONFLICT (organization_id, version_id, node_id, line_by, line_key, period) DO UPDATE SET \
               amount = excluded.amount, reason = excluded.reason, user_id = excluded.user_id, \
               user_name = excluded.user_name, at_ms = excluded.at_ms";
    let values: Vec<Value> = vec![
        scope.organization.0.into(),
        version.0.into(),
        new.node.0.into(),
        new.by.as_str().into(),
        new.key.clone().into(),
        new.amount.0.into(),
        new.reason.clone().into(),
        new.user.map(|user| user.0).into(),
        new.user_name.clone().into(),
        new.at_ms.into(),
        stored(new.period).into(),
    ];
    execute(writer, sql, values).await?;
    Ok(())
}

/// Lets a line of a node go; answers whether it was set.
pub async fn remove(
    writer: &Writer,
    scope: &Scope,
    version: VersionId,
    (node, period): (NodeId, Option<PeriodIndex>),
    (by, key): (LineBy, &str),
) -> Result<bool, StoreError> {
    let sql = "DELETE FROM row_line WHERE organization_id = $1 AND version_id = $2 AND node_id = $3 AND line_by = $4 \
               AND line_key = $5 AND period = $6";
    let values: Vec<Value> = vec![
        scope.organization.0.into(),
        version.0.into(),
        node.0.into(),
        by.as_str().into(),
        key.into(),
        stored(period).into(),
    ];
    Ok(execute(writer, sql, values).await? > 0)
}

/// Copies what was set in a version into another that has nothing yet, as far as it has the same nodes.
pub async fn copy(writer: &Writer, scope: &Scope, from: VersionId, to: VersionId) -> Result<(), StoreError> {
    let sql = "INSERT INTO row_line (organization_id, version_id, node_id, line_by, line_key, amount, reason, user_id, \
               user_name, at_ms, period) \
               SELECT r.organization_id, n.version_id, r.node_id, r.line_by, r.line_key, r.amount, r.reason, r.user_id, \
               r.user_name, r.at_ms, r.period FROM row_line r JOIN plan_node n ON n.organization_id = r.organization_id \
               AND n.version_id = $1 AND n.id = r.node_id WHERE r.organization_id = $2 AND r.version_id = $3";
    let values: Vec<Value> = vec![to.0.into(), scope.organization.0.into(), from.0.into()];
    execute(writer, sql, values).await?;
    Ok(())
}

/// A period as it is stored; [`WHOLE`] where there is none.
fn stored(period: Option<PeriodIndex>) -> i32 {
    period.map_or(WHOLE, |period| i32::from(period.0))
}

/// Keeps what the rows of a version sold of the lines of a dimension, as [`domain::line::profile::Profile::pack`] says it; only
/// before the version is on record.
pub async fn keep_profile(
    writer: &Writer,
    scope: &Scope,
    version: VersionId,
    by: LineBy,
    profile: &[u8],
) -> Result<(), StoreError> {
    let sql = "INSERT INTO row_profile (organization_id, version_id, line_by, profile) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (organization_id, version_id, line_by) DO UPDATE SET profile = excluded.profile";
    let values: Vec<Value> = vec![
        scope.organization.0.into(),
        version.0.into(),
        by.as_str().into(),
        profile.to_vec().into(),
    ];
    execute(writer, sql, values).await?;
    Ok(())
}

/// Whether anything was kept of what the rows of a version sold.
pub async fn has_profiles(
    session: &impl Session,
    scope: &Scope,
    version: VersionId,
) -> Result<bool, StoreError> {
    crate::version::get(session, scope, version).await?;
    let sql = "SELECT line_by FROM row_profile WHERE organization_id = $1 AND version_id = $2 LIMIT 1";
    let values: Vec<Value> = vec![scope.organization.0.into(), version.0.into()];
    Ok(!query(session, sql, values).await?.is_empty())
}

/// What was kept of a dimension.
pub async fn profile(
    session: &impl Session,
    scope: &Scope,
    version: VersionId,
    by: LineBy,
) -> Result<Option<Vec<u8>>, StoreError> {
    crate::version::get(session, scope, version).await?;
    let sql =
        "SELECT profile FROM row_profile WHERE organization_id = $1 AND version_id = $2 AND line_by = $3";
    let values: Vec<Value> = vec![scope.organization.0.into(), version.0.into(), by.as_str().into()];
    match query(session, sql, values).await?.first() {
        Some(row) => Ok(Some(row.try_get_by_index(0)?)),
        None => Ok(None),
    }
}
