//! House rules of the schema, read from the catalogue of both databases.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use store::{Database, Dialect};

/// Tables without an organization, by name: the migrator's own, and the link that exists before any organization.
const EXCEPTED: [&str; 2] = ["seaql_migrations", "set_up_link"];

/// Table, what is keyed, and its first column.
type FirstColumn = (String, String, String);

#[tokio::test]
async fn the_organization_comes_first_in_every_key_and_index() {
    kit::on_each(async |database: Database| {
        let connection = kit::connection(database.url()).await;
        let firsts = match database.dialect() {
            Dialect::Sqlite => sqlite(&connection).await,
            Dialect::Postgres => postgres(&connection).await,
        };
        connection.close().await.unwrap();
        assert!(firsts.len() > 30, "the catalogue was read: {firsts:?}");
        let wrong: Vec<&FirstColumn> = firsts
            .iter()
            .filter(|(table, _, column)| {
                let expected = if table == "organization" {
                    "id"
                } else {
                    "organization_id"
                };
                !EXCEPTED.contains(&table.as_str()) && column != expected
            })
            .collect();
        assert!(
            wrong.is_empty(),
            "first column is not the organization: {wrong:#?}"
        );
    })
    .await;
}

async fn sqlite(connection: &DatabaseConnection) -> Vec<FirstColumn> {
    let mut firsts = Vec::new();
    // A primary key over a rowid table shows as an index of origin `pk`.
    let keys = "SELECT m.name, l.origin || ' ' || l.name, i.name FROM sqlite_schema m
        JOIN pragma_index_list(m.name) l JOIN pragma_index_info(l.name) i
        WHERE m.type = 'table' AND i.seqno = 0";
    let references = "SELECT m.name, 'fk ' || f.id || ' ' || f.\"table\", f.\"from\" FROM sqlite_schema m
        JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND f.seq = 0";
    for sql in [keys, references] {
        firsts.extend(read(connection, sql).await);
    }
    firsts
}

async fn postgres(connection: &DatabaseConnection) -> Vec<FirstColumn> {
    let mut firsts = Vec::new();
    let keys = "SELECT t.relname::text, i.relname::text, a.attname::text FROM pg_index x
        JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
        JOIN pg_namespace n ON n.oid = t.relnamespace
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0] WHERE n.nspname = 'public'";
    let references = "SELECT t.relname::text, c.conname::text, a.attname::text FROM pg_constraint c
        JOIN pg_class t ON t.oid = c.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.conkey[1]
        WHERE n.nspname = 'public' AND c.contype = 'f'";
    for sql in [keys, references] {
        firsts.extend(read(connection, sql).await);
    }
    firsts
}

async fn read(connection: &DatabaseConnection, sql: &str) -> Vec<FirstColumn> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection.query_all_raw(statement).await.unwrap();
    rows.iter()
        .map(|row| {
            (
                row.try_get_by_index(0).unwrap(),
                row.try_get_by_index(1).unwrap(),
                row.try_get_by_index(2).unwrap(),
            )
        })
        .collect()
}
