//! Emptying an organization: every table there is, by the catalogue, so that none is forgotten when one is added.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ConnectionTrait, Statement};

use crate::{Dialect, Scope, Session, StoreError, Writer};

/// What an emptied organization keeps, by table: the rows its condition does not name.
const KEPT: [(&str, &str); 9] = [
    ("organization", "false"),
    ("log_head", "false"),
    ("audit", "false"),
    ("outbox", "false"),
    ("sign_in_attempt", "false"),
    ("unit", "parent_id IS NOT NULL"),
    ("user", "demo <> 0"),
    ("session", OF_SAMPLE_USERS),
    ("token", OF_SAMPLE_USERS),
];
/// Sessions and tokens of the sample company's users.
const OF_SAMPLE_USERS: &str =
    "user_id IN (SELECT u.id FROM \"user\" u WHERE u.organization_id = $1 AND u.demo <> 0)";

/// Deletes units (but the root), members, facts, plans and whatever else there is; keeps the organization with its logs,
/// and users that are not the sample company's, with their sessions and tokens.
pub async fn clear(writer: &Writer, scope: &Scope) -> Result<(), StoreError> {
    for sql in [
        "UPDATE unit SET manager_member_id = NULL WHERE organization_id = $1",
        "UPDATE \"user\" SET member_id = NULL WHERE organization_id = $1",
        // While something is on record, its numbers do not go.
        "DELETE FROM plan_record WHERE organization_id = $1",
    ] {
        execute(writer, scope, sql).await?;
    }
    for table in children_first(writer).await? {
        let condition = match KEPT.iter().find(|(name, _)| *name == table) {
            Some((_, "false")) => continue,
            Some((_, condition)) => condition,
            None => "1 = 1",
        };
        let sql = format!("DELETE FROM \"{table}\" WHERE organization_id = $1 AND {condition}");
        execute(writer, scope, &sql).await?;
    }
    Ok(())
}

/// Deletes the organization with everything in it.
pub async fn remove(writer: &Writer, scope: &Scope) -> Result<(), StoreError> {
    clear(writer, scope).await?;
    for table in children_first(writer).await? {
        let column = if table == "organization" {
            "id"
        } else {
            "organization_id"
        };
        let sql = format!("DELETE FROM \"{table}\" WHERE {column} = $1");
        execute(writer, scope, &sql).await?;
    }
    Ok(())
}

async fn execute(writer: &Writer, scope: &Scope, sql: &str) -> Result<(), StoreError> {
    let executor = writer.executor();
    let statement = Statement::from_sql_and_values(
        executor.get_database_backend(),
        sql,
        [scope.organization.0.into()],
    );
    executor.execute_raw(statement).await?;
    Ok(())
}

/// Every table with an organization, those that refer to others before those others.
async fn children_first(writer: &Writer) -> Result<Vec<String>, StoreError> {
    let (tables, references) = match writer.dialect() {
        Dialect::Sqlite => (
            "SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c
             WHERE m.type = 'table' AND (c.name = 'organization_id' OR m.name = 'organization') GROUP BY m.name",
            "SELECT m.name, f.\"table\" FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f
             WHERE m.type = 'table'",
        ),
        Dialect::Postgres => (
            "SELECT t.table_name::text FROM information_schema.columns t
             WHERE t.table_schema = current_schema()
               AND (t.column_name = 'organization_id' OR t.table_name = 'organization') GROUP BY t.table_name",
            "SELECT c.conrelid::regclass::text, c.confrelid::regclass::text FROM pg_constraint c
             JOIN pg_namespace n ON n.oid = c.connamespace
             WHERE n.nspname = current_schema() AND c.contype = 'f'",
        ),
    };
    let executor = writer.executor();
    let backend = executor.get_database_backend();
    let mut referred: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in executor
        .query_all_raw(Statement::from_string(backend, tables))
        .await?
    {
        referred.insert(row.try_get_by_index(0)?, BTreeSet::new());
    }
    for row in executor
        .query_all_raw(Statement::from_string(backend, references))
        .await?
    {
        let (from, to): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        // PostgreSQL quotes reserved words.
        let (from, to) = (from.replace('"', ""), to.replace('"', ""));
        if from != to && referred.contains_key(&from) {
            referred.entry(to).or_default().insert(from);
        }
    }
    let mut order = Vec::with_capacity(referred.len());
    while !referred.is_empty() {
        let free: Vec<String> = referred
            .iter()
            .filter(|(_, by)| by.is_empty())
            .map(|(table, _)| table.clone())
            .collect();
        if free.is_empty() {
            return Err(StoreError::Schema("foreign keys go round in a circle".to_owned()));
        }
        for table in &free {
            referred.remove(table);
            for by in referred.values_mut() {
                by.remove(table);
            }
        }
        order.extend(free);
    }
    Ok(order)
}
