//! What is on record, summed over periods by the database, and period by period for some rows.

use domain::id::{MemberId, UnitId, VersionId};
use domain::money::Minor;
use domain::target::{NodeRef, Span};
use sea_orm::Value;
use uuid::Uuid;

use crate::bulk::{key_lists, marks, query};
use crate::{Dialect, Scope, Session, StoreError, version};

/// What somebody, or a unit, has on record over some periods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordTotal {
    /// Who carries it.
    pub node: NodeRef,
    /// The unit right above: a member in two units has a total in each.
    pub below: Option<UnitId>,
    /// The sum of the targets.
    pub amount: Minor,
}

/// The targets of the plans of record of a metric, summed over these periods and no others, of the units and people within
/// reach. Who has several rows comes several times: a place may be carried by one person now and by another later.
pub async fn record_totals(
    session: &impl Session,
    scope: &Scope,
    metric_key: &str,
    periods: &[Span],
) -> Result<Vec<RecordTotal>, StoreError> {
    if periods.is_empty() {
        return Ok(Vec::new());
    }
    // Numbers of our own making, so they may stand in the text.
    let pieces: Vec<String> = periods
        .iter()
        .map(|period| format!("({},{})", period.starts_on.0, period.ends_on.0))
        .collect();
    let mut values: Vec<Value> = vec![scope.organization.0.into(), metric_key.into()];
    let mut which = "";
    if scope.reach == domain::access::Reach::Own {
        which = " AND (n.ref_id = $3 OR n.carrier_id = $3)";
        values.push(scope.member.map(|member| member.0).into());
    }
    let sql = format!(
        "WITH piece (a, b) AS (VALUES {}) \
         SELECT n.kind, n.ref_id, n.carrier_id, u.ref_id, CAST(SUM(c.amount) AS bigint) \
         FROM plan_record r \
         JOIN piece p ON p.a = r.starts_on AND p.b = r.ends_on \
         JOIN cell c ON c.organization_id = r.organization_id AND c.version_id = r.version_id \
         AND c.period_starts_on = r.starts_on AND c.level = '{}' \
         JOIN plan_node n ON n.organization_id = c.organization_id AND n.version_id = c.version_id AND n.id = c.node_id \
         LEFT JOIN plan_node u ON u.organization_id = n.organization_id AND u.version_id = n.version_id AND u.id = n.parent_id \
         WHERE r.organization_id = $1 AND r.metric_key = $2 AND r.until_ms IS NULL{which} \
         GROUP BY n.kind, n.ref_id, n.carrier_id, u.ref_id",
        pieces.join(","),
        super::TARGET,
    );
    let mut totals = Vec::new();
    for row in query(session, &sql, values).await? {
        let kind: String = row.try_get_by_index(0)?;
        let node = version::reference(&kind, row.try_get_by_index(1)?)?;
        let carrier: Option<Uuid> = row.try_get_by_index(2)?;
        if !version::within_reach(scope, node, carrier.map(MemberId)) {
            continue;
        }
        let below: Option<Uuid> = row.try_get_by_index(3)?;
        totals.push(RecordTotal {
            node,
            below: below.map(UnitId),
            amount: Minor(row.try_get_by_index(4)?),
        });
    }
    Ok(totals)
}

/// What the carrier of a row has on record in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordCell {
    /// The place of the row in its version.
    pub ordinal: u32,
    /// The place of the period among those that were asked about.
    pub period: usize,
    /// The target.
    pub amount: Minor,
}

/// The targets of the plans of record of a metric in these periods and no others, of those who carry the rows at some places of a
/// version below the same unit, and are within reach. A row may come several times in a period; its amounts add up. What is not on
/// record is left out.
pub async fn record_cells(
    session: &impl Session,
    scope: &Scope,
    metric_key: &str,
    periods: &[Span],
    version: VersionId,
    ordinals: &[u32],
) -> Result<Vec<RecordCell>, StoreError> {
    if periods.is_empty() {
        return Ok(Vec::new());
    }
    // Numbers of our own making, so they may stand in the text.
    let pieces: Vec<String> = periods
        .iter()
        .enumerate()
        .map(|(place, period)| format!("({place},{},{})", period.starts_on.0, period.ends_on.0))
        .collect();
    let places: Vec<i32> = ordinals
        .iter()
        .filter_map(|ordinal| i32::try_from(*ordinal).ok())
        .collect();
    let mut cells = Vec::new();
    for list in key_lists(&places) {
        let mut values: Vec<Value> = vec![scope.organization.0.into(), metric_key.into(), version.0.into()];
        let sql = format!(
            "WITH piece (i, a, b) AS (VALUES {}) \
             SELECT m.ordinal, p.i, n.kind, n.ref_id, n.carrier_id, CAST(SUM(c.amount) AS bigint) \
             FROM plan_node m \
             LEFT JOIN plan_node v ON v.organization_id = m.organization_id AND v.version_id = m.version_id \
             AND v.id = m.parent_id \
             CROSS JOIN piece p \
             CROSS JOIN plan_record r \
             JOIN plan_node n ON n.organization_id = m.organization_id AND n.ref_id = m.ref_id \
             AND n.version_id = r.version_id AND n.kind = m.kind \
             LEFT JOIN plan_node u ON u.organization_id = n.organization_id AND u.version_id = n.version_id \
             AND u.id = n.parent_id \
             JOIN cell c ON c.organization_id = n.organization_id AND c.version_id = n.version_id AND c.node_id = n.id \
             AND c.period_starts_on = r.starts_on AND c.level = '{}' \
             WHERE m.organization_id = $1 AND m.version_id = $3 AND m.ordinal IN ({}) \
             AND r.organization_id = $1 AND r.metric_key = $2 AND r.until_ms IS NULL \
             AND r.starts_on = p.a AND r.ends_on = p.b \
             AND (u.ref_id = v.ref_id OR (u.ref_id IS NULL AND v.ref_id IS NULL)) \
             GROUP BY m.ordinal, p.i, n.kind, n.ref_id, n.carrier_id",
            pieces.join(","),
            super::TARGET,
            marks(Dialect::Postgres, values.len() + 1, list.len()),
        );
        values.extend(list.into_iter().map(Value::from));
        for row in query(session, &sql, values).await? {
            let (ordinal, period): (i32, i32) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            let kind: String = row.try_get_by_index(2)?;
            let node = version::reference(&kind, row.try_get_by_index(3)?)?;
            let carrier: Option<Uuid> = row.try_get_by_index(4)?;
            if !version::within_reach(scope, node, carrier.map(MemberId)) {
                continue;
            }
            cells.push(RecordCell {
                ordinal: u32::try_from(ordinal).map_err(|_| StoreError::Damaged("plan_node.ordinal"))?,
                period: usize::try_from(period).map_err(|_| StoreError::Damaged("plan_record"))?,
                amount: Minor(row.try_get_by_index(5)?),
            });
        }
    }
    Ok(cells)
}
