//! Lines of a target as they were decided. They hang on a set of assumptions.

use domain::id::AssumptionsId;
use domain::line::{Line, LineBy};
use domain::money::Minor;
use sea_orm::Value;

use crate::bulk::{Insert, execute, query};
use crate::{Scope, Session, StoreError, Writer};

const LINE: Insert = Insert {
    head: "INSERT INTO target_line (organization_id, set_id, line_by, line_key, ordinal, name, history, amount, locked)",
    columns: 9,
    tail: "",
};

/// The lines of every dimension somebody decided, each in its order.
pub async fn list(
    session: &impl Session,
    scope: &Scope,
    set: AssumptionsId,
) -> Result<Vec<(LineBy, Vec<Line>)>, StoreError> {
    let sql = "SELECT line_by, line_key, name, history, amount, locked FROM target_line
               WHERE organization_id = $1 AND set_id = $2 ORDER BY line_by, ordinal";
    let mut lines: Vec<(LineBy, Vec<Line>)> = Vec::new();
    for row in query(session, sql, vec![scope.organization.0.into(), set.0.into()]).await? {
        let by: String = row.try_get_by_index(0)?;
        let by = LineBy::parse(&by).ok_or(StoreError::Damaged("target_line.line_by"))?;
        let line = Line {
            key: row.try_get_by_index(1)?,
            name: row.try_get_by_index(2)?,
            history: Minor(row.try_get_by_index(3)?),
            amount: Minor(row.try_get_by_index(4)?),
            locked: row.try_get_by_index::<i32>(5)? != 0,
        };
        match lines.last_mut() {
            Some((known, of)) if *known == by => of.push(line),
            _ => lines.push((by, vec![line])),
        }
    }
    Ok(lines)
}

/// Replaces the lines of a dimension; without any, nothing is decided of it.
pub async fn put(
    writer: &Writer,
    scope: &Scope,
    set: AssumptionsId,
    by: LineBy,
    lines: &[Line],
) -> Result<(), StoreError> {
    let sql = "DELETE FROM target_line WHERE organization_id = $1 AND set_id = $2 AND line_by = $3";
    let values = vec![scope.organization.0.into(), set.0.into(), by.as_str().into()];
    execute(writer, sql, values).await?;
    let mut values: Vec<Value> = Vec::with_capacity(lines.len() * LINE.columns);
    for (ordinal, line) in (0_i32..).zip(lines) {
        values.extend([
            scope.organization.0.into(),
            set.0.into(),
            by.as_str().into(),
            line.key.clone().into(),
            ordinal.into(),
            line.name.clone().into(),
            line.history.0.into(),
            line.amount.0.into(),
            i32::from(line.locked).into(),
        ]);
    }
    LINE.run(writer, values).await
}

/// Copies the lines of one set into another that has none.
pub(crate) async fn copy(
    writer: &Writer,
    scope: &Scope,
    from: AssumptionsId,
    to: AssumptionsId,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO target_line
                 (organization_id, set_id, line_by, line_key, ordinal, name, history, amount, locked)
               SELECT organization_id, $1, line_by, line_key, ordinal, name, history, amount, locked FROM target_line
               WHERE organization_id = $2 AND set_id = $3";
    let values = vec![to.0.into(), scope.organization.0.into(), from.0.into()];
    execute(writer, sql, values).await?;
    Ok(())
}
