use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub email: String,
    pub name: String,
    pub role: String,
    pub member_id: Option<Uuid>,
    pub password_hash: Option<String>,
    pub disabled_at_ms: Option<i64>,
    pub language: Option<String>,
    pub demo: i32,
    pub created_at_ms: i64,
    pub mail: i32,
}

impl ActiveModelBehavior for ActiveModel {}
