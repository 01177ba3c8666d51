//! Market factors of a planning, and files that something refers to.

use sea_orm_migration::prelude::{
    ConnectionTrait, DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait,
};

/// See the module.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0009_outlook"
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

/// Tables after those they refer to; each followed by its indexes.
const UP: [&str; 4] = [
    // What it holds lies in the folder for files under its id.
    "CREATE TABLE attachment (
        organization_id uuid NOT NULL REFERENCES organization (id),
        id uuid NOT NULL,
        name text NOT NULL,
        bytes bigint NOT NULL,
        created_by text NOT NULL,
        created_at_ms bigint NOT NULL,
        PRIMARY KEY (organization_id, id)
    )",
    "CREATE INDEX attachment_created ON attachment (organization_id, created_at_ms)",
    // A factor keeps its id in every set it travels to. The effect is in hundredths of a per cent, or in minor units.
    "CREATE TABLE market_factor (
        organization_id uuid NOT NULL,
        set_id uuid NOT NULL,
        id uuid NOT NULL,
        kind text NOT NULL,
        name text NOT NULL,
        unit_id uuid,
        starts_on integer NOT NULL,
        ends_on integer NOT NULL,
        effect_kind text NOT NULL,
        effect bigint NOT NULL,
        weight integer NOT NULL,
        source text NOT NULL,
        link text,
        attachment_id uuid,
        author text NOT NULL,
        at_ms bigint NOT NULL,
        PRIMARY KEY (organization_id, set_id, id),
        FOREIGN KEY (organization_id, set_id) REFERENCES assumption_set (organization_id, id) ON DELETE CASCADE,
        FOREIGN KEY (organization_id, unit_id) REFERENCES unit (organization_id, id),
        FOREIGN KEY (organization_id, attachment_id) REFERENCES attachment (organization_id, id)
    )",
    "CREATE INDEX market_factor_attachment ON market_factor (organization_id, attachment_id)",
];
