//! Levels of rows: floor, stretch and challenge of a row of a split, where somebody set another than the plan's.

use sea_orm_migration::prelude::{
    ConnectionTrait, DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait,
};
use sea_orm_migration::sea_orm::DbBackend;

/// See the module.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0023_row_level"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let frozen: &[&str] = match manager.get_database_backend() {
            DbBackend::Sqlite => &FROZEN_SQLITE,
            _ => &FROZEN_POSTGRES,
        };
        for statement in std::iter::once(&UP).chain(frozen) {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }
}

/// What nobody set is no row: the row has the plan's ratio.
const UP: &str = "CREATE TABLE row_level (
        organization_id uuid NOT NULL,
        version_id uuid NOT NULL,
        node_id uuid NOT NULL,
        level text NOT NULL,
        kind text NOT NULL,
        figure bigint NOT NULL,
        above text NOT NULL,
        user_id uuid,
        user_name text NOT NULL,
        at_ms bigint NOT NULL,
        PRIMARY KEY (organization_id, version_id, node_id, level),
        FOREIGN KEY (organization_id, version_id, node_id)
            REFERENCES plan_node (organization_id, version_id, id) ON DELETE CASCADE
    )";

/// What was set in a version that is or was the plan of record stays, as its cells do (`m0004_frozen`).
const FROZEN_SQLITE: [&str; 3] = [
    "CREATE TRIGGER row_level_frozen_insert BEFORE INSERT ON row_level
     WHEN EXISTS (SELECT 1 FROM plan_record r WHERE r.organization_id = NEW.organization_id AND r.version_id = NEW.version_id)
     BEGIN SELECT RAISE(ABORT, 'what was published does not change'); END",
    "CREATE TRIGGER row_level_frozen_update BEFORE UPDATE ON row_level
     WHEN EXISTS (SELECT 1 FROM plan_record r WHERE r.organization_id = OLD.organization_id AND r.version_id = OLD.version_id)
     OR EXISTS (SELECT 1 FROM plan_record r WHERE r.organization_id = NEW.organization_id AND r.version_id = NEW.version_id)
     BEGIN SELECT RAISE(ABORT, 'what was published does not change'); END",
    "CREATE TRIGGER row_level_frozen_delete BEFORE DELETE ON row_level
     WHEN EXISTS (SELECT 1 FROM plan_record r WHERE r.organization_id = OLD.organization_id AND r.version_id = OLD.version_id)
     BEGIN SELECT RAISE(ABORT, 'what was published does not change'); END",
];

const FROZEN_POSTGRES: [&str; 1] = [
    "CREATE TRIGGER row_level_frozen BEFORE INSERT OR UPDATE OR DELETE ON row_level
     FOR EACH ROW EXECUTE FUNCTION refuse_change_of_frozen()",
];
