//! Roll-ups: what dashboards read instead of facts. Two tiers: (metric, day, member, unit), and (metric, civil month, one
//! dimension). Ancestors are never stored, wider crosses read the facts.

mod check;
mod compact;
mod months;

use std::collections::BTreeMap;

use domain::calendar::Day;
use domain::id::{MemberId, UnitId};
use domain::money::Fact;
use sea_orm::Value;
use uuid::Uuid;

use crate::bulk::{Insert, execute, query};
use crate::fact::{Credit, Credited, Things};
use crate::metric::Metric;
use crate::slot::Slot;
use crate::{Scope, Session, StoreError, Writer};

pub use check::{Difference, differences};
pub use compact::{Stretch, compact, ended, scattered};
pub use months::{OfMonths, of_months};

/// Rows written in one transaction at most, as with facts.
pub const ROWS_PER_TRANSACTION: usize = 5_000;

/// The dimensions of the second tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// The person credited.
    Member,
    /// Their unit on the day.
    Unit,
    /// The product.
    Product,
    /// The customer.
    Account,
    /// The channel.
    Channel,
}

impl Dimension {
    /// Every dimension of the second tier.
    pub const ALL: [Self; 5] = [
        Self::Member,
        Self::Unit,
        Self::Product,
        Self::Account,
        Self::Channel,
    ];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Unit => "unit",
            Self::Product => "product",
            Self::Account => "account",
            Self::Channel => "channel",
        }
    }
}

/// Amount and number of facts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// Ten-thousandths.
    pub amount: Fact,
    /// Facts.
    pub count: i64,
}

impl Sum {
    fn add(&mut self, amount: i64, count: i64) {
        self.amount = Fact(self.amount.0.saturating_add(amount));
        self.count += count;
    }

    fn is_nothing(self) -> bool {
        self.amount.0 == 0 && self.count == 0
    }
}

/// Whether a fact is added to the roll-ups or taken out of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// The fact comes.
    Plus,
    /// The fact goes.
    Minus,
}

/// Key of the first tier.
type DayKey = (Day, MemberId, UnitId);
/// Key of the second tier: dimension, first day of the civil month, id of the dimension (nil: none).
type PeriodKey = (Dimension, Day, Uuid);

/// Changes of the roll-ups of one metric, gathered in key order before they are written.
#[derive(Debug, Default)]
pub struct Deltas {
    days: BTreeMap<DayKey, Sum>,
    periods: BTreeMap<PeriodKey, Sum>,
    range: Option<(Day, Day)>,
}

/// First day of the civil month of a day: the period of the second tier, whatever the fiscal calendar.
pub fn month_of(day: Day) -> Day {
    let (.., of_month) = day.ymd();
    day.plus(1 - i32::from(of_month))
}

impl Deltas {
    /// Adds or takes away a fact.
    pub fn add(&mut self, entry: &impl Credited, sign: Sign) {
        let things = entry.things();
        for credit in entry.credits() {
            self.add_credit(credit, things, sign);
        }
    }

    fn add_credit(&mut self, credit: &Credit, of: Things, sign: Sign) {
        let factor = if sign == Sign::Plus { 1 } else { -1 };
        let (amount, count) = (credit.amount.0 * factor, i64::from(credit.count) * factor);
        self.days
            .entry((credit.day, credit.member, credit.unit))
            .or_default()
            .add(amount, count);
        let month = month_of(credit.day);
        let (product, of_product) = match credit.of {
            None => (of.product, count),
            Some(part) => (part.product, i64::from(part.count) * factor),
        };
        let keys = [
            (Dimension::Member, credit.member.0, count),
            (Dimension::Unit, credit.unit.0, count),
            (
                Dimension::Product,
                product.map_or(Uuid::nil(), |id| id.0),
                of_product,
            ),
            (
                Dimension::Account,
                of.account.map_or(Uuid::nil(), |id| id.0),
                count,
            ),
            (
                Dimension::Channel,
                of.channel.map_or(Uuid::nil(), |id| id.0),
                count,
            ),
        ];
        for (dimension, key, count) in keys {
            self.periods
                .entry((dimension, month, key))
                .or_default()
                .add(amount, count);
        }
        let (first, last) = self.range.unwrap_or((credit.day, credit.day));
        self.range = Some((first.min(credit.day), last.max(credit.day)));
    }

    /// Number of keys held.
    pub fn len(&self) -> usize {
        self.days.len() + self.periods.len()
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.days.is_empty() && self.periods.is_empty()
    }

    /// First and last day ever added, also of what was written already.
    pub fn range(&self) -> Option<(Day, Day)> {
        self.range
    }

