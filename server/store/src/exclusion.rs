//! Deals and orders that a set of assumptions leaves out of the history. Roll-ups and actuals keep them: who asks for a
//! history without them adds [`Excluded::piece`] of each to the sums.

use std::collections::BTreeSet;

use domain::baseline::{Exclusion, Reason};
use domain::calendar::Day;
use domain::id::{AssumptionsId, MemberId, UnitId};
use domain::metric::Source;
use domain::money::Fact;
use sea_orm::Value;
use uuid::Uuid;

use crate::attainment::{Cut, Piece, Question, Time};
use crate::bulk::{KEYS_PER_STATEMENT, execute, marks, query};
use crate::fact::{Tables, Things};
use crate::metric::Metric;
use crate::rollup::Dimension;
use crate::slot::there;
use crate::{Dialect, Scope, Session, StoreError, Writer};

/// A credit of a fact that is, or may be, left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excluded {
    /// The fact's id in the system it comes from.
    pub external_id: String,
    /// The day it counts.
    pub day: Day,
    /// Who is credited.
    pub member: MemberId,
    /// The unit of the credit.
    pub unit: UnitId,
    /// What it is cut by.
    pub things: Things,
    /// How much.
    pub amount: Fact,
    /// 1 for the part that stands for the fact when facts are counted.
    pub count: i64,
    /// The same when facts of a product are counted.
    pub product_count: i64,
}

impl Excluded {
    /// What takes it out of the sums of a question; none where the question is about other days.
    pub fn piece(&self, question: &Question) -> Option<Piece> {
        if !(question.from..question.to).contains(&self.day) {
            return None;
        }
        let time = match &question.time {
            Time::Whole => 0,
            Time::Days => self.day.0,
            Time::Periods(periods) => {
                let at = periods
                    .iter()
                    .position(|(starts, ends)| (*starts..*ends).contains(&self.day))?;
                i32::try_from(at).ok()?
            }
        };
        let thing = |place: usize| {
            let id = match question.by_things.get(place)? {
                Dimension::Product => self.things.product.map(|id| id.0),
                Dimension::Account => self.things.account.map(|id| id.0),
                Dimension::Channel => self.things.channel.map(|id| id.0),
                Dimension::Member => Some(self.member.0),
                Dimension::Unit => Some(self.unit.0),
            };
            Some(id.unwrap_or_default())
        };
        let count = if question.by_things.contains(&Dimension::Product) {
            self.product_count
        } else {
            self.count
        };
        Some(Piece {
            time,
            member: match question.by_member {
                Cut::Apart => self.member,
                Cut::Together => MemberId::default(),
            },
            unit: match question.by_unit {
                Cut::Apart => self.unit,
                Cut::Together => UnitId::default(),
            },
            things: [thing(0).unwrap_or_default(), thing(1).unwrap_or_default()],
            amount: Fact(-self.amount.0),
            count: -count,
        })
    }
}

/// What a set leaves out, by id.
pub async fn list(
    session: &impl Session,
    scope: &Scope,
    set: AssumptionsId,
) -> Result<Vec<Exclusion>, StoreError> {
    let sql = "SELECT source, external_id, reason, excluded_by, excluded_at_ms FROM exclusion \
               WHERE organization_id = $1 AND set_id = $2 ORDER BY source, external_id";
    let values = vec![scope.organization.0.into(), set.0.into()];
    query(session, sql, values)
        .await?
        .iter()
        .map(|row| {
            let (source, reason): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(2)?);
            let reason: Reason =
                serde_json::from_str(&reason).map_err(|_| StoreError::Damaged("exclusion.reason"))?;
            Ok(Exclusion {
                source: Source::parse(&source).ok_or(StoreError::Damaged("exclusion.source"))?,
                external_id: row.try_get_by_index(1)?,
                reason,
                by: row.try_get_by_index(3)?,
                at_ms: row.try_get_by_index(4)?,
            })
        })
        .collect()
}

/// Leaves something out; what is left out already gets the new reason.
pub async fn put(
    writer: &Writer,
    scope: &Scope,
    set: AssumptionsId,
    exclusion: &Exclusion,
) -> Result<(), StoreError> {
    let reason =
        serde_json::to_string(&exclusion.reason).map_err(|_| StoreError::Damaged("exclusion.reason"))?;
    let values: Vec<Value> = vec![
        scope.organization.0.into(),
        set.0.into(),
        exclusion.source.as_str().into(),
        exclusion.external_id.clone().into(),
        reason.into(),
        exclusion.by.clone().into(),
        exclusion.at_ms.into(),
    ];
    let sql = "INSERT INTO exclusion (organization_id, set_id, source, external_id, reason, excluded_by, excluded_at_ms) \
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (organization_id, set_id, source, external_id) \
               DO UPDATE SET reason = excluded.reason, excluded_by = excluded.excluded_by, \
               excluded_at_ms = excluded.excluded_at_ms";
    execute(writer, sql, values).await?;
    Ok(())
}

