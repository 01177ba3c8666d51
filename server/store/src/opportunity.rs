//! Opportunities with their stage events and credits.

mod listing;

use std::collections::HashMap;

use domain::calendar::Day;
use domain::id::{AccountId, ChannelId, MemberId, MetricId, OpportunityId, ProductId, UnitId};
use domain::metric::Stage;
use domain::money::Fact;
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use crate::bulk::{Insert, execute, key_lists, marks, one_mark, query};
use crate::slot::Slot;
use crate::{Scope, Session, StoreError, Writer};

pub use listing::{Filter, Found, Page, list};

/// A deal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opportunity {
    /// Its id.
    pub id: OpportunityId,
    /// Its id in the system it comes from, unique in the organization.
    pub external_id: String,
    /// What it is about.
    pub name: Option<String>,
    /// Whose it is.
    pub member: MemberId,
    /// The customer.
    pub account: Option<AccountId>,
    /// The product.
    pub product: Option<ProductId>,
    /// The channel it came by.
    pub channel: Option<ChannelId>,
    /// Where it stands.
    pub stage: Stage,
    /// First day in the pipeline.
    pub created_on: Option<Day>,
    /// Day it was won or lost.
    pub closed_on: Option<Day>,
    /// What it is worth.
    pub amount: Option<Fact>,
    /// Percent.
    pub probability: Option<u8>,
    /// Hash of the row it was last written from; the same row again changes nothing.
    pub row_hash: i64,
}

/// A dated step through the pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StageEvent {
    /// The stage entered.
    pub stage: Stage,
    /// The day.
    pub day: Day,
}

/// Whose achievement a fact is, and by how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Credit {
    /// What it counts for.
    pub metric: MetricId,
    /// Number of the part, from 0.
    pub part: i32,
    /// Who.
    pub member: MemberId,
    /// Their unit on the day.
    pub unit: UnitId,
    /// The day it counts.
    pub day: Day,
    /// How much.
    pub amount: Fact,
    /// 1 for the part that stands for the fact when facts are counted, 0 for the others.
    pub count: i32,
}

/// An opportunity with all that is written with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The deal.
    pub opportunity: Opportunity,
    /// Its steps, oldest first.
    pub events: Vec<StageEvent>,
    /// Its credits.
    pub credits: Vec<Credit>,
}

/// What is known of an opportunity before a row is applied to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its id.
    pub id: OpportunityId,
    /// The slot of its present version.
    pub slot: Slot,
    /// Hash of the row it was written from.
    pub row_hash: i64,
}

const OPPORTUNITY: Insert = Insert {
    head: "INSERT INTO opportunity (organization_id, id, slot, gone, external_id, name, member_id, account_id, product_id, \
           channel_id, status, stage, created_on, closed_on, amount, probability, row_hash)",
    columns: 17,
    tail: "",
};
const EVENT: Insert = Insert {
    head: "INSERT INTO stage_event (organization_id, opportunity_id, slot, seq, stage, day)",
    columns: 6,
    tail: "",
};
const CREDIT: Insert = Insert {
    head: "INSERT INTO credit (organization_id, fact_id, metric_id, slot, part, gone, kind, member_id, unit_id, day, amount, \
           count)",
    columns: 12,
    tail: "",
};

/// The values of entries in the order of their tables; made apart from the writing so that the next batch can be prepared
/// while one is written.
#[derive(Debug, Default)]
pub struct Prepared {
    opportunities: Vec<Value>,
    events: Vec<Value>,
    credits: Vec<Value>,
}

impl Prepared {
    /// Lays out entries that are new under a slot.
    pub fn of(scope: &Scope, slot: Slot, entries: &[Entry]) -> Self {
        let organization = scope.organization.0;
        let mut prepared = Self {
            opportunities: Vec::with_capacity(entries.len() * OPPORTUNITY.columns),
            events: Vec::with_capacity(entries.len() * 2 * EVENT.columns),
            credits: Vec::with_capacity(entries.len() * CREDIT.columns),
        };
        for Entry {
            opportunity,
            events,
            credits,
        } in entries
        {
            let id = opportunity.id.0;
            prepared.opportunities.extend([
                organization.into(),
                id.into(),
                slot.0.into(),
                0.into(),
                opportunity.external_id.clone().into(),
                opportunity.name.clone().into(),
                opportunity.member.0.into(),
                opportunity.account.map(|id| id.0).into(),
                opportunity.product.map(|id| id.0).into(),
                opportunity.channel.map(|id| id.0).into(),
                opportunity.stage.status().as_str().into(),
                opportunity.stage.as_str().into(),
                opportunity.created_on.map(|day| day.0).into(),
                opportunity.closed_on.map(|day| day.0).into(),
                opportunity.amount.map(|amount| amount.0).into(),
                opportunity.probability.map(i32::from).into(),
                opportunity.row_hash.into(),
            ]);
            for (seq, event) in events.iter().enumerate() {
                prepared.events.extend([
                    organization.into(),
                    id.into(),
                    slot.0.into(),
                    (seq as i32).into(),
                    event.stage.as_str().into(),
                    event.day.0.into(),
                ]);
            }
            for credit in credits {
                prepared.credits.extend([
                    organization.into(),
                    id.into(),
                    credit.metric.0.into(),
                    slot.0.into(),
                    credit.part.into(),
                    0.into(),
                    "revenue".into(),
                    credit.member.0.into(),
                    credit.unit.0.into(),
                    credit.day.0.into(),
                    credit.amount.0.into(),
                    credit.count.into(),
                ]);
            }
        }
        prepared
    }
}

