//! Facts: what counts. Deals and orders are found, written, taken away and brought back alike; what is particular to each
//! stands in a module of its own.

mod listing;

use std::collections::HashMap;

use domain::calendar::Day;
use domain::id::{AccountId, ChannelId, MemberId, MetricId, ProductId, UnitId};
use domain::metric::Source;
use domain::money::Fact;
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use crate::bulk::{Insert, execute, key_lists, marks, one_mark, query};
use crate::slot::Slot;
use crate::{Scope, Session, StoreError, Writer};

pub use listing::{Filter, Found, Page, list};

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
    /// The product it is for, where a fact has several; none: the fact has at most one, its own.
    pub of: Option<OfProduct>,
}

/// The part of a fact that is of one product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfProduct {
    /// Which; none: what is of no product.
    pub product: Option<ProductId>,
    /// 1 for the part that stands for the fact when facts of this product are counted, 0 for the others.
    pub count: i32,
}

/// What a fact is cut by besides who is credited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Things {
    /// The product.
    pub product: Option<ProductId>,
    /// The customer.
    pub account: Option<AccountId>,
    /// The channel.
    pub channel: Option<ChannelId>,
}

/// What is known of a fact before a row is applied to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its id.
    pub id: Uuid,
    /// The slot of its present version.
    pub slot: Slot,
    /// Hash of the row it was written from.
    pub row_hash: i64,
}

/// One version of a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version<E> {
    /// Since when it is there.
    pub slot: Slot,
    /// Until when; 0: it is there still.
    pub gone: Slot,
    /// The fact as it is then.
    pub entry: E,
}

/// Which versions of facts are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The present ones, as the import that writes at present sees them.
    Present,
    /// Also those that were replaced or taken away and may come back.
    All,
}

impl Which {
    /// The condition on the columns of a version.
    pub(crate) fn condition(self) -> &'static str {
        match self {
            Self::Present => " AND gone = 0",
            Self::All => "",
        }
    }
}

/// A fact with all that is written with it.
pub trait Credited: Clone + PartialEq + Send + Sync + 'static {
    /// What it is.
    const SOURCE: Source;
    /// Its id.
    fn id(&self) -> Uuid;
    /// Its credits.
    fn credits(&self) -> &[Credit];
    /// What it is cut by.
    fn things(&self) -> Things;
    /// Lays out facts that are new under a slot.
    fn prepare(scope: &Scope, slot: Slot, entries: &[Self]) -> Prepared;
    /// The same fact with other credits.
    fn credited(self, credits: Vec<Credit>) -> Self;
    /// Versions of facts.
    fn versions(
        session: &impl Session,
        scope: &Scope,
        ids: &[Uuid],
        which: Which,
    ) -> impl Future<Output = Result<Vec<Version<Self>>, StoreError>> + Send;
}

/// Where facts are kept: a table of their versions, and one of what belongs to each version (of the same slot, and there
/// exactly when that one is).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tables {
    /// The versions.
    pub(crate) main: &'static str,
    /// Their columns but for organization, id, slot and gone.
    pub(crate) columns: &'static str,
    /// What belongs to them.
    pub(crate) part: &'static str,
    /// Its column of the fact's id.
    pub(crate) part_id: &'static str,
    /// Its columns but for organization, id and slot.
    pub(crate) part_columns: &'static str,
}

/// Columns of a credit but for organization, fact, slot and gone.
pub(crate) const CREDIT_COLUMNS: &str =
    "metric_id, part, kind, member_id, unit_id, day, amount, count, product_id, product_count";

impl Tables {
    /// Where facts of a source are.
    pub(crate) fn of(source: Source) -> Self {
        match source {
            Source::Deals => crate::opportunity::TABLES,
            Source::Orders => crate::order::TABLES,
        }
    }

    /// Every table of a fact, with the column of its id; what belongs to a version before the version.
    pub(crate) fn all(self) -> [(&'static str, &'static str); 3] {
        [
            (self.part, self.part_id),
            ("credit", "fact_id"),
            (self.main, "id"),
        ]
    }
}

const CREDIT: Insert = Insert {
    head: "INSERT INTO credit (organization_id, fact_id, metric_id, slot, part, gone, kind, member_id, unit_id, day, amount, \
           count)",
    columns: 12,
    tail: "",
};
/// The same of facts that may have several products.
const CREDIT_OF_PRODUCT: Insert = Insert {
    head: "INSERT INTO credit (organization_id, fact_id, metric_id, slot, part, gone, kind, member_id, unit_id, day, amount, \
           count, product_id, product_count)",
    columns: 14,
    tail: "",
};

