use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "cell")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub version_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub node_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub period_starts_on: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub level: String,
    pub period_ends_on: i32,
    pub amount: i64,
    pub hedge: i64,
}

impl ActiveModelBehavior for ActiveModel {}
