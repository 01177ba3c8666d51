//! What the nouns that facts refer to by name (products, categories, accounts, channels) have in common.

use domain::id::ImportId;
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use crate::bulk::{KEYS_PER_STATEMENT, execute, marks, one_mark, query};
use crate::{Scope, Session, StoreError, Writer};

/// Every row of a table, by pinyin.
pub(crate) async fn all(
    session: &impl Session,
    scope: &Scope,
    table: &str,
    columns: &str,
) -> Result<Vec<QueryResult>, StoreError> {
    let sql = format!("SELECT {columns} FROM {table} WHERE organization_id = $1 ORDER BY pinyin, id");
    query(session, &sql, vec![scope.organization.0.into()]).await
}

/// Deletes rows by id.
pub(crate) async fn remove(
    writer: &Writer,
    scope: &Scope,
    table: &str,
    ids: &[Uuid],
) -> Result<(), StoreError> {
    for part in ids.chunks(KEYS_PER_STATEMENT) {
        let dialect = writer.dialect();
        let sql = format!(
            "DELETE FROM {table} WHERE organization_id = {} AND id IN ({})",
            one_mark(dialect, 1),
            marks(dialect, 2, part.len())
        );
        let mut values: Vec<Value> = vec![scope.organization.0.into()];
        values.extend(part.iter().map(|id| Value::from(*id)));
        execute(writer, &sql, values).await?;
    }
    Ok(())
}

/// Where ids of a noun stand: tables with what holds them, and the column.
pub(crate) type Uses = [(&'static str, &'static str)];

/// Lines of orders that are there; `l` is the line.
pub(crate) const LINES: &str = "order_line l JOIN sales_order o ON o.organization_id = l.organization_id AND o.id = l.order_id \
                                AND o.slot = l.slot AND o.gone = 0";

/// Which of these ids are in use.
pub(crate) async fn used(
    session: &impl Session,
    scope: &Scope,
    uses: &Uses,
    ids: &[Uuid],
) -> Result<Vec<Uuid>, StoreError> {
    let mut found = Vec::new();
    for part in ids.chunks(KEYS_PER_STATEMENT) {
        let dialect = session.dialect();
        for (table, column) in uses {
            let there = match *table {
                "opportunity" | "sales_order" => " AND gone = 0",
                _ => "",
            };
            let of = if *table == LINES { "l." } else { "" };
            let sql = format!(
                "SELECT DISTINCT {column} FROM {table} WHERE {of}organization_id = {}{there} AND {column} IN ({})",
                one_mark(dialect, 1),
                marks(dialect, 2, part.len())
            );
            let mut values: Vec<Value> = vec![scope.organization.0.into()];
            values.extend(part.iter().map(|id| Value::from(*id)));
            for row in query(session, &sql, values).await? {
                found.push(row.try_get_by_index(0)?);
            }
        }
    }
    Ok(found)
}

/// The import of a nullable column.
pub(crate) fn import_at(row: &QueryResult, index: usize) -> Result<Option<ImportId>, StoreError> {
    let id: Option<Uuid> = row.try_get_by_index(index)?;
    Ok(id.map(ImportId))
}
