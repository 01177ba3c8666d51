//! What a target serves. It hangs on a set of assumptions.

use domain::id::AssumptionsId;
use domain::money::Minor;

use crate::bulk::{execute, query};
use crate::{Scope, Session, StoreError, Writer};

/// What was said: a name, and how much it asks of the target.
pub async fn get(
    session: &impl Session,
    scope: &Scope,
    set: AssumptionsId,
) -> Result<Option<(String, Option<Minor>)>, StoreError> {
    let sql = "SELECT name, asks FROM target_purpose WHERE organization_id = $1 AND set_id = $2";
    let rows = query(session, sql, vec![scope.organization.0.into(), set.0.into()]).await?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    let asks: Option<i64> = row.try_get_by_index(1)?;
    Ok(Some((row.try_get_by_index(0)?, asks.map(Minor))))
}

/// Says what it serves, or takes that back.
pub async fn put(
    writer: &Writer,
    scope: &Scope,
    set: AssumptionsId,
    purpose: Option<(&str, Option<Minor>)>,
) -> Result<(), StoreError> {
    let sql = "DELETE FROM target_purpose WHERE organization_id = $1 AND set_id = $2";
    execute(writer, sql, vec![scope.organization.0.into(), set.0.into()]).await?;
    if let Some((name, asks)) = purpose {
        let sql = "INSERT INTO target_purpose (organization_id, set_id, name, asks) VALUES ($1, $2, $3, $4)";
        let values = vec![
            scope.organization.0.into(),
            set.0.into(),
            name.into(),
            asks.map(|amount| amount.0).into(),
        ];
        execute(writer, sql, values).await?;
    }
    Ok(())
}

/// Copies the purpose of one set into another that has none.
pub(crate) async fn copy(
    writer: &Writer,
    scope: &Scope,
    from: AssumptionsId,
    to: AssumptionsId,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO target_purpose (organization_id, set_id, name, asks)
               SELECT organization_id, $1, name, asks FROM target_purpose
               WHERE organization_id = $2 AND set_id = $3";
    let values = vec![to.0.into(), scope.organization.0.into(), from.0.into()];
    execute(writer, sql, values).await?;
    Ok(())
}
