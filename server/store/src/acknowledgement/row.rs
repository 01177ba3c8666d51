use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "acknowledgement")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub version_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub node_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i32,
    pub hash: Vec<u8>,
    pub state: String,
    pub comment: Option<String>,
    pub member_id: Uuid,
    pub user_id: Option<Uuid>,
    pub user_name: String,
    pub at_ms: i64,
    pub fair: Option<i32>,
    pub fair_reason: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
