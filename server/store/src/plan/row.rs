pub mod plan {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "plan")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub organization_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub metric_key: String,
        pub name: String,
        pub starts_on: i32,
        pub ends_on: i32,
        pub period_kind: String,
        pub import_id: Option<Uuid>,
        pub demo: i32,
        pub created_at_ms: i64,
        pub created_by: String,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod period {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "plan_period")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub organization_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub plan_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub ordinal: i32,
        pub name: String,
        pub starts_on: i32,
        pub ends_on: i32,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
