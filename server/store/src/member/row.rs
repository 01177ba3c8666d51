use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "member")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub external_id: Option<String>,
    pub name: String,
    pub pinyin: String,
    pub email: Option<String>,
    pub hired_on: Option<i32>,
    pub left_on: Option<i32>,
    pub import_id: Option<Uuid>,
    pub demo: i32,
}

impl ActiveModelBehavior for ActiveModel {}
