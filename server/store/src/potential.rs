//! Market potential: what a market is worth, of a unit, a product or a customer in a period.

use domain::calendar::Day;
use domain::id::{ImportId, PotentialId};
use domain::money::Fact;
use domain::potential::Subject;
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use crate::bulk::{Insert, execute, marks, query};
use crate::{Scope, Session, StoreError, Writer, reference};

/// A figure of potential.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Potential {
    /// Its id.
    pub id: PotentialId,
    /// Of what.
    pub subject: Subject,
    /// First day of its period.
    pub starts_on: Day,
    /// Day after the last.
    pub ends_on: Day,
    /// What the market is worth in the period.
    pub amount: Fact,
    /// Where that is known from; empty where nothing is said.
    pub source: String,
    /// The day it was noted.
    pub noted_on: Day,
    /// The import that made it.
    pub import: Option<ImportId>,
}

const POTENTIAL: Insert = Insert {
    head: "INSERT INTO potential (organization_id, id, subject, subject_id, starts_on, ends_on, amount, source, noted_on, \
           import_id)",
    columns: 10,
    tail: "",
};

/// The figures whose periods touch `from..to` (the last day is not one of them), by subject and period. Whoever does not
/// see everything sees those of units within reach, and those of products, which are no secret.
pub async fn list(
    session: &impl Session,
    scope: &Scope,
    from: Day,
    to: Day,
) -> Result<Vec<Potential>, StoreError> {
    let mut values: Vec<Value> = vec![scope.organization.0.into(), from.0.into(), to.0.into()];
    let mut sql = "SELECT id, subject, subject_id, starts_on, ends_on, amount, source, noted_on, import_id FROM potential \
                   WHERE organization_id = $1 AND ends_on > $2 AND starts_on < $3"
        .to_owned();
    if !scope.sees_everything() {
        sql += " AND (subject = 'product'";
        if !scope.units.is_empty() {
            let units = numbered(4, scope.units.len());
            sql += &format!(" OR subject = 'unit' AND subject_id IN ({units})");
            values.extend(scope.units.iter().map(|unit| Value::from(unit.0)));
        }
        sql += ")";
    }
    sql += " ORDER BY subject, subject_id, starts_on, ends_on, source";
    query(session, &sql, values).await?.iter().map(read).collect()
}

/// `$first, $first+1 …`: numbered marks work on both databases where nothing else is bare.
fn numbered(first: usize, count: usize) -> String {
    marks(crate::Dialect::Postgres, first, count)
}

fn read(row: &QueryResult) -> Result<Potential, StoreError> {
    let id: Uuid = row.try_get_by_index(0)?;
    let subject: String = row.try_get_by_index(1)?;
    Ok(Potential {
        id: id.into(),
        subject: Subject::of(&subject, row.try_get_by_index(2)?)
            .ok_or(StoreError::Damaged("potential.subject"))?,
        starts_on: Day(row.try_get_by_index(3)?),
        ends_on: Day(row.try_get_by_index(4)?),
        amount: Fact(row.try_get_by_index(5)?),
        source: row.try_get_by_index(6)?,
        noted_on: Day(row.try_get_by_index(7)?),
        import: reference::import_at(row, 8)?,
    })
}

/// Adds figures.
pub async fn insert(writer: &Writer, scope: &Scope, figures: &[Potential]) -> Result<(), StoreError> {
    let mut values: Vec<Value> = Vec::with_capacity(figures.len() * POTENTIAL.columns);
    for figure in figures {
        values.extend([
            scope.organization.0.into(),
            figure.id.0.into(),
            figure.subject.as_str().into(),
            figure.subject.id().into(),
            figure.starts_on.0.into(),
            figure.ends_on.0.into(),
            figure.amount.0.into(),
            figure.source.clone().into(),
            figure.noted_on.0.into(),
            figure.import.map(|id| id.0).into(),
        ]);
    }
    POTENTIAL.run(writer, values).await
}

/// Replaces the amount of a figure and when it was noted; what it is of stays.
pub async fn update(writer: &Writer, scope: &Scope, figure: &Potential) -> Result<(), StoreError> {
    let values = vec![
        figure.amount.0.into(),
        figure.noted_on.0.into(),
        figure.import.map(|id| id.0).into(),
        scope.organization.0.into(),
        figure.id.0.into(),
    ];
    let sql = "UPDATE potential SET amount = $1, noted_on = $2, import_id = $3 WHERE organization_id = $4 AND id = $5";
    match execute(writer, sql, values).await? {
        1 => Ok(()),
        _ => Err(StoreError::NotFound("potential")),
    }
}

/// Deletes figures.
pub async fn remove(writer: &Writer, scope: &Scope, ids: &[Uuid]) -> Result<(), StoreError> {
    reference::remove(writer, scope, "potential", ids).await
}
