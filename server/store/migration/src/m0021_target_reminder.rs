//! Who was reminded of a number they have not confirmed, and on which day.

use sea_orm_migration::prelude::{
    ConnectionTrait, DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait,
};

/// See the module.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0021_target_reminder"
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
    // The key is what keeps somebody from being reminded twice on a day: of a plan, not of a version, because two versions of
    // one plan may be on record at once, for different periods.
    "CREATE TABLE target_reminder (
        organization_id uuid NOT NULL,
        plan_id uuid NOT NULL,
        member_id uuid NOT NULL,
        reminded_on integer NOT NULL,
        version_id uuid NOT NULL,
        PRIMARY KEY (organization_id, plan_id, member_id, reminded_on),
        FOREIGN KEY (organization_id, version_id) REFERENCES version (organization_id, id) ON DELETE CASCADE,
        FOREIGN KEY (organization_id, member_id) REFERENCES member (organization_id, id) ON DELETE CASCADE
    )",
    "CREATE INDEX target_reminder_of_version ON target_reminder (organization_id, version_id)",
    "CREATE INDEX target_reminder_of_member ON target_reminder (organization_id, member_id)",
];
