//! Leave: days on which members are away.

use domain::calendar::Day;
use domain::id::{LeaveId, MemberId};
use domain::staffing::{LeaveInput, LeaveKind, LeaveRow};
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use crate::bulk::{Insert, execute, query};
use crate::{Scope, Session, StoreError, Writer};

const NEW: Insert = Insert {
    head: "INSERT INTO leave (organization_id, id, member_id, starts_on, ends_on, kind, note)",
    columns: 7,
    tail: "",
};

const LEAVE: &str =
    "SELECT id, member_id, starts_on, ends_on, kind, note FROM leave WHERE organization_id = $1";

/// The leave of members within reach that is not over before a day, by member and first day.
pub async fn list(session: &impl Session, scope: &Scope, from: Day) -> Result<Vec<LeaveRow>, StoreError> {
    let sql = format!("{LEAVE} AND ends_on > $2 ORDER BY member_id, starts_on, id");
    let values = vec![scope.organization.0.into(), from.0.into()];
    read_all(&query(session, &sql, values).await?, scope)
}

/// All leave of one member within reach, by first day.
pub async fn of_member(
    session: &impl Session,
    scope: &Scope,
    member: MemberId,
) -> Result<Vec<LeaveRow>, StoreError> {
    let sql = format!("{LEAVE} AND member_id = $2 ORDER BY starts_on, id");
    let values = vec![scope.organization.0.into(), member.0.into()];
    read_all(&query(session, &sql, values).await?, scope)
}

/// One within reach.
pub async fn get(session: &impl Session, scope: &Scope, id: LeaveId) -> Result<LeaveRow, StoreError> {
    let sql = format!("{LEAVE} AND id = $2");
    let values = vec![scope.organization.0.into(), id.0.into()];
    let found = read_all(&query(session, &sql, values).await?, scope)?;
    found.into_iter().next().ok_or(StoreError::NotFound("leave"))
}

/// Adds days; the caller has looked that the members are within reach.
pub async fn insert(writer: &Writer, scope: &Scope, rows: &[LeaveRow]) -> Result<(), StoreError> {
    let mut values: Vec<Value> = Vec::with_capacity(rows.len() * NEW.columns);
    for LeaveRow { id, leave } in rows {
        values.extend([
            scope.organization.0.into(),
            id.0.into(),
            leave.member.0.into(),
            leave.from.0.into(),
            leave.until.0.into(),
            leave.kind.as_str().into(),
            leave.note.clone().into(),
        ]);
    }
    NEW.run(writer, values).await
}

/// Changes days, why and note; whose they are stays.
pub async fn update(writer: &Writer, scope: &Scope, changed: &LeaveRow) -> Result<(), StoreError> {
    let sql = "UPDATE leave SET starts_on = $3, ends_on = $4, kind = $5, note = $6 \
               WHERE organization_id = $1 AND id = $2";
    let values: Vec<Value> = vec![
        scope.organization.0.into(),
        changed.id.0.into(),
        changed.leave.from.0.into(),
        changed.leave.until.0.into(),
        changed.leave.kind.as_str().into(),
        changed.leave.note.clone().into(),
    ];
    match execute(writer, sql, values).await? {
        1 => Ok(()),
        _ => Err(StoreError::NotFound("leave")),
    }
}

/// Deletes days.
pub async fn remove(writer: &Writer, scope: &Scope, id: LeaveId) -> Result<(), StoreError> {
    let sql = "DELETE FROM leave WHERE organization_id = $1 AND id = $2";
    let values: Vec<Value> = vec![scope.organization.0.into(), id.0.into()];
    execute(writer, sql, values).await?;
    Ok(())
}

fn read_all(rows: &[QueryResult], scope: &Scope) -> Result<Vec<LeaveRow>, StoreError> {
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let (id, member): (Uuid, Uuid) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let kind: String = row.try_get_by_index(4)?;
        let leave = LeaveInput {
            member: MemberId(member),
            from: Day(row.try_get_by_index(2)?),
            until: Day(row.try_get_by_index(3)?),
            kind: LeaveKind::parse(&kind).ok_or(StoreError::Damaged("leave.kind"))?,
            note: row.try_get_by_index(5)?,
        };
        if scope.sees_member(leave.member) {
            found.push(LeaveRow {
                id: LeaveId(id),
                leave,
            });
        }
    }
    Ok(found)
}
