//! The organization, its people, who may sign in, and the two logs every change is written to.
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
        "m0001_people"
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
const UP: [&str; 22] = [
    "CREATE TABLE organization (
        id uuid NOT NULL PRIMARY KEY,
        name text NOT NULL,
        currency text NOT NULL,
        decimals integer NOT NULL,
        zone text NOT NULL,
        fiscal_start_month integer NOT NULL,
        language text NOT NULL,
        business_date integer,
        working_calendar text NOT NULL,
        demo integer NOT NULL,
        created_at_ms bigint NOT NULL
    )",
    // The last numbers of the two logs: one row, so that a transaction that writes to either holds the place of both
    // until it ends, and numbers become visible in their order.
    "CREATE TABLE log_head (
        organization_id uuid NOT NULL PRIMARY KEY REFERENCES organization (id),
        audit_seq bigint NOT NULL,
        outbox_seq bigint NOT NULL
    )",
    "CREATE TABLE audit (
        organization_id uuid NOT NULL REFERENCES organization (id),
        seq bigint NOT NULL,
        at_ms bigint NOT NULL,
        actor_kind text NOT NULL,
        actor_id uuid,
        actor_name text NOT NULL,
        verb text NOT NULL,
        subject text NOT NULL,
        detail text NOT NULL,
        chain bytea,
        PRIMARY KEY (organization_id, seq)
    )",
    "CREATE TABLE outbox (
        organization_id uuid NOT NULL REFERENCES organization (id),
        seq bigint NOT NULL,
        at_ms bigint NOT NULL,
        event text NOT NULL,
        PRIMARY KEY (organization_id, seq)
    )",
    "CREATE TABLE member (
        organization_id uuid NOT NULL REFERENCES organization (id),
        id uuid NOT NULL,
        external_id text,
        name text NOT NULL,
        pinyin text NOT NULL,
        email text,
        hired_on integer,
        left_on integer,
        import_id uuid,
        demo integer NOT NULL,
        PRIMARY KEY (organization_id, id),
        UNIQUE (organization_id, external_id)
    )",
    "CREATE INDEX member_name ON member (organization_id, name)",
    "CREATE INDEX member_import ON member (organization_id, import_id)",
    "CREATE TABLE unit (
        organization_id uuid NOT NULL REFERENCES organization (id),
        id uuid NOT NULL,
        parent_id uuid,
        level text NOT NULL,
        name text NOT NULL,
        code text,
        pinyin text NOT NULL,
        manager_member_id uuid,
        starts_on integer NOT NULL,
        ends_on integer,
        import_id uuid,
        demo integer NOT NULL,
        PRIMARY KEY (organization_id, id),
        FOREIGN KEY (organization_id, parent_id) REFERENCES unit (organization_id, id),
        FOREIGN KEY (organization_id, manager_member_id) REFERENCES member (organization_id, id)
    )",
    "CREATE INDEX unit_parent ON unit (organization_id, parent_id)",
    "CREATE INDEX unit_manager ON unit (organization_id, manager_member_id)",
    "CREATE TABLE assignment (
        organization_id uuid NOT NULL REFERENCES organization (id),
        id uuid NOT NULL,
        member_id uuid NOT NULL,
        unit_id uuid NOT NULL,
        share_ppm integer NOT NULL,
        starts_on integer NOT NULL,
        ends_on integer,
        PRIMARY KEY (organization_id, id),
        FOREIGN KEY (organization_id, member_id) REFERENCES member (organization_id, id),
        FOREIGN KEY (organization_id, unit_id) REFERENCES unit (organization_id, id)
    )",
    "CREATE INDEX assignment_member ON assignment (organization_id, member_id, starts_on)",
    "CREATE INDEX assignment_unit ON assignment (organization_id, unit_id, starts_on)",
    "CREATE TABLE \"user\" (
        organization_id uuid NOT NULL REFERENCES organization (id),
        id uuid NOT NULL,
        email text NOT NULL,
        name text NOT NULL,
        role text NOT NULL,
        member_id uuid,
        password_hash text,
        disabled_at_ms bigint,
        language text,
        demo integer NOT NULL,
        created_at_ms bigint NOT NULL,
        PRIMARY KEY (organization_id, id),
        UNIQUE (organization_id, email),
        FOREIGN KEY (organization_id, member_id) REFERENCES member (organization_id, id)
    )",
    "CREATE INDEX user_member ON \"user\" (organization_id, member_id)",
    "CREATE TABLE session (
        organization_id uuid NOT NULL REFERENCES organization (id),
        token_hash bytea NOT NULL,
        user_id uuid NOT NULL,
        created_at_ms bigint NOT NULL,
        seen_at_ms bigint NOT NULL,
        expires_at_ms bigint NOT NULL,
        PRIMARY KEY (organization_id, token_hash),
        FOREIGN KEY (organization_id, user_id) REFERENCES \"user\" (organization_id, id)
    )",
    "CREATE INDEX session_of_user ON session (organization_id, user_id)",
    "CREATE TABLE token (
        organization_id uuid NOT NULL REFERENCES organization (id),
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        name text NOT NULL,
        hash bytea NOT NULL,
        scopes text NOT NULL,
        created_at_ms bigint NOT NULL,
        revoked_at_ms bigint,
        PRIMARY KEY (organization_id, id),
        UNIQUE (organization_id, hash),
        FOREIGN KEY (organization_id, user_id) REFERENCES \"user\" (organization_id, id)
    )",
    "CREATE INDEX token_of_user ON token (organization_id, user_id)",
    // Tries to sign in by the hash of the name typed, whether or not there is such a user: both look alike.
    "CREATE TABLE sign_in_attempt (
        organization_id uuid NOT NULL REFERENCES organization (id),
        name_hash bytea NOT NULL,
        failed_count integer NOT NULL,
        retry_after_ms bigint NOT NULL,
        tried_at_ms bigint NOT NULL,
        PRIMARY KEY (organization_id, name_hash)
    )",
    "CREATE INDEX sign_in_attempt_tried ON sign_in_attempt (organization_id, tried_at_ms)",
    // Exists before any organization does; the only table without its id.
    "CREATE TABLE set_up_link (
        hash bytea NOT NULL PRIMARY KEY,
        expires_at_ms bigint NOT NULL
    )",
];
