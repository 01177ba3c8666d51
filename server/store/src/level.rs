//! Levels of a target: floor, stretch and challenge, each a ratio of the target or an amount. They hang on a set of
//! assumptions.

use domain::id::AssumptionsId;
use domain::level::{Given, Level, Value};
use domain::money::Minor;
use sea_orm::Value as Bound;

use crate::bulk::{execute, query};
use crate::{Scope, Session, StoreError, Writer};

const RATIO: &str = "ratio";
const AMOUNT: &str = "amount";

/// What was decided.
pub async fn get(session: &impl Session, scope: &Scope, set: AssumptionsId) -> Result<Given, StoreError> {
    let sql = "SELECT level, kind, figure FROM target_level WHERE organization_id = $1 AND set_id = $2";
    let mut given = Given::default();
    for row in query(session, sql, vec![scope.organization.0.into(), set.0.into()]).await? {
        let (level, kind): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let figure: i64 = row.try_get_by_index(2)?;
        let level = Level::parse(&level).ok_or(StoreError::Damaged("target_level.level"))?;
        let value = value(&kind, figure)?;
        given = given.with(level, Some(value));
    }
    Ok(given)
}

/// A ratio or an amount as it is stored.
pub(crate) fn value(kind: &str, figure: i64) -> Result<Value, StoreError> {
    match kind {
        RATIO => Ok(Value::Ratio {
            ppm: u32::try_from(figure).map_err(|_| StoreError::Damaged("target_level.figure"))?,
        }),
        AMOUNT => Ok(Value::Amount {
            amount: Minor(figure),
        }),
        _ => Err(StoreError::Damaged("target_level.kind")),
    }
}

/// The same to be stored: of which kind, and the figure.
pub(crate) fn stored(value: Value) -> (&'static str, i64) {
    match value {
        Value::Ratio { ppm } => (RATIO, i64::from(ppm)),
        Value::Amount { amount } => (AMOUNT, amount.0),
    }
}

/// Replaces what was decided.
pub async fn put(
    writer: &Writer,
    scope: &Scope,
    set: AssumptionsId,
    given: &Given,
) -> Result<(), StoreError> {
    let of_set: [Bound; 2] = [scope.organization.0.into(), set.0.into()];
    let sql = "DELETE FROM target_level WHERE organization_id = $1 AND set_id = $2";
    execute(writer, sql, of_set.to_vec()).await?;
    let sql =
        "INSERT INTO target_level (organization_id, set_id, level, kind, figure) VALUES ($1, $2, $3, $4, $5)";
    for level in Level::ALL {
        let Some((kind, figure)) = given.get(level).map(stored) else {
            continue;
        };
        let mut values = of_set.to_vec();
        values.extend([level.as_str().into(), kind.into(), figure.into()]);
        execute(writer, sql, values).await?;
    }
    Ok(())
}

/// Copies the levels of one set into another that has none.
pub(crate) async fn copy(
    writer: &Writer,
    scope: &Scope,
    from: AssumptionsId,
    to: AssumptionsId,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO target_level (organization_id, set_id, level, kind, figure)
               SELECT organization_id, $1, level, kind, figure FROM target_level
               WHERE organization_id = $2 AND set_id = $3";
    let values = vec![to.0.into(), scope.organization.0.into(), from.0.into()];
    execute(writer, sql, values).await?;
    Ok(())
}
