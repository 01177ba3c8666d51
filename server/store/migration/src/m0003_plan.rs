//! Plans: versions with their nodes, the log every change of a draft is written to, published cells, confirmations.
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
        "m0003_plan"
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
const UP: [&str; 16] = [
    "CREATE TABLE plan (
        organization_id uuid NOT NULL REFERENCES organization (id),
        id uuid NOT NULL,
        metric_key text NOT NULL,
        name text NOT NULL,
        starts_on integer NOT NULL,
        ends_on integer NOT NULL,
        period_kind text NOT NULL,
        import_id uuid,
        demo integer NOT NULL,
        created_at_ms bigint NOT NULL,
        created_by text NOT NULL,
        PRIMARY KEY (organization_id, id)
    )",
    "CREATE INDEX plan_metric ON plan (organization_id, metric_key, starts_on)",
    // The plan's columns as they were when it was made: a later change of the fiscal year does not move them.
    "CREATE TABLE plan_period (
        organization_id uuid NOT NULL,
        plan_id uuid NOT NULL,
        ordinal integer NOT NULL,
        name text NOT NULL,
        starts_on integer NOT NULL,
        ends_on integer NOT NULL,
        PRIMARY KEY (organization_id, plan_id, ordinal),
        FOREIGN KEY (organization_id, plan_id) REFERENCES plan (organization_id, id)
    )",
    "CREATE TABLE version (
        organization_id uuid NOT NULL,
        id uuid NOT NULL,
        plan_id uuid NOT NULL,
        number integer NOT NULL,
        name text NOT NULL,
        status text NOT NULL,
        parent_version_id uuid,
        head_seq bigint NOT NULL,
        head_hash bytea NOT NULL,
        cells_seq bigint,
        hash bytea,
        published_at_ms bigint,
        published_by text,
        archived_at_ms bigint,
        created_at_ms bigint NOT NULL,
        created_by text NOT NULL,
        PRIMARY KEY (organization_id, id),
        UNIQUE (organization_id, plan_id, number),
        FOREIGN KEY (organization_id, plan_id) REFERENCES plan (organization_id, id),
        FOREIGN KEY (organization_id, parent_version_id) REFERENCES version (organization_id, id)
    )",
    "CREATE INDEX version_parent ON version (organization_id, parent_version_id)",
    // The tree as it was when the version was made; `ordinal` is the place in the packed arrays. `ref_id` is a unit or a
    // member by `kind`, so there is no foreign key to either.
    "CREATE TABLE plan_node (
        organization_id uuid NOT NULL,
        version_id uuid NOT NULL,
        ordinal integer NOT NULL,
        id uuid NOT NULL,
        parent_id uuid,
        kind text NOT NULL,
        ref_id uuid NOT NULL,
        level text NOT NULL,
        name text NOT NULL,
        carrier_id uuid,
        PRIMARY KEY (organization_id, version_id, id),
        UNIQUE (organization_id, version_id, ordinal),
        FOREIGN KEY (organization_id, version_id) REFERENCES version (organization_id, id)
    )",
    "CREATE INDEX plan_node_ref ON plan_node (organization_id, ref_id, version_id)",
    "CREATE INDEX plan_node_carrier ON plan_node (organization_id, carrier_id, version_id)",
    "CREATE TABLE plan_snapshot (
        organization_id uuid NOT NULL,
        version_id uuid NOT NULL,
        seq bigint NOT NULL,
        engine text NOT NULL,
        blob bytea NOT NULL,
        PRIMARY KEY (organization_id, version_id, seq),
        FOREIGN KEY (organization_id, version_id) REFERENCES version (organization_id, id)
    )",
    // Only ever added to. `of_seq` is the command that an undo or a redo is about.
    "CREATE TABLE plan_command (
        organization_id uuid NOT NULL,
        version_id uuid NOT NULL,
        seq bigint NOT NULL,
        at_ms bigint NOT NULL,
        actor_id uuid,
        actor_name text NOT NULL,
        kind text NOT NULL,
        of_seq bigint,
        command text NOT NULL,
        deltas bytea NOT NULL,
        engine text NOT NULL,
        prev_hash bytea NOT NULL,
        hash bytea NOT NULL,
        PRIMARY KEY (organization_id, version_id, seq),
        FOREIGN KEY (organization_id, version_id) REFERENCES version (organization_id, id)
    )",
    // Weights are quantised once on the server; `period` is the ordinal of a period, -1 for the whole plan.
    "CREATE TABLE plan_basis (
        organization_id uuid NOT NULL,
        version_id uuid NOT NULL,
        basis text NOT NULL,
        node_id uuid NOT NULL,
        period integer NOT NULL,
        weight bigint NOT NULL,
        PRIMARY KEY (organization_id, version_id, basis, node_id, period),
        FOREIGN KEY (organization_id, version_id, node_id) REFERENCES plan_node (organization_id, version_id, id)
    )",
    "CREATE TABLE cell (
        organization_id uuid NOT NULL,
        version_id uuid NOT NULL,
        node_id uuid NOT NULL,
        period_starts_on integer NOT NULL,
        level text NOT NULL,
        period_ends_on integer NOT NULL,
        amount bigint NOT NULL,
        hedge bigint NOT NULL,
        PRIMARY KEY (organization_id, version_id, node_id, period_starts_on, level),
        FOREIGN KEY (organization_id, version_id, node_id) REFERENCES plan_node (organization_id, version_id, id)
    )",
    // Which published version is the plan of record of a metric for a period, from when to when.
    "CREATE TABLE plan_record (
        organization_id uuid NOT NULL,
        metric_key text NOT NULL,
        version_id uuid NOT NULL,
        starts_on integer NOT NULL,
        ends_on integer NOT NULL,
        from_ms bigint NOT NULL,
        until_ms bigint,
        superseded_by uuid,
        PRIMARY KEY (organization_id, metric_key, version_id, starts_on),
        FOREIGN KEY (organization_id, version_id) REFERENCES version (organization_id, id),
        FOREIGN KEY (organization_id, superseded_by) REFERENCES version (organization_id, id)
    )",
    "CREATE INDEX plan_record_version ON plan_record (organization_id, version_id)",
    "CREATE INDEX plan_record_superseded ON plan_record (organization_id, superseded_by)",
    // Only ever added to: the last line of a node counts, while its hash is that of the number.
    "CREATE TABLE acknowledgement (
        organization_id uuid NOT NULL,
        version_id uuid NOT NULL,
        node_id uuid NOT NULL,
        seq integer NOT NULL,
        hash bytea NOT NULL,
        state text NOT NULL,
        comment text,
        member_id uuid NOT NULL,
        user_id uuid,
        user_name text NOT NULL,
        at_ms bigint NOT NULL,
        PRIMARY KEY (organization_id, version_id, node_id, seq),
        FOREIGN KEY (organization_id, version_id, node_id) REFERENCES plan_node (organization_id, version_id, id),
        FOREIGN KEY (organization_id, member_id) REFERENCES member (organization_id, id)
    )",
];
