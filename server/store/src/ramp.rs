//! The ramp of beginners that an organization chose.

use domain::basis::Ramp;
use sea_orm::Value;

use crate::bulk::{execute, query};
use crate::{Scope, Session, StoreError, Writer};

/// The ramp that holds: the one that was chosen, or else the usual one.
pub async fn get(session: &impl Session, scope: &Scope) -> Result<Ramp, StoreError> {
    let sql = "SELECT ppm FROM ramp_step WHERE organization_id = $1 ORDER BY month";
    let mut steps_ppm = Vec::new();
    for row in query(session, sql, vec![scope.organization.0.into()]).await? {
        let ppm: i32 = row.try_get_by_index(0)?;
        steps_ppm.push(u32::try_from(ppm).map_err(|_| StoreError::Damaged("ramp_step"))?);
    }
    if steps_ppm.is_empty() {
        return Ok(Ramp::default());
    }
    Ok(Ramp { steps_ppm })
}

/// Chooses a ramp.
pub async fn set(writer: &Writer, scope: &Scope, ramp: &Ramp) -> Result<(), StoreError> {
    let organization = scope.organization.0;
    let sql = "DELETE FROM ramp_step WHERE organization_id = $1";
    execute(writer, sql, vec![organization.into()]).await?;
    let sql = "INSERT INTO ramp_step (organization_id, month, ppm) VALUES ($1, $2, $3)";
    for (month, ppm) in (0_i32..).zip(&ramp.steps_ppm) {
        let ppm = i32::try_from(*ppm).map_err(|_| StoreError::Damaged("ramp_step"))?;
        let values: Vec<Value> = vec![organization.into(), month.into(), ppm.into()];
        execute(writer, sql, values).await?;
    }
    Ok(())
}
