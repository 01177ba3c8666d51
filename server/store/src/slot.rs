//! Slots: the number under which an import writes, and what of it is there to see.
//!
//! A fact is there from its `slot` on until its `gone` (0: still there). A slot listed in `open_slot` belongs to an import
//! that is not done: nothing it wrote is there yet, nothing it took away is gone yet.

use domain::id::ImportId;

use crate::bulk::{execute, query};
use crate::{Scope, Session, StoreError, Writer};

/// The number of an import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(pub i32);

/// Begins to write under a slot; a conflict while another import of the organization writes.
pub async fn open(writer: &Writer, scope: &Scope, slot: Slot, import: ImportId) -> Result<(), StoreError> {
    let values = vec![scope.organization.0.into(), slot.0.into(), import.0.into()];
    execute(
        writer,
        "INSERT INTO open_slot (organization_id, slot, import_id) VALUES ($1, $2, $3)",
        values,
    )
    .await
    .map(|_| ())
}

/// Makes everything written under the slot visible; one transaction with the last writes.
pub async fn close(writer: &Writer, scope: &Scope, slot: Slot) -> Result<(), StoreError> {
    let values = vec![scope.organization.0.into(), slot.0.into()];
    let closed = execute(
        writer,
        "DELETE FROM open_slot WHERE organization_id = $1 AND slot = $2",
        values,
    )
    .await?;
    if closed == 1 {
        Ok(())
    } else {
        Err(StoreError::NotFound("open slot"))
    }
}

/// Who writes at present.
pub async fn writing(session: &impl Session, scope: &Scope) -> Result<Option<(Slot, ImportId)>, StoreError> {
    let rows = query(
        session,
        "SELECT slot, import_id FROM open_slot WHERE organization_id = $1",
        vec![scope.organization.0.into()],
    )
    .await?;
    rows.first()
        .map(|row| {
            let import: uuid::Uuid = row.try_get_by_index(1)?;
            Ok((Slot(row.try_get_by_index(0)?), import.into()))
        })
        .transpose()
}

/// The condition that a row is there; `org` is the placeholder or column of the organization.
pub(crate) fn there(table: &str, org: &str) -> String {
    format!(
        "{table}.slot NOT IN (SELECT o.slot FROM open_slot o WHERE o.organization_id = {org}) \
         AND ({table}.gone = 0 OR {table}.gone IN (SELECT o.slot FROM open_slot o WHERE o.organization_id = {org}))"
    )
}

/// The condition that a roll-up counts; roll-ups take away by negative amounts.
pub(crate) fn counts(table: &str, org: &str) -> String {
    format!("{table}.slot NOT IN (SELECT o.slot FROM open_slot o WHERE o.organization_id = {org})")
}