/// Writes entries under the slot they were prepared for.
pub async fn insert(writer: &Writer, prepared: Prepared) -> Result<(), StoreError> {
    OPPORTUNITY.run(writer, prepared.opportunities).await?;
    EVENT.run(writer, prepared.events).await?;
    CREDIT.run(writer, prepared.credits).await
}

/// The present versions of opportunities by external id, as the import that writes at present sees them.
pub async fn known(
    session: &impl Session,
    scope: &Scope,
    external_ids: &[&str],
) -> Result<HashMap<String, Known>, StoreError> {
    let mut found = HashMap::new();
    for part in key_lists(external_ids) {
        // Joined, because SQLite takes an organization for some ten rows and would rather read them all than look ids up.
        let keys: Vec<String> = (1..=part.len())
            .map(|number| format!("({})", one_mark(session.dialect(), number)))
            .collect();
        let sql = format!(
            "SELECT o.external_id, o.id, o.slot, o.row_hash FROM (VALUES {}) k CROSS JOIN opportunity o \
             WHERE o.organization_id = {} AND o.external_id = k.column1 AND o.gone = 0",
            keys.join(","),
            one_mark(session.dialect(), part.len() + 1),
        );
        let mut values: Vec<Value> = Vec::with_capacity(part.len() + 1);
        values.extend(part.into_iter().map(Value::from));
        values.push(scope.organization.0.into());
        for row in query(session, &sql, values).await? {
            let id: Uuid = row.try_get_by_index(1)?;
            let known = Known {
                id: id.into(),
                slot: Slot(row.try_get_by_index(2)?),
                row_hash: row.try_get_by_index(3)?,
            };
            found.insert(row.try_get_by_index(0)?, known);
        }
    }
    Ok(found)
}

/// Whether the organization has any opportunity at all, seen or not.
pub async fn any(session: &impl Session, scope: &Scope) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM opportunity WHERE organization_id = $1 LIMIT 1";
    Ok(!query(session, sql, vec![scope.organization.0.into()])
        .await?
        .is_empty())
}

/// Present versions with their events and credits, as the import that writes at present sees them.
pub async fn versions(
    session: &impl Session,
    scope: &Scope,
    ids: &[OpportunityId],
) -> Result<Vec<(Slot, Entry)>, StoreError> {
    let mut found: HashMap<Uuid, (Slot, Entry)> = HashMap::with_capacity(ids.len());
    for part in key_lists(ids) {
        let keys = |first| marks(session.dialect(), first, part.len());
        let values = || {
            let mut values: Vec<Value> = vec![scope.organization.0.into()];
            values.extend(part.iter().map(|id| Value::from(id.0)));
            values
        };
        let org = one_mark(session.dialect(), 1);
        let sql = format!(
            "SELECT slot, id, external_id, name, member_id, account_id, product_id, channel_id, stage, created_on, \
             closed_on, amount, probability, row_hash FROM opportunity \
             WHERE organization_id = {org} AND id IN ({}) AND gone = 0",
            keys(2)
        );
        for row in query(session, &sql, values()).await? {
            let opportunity = read(&row, 1)?;
            let slot = Slot(row.try_get_by_index(0)?);
            let entry = Entry {
                opportunity,
                events: Vec::new(),
                credits: Vec::new(),
            };
            found.insert(entry.opportunity.id.0, (slot, entry));
        }
        let sql = format!(
            "SELECT opportunity_id, slot, stage, day FROM stage_event \
             WHERE organization_id = {org} AND opportunity_id IN ({}) ORDER BY opportunity_id, slot, seq",
            keys(2)
        );
        for row in query(session, &sql, values()).await? {
            let id: Uuid = row.try_get_by_index(0)?;
            let slot = Slot(row.try_get_by_index(1)?);
            let stage: String = row.try_get_by_index(2)?;
            let event = StageEvent {
                stage: Stage::parse(&stage).ok_or(StoreError::Damaged("stage_event.stage"))?,
                day: Day(row.try_get_by_index(3)?),
            };
            if let Some((version, entry)) = found.get_mut(&id)
                && *version == slot
            {
                entry.events.push(event);
            }
        }
        let sql = format!(
            "SELECT fact_id, metric_id, part, member_id, unit_id, day, amount, count FROM credit \
             WHERE organization_id = {org} AND fact_id IN ({}) AND gone = 0 ORDER BY fact_id, metric_id, part",
            keys(2)
        );
        for row in query(session, &sql, values()).await? {
            let id: Uuid = row.try_get_by_index(0)?;
            let credit = read_credit(&row, 1)?;
            if let Some((_, entry)) = found.get_mut(&id) {
                entry.credits.push(credit);
            }
        }
    }
    Ok(found.into_values().collect())
}

