//! Imports: what was asked, how far it is, what came of it, the rows it did not take over, and taking it back.

mod revert;
mod settle;

use domain::id::{ImportId, UserId};
use domain::import::Status;
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use crate::bulk::{Insert, execute, query};
use crate::slot::Slot;
use crate::{Scope, Session, StoreError, Writer};

pub use revert::{Fact, changed_since, clean, facts_of, leftovers, restore};
pub use settle::{Undone, mark_settled, remains, settle, unsettled};

/// An import of one or several files, or the undo of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Its id.
    pub id: ImportId,
    /// The number it writes under; never used twice.
    pub slot: Slot,
    /// How it came in: `page`, `api`, `command_line`, `demo`, `undo`.
    pub origin: String,
    /// Where it stands.
    pub status: Status,
    /// A person asked to stop it; it has not stopped yet.
    pub stopping: bool,
    /// What was asked, JSON of the use case.
    pub request: String,
    /// What came of it, JSON of the use case.
    pub report: String,
    /// Rows read so far.
    pub rows_read: i64,
    /// Rows in all, 0 while unknown.
    pub rows_total: i64,
    /// The import it takes back.
    pub undoes: Option<ImportId>,
    /// Whether it was taken back.
    pub undone: bool,
    /// Who asked, as shown.
    pub actor_name: String,
    /// The user who asked; none where a program did.
    pub actor: Option<UserId>,
    /// When it was asked for, milliseconds since the epoch.
    pub created_at_ms: i64,
    /// When it last said that it is alive.
    pub beat_at_ms: i64,
    /// When it ended.
    pub ended_at_ms: Option<i64>,
}

/// A row that was not taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// Which file of the import, from 0.
    pub file: i32,
    /// As spreadsheets count.
    pub row: i64,
    /// The cells, JSON list of texts.
    pub cells: String,
    /// What is wrong, JSON of the use case.
    pub problems: String,
}

/// What an import did to a reference: made it, or changed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// `unit`, `member`, `assignment`, `product`, `account` …
    pub noun: String,
    /// Which one.
    pub id: Uuid,
    /// JSON of what it was before; `None`: it was not there.
    pub before: Option<String>,
}

const COLUMNS: &str = "id, slot, origin, status, request, report, rows_read, rows_total, undoes_id, undone, actor_name, \
                       created_at_ms, beat_at_ms, ended_at_ms, actor_id";
/// A running import that is to stop.
const STOPPING: &str = "stopping";

/// Adds an import and gives it the next slot; `slot` of the argument is ignored.
pub async fn insert(writer: &Writer, scope: &Scope, import: &Import) -> Result<Slot, StoreError> {
    let organization = scope.organization.0;
    // Two servers may add at once.
    crate::organization::lock(writer, scope).await?;
    let rows = query(
        writer,
        "SELECT COALESCE(MAX(slot), 0) + 1 FROM import WHERE organization_id = $1",
        vec![organization.into()],
    )
    .await?;
    let slot: i32 = rows
        .first()
        .ok_or(StoreError::Damaged("import.slot"))?
        .try_get_by_index(0)?;
    let values = vec![
        organization.into(),
        import.id.0.into(),
        slot.into(),
        import.origin.clone().into(),
        import.status.as_str().into(),
        import.request.clone().into(),
        import.report.clone().into(),
        import.rows_read.into(),
        import.rows_total.into(),
        import.undoes.map(|id| id.0).into(),
        i32::from(import.undone).into(),
        import.actor_name.clone().into(),
        import.created_at_ms.into(),
        import.beat_at_ms.into(),
        import.ended_at_ms.into(),
        import.actor.map(|user| user.0).into(),
    ];
    let sql = format!(
        "INSERT INTO import (organization_id, {COLUMNS}) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
    );
    execute(writer, &sql, values).await?;
    Ok(Slot(slot))
}

/// One import.
pub async fn get(session: &impl Session, scope: &Scope, id: ImportId) -> Result<Import, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM import WHERE organization_id = $1 AND id = $2");
    let rows = query(session, &sql, vec![scope.organization.0.into(), id.0.into()]).await?;
    read(rows.first().ok_or(StoreError::NotFound("import"))?)
}

/// The latest imports, newest first.
pub async fn list(session: &impl Session, scope: &Scope, limit: u32) -> Result<Vec<Import>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM import WHERE organization_id = $1 ORDER BY slot DESC LIMIT $2");
    let rows = query(
        session,
        &sql,
        vec![scope.organization.0.into(), i64::from(limit).into()],
    )
    .await?;
    rows.iter().map(read).collect()
}

