//! Jobs that are done after the change that asked for them, and notices: what people are told, and how it was brought to them.
//!
//! One text serves both databases: SQLite takes the type names for its affinities and keeps a UUID as 16 bytes.

use sea_orm_migration::prelude::{
    ConnectionTrait, DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait,
};

/// See the module.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0005_notice"
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
const UP: [&str; 10] = [
    // A key holds as long as its job is kept. Who runs a job holds it until `lease_until_ms`.
    "CREATE TABLE job (
        organization_id uuid NOT NULL REFERENCES organization (id),
        id uuid NOT NULL,
        kind text NOT NULL,
        payload text NOT NULL,
        dedup_key text,
        state text NOT NULL,
        run_at_ms bigint NOT NULL,
        attempts integer NOT NULL,
        lease_until_ms bigint,
        reference text,
        created_at_ms bigint NOT NULL,
        ended_at_ms bigint,
        PRIMARY KEY (organization_id, id),
        UNIQUE (organization_id, dedup_key)
    )",
    "CREATE INDEX job_due ON job (organization_id, state, run_at_ms)",
    "CREATE TABLE notice (
        organization_id uuid NOT NULL REFERENCES organization (id),
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        notice text NOT NULL,
        created_at_ms bigint NOT NULL,
        read_at_ms bigint,
        PRIMARY KEY (organization_id, id),
        FOREIGN KEY (organization_id, user_id) REFERENCES \"user\" (organization_id, id)
    )",
    "CREATE INDEX notice_of_user ON notice (organization_id, user_id, created_at_ms)",
    // Counted for every page.
    "CREATE INDEX notice_unread ON notice (organization_id, user_id) WHERE read_at_ms IS NULL",
    "CREATE TABLE delivery (
        organization_id uuid NOT NULL,
        notice_id uuid NOT NULL,
        channel text NOT NULL,
        state text NOT NULL,
        attempts integer NOT NULL,
        sent_at_ms bigint,
        PRIMARY KEY (organization_id, notice_id, channel),
        FOREIGN KEY (organization_id, notice_id) REFERENCES notice (organization_id, id)
    )",
    // Whether a person wants mails.
    "ALTER TABLE \"user\" ADD COLUMN mail integer NOT NULL DEFAULT 1",
    // Whom to tell that a number is countered, and that an import failed whose process is gone: names are not enough.
    "ALTER TABLE version ADD COLUMN publisher_id uuid",
    "ALTER TABLE import ADD COLUMN actor_id uuid",
    "CREATE INDEX notice_created ON notice (organization_id, created_at_ms)",
];