    /// Takes out up to [`ROWS_PER_TRANSACTION`] rows, in key order.
    pub fn take(&mut self) -> Rows {
        let mut rows = Rows::default();
        while rows.len() < ROWS_PER_TRANSACTION {
            let Some((key, sum)) = self.days.pop_first() else {
                break;
            };
            if !sum.is_nothing() {
                rows.days.push((key, sum));
            }
        }
        while rows.len() < ROWS_PER_TRANSACTION {
            let Some((key, sum)) = self.periods.pop_first() else {
                break;
            };
            if !sum.is_nothing() {
                rows.periods.push((key, sum));
            }
        }
        rows
    }
}

/// Rows taken out of [`Deltas`] for one transaction.
#[derive(Debug, Default)]
pub struct Rows {
    days: Vec<(DayKey, Sum)>,
    periods: Vec<(PeriodKey, Sum)>,
}

impl Rows {
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.days.len() + self.periods.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.days.is_empty() && self.periods.is_empty()
    }
}

const DAY: Insert = Insert {
    head: "INSERT INTO rollup_day (organization_id, metric_id, generation, day, member_id, unit_id, slot, amount, count)",
    columns: 9,
    tail: "ON CONFLICT (organization_id, metric_id, generation, day, member_id, unit_id, slot) DO UPDATE \
           SET amount = rollup_day.amount + excluded.amount, count = rollup_day.count + excluded.count",
};
const PERIOD: Insert = Insert {
    head: "INSERT INTO rollup_period (organization_id, metric_id, generation, dimension, period, key, slot, amount, count)",
    columns: 9,
    tail: "ON CONFLICT (organization_id, metric_id, generation, dimension, period, key, slot) DO UPDATE \
           SET amount = rollup_period.amount + excluded.amount, count = rollup_period.count + excluded.count",
};

/// Adds rows to the roll-ups of a metric under a slot.
pub async fn add(
    writer: &Writer,
    scope: &Scope,
    metric: &Metric,
    slot: Slot,
    rows: Rows,
) -> Result<(), StoreError> {
    let organization = scope.organization.0;
    let mut days: Vec<Value> = Vec::with_capacity(rows.days.len() * DAY.columns);
    for ((day, member, unit), sum) in rows.days {
        days.extend([
            organization.into(),
            metric.id.0.into(),
            metric.generation.into(),
            day.0.into(),
            member.0.into(),
            unit.0.into(),
            slot.0.into(),
            sum.amount.0.into(),
            sum.count.into(),
        ]);
    }
    DAY.run(writer, days).await?;
    let mut periods: Vec<Value> = Vec::with_capacity(rows.periods.len() * PERIOD.columns);
    for ((dimension, period, key), sum) in rows.periods {
        periods.extend([
            organization.into(),
            metric.id.0.into(),
            metric.generation.into(),
            dimension.as_str().into(),
            period.0.into(),
            key.into(),
            slot.0.into(),
            sum.amount.0.into(),
            sum.count.into(),
        ]);
    }
    PERIOD.run(writer, periods).await
}

/// Days of one step of [`remove`]: a day has about as many rows as the organization has members.
const DAYS_PER_STEP: i32 = 7;

/// Deletes a piece of what a slot wrote to the roll-ups; `false` when nothing is left. Call it until then, each time in a
/// transaction of its own.
pub async fn remove(writer: &Writer, scope: &Scope, slot: Slot) -> Result<bool, StoreError> {
    for (table, column, step) in [
        ("rollup_day", "day", DAYS_PER_STEP),
        ("rollup_period", "period", 31),
    ] {
        let values = vec![scope.organization.0.into(), slot.0.into()];
        let sql = format!("SELECT MIN({column}) FROM {table} WHERE organization_id = $1 AND slot = $2");
        let first: Option<i32> = match query(writer, &sql, values).await?.first() {
            Some(row) => row.try_get_by_index(0)?,
            None => None,
        };
        if let Some(first) = first {
            let sql = format!(
                "DELETE FROM {table} WHERE organization_id = $1 AND slot = $2 AND {column} >= $3 AND {column} < $4"
            );
            let values = vec![
                scope.organization.0.into(),
                slot.0.into(),
                first.into(),
                (first + step).into(),
            ];
            execute(writer, &sql, values).await?;
            return Ok(true);
        }
    }
    Ok(false)
}

/// Days with facts of a metric, first and last, whoever may see them: what a history can show.
pub async fn span(
    session: &impl Session,
    scope: &Scope,
    metric: &Metric,
) -> Result<Option<(Day, Day)>, StoreError> {
    let mut ends = [None, None];
    for (end, order) in ends.iter_mut().zip(["ASC", "DESC"]) {
        let sql = format!(
            "SELECT c.day FROM credit c WHERE c.organization_id = $1 AND c.metric_id = $2 AND {} \
             ORDER BY c.organization_id, c.metric_id, c.day {order} LIMIT 1",
            crate::slot::there("c", "c.organization_id")
        );
        let values = vec![scope.organization.0.into(), metric.id.0.into()];
        if let Some(row) = query(session, &sql, values).await?.first() {
            let day: i32 = row.try_get_by_index(0)?;
            *end = Some(Day(day));
        }
    }
    Ok(ends[0].zip(ends[1]))
}
