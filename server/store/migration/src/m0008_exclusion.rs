//! Deals and orders a planning leaves out of the history. Known by their number in the system they come from: an import
//! that is taken back and run again does not bring them back into the history.

use sea_orm_migration::prelude::{
    ConnectionTrait, DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait,
};

/// See the module.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0008_exclusion"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared(UP).await?;
        Ok(())
    }
}

const UP: &str = "CREATE TABLE exclusion (
        organization_id uuid NOT NULL,
        set_id uuid NOT NULL,
        source text NOT NULL,
        external_id text NOT NULL,
        reason text NOT NULL,
        excluded_by text NOT NULL,
        excluded_at_ms bigint NOT NULL,
        PRIMARY KEY (organization_id, set_id, source, external_id),
        FOREIGN KEY (organization_id, set_id) REFERENCES assumption_set (organization_id, id) ON DELETE CASCADE
    )";
