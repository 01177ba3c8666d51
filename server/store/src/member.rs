//! Members: people who carry numbers.

mod row;

use domain::calendar::Day;
use domain::id::{ImportId, MemberId, OrganizationId};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set, Statement,
};
use uuid::Uuid;

use crate::{ROWS_PER_STATEMENT, Scope, Session, StoreError, Writer};

/// Above this many members a narrow scope is applied to the rows instead of within the statement.
const IN_STATEMENT: usize = 500;

/// A person who carries numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Their id.
    pub id: MemberId,
    /// Their id in other systems, unique in the organization.
    pub external_id: Option<String>,
    /// Their name.
    pub name: String,
    /// The name's pinyin, for order and search.
    pub pinyin: String,
    /// Where mails go; not what they sign in with.
    pub email: Option<String>,
    /// First day.
    pub hired_on: Option<Day>,
    /// First day they were gone; `None`: still there.
    pub left_on: Option<Day>,
    /// The import that made them.
    pub import: Option<ImportId>,
    /// Whether they belong to the sample company.
    pub demo: bool,
}

/// The members within the scope by pinyin, those who left among them.
pub async fn list(session: &impl Session, scope: &Scope) -> Result<Vec<Member>, StoreError> {
    let mut query = row::Entity::find().filter(row::Column::OrganizationId.eq(scope.organization.0));
    if !scope.sees_everything() && scope.members.len() <= IN_STATEMENT {
        query = query.filter(row::Column::Id.is_in(scope.members.iter().chain(&scope.member).map(|id| id.0)));
    }
    let rows = query
        .order_by_asc(row::Column::Pinyin)
        .order_by_asc(row::Column::Id)
        .all(&session.executor())
        .await?;
    Ok(rows
        .into_iter()
        .map(Member::from)
        .filter(|member| scope.sees_member(member.id))
        .collect())
}

/// One member within the scope.
pub async fn get(session: &impl Session, scope: &Scope, id: MemberId) -> Result<Member, StoreError> {
    if !scope.sees_member(id) {
        return Err(StoreError::NotFound("member"));
    }
    row::Entity::find_by_id((scope.organization.0, id.0))
        .one(&session.executor())
        .await?
        .map(Member::from)
        .ok_or(StoreError::NotFound("member"))
}

/// One member, who is nobody else's to lock before the transaction ends: what is entered of one person is entered one after the
/// other. (SQLite has one writer at a time anyway.)
pub async fn lock(writer: &Writer, scope: &Scope, id: MemberId) -> Result<Member, StoreError> {
    if !scope.sees_member(id) {
        return Err(StoreError::NotFound("member"));
    }
    row::Entity::find_by_id((scope.organization.0, id.0))
        .lock_exclusive()
        .one(&writer.executor())
        .await?
        .map(Member::from)
        .ok_or(StoreError::NotFound("member"))
}

/// The member a user of that address or name is: the only one with the address, else the only one with the name, and no other
/// user's. Takes no scope: the scope of a session or token is made of it.
pub async fn of_person(
    session: &impl Session,
    organization: OrganizationId,
    email: &str,
    name: &str,
) -> Result<Option<MemberId>, StoreError> {
    let executor = session.executor();
    for (column, value) in [
        ("LOWER(m.email)", email.to_lowercase()),
        ("m.name", name.to_owned()),
    ] {
        let sql = format!(
            "SELECT m.id FROM member m WHERE m.organization_id = $1 AND {column} = $2 AND NOT EXISTS (
                 SELECT 1 FROM \"user\" u WHERE u.organization_id = m.organization_id AND u.member_id = m.id)
             LIMIT 2"
        );
        let statement = Statement::from_sql_and_values(
            executor.get_database_backend(),
            sql,
            [organization.0.into(), value.into()],
        );
        let found = executor.query_all_raw(statement).await?;
        if let [only] = found.as_slice() {
            let id: Uuid = only.try_get_by_index(0)?;
            return Ok(Some(MemberId(id)));
        }
    }
    Ok(None)
}

/// Adds members.
pub async fn insert(writer: &Writer, scope: &Scope, members: &[Member]) -> Result<(), StoreError> {
    for chunk in members.chunks(ROWS_PER_STATEMENT) {
        row::Entity::insert_many(chunk.iter().map(|member| active(scope, member)))
            .exec_without_returning(&writer.executor())
            .await?;
    }
    Ok(())
}

/// Replaces everything of a member but the id.
pub async fn update(writer: &Writer, scope: &Scope, member: &Member) -> Result<(), StoreError> {
    get(writer, scope, member.id).await?;
    row::Entity::update(active(scope, member))
        .exec(&writer.executor())
        .await?;
    Ok(())
}

/// Deletes members; users who were one of them are none any more. Refused by the database while anything else refers to
/// them.
pub async fn remove(writer: &Writer, scope: &Scope, ids: &[MemberId]) -> Result<(), StoreError> {
    let executor = writer.executor();
    for id in ids.iter().filter(|id| scope.sees_member(**id)) {
        executor
            .execute_raw(Statement::from_sql_and_values(
                executor.get_database_backend(),
                "UPDATE \"user\" SET member_id = NULL WHERE organization_id = $1 AND member_id = $2",
                [scope.organization.0.into(), id.0.into()],
            ))
            .await?;
        row::Entity::delete_by_id((scope.organization.0, id.0))
            .exec(&writer.executor())
            .await?;
    }
    Ok(())
}

fn active(scope: &Scope, member: &Member) -> row::ActiveModel {
    row::ActiveModel {
        organization_id: Set(scope.organization.0),
        id: Set(member.id.0),
        external_id: Set(member.external_id.clone()),
        name: Set(member.name.clone()),
        pinyin: Set(member.pinyin.clone()),
        email: Set(member.email.clone()),
        hired_on: Set(member.hired_on.map(|day| day.0)),
        left_on: Set(member.left_on.map(|day| day.0)),
        import_id: Set(member.import.map(|id| id.0)),
        demo: Set(i32::from(member.demo)),
    }
}

impl From<row::Model> for Member {
    fn from(row: row::Model) -> Self {
        Self {
            id: row.id.into(),
            external_id: row.external_id,
            name: row.name,
            pinyin: row.pinyin,
            email: row.email,
            hired_on: row.hired_on.map(Day),
            left_on: row.left_on.map(Day),
            import: row.import_id.map(ImportId),
            demo: row.demo != 0,
        }
    }
}

/// Which of these members something refers to.
pub async fn used(session: &impl Session, scope: &Scope, ids: &[Uuid]) -> Result<Vec<Uuid>, StoreError> {
    crate::reference::used(
        session,
        scope,
        &[
            ("opportunity", "member_id"),
            ("sales_order", "member_id"),
            ("questionnaire_member", "member_id"),
        ],
        ids,
    )
    .await
}
