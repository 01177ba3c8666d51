//! What is counted in this organization.

use domain::id::MetricId;
use domain::metric::{MetricKey, Source};
use uuid::Uuid;

use crate::bulk::{execute, query};
use crate::{Scope, Session, StoreError, Writer};

/// A metric and which generation of its roll-ups is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metric {
    /// Its id.
    pub id: MetricId,
    /// Its key.
    pub key: MetricKey,
    /// The generation of roll-ups that is read and written.
    pub generation: i32,
    /// What is counted for it.
    pub source: Source,
}

/// A metric of the organization, `None` before its first fact.
pub async fn find(
    session: &impl Session,
    scope: &Scope,
    key: &MetricKey,
) -> Result<Option<Metric>, StoreError> {
    let rows = query(
        session,
        "SELECT m.id, m.generation, o.bookings_from FROM metric m JOIN organization o ON o.id = m.organization_id \
         WHERE m.organization_id = $1 AND m.key = $2",
        vec![scope.organization.0.into(), key.as_str().into()],
    )
    .await?;
    rows.first()
        .map(|row| {
            let id: Uuid = row.try_get_by_index(0)?;
            let source: String = row.try_get_by_index(2)?;
            Ok(Metric {
                id: id.into(),
                key: key.clone(),
                generation: row.try_get_by_index(1)?,
                source: Source::parse(&source).ok_or(StoreError::Damaged("organization.bookings_from"))?,
            })
        })
        .transpose()
}

/// Every metric there were facts for.
pub async fn list(session: &impl Session, scope: &Scope) -> Result<Vec<MetricKey>, StoreError> {
    let sql = "SELECT key FROM metric WHERE organization_id = $1 ORDER BY created_at_ms, key";
    query(session, sql, vec![scope.organization.0.into()])
        .await?
        .iter()
        .map(|row| {
            let key: String = row.try_get_by_index(0)?;
            MetricKey::parse(&key).map_err(|_| StoreError::Damaged("metric.key"))
        })
        .collect()
}

/// The metric, made with the given id where there is none yet.
pub async fn ensure(
    writer: &Writer,
    scope: &Scope,
    key: &MetricKey,
    id: MetricId,
    now_ms: i64,
) -> Result<Metric, StoreError> {
    let values = vec![
        scope.organization.0.into(),
        id.0.into(),
        key.as_str().into(),
        1.into(),
        now_ms.into(),
    ];
    execute(
        writer,
        "INSERT INTO metric (organization_id, id, key, generation, created_at_ms) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (organization_id, key) DO NOTHING",
        values,
    )
    .await?;
    find(writer, scope, key)
        .await?
        .ok_or(StoreError::NotFound("metric"))
}
