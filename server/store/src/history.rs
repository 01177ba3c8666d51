//! What a history is read from beside its sums: the largest facts of each month, customers, and how deals ended.

use domain::calendar::Day;
use domain::id::MemberId;
use domain::money::Fact;
use sea_orm::Value;
use uuid::Uuid;

use crate::bulk::{marks, query};
use crate::fact::Tables;
use crate::metric::Metric;
use crate::slot::there;
use crate::{Dialect, Scope, Session, StoreError};

/// One of the largest facts of a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Large {
    /// The place of its period among those asked for.
    pub period: usize,
    /// Its id in the system it comes from.
    pub external_id: String,
    /// The day it counts.
    pub day: Day,
    /// What it is worth.
    pub amount: Fact,
    /// Whose it is.
    pub member: Option<MemberId>,
    /// The customer's name.
    pub account: Option<String>,
    /// How many facts its period has.
    pub facts: i64,
    /// What they sum to.
    pub sum: Fact,
}

/// The `most` largest facts of each of some periods that do not overlap, the largest first.
pub async fn largest(
    session: &impl Session,
    scope: &Scope,
    metric: &Metric,
    periods: &[(Day, Day)],
    most: u32,
) -> Result<Vec<Large>, StoreError> {
    if periods.is_empty() {
        return Ok(Vec::new());
    }
    // Numbers of our own making, so they may stand in the text.
    let rows: Vec<String> = periods
        .iter()
        .enumerate()
        .map(|(at, (starts, ends))| format!("({at},{},{})", starts.0, ends.0))
        .collect();
    let mut values: Vec<Value> = vec![scope.organization.0.into(), metric.id.0.into()];
    let condition = credited(scope, &mut values);
    let sql = format!(
        "WITH piece (n, a, b) AS (VALUES {}) \
         SELECT l.n, f.external_id, l.day, CAST(l.amount AS bigint), f.member_id, a.name, l.facts, CAST(l.total AS bigint) \
         FROM (SELECT g.n, g.fact_id, g.slot, g.day, g.amount, COUNT(*) OVER (PARTITION BY g.n) AS facts, \
               SUM(g.amount) OVER (PARTITION BY g.n) AS total, \
               ROW_NUMBER() OVER (PARTITION BY g.n ORDER BY g.amount DESC, g.fact_id) AS place \
               FROM (SELECT p.n, c.fact_id, c.slot, MIN(c.day) AS day, SUM(c.amount) AS amount \
                     FROM piece p CROSS JOIN credit c WHERE {condition} AND c.day >= p.a AND c.day < p.b \
                     GROUP BY p.n, c.fact_id, c.slot) g) l \
         JOIN {} f ON f.organization_id = $1 AND f.id = l.fact_id AND f.slot = l.slot \
         LEFT JOIN account a ON a.organization_id = f.organization_id AND a.id = f.account_id \
         WHERE l.place <= {most} ORDER BY l.n, l.place",
        rows.join(","),
        Tables::of(metric.source).main,
    );
    query(session, &sql, values)
        .await?
        .iter()
        .map(|row| {
            let period: i32 = row.try_get_by_index(0)?;
            let member: Option<Uuid> = row.try_get_by_index(4)?;
            Ok(Large {
                period: usize::try_from(period).map_err(|_| StoreError::Damaged("piece"))?,
                external_id: row.try_get_by_index(1)?,
                day: Day(row.try_get_by_index(2)?),
                amount: Fact(row.try_get_by_index(3)?),
                member: member.map(MemberId),
                account: row.try_get_by_index(5)?,
                facts: row.try_get_by_index(6)?,
                sum: Fact(row.try_get_by_index(7)?),
            })
        })
        .collect()
}

/// That a credit `c` is there, counts for a metric, and lies within the scope; the values are the organization as `$1`, the
/// metric as `$2`, and what it adds.
fn credited(scope: &Scope, values: &mut Vec<Value>) -> String {
    let mut text = format!(
        "c.organization_id = $1 AND c.metric_id = $2 AND c.kind = 'revenue' AND {}",
        there("c", "c.organization_id")
    );
    if !scope.sees_everything() {
        // Nobody's facts bear the nil id and are not those of who is no member.
        text += " AND (1 = 0";
        if let Some(member) = scope.member {
            values.push(member.0.into());
            text += &format!(" OR c.member_id = ${}", values.len());
        }
        if !scope.units.is_empty() {
            // Numbered marks work on both databases where nothing else is bare.
            let units = marks(Dialect::Postgres, values.len() + 1, scope.units.len());
            text += &format!(" OR c.unit_id IN ({units})");
            values.extend(scope.units.iter().map(|unit| Value::from(unit.0)));
        }
        text.push(')');
    }
    text
}
