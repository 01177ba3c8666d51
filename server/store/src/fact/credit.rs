//! Credits: whose achievement facts are.

use std::collections::{BTreeMap, BTreeSet};

use domain::calendar::Day;
use domain::id::{MemberId, MetricId, ProductId, UnitId};
use domain::metric::Source;
use domain::money::Fact;
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use super::{Credited, Tables, Version, Which};
use crate::bulk::{Insert, execute, key_lists, marks, one_mark, query};
use crate::slot::Slot;
use crate::{Scope, Session, StoreError, Writer};

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

/// Columns of a credit but for organization, fact, slot and gone.
pub(crate) const CREDIT_COLUMNS: &str =
    "metric_id, part, kind, member_id, unit_id, day, amount, count, product_id, product_count";

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

/// The facts of any source that are or were credited to one of the members for a metric on a day or later, in the order of
/// their ids; also those that only an undo would bring back.
pub async fn credited_since(
    session: &impl Session,
    scope: &Scope,
    metric: MetricId,
    members: &[MemberId],
    from: Day,
) -> Result<Vec<Uuid>, StoreError> {
    let ids: Vec<Uuid> = members.iter().map(|member| member.0).collect();
    let mut found = BTreeSet::new();
    for part in key_lists(&ids) {
        let dialect = session.dialect();
        let sql = format!(
            "SELECT DISTINCT fact_id FROM credit WHERE organization_id = {} AND metric_id = {} AND day >= {} \
             AND member_id IN ({}) AND kind = 'revenue'",
            one_mark(dialect, 1),
            one_mark(dialect, 2),
            one_mark(dialect, 3),
            marks(dialect, 4, part.len()),
        );
        let mut values: Vec<Value> = vec![scope.organization.0.into(), metric.0.into(), from.0.into()];
        values.extend(part.into_iter().map(Value::from));
        for row in query(session, &sql, values).await? {
            let fact: Uuid = row.try_get_by_index(0)?;
            found.insert(fact);
        }
    }
    Ok(found.into_iter().collect())
}

/// Puts other credits for a metric in the place of those that versions have; `versions` come with the new ones.
pub async fn replace_credits<E: Credited>(
    writer: &Writer,
    scope: &Scope,
    metric: MetricId,
    versions: &[Version<E>],
) -> Result<(), StoreError> {
    let mut facts: BTreeMap<Slot, Vec<Uuid>> = BTreeMap::new();
    for version in versions {
        facts.entry(version.slot).or_default().push(version.entry.id());
    }
    for (slot, ids) in facts {
        for part in key_lists(&ids) {
            let dialect = writer.dialect();
            let sql = format!(
                "DELETE FROM credit WHERE organization_id = {} AND metric_id = {} AND slot = {} AND fact_id IN ({}) \
                 AND kind = 'revenue'",
                one_mark(dialect, 1),
                one_mark(dialect, 2),
                one_mark(dialect, 3),
                marks(dialect, 4, part.len()),
            );
            let mut values: Vec<Value> = vec![scope.organization.0.into(), metric.0.into(), slot.0.into()];
            values.extend(part.into_iter().map(Value::from));
            execute(writer, &sql, values).await?;
        }
    }
    add_credits(writer, scope, versions).await
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
