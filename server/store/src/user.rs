//! Users: people who sign in.

mod row;

use domain::access::Role;
use domain::id::{MemberId, OrganizationId, UserId};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};

use crate::bulk::{key_lists, marks, query};
use crate::{Scope, Session, StoreError, Writer};

/// Ids in one question.
const IDS_AT_ONCE: usize = 500;

/// A person who signs in; without the password, which only [`password_hash`] gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Their id.
    pub id: UserId,
    /// What they sign in with: lower case, unique in the organization.
    pub email: String,
    /// The name shown beside their changes.
    pub name: String,
    /// What they are.
    pub role: Role,
    /// The member they are, where they carry numbers or lead.
    pub member: Option<MemberId>,
    /// Since when they may no longer sign in, milliseconds since the epoch.
    pub disabled_at_ms: Option<i64>,
    /// Their language where it is not the organization's.
    pub language: Option<String>,
    /// Whether they belong to the sample company.
    pub demo: bool,
    /// When they were made, milliseconds since the epoch.
    pub created_at_ms: i64,
}

/// Every user by e-mail; nothing for a scope that does not see everything.
pub async fn list(session: &impl Session, scope: &Scope) -> Result<Vec<User>, StoreError> {
    if !scope.sees_everything() {
        return Ok(Vec::new());
    }
    row::Entity::find()
        .filter(row::Column::OrganizationId.eq(scope.organization.0))
        .order_by_asc(row::Column::Email)
        .all(&session.executor())
        .await?
        .into_iter()
        .map(User::try_from)
        .collect()
}

/// Those of some users who are known still, in no order; nothing for a scope that does not see everything.
pub async fn of_ids(session: &impl Session, scope: &Scope, ids: &[UserId]) -> Result<Vec<User>, StoreError> {
    if !scope.sees_everything() {
        return Ok(Vec::new());
    }
    let mut users = Vec::with_capacity(ids.len());
    for batch in ids.chunks(IDS_AT_ONCE) {
        let rows = row::Entity::find()
            .filter(row::Column::OrganizationId.eq(scope.organization.0))
            .filter(row::Column::Id.is_in(batch.iter().map(|id| id.0)))
            .all(&session.executor())
            .await?;
        for row in rows {
            users.push(User::try_from(row)?);
        }
    }
    Ok(users)
}

/// One user of a scope that sees everything.
pub async fn get(session: &impl Session, scope: &Scope, id: UserId) -> Result<User, StoreError> {
    if !scope.sees_everything() {
        return Err(StoreError::NotFound("user"));
    }
    by_id(session, scope.organization, id)
        .await?
        .ok_or(StoreError::NotFound("user"))
}

/// A user by id. Takes no scope: the scope of a session or token is made of it.
pub async fn by_id(
    session: &impl Session,
    organization: OrganizationId,
    id: UserId,
) -> Result<Option<User>, StoreError> {
    row::Entity::find_by_id((organization.0, id.0))
        .one(&session.executor())
        .await?
        .map(User::try_from)
        .transpose()
}

/// A user by the e-mail in lower case. Takes no scope: it is how somebody becomes known.
pub async fn by_email(
    session: &impl Session,
    organization: OrganizationId,
    email: &str,
) -> Result<Option<User>, StoreError> {
    row::Entity::find()
        .filter(row::Column::OrganizationId.eq(organization.0))
        .filter(row::Column::Email.eq(email))
        .one(&session.executor())
        .await?
        .map(User::try_from)
        .transpose()
}

/// The password's hash (PHC text), `None` for those who cannot sign in by password. Takes no scope: see [`by_email`].
pub async fn password_hash(
    session: &impl Session,
    organization: OrganizationId,
    id: UserId,
) -> Result<Option<String>, StoreError> {
    let row = row::Entity::find_by_id((organization.0, id.0))
        .one(&session.executor())
        .await?;
    Ok(row.and_then(|row| row.password_hash))
}

/// The owners, the disabled and the sample company's among them. Takes no scope: it decides whether the installation still
/// is to be set up.
pub async fn owners(session: &impl Session, organization: OrganizationId) -> Result<Vec<User>, StoreError> {
    row::Entity::find()
        .filter(row::Column::OrganizationId.eq(organization.0))
        .filter(row::Column::Role.eq(Role::Owner.as_str()))
        .all(&session.executor())
        .await?
        .into_iter()
        .map(User::try_from)
        .collect()
}

/// The users of the sample company. Takes no scope: one of them becomes known by being asked for.
pub async fn of_sample(
    session: &impl Session,
    organization: OrganizationId,
) -> Result<Vec<User>, StoreError> {
    row::Entity::find()
        .filter(row::Column::OrganizationId.eq(organization.0))
        .filter(row::Column::Demo.ne(0))
        .order_by_asc(row::Column::Email)
        .all(&session.executor())
        .await?
        .into_iter()
        .map(User::try_from)
        .collect()
}

