//! Customers, and the channels deals come by.

use domain::id::{AccountId, ChannelId, ImportId};
use sea_orm::Value;
use uuid::Uuid;

use crate::bulk::{Insert, execute};
use crate::{Scope, Session, StoreError, Writer, reference};

/// A customer.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Its number in other systems.
    pub external_id: Option<String>,
    /// Its name, unique in the organization.
    pub name: String,
    /// The name's pinyin, for order and search.
    pub pinyin: String,
    /// What it does.
    pub industry: Option<String>,
    /// Where it is.
    pub region: Option<String>,
    /// The name of the company above it.
    pub parent_name: Option<String>,
    /// The import that made it.
    pub import: Option<ImportId>,
}

/// A way deals come by: direct, partner, web …
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Channel {
    /// Its id.
    pub id: ChannelId,
    /// Its name, unique in the organization.
    pub name: String,
    /// The name's pinyin.
    pub pinyin: String,
    /// The import that made it.
    pub import: Option<ImportId>,
}

const ACCOUNT: Insert = Insert {
    head: "INSERT INTO account (organization_id, id, external_id, name, pinyin, industry, region, parent_name, import_id)",
    columns: 9,
    tail: "",
};
const CHANNEL: Insert = Insert {
    head: "INSERT INTO channel (organization_id, id, name, pinyin, import_id)",
    columns: 5,
    tail: "",
};

/// Every account by pinyin. Names of customers appear with facts only, which the scope decides on; the list as a whole is
/// for those who see everything.
pub async fn list(session: &impl Session, scope: &Scope) -> Result<Vec<Account>, StoreError> {
    let columns = "id, external_id, name, pinyin, industry, region, parent_name, import_id";
    let rows = reference::all(session, scope, "account", columns).await?;
    rows.iter()
        .map(|row| {
            let id: Uuid = row.try_get_by_index(0)?;
            Ok(Account {
                id: id.into(),
                external_id: row.try_get_by_index(1)?,
                name: row.try_get_by_index(2)?,
                pinyin: row.try_get_by_index(3)?,
                industry: row.try_get_by_index(4)?,
                region: row.try_get_by_index(5)?,
                parent_name: row.try_get_by_index(6)?,
                import: reference::import_at(row, 7)?,
            })
        })
        .collect()
}

/// Every channel by pinyin.
pub async fn channels(session: &impl Session, scope: &Scope) -> Result<Vec<Channel>, StoreError> {
    let rows = reference::all(session, scope, "channel", "id, name, pinyin, import_id").await?;
    rows.iter()
        .map(|row| {
            let id: Uuid = row.try_get_by_index(0)?;
            Ok(Channel {
                id: id.into(),
                name: row.try_get_by_index(1)?,
                pinyin: row.try_get_by_index(2)?,
                import: reference::import_at(row, 3)?,
            })
        })
        .collect()
}

/// Adds accounts.
pub async fn insert(writer: &Writer, scope: &Scope, accounts: &[Account]) -> Result<(), StoreError> {
    let mut values: Vec<Value> = Vec::with_capacity(accounts.len() * ACCOUNT.columns);
    for account in accounts {
        values.extend([
            scope.organization.0.into(),
            account.id.0.into(),
            account.external_id.clone().into(),
            account.name.clone().into(),
            account.pinyin.clone().into(),
            account.industry.clone().into(),
            account.region.clone().into(),
            account.parent_name.clone().into(),
            account.import.map(|id| id.0).into(),
        ]);
    }
    ACCOUNT.run(writer, values).await
}

/// Adds channels.
pub async fn insert_channels(writer: &Writer, scope: &Scope, channels: &[Channel]) -> Result<(), StoreError> {
    let mut values: Vec<Value> = Vec::with_capacity(channels.len() * CHANNEL.columns);
    for channel in channels {
        values.extend([
            scope.organization.0.into(),
            channel.id.0.into(),
            channel.name.clone().into(),
            channel.pinyin.clone().into(),
            channel.import.map(|id| id.0).into(),
        ]);
    }
    CHANNEL.run(writer, values).await
}

/// Replaces everything of an account but its id.
pub async fn update(writer: &Writer, scope: &Scope, account: &Account) -> Result<(), StoreError> {
    let values = vec![
        account.external_id.clone().into(),
        account.name.clone().into(),
        account.pinyin.clone().into(),
        account.industry.clone().into(),
        account.region.clone().into(),
        account.parent_name.clone().into(),
        account.import.map(|id| id.0).into(),
        scope.organization.0.into(),
        account.id.0.into(),
    ];
    let sql = "UPDATE account SET external_id = $1, name = $2, pinyin = $3, industry = $4, region = $5, parent_name = $6, \
               import_id = $7 WHERE organization_id = $8 AND id = $9";
    match execute(writer, sql, values).await? {
        1 => Ok(()),
        _ => Err(StoreError::NotFound("account")),
    }
}

/// Deletes accounts.
pub async fn remove(writer: &Writer, scope: &Scope, ids: &[Uuid]) -> Result<(), StoreError> {
    reference::remove(writer, scope, "account", ids).await
}

/// Deletes channels.
pub async fn remove_channels(writer: &Writer, scope: &Scope, ids: &[Uuid]) -> Result<(), StoreError> {
    reference::remove(writer, scope, "channel", ids).await
}

/// Which of these accounts something refers to.
pub async fn used(session: &impl Session, scope: &Scope, ids: &[Uuid]) -> Result<Vec<Uuid>, StoreError> {
    reference::used(
        session,
        scope,
        &[("opportunity", "account_id"), ("sales_order", "account_id")],
        ids,
    )
    .await
}

/// Which of these channels something refers to.
pub async fn used_channels(
    session: &impl Session,
    scope: &Scope,
    ids: &[Uuid],
) -> Result<Vec<Uuid>, StoreError> {
    reference::used(
        session,
        scope,
        &[
            ("opportunity", "channel_id"),
            ("sales_order", "channel_id"),
            ("market_factor", "channel_id"),
        ],
        ids,
    )
    .await
}
