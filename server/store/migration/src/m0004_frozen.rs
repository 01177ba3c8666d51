//! What was on record as a plan does not change any more, whoever tries: the database itself refuses it.
//!
//! A version is frozen from the moment it has a row in `plan_record`; those rows stay when another version takes its
//! place. Taking a whole plan away (an import of targets is undone, the sample company goes) deletes them first.

use sea_orm_migration::prelude::{
    ConnectionTrait, DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait,
};
use sea_orm_migration::sea_orm::DbBackend;

/// See the module.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0004_frozen"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let statements = match manager.get_database_backend() {
            DbBackend::Sqlite => sqlite(),
            _ => postgres(),
        };
        for statement in statements {
            manager.get_connection().execute_unprepared(&statement).await?;
        }
        Ok(())
    }
}

/// Tables whose rows belong to a version; nothing is added to, changed in or taken out of those of a frozen one.
const OF_VERSION: [&str; 5] = ["plan_node", "plan_basis", "plan_snapshot", "plan_command", "cell"];

/// Tables some columns of which stay as they are in rows that a condition on the old row names.
const FIXED: [(&str, &str, &str); 4] = [
    (
        "version",
        "OLD.status <> 'draft' AND NEW.status <> 'draft'",
        "plan_id, number, name, head_seq, head_hash, cells_seq, hash, published_at_ms, published_by, created_at_ms, created_by",
    ),
    (
        "plan",
        "EXISTS (SELECT 1 FROM version v JOIN plan_record r ON r.organization_id = v.organization_id AND r.version_id = v.id
           WHERE v.organization_id = OLD.organization_id AND v.plan_id = OLD.id)",
        "metric_key, starts_on, ends_on, period_kind",
    ),
    (
        "plan_record",
        "1 = 1",
        "metric_key, version_id, starts_on, ends_on, from_ms",
    ),
    (
        "acknowledgement",
        "1 = 1",
        "version_id, node_id, seq, hash, state, comment, member_id, user_id, user_name, at_ms",
    ),
];

/// A version that was published, becoming a draft again.
const BACK_TO_DRAFT: &str = "OLD.status <> 'draft' AND NEW.status = 'draft'";

const REFUSAL: &str = "what was published does not change";

/// Whether a column differs between the old and the new row.
fn differs(columns: &str) -> String {
    let parts: Vec<String> = columns
        .split(", ")
        .map(|column| format!("OLD.{column} IS DISTINCT FROM NEW.{column}"))
        .collect();
    parts.join(" OR ")
}

fn on_record(of: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM plan_record r WHERE r.organization_id = {of}.organization_id AND r.version_id = {of}.version_id)"
    )
}

fn sqlite() -> Vec<String> {
    let trigger = |table: &str, verb: &str, condition: &str| {
        format!(
            "CREATE TRIGGER {table}_frozen_{} BEFORE {verb} ON {table} WHEN {condition}
             BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
            verb.to_lowercase()
        )
    };
    let mut statements = Vec::new();
    for table in OF_VERSION {
        statements.push(trigger(table, "INSERT", &on_record("NEW")));
        statements.push(trigger(
            table,
            "UPDATE",
            &format!("{} OR {}", on_record("OLD"), on_record("NEW")),
        ));
        statements.push(trigger(table, "DELETE", &on_record("OLD")));
    }
    statements.push(format!(
        "CREATE TRIGGER version_published BEFORE UPDATE ON version WHEN {BACK_TO_DRAFT}
         BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    ));
    for (table, which, columns) in FIXED {
        statements.push(trigger(
            table,
            "UPDATE",
            &format!("({which}) AND ({})", differs(columns)),
        ));
    }
    statements
}

fn postgres() -> Vec<String> {
    let mut statements = vec![format!(
        "CREATE FUNCTION refuse_change_of_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN
           IF TG_OP <> 'INSERT' AND {} THEN RAISE EXCEPTION '{REFUSAL}'; END IF;
           IF TG_OP <> 'DELETE' AND {} THEN RAISE EXCEPTION '{REFUSAL}'; END IF;
           IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
           RETURN NEW;
         END $$",
        on_record("OLD"),
        on_record("NEW"),
    )];
    for table in OF_VERSION {
        statements.push(format!(
            "CREATE TRIGGER {table}_frozen BEFORE INSERT OR UPDATE OR DELETE ON {table}
             FOR EACH ROW EXECUTE FUNCTION refuse_change_of_frozen()"
        ));
    }
    statements.push(format!(
        "CREATE FUNCTION refuse_draft_of_version() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    ));
    statements.push(format!(
        "CREATE TRIGGER version_published BEFORE UPDATE ON version
         FOR EACH ROW WHEN ({BACK_TO_DRAFT}) EXECUTE FUNCTION refuse_draft_of_version()"
    ));
    for (table, which, columns) in FIXED {
        statements.push(format!(
            "CREATE FUNCTION refuse_change_of_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN
               IF ({which}) AND ({}) THEN RAISE EXCEPTION '{REFUSAL}'; END IF;
               RETURN NEW;
             END $$",
            differs(columns),
        ));
        statements.push(format!(
            "CREATE TRIGGER {table}_frozen BEFORE UPDATE ON {table}
             FOR EACH ROW EXECUTE FUNCTION refuse_change_of_{table}()"
        ));
    }
    statements
}
