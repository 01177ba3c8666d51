//! Orders with their lines and credits.

use std::collections::HashMap;

use domain::calendar::Day;
use domain::id::{AccountId, ChannelId, MemberId, OrderId, ProductId, UnitId};
use domain::metric::Source;
use domain::money::Fact;
use domain::order::Amounts;
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use crate::bulk::{Insert, key_lists, marks, one_mark, query};
use crate::fact::{Credit, Credited, Prepared, Tables, Things, Version, Which, credits, prepare_credits};
use crate::slot::Slot;
use crate::{Scope, Session, StoreError};

/// What somebody bought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Its id.
    pub id: OrderId,
    /// Its number in the system it comes from, unique in the organization.
    pub external_id: String,
    /// Who sold it; nobody where it came by itself.
    pub member: Option<MemberId>,
    /// Where it counts, where nobody sold it or whoever did belongs nowhere on the day.
    pub unit: Option<UnitId>,
    /// The customer.
    pub account: Option<AccountId>,
    /// The channel it came by.
    pub channel: Option<ChannelId>,
    /// The day it was placed.
    pub ordered_on: Day,
    /// It was cancelled and does not count.
    pub cancelled: bool,
    /// Its amounts.
    pub amounts: Amounts,
    /// Hash of the rows it was last written from; the same rows again change nothing.
    pub row_hash: i64,
}

/// A line of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number within the order.
    pub number: i32,
    /// What.
    pub product: Option<ProductId>,
    /// How much of it, in ten-thousandths.
    pub quantity: Option<Fact>,
    /// What it costs without tax.
    pub amount: Option<Fact>,
}

/// An order with all that is written with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The order.
    pub order: Order,
    /// Its lines by number.
    pub lines: Vec<Line>,
    /// Its credits.
    pub credits: Vec<Credit>,
}

/// Where they are kept.
pub(crate) const TABLES: Tables = Tables {
    main: "sales_order",
    columns: "external_id, member_id, unit_id, account_id, channel_id, ordered_on, cancelled, net, tax, other, gross, row_hash",
    part: "order_line",
    part_id: "order_id",
    part_columns: "number, product_id, quantity, amount",
};

const ORDER: Insert = Insert {
    head: "INSERT INTO sales_order (organization_id, id, slot, gone, external_id, member_id, unit_id, account_id, channel_id, \
           ordered_on, cancelled, net, tax, other, gross, row_hash)",
    columns: 16,
    tail: "",
};
const LINE: Insert = Insert {
    head: "INSERT INTO order_line (organization_id, order_id, slot, number, product_id, quantity, amount)",
    columns: 7,
    tail: "",
};

impl Credited for Entry {
    const SOURCE: Source = Source::Orders;

    fn id(&self) -> Uuid {
        self.order.id.0
    }

    fn credits(&self) -> &[Credit] {
        &self.credits
    }

    /// The products stand with the credits.
    fn things(&self) -> Things {
        Things {
            product: None,
            account: self.order.account,
            channel: self.order.channel,
        }
    }

    fn prepare(scope: &Scope, slot: Slot, entries: &[Self]) -> Prepared {
        let organization = scope.organization.0;
        let mut orders: Vec<Value> = Vec::with_capacity(entries.len() * ORDER.columns);
        let mut of_lines: Vec<Value> = Vec::new();
        for Entry { order, lines, .. } in entries {
            let Amounts {
                net,
                tax,
                other,
                gross,
            } = order.amounts;
            orders.extend([
                organization.into(),
                order.id.0.into(),
                slot.0.into(),
                0.into(),
                order.external_id.clone().into(),
                order.member.map(|id| id.0).into(),
                order.unit.map(|id| id.0).into(),
                order.account.map(|id| id.0).into(),
                order.channel.map(|id| id.0).into(),
                order.ordered_on.0.into(),
                i32::from(order.cancelled).into(),
                net.map(|amount| amount.0).into(),
                tax.map(|amount| amount.0).into(),
                other.map(|amount| amount.0).into(),
                gross.map(|amount| amount.0).into(),
                order.row_hash.into(),
            ]);
            for line in lines {
                of_lines.extend([
                    organization.into(),
                    order.id.0.into(),
                    slot.0.into(),
                    line.number.into(),
                    line.product.map(|id| id.0).into(),
                    line.quantity.map(|quantity| quantity.0).into(),
                    line.amount.map(|amount| amount.0).into(),
                ]);
            }
        }
        Prepared::of(vec![
            (ORDER, orders),
            (LINE, of_lines),
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
        "SELECT slot, gone, id, external_id, member_id, unit_id, account_id, channel_id, ordered_on, cancelled, net, tax, other, \
         gross, row_hash FROM sales_order WHERE organization_id = {org} AND id IN ({keys}){}",
        which.condition()
    );
    for row in query(session, &sql, values()).await? {
        let slot = Slot(row.try_get_by_index(0)?);
        let entry = Entry {
            order: read(&row, 2)?,
            lines: Vec::new(),
            credits: Vec::new(),
        };
        let gone = Slot(row.try_get_by_index(1)?);
        found.insert((entry.order.id.0, slot), Version { slot, gone, entry });
    }
    let sql = format!(
        "SELECT order_id, slot, number, product_id, quantity, amount FROM order_line \
         WHERE organization_id = {org} AND order_id IN ({keys}) ORDER BY order_id, slot, number"
    );
    for row in query(session, &sql, values()).await? {
        let id: Uuid = row.try_get_by_index(0)?;
        let slot = Slot(row.try_get_by_index(1)?);
        let product: Option<Uuid> = row.try_get_by_index(3)?;
        let quantity: Option<i64> = row.try_get_by_index(4)?;
        let amount: Option<i64> = row.try_get_by_index(5)?;
        let line = Line {
            number: row.try_get_by_index(2)?,
            product: product.map(ProductId),
            quantity: quantity.map(Fact),
            amount: amount.map(Fact),
        };
        if let Some(version) = found.get_mut(&(id, slot)) {
            version.entry.lines.push(line);
        }
    }
    for (version, credit) in credits(session, scope, ids, which).await? {
        if let Some(version) = found.get_mut(&version) {
            version.entry.credits.push(credit);
        }
    }
    Ok(())
}

/// An order from the columns of a row, `first` being its id.
fn read(row: &QueryResult, first: usize) -> Result<Order, StoreError> {
    let id: Uuid = row.try_get_by_index(first)?;
    let uuid = |index: usize| row.try_get_by_index::<Option<Uuid>>(first + index);
    let amount = |index: usize| -> Result<Option<Fact>, StoreError> {
        Ok(row.try_get_by_index::<Option<i64>>(first + index)?.map(Fact))
    };
    let cancelled: i32 = row.try_get_by_index(first + 7)?;
    Ok(Order {
        id: id.into(),
        external_id: row.try_get_by_index(first + 1)?,
        member: uuid(2)?.map(MemberId),
        unit: uuid(3)?.map(UnitId),
        account: uuid(4)?.map(AccountId),
        channel: uuid(5)?.map(ChannelId),
        ordered_on: Day(row.try_get_by_index(first + 6)?),
        cancelled: cancelled != 0,
        amounts: Amounts {
            net: amount(8)?,
            tax: amount(9)?,
            other: amount(10)?,
            gross: amount(11)?,
        },
        row_hash: row.try_get_by_index(first + 12)?,
    })
}
