//! Approval: the chain a version passes before it is published, what was handed in and decided, what is said of numbers,
//! and what of a version somebody has seen.

use sea_orm_migration::prelude::{
    ConnectionTrait, DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait,
};

/// See the module.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0012_approval"
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

/// Tables after those they refer to; each followed by its indexes. What belongs to a version goes with it.
const UP: [&str; 9] = [
    // A draft that is closed while it is looked at; a column beside the status, which the triggers of what is frozen watch.
    "ALTER TABLE version ADD COLUMN in_review integer NOT NULL DEFAULT 0",
    // Without a row the organization never chose, and the usual chain holds.
    "CREATE TABLE approval_chain (
        organization_id uuid NOT NULL REFERENCES organization (id),
        steps text NOT NULL,
        changed_at_ms bigint NOT NULL,
        changed_by text NOT NULL,
        PRIMARY KEY (organization_id)
    )",
    // The steps are those of the day it was handed in.
    "CREATE TABLE submission (
        organization_id uuid NOT NULL,
        id uuid NOT NULL,
        version_id uuid NOT NULL,
        head_seq bigint NOT NULL,
        steps text NOT NULL,
        note text,
        state text NOT NULL,
        user_id uuid,
        user_name text NOT NULL,
        at_ms bigint NOT NULL,
        ended_at_ms bigint,
        PRIMARY KEY (organization_id, id),
        FOREIGN KEY (organization_id, version_id) REFERENCES version (organization_id, id) ON DELETE CASCADE
    )",
    "CREATE INDEX submission_version ON submission (organization_id, version_id)",
    // Only ever added to.
    "CREATE TABLE decision (
        organization_id uuid NOT NULL,
        submission_id uuid NOT NULL,
        seq integer NOT NULL,
        step integer NOT NULL,
        verdict text NOT NULL,
        note text,
        user_id uuid,
        user_name text NOT NULL,
        at_ms bigint NOT NULL,
        PRIMARY KEY (organization_id, submission_id, seq),
        FOREIGN KEY (organization_id, submission_id) REFERENCES submission (organization_id, id) ON DELETE CASCADE
    )",
    // `node_id` none: of the plan as a whole; `period` none: of the total. The first remark of a thread bears its id.
    "CREATE TABLE remark (
        organization_id uuid NOT NULL,
        id uuid NOT NULL,
        version_id uuid NOT NULL,
        thread_id uuid NOT NULL,
        node_id uuid,
        period integer,
        text text NOT NULL,
        user_id uuid,
        user_name text NOT NULL,
        at_ms bigint NOT NULL,
        resolved_at_ms bigint,
        resolved_by text,
        PRIMARY KEY (organization_id, id),
        FOREIGN KEY (organization_id, version_id) REFERENCES version (organization_id, id) ON DELETE CASCADE
    )",
    "CREATE INDEX remark_version ON remark (organization_id, version_id)",
    "CREATE TABLE last_look (
        organization_id uuid NOT NULL,
        version_id uuid NOT NULL,
        user_id uuid NOT NULL,
        head_seq bigint NOT NULL,
        at_ms bigint NOT NULL,
        PRIMARY KEY (organization_id, version_id, user_id),
        FOREIGN KEY (organization_id, version_id) REFERENCES version (organization_id, id) ON DELETE CASCADE
    )",
    "CREATE INDEX last_look_user ON last_look (organization_id, user_id)",
];
