//! Other spellings under which files name a reference.

use domain::id::ImportId;
use sea_orm::Value;
use uuid::Uuid;

use crate::bulk::{Insert, execute, query};
use crate::{Scope, Session, StoreError, Writer};

/// Another spelling of a reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// `product`, `account`, `member`, `unit`, `channel`, `category`.
    pub noun: String,
    /// The spelling, folded as names are compared.
    pub folded: String,
    /// What it means.
    pub target: Uuid,
    /// The import it was learnt in.
    pub import: Option<ImportId>,
}

const ALIAS: Insert = Insert {
    head: "INSERT INTO alias (organization_id, noun, folded, target_id, import_id)",
    columns: 5,
    tail: "ON CONFLICT (organization_id, noun, folded) DO UPDATE \
           SET target_id = excluded.target_id, import_id = excluded.import_id",
};

/// Every alias.
pub async fn list(session: &impl Session, scope: &Scope) -> Result<Vec<Alias>, StoreError> {
    let sql = "SELECT noun, folded, target_id, import_id FROM alias WHERE organization_id = $1";
    query(session, sql, vec![scope.organization.0.into()])
        .await?
        .iter()
        .map(|row| {
            Ok(Alias {
                noun: row.try_get_by_index(0)?,
                folded: row.try_get_by_index(1)?,
                target: row.try_get_by_index(2)?,
                import: crate::reference::import_at(row, 3)?,
            })
        })
        .collect()
}

/// Remembers aliases; a spelling that meant something else means the new thing from now on.
pub async fn put(writer: &Writer, scope: &Scope, aliases: &[Alias]) -> Result<(), StoreError> {
    let mut values: Vec<Value> = Vec::with_capacity(aliases.len() * ALIAS.columns);
    for alias in aliases {
        values.extend([
            scope.organization.0.into(),
            alias.noun.clone().into(),
            alias.folded.clone().into(),
            alias.target.into(),
            alias.import.map(|id| id.0).into(),
        ]);
    }
    ALIAS.run(writer, values).await
}

/// Forgets what was learnt in an import.
pub async fn forget(writer: &Writer, scope: &Scope, import: ImportId) -> Result<(), StoreError> {
    let values = vec![scope.organization.0.into(), import.0.into()];
    execute(
        writer,
        "DELETE FROM alias WHERE organization_id = $1 AND import_id = $2",
        values,
    )
    .await
    .map(|_| ())
}
