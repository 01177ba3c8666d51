use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "unit")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub parent_id: Option<Uuid>,
    pub level: String,
    pub name: String,
    pub code: Option<String>,
    pub pinyin: String,
    pub manager_member_id: Option<Uuid>,
    pub starts_on: i32,
    pub ends_on: Option<i32>,
    pub import_id: Option<Uuid>,
    pub demo: i32,
}

impl ActiveModelBehavior for ActiveModel {}
