//! Levels, lines and purpose of a target, which hang on its set of assumptions; and drafts that are put away.

use sea_orm_migration::prelude::{
    ConnectionTrait, DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait,
};
use sea_orm_migration::sea_orm::DbBackend;

/// See the module.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0011_scenario"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in UP {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        let frozen = match manager.get_database_backend() {
            DbBackend::Sqlite => sqlite(),
            _ => postgres(),
        };
        for statement in frozen {
            manager.get_connection().execute_unprepared(&statement).await?;
        }
        Ok(())
    }
}

const UP: [&str; 4] = [
    // A level of the whole: `kind` is ratio (millionths of the target) or amount (minor units).
    "CREATE TABLE target_level (
        organization_id uuid NOT NULL,
        set_id uuid NOT NULL,
        level text NOT NULL,
        kind text NOT NULL,
        figure bigint NOT NULL,
        PRIMARY KEY (organization_id, set_id, level),
        FOREIGN KEY (organization_id, set_id) REFERENCES assumption_set (organization_id, id) ON DELETE CASCADE
    )",
    // A line as it was decided, of the total there was then. `line_key` is the id of a product, category, channel or account,
    // empty for what has none, or the rest.
    "CREATE TABLE target_line (
        organization_id uuid NOT NULL,
        set_id uuid NOT NULL,
        line_by text NOT NULL,
        line_key text NOT NULL,
        ordinal integer NOT NULL,
        name text NOT NULL,
        history bigint NOT NULL,
        amount bigint NOT NULL,
        locked integer NOT NULL,
        PRIMARY KEY (organization_id, set_id, line_by, line_key),
        FOREIGN KEY (organization_id, set_id) REFERENCES assumption_set (organization_id, id) ON DELETE CASCADE
    )",
    // What a target serves.
    "CREATE TABLE target_purpose (
        organization_id uuid NOT NULL,
        set_id uuid NOT NULL,
        name text NOT NULL,
        asks bigint,
        PRIMARY KEY (organization_id, set_id),
        FOREIGN KEY (organization_id, set_id) REFERENCES assumption_set (organization_id, id) ON DELETE CASCADE
    )",
    // A draft that is put away stays a draft; it can be taken out again.
    "ALTER TABLE version ADD COLUMN shelved_at_ms bigint",
];

/// Nothing of them changes once the version was on record.
const FROZEN: [&str; 3] = ["target_level", "target_line", "target_purpose"];

const REFUSAL: &str = "what was published does not change";

fn on_record(of: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM assumption_set s JOIN plan_record r
           ON r.organization_id = s.organization_id AND r.version_id = s.version_id
         WHERE s.organization_id = {of}.organization_id AND s.id = {of}.set_id)"
    )
}

fn sqlite() -> Vec<String> {
    let trigger = |table: &str, verb: &str, of: &str| {
        format!(
            "CREATE TRIGGER {table}_frozen_{} BEFORE {verb} ON {table} WHEN {}
             BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
            verb.to_lowercase(),
            on_record(of)
        )
    };
    FROZEN
        .iter()
        .flat_map(|table| {
            [("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD")]
                .map(|(verb, of)| trigger(table, verb, of))
        })
        .collect()
}

fn postgres() -> Vec<String> {
    let mut statements = vec![format!(
        "CREATE FUNCTION refuse_change_of_frozen_set() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN
           IF TG_OP <> 'INSERT' AND {} THEN RAISE EXCEPTION '{REFUSAL}'; END IF;
           IF TG_OP <> 'DELETE' AND {} THEN RAISE EXCEPTION '{REFUSAL}'; END IF;
           IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
           RETURN NEW;
         END $$",
        on_record("OLD"),
        on_record("NEW"),
    )];
    for table in FROZEN {
        statements.push(format!(
            "CREATE TRIGGER {table}_frozen BEFORE INSERT OR UPDATE OR DELETE ON {table}
             FOR EACH ROW EXECUTE FUNCTION refuse_change_of_frozen_set()"
        ));
    }
    statements
}
