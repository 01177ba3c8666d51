//! What was sold: references (products, accounts …), opportunities with their stage events and credits, the roll-ups read
//! by dashboards, and the imports that write them.
//!
//! One text serves both databases: SQLite takes the type names for its affinities and keeps a UUID as 16 bytes.
//!
//! An import writes facts under a number of its own, its slot. A row is there from its `slot` on until its `gone` (0: still
//! there); while a slot is listed in `open_slot` nobody sees what it wrote or took away, so an import becomes visible at
//! once when that row is deleted, and an undo is an import that takes away. Facts carry no foreign keys: the
//! references of an import become visible in its last transaction, after its facts, and four look-ups a row would double
//! the cost of a million rows; the catalogue of ids is checked when rows are resolved.

use sea_orm_migration::prelude::{
    ConnectionTrait, DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait,
};
use sea_orm_migration::sea_orm::DbBackend;

/// See the module.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0002_facts"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Rows live in their primary key: half the trees to write for tables of millions of rows.
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

/// Tables after those they refer to; each followed by its indexes.
const UP: [&str; 21] = [
    "CREATE TABLE metric (
        organization_id uuid NOT NULL REFERENCES organization (id),
        id uuid NOT NULL,
        key text NOT NULL,
        generation integer NOT NULL,
        created_at_ms bigint NOT NULL,
        PRIMARY KEY (organization_id, id),
        UNIQUE (organization_id, key)
    )",
    "CREATE TABLE import (
        organization_id uuid NOT NULL REFERENCES organization (id),
        id uuid NOT NULL,
        slot integer NOT NULL,
        origin text NOT NULL,
        status text NOT NULL,
        request text NOT NULL,
        report text NOT NULL,
        rows_read bigint NOT NULL,
        rows_total bigint NOT NULL,
        undoes_id uuid,
        undone integer NOT NULL,
        actor_name text NOT NULL,
        created_at_ms bigint NOT NULL,
        beat_at_ms bigint NOT NULL,
        ended_at_ms bigint,
        PRIMARY KEY (organization_id, id),
        UNIQUE (organization_id, slot)
    )",
    // At most one import of an organization writes at a time: the key is the organization alone.
    "CREATE TABLE open_slot (
        organization_id uuid NOT NULL REFERENCES organization (id),
        slot integer NOT NULL,
        import_id uuid NOT NULL,
        PRIMARY KEY (organization_id),
        FOREIGN KEY (organization_id, import_id) REFERENCES import (organization_id, id)
    )",
    // Rows that were not taken over, for the page and the error file.
    "CREATE TABLE import_row (
        organization_id uuid NOT NULL,
        import_id uuid NOT NULL,
        file integer NOT NULL,
        row_number bigint NOT NULL,
        cells text NOT NULL,
        problems text NOT NULL,
        PRIMARY KEY (organization_id, import_id, file, row_number),
        FOREIGN KEY (organization_id, import_id) REFERENCES import (organization_id, id)
    )",
    // What an import did to references and which facts of others it changed: what its undo needs.
    "CREATE TABLE import_undo (
        organization_id uuid NOT NULL,
        import_id uuid NOT NULL,
        seq bigint NOT NULL,
        noun text NOT NULL,
        id uuid NOT NULL,
        before text,
        PRIMARY KEY (organization_id, import_id, seq),
        FOREIGN KEY (organization_id, import_id) REFERENCES import (organization_id, id)
    )",
    "CREATE TABLE alias (
        organization_id uuid NOT NULL REFERENCES organization (id),
        noun text NOT NULL,
        folded text NOT NULL,
        target_id uuid NOT NULL,
        import_id uuid,
        PRIMARY KEY (organization_id, noun, folded)
    )",
    "CREATE TABLE category (
        organization_id uuid NOT NULL REFERENCES organization (id),
        id uuid NOT NULL,
        name text NOT NULL,
        pinyin text NOT NULL,
        import_id uuid,
        PRIMARY KEY (organization_id, id),
        UNIQUE (organization_id, name)
    )",
    "CREATE INDEX category_import ON category (organization_id, import_id)",
    "CREATE TABLE product (
        organization_id uuid NOT NULL REFERENCES organization (id),
        id uuid NOT NULL,
        name text NOT NULL,
        pinyin text NOT NULL,
        sku text,
        category_id uuid,
        list_price bigint,
        import_id uuid,
        PRIMARY KEY (organization_id, id),
        UNIQUE (organization_id, name),
        FOREIGN KEY (organization_id, category_id) REFERENCES category (organization_id, id)
    )",
    "CREATE INDEX product_category ON product (organization_id, category_id)",
    "CREATE INDEX product_import ON product (organization_id, import_id)",
    "CREATE TABLE account (
        organization_id uuid NOT NULL REFERENCES organization (id),
        id uuid NOT NULL,
        external_id text,
        name text NOT NULL,
        pinyin text NOT NULL,
        industry text,
        region text,
        parent_name text,
        import_id uuid,
        PRIMARY KEY (organization_id, id),
        UNIQUE (organization_id, name)
    )",
    "CREATE INDEX account_import ON account (organization_id, import_id)",
    "CREATE TABLE channel (
        organization_id uuid NOT NULL REFERENCES organization (id),
        id uuid NOT NULL,
        name text NOT NULL,
        pinyin text NOT NULL,
        import_id uuid,
        PRIMARY KEY (organization_id, id),
        UNIQUE (organization_id, name)
    )",
    "CREATE INDEX channel_import ON channel (organization_id, import_id)",
    "CREATE TABLE opportunity (
        organization_id uuid NOT NULL,
        id uuid NOT NULL,
        slot integer NOT NULL,
        gone integer NOT NULL,
        external_id text NOT NULL,
        name text,
        member_id uuid NOT NULL,
        account_id uuid,
        product_id uuid,
        channel_id uuid,
        status text NOT NULL,
        stage text NOT NULL,
        created_on integer,
        closed_on integer,
        amount bigint,
        probability integer,
        row_hash bigint NOT NULL,
        PRIMARY KEY (organization_id, id, slot),
        UNIQUE (organization_id, external_id, slot)
    ){clustered}",
    // Belongs to the version of the opportunity of the same slot and is there exactly when that one is.
    "CREATE TABLE stage_event (
        organization_id uuid NOT NULL,
        opportunity_id uuid NOT NULL,
        slot integer NOT NULL,
        seq integer NOT NULL,
        stage text NOT NULL,
        day integer NOT NULL,
        PRIMARY KEY (organization_id, opportunity_id, slot, seq)
    ){clustered}",
    "CREATE TABLE credit (
        organization_id uuid NOT NULL,
        fact_id uuid NOT NULL,
        metric_id uuid NOT NULL,
        slot integer NOT NULL,
        part integer NOT NULL,
        gone integer NOT NULL,
        kind text NOT NULL,
        member_id uuid NOT NULL,
        unit_id uuid NOT NULL,
        day integer NOT NULL,
        amount bigint NOT NULL,
        count integer NOT NULL,
        PRIMARY KEY (organization_id, fact_id, metric_id, slot, part)
    ){clustered}",
    "CREATE INDEX credit_day ON credit (organization_id, metric_id, day, member_id)",
    "CREATE TABLE rollup_day (
        organization_id uuid NOT NULL,
        metric_id uuid NOT NULL,
        generation integer NOT NULL,
        day integer NOT NULL,
        member_id uuid NOT NULL,
        unit_id uuid NOT NULL,
        slot integer NOT NULL,
        amount bigint NOT NULL,
        count bigint NOT NULL,
        PRIMARY KEY (organization_id, metric_id, generation, day, member_id, unit_id, slot)
    ){clustered}",
    // `period` is the first day of a period of the finest calendar (month); `key` is the nil id where a fact has none.
    "CREATE TABLE rollup_period (
        organization_id uuid NOT NULL,
        metric_id uuid NOT NULL,
        generation integer NOT NULL,
        dimension text NOT NULL,
        period integer NOT NULL,
        key uuid NOT NULL,
        slot integer NOT NULL,
        amount bigint NOT NULL,
        count bigint NOT NULL,
        PRIMARY KEY (organization_id, metric_id, generation, dimension, period, key, slot)
    ){clustered}",
];
