//! Who changed what and when; rows are only ever added.

use sea_orm::{ConnectionTrait, Statement};
use serde_json::Value;
use uuid::Uuid;

use crate::log_head::{self, Log};
use crate::{Actor, Scope, Session, StoreError, Writer};

/// One line of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Counts from 1.
    pub seq: i64,
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
    /// `system`, `user` or `token`.
    pub actor_kind: String,
    /// The user or token; `None` for the program itself.
    pub actor_id: Option<Uuid>,
    /// The name at that time.
    pub actor_name: String,
    /// What was done, `noun.verb`.
    pub verb: String,
    /// To what: `noun:id`.
    pub subject: String,
    /// Before and after, or what else tells the change; never a secret.
    pub detail: Value,
}

/// Adds a line in the transaction of the change. Other writers of the logs wait from here to the end of the
/// transaction: make it one of its last steps.
pub async fn record(
    writer: &Writer,
    scope: &Scope,
    verb: &str,
    subject: &str,
    detail: &Value,
) -> Result<i64, StoreError> {
    let seq = log_head::next(writer, scope, Log::Audit).await?;
    let (kind, id) = match &scope.actor {
        Actor::System(_) => ("system", None),
        Actor::User { id, .. } => ("user", Some(id.0)),
        Actor::Token { id, .. } => ("token", Some(id.0)),
    };
    let sql = format!(
        "INSERT INTO audit (organization_id, seq, at_ms, actor_kind, actor_id, actor_name, verb, subject, detail)
         VALUES ($1, $2, {}, $3, $4, $5, $6, $7, $8)",
        log_head::now_ms(writer)
    );
    let values = [
        scope.organization.0.into(),
        seq.into(),
        kind.into(),
        id.into(),
        scope.actor.name().into(),
        verb.into(),
        subject.into(),
        detail.to_string().into(),
    ];
    let executor = writer.executor();
    executor
        .execute_raw(Statement::from_sql_and_values(
            executor.get_database_backend(),
            sql,
            values,
        ))
        .await?;
    Ok(seq)
}

/// Lines newest first, at most `limit`; `before_seq` continues an earlier page.
pub async fn list(
    session: &impl Session,
    scope: &Scope,
    before_seq: Option<i64>,
    limit: u32,
) -> Result<Vec<Entry>, StoreError> {
    let executor = session.executor();
    let statement = Statement::from_sql_and_values(
        executor.get_database_backend(),
        "SELECT seq, at_ms, actor_kind, actor_id, actor_name, verb, subject, detail FROM audit
         WHERE organization_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3",
        [
            scope.organization.0.into(),
            before_seq.unwrap_or(i64::MAX).into(),
            i64::from(limit).into(),
        ],
    );
    let mut entries = Vec::new();
    for row in executor.query_all_raw(statement).await? {
        let detail: String = row.try_get_by_index(7)?;
        entries.push(Entry {
            seq: row.try_get_by_index(0)?,
            at_ms: row.try_get_by_index(1)?,
            actor_kind: row.try_get_by_index(2)?,
            actor_id: row.try_get_by_index(3)?,
            actor_name: row.try_get_by_index(4)?,
            verb: row.try_get_by_index(5)?,
            subject: row.try_get_by_index(6)?,
            detail: serde_json::from_str(&detail).map_err(|_| StoreError::Damaged("audit.detail"))?,
        });
    }
    Ok(entries)
}

/// Who did something last to a subject, and when; none where nobody did.
pub async fn last(
    session: &impl Session,
    scope: &Scope,
    verb: &str,
    subject: &str,
) -> Result<Option<(String, i64)>, StoreError> {
    let executor = session.executor();
    let statement = Statement::from_sql_and_values(
        executor.get_database_backend(),
        "SELECT actor_name, at_ms FROM audit
         WHERE organization_id = $1 AND verb = $2 AND subject = $3 ORDER BY seq DESC LIMIT 1",
        [scope.organization.0.into(), verb.into(), subject.into()],
    );
    let row = executor.query_one_raw(statement).await?;
    let found = row.map(|row| Ok::<_, StoreError>((row.try_get_by_index(0)?, row.try_get_by_index(1)?)));
    found.transpose()
}
