//! Limits of fairness that an organization chose.

use domain::fairness::{Limit, Limits, Measure};
use domain::plan::HEDGE_LIMIT_PPM;
use sea_orm::Value;

use crate::bulk::{execute, query};
use crate::{Scope, Session, StoreError, Writer};

/// The name that the bound of hedges stands by; it is no measure of a plan, and so no limit that one is held against.
const HEDGE: &str = "hedge";

/// The limits that hold: those that were chosen, and the usual ones of measures nobody chose limits of.
pub async fn limits(session: &impl Session, scope: &Scope) -> Result<Limits, StoreError> {
    let sql = "SELECT measure, warn_ppm, block_ppm FROM fairness_limit WHERE organization_id = $1";
    let mut chosen = Vec::new();
    for row in query(session, sql, vec![scope.organization.0.into()]).await? {
        let measure: String = row.try_get_by_index(0)?;
        let (warn, block): (Option<i32>, Option<i32>) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        // A measure of a newer build is left alone.
        if let Some(measure) = Measure::parse(&measure) {
            chosen.push(Limit {
                measure,
                warn_ppm: warn.map(ppm).transpose()?,
                block_ppm: block.map(ppm).transpose()?,
            });
        }
    }
    Ok(Limits::with(&chosen))
}

fn ppm(stored: i32) -> Result<u32, StoreError> {
    u32::try_from(stored).map_err(|_| StoreError::Damaged("fairness_limit"))
}

/// Chooses limits, one for each measure.
pub async fn set_limits(writer: &Writer, scope: &Scope, limits: &Limits) -> Result<(), StoreError> {
    let sql = "INSERT INTO fairness_limit (organization_id, measure, warn_ppm, block_ppm) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (organization_id, measure) DO UPDATE SET warn_ppm = excluded.warn_ppm, \
               block_ppm = excluded.block_ppm";
    let stored = |ppm: Option<u32>| {
        ppm.map(i32::try_from)
            .transpose()
            .map_err(|_| StoreError::Damaged("fairness_limit"))
    };
    for limit in limits.list() {
        let values: Vec<Value> = vec![
            scope.organization.0.into(),
            limit.measure.as_str().into(),
            stored(limit.warn_ppm)?.into(),
            stored(limit.block_ppm)?.into(),
        ];
        execute(writer, sql, values).await?;
    }
    Ok(())
}

/// By how much the rows below a row may exceed it, in millionths: what was chosen, or the usual bound.
pub async fn hedge_limit(session: &impl Session, scope: &Scope) -> Result<u32, StoreError> {
    let sql = "SELECT block_ppm FROM fairness_limit WHERE organization_id = $1 AND measure = $2";
    let values: Vec<Value> = vec![scope.organization.0.into(), HEDGE.into()];
    let rows = query(session, sql, values).await?;
    let chosen: Option<i32> = match rows.first() {
        Some(row) => row.try_get_by_index(0)?,
        None => None,
    };
    chosen.map_or(Ok(HEDGE_LIMIT_PPM), ppm)
}

/// Chooses by how much the rows below a row may exceed it.
pub async fn set_hedge_limit(writer: &Writer, scope: &Scope, ppm: u32) -> Result<(), StoreError> {
    let sql = "INSERT INTO fairness_limit (organization_id, measure, warn_ppm, block_ppm) VALUES ($1, $2, NULL, $3) \
               ON CONFLICT (organization_id, measure) DO UPDATE SET block_ppm = excluded.block_ppm";
    let stored = i32::try_from(ppm).map_err(|_| StoreError::Damaged("fairness_limit"))?;
    let values: Vec<Value> = vec![scope.organization.0.into(), HEDGE.into(), stored.into()];
    execute(writer, sql, values).await?;
    Ok(())
}
