//! Lines of rows in single periods of the plan: which one is a part of the key.

use sea_orm_migration::prelude::{
    ConnectionTrait, DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait,
};
use sea_orm_migration::sea_orm::DbBackend;

/// See the module.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0024_row_line_period"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let up: &[&str] = match manager.get_database_backend() {
            DbBackend::Sqlite => &UP_SQLITE,
            _ => &UP_POSTGRES,
        };
        for statement in up {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }
}

/// `period` -1: over the whole plan, as everything that was set so far; else its place in the plan.
const UP_POSTGRES: [&str; 3] = [
    "ALTER TABLE row_line ADD COLUMN period integer NOT NULL DEFAULT -1",
    "ALTER TABLE row_line DROP CONSTRAINT row_line_pkey",
    "ALTER TABLE row_line ADD PRIMARY KEY (organization_id, version_id, node_id, line_by, line_key, period)",
];

/// SQLite changes no key: the table is made anew. Its triggers go with it and are made again (`m0019_row_line`).
const UP_SQLITE: [&str; 7] = [
    "CREATE TABLE row_line_made (
        organization_id uuid NOT NULL,
        version_id uuid NOT NULL,
        node_id uuid NOT NULL,
        line_by text NOT NULL,
        line_key text NOT NULL,
        amount bigint NOT NULL,
        reason text,
        user_id uuid,
        user_name text NOT NULL,
        at_ms bigint NOT NULL,
        period integer NOT NULL DEFAULT -1,
        PRIMARY KEY (organization_id, version_id, node_id, line_by, line_key, period),
        FOREIGN KEY (organization_id, version_id, node_id)
            REFERENCES plan_node (organization_id, version_id, id) ON DELETE CASCADE
    )",
    "INSERT INTO row_line_made (organization_id, version_id, node_id, line_by, line_key, amount, reason, user_id, user_name,
        at_ms)
     SELECT organization_id, version_id, node_id, line_by, line_key, amount, reason, user_id, user_name, at_ms FROM row_line",
    "DROP TABLE row_line",
    "ALTER TABLE row_line_made RENAME TO row_line",
    "CREATE TRIGGER row_line_frozen_insert BEFORE INSERT ON row_line
     WHEN EXISTS (SELECT 1 FROM plan_record r WHERE r.organization_id = NEW.organization_id AND r.version_id = NEW.version_id)
     BEGIN SELECT RAISE(ABORT, 'what was published does not change'); END",
    "CREATE TRIGGER row_line_frozen_update BEFORE UPDATE ON row_line
     WHEN EXISTS (SELECT 1 FROM plan_record r WHERE r.organization_id = OLD.organization_id AND r.version_id = OLD.version_id)
     BEGIN SELECT RAISE(ABORT, 'what was published does not change'); END",
    "CREATE TRIGGER row_line_frozen_delete BEFORE DELETE ON row_line
     WHEN EXISTS (SELECT 1 FROM plan_record r WHERE r.organization_id = OLD.organization_id AND r.version_id = OLD.version_id)
     BEGIN SELECT RAISE(ABORT, 'what was published does not change'); END",
];
