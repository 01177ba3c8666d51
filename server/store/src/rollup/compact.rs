//! Rows of roll-ups put together again. Every import and every undo adds rows under a slot of its own beside those of
//! earlier ones, so a key that is corrected often has many; once their imports have ended, one row with the sum says the
//! same.

use domain::calendar::Day;

use super::{DAYS_PER_STEP, Dimension};
use crate::bulk::{execute, query};
use crate::metric::Metric;
use crate::slot::Slot;
use crate::{Dialect, Scope, Session, StoreError, Writer};

/// A stretch of one tier, small enough for a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The dimension of the second tier; none: the first tier.
    dimension: Option<Dimension>,
    from: Day,
    to: Day,
}

impl Stretch {
    fn table(self) -> &'static str {
        match self.dimension {
            None => "rollup_day",
            Some(_) => "rollup_period",
        }
    }

    /// The columns of a key but for the slot.
    fn key(self) -> [&'static str; 6] {
        match self.dimension {
            None => [
                "organization_id",
                "metric_id",
                "generation",
                "day",
                "member_id",
                "unit_id",
            ],
            Some(_) => [
                "organization_id",
                "metric_id",
                "generation",
                "dimension",
                "period",
                "key",
            ],
        }
    }

    /// The condition on its rows under slots up to a number. Everything but the ids is a number or a name of our own, so it
    /// may stand in the text.
    fn rows(self, metric: &Metric, until: Slot) -> String {
        let (day, dimension) = match self.dimension {
            None => ("day", String::new()),
            Some(dimension) => ("period", format!(" AND dimension = '{}'", dimension.as_str())),
        };
        format!(
            "organization_id = $1 AND metric_id = $2 AND generation = {}{dimension} AND {day} >= {} AND {day} < {} AND slot <= {}",
            metric.generation, self.from.0, self.to.0, until.0
        )
    }
}

/// The last slot all imports up to which have ended: what they wrote does not change any more.
pub async fn ended(session: &impl Session, scope: &Scope) -> Result<Slot, StoreError> {
    let sql = "SELECT COALESCE((SELECT MIN(i.slot) - 1 FROM import i WHERE i.organization_id = $1 AND i.ended_at_ms IS NULL), \
                               (SELECT MAX(i.slot) FROM import i WHERE i.organization_id = $2), 0), \
                      (SELECT MIN(o.slot) - 1 FROM open_slot o WHERE o.organization_id = $3)";
    let organization = scope.organization.0;
    let values = vec![organization.into(), organization.into(), organization.into()];
    let rows = query(session, sql, values).await?;
    let row = rows.first().ok_or(StoreError::Damaged("import.slot"))?;
    let ended: i32 = row.try_get_by_index(0)?;
    let open: Option<i32> = row.try_get_by_index(1)?;
    Ok(Slot(open.map_or(ended, |open| open.min(ended))))
}

/// The stretches in which a key has several rows under slots up to a number.
pub async fn scattered(
    session: &impl Session,
    scope: &Scope,
    metric: &Metric,
    until: Slot,
) -> Result<Vec<Stretch>, StoreError> {
    let mut found = Vec::new();
    let tiers = std::iter::once(None).chain(Dimension::ALL.into_iter().map(Some));
    for dimension in tiers {
        let whole = Stretch {
            dimension,
            from: Day(i32::MIN),
            to: Day(i32::MAX),
        };
        let (day, step) = match dimension {
            None => ("day", DAYS_PER_STEP),
            Some(_) => ("period", 31),
        };
        let sql = format!(
            "SELECT DISTINCT {day} FROM {} WHERE {} GROUP BY {} HAVING COUNT(*) > 1 ORDER BY {day}",
            whole.table(),
            whole.rows(metric, until),
            whole.key().join(", "),
        );
        let values = vec![scope.organization.0.into(), metric.id.0.into()];
        let mut end = i32::MIN;
        for row in query(session, &sql, values).await? {
            let day: i32 = row.try_get_by_index(0)?;
            if day >= end {
                end = day.saturating_add(step);
                found.push(Stretch {
                    dimension,
                    from: Day(day),
                    to: Day(end),
                });
            }
        }
    }
    Ok(found)
}

/// Puts the rows of a stretch together; what came to nothing goes. Sums stay as they are.
pub async fn compact(
    writer: &Writer,
    scope: &Scope,
    metric: &Metric,
    stretch: Stretch,
) -> Result<(), StoreError> {
    let organization = scope.organization.0;
    if writer.dialect() == Dialect::Postgres {
        // No import begins meanwhile, and no other server puts together the same rows; SQLite has one writer anyway.
        let lock = "SELECT id FROM organization WHERE id = $1 FOR UPDATE";
        query(writer, lock, vec![organization.into()]).await?;
    }
    let until = ended(writer, scope).await?;
    let (table, rows) = (stretch.table(), stretch.rows(metric, until));
    let key = stretch.key().join(", ");
    let same: Vec<String> = stretch
        .key()
        .iter()
        .map(|column| format!("l.{column} = {table}.{column}"))
        .collect();
    let steps = [
        format!(
            "INSERT INTO {table} ({key}, slot, amount, count) \
             SELECT {key}, MIN(slot), CAST(SUM(amount) AS bigint), CAST(SUM(count) AS bigint) FROM {table} WHERE {rows} \
             GROUP BY {key} HAVING COUNT(*) > 1 \
             ON CONFLICT ({key}, slot) DO UPDATE SET amount = excluded.amount, count = excluded.count"
        ),
        format!(
            "DELETE FROM {table} WHERE {rows} AND EXISTS \
             (SELECT 1 FROM {table} l WHERE {} AND l.slot < {table}.slot)",
            same.join(" AND ")
        ),
        format!("DELETE FROM {table} WHERE {rows} AND amount = 0 AND count = 0"),
    ];
    for sql in steps {
        execute(writer, &sql, vec![organization.into(), metric.id.0.into()]).await?;
    }
    Ok(())
}
