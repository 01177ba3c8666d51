//! Capability: what a member or a unit is capable of from a day on, in money a month or as a rating.

use domain::calendar::Day;
use domain::id::{CapabilityId, ImportId, MemberId, UnitId};
use domain::potential::{Figure, Who};
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use crate::bulk::{Insert, execute, marks, query};
use crate::{Scope, Session, StoreError, Writer, reference};

/// A figure of capability.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Capability {
    /// Its id.
    pub id: CapabilityId,
    /// Of whom.
    pub who: Who,
    /// From when it holds, until the next one.
    pub starts_on: Day,
    /// How much.
    pub figure: Figure,
    /// Who says so; empty where nothing is said.
    pub assessed_by: String,
    /// The import that made it.
    pub import: Option<ImportId>,
}

const CAPABILITY: Insert = Insert {
    head: "INSERT INTO capability (organization_id, id, subject, subject_id, starts_on, kind, figure, assessed_by, import_id)",
    columns: 9,
    tail: "",
};

/// Every figure within reach that begins before a day, by whom it is of and from when.
pub async fn list(session: &impl Session, scope: &Scope, until: Day) -> Result<Vec<Capability>, StoreError> {
    let mut values: Vec<Value> = vec![scope.organization.0.into(), until.0.into()];
    let mut sql =
        "SELECT id, subject, subject_id, starts_on, kind, figure, assessed_by, import_id FROM capability \
                   WHERE organization_id = $1 AND starts_on < $2"
            .to_owned();
    if !scope.sees_everything() {
        let members: Vec<Uuid> = scope.member.iter().chain(&scope.members).map(|id| id.0).collect();
        let units: Vec<Uuid> = scope.units.iter().map(|id| id.0).collect();
        let mut seen = Vec::new();
        for (subject, ids) in [("member", members), ("unit", units)] {
            if !ids.is_empty() {
                // Numbered marks work on both databases where nothing else is bare.
                let marks = marks(crate::Dialect::Postgres, values.len() + 1, ids.len());
                seen.push(format!("subject = '{subject}' AND subject_id IN ({marks})"));
                values.extend(ids.into_iter().map(Value::from));
            }
        }
        let seen = if seen.is_empty() {
            "1 = 0".to_owned()
        } else {
            seen.join(" OR ")
        };
        sql += &format!(" AND ({seen})");
    }
    sql += " ORDER BY subject, subject_id, starts_on, kind, assessed_by";
    query(session, &sql, values).await?.iter().map(read).collect()
}

fn read(row: &QueryResult) -> Result<Capability, StoreError> {
    let id: Uuid = row.try_get_by_index(0)?;
    let (subject, of): (String, Uuid) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
    let kind: String = row.try_get_by_index(4)?;
    let who = match subject.as_str() {
        "member" => Who::Member(MemberId(of)),
        "unit" => Who::Unit(UnitId(of)),
        _ => return Err(StoreError::Damaged("capability.subject")),
    };
    Ok(Capability {
        id: id.into(),
        who,
        starts_on: Day(row.try_get_by_index(3)?),
        figure: Figure::of(&kind, row.try_get_by_index(5)?).ok_or(StoreError::Damaged("capability.kind"))?,
        assessed_by: row.try_get_by_index(6)?,
        import: reference::import_at(row, 7)?,
    })
}

/// Adds figures.
pub async fn insert(writer: &Writer, scope: &Scope, figures: &[Capability]) -> Result<(), StoreError> {
    let mut values: Vec<Value> = Vec::with_capacity(figures.len() * CAPABILITY.columns);
    for figure in figures {
        values.extend([
            scope.organization.0.into(),
            figure.id.0.into(),
            figure.who.as_str().into(),
            figure.who.id().into(),
            figure.starts_on.0.into(),
            figure.figure.kind().into(),
            figure.figure.stored().into(),
            figure.assessed_by.clone().into(),
            figure.import.map(|id| id.0).into(),
        ]);
    }
    CAPABILITY.run(writer, values).await
}

/// Replaces how much a figure is; whom it is of, from when, and its kind stay.
pub async fn update(writer: &Writer, scope: &Scope, figure: &Capability) -> Result<(), StoreError> {
    let values = vec![
        figure.figure.stored().into(),
        figure.import.map(|id| id.0).into(),
        scope.organization.0.into(),
        figure.id.0.into(),
    ];
    let sql = "UPDATE capability SET figure = $1, import_id = $2 WHERE organization_id = $3 AND id = $4";
    match execute(writer, sql, values).await? {
        1 => Ok(()),
        _ => Err(StoreError::NotFound("capability")),
    }
}

/// Deletes figures.
pub async fn remove(writer: &Writer, scope: &Scope, ids: &[Uuid]) -> Result<(), StoreError> {
    reference::remove(writer, scope, "capability", ids).await
}
