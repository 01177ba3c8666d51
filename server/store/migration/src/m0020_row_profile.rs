//! What the rows of a published version had sold of each line when it was published: lines that nobody set are worked out from
//! it, whatever is imported later.

use sea_orm_migration::prelude::{
    ConnectionTrait, DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait,
};
use sea_orm_migration::sea_orm::DbBackend;

/// See the module.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0020_row_profile"
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

/// One for each dimension; all rows of a version in a few bytes each.
const UP: &str = "CREATE TABLE row_profile (
        organization_id uuid NOT NULL,
        version_id uuid NOT NULL,
        line_by text NOT NULL,
        profile bytea NOT NULL,
        PRIMARY KEY (organization_id, version_id, line_by),
        FOREIGN KEY (organization_id, version_id) REFERENCES version (organization_id, id) ON DELETE CASCADE
    )";

/// It is as frozen as what was set (`m0019_row_line`).
const FROZEN_SQLITE: [&str; 3] = [
    "CREATE TRIGGER row_profile_frozen_insert BEFORE INSERT ON row_profile
     WHEN EXISTS (SELECT 1 FROM plan_record r WHERE r.organization_id = NEW.organization_id AND r.version_id = NEW.version_id)
     BEGIN SELECT RAISE(ABORT, 'what was published does not change'); END",
    "CREATE TRIGGER row_profile_frozen_update BEFORE UPDATE ON row_profile
     WHEN EXISTS (SELECT 1 FROM plan_record r WHERE r.organization_id = OLD.organization_id AND r.version_id = OLD.version_id)
     BEGIN SELECT RAISE(ABORT, 'what was published does not change'); END",
    "CREATE TRIGGER row_profile_frozen_delete BEFORE DELETE ON row_profile
     WHEN EXISTS (SELECT 1 FROM plan_record r WHERE r.organization_id = OLD.organization_id AND r.version_id = OLD.version_id)
     BEGIN SELECT RAISE(ABORT, 'what was published does not change'); END",
];

const FROZEN_POSTGRES: [&str; 1] = [
    "CREATE TRIGGER row_profile_frozen BEFORE INSERT OR UPDATE OR DELETE ON row_profile
     FOR EACH ROW EXECUTE FUNCTION refuse_change_of_frozen()",
];
