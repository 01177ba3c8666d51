//! Files that something refers to: their names and sizes; what they hold lies in the folder for files under their ids.

use domain::id::AttachmentId;
use domain::outlook::Attached;
use sea_orm::Value;
use uuid::Uuid;

use crate::bulk::{execute, query};
use crate::{Scope, Session, StoreError, Writer};

/// That nothing refers to an attachment `a`: a line for each noun that may.
const UNUSED: &str = "NOT EXISTS (SELECT 1 FROM market_factor f WHERE f.organization_id = attachment.organization_id \
                      AND f.attachment_id = attachment.id)";

/// The file of an id.
pub async fn get(session: &impl Session, scope: &Scope, id: AttachmentId) -> Result<Attached, StoreError> {
    let sql = "SELECT name, bytes FROM attachment WHERE organization_id = $1 AND id = $2";
    let rows = query(session, sql, vec![scope.organization.0.into(), id.0.into()]).await?;
    let row = rows.first().ok_or(StoreError::NotFound("attachment"))?;
    let bytes: i64 = row.try_get_by_index(1)?;
    Ok(Attached {
        id,
        name: row.try_get_by_index(0)?,
        bytes: u64::try_from(bytes).map_err(|_| StoreError::Damaged("attachment.bytes"))?,
    })
}

/// Notes a file.
pub async fn insert(writer: &Writer, scope: &Scope, file: &Attached, at_ms: i64) -> Result<(), StoreError> {
    let values: Vec<Value> = vec![
        scope.organization.0.into(),
        file.id.0.into(),
        file.name.clone().into(),
        i64::try_from(file.bytes)
            .map_err(|_| StoreError::Damaged("attachment.bytes"))?
            .into(),
        scope.actor.name().into(),
        at_ms.into(),
    ];
    let sql = "INSERT INTO attachment (organization_id, id, name, bytes, created_by, created_at_ms) \
               VALUES ($1, $2, $3, $4, $5, $6)";
    execute(writer, sql, values).await?;
    Ok(())
}

/// Every file there is.
pub async fn all(session: &impl Session, scope: &Scope) -> Result<Vec<AttachmentId>, StoreError> {
    let sql = "SELECT id FROM attachment WHERE organization_id = $1";
    ids(session, sql, vec![scope.organization.0.into()]).await
}

/// Files from before an instant that nothing refers to.
pub async fn unused(
    session: &impl Session,
    scope: &Scope,
    before_ms: i64,
) -> Result<Vec<AttachmentId>, StoreError> {
    let sql =
        format!("SELECT id FROM attachment WHERE organization_id = $1 AND created_at_ms < $2 AND {UNUSED}");
    ids(session, &sql, vec![scope.organization.0.into(), before_ms.into()]).await
}

/// Forgets a file that nothing refers to; `false` where something does, or it is not there.
pub async fn remove_unused(writer: &Writer, scope: &Scope, id: AttachmentId) -> Result<bool, StoreError> {
    let sql = format!("DELETE FROM attachment WHERE organization_id = $1 AND id = $2 AND {UNUSED}");
    let values = vec![scope.organization.0.into(), id.0.into()];
    Ok(execute(writer, &sql, values).await? > 0)
}

async fn ids(session: &impl Session, sql: &str, values: Vec<Value>) -> Result<Vec<AttachmentId>, StoreError> {
    let rows = query(session, sql, values).await?;
    let id = |row: &sea_orm::QueryResult| Ok(AttachmentId(row.try_get_by_index::<Uuid>(0)?));
    rows.iter().map(id).collect()
}
