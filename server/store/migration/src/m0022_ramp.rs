//! The ramp of an organization's beginners.

use sea_orm_migration::prelude::{
    ConnectionTrait, DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait,
};

/// See the module.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0022_ramp"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared(UP).await?;
        Ok(())
    }
}

/// An organization without a row has the usual ramp; `month` counts from zero.
const UP: &str = "CREATE TABLE ramp_step (
        organization_id uuid NOT NULL REFERENCES organization (id),
        month integer NOT NULL,
        ppm integer NOT NULL,
        PRIMARY KEY (organization_id, month)
    )";