/// The values of facts in the order of their tables; made apart from the writing so that the next batch can be prepared while
/// one is written.
#[derive(Debug, Default)]
pub struct Prepared(Vec<(Insert, Vec<Value>)>);

impl Prepared {
    /// Of the rows of some tables.
    pub(crate) fn of(tables: Vec<(Insert, Vec<Value>)>) -> Self {
        Self(tables)
    }
}

/// The rows of credits that are new under a slot.
pub(crate) fn prepare_credits<E: Credited>(scope: &Scope, slot: Slot, entries: &[E]) -> (Insert, Vec<Value>) {
    let insert = match E::SOURCE {
        Source::Deals => CREDIT,
        Source::Orders => CREDIT_OF_PRODUCT,
    };
    let mut values = Vec::with_capacity(entries.len() * insert.columns);
    for entry in entries {
        put_credits(&mut values, scope, E::SOURCE, (slot, Slot(0)), entry);
    }
    (insert, values)
}

/// Adds the credits of a version that is there from a slot until a slot.
fn put_credits<E: Credited>(
    values: &mut Vec<Value>,
    scope: &Scope,
    source: Source,
    (slot, gone): (Slot, Slot),
    entry: &E,
) {
    let fact = entry.id();
    for credit in entry.credits() {
        values.extend([
            scope.organization.0.into(),
            fact.into(),
            credit.metric.0.into(),
            slot.0.into(),
            credit.part.into(),
            gone.0.into(),
            "revenue".into(),
            credit.member.0.into(),
            credit.unit.0.into(),
            credit.day.0.into(),
            credit.amount.0.into(),
            credit.count.into(),
        ]);
        if source == Source::Orders {
            values.extend([
                credit.of.and_then(|of| of.product).map(|id| id.0).into(),
                credit.of.map(|of| of.count).into(),
            ]);
        }
    }
}

/// Writes the credits of versions that had none.
pub async fn add_credits<E: Credited>(
    writer: &Writer,
    scope: &Scope,
    versions: &[Version<E>],
) -> Result<(), StoreError> {
    let (insert, mut values) = prepare_credits::<E>(scope, Slot(0), &[]);
    for Version { slot, gone, entry } in versions {
        put_credits(&mut values, scope, E::SOURCE, (*slot, *gone), entry);
    }
    insert.run(writer, values).await
}

/// Whether a fact of a source counts for something, as the import that writes at present sees them.
pub async fn any_credited(session: &impl Session, scope: &Scope, source: Source) -> Result<bool, StoreError> {
    let sql = format!(
        "SELECT 1 FROM {} f WHERE f.organization_id = $1 AND f.gone = 0 AND EXISTS (SELECT 1 FROM credit c \
         WHERE c.organization_id = f.organization_id AND c.fact_id = f.id AND c.gone = 0) LIMIT 1",
        Tables::of(source).main
    );
    Ok(!query(session, &sql, vec![scope.organization.0.into()])
        .await?
        .is_empty())
}

/// The ids of the facts of a source from behind `after` on; empty at the end.
pub async fn ids(
    session: &impl Session,
    scope: &Scope,
    source: Source,
    after: Option<Uuid>,
    limit: u32,
) -> Result<Vec<Uuid>, StoreError> {
    let sql = format!(
        "SELECT DISTINCT id FROM {} WHERE organization_id = $1 AND id > $2 ORDER BY id LIMIT {limit}",
        Tables::of(source).main
    );
    let values = vec![scope.organization.0.into(), after.unwrap_or_default().into()];
    query(session, &sql, values)
        .await?
        .iter()
        .map(|row| Ok(row.try_get_by_index(0)?))
        .collect()
}

/// Writes facts under the slot they were prepared for.
pub async fn insert(writer: &Writer, prepared: Prepared) -> Result<(), StoreError> {
    for (insert, values) in prepared.0 {
        insert.run(writer, values).await?;
    }
    Ok(())
}

