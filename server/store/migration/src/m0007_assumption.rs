//! What a plan is reckoned with: a set of assumptions for each planned span of a metric, before there is a version and in
//! each version of its own. What is assumed (market factors, deals left out of the history …) hangs on its set.

use sea_orm_migration::prelude::{
    ConnectionTrait, DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait,
};

/// See the module.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0007_assumption"
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
    // Without a version: what is gathered before the first draft. A version that is removed takes its assumptions along.
    "CREATE TABLE assumption_set (
        organization_id uuid NOT NULL REFERENCES organization (id),
        id uuid NOT NULL,
        metric_key text NOT NULL,
        starts_on integer NOT NULL,
        ends_on integer NOT NULL,
        version_id uuid,
        PRIMARY KEY (organization_id, id),
        FOREIGN KEY (organization_id, version_id) REFERENCES version (organization_id, id) ON DELETE CASCADE
    )",
    "CREATE INDEX assumption_set_version ON assumption_set (organization_id, version_id)",
    "CREATE UNIQUE INDEX assumption_set_prepared ON assumption_set (organization_id, metric_key, starts_on, ends_on)
        WHERE version_id IS NULL",
];
