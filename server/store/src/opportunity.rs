//! Opportunities with their stage events and credits.

pub mod pipeline;

use std::collections::HashMap;

use domain::calendar::Day;
use domain::id::{AccountId, ChannelId, MemberId, OpportunityId, ProductId};
use domain::metric::{Source, Stage, Status};
use domain::money::Fact;
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use crate::bulk::{Insert, key_lists, marks, one_mark, query};
use crate::fact::{Credit, Credited, Prepared, Tables, Things, Version, Which, credits, prepare_credits};
use crate::slot::{Slot, there};
use crate::{Scope, Session, StoreError};

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

/// Where they are kept.
pub(crate) const TABLES: Tables = Tables {
    main: "opportunity",
    columns: "external_id, name, member_id, account_id, product_id, channel_id, status, stage, created_on, closed_on, amount, \
              probability, row_hash",
    part: "stage_event",
    part_id: "opportunity_id",
    part_columns: "seq, stage, day",
};

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

impl Credited for Entry {
    const SOURCE: Source = Source::Deals;

    fn id(&self) -> Uuid {
        self.opportunity.id.0
    }

    fn credits(&self) -> &[Credit] {
        &self.credits
    }

    fn things(&self) -> Things {
        Things {
            product: self.opportunity.product,
            account: self.opportunity.account,
            channel: self.opportunity.channel,
        }
    }

    fn prepare(scope: &Scope, slot: Slot, entries: &[Self]) -> Prepared {
        let organization = scope.organization.0;
        let mut opportunities: Vec<Value> = Vec::with_capacity(entries.len() * OPPORTUNITY.columns);
        let mut steps: Vec<Value> = Vec::with_capacity(entries.len() * 2 * EVENT.columns);
        for Entry {
            opportunity, events, ..
        } in entries
        {
            let id = opportunity.id.0;
            opportunities.extend([
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
                steps.extend([
                    organization.into(),
                    id.into(),
                    slot.0.into(),
                    (seq as i32).into(),
                    event.stage.as_str().into(),
                    event.day.0.into(),
                ]);
            }
        }
        Prepared::of(vec![
            (OPPORTUNITY, opportunities),
            (EVENT, steps),
            prepare_credits(scope, slot, entries),
        ])
    }

    fn credited(self, credits: Vec<Credit>) -> Self {
        Self { credits, ..self }
    }

    async fn versions(
        session: &impl Session,
        scope: &Scope,
        ids: &[Uuid],
        which: Which,
    ) -> Result<Vec<Version<Self>>, StoreError> {
        let mut found: HashMap<(Uuid, Slot), Version<Self>> = HashMap::with_capacity(ids.len());
        for part in key_lists(ids) {
            read_versions(session, scope, &part, which, &mut found).await?;
        }
        Ok(found.into_values().collect())
    }
}

async fn read_versions(
    session: &impl Session,
    scope: &Scope,
    ids: &[Uuid],
    which: Which,
    found: &mut HashMap<(Uuid, Slot), Version<Entry>>,
) -> Result<(), StoreError> {
    let keys = marks(session.dialect(), 2, ids.len());
    let org = one_mark(session.dialect(), 1);
    let values = || {
        let all = std::iter::once(scope.organization.0).chain(ids.iter().copied());
        all.map(Value::from).collect::<Vec<_>>()
    };
    let sql = format!(
        "SELECT slot, gone, id, external_id, name, member_id, account_id, product_id, channel_id, stage, created_on, \
         closed_on, amount, probability, row_hash FROM opportunity \
         WHERE organization_id = {org} AND id IN ({keys}){}",
        which.condition()
    );
    for row in query(session, &sql, values()).await? {
        let slot = Slot(row.try_get_by_index(0)?);
        let entry = Entry {
            opportunity: read(&row, 2)?,
            events: Vec::new(),
            credits: Vec::new(),
        };
        let gone = Slot(row.try_get_by_index(1)?);
        found.insert((entry.opportunity.id.0, slot), Version { slot, gone, entry });
    }
    let sql = format!(
        "SELECT opportunity_id, slot, stage, day FROM stage_event \
         WHERE organization_id = {org} AND opportunity_id IN ({keys}) ORDER BY opportunity_id, slot, seq"
    );
    for row in query(session, &sql, values()).await? {
        let id: Uuid = row.try_get_by_index(0)?;
        let slot = Slot(row.try_get_by_index(1)?);
        let stage: String = row.try_get_by_index(2)?;
        let event = StageEvent {
            stage: Stage::parse(&stage).ok_or(StoreError::Damaged("stage_event.stage"))?,
            day: Day(row.try_get_by_index(3)?),
        };
        if let Some(version) = found.get_mut(&(id, slot)) {
            version.entry.events.push(event);
        }
    }
    for (version, credit) in credits(session, scope, ids, which).await? {
        if let Some(version) = found.get_mut(&version) {
            version.entry.credits.push(credit);
        }
    }
    Ok(())
}

/// The deals somebody has open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open {
    /// Who.
    pub member: MemberId,
    /// How many.
    pub deals: i64,
    /// The sum of those that have an amount.
    pub amount: Fact,
    /// How many have none.
    pub without_amount: i64,
}

/// The open deals of each member within reach.
pub async fn open(session: &impl Session, scope: &Scope) -> Result<Vec<Open>, StoreError> {
    let there = there("o", "$1");
    let sql = format!(
        "SELECT o.member_id, COUNT(*), CAST(COALESCE(SUM(o.amount), 0) AS bigint), COUNT(*) - COUNT(o.amount) \
         FROM opportunity o WHERE o.organization_id = $1 AND o.status = $2 AND {there} GROUP BY o.member_id"
    );
    let values = vec![scope.organization.0.into(), Status::Open.as_str().into()];
    let mut found = Vec::new();
    for row in query(session, &sql, values).await? {
        let member: Uuid = row.try_get_by_index(0)?;
        found.push(Open {
            member: member.into(),
            deals: row.try_get_by_index(1)?,
            amount: Fact(row.try_get_by_index(2)?),
            without_amount: row.try_get_by_index(3)?,
        });
    }
    found.retain(|open| scope.sees_member(open.member));
    Ok(found)
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
