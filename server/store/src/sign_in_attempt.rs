//! Tries to sign in, by the hash of the name typed: kept for known and unknown names alike, so that neither the answer
//! nor its time tells them apart. Takes no scope: nobody is known yet.

use domain::id::OrganizationId;
use sea_orm::{ConnectionTrait, Statement};

use crate::session::TokenHash;
use crate::{Session, StoreError, Writer};

/// What became of a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// It counts as failed until [`clear`] is called; how many there were in a row, this one among them.
    Counted(u32),
    /// Too early; when another makes sense, milliseconds since the epoch.
    TooEarly(i64),
}

/// Counts a try before its password is looked at, so that parallel tries cannot slip through, and forgets names not tried
/// since `forget_before_ms`.
pub async fn begin(
    writer: &Writer,
    organization: OrganizationId,
    name_hash: &TokenHash,
    now_ms: i64,
    forget_before_ms: i64,
) -> Result<Attempt, StoreError> {
    let executor = writer.executor();
    let backend = executor.get_database_backend();
    executor
        .execute_raw(Statement::from_sql_and_values(
            backend,
            "DELETE FROM sign_in_attempt WHERE organization_id = $1 AND tried_at_ms < $2",
            [organization.0.into(), forget_before_ms.into()],
        ))
        .await?;
    let counted = executor
        .query_one_raw(Statement::from_sql_and_values(
            backend,
            "INSERT INTO sign_in_attempt (organization_id, name_hash, failed_count, retry_after_ms, tried_at_ms)
             VALUES ($1, $2, 1, 0, $3)
             ON CONFLICT (organization_id, name_hash) DO UPDATE
             SET failed_count = sign_in_attempt.failed_count + 1, tried_at_ms = excluded.tried_at_ms
             WHERE sign_in_attempt.retry_after_ms <= excluded.tried_at_ms
             RETURNING failed_count",
            [
                organization.0.into(),
                name_hash.to_vec().into(),
                now_ms.into(),
            ],
        ))
        .await?;
    if let Some(row) = counted {
        let count: i32 = row.try_get_by_index(0)?;
        return Ok(Attempt::Counted(count.max(1).unsigned_abs()));
    }
    let row = executor
        .query_one_raw(Statement::from_sql_and_values(
            backend,
            "SELECT retry_after_ms FROM sign_in_attempt WHERE organization_id = $1 AND name_hash = $2",
            [organization.0.into(), name_hash.to_vec().into()],
        ))
        .await?
        .ok_or(StoreError::NotFound("sign_in_attempt"))?;
    Ok(Attempt::TooEarly(row.try_get_by_index(0)?))
}

/// Sets when the next try makes sense.
pub async fn delay(
    writer: &Writer,
    organization: OrganizationId,
    name_hash: &TokenHash,
    retry_after_ms: i64,
) -> Result<(), StoreError> {
    let executor = writer.executor();
    executor
        .execute_raw(Statement::from_sql_and_values(
            executor.get_database_backend(),
            "UPDATE sign_in_attempt SET retry_after_ms = $3 WHERE organization_id = $1 AND name_hash = $2",
            [
                organization.0.into(),
                name_hash.to_vec().into(),
                retry_after_ms.into(),
            ],
        ))
        .await?;
    Ok(())
}

/// Forgets the failed tries of a name.
pub async fn clear(
    writer: &Writer,
    organization: OrganizationId,
    name_hash: &TokenHash,
) -> Result<(), StoreError> {
    let executor = writer.executor();
    executor
        .execute_raw(Statement::from_sql_and_values(
            executor.get_database_backend(),
            "DELETE FROM sign_in_attempt WHERE organization_id = $1 AND name_hash = $2",
            [organization.0.into(), name_hash.to_vec().into()],
        ))
        .await?;
    Ok(())
}