/// The present versions of facts by external id, as the import that writes at present sees them.
pub async fn known(
    session: &impl Session,
    scope: &Scope,
    source: Source,
    external_ids: &[&str],
) -> Result<HashMap<String, Known>, StoreError> {
    let table = Tables::of(source).main;
    let mut found = HashMap::new();
    for part in key_lists(external_ids) {
        // Joined, because SQLite takes an organization for some ten rows and would rather read them all than look ids up.
        let keys: Vec<String> = (1..=part.len())
            .map(|number| format!("({})", one_mark(session.dialect(), number)))
            .collect();
        let sql = format!(
            "SELECT o.external_id, o.id, o.slot, o.row_hash FROM (VALUES {}) k CROSS JOIN {table} o \
             WHERE o.organization_id = {} AND o.external_id = k.column1 AND o.gone = 0",
            keys.join(","),
            one_mark(session.dialect(), part.len() + 1),
        );
        let mut values: Vec<Value> = Vec::with_capacity(part.len() + 1);
        values.extend(part.into_iter().map(Value::from));
        values.push(scope.organization.0.into());
        for row in query(session, &sql, values).await? {
            let known = Known {
                id: row.try_get_by_index(1)?,
                slot: Slot(row.try_get_by_index(2)?),
                row_hash: row.try_get_by_index(3)?,
            };
            found.insert(row.try_get_by_index(0)?, known);
        }
    }
    Ok(found)
}

/// Whether the organization has any fact of a source at all, seen or not.
pub async fn any(session: &impl Session, scope: &Scope, source: Source) -> Result<bool, StoreError> {
    let table = Tables::of(source).main;
    let sql = format!("SELECT 1 FROM {table} WHERE organization_id = $1 LIMIT 1");
    Ok(!query(session, &sql, vec![scope.organization.0.into()])
        .await?
        .is_empty())
}

/// Takes the present versions away under a slot.
pub async fn retire(
    writer: &Writer,
    scope: &Scope,
    source: Source,
    slot: Slot,
    ids: &[Uuid],
) -> Result<(), StoreError> {
    for part in key_lists(ids) {
        for (table, key) in [(Tables::of(source).main, "id"), ("credit", "fact_id")] {
            let dialect = writer.dialect();
            let sql = format!(
                "UPDATE {table} SET gone = {} WHERE organization_id = {} AND {key} IN ({}) AND gone = 0",
                one_mark(dialect, 1),
                one_mark(dialect, 2),
                marks(dialect, 3, part.len()),
            );
            let mut values: Vec<Value> = vec![slot.0.into(), scope.organization.0.into()];
            values.extend(part.iter().copied().map(Value::from));
            execute(writer, &sql, values).await?;
        }
    }
    Ok(())
}

/// The credits of versions of facts in the order of their parts, at most as many ids at once as a statement takes.
pub(crate) async fn credits(
    session: &impl Session,
    scope: &Scope,
    ids: &[Uuid],
    which: Which,
) -> Result<Vec<((Uuid, Slot), Credit)>, StoreError> {
    let sql = format!(
        "SELECT fact_id, slot, metric_id, part, member_id, unit_id, day, amount, count, product_id, product_count FROM credit \
         WHERE organization_id = {} AND fact_id IN ({}){} ORDER BY fact_id, metric_id, slot, part",
        one_mark(session.dialect(), 1),
        marks(session.dialect(), 2, ids.len()),
        which.condition(),
    );
    let values = std::iter::once(scope.organization.0)
        .chain(ids.iter().copied())
        .map(Value::from);
    query(session, &sql, values.collect())
        .await?
        .iter()
        .map(|row| {
            let version = (row.try_get_by_index(0)?, Slot(row.try_get_by_index(1)?));
            Ok((version, read_credit(row, 2)?))
        })
        .collect()
}

/// A credit from the columns of a row, `first` being its metric.
fn read_credit(row: &QueryResult, first: usize) -> Result<Credit, StoreError> {
    let metric: Uuid = row.try_get_by_index(first)?;
    let member: Uuid = row.try_get_by_index(first + 2)?;
    let unit: Uuid = row.try_get_by_index(first + 3)?;
    let product: Option<Uuid> = row.try_get_by_index(first + 7)?;
    let of_product: Option<i32> = row.try_get_by_index(first + 8)?;
    Ok(Credit {
        metric: metric.into(),
        part: row.try_get_by_index(first + 1)?,
        member: member.into(),
        unit: unit.into(),
        day: Day(row.try_get_by_index(first + 4)?),
        amount: Fact(row.try_get_by_index(first + 5)?),
        count: row.try_get_by_index(first + 6)?,
        of: of_product.map(|count| OfProduct {
            product: product.map(ProductId),
            count,
        }),
    })
}
