//! Signed-in browsers, by the hash of what their cookie holds. None of these takes a scope, because a scope is made of
//! them, except where a signed-in person ends those of others.

mod row;

use domain::id::{OrganizationId, UserId};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, Set};

use crate::{Scope, Session, StoreError, Writer};

/// SHA-256 of a session's or API token's secret.
pub type TokenHash = [u8; 32];

/// A signed-in browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// Who.
    pub user: UserId,
    /// Since when, milliseconds since the epoch.
    pub created_at_ms: i64,
    /// When last heard of; written every few minutes only.
    pub seen_at_ms: i64,
    /// When it ends whatever happens.
    pub expires_at_ms: i64,
}

/// The session of a hash, ended by time or not.
pub async fn by_hash(
    session: &impl Session,
    organization: OrganizationId,
    hash: &TokenHash,
) -> Result<Option<SignedIn>, StoreError> {
    let row = row::Entity::find_by_id((organization.0, hash.to_vec()))
        .one(&session.executor())
        .await?;
    Ok(row.map(SignedIn::from))
}

/// Begins a session.
pub async fn insert(
    writer: &Writer,
    organization: OrganizationId,
    hash: &TokenHash,
    signed_in: &SignedIn,
) -> Result<(), StoreError> {
    row::Entity::insert(row::ActiveModel {
        organization_id: Set(organization.0),
        token_hash: Set(hash.to_vec()),
        user_id: Set(signed_in.user.0),
        created_at_ms: Set(signed_in.created_at_ms),
        seen_at_ms: Set(signed_in.seen_at_ms),
        expires_at_ms: Set(signed_in.expires_at_ms),
    })
    .exec_without_returning(&writer.executor())
    .await?;
    Ok(())
}

/// Notes that a session was heard of.
pub async fn touch(
    writer: &Writer,
    organization: OrganizationId,
    hash: &TokenHash,
    seen_at_ms: i64,
) -> Result<(), StoreError> {
    row::Entity::update_many()
        .col_expr(row::Column::SeenAtMs, Expr::value(seen_at_ms))
        .filter(row::Column::OrganizationId.eq(organization.0))
        .filter(row::Column::TokenHash.eq(hash.to_vec()))
        .exec(&writer.executor())
        .await?;
    Ok(())
}

/// Ends a session; nothing where there is none.
pub async fn remove(
    writer: &Writer,
    organization: OrganizationId,
    hash: &TokenHash,
) -> Result<(), StoreError> {
    row::Entity::delete_by_id((organization.0, hash.to_vec()))
        .exec(&writer.executor())
        .await?;
    Ok(())
}

/// Ends every session of a user but one, and answers how many.
pub async fn remove_of_user(
    writer: &Writer,
    scope: &Scope,
    user: UserId,
    except: Option<&TokenHash>,
) -> Result<u64, StoreError> {
    let mut query = row::Entity::delete_many()
        .filter(row::Column::OrganizationId.eq(scope.organization.0))
        .filter(row::Column::UserId.eq(user.0));
    if let Some(hash) = except {
        query = query.filter(row::Column::TokenHash.ne(hash.to_vec()));
    }
    Ok(query.exec(&writer.executor()).await?.rows_affected)
}

/// Deletes sessions that ended by time: absolute before `now_ms`, or not heard of since `idle_since_ms`.
pub async fn remove_expired(
    writer: &Writer,
    organization: OrganizationId,
    now_ms: i64,
    idle_since_ms: i64,
) -> Result<u64, StoreError> {
    let done = row::Entity::delete_many()
        .filter(row::Column::OrganizationId.eq(organization.0))
        .filter(
            Condition::any()
                .add(row::Column::ExpiresAtMs.lte(now_ms))
                .add(row::Column::SeenAtMs.lt(idle_since_ms)),
        )
        .exec(&writer.executor())
        .await?;
    Ok(done.rows_affected)
}

impl From<row::Model> for SignedIn {
    fn from(row: row::Model) -> Self {
        Self {
            user: row.user_id.into(),
            created_at_ms: row.created_at_ms,
            seen_at_ms: row.seen_at_ms,
            expires_at_ms: row.expires_at_ms,
        }
    }
}
