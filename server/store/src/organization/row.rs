use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organization")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub currency: String,
    pub decimals: i32,
    pub zone: String,
    pub fiscal_start_month: i32,
    pub language: String,
    pub business_date: Option<i32>,
    pub working_calendar: String,
    pub bookings_from: String,
    pub order_amount: String,
    pub demo: i32,
    pub created_at_ms: i64,
}

impl ActiveModelBehavior for ActiveModel {}