/// Takes the present versions away under a slot.
pub async fn retire(
    writer: &Writer,
    scope: &Scope,
    slot: Slot,
    ids: &[OpportunityId],
) -> Result<(), StoreError> {
    for part in key_lists(ids) {
        for (table, key) in [("opportunity", "id"), ("credit", "fact_id")] {
            let dialect = writer.dialect();
            let sql = format!(
                "UPDATE {table} SET gone = {} WHERE organization_id = {} AND {key} IN ({}) AND gone = 0",
                one_mark(dialect, 1),
                one_mark(dialect, 2),
                marks(dialect, 3, part.len()),
            );
            let mut values: Vec<Value> = vec![slot.0.into(), scope.organization.0.into()];
            values.extend(part.iter().map(|id| Value::from(id.0)));
            execute(writer, &sql, values).await?;
        }
    }
    Ok(())
}

/// Which of these members own an opportunity.
pub async fn used_members(
    session: &impl Session,
    scope: &Scope,
    ids: &[Uuid],
) -> Result<Vec<Uuid>, StoreError> {
    crate::reference::used(session, scope, "member_id", ids).await
}

/// An opportunity from the columns of a row, `first` being its id.
fn read(row: &QueryResult, first: usize) -> Result<Opportunity, StoreError> {
    let id: Uuid = row.try_get_by_index(first)?;
    let member: Uuid = row.try_get_by_index(first + 3)?;
    let account: Option<Uuid> = row.try_get_by_index(first + 4)?;
    let product: Option<Uuid> = row.try_get_by_index(first + 5)?;
    let channel: Option<Uuid> = row.try_get_by_index(first + 6)?;
    let stage: String = row.try_get_by_index(first + 7)?;
    let created_on: Option<i32> = row.try_get_by_index(first + 8)?;
    let closed_on: Option<i32> = row.try_get_by_index(first + 9)?;
    let amount: Option<i64> = row.try_get_by_index(first + 10)?;
    let probability: Option<i32> = row.try_get_by_index(first + 11)?;
    Ok(Opportunity {
        id: id.into(),
        external_id: row.try_get_by_index(first + 1)?,
        name: row.try_get_by_index(first + 2)?,
        member: member.into(),
        account: account.map(AccountId),
        product: product.map(ProductId),
        channel: channel.map(ChannelId),
        stage: Stage::parse(&stage).ok_or(StoreError::Damaged("opportunity.stage"))?,
        created_on: created_on.map(Day),
        closed_on: closed_on.map(Day),
        amount: amount.map(Fact),
        probability: probability.and_then(|percent| u8::try_from(percent).ok()),
        row_hash: row.try_get_by_index(first + 12)?,
    })
}

/// A credit from the columns of a row, `first` being its metric.
fn read_credit(row: &QueryResult, first: usize) -> Result<Credit, StoreError> {
    let metric: Uuid = row.try_get_by_index(first)?;
    let member: Uuid = row.try_get_by_index(first + 2)?;
    let unit: Uuid = row.try_get_by_index(first + 3)?;
    Ok(Credit {
        metric: metric.into(),
        part: row.try_get_by_index(first + 1)?,
        member: member.into(),
        unit: unit.into(),
        day: Day(row.try_get_by_index(first + 4)?),
        amount: Fact(row.try_get_by_index(first + 5)?),
        count: row.try_get_by_index(first + 6)?,
    })
}