/// Imports that are not at an end, oldest first.
pub async fn unfinished(session: &impl Session, scope: &Scope) -> Result<Vec<Import>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM import WHERE organization_id = $1 AND ended_at_ms IS NULL ORDER BY slot"
    );
    let rows = query(session, &sql, vec![scope.organization.0.into()]).await?;
    rows.iter().map(read).collect()
}

/// What was asked of the imports that read their files still, or may be continued because they ended after `ended_after_ms`.
pub async fn requests(
    session: &impl Session,
    scope: &Scope,
    ended_after_ms: i64,
) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT request FROM import WHERE organization_id = $1 AND undoes_id IS NULL \
               AND (ended_at_ms IS NULL OR ended_at_ms > $2)";
    let values = vec![scope.organization.0.into(), ended_after_ms.into()];
    query(session, sql, values)
        .await?
        .iter()
        .map(|row| Ok(row.try_get_by_index(0)?))
        .collect()
}

/// Replaces everything that changes while an import lives; id, slot, origin and who asked stay.
pub async fn update(writer: &Writer, scope: &Scope, import: &Import) -> Result<(), StoreError> {
    let values = vec![
        import.status.as_str().into(),
        import.request.clone().into(),
        import.report.clone().into(),
        import.rows_read.into(),
        import.rows_total.into(),
        i32::from(import.undone).into(),
        import.beat_at_ms.into(),
        import.ended_at_ms.into(),
        scope.organization.0.into(),
        import.id.0.into(),
    ];
    let sql = "UPDATE import SET status = $1, request = $2, report = $3, rows_read = $4, rows_total = $5, undone = $6, \
               beat_at_ms = $7, ended_at_ms = $8 WHERE organization_id = $9 AND id = $10";
    match execute(writer, sql, values).await? {
        1 => Ok(()),
        _ => Err(StoreError::NotFound("import")),
    }
}

/// Says how far a running import is and that it is alive; `false` when it is to stop.
pub async fn beat(
    writer: &Writer,
    scope: &Scope,
    id: ImportId,
    rows_read: i64,
    now_ms: i64,
) -> Result<bool, StoreError> {
    let values = vec![
        rows_read.into(),
        now_ms.into(),
        scope.organization.0.into(),
        id.0.into(),
    ];
    let sql = "UPDATE import SET rows_read = $1, beat_at_ms = $2 \
               WHERE organization_id = $3 AND id = $4 AND status = 'running'";
    Ok(execute(writer, sql, values).await? == 1)
}

/// Takes an import from waiting to running; `false` where it no longer waits.
pub async fn start(writer: &Writer, scope: &Scope, id: ImportId, now_ms: i64) -> Result<bool, StoreError> {
    let values = vec![now_ms.into(), scope.organization.0.into(), id.0.into()];
    let sql = "UPDATE import SET status = 'running', beat_at_ms = $1 \
               WHERE organization_id = $2 AND id = $3 AND status = 'queued'";
    Ok(execute(writer, sql, values).await? == 1)
}

/// Asks a running import to stop; `false` where it does not run.
pub async fn ask_to_stop(writer: &Writer, scope: &Scope, id: ImportId) -> Result<bool, StoreError> {
    let values = vec![STOPPING.into(), scope.organization.0.into(), id.0.into()];
    let sql = "UPDATE import SET status = $1 WHERE organization_id = $2 AND id = $3 AND status = 'running'";
    Ok(execute(writer, sql, values).await? == 1)
}

const REJECTED: Insert = Insert {
    head: "INSERT INTO import_row (organization_id, import_id, file, row_number, cells, problems)",
    columns: 6,
    tail: "",
};

/// Keeps rows that were not taken over.
pub async fn reject(
    writer: &Writer,
    scope: &Scope,
    id: ImportId,
    rows: Vec<Rejected>,
) -> Result<(), StoreError> {
    let mut values: Vec<Value> = Vec::with_capacity(rows.len() * REJECTED.columns);
    for row in rows {
        values.extend([
            scope.organization.0.into(),
            id.0.into(),
            row.file.into(),
            row.row.into(),
            row.cells.into(),
            row.problems.into(),
        ]);
    }
    REJECTED.run(writer, values).await
}

