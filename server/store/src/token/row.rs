use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "token")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    pub name: String,
    pub hash: Vec<u8>,
    pub scopes: String,
    pub created_at_ms: i64,
    pub revoked_at_ms: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
