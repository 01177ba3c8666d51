//! A market factor may be about a product, a product category or a channel.

use sea_orm_migration::prelude::{
    ConnectionTrait, DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait,
};

/// See the module.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0014_factor_thing"
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

/// The table is made anew: SQLite takes foreign keys of several columns only when a table is made. Nothing refers to it.
const UP: [&str; 5] = [
    // Of the three things at most one is given.
    "CREATE TABLE market_factor_of_things (
        organization_id uuid NOT NULL,
        set_id uuid NOT NULL,
        id uuid NOT NULL,
        kind text NOT NULL,
        name text NOT NULL,
        unit_id uuid,
        category_id uuid,
        product_id uuid,
        channel_id uuid,
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
        FOREIGN KEY (organization_id, category_id) REFERENCES category (organization_id, id),
        FOREIGN KEY (organization_id, product_id) REFERENCES product (organization_id, id),
        FOREIGN KEY (organization_id, channel_id) REFERENCES channel (organization_id, id),
        FOREIGN KEY (organization_id, attachment_id) REFERENCES attachment (organization_id, id)
    )",
    "INSERT INTO market_factor_of_things (organization_id, set_id, id, kind, name, unit_id, starts_on, ends_on,
        effect_kind, effect, weight, source, link, attachment_id, author, at_ms)
     SELECT organization_id, set_id, id, kind, name, unit_id, starts_on, ends_on,
        effect_kind, effect, weight, source, link, attachment_id, author, at_ms
     FROM market_factor",
    "DROP TABLE market_factor",
    "ALTER TABLE market_factor_of_things RENAME TO market_factor",
    "CREATE INDEX market_factor_attachment ON market_factor (organization_id, attachment_id)",
];