/// Rows that were not taken over, in their order, from behind a place on.
pub async fn rejected(
    session: &impl Session,
    scope: &Scope,
    id: ImportId,
    after: (i32, i64),
    limit: u32,
) -> Result<Vec<Rejected>, StoreError> {
    let values = vec![
        scope.organization.0.into(),
        id.0.into(),
        after.0.into(),
        after.1.into(),
        i64::from(limit).into(),
    ];
    let sql = "SELECT file, row_number, cells, problems FROM import_row \
               WHERE organization_id = $1 AND import_id = $2 AND (file, row_number) > ($3, $4) \
               ORDER BY file, row_number LIMIT $5";
    query(session, sql, values)
        .await?
        .iter()
        .map(|row| {
            Ok(Rejected {
                file: row.try_get_by_index(0)?,
                row: row.try_get_by_index(1)?,
                cells: row.try_get_by_index(2)?,
                problems: row.try_get_by_index(3)?,
            })
        })
        .collect()
}

/// Forgets the rows that were not taken over, before a file is read again.
pub async fn forget_rejected(writer: &Writer, scope: &Scope, id: ImportId) -> Result<(), StoreError> {
    let values = vec![scope.organization.0.into(), id.0.into()];
    execute(
        writer,
        "DELETE FROM import_row WHERE organization_id = $1 AND import_id = $2",
        values,
    )
    .await
    .map(|_| ())
}

const CHANGE: Insert = Insert {
    head: "INSERT INTO import_undo (organization_id, import_id, seq, noun, id, before)",
    columns: 6,
    tail: "",
};

/// Keeps what an import did to references, in its order from `first_seq` on.
pub async fn record(
    writer: &Writer,
    scope: &Scope,
    id: ImportId,
    first_seq: i64,
    changes: &[Change],
) -> Result<(), StoreError> {
    let mut values: Vec<Value> = Vec::with_capacity(changes.len() * CHANGE.columns);
    for (seq, change) in (first_seq..).zip(changes) {
        values.extend([
            scope.organization.0.into(),
            id.0.into(),
            seq.into(),
            change.noun.clone().into(),
            change.id.into(),
            change.before.clone().into(),
        ]);
    }
    CHANGE.run(writer, values).await
}

/// What an import did to references, last first.
pub async fn changes(session: &impl Session, scope: &Scope, id: ImportId) -> Result<Vec<Change>, StoreError> {
    let values = vec![scope.organization.0.into(), id.0.into()];
    let sql = "SELECT noun, id, before FROM import_undo WHERE organization_id = $1 AND import_id = $2 ORDER BY seq DESC";
    query(session, sql, values)
        .await?
        .iter()
        .map(|row| {
            Ok(Change {
                noun: row.try_get_by_index(0)?,
                id: row.try_get_by_index(1)?,
                before: row.try_get_by_index(2)?,
            })
        })
        .collect()
}

/// Forgets what an import did to references, after it was taken back.
pub async fn forget_changes(writer: &Writer, scope: &Scope, id: ImportId) -> Result<(), StoreError> {
    let values = vec![scope.organization.0.into(), id.0.into()];
    let sql = "DELETE FROM import_undo WHERE organization_id = $1 AND import_id = $2";
    execute(writer, sql, values).await.map(|_| ())
}

fn read(row: &QueryResult) -> Result<Import, StoreError> {
    let id: Uuid = row.try_get_by_index(0)?;
    let status: String = row.try_get_by_index(3)?;
    let stopping = status == STOPPING;
    let undoes: Option<Uuid> = row.try_get_by_index(8)?;
    let undone: i32 = row.try_get_by_index(9)?;
    let actor: Option<Uuid> = row.try_get_by_index(14)?;
    Ok(Import {
        id: id.into(),
        slot: Slot(row.try_get_by_index(1)?),
        origin: row.try_get_by_index(2)?,
        status: if stopping {
            Status::Running
        } else {
            Status::parse(&status).ok_or(StoreError::Damaged("import.status"))?
        },
        stopping,
        request: row.try_get_by_index(4)?,
        report: row.try_get_by_index(5)?,
        rows_read: row.try_get_by_index(6)?,
        rows_total: row.try_get_by_index(7)?,
        undoes: undoes.map(ImportId),
        undone: undone != 0,
        actor_name: row.try_get_by_index(10)?,
        actor: actor.map(UserId),
        created_at_ms: row.try_get_by_index(11)?,
        beat_at_ms: row.try_get_by_index(12)?,
        ended_at_ms: row.try_get_by_index(13)?,
    })
}
