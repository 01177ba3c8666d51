//! Facts: what counts. Deals and orders are found, written, taken away and brought back alike; what is particular to each
//! stands in a module of its own.

mod credit;
mod listing;

use std::collections::HashMap;

use domain::id::{AccountId, ChannelId, ProductId};
use domain::metric::Source;
use sea_orm::Value;
use uuid::Uuid;

use crate::bulk::{Insert, execute, key_lists, marks, one_mark, query};
use crate::slot::Slot;
use crate::{Dialect, Scope, Session, StoreError, Writer};

pub(crate) use credit::{CREDIT_COLUMNS, credits, prepare_credits};
pub use credit::{Credit, OfProduct, add_credits, any_credited, credited_since, replace_credits};
pub use listing::{Filter, Found, Page, list};

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
        let sql = of_keys(session.dialect(), table, part.len());
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

/// The present versions of the facts of some external ids. Joined, because SQLite takes an organization for some ten rows and
/// would rather read them all than look ids up; and `slot`, which is never below 0, is asked for so that it finds all three
/// columns of the index by external id. With two of them it took the primary key instead, and read the whole organization for
/// each id: 31,465 orders that were there already took minutes.
fn of_keys(dialect: Dialect, table: &str, keys: usize) -> String {
    let rows: Vec<String> = (1..=keys)
        .map(|number| format!("({})", one_mark(dialect, number)))
        .collect();
    format!(
        "SELECT o.external_id, o.id, o.slot, o.row_hash FROM (VALUES {}) k CROSS JOIN {table} o \
         WHERE o.organization_id = {} AND o.external_id = k.column1 AND o.slot >= 0 AND o.gone = 0",
        rows.join(","),
        one_mark(dialect, keys + 1),
    )
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Database;

    #[tokio::test]
    async fn sqlite_finds_facts_by_the_index_of_their_external_ids() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("attain.db").display());
        let database = Database::open(&url).await.unwrap();
        database.migrate().await.unwrap();
        for source in [Source::Deals, Source::Orders] {
            for keys in [1, 2, 512, 1_024] {
                let found = of_keys(Dialect::Sqlite, Tables::of(source).main, keys);
                let mut values: Vec<Value> = vec![Value::from("43659"); keys];
                values.push(Uuid::nil().into());
                let sql = format!("EXPLAIN QUERY PLAN {found}");
                let steps: Vec<String> = query(&database.reader(), &sql, values)
                    .await
                    .unwrap()
                    .iter()
                    .map(|row| row.try_get_by_index(3).unwrap())
                    .collect();
                let by_id = steps.iter().any(|step| step.contains("external_id=?"));
                assert!(by_id, "{source:?}, {keys} ids: {steps:?}");
            }
        }
        database.close().await.unwrap();
    }
}
