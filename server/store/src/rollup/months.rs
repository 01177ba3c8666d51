//! What some people brought, or what was brought in some units, in pieces of whole civil months: a few rows of the second tier for
//! each of them, however many there are besides.

use std::collections::HashSet;

use domain::calendar::Month;
use domain::money::Fact;
use sea_orm::Value;
use uuid::Uuid;

use super::Dimension;
use crate::bulk::{KEYS_PER_STATEMENT, key_lists, marks, query};
use crate::metric::Metric;
use crate::slot::counts;
use crate::{Dialect, Scope, Session, StoreError};

/// A sum of one key over one piece of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfMonths {
    /// Whose it is.
    pub key: Uuid,
    /// The number of the piece, as it was asked.
    pub piece: i32,
    /// How much.
    pub amount: Fact,
}

/// The sums of the people or units with these ids that are within the scope, over months that are given with the number of the
/// piece each belongs to. Of a unit what was credited in the very unit, of a person what was credited anywhere. A key and a piece
/// may come in several parts that add up; what has nothing is left out.
pub async fn of_months(
    session: &impl Session,
    scope: &Scope,
    metric: &Metric,
    months: &[(i32, Month)],
    dimension: Dimension,
    keys: &[Uuid],
) -> Result<Vec<OfMonths>, StoreError> {
    let keys: Vec<Uuid> = keys
        .iter()
        .copied()
        .filter(|key| sees(scope, dimension, *key))
        .collect();
    if months.is_empty() || keys.is_empty() {
        return Ok(Vec::new());
    }
    // Numbers of our own making, so they may stand in the text.
    let pieces: Vec<String> = months
        .iter()
        .map(|(piece, month)| format!("({piece},{})", month.first_day().0))
        .collect();
    // Of very many all are read in one go rather than each sought.
    let all = keys.len() > KEYS_PER_STATEMENT;
    let lists: Vec<Vec<Uuid>> = if all {
        vec![Vec::new()]
    } else {
        key_lists(&keys).collect()
    };
    let wanted: HashSet<Uuid> = keys.into_iter().collect();
    let mut sums = Vec::new();
    for list in lists {
        let mut values: Vec<Value> = vec![
            scope.organization.0.into(),
            metric.id.0.into(),
            metric.generation.into(),
            dimension.as_str().into(),
        ];
        let among = if list.is_empty() {
            String::new()
        } else {
            // Numbered marks work on both databases where nothing else is bare.
            format!(
                " AND r.key IN ({})",
                marks(Dialect::Postgres, values.len() + 1, list.len())
            )
        };
        values.extend(list.into_iter().map(Value::from));
        let sql = format!(
            "WITH piece (n, m) AS (VALUES {}) SELECT r.key, p.n, CAST(SUM(r.amount) AS bigint) \
             FROM piece p CROSS JOIN rollup_period r \
             WHERE r.organization_id = $1 AND r.metric_id = $2 AND r.generation = $3 AND r.dimension = $4 \
             AND r.period = p.m{among} AND {} GROUP BY r.key, p.n",
            pieces.join(","),
            counts("r", "r.organization_id"),
        );
        for row in query(session, &sql, values).await? {
            let key: Uuid = row.try_get_by_index(0)?;
            if wanted.contains(&key) {
                sums.push(OfMonths {
                    key,
                    piece: row.try_get_by_index(1)?,
                    amount: Fact(row.try_get_by_index(2)?),
                });
            }
        }
    }
    Ok(sums)
}

/// Whether sums of a key may be seen. What is neither a person nor a unit is no key of a row.
fn sees(scope: &Scope, dimension: Dimension, key: Uuid) -> bool {
    match dimension {
        Dimension::Member => scope.sees_member(key.into()),
        Dimension::Unit => scope.sees_unit(key.into()),
        Dimension::Product | Dimension::Account | Dimension::Channel => scope.sees_everything(),
    }
}