/// Lets something count again; `false` where it did.
pub async fn remove(
    writer: &Writer,
    scope: &Scope,
    set: AssumptionsId,
    external_id: &str,
) -> Result<bool, StoreError> {
    let values: Vec<Value> = vec![scope.organization.0.into(), set.0.into(), external_id.into()];
    let sql = "DELETE FROM exclusion WHERE organization_id = $1 AND set_id = $2 AND external_id = $3";
    Ok(execute(writer, sql, values).await? > 0)
}

/// The credits that facts have for a metric, by their ids in the system they come from; those within the scope.
pub async fn credits(
    session: &impl Session,
    scope: &Scope,
    metric: &Metric,
    external_ids: &[&str],
) -> Result<Vec<Excluded>, StoreError> {
    let mut found = Vec::new();
    for part in external_ids.chunks(KEYS_PER_STATEMENT) {
        found.extend(read_credits(session, scope, metric, part).await?);
    }
    Ok(found)
}

async fn read_credits(
    session: &impl Session,
    scope: &Scope,
    metric: &Metric,
    external_ids: &[&str],
) -> Result<Vec<Excluded>, StoreError> {
    let product = match metric.source {
        Source::Deals => "f.product_id",
        Source::Orders => "c.product_id",
    };
    let mut values: Vec<Value> = vec![scope.organization.0.into(), metric.id.0.into()];
    // Each only once, or its credits would come twice.
    let keys: Vec<String> = external_ids
        .iter()
        .collect::<BTreeSet<_>>()
        .into_iter()
        .map(|id| {
            values.push((*id).into());
            format!("(${})", values.len())
        })
        .collect();
    // Crossed, because SQLite keeps that order: from the few ids to their credits. A slot is never below 0: without it SQLite
    // would not take the index by external id (see `fact::known`).
    let mut sql = format!(
        "SELECT f.external_id, c.day, c.member_id, c.unit_id, {product}, f.account_id, f.channel_id, c.amount, \
         c.count, c.product_count FROM (VALUES {}) k CROSS JOIN {} f CROSS JOIN credit c \
         WHERE f.organization_id = $1 AND f.external_id = k.column1 AND f.slot >= 0 AND c.organization_id = f.organization_id \
         AND c.fact_id = f.id AND c.metric_id = $2 AND c.slot = f.slot AND c.kind = 'revenue' AND {}",
        keys.join(","),
        Tables::of(metric.source).main,
        there("c", "c.organization_id"),
    );
    if !scope.sees_everything() {
        // Nobody's facts bear the nil id and are not those of who is no member.
        sql += " AND (1 = 0";
        if let Some(member) = scope.member {
            values.push(member.0.into());
            sql += &format!(" OR c.member_id = ${}", values.len());
        }
        if !scope.units.is_empty() {
            // Numbered marks work on both databases where nothing else is bare.
            let units = marks(Dialect::Postgres, values.len() + 1, scope.units.len());
            sql += &format!(" OR c.unit_id IN ({units})");
            values.extend(scope.units.iter().map(|unit| Value::from(unit.0)));
        }
        sql.push(')');
    }
    sql += " ORDER BY f.external_id, c.part";
    query(session, &sql, values)
        .await?
        .iter()
        .map(|row| {
            let id = |at: usize| row.try_get_by_index::<Option<Uuid>>(at);
            let count: i32 = row.try_get_by_index(8)?;
            let product_count: Option<i32> = row.try_get_by_index(9)?;
            Ok(Excluded {
                external_id: row.try_get_by_index(0)?,
                day: Day(row.try_get_by_index(1)?),
                member: id(2)?.unwrap_or_default().into(),
                unit: id(3)?.unwrap_or_default().into(),
                things: Things {
                    product: id(4)?.map(Into::into),
                    account: id(5)?.map(Into::into),
                    channel: id(6)?.map(Into::into),
                },
                amount: Fact(row.try_get_by_index(7)?),
                count: count.into(),
                product_count: product_count.unwrap_or(count).into(),
            })
        })
        .collect()
}

/// Copies what one set leaves out into another.
pub(crate) async fn copy(
    writer: &Writer,
    scope: &Scope,
    from: AssumptionsId,
    to: AssumptionsId,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO exclusion (organization_id, set_id, source, external_id, reason, excluded_by, excluded_at_ms) \
               SELECT e.organization_id, s.id, e.source, e.external_id, e.reason, e.excluded_by, e.excluded_at_ms \
               FROM exclusion e JOIN assumption_set s ON s.organization_id = e.organization_id \
               WHERE e.organization_id = $1 AND e.set_id = $2 AND s.id = $3";
    let values = vec![scope.organization.0.into(), from.0.into(), to.0.into()];
    execute(writer, sql, values).await?;
    Ok(())
}
