//! The one-time link that makes the first owner. Takes no scope: there is neither organization nor user yet.

use sea_orm::{ConnectionTrait, Statement};

use crate::session::TokenHash;
use crate::{Session, StoreError, Writer};

/// Puts a new link in the place of every earlier one.
pub async fn replace(writer: &Writer, hash: &TokenHash, expires_at_ms: i64) -> Result<(), StoreError> {
    let executor = writer.executor();
    executor.execute_unprepared("DELETE FROM set_up_link").await?;
    executor
        .execute_raw(Statement::from_sql_and_values(
            executor.get_database_backend(),
            "INSERT INTO set_up_link (hash, expires_at_ms) VALUES ($1, $2)",
            [hash.to_vec().into(), expires_at_ms.into()],
        ))
        .await?;
    Ok(())
}

/// Whether the link is good at a time.
pub async fn is_good(session: &impl Session, hash: &TokenHash, now_ms: i64) -> Result<bool, StoreError> {
    let executor = session.executor();
    let row = executor
        .query_one_raw(Statement::from_sql_and_values(
            executor.get_database_backend(),
            "SELECT expires_at_ms FROM set_up_link WHERE hash = $1 AND expires_at_ms > $2",
            [hash.to_vec().into(), now_ms.into()],
        ))
        .await?;
    Ok(row.is_some())
}

/// Uses the link up: not found where it is unknown, used or too old. Of two at once one succeeds.
pub async fn take(writer: &Writer, hash: &TokenHash, now_ms: i64) -> Result<(), StoreError> {
    let executor = writer.executor();
    let done = executor
        .execute_raw(Statement::from_sql_and_values(
            executor.get_database_backend(),
            "DELETE FROM set_up_link WHERE hash = $1 AND expires_at_ms > $2",
            [hash.to_vec().into(), now_ms.into()],
        ))
        .await?;
    if done.rows_affected() == 0 {
        return Err(StoreError::NotFound("set-up link"));
    }
    Ok(())
}
