pub mod version {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "version")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub organization_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub plan_id: Uuid,
        pub number: i32,
        pub name: String,
        pub status: String,
        pub parent_version_id: Option<Uuid>,
        pub head_seq: i64,
        pub head_hash: Vec<u8>,
        pub cells_seq: Option<i64>,
        pub hash: Option<Vec<u8>>,
        pub published_at_ms: Option<i64>,
        pub published_by: Option<String>,
        pub archived_at_ms: Option<i64>,
        pub created_at_ms: i64,
        pub created_by: String,
        pub publisher_id: Option<Uuid>,
        pub in_review: i32,
        pub shelved_at_ms: Option<i64>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod node {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "plan_node")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub organization_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub version_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub ordinal: i32,
        pub parent_id: Option<Uuid>,
        pub kind: String,
        pub ref_id: Uuid,
        pub level: String,
        pub name: String,
        pub carrier_id: Option<Uuid>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod snapshot {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "plan_snapshot")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub organization_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub version_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i64,
        pub engine: String,
        pub blob: Vec<u8>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod command {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "plan_command")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub organization_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub version_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i64,
        pub at_ms: i64,
        pub actor_id: Option<Uuid>,
        pub actor_name: String,
        pub kind: String,
        pub of_seq: Option<i64>,
        pub command: String,
        pub deltas: Vec<u8>,
        pub engine: String,
        pub prev_hash: Vec<u8>,
        pub hash: Vec<u8>,
        pub command_key: Option<Uuid>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod basis {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "plan_basis")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub organization_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub version_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub basis: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub node_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub period: i32,
        pub weight: i64,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
