//! Dynamic adjustment: the rules that call for a revision of a published plan, and the revisions themselves.

use sea_orm_migration::prelude::{
    ConnectionTrait, DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait,
};

/// See the module.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0013_revision"
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

const UP: [&str; 4] = [
    "CREATE TABLE revision_rule (
        organization_id uuid NOT NULL REFERENCES organization (id),
        kind text NOT NULL,
        enabled integer NOT NULL,
        threshold_ppm integer NOT NULL,
        PRIMARY KEY (organization_id, kind)
    )",
    // Of a published version; `draft_id` once it is opened. A cause proposes once: its key stays also when it is put aside.
    "CREATE TABLE revision (
        organization_id uuid NOT NULL,
        id uuid NOT NULL,
        version_id uuid NOT NULL,
        draft_id uuid,
        cause text NOT NULL,
        cause_key text,
        state text NOT NULL,
        reason text,
        begins_on integer,
        at_ms bigint NOT NULL,
        by_name text NOT NULL,
        PRIMARY KEY (organization_id, id),
        UNIQUE (organization_id, cause_key),
        FOREIGN KEY (organization_id, version_id) REFERENCES version (organization_id, id) ON DELETE CASCADE,
        FOREIGN KEY (organization_id, draft_id) REFERENCES version (organization_id, id) ON DELETE CASCADE
    )",
    "CREATE INDEX revision_version ON revision (organization_id, version_id)",
    "CREATE INDEX revision_draft ON revision (organization_id, draft_id)",
];
