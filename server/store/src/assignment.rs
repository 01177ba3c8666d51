//! Assignments: which unit a member belongs to, from when to when, with which share.

mod row;

use domain::calendar::Day;
use domain::id::{AssignmentId, MemberId, UnitId};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, Set};

use crate::{ROWS_PER_STATEMENT, Scope, Session, StoreError, Writer};

/// The whole of a member, in parts per million.
pub const WHOLE_PPM: u32 = 1_000_000;

/// A dated membership.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// Its id.
    pub id: AssignmentId,
    /// Who.
    pub member: MemberId,
    /// Where.
    pub unit: UnitId,
    /// Part of the member, parts per million.
    pub share_ppm: u32,
    /// First day.
    pub starts_on: Day,
    /// First day it no longer holds; `None`: it goes on.
    pub ends_on: Option<Day>,
}

impl Assignment {
    /// Whether it holds on a day.
    pub fn holds_on(&self, day: Day) -> bool {
        self.starts_on <= day && self.ends_on.is_none_or(|end| day < end)
    }
}

/// The assignments within the scope, by member and first day: those to its units, and the own ones. `at` keeps those that
/// hold on a day.
pub async fn list(
    session: &impl Session,
    scope: &Scope,
    at: Option<Day>,
) -> Result<Vec<Assignment>, StoreError> {
    let mut query = row::Entity::find().filter(row::Column::OrganizationId.eq(scope.organization.0));
    if let Some(day) = at {
        query = query.filter(row::Column::StartsOn.lte(day.0)).filter(
            Condition::any()
                .add(row::Column::EndsOn.is_null())
                .add(row::Column::EndsOn.gt(day.0)),
        );
    }
    let rows = query
        .order_by_asc(row::Column::MemberId)
        .order_by_asc(row::Column::StartsOn)
        .order_by_asc(row::Column::Id)
        .all(&session.executor())
        .await?;
    let mut assignments = Vec::with_capacity(rows.len());
    for row in rows {
        let assignment = Assignment::try_from(row)?;
        if within(scope, &assignment) {
            assignments.push(assignment);
        }
    }
    Ok(assignments)
}

/// The assignments of one member within the scope, by first day.
pub async fn of_member(
    session: &impl Session,
    scope: &Scope,
    member: MemberId,
) -> Result<Vec<Assignment>, StoreError> {
    let rows = row::Entity::find()
        .filter(row::Column::OrganizationId.eq(scope.organization.0))
        .filter(row::Column::MemberId.eq(member.0))
        .order_by_asc(row::Column::StartsOn)
        .order_by_asc(row::Column::Id)
        .all(&session.executor())
        .await?;
    let mut assignments = Vec::with_capacity(rows.len());
    for row in rows {
        let assignment = Assignment::try_from(row)?;
        if within(scope, &assignment) {
            assignments.push(assignment);
        }
    }
    Ok(assignments)
}

/// Adds assignments.
pub async fn insert(writer: &Writer, scope: &Scope, assignments: &[Assignment]) -> Result<(), StoreError> {
    for chunk in assignments.chunks(ROWS_PER_STATEMENT) {
        row::Entity::insert_many(chunk.iter().map(|assignment| active(scope, assignment)))
            .exec_without_returning(&writer.executor())
            .await?;
    }
    Ok(())
}

/// Replaces everything of an assignment but its id.
pub async fn update(writer: &Writer, scope: &Scope, assignment: &Assignment) -> Result<(), StoreError> {
    row::Entity::update(active(scope, assignment))
        .exec(&writer.executor())
        .await?;
    Ok(())
}

/// Ends assignments on a day.
pub async fn end(writer: &Writer, scope: &Scope, ids: &[AssignmentId], on: Day) -> Result<(), StoreError> {
    for chunk in ids.chunks(ROWS_PER_STATEMENT) {
        row::Entity::update_many()
            .col_expr(row::Column::EndsOn, Expr::value(on.0))
            .filter(row::Column::OrganizationId.eq(scope.organization.0))
            .filter(row::Column::Id.is_in(chunk.iter().map(|id| id.0)))
            .exec(&writer.executor())
            .await?;
    }
    Ok(())
}

/// Deletes assignments.
pub async fn remove(writer: &Writer, scope: &Scope, ids: &[AssignmentId]) -> Result<(), StoreError> {
    for id in ids {
        row::Entity::delete_by_id((scope.organization.0, id.0))
            .exec(&writer.executor())
            .await?;
    }
    Ok(())
}

/// A member's time in units outside the scope is not the scope's to see.
fn within(scope: &Scope, assignment: &Assignment) -> bool {
    scope.sees_unit(assignment.unit) || scope.member == Some(assignment.member)
}

fn active(scope: &Scope, assignment: &Assignment) -> row::ActiveModel {
    row::ActiveModel {
        organization_id: Set(scope.organization.0),
        id: Set(assignment.id.0),
        member_id: Set(assignment.member.0),
        unit_id: Set(assignment.unit.0),
        share_ppm: Set(assignment.share_ppm.min(WHOLE_PPM) as i32),
        starts_on: Set(assignment.starts_on.0),
        ends_on: Set(assignment.ends_on.map(|day| day.0)),
    }
}

impl TryFrom<row::Model> for Assignment {
    type Error = StoreError;
    fn try_from(row: row::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            member: row.member_id.into(),
            unit: row.unit_id.into(),
            share_ppm: u32::try_from(row.share_ppm)
                .map_err(|_| StoreError::Damaged("assignment.share_ppm"))?,
            starts_on: Day(row.starts_on),
            ends_on: row.ends_on.map(Day),
        })
    }
}
