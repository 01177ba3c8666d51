//! Levels of the rows of a version, where somebody set another ratio than the plan's or an amount.

use domain::id::{NodeId, UserId, VersionId};
use domain::level::{Above, Level, Value};
use domain::plan::NodeIndex;
use sea_orm::Value as Bound;
use uuid::Uuid;

use crate::bulk::{execute, query};
use crate::{Scope, Session, StoreError, Writer};

/// What somebody set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowLevel {
    /// Of which node.
    pub node: NodeId,
    /// The place of that node in the whole version.
    pub row: NodeIndex,
    /// Floor, stretch or challenge.
    pub level: Level,
    /// What it has.
    pub value: Value,
    /// What follows above.
    pub above: Above,
    /// Who.
    pub user: Option<UserId>,
    /// Their name then.
    pub user_name: String,
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
}

/// Everything that was set in a version, in the order of its rows. The caller shows that of nodes within reach.
pub async fn list(
    session: &impl Session,
    scope: &Scope,
    version: VersionId,
) -> Result<Vec<RowLevel>, StoreError> {
    crate::version::get(session, scope, version).await?;
    let sql = "SELECT r.node_id, r.level, r.kind, r.figure, r.above, r.user_id, r.user_name, r.at_ms, n.ordinal \
               FROM row_level r JOIN plan_node n ON n.organization_id = r.organization_id \
               AND n.version_id = r.version_id AND n.id = r.node_id \
               WHERE r.organization_id = $1 AND r.version_id = $2 ORDER BY n.ordinal, r.level";
    let values: Vec<Bound> = vec![scope.organization.0.into(), version.0.into()];
    let mut set = Vec::new();
    for row in query(session, sql, values).await? {
        let node: Uuid = row.try_get_by_index(0)?;
        let (level, kind): (String, String) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        let above: String = row.try_get_by_index(4)?;
        let user: Option<Uuid> = row.try_get_by_index(5)?;
        let place: i32 = row.try_get_by_index(8)?;
        set.push(RowLevel {
            node: node.into(),
            row: NodeIndex(u32::try_from(place).map_err(|_| StoreError::Damaged("plan_node.ordinal"))?),
            level: Level::parse(&level).ok_or(StoreError::Damaged("row_level.level"))?,
            value: crate::level::value(&kind, row.try_get_by_index(3)?)?,
            above: Above::parse(&above).ok_or(StoreError::Damaged("row_level.above"))?,
            user: user.map(UserId),
            user_name: row.try_get_by_index(6)?,
            at_ms: row.try_get_by_index(7)?,
        });
    }
    Ok(set)
}

/// Sets a level of a node, in the place of what was set before.
pub async fn put(
    writer: &Writer,
    scope: &Scope,
    version: VersionId,
    new: &RowLevel,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO row_level (organization_id, version_id, node_id, level, kind, figure, above, user_id, \
               user_name, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
               ON CONFLICT (organization_id, version_id, node_id, level) DO UPDATE SET \
               kind = excluded.kind, figure = excluded.figure, above = excluded.above, user_id = excluded.user_id, \
               user_name = excluded.user_name, at_ms = excluded.at_ms";
    let (kind, figure) = crate::level::stored(new.value);
    let values: Vec<Bound> = vec![
        scope.organization.0.into(),
        version.0.into(),
        new.node.0.into(),
        new.level.as_str().into(),
        kind.into(),
        figure.into(),
        new.above.as_str().into(),
        new.user.map(|user| user.0).into(),
        new.user_name.clone().into(),
        new.at_ms.into(),
    ];
    execute(writer, sql, values).await?;
    Ok(())
}

/// Lets a level of a node go: it has the plan's ratio again. Answers whether it was set.
pub async fn remove(
    writer: &Writer,
    scope: &Scope,
    version: VersionId,
    node: NodeId,
    level: Level,
) -> Result<bool, StoreError> {
    let sql = "DELETE FROM row_level WHERE organization_id = $1 AND version_id = $2 AND node_id = $3 AND level = $4";
    let values: Vec<Bound> = vec![
        scope.organization.0.into(),
        version.0.into(),
        node.0.into(),
        level.as_str().into(),
    ];
    Ok(execute(writer, sql, values).await? > 0)
}

/// Copies what was set in a version into another that has nothing yet, as far as it has the same nodes.
pub async fn copy(writer: &Writer, scope: &Scope, from: VersionId, to: VersionId) -> Result<(), StoreError> {
    let sql = "INSERT INTO row_level (organization_id, version_id, node_id, level, kind, figure, above, user_id, \
               user_name, at_ms) \
               SELECT r.organization_id, n.version_id, r.node_id, r.level, r.kind, r.figure, r.above, r.user_id, \
               r.user_name, r.at_ms FROM row_level r JOIN plan_node n ON n.organization_id = r.organization_id \
               AND n.version_id = $1 AND n.id = r.node_id WHERE r.organization_id = $2 AND r.version_id = $3";
    let values: Vec<Bound> = vec![to.0.into(), scope.organization.0.into(), from.0.into()];
    execute(writer, sql, values).await?;
    Ok(())
}
