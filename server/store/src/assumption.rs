//! Sets of assumptions: one for each planned span of a metric before there is a version, one for each version.
//!
//! What is assumed hangs on its set with a foreign key that deletes along, and joins [`copy`].

use domain::calendar::Day;
use domain::id::{AssumptionsId, VersionId};
use domain::target::Span;
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use crate::bulk::{execute, query};
use crate::{Scope, Session, StoreError, Writer};

/// What a set of assumptions is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The planned metric.
    pub metric_key: String,
    /// The planned days.
    pub span: Span,
    /// The version; none for what is gathered before the first draft.
    pub version: Option<VersionId>,
}

/// The set of a subject, where anything was assumed yet.
pub async fn find(
    session: &impl Session,
    scope: &Scope,
    subject: &Subject,
) -> Result<Option<AssumptionsId>, StoreError> {
    let mut values: Vec<Value> = vec![scope.organization.0.into()];
    let sql = if let Some(version) = subject.version {
        values.push(version.0.into());
        "SELECT id FROM assumption_set WHERE organization_id = $1 AND version_id = $2"
    } else {
        values.extend([
            subject.metric_key.clone().into(),
            subject.span.starts_on.0.into(),
            subject.span.ends_on.0.into(),
        ]);
        "SELECT id FROM assumption_set WHERE organization_id = $1 AND metric_key = $2 AND starts_on = $3 AND ends_on = $4 \
         AND version_id IS NULL"
    };
    let rows = query(session, sql, values).await?;
    rows.first().map(id).transpose()
}

/// The sets gathered before a draft for spans that share a day with this one, the closest to it first.
pub async fn prepared(
    session: &impl Session,
    scope: &Scope,
    metric_key: &str,
    span: Span,
) -> Result<Vec<AssumptionsId>, StoreError> {
    let sql = "SELECT id, starts_on, ends_on FROM assumption_set WHERE organization_id = $1 AND metric_key = $2 \
               AND starts_on < $3 AND ends_on > $4 AND version_id IS NULL";
    let values: Vec<Value> = vec![
        scope.organization.0.into(),
        metric_key.into(),
        span.ends_on.0.into(),
        span.starts_on.0.into(),
    ];
    let mut sets = Vec::new();
    for row in query(session, sql, values).await? {
        let (from, to) = (Day(row.try_get_by_index(1)?), Day(row.try_get_by_index(2)?));
        let apart = (from.0 - span.starts_on.0).abs() + (to.0 - span.ends_on.0).abs();
        sets.push((apart, id(&row)?));
    }
    sets.sort_unstable();
    Ok(sets.into_iter().map(|(_, id)| id).collect())
}

/// The set of a subject, made with the given id where there is none.
pub async fn open(
    writer: &Writer,
    scope: &Scope,
    subject: &Subject,
    new: AssumptionsId,
) -> Result<AssumptionsId, StoreError> {
    if let Some(known) = find(writer, scope, subject).await? {
        return Ok(known);
    }
    let values: Vec<Value> = vec![
        scope.organization.0.into(),
        new.0.into(),
        subject.metric_key.clone().into(),
        subject.span.starts_on.0.into(),
        subject.span.ends_on.0.into(),
        subject.version.map(|version| version.0).into(),
    ];
    let sql = "INSERT INTO assumption_set (organization_id, id, metric_key, starts_on, ends_on, version_id) \
               VALUES ($1, $2, $3, $4, $5, $6)";
    execute(writer, sql, values).await?;
    Ok(new)
}

fn id(row: &QueryResult) -> Result<AssumptionsId, StoreError> {
    let id: Uuid = row.try_get_by_index(0)?;
    Ok(id.into())
}

/// Copies everything that is assumed in one set into another that has nothing yet: a line for each noun that hangs on sets.
pub async fn copy(
    writer: &Writer,
    scope: &Scope,
    from: AssumptionsId,
    to: AssumptionsId,
) -> Result<(), StoreError> {
    crate::exclusion::copy(writer, scope, from, to).await?;
    crate::factor::copy(writer, scope, from, to).await?;
    crate::level::copy(writer, scope, from, to).await?;
    crate::line::copy(writer, scope, from, to).await?;
    crate::purpose::copy(writer, scope, from, to).await?;
    Ok(())
}
