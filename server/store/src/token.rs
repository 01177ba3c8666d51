//! API tokens: programs that act for a person.

mod row;

use domain::id::{OrganizationId, TokenId, UserId};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};

use crate::session::TokenHash;
use crate::{Scope, Session, StoreError, Writer};

/// An API token without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its id.
    pub id: TokenId,
    /// For whom it acts.
    pub user: UserId,
    /// What it is for.
    pub name: String,
    /// What it may do: the words of [`domain::access::Grants`], joined by spaces.
    pub scopes: String,
    /// When it was made, milliseconds since the epoch.
    pub created_at_ms: i64,
    /// Since when it no longer works.
    pub revoked_at_ms: Option<i64>,
}

/// The token of a hash, revoked or not. Takes no scope: the scope is made of it.
pub async fn by_hash(
    session: &impl Session,
    organization: OrganizationId,
    hash: &TokenHash,
) -> Result<Option<Token>, StoreError> {
    let row = row::Entity::find()
        .filter(row::Column::OrganizationId.eq(organization.0))
        .filter(row::Column::Hash.eq(hash.to_vec()))
        .one(&session.executor())
        .await?;
    Ok(row.map(Token::from))
}

/// The tokens of one user, or of everybody where the scope sees everything; oldest first.
pub async fn list(
    session: &impl Session,
    scope: &Scope,
    user: Option<UserId>,
) -> Result<Vec<Token>, StoreError> {
    if user.is_none() && !scope.sees_everything() {
        return Ok(Vec::new());
    }
    let mut query = row::Entity::find().filter(row::Column::OrganizationId.eq(scope.organization.0));
    if let Some(user) = user {
        query = query.filter(row::Column::UserId.eq(user.0));
    }
    let rows = query
        .order_by_asc(row::Column::CreatedAtMs)
        .order_by_asc(row::Column::Id)
        .all(&session.executor())
        .await?;
    Ok(rows.into_iter().map(Token::from).collect())
}

/// Adds a token.
pub async fn insert(
    writer: &Writer,
    scope: &Scope,
    token: &Token,
    hash: &TokenHash,
) -> Result<(), StoreError> {
    row::Entity::insert(row::ActiveModel {
        organization_id: Set(scope.organization.0),
        id: Set(token.id.0),
        user_id: Set(token.user.0),
        name: Set(token.name.clone()),
        hash: Set(hash.to_vec()),
        scopes: Set(token.scopes.clone()),
        created_at_ms: Set(token.created_at_ms),
        revoked_at_ms: Set(token.revoked_at_ms),
    })
    .exec_without_returning(&writer.executor())
    .await?;
    Ok(())
}

/// Ends a token; one that ended keeps its first time.
pub async fn revoke(writer: &Writer, scope: &Scope, id: TokenId, at_ms: i64) -> Result<(), StoreError> {
    row::Entity::update_many()
        .col_expr(row::Column::RevokedAtMs, Expr::value(at_ms))
        .filter(row::Column::OrganizationId.eq(scope.organization.0))
        .filter(row::Column::Id.eq(id.0))
        .filter(row::Column::RevokedAtMs.is_null())
        .exec(&writer.executor())
        .await?;
    Ok(())
}

/// Deletes every token of a user.
pub async fn remove_of_user(writer: &Writer, scope: &Scope, user: UserId) -> Result<(), StoreError> {
    row::Entity::delete_many()
        .filter(row::Column::OrganizationId.eq(scope.organization.0))
        .filter(row::Column::UserId.eq(user.0))
        .exec(&writer.executor())
        .await?;
    Ok(())
}

impl From<row::Model> for Token {
    fn from(row: row::Model) -> Self {
        Self {
            id: row.id.into(),
            user: row.user_id.into(),
            name: row.name,
            scopes: row.scopes,
            created_at_ms: row.created_at_ms,
            revoked_at_ms: row.revoked_at_ms,
        }
    }
}
