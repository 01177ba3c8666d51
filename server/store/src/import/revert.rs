//! Taking imports back: cleaning up after one that ended early, and restoring what a finished one replaced.

use domain::metric::Source;
use sea_orm::Value;
use uuid::Uuid;

use crate::bulk::{execute, marks, one_mark, query};
use crate::fact::{CREDIT_COLUMNS, Tables};
use crate::slot::Slot;
use crate::{Scope, Session, StoreError, Writer};

/// Facts handled in one transaction.
const FACTS_PER_STEP: usize = 2_000;

/// A fact an import wrote or replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Which one.
    pub id: Uuid,
    /// The import wrote its present version.
    pub written: bool,
    /// The import replaced an older version, which is still kept.
    pub replaced: bool,
}

/// Facts an import touched, by id from behind `after` on; empty at the end.
pub async fn facts_of(
    session: &impl Session,
    scope: &Scope,
    source: Source,
    slot: Slot,
    after: Option<Uuid>,
    limit: usize,
) -> Result<Vec<Fact>, StoreError> {
    let values = vec![
        slot.0.into(),
        slot.0.into(),
        scope.organization.0.into(),
        after.unwrap_or_default().into(),
        slot.0.into(),
        slot.0.into(),
        (limit as i64).into(),
    ];
    let sql = format!(
        "SELECT id, MAX(CASE WHEN slot = $1 AND gone = 0 THEN 1 ELSE 0 END), MAX(CASE WHEN gone = $2 THEN 1 ELSE 0 END) \
         FROM {} WHERE organization_id = $3 AND id > $4 AND (slot = $5 AND gone = 0 OR gone = $6) \
         GROUP BY id ORDER BY id LIMIT $7",
        Tables::of(source).main
    );
    query(session, &sql, values)
        .await?
        .iter()
        .map(|row| {
            let written: i32 = row.try_get_by_index(1)?;
            let replaced: i32 = row.try_get_by_index(2)?;
            Ok(Fact {
                id: row.try_get_by_index(0)?,
                written: written != 0,
                replaced: replaced != 0,
            })
        })
        .collect()
}

/// A later slot that replaced something this one wrote: it has to be taken back first.
pub async fn changed_since(
    session: &impl Session,
    scope: &Scope,
    slot: Slot,
) -> Result<Option<Slot>, StoreError> {
    for source in Source::ALL {
        let sql = format!(
            "SELECT gone FROM {} WHERE organization_id = $1 AND slot = $2 AND gone <> 0 LIMIT 1",
            Tables::of(source).main
        );
        let rows = query(session, &sql, vec![scope.organization.0.into(), slot.0.into()]).await?;
        if let Some(row) = rows.first() {
            return Ok(Some(Slot(row.try_get_by_index(0)?)));
        }
    }
    Ok(None)
}

/// Brings the versions that `undone` replaced back under the slot of its undo.
pub async fn restore(
    writer: &Writer,
    scope: &Scope,
    source: Source,
    undone: Slot,
    slot: Slot,
    ids: &[Uuid],
) -> Result<(), StoreError> {
    let dialect = writer.dialect();
    let Tables {
        main,
        columns,
        part,
        part_id,
        part_columns,
    } = Tables::of(source);
    let of_part = part_columns.replace(", ", ", e.");
    for ids in ids.chunks(FACTS_PER_STEP) {
        let keys = marks(dialect, 4, ids.len());
        let [to, org, gone] = [1, 2, 3].map(|number| one_mark(dialect, number));
        let copies = [
            format!(
                "INSERT INTO {part} (organization_id, {part_id}, slot, {part_columns}) \
                 SELECT e.organization_id, e.{part_id}, CAST({to} AS integer), e.{of_part} \
                 FROM {main} o JOIN {part} e ON e.organization_id = o.organization_id \
                 AND e.{part_id} = o.id AND e.slot = o.slot \
                 WHERE o.organization_id = {org} AND o.gone = {gone} AND o.id IN ({keys})"
            ),
            format!(
                "INSERT INTO credit (organization_id, fact_id, slot, gone, {CREDIT_COLUMNS}) \
                 SELECT organization_id, fact_id, CAST({to} AS integer), 0, {CREDIT_COLUMNS} FROM credit \
                 WHERE organization_id = {org} AND gone = {gone} AND fact_id IN ({keys})"
            ),
            format!(
                "INSERT INTO {main} (organization_id, id, slot, gone, {columns}) \
                 SELECT organization_id, id, CAST({to} AS integer), 0, {columns} FROM {main} \
                 WHERE organization_id = {org} AND gone = {gone} AND id IN ({keys})"
            ),
        ];
        for sql in copies {
            let mut values: Vec<Value> = vec![slot.0.into(), scope.organization.0.into(), undone.0.into()];
            values.extend(ids.iter().copied().map(Value::from));
            execute(writer, &sql, values).await?;
        }
    }
    Ok(())
}

/// Facts that an import which was never visible wrote or took away, by id from behind `after` on; empty at the end.
pub async fn leftovers(
    session: &impl Session,
    scope: &Scope,
    source: Source,
    slot: Slot,
    after: Option<Uuid>,
) -> Result<Vec<Uuid>, StoreError> {
    let sql = format!(
        "SELECT DISTINCT id FROM {} WHERE organization_id = $1 AND id > $2 AND (slot = $3 OR gone = $4) ORDER BY id LIMIT $5",
        Tables::of(source).main
    );
    let values = vec![
        scope.organization.0.into(),
        after.unwrap_or_default().into(),
        slot.0.into(),
        slot.0.into(),
        (FACTS_PER_STEP as i64).into(),
    ];
    query(session, &sql, values)
        .await?
        .iter()
        .map(|row| Ok(row.try_get_by_index(0)?))
        .collect()
}

/// Deletes what a slot wrote of these facts and brings back what it had taken away.
pub async fn clean(
    writer: &Writer,
    scope: &Scope,
    source: Source,
    slot: Slot,
    ids: &[Uuid],
) -> Result<(), StoreError> {
    let dialect = writer.dialect();
    let [org, own] = [1, 2].map(|number| one_mark(dialect, number));
    let tables = Tables::of(source);
    for part in ids.chunks(FACTS_PER_STEP) {
        let keys = marks(dialect, 3, part.len());
        let deleted = tables.all().map(|(table, id)| {
            format!("DELETE FROM {table} WHERE organization_id = {org} AND slot = {own} AND {id} IN ({keys})")
        });
        let back = [("credit", "fact_id"), (tables.main, "id")].map(|(table, id)| {
            format!("UPDATE {table} SET gone = 0 WHERE organization_id = {org} AND gone = {own} AND {id} IN ({keys})")
        });
        for sql in deleted.into_iter().chain(back) {
            let mut values: Vec<Value> = vec![scope.organization.0.into(), slot.0.into()];
            values.extend(part.iter().copied().map(Value::from));
            execute(writer, &sql, values).await?;
        }
    }
    Ok(())
}
