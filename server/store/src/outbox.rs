//! What changed, in order, for everybody who listens: written in the transaction of the change itself.

mod watch;

use domain::event::Event;
use sea_orm::{ConnectionTrait, Statement};

use crate::log_head::{self, Log};
use crate::{Dialect, Scope, Session, StoreError, Writer};

pub use watch::watch;

/// PostgreSQL's channel; the payload is the organization's id and the number, joined by a colon.
pub const CHANNEL: &str = "attain_outbox";

/// One event with its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Counts from 1 without gaps, in the order of commits.
    pub seq: i64,
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
    /// What.
    pub event: Event,
}

/// Appends an event and answers its number. Other writers of the logs wait from here to the end of the transaction:
/// make it one of its last steps.
pub async fn append(writer: &Writer, scope: &Scope, event: &Event) -> Result<i64, StoreError> {
    let seq = log_head::next(writer, scope, Log::Outbox).await?;
    let text = serde_json::to_string(event).map_err(|_| StoreError::Damaged("outbox.event"))?;
    let executor = writer.executor();
    let backend = executor.get_database_backend();
    let sql = format!(
        "INSERT INTO outbox (organization_id, seq, at_ms, event) VALUES ($1, $2, {}, $3)",
        log_head::now_ms(writer)
    );
    let values = [scope.organization.0.into(), seq.into(), text.into()];
    executor
        .execute_raw(Statement::from_sql_and_values(backend, sql, values))
        .await?;
    if writer.dialect() == Dialect::Postgres {
        let payload = format!("{}:{seq}", scope.organization);
        let values = [CHANNEL.into(), payload.into()];
        executor
            .query_one_raw(Statement::from_sql_and_values(
                backend,
                "SELECT pg_notify($1, $2)",
                values,
            ))
            .await?;
    }
    Ok(seq)
}

/// The number of the last event; 0 before the first.
pub async fn head(session: &impl Session, scope: &Scope) -> Result<i64, StoreError> {
    log_head::outbox(session, scope).await
}

/// Events after a number, oldest first, at most `limit`.
pub async fn since(
    session: &impl Session,
    scope: &Scope,
    after_seq: i64,
    limit: u32,
) -> Result<Vec<Entry>, StoreError> {
    let executor = session.executor();
    let statement = Statement::from_sql_and_values(
        executor.get_database_backend(),
        "SELECT seq, at_ms, event FROM outbox WHERE organization_id = $1 AND seq > $2 ORDER BY seq LIMIT $3",
        [
            scope.organization.0.into(),
            after_seq.into(),
            i64::from(limit).into(),
        ],
    );
    let mut entries = Vec::new();
    for row in executor.query_all_raw(statement).await? {
        let text: String = row.try_get_by_index(2)?;
        entries.push(Entry {
            seq: row.try_get_by_index(0)?,
            at_ms: row.try_get_by_index(1)?,
            event: serde_json::from_str(&text).map_err(|_| StoreError::Damaged("outbox.event"))?,
        });
    }
    Ok(entries)
}
