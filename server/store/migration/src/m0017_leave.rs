//! The calendar of a member: days on which they are away.

use sea_orm_migration::prelude::{
    ConnectionTrait, DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait,
};

/// See the module.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0017_leave"
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

const UP: [&str; 2] = [
    // `ends_on` is the first day they are back. What is known of a member goes with the member.
    "CREATE TABLE leave (
        organization_id uuid NOT NULL,
        id uuid NOT NULL,
        member_id uuid NOT NULL,
        starts_on integer NOT NULL,
        ends_on integer NOT NULL,
        kind text NOT NULL,
        note text NOT NULL,
        PRIMARY KEY (organization_id, id),
        FOREIGN KEY (organization_id, member_id) REFERENCES member (organization_id, id) ON DELETE CASCADE
    )",
    "CREATE INDEX leave_member ON leave (organization_id, member_id, starts_on)",
];
