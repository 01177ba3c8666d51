//! A change of a plan bears the key its sender gave it: sent again, because the answer was lost, it is not done twice.

use sea_orm_migration::prelude::{
    ConnectionTrait, DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait,
};

/// See the module.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0018_command_key"
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

/// Commands without a key, of programs and of before, are as many as one likes: a unique index lets them be.
const UP: [&str; 2] = [
    "ALTER TABLE plan_command ADD COLUMN command_key uuid",
    "CREATE UNIQUE INDEX plan_command_key ON plan_command (organization_id, version_id, command_key)",
];
