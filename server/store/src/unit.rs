//! Units: the dated tree of the organization.

mod row;

use domain::calendar::Day;
use domain::id::{ImportId, MemberId, UnitId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use uuid::Uuid;

use crate::{ROWS_PER_STATEMENT, Scope, Session, StoreError, Writer};

/// A node of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Its id.
    pub id: UnitId,
    /// The unit above; `None` for the company itself.
    pub parent: Option<UnitId>,
    /// `company`, `region`, `branch`, `team`, or a word of the organization's own.
    pub level: String,
    /// Its name.
    pub name: String,
    /// Its code in other systems.
    pub code: Option<String>,
    /// The name's pinyin, for order and search.
    pub pinyin: String,
    /// Who leads it.
    pub manager: Option<MemberId>,
    /// First day.
    pub starts_on: Day,
    /// First day it is no more; `None`: still there.
    pub ends_on: Option<Day>,
    /// The import that made it.
    pub import: Option<ImportId>,
    /// Whether it belongs to the sample company.
    pub demo: bool,
}

impl Unit {
    /// Whether it exists on a day.
    pub fn exists_on(&self, day: Day) -> bool {
        self.starts_on <= day && self.ends_on.is_none_or(|end| day < end)
    }
}

/// The units within the scope by pinyin; `at` keeps those that exist on a day.
pub async fn list(session: &impl Session, scope: &Scope, at: Option<Day>) -> Result<Vec<Unit>, StoreError> {
    let rows = row::Entity::find()
        .filter(row::Column::OrganizationId.eq(scope.organization.0))
        .order_by_asc(row::Column::Pinyin)
        .order_by_asc(row::Column::Id)
        .all(&session.executor())
        .await?;
    Ok(rows
        .into_iter()
        .map(Unit::from)
        .filter(|unit| scope.sees_unit(unit.id) && at.is_none_or(|day| unit.exists_on(day)))
        .collect())
}

/// One unit within the scope.
pub async fn get(session: &impl Session, scope: &Scope, id: UnitId) -> Result<Unit, StoreError> {
    if !scope.sees_unit(id) {
        return Err(StoreError::NotFound("unit"));
    }
    row::Entity::find_by_id((scope.organization.0, id.0))
        .one(&session.executor())
        .await?
        .map(Unit::from)
        .ok_or(StoreError::NotFound("unit"))
}

/// Adds units; parents come before their children.
pub async fn insert(writer: &Writer, scope: &Scope, units: &[Unit]) -> Result<(), StoreError> {
    for chunk in units.chunks(ROWS_PER_STATEMENT) {
        row::Entity::insert_many(chunk.iter().map(|unit| active(scope, unit)))
            .exec_without_returning(&writer.executor())
            .await?;
    }
    Ok(())
}

/// Replaces everything of a unit but its id.
pub async fn update(writer: &Writer, scope: &Scope, unit: &Unit) -> Result<(), StoreError> {
    get(writer, scope, unit.id).await?;
    row::Entity::update(active(scope, unit))
        .exec(&writer.executor())
        .await?;
    Ok(())
}

/// Deletes units; children before their parents. Refused by the database while anything refers to them.
pub async fn remove(writer: &Writer, scope: &Scope, ids: &[UnitId]) -> Result<(), StoreError> {
    for id in ids.iter().filter(|id| scope.sees_unit(**id)) {
        row::Entity::delete_by_id((scope.organization.0, id.0))
            .exec(&writer.executor())
            .await?;
    }
    Ok(())
}

fn active(scope: &Scope, unit: &Unit) -> row::ActiveModel {
    row::ActiveModel {
        organization_id: Set(scope.organization.0),
        id: Set(unit.id.0),
        parent_id: Set(unit.parent.map(|id| id.0)),
        level: Set(unit.level.clone()),
        name: Set(unit.name.clone()),
        code: Set(unit.code.clone()),
        pinyin: Set(unit.pinyin.clone()),
        manager_member_id: Set(unit.manager.map(|id| id.0)),
        starts_on: Set(unit.starts_on.0),
        ends_on: Set(unit.ends_on.map(|day| day.0)),
        import_id: Set(unit.import.map(|id| id.0)),
        demo: Set(i32::from(unit.demo)),
    }
}

impl From<row::Model> for Unit {
    fn from(row: row::Model) -> Self {
        Self {
            id: row.id.into(),
            parent: row.parent_id.map(UnitId),
            level: row.level,
            name: row.name,
            code: row.code,
            pinyin: row.pinyin,
            manager: row.manager_member_id.map(MemberId),
            starts_on: Day(row.starts_on),
            ends_on: row.ends_on.map(Day),
            import: row.import_id.map(ImportId),
            demo: row.demo != 0,
        }
    }
}

/// Which of these units an order or a market factor refers to.
pub async fn used(session: &impl Session, scope: &Scope, ids: &[Uuid]) -> Result<Vec<Uuid>, StoreError> {
    let uses = [("sales_order", "unit_id"), ("market_factor", "unit_id")];
    crate::reference::used(session, scope, &uses, ids).await
}
