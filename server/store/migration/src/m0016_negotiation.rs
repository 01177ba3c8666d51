//! Negotiation: threads on single numbers with their moves; and the pulse that goes with a confirmation.

use sea_orm_migration::prelude::{
    ConnectionTrait, DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait,
};
use sea_orm_migration::sea_orm::DbBackend;

/// See the module.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0016_negotiation"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let frozen: &[&str] = match manager.get_database_backend() {
            DbBackend::Sqlite => &FROZEN_SQLITE,
            _ => &FROZEN_POSTGRES,
        };
        for statement in UP.iter().chain(frozen) {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }
}

const UP: [&str; 6] = [
    // How fair a confirmed number is, 1 to 5, and why; both none where nothing was said.
    "ALTER TABLE acknowledgement ADD COLUMN fair integer",
    "ALTER TABLE acknowledgement ADD COLUMN fair_reason text",
    // `period` -1: the total. `number` is what it was when the negotiation began.
    "CREATE TABLE negotiation (
        organization_id uuid NOT NULL,
        id uuid NOT NULL,
        version_id uuid NOT NULL,
        node_id uuid NOT NULL,
        period integer NOT NULL,
        number bigint NOT NULL,
        status text NOT NULL,
        due_on integer NOT NULL,
        reminded_on integer,
        at_ms bigint NOT NULL,
        closed_at_ms bigint,
        PRIMARY KEY (organization_id, id),
        FOREIGN KEY (organization_id, version_id) REFERENCES version (organization_id, id) ON DELETE CASCADE
    )",
    "CREATE INDEX negotiation_version ON negotiation (organization_id, version_id)",
    // A number is negotiated once at a time.
    "CREATE UNIQUE INDEX negotiation_open ON negotiation (organization_id, version_id, node_id, period)
     WHERE status = 'open'",
    "CREATE TABLE negotiation_move (
        organization_id uuid NOT NULL,
        negotiation_id uuid NOT NULL,
        seq integer NOT NULL,
        side text NOT NULL,
        kind text NOT NULL,
        amount bigint,
        words text,
        user_id uuid,
        user_name text NOT NULL,
        at_ms bigint NOT NULL,
        PRIMARY KEY (organization_id, negotiation_id, seq),
        FOREIGN KEY (organization_id, negotiation_id) REFERENCES negotiation (organization_id, id) ON DELETE CASCADE
    )",
];

/// Moves are only added, and what was said with a confirmation stays.
const FROZEN_SQLITE: [&str; 2] = [
    "CREATE TRIGGER negotiation_move_frozen_update BEFORE UPDATE ON negotiation_move
     BEGIN SELECT RAISE(ABORT, 'what was said does not change'); END",
    "CREATE TRIGGER acknowledgement_pulse_frozen_update BEFORE UPDATE ON acknowledgement
     WHEN OLD.fair IS NOT NEW.fair OR OLD.fair_reason IS NOT NEW.fair_reason
     BEGIN SELECT RAISE(ABORT, 'what was said does not change'); END",
];

const FROZEN_POSTGRES: [&str; 3] = [
    "CREATE FUNCTION refuse_change_of_what_was_said() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN RAISE EXCEPTION 'what was said does not change'; END $$",
    "CREATE TRIGGER negotiation_move_frozen BEFORE UPDATE ON negotiation_move
     FOR EACH ROW EXECUTE FUNCTION refuse_change_of_what_was_said()",
    "CREATE TRIGGER acknowledgement_pulse_frozen BEFORE UPDATE ON acknowledgement
     FOR EACH ROW WHEN (OLD.fair IS DISTINCT FROM NEW.fair OR OLD.fair_reason IS DISTINCT FROM NEW.fair_reason)
     EXECUTE FUNCTION refuse_change_of_what_was_said()",
];
