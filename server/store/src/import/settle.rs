//! After an import was taken back: what it wrote is deleted for good, and the versions it had replaced, which came back as
//! copies, take the places of their originals. So imports that are made and taken back again and again leave nothing behind,
//! and the import before can be taken back next.

use std::collections::BTreeMap;

use domain::metric::Source;
use sea_orm::Value;
use uuid::Uuid;

use crate::bulk::{execute, marks, one_mark, query};
use crate::fact::Tables;
use crate::slot::Slot;
use crate::{Scope, Session, StoreError, Writer};

/// Facts settled in one transaction.
const FACTS_PER_STEP: usize = 2_000;
/// The mark of an import that was taken back and has left nothing behind.
const SETTLED: i32 = 2;

/// An import that was taken back, and its undo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undone {
    /// The slot of the import.
    pub slot: Slot,
    /// The slot of its undo.
    pub undo: Slot,
}

/// Imports that were taken back and have something left behind, the latest first: an import is settled before the one whose
/// facts it had replaced.
pub async fn unsettled(session: &impl Session, scope: &Scope) -> Result<Vec<Undone>, StoreError> {
    let sql = "SELECT i.slot, u.slot FROM import i JOIN import u \
               ON u.organization_id = i.organization_id AND u.undoes_id = i.id AND u.status = 'done' \
               WHERE i.organization_id = $1 AND i.undone = 1 ORDER BY i.slot DESC";
    query(session, sql, vec![scope.organization.0.into()])
        .await?
        .iter()
        .map(|row| {
            Ok(Undone {
                slot: Slot(row.try_get_by_index(0)?),
                undo: Slot(row.try_get_by_index(1)?),
            })
        })
        .collect()
}

/// Facts with something left behind, by id from behind `after` on; empty at the end.
pub async fn remains(
    session: &impl Session,
    scope: &Scope,
    source: Source,
    undone: Undone,
    after: Option<Uuid>,
) -> Result<Vec<Uuid>, StoreError> {
    let sql = format!(
        "SELECT DISTINCT id FROM {} WHERE organization_id = $1 AND id > $2 \
         AND (gone = $3 OR slot = $4 AND gone = $5) ORDER BY id LIMIT $6",
        Tables::of(source).main
    );
    let values = vec![
        scope.organization.0.into(),
        after.unwrap_or_default().into(),
        undone.slot.0.into(),
        undone.slot.0.into(),
        undone.undo.0.into(),
        (FACTS_PER_STEP as i64).into(),
    ];
    query(session, &sql, values)
        .await?
        .iter()
        .map(|row| Ok(row.try_get_by_index(0)?))
        .collect()
}

/// Settles some facts.
pub async fn settle(
    writer: &Writer,
    scope: &Scope,
    source: Source,
    undone: Undone,
    ids: &[Uuid],
) -> Result<(), StoreError> {
    let tables = Tables::of(source);
    for ids in ids.chunks(FACTS_PER_STEP) {
        let (mut written, mut replaced) = (Vec::new(), BTreeMap::<i32, Vec<Uuid>>::new());
        for (id, slot, gone) in versions(writer, scope, tables, ids).await? {
            if slot == undone.slot.0 && gone == undone.undo.0 {
                written.push(id);
            } else if gone == undone.slot.0 {
                replaced.entry(slot).or_default().push(id);
            }
        }
        delete(writer, scope, tables, undone.slot.0, &written).await?;
        for (slot, ids) in replaced {
            delete(writer, scope, tables, slot, &ids).await?;
            for (table, id) in tables.all() {
                let set = format!("UPDATE {table} SET slot = {slot}");
                change(writer, scope, &set, id, undone.undo.0, &ids).await?;
            }
        }
    }
    Ok(())
}

/// Every version of some facts: id, slot, until when.
async fn versions(
    writer: &Writer,
    scope: &Scope,
    tables: Tables,
    ids: &[Uuid],
) -> Result<Vec<(Uuid, i32, i32)>, StoreError> {
    let dialect = writer.dialect();
    let sql = format!(
        "SELECT id, slot, gone FROM {} WHERE organization_id = {} AND id IN ({})",
        tables.main,
        one_mark(dialect, 1),
        marks(dialect, 2, ids.len())
    );
    let values = std::iter::once(scope.organization.0)
        .chain(ids.iter().copied())
        .map(Value::from);
    query(writer, &sql, values.collect())
        .await?
        .iter()
        .map(|row| {
            Ok((
                row.try_get_by_index(0)?,
                row.try_get_by_index(1)?,
                row.try_get_by_index(2)?,
            ))
        })
        .collect()
}

async fn delete(
    writer: &Writer,
    scope: &Scope,
    tables: Tables,
    slot: i32,
    ids: &[Uuid],
) -> Result<(), StoreError> {
    for (table, id) in tables.all() {
        change(writer, scope, &format!("DELETE FROM {table}"), id, slot, ids).await?;
    }
    Ok(())
}

/// Does something to the rows of facts under a slot.
async fn change(
    writer: &Writer,
    scope: &Scope,
    what: &str,
    id: &str,
    slot: i32,
    ids: &[Uuid],
) -> Result<(), StoreError> {
    if ids.is_empty() {
        return Ok(());
    }
    let dialect = writer.dialect();
    let sql = format!(
        "{what} WHERE organization_id = {} AND slot = {} AND {id} IN ({})",
        one_mark(dialect, 1),
        one_mark(dialect, 2),
        marks(dialect, 3, ids.len())
    );
    let mut values: Vec<Value> = vec![scope.organization.0.into(), slot.into()];
    values.extend(ids.iter().copied().map(Value::from));
    execute(writer, &sql, values).await.map(|_| ())
}

/// Says that nothing of an import that was taken back is left behind.
pub async fn mark_settled(writer: &Writer, scope: &Scope, undone: Undone) -> Result<(), StoreError> {
    let values = vec![SETTLED.into(), scope.organization.0.into(), undone.slot.0.into()];
    execute(
        writer,
        "UPDATE import SET undone = $1 WHERE organization_id = $2 AND slot = $3",
        values,
    )
    .await
    .map(|_| ())
}
