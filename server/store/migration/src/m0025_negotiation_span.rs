//! Negotiations of several periods together, as of the months of a quarter.

use sea_orm_migration::prelude::{
    ConnectionTrait, DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait,
};

/// See the module.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0025_negotiation_span"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in UP {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }
}

const UP: [&str; 3] = [
    // How many periods from `period` on; 1 for the total too. What there is already is of one period, or of the total.
    "ALTER TABLE negotiation ADD COLUMN periods integer NOT NULL DEFAULT 1",
    "DROP INDEX negotiation_open",
    // A quarter and its first month are two numbers, each negotiated once at a time.
    "CREATE UNIQUE INDEX negotiation_open ON negotiation (organization_id, version_id, node_id, period, periods)
     WHERE status = 'open'",
];
