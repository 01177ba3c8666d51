//! Roll-ups recomputed from the facts and compared: for tests and for whoever doubts a number.

use std::collections::BTreeMap;

use domain::metric::Source;
use uuid::Uuid;

use super::{Dimension, Sum};
use crate::bulk::query;
use crate::fact::Tables;
use crate::metric::Metric;
use crate::slot::{counts, there};
use crate::{Scope, Session, StoreError};

/// A row of a roll-up that is not what the facts say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// `day` or the dimension of the second tier.
    pub tier: &'static str,
    /// The key in words.
    pub key: String,
    /// What the roll-up says.
    pub stored: Sum,
    /// What the facts say.
    pub recomputed: Sum,
}

/// Every difference between the roll-ups of a metric and its facts.
pub async fn differences(
    session: &impl Session,
    scope: &Scope,
    metric: &Metric,
) -> Result<Vec<Difference>, StoreError> {
    let mut found = Vec::new();
    let stored = format!(
        "SELECT r.day, r.member_id, r.unit_id, CAST(SUM(r.amount) AS bigint), CAST(SUM(r.count) AS bigint) \
         FROM rollup_day r WHERE r.organization_id = $1 AND r.metric_id = $2 AND r.generation = $3 AND {} \
         GROUP BY r.day, r.member_id, r.unit_id",
        counts("r", "r.organization_id")
    );
    let facts = format!(
        "SELECT c.day, c.member_id, c.unit_id, CAST(SUM(c.amount) AS bigint), CAST(SUM(c.count) AS bigint) \
         FROM credit c WHERE c.organization_id = $1 AND c.metric_id = $2 AND {} GROUP BY c.day, c.member_id, c.unit_id",
        there("c", "c.organization_id")
    );
    let stored = read(session, scope, metric, &stored, Generation::Named).await?;
    let facts = read(session, scope, metric, &facts, Generation::None).await?;
    compare("day", stored, facts, &mut found);
    let table = Tables::of(metric.source).main;
    for dimension in Dimension::ALL {
        let key = match (dimension, metric.source) {
            (Dimension::Member, _) => "c.member_id",
            (Dimension::Unit, _) => "c.unit_id",
            (Dimension::Product, Source::Deals) => "o.product_id",
            (Dimension::Product, Source::Orders) => "c.product_id",
            (Dimension::Account, _) => "o.account_id",
            (Dimension::Channel, _) => "o.channel_id",
        };
        let count = if dimension == Dimension::Product {
            "COALESCE(c.product_count, c.count)"
        } else {
            "c.count"
        };
        let name = dimension.as_str();
        let stored = format!(
            "SELECT r.period, r.key, r.key, CAST(SUM(r.amount) AS bigint), CAST(SUM(r.count) AS bigint) \
             FROM rollup_period r WHERE r.organization_id = $1 AND r.metric_id = $2 AND r.generation = $3 \
             AND r.dimension = '{name}' AND {} GROUP BY r.period, r.key",
            counts("r", "r.organization_id")
        );
        let facts = format!(
            "SELECT c.day, {key}, {key}, CAST(SUM(c.amount) AS bigint), CAST(SUM({count}) AS bigint) \
             FROM credit c JOIN {table} o ON o.organization_id = c.organization_id AND o.id = c.fact_id AND o.slot = c.slot \
             WHERE c.organization_id = $1 AND c.metric_id = $2 AND {} GROUP BY c.day, {key}",
            there("c", "c.organization_id")
        );
        let stored = read(session, scope, metric, &stored, Generation::Named).await?;
        let mut months: Sums = BTreeMap::new();
        for ((day, a, b), sum) in read(session, scope, metric, &facts, Generation::None).await? {
            let month = super::month_of(domain::calendar::Day(day)).0;
            months
                .entry((month, a, b))
                .or_default()
                .add(sum.amount.0, sum.count);
        }
        compare(name, stored, months, &mut found);
    }
    Ok(found)
}

type Sums = BTreeMap<(i32, Uuid, Uuid), Sum>;

#[derive(PartialEq, Eq)]
enum Generation {
    Named,
    None,
}

async fn read(
    session: &impl Session,
    scope: &Scope,
    metric: &Metric,
    sql: &str,
    generation: Generation,
) -> Result<Sums, StoreError> {
    let mut values = vec![scope.organization.0.into(), metric.id.0.into()];
    if generation == Generation::Named {
        values.push(metric.generation.into());
    }
    let mut sums = BTreeMap::new();
    for row in query(session, sql, values).await? {
        let a: Option<Uuid> = row.try_get_by_index(1)?;
        let b: Option<Uuid> = row.try_get_by_index(2)?;
        let key = (
            row.try_get_by_index(0)?,
            a.unwrap_or_default(),
            b.unwrap_or_default(),
        );
        let sum = Sum {
            amount: domain::money::Fact(row.try_get_by_index(3)?),
            count: row.try_get_by_index(4)?,
        };
        sums.insert(key, sum);
    }
    Ok(sums)
}

fn compare(tier: &'static str, stored: Sums, mut facts: Sums, found: &mut Vec<Difference>) {
    let mut differ = |key: (i32, Uuid, Uuid), stored: Sum, recomputed: Sum| {
        if stored != recomputed {
            found.push(Difference {
                tier,
                key: format!("{key:?}"),
                stored,
                recomputed,
            });
        }
    };
    for (key, sum) in stored {
        let recomputed = facts.remove(&key).unwrap_or_default();
        differ(key, sum, recomputed);
    }
    for (key, sum) in facts {
        differ(key, Sum::default(), sum);
    }
}
