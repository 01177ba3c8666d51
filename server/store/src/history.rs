//! What a history is read from beside its sums: the largest facts of each month, customers, and how deals ended.

use domain::calendar::{Day, Month};
use domain::id::{AccountId, ChannelId, MemberId};
use domain::metric::Status;
use domain::money::Fact;
use sea_orm::Value;
use uuid::Uuid;

use crate::bulk::{marks, query};
use crate::fact::Tables;
use crate::metric::Metric;
use crate::slot::{counts, there};
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

/// Rows that imports did not take over because they are in another currency; those of imports that were taken back do not
/// count.
pub async fn in_other_currency(session: &impl Session, scope: &Scope) -> Result<u64, StoreError> {
    if !scope.sees_everything() {
        return Ok(0);
    }
    let sql = "SELECT COUNT(*) FROM import_row r JOIN import i ON i.organization_id = r.organization_id AND i.id = r.import_id \
               WHERE r.organization_id = $1 AND i.undone = 0 AND r.problems LIKE '%\"code\":\"currency\"%'";
    let rows = query(session, sql, vec![scope.organization.0.into()]).await?;
    let count: i64 = match rows.first() {
        Some(row) => row.try_get_by_index(0)?,
        None => 0,
    };
    Ok(u64::try_from(count).unwrap_or(0))
}

/// What a customer brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bought {
    /// Who; none for what is with no customer.
    pub account: Option<AccountId>,
    /// The month of the first fact, also before the days asked for.
    pub first: Month,
    /// What it brought in each of the ranges asked for.
    pub amounts: [Fact; 4],
}

/// What every customer brought in four ranges of whole civil months, and since when there is anything of it, up to the end of
/// the last range. Reads the roll-ups where nothing is hidden, else the facts.
pub async fn bought(
    session: &impl Session,
    scope: &Scope,
    metric: &Metric,
    ranges: [(Day, Day); 4],
) -> Result<Vec<Bought>, StoreError> {
    let mut values: Vec<Value> = vec![scope.organization.0.into(), metric.id.0.into()];
    let last = ranges.iter().map(|(_, ends)| ends.0).max().unwrap_or_default();
    let of_month = if scope.sees_everything() {
        values.push(metric.generation.into());
        format!(
            "SELECT r.key AS key, r.period AS day, SUM(r.amount) AS amount FROM rollup_period r \
             WHERE r.organization_id = $1 AND r.metric_id = $2 AND r.generation = $3 AND r.dimension = 'account' \
             AND r.period < {last} AND {} GROUP BY r.key, r.period HAVING SUM(r.count) <> 0",
            counts("r", "r.organization_id")
        )
    } else {
        let condition = credited(scope, &mut values);
        format!(
            "SELECT f.account_id AS key, c.day AS day, SUM(c.amount) AS amount FROM credit c JOIN {} f \
             ON f.organization_id = c.organization_id AND f.id = c.fact_id AND f.slot = c.slot \
             WHERE {condition} AND c.day < {last} GROUP BY f.account_id, c.day",
            Tables::of(metric.source).main
        )
    };
    let sum = |(starts, ends): (Day, Day)| {
        format!(
            "CAST(COALESCE(SUM(CASE WHEN m.day >= {} AND m.day < {} THEN m.amount END), 0) AS bigint)",
            starts.0, ends.0
        )
    };
    let sql = format!(
        "SELECT m.key, MIN(m.day), {}, {}, {}, {} FROM ({of_month}) m GROUP BY m.key",
        sum(ranges[0]),
        sum(ranges[1]),
        sum(ranges[2]),
        sum(ranges[3]),
    );
    query(session, &sql, values)
        .await?
        .iter()
        .map(|row| {
            let account: Option<Uuid> = row.try_get_by_index(0)?;
            Ok(Bought {
                account: account.filter(|id| !id.is_nil()).map(AccountId),
                first: Month::of(Day(row.try_get_by_index(1)?)),
                amounts: [
                    Fact(row.try_get_by_index(2)?),
                    Fact(row.try_get_by_index(3)?),
                    Fact(row.try_get_by_index(4)?),
                    Fact(row.try_get_by_index(5)?),
                ],
            })
        })
        .collect()
}

/// Deals of a channel that ended alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// The channel; none where none is named.
    pub channel: Option<ChannelId>,
    /// Won, lost or open.
    pub status: Status,
    /// Days from the first to the last; none where either is not known.
    pub days: Option<u32>,
    /// How many.
    pub count: i64,
}

/// How deals ended that ended within some days, and which are open, by channel.
pub async fn ended(
    session: &impl Session,
    scope: &Scope,
    (from, to): (Day, Day),
) -> Result<Vec<Ended>, StoreError> {
    let mut values: Vec<Value> = vec![scope.organization.0.into()];
    let mut seen = String::new();
    if !scope.sees_everything() {
        let members: Vec<Uuid> = scope.member.iter().chain(&scope.members).map(|id| id.0).collect();
        seen = if members.is_empty() {
            " AND 1 = 0".to_owned()
        } else {
            // Numbered marks work on both databases where nothing else is bare.
            let marks = marks(Dialect::Postgres, 2, members.len());
            values.extend(members.into_iter().map(Value::from));
            format!(" AND o.member_id IN ({marks})")
        };
    }
    let sql = format!(
        "SELECT e.channel_id, e.status, e.days, COUNT(*) FROM (SELECT o.channel_id, o.status, o.closed_on - o.created_on AS days \
         FROM opportunity o WHERE o.organization_id = $1 AND {} \
         AND (o.status = 'open' OR (o.closed_on >= {} AND o.closed_on < {})){seen}) e \
         GROUP BY e.channel_id, e.status, e.days",
        there("o", "o.organization_id"),
        from.0,
        to.0,
    );
    query(session, &sql, values)
        .await?
        .iter()
        .map(|row| {
            let channel: Option<Uuid> = row.try_get_by_index(0)?;
            let status: String = row.try_get_by_index(1)?;
            let days: Option<i32> = row.try_get_by_index(2)?;
            Ok(Ended {
                channel: channel.map(ChannelId),
                status: Status::parse(&status).ok_or(StoreError::Damaged("opportunity.status"))?,
                days: days.and_then(|days| u32::try_from(days).ok()),
                count: row.try_get_by_index(3)?,
            })
        })
        .collect()
}