/// Adds a user; a conflict where the e-mail is taken.
pub async fn insert(
    writer: &Writer,
    scope: &Scope,
    user: &User,
    password_hash: Option<&str>,
) -> Result<(), StoreError> {
    let mut model = active(scope, user);
    model.password_hash = Set(password_hash.map(str::to_owned));
    row::Entity::insert(model)
        .exec_without_returning(&writer.executor())
        .await?;
    Ok(())
}

/// Replaces everything of a user but id and password.
pub async fn update(writer: &Writer, scope: &Scope, user: &User) -> Result<(), StoreError> {
    row::Entity::update(active(scope, user))
        .exec(&writer.executor())
        .await?;
    Ok(())
}

/// Sets the password's hash (PHC text).
pub async fn set_password(
    writer: &Writer,
    scope: &Scope,
    id: UserId,
    password_hash: &str,
) -> Result<(), StoreError> {
    let done = row::Entity::update_many()
        .col_expr(row::Column::PasswordHash, Expr::value(password_hash))
        .filter(row::Column::OrganizationId.eq(scope.organization.0))
        .filter(row::Column::Id.eq(id.0))
        .exec(&writer.executor())
        .await?;
    if done.rows_affected == 0 {
        return Err(StoreError::NotFound("user"));
    }
    Ok(())
}

/// Whether a user wants mails. Takes no scope: see [`by_id`].
pub async fn wants_mail(
    session: &impl Session,
    organization: OrganizationId,
    id: UserId,
) -> Result<bool, StoreError> {
    let row = row::Entity::find_by_id((organization.0, id.0))
        .one(&session.executor())
        .await?;
    Ok(row.is_some_and(|row| row.mail != 0))
}

/// Whether a user wants mails from now on.
pub async fn set_wants_mail(
    writer: &Writer,
    scope: &Scope,
    id: UserId,
    wants: bool,
) -> Result<(), StoreError> {
    let done = row::Entity::update_many()
        .col_expr(row::Column::Mail, Expr::value(i32::from(wants)))
        .filter(row::Column::OrganizationId.eq(scope.organization.0))
        .filter(row::Column::Id.eq(id.0))
        .exec(&writer.executor())
        .await?;
    if done.rows_affected == 0 {
        return Err(StoreError::NotFound("user"));
    }
    Ok(())
}

/// Those of some users who get mails: they may sign in, want them, and are not the sample company's. In order.
pub async fn who_get_mail(
    session: &impl Session,
    scope: &Scope,
    ids: &[UserId],
) -> Result<Vec<UserId>, StoreError> {
    let mut found = Vec::new();
    for list in key_lists(ids) {
        let sql = format!(
            "SELECT id FROM \"user\" WHERE organization_id = {} AND id IN ({}) AND mail <> 0 AND demo = 0 AND disabled_at_ms IS NULL",
            marks(session.dialect(), 1, 1),
            marks(session.dialect(), 2, list.len()),
        );
        let mut values = vec![scope.organization.0.into()];
        values.extend(list.iter().map(|id| id.0.into()));
        for row in query(session, &sql, values).await? {
            let id: uuid::Uuid = row.try_get_by_index(0)?;
            found.push(id.into());
        }
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// Deletes a user. Refused by the database while sessions or tokens are left.
pub async fn remove(writer: &Writer, scope: &Scope, id: UserId) -> Result<(), StoreError> {
    row::Entity::delete_by_id((scope.organization.0, id.0))
        .exec(&writer.executor())
        .await?;
    Ok(())
}

/// Everything but the password, which stays as it is in an update.
fn active(scope: &Scope, user: &User) -> row::ActiveModel {
    row::ActiveModel {
        organization_id: Set(scope.organization.0),
        id: Set(user.id.0),
        email: Set(user.email.clone()),
        name: Set(user.name.clone()),
        role: Set(user.role.as_str().to_owned()),
        member_id: Set(user.member.map(|id| id.0)),
        disabled_at_ms: Set(user.disabled_at_ms),
        language: Set(user.language.clone()),
        demo: Set(i32::from(user.demo)),
        created_at_ms: Set(user.created_at_ms),
        ..Default::default()
    }
}

impl TryFrom<row::Model> for User {
    type Error = StoreError;
    fn try_from(row: row::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            email: row.email,
            name: row.name,
            role: Role::parse(&row.role).ok_or(StoreError::Damaged("user.role"))?,
            member: row.member_id.map(MemberId),
            disabled_at_ms: row.disabled_at_ms,
            language: row.language,
            demo: row.demo != 0,
            created_at_ms: row.created_at_ms,
        })
    }
}
