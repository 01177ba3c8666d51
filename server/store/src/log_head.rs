//! The last numbers of the audit log and the outbox.

use domain::id::OrganizationId;
use sea_orm::{ConnectionTrait, Statement};

use crate::{Scope, Session, StoreError, Writer};

/// Begins both logs of a new organization at 0.
pub(crate) async fn create(writer: &Writer, organization: OrganizationId) -> Result<(), StoreError> {
    let executor = writer.executor();
    let statement = Statement::from_sql_and_values(
        executor.get_database_backend(),
        "INSERT INTO log_head (organization_id, audit_seq, outbox_seq) VALUES ($1, 0, 0)",
        [organization.0.into()],
    );
    executor.execute_raw(statement).await?;
    Ok(())
}

/// Which log a number is taken from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Log {
    Audit,
    Outbox,
}

/// Takes the next number of a log; from here to the end of the transaction other writers of either log wait, so call it late.
pub(crate) async fn next(writer: &Writer, scope: &Scope, log: Log) -> Result<i64, StoreError> {
    let sql = match log {
        Log::Audit => {
            "UPDATE log_head SET audit_seq = audit_seq + 1 WHERE organization_id = $1 RETURNING audit_seq"
        }
        Log::Outbox => {
            "UPDATE log_head SET outbox_seq = outbox_seq + 1 WHERE organization_id = $1 RETURNING outbox_seq"
        }
    };
    let executor = writer.executor();
    let statement = Statement::from_sql_and_values(
        executor.get_database_backend(),
        sql,
        [scope.organization.0.into()],
    );
    let row = executor
        .query_one_raw(statement)
        .await?
        .ok_or(StoreError::NotFound("organization"))?;
    Ok(row.try_get_by_index(0)?)
}

/// The last number given out by the outbox and committed; 0 before the first.
pub(crate) async fn outbox(session: &impl Session, scope: &Scope) -> Result<i64, StoreError> {
    let executor = session.executor();
    let statement = Statement::from_sql_and_values(
        executor.get_database_backend(),
        "SELECT outbox_seq FROM log_head WHERE organization_id = $1",
        [scope.organization.0.into()],
    );
    let row = executor
        .query_one_raw(statement)
        .await?
        .ok_or(StoreError::NotFound("organization"))?;
    Ok(row.try_get_by_index(0)?)
}

/// Milliseconds since the epoch by the database's clock, as an SQL expression: one clock for every instance.
pub(crate) fn now_ms(session: &impl Session) -> &'static str {
    match session.dialect() {
        crate::Dialect::Sqlite => "CAST((julianday('now') - 2440587.5) * 86400000.0 AS INTEGER)",
        crate::Dialect::Postgres => "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)",
    }
}
