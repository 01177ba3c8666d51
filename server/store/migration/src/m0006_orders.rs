//! Orders with their lines, what they count for, and the figures of potential and capability a split is based on.
//!
//! Orders are facts like deals (see `m0002_facts`): versions under the slot of the import that wrote them, with their
//! credits in `credit`. An order of several products has a credit for each of them, so a credit may name its product;
//! `product_count` is 1 where the fact is counted among that product's. Both are null where a fact has at most one product.

use sea_orm_migration::prelude::{
    ConnectionTrait, DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait,
};
use sea_orm_migration::sea_orm::DbBackend;

/// See the module.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0006_orders"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let clustered = match manager.get_database_backend() {
            DbBackend::Sqlite => " WITHOUT ROWID",
            _ => "",
        };
        for statement in UP {
            let statement = statement.replace("{clustered}", clustered);
            manager.get_connection().execute_unprepared(&statement).await?;
        }
        Ok(())
    }
}

const UP: [&str; 11] = [
    "ALTER TABLE organization ADD COLUMN bookings_from text NOT NULL DEFAULT 'deals'",
    "ALTER TABLE organization ADD COLUMN order_amount text NOT NULL DEFAULT 'net'",
    "ALTER TABLE credit ADD COLUMN product_id uuid",
    "ALTER TABLE credit ADD COLUMN product_count integer",
    "CREATE TABLE sales_order (
        organization_id uuid NOT NULL,
        id uuid NOT NULL,
        slot integer NOT NULL,
        gone integer NOT NULL,
        external_id text NOT NULL,
        member_id uuid,
        unit_id uuid,
        account_id uuid,
        channel_id uuid,
        ordered_on integer NOT NULL,
        cancelled integer NOT NULL,
        net bigint,
        tax bigint,
        other bigint,
        gross bigint,
        row_hash bigint NOT NULL,
        PRIMARY KEY (organization_id, id, slot),
        UNIQUE (organization_id, external_id, slot)
    ){clustered}",
    // Belongs to the version of the order of the same slot and is there exactly when that one is.
    "CREATE TABLE order_line (
        organization_id uuid NOT NULL,
        order_id uuid NOT NULL,
        slot integer NOT NULL,
        number integer NOT NULL,
        product_id uuid,
        quantity bigint,
        amount bigint,
        PRIMARY KEY (organization_id, order_id, slot, number)
    ){clustered}",
    // Of exactly one unit, product or customer; `subject_id` is its id, so that one key serves all three.
    "CREATE TABLE potential (
        organization_id uuid NOT NULL REFERENCES organization (id),
        id uuid NOT NULL,
        subject text NOT NULL,
        subject_id uuid NOT NULL,
        starts_on integer NOT NULL,
        ends_on integer NOT NULL,
        amount bigint NOT NULL,
        source text NOT NULL,
        noted_on integer NOT NULL,
        import_id uuid,
        PRIMARY KEY (organization_id, id),
        UNIQUE (organization_id, subject, subject_id, starts_on, ends_on, source)
    )",
    "CREATE INDEX potential_days ON potential (organization_id, starts_on)",
    // Money a month, or a rating: one of the two.
    "CREATE TABLE capability (
        organization_id uuid NOT NULL REFERENCES organization (id),
        id uuid NOT NULL,
        subject text NOT NULL,
        subject_id uuid NOT NULL,
        starts_on integer NOT NULL,
        kind text NOT NULL,
        figure bigint NOT NULL,
        assessed_by text NOT NULL,
        import_id uuid,
        PRIMARY KEY (organization_id, id),
        UNIQUE (organization_id, subject, subject_id, starts_on, kind, assessed_by)
    )",
    "CREATE INDEX potential_import ON potential (organization_id, import_id)",
    "CREATE INDEX capability_import ON capability (organization_id, import_id)",
];
