//! Limits of fairness that an organization sets for its plans.

use sea_orm_migration::prelude::{
    ConnectionTrait, DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait,
};

/// See the module.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0015_fairness"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared(UP).await?;
        Ok(())
    }
}

/// A measure without a row has its usual limits; one with a row has those, and none where nothing stands.
const UP: &str = "CREATE TABLE fairness_limit (
        organization_id uuid NOT NULL REFERENCES organization (id),
        measure text NOT NULL,
        warn_ppm integer,
        block_ppm integer,
        PRIMARY KEY (organization_id, measure)
    )";
