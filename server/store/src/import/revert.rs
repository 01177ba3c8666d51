//! Taking imports back: cleaning up after one that ended early, and restoring what a finished one replaced.

use domain::id::OpportunityId;
use sea_orm::Value;
use uuid::Uuid;

use crate::bulk::{execute, marks, one_mark, query};
use crate::slot::Slot;
use crate::{Scope, Session, StoreError, Writer};

/// Facts handled in one transaction.
const FACTS_PER_STEP: usize = 2_000;

/// A fact an import wrote or replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The opportunity.
    pub id: OpportunityId,
    /// The import wrote its present version.
    pub written: bool,
    /// The import replaced an older version, which is still kept.
    pub replaced: bool,
}

/// Facts an import touched, by id from behind `after` on; empty at the end.
pub async fn facts_of(
    session: &impl Session,
    scope: &Scope,
    slot: Slot,
    after: Option<OpportunityId>,
    limit: usize,
) -> Result<Vec<Fact>, StoreError> {
    let values = vec![
        slot.0.into(),
        slot.0.into(),
        scope.organization.0.into(),
        after.unwrap_or_default().0.into(),
        slot.0.into(),
        slot.0.into(),
        (limit as i64).into(),
    ];
    let sql = "SELECT id, MAX(CASE WHEN slot = $1 AND gone = 0 THEN 1 ELSE 0 END), \
                      MAX(CASE WHEN gone = $2 THEN 1 ELSE 0 END) \
               FROM opportunity WHERE organization_id = $3 AND id > $4 AND (slot = $5 AND gone = 0 OR gone = $6) \
               GROUP BY id ORDER BY id LIMIT $7";
    query(session, sql, values)
        .await?
        .iter()
        .map(|row| {
            let id: Uuid = row.try_get_by_index(0)?;
            let written: i32 = row.try_get_by_index(1)?;
            let replaced: i32 = row.try_get_by_index(2)?;
            Ok(Fact {
                id: id.into(),
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
    let sql = "SELECT gone FROM opportunity WHERE organization_id = $1 AND slot = $2 AND gone <> 0 LIMIT 1";
    let rows = query(session, sql, vec![scope.organization.0.into(), slot.0.into()]).await?;
    rows.first()
        .map(|row| Ok(Slot(row.try_get_by_index(0)?)))
        .transpose()
}

/// Brings the versions that `undone` replaced back under the slot of its undo.
pub async fn restore(
    writer: &Writer,
    scope: &Scope,
    undone: Slot,
    slot: Slot,
    ids: &[OpportunityId],
) -> Result<(), StoreError> {
    let dialect = writer.dialect();
    for part in ids.chunks(FACTS_PER_STEP) {
        let keys = marks(dialect, 4, part.len());
        let [to, org, gone] = [1, 2, 3].map(|number| one_mark(dialect, number));
        let copies = [
            format!(
                "INSERT INTO stage_event (organization_id, opportunity_id, slot, seq, stage, day) \
                 SELECT e.organization_id, e.opportunity_id, CAST({to} AS integer), e.seq, e.stage, e.day \
                 FROM opportunity o JOIN stage_event e ON e.organization_id = o.organization_id \
                 AND e.opportunity_id = o.id AND e.slot = o.slot \
                 WHERE o.organization_id = {org} AND o.gone = {gone} AND o.id IN ({keys})"
            ),
            format!(
                "INSERT INTO credit (organization_id, fact_id, metric_id, slot, part, gone, kind, member_id, unit_id, day, \
                 amount, count) SELECT organization_id, fact_id, metric_id, CAST({to} AS integer), part, 0, kind, \
                 member_id, unit_id, day, amount, count FROM credit \
                 WHERE organization_id = {org} AND gone = {gone} AND fact_id IN ({keys})"
            ),
            format!(
                "INSERT INTO opportunity (organization_id, id, slot, gone, external_id, name, member_id, account_id, \
                 product_id, channel_id, status, stage, created_on, closed_on, amount, probability, row_hash) \
                 SELECT organization_id, id, CAST({to} AS integer), 0, external_id, name, member_id, account_id, product_id, \
                 channel_id, status, stage, created_on, closed_on, amount, probability, row_hash FROM opportunity \
                 WHERE organization_id = {org} AND gone = {gone} AND id IN ({keys})"
            ),
        ];
        for sql in copies {
            let mut values: Vec<Value> = vec![slot.0.into(), scope.organization.0.into(), undone.0.into()];
            values.extend(part.iter().map(|id| Value::from(id.0)));
            execute(writer, &sql, values).await?;
        }
    }
    Ok(())
}

/// Facts that an import which was never visible wrote or took away, by id from behind `after` on; empty at the end.
pub async fn leftovers(
    session: &impl Session,
    scope: &Scope,
    slot: Slot,
    after: Option<OpportunityId>,
) -> Result<Vec<OpportunityId>, StoreError> {
    let sql = "SELECT DISTINCT id FROM opportunity WHERE organization_id = $1 AND id > $2 AND (slot = $3 OR gone = $4) \
               ORDER BY id LIMIT $5";
    let values = vec![
        scope.organization.0.into(),
        after.unwrap_or_default().0.into(),
        slot.0.into(),
        slot.0.into(),
        (FACTS_PER_STEP as i64).into(),
    ];
    query(session, sql, values)
        .await?
        .iter()
        .map(|row| {
            let id: Uuid = row.try_get_by_index(0)?;
            Ok(OpportunityId(id))
        })
        .collect()
}

/// Deletes what a slot wrote of these facts and brings back what it had taken away.
pub async fn clean(
    writer: &Writer,
    scope: &Scope,
    slot: Slot,
    ids: &[OpportunityId],
) -> Result<(), StoreError> {
    let dialect = writer.dialect();
    let [org, own] = [1, 2].map(|number| one_mark(dialect, number));
    for part in ids.chunks(FACTS_PER_STEP) {
        let keys = marks(dialect, 3, part.len());
        let steps = [
            format!(
                "DELETE FROM stage_event WHERE organization_id = {org} AND slot = {own} AND opportunity_id IN ({keys})"
            ),
            format!(
                "DELETE FROM credit WHERE organization_id = {org} AND slot = {own} AND fact_id IN ({keys})"
            ),
            format!(
                "DELETE FROM opportunity WHERE organization_id = {org} AND slot = {own} AND id IN ({keys})"
            ),
            format!(
                "UPDATE credit SET gone = 0 WHERE organization_id = {org} AND gone = {own} AND fact_id IN ({keys})"
            ),
            format!(
                "UPDATE opportunity SET gone = 0 WHERE organization_id = {org} AND gone = {own} AND id IN ({keys})"
            ),
        ];
        for sql in steps {
            let mut values: Vec<Value> = vec![scope.organization.0.into(), slot.0.into()];
            values.extend(part.iter().map(|id| Value::from(id.0)));
            execute(writer, &sql, values).await?;
        }
    }
    Ok(())
}
