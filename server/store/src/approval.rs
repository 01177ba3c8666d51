//! Approval: the chain an organization chose, what was handed in, what was decided, and what of a version somebody has seen.

use domain::approval::{Decision, Progress};
use domain::id::{SubmissionId, UserId, VersionId};
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use crate::bulk::{execute, query};
use crate::{Scope, Session, StoreError, Writer};

/// Something that was handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// Which.
    pub id: SubmissionId,
    /// The version.
    pub version: VersionId,
    /// Its last command then.
    pub head: u64,
    /// The steps of the chain then, as JSON.
    pub steps: String,
    /// What was said with it.
    pub note: Option<String>,
    /// Where it stands.
    pub progress: Progress,
    /// Who handed it in; none: a program.
    pub user: Option<UserId>,
    /// Their name then.
    pub user_name: String,
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
}

/// Something that was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// Of what.
    pub submission: SubmissionId,
    /// Of which step, from 0.
    pub step: u32,
    /// What.
    pub decision: Decision,
    /// Why.
    pub note: Option<String>,
    /// Who.
    pub user: Option<UserId>,
    /// Their name then.
    pub user_name: String,
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
}

/// The chain an organization chose, as JSON; none where it never did.
pub async fn chain(session: &impl Session, scope: &Scope) -> Result<Option<String>, StoreError> {
    let sql = "SELECT steps FROM approval_chain WHERE organization_id = $1";
    let rows = query(session, sql, vec![scope.organization.0.into()]).await?;
    Ok(rows.first().map(|row| row.try_get_by_index(0)).transpose()?)
}

/// Chooses a chain; one without steps needs nobody.
pub async fn set_chain(writer: &Writer, scope: &Scope, steps: &str, at_ms: i64) -> Result<(), StoreError> {
    let of: Value = scope.organization.0.into();
    execute(
        writer,
        "DELETE FROM approval_chain WHERE organization_id = $1",
        vec![of.clone()],
    )
    .await?;
    let sql = "INSERT INTO approval_chain (organization_id, steps, changed_at_ms, changed_by) VALUES ($1, $2, $3, $4)";
    let values = vec![of, steps.into(), at_ms.into(), scope.actor.name().into()];
    execute(writer, sql, values).await?;
    Ok(())
}

const SUBMISSION: &str = "SELECT id, version_id, head_seq, steps, note, state, user_id, user_name, at_ms FROM submission \
                          WHERE organization_id = $1";

/// Keeps what is handed in.
pub async fn submit(writer: &Writer, scope: &Scope, new: &Submission) -> Result<(), StoreError> {
    let head = i64::try_from(new.head).map_err(|_| StoreError::Damaged("submission.head_seq"))?;
    let values: Vec<Value> = vec![
        scope.organization.0.into(),
        new.id.0.into(),
        new.version.0.into(),
        head.into(),
        new.steps.clone().into(),
        new.note.clone().into(),
        new.progress.as_str().into(),
        new.user.map(|user| user.0).into(),
        new.user_name.clone().into(),
        new.at_ms.into(),
    ];
    let sql = "INSERT INTO submission (organization_id, id, version_id, head_seq, steps, note, state, user_id, user_name, \
               at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    execute(writer, sql, values).await?;
    Ok(())
}

/// What was handed in of a version, the latest first. The caller has made sure that the version is within sight.
pub async fn of_version(
    session: &impl Session,
    scope: &Scope,
    version: VersionId,
) -> Result<Vec<Submission>, StoreError> {
    let sql = format!("{SUBMISSION} AND version_id = $2 ORDER BY at_ms DESC, id DESC");
    let values = vec![scope.organization.0.into(), version.0.into()];
    query(session, &sql, values)
        .await?
        .iter()
        .map(submission)
        .collect()
}

/// Everything that is under way, the oldest first; nothing for who sees no drafts.
pub async fn under_way(session: &impl Session, scope: &Scope) -> Result<Vec<Submission>, StoreError> {
    if !crate::version::sees_drafts(scope) {
        return Ok(Vec::new());
    }
    let sql = format!("{SUBMISSION} AND state IN ('open', 'approved') ORDER BY at_ms, id");
    let values = vec![scope.organization.0.into()];
    query(session, &sql, values)
        .await?
        .iter()
        .map(submission)
        .collect()
}

/// Says where something that was handed in stands.
pub async fn set_progress(
    writer: &Writer,
    scope: &Scope,
    id: SubmissionId,
    progress: Progress,
    at_ms: i64,
) -> Result<(), StoreError> {
    let ended = (!progress.is_under_way()).then_some(at_ms);
    let values: Vec<Value> = vec![
        scope.organization.0.into(),
        id.0.into(),
        progress.as_str().into(),
        ended.into(),
    ];
    let sql = "UPDATE submission SET state = $3, ended_at_ms = $4 WHERE organization_id = $1 AND id = $2";
    execute(writer, sql, values).await?;
    Ok(())
}

/// Keeps a decision after the earlier ones.
pub async fn decide(writer: &Writer, scope: &Scope, new: &Decided) -> Result<(), StoreError> {
    let earlier = decided(writer, scope, new.submission).await?.len();
    let seq = i32::try_from(earlier).map_err(|_| StoreError::Damaged("decision.seq"))?;
    let step = i32::try_from(new.step).map_err(|_| StoreError::Damaged("decision.step"))?;
    let values: Vec<Value> = vec![
        scope.organization.0.into(),
        new.submission.0.into(),
        seq.into(),
        step.into(),
        new.decision.as_str().into(),
        new.note.clone().into(),
        new.user.map(|user| user.0).into(),
        new.user_name.clone().into(),
        new.at_ms.into(),
    ];
    let sql = "INSERT INTO decision (organization_id, submission_id, seq, step, verdict, note, user_id, user_name, at_ms) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    execute(writer, sql, values).await?;
    Ok(())
}

/// What was decided of something that was handed in, the oldest first.
pub async fn decided(
    session: &impl Session,
    scope: &Scope,
    submission: SubmissionId,
) -> Result<Vec<Decided>, StoreError> {
    let sql = "SELECT step, verdict, note, user_id, user_name, at_ms FROM decision WHERE organization_id = $1 \
               AND submission_id = $2 ORDER BY seq";
    let values = vec![scope.organization.0.into(), submission.0.into()];
    let read = |row: &QueryResult| {
        let step: i32 = row.try_get_by_index(0)?;
        let verdict: String = row.try_get_by_index(1)?;
        let user: Option<Uuid> = row.try_get_by_index(3)?;
        Ok(Decided {
            submission,
            step: u32::try_from(step).map_err(|_| StoreError::Damaged("decision.step"))?,
            decision: Decision::parse(&verdict).ok_or(StoreError::Damaged("decision.verdict"))?,
            note: row.try_get_by_index(2)?,
            user: user.map(UserId),
            user_name: row.try_get_by_index(4)?,
            at_ms: row.try_get_by_index(5)?,
        })
    };
    query(session, sql, values).await?.iter().map(read).collect()
}

/// Up to which command somebody has seen a version, and when they did; none: never.
pub async fn last_look(
    session: &impl Session,
    scope: &Scope,
    version: VersionId,
    user: UserId,
) -> Result<Option<(u64, i64)>, StoreError> {
    let sql = "SELECT head_seq, at_ms FROM last_look WHERE organization_id = $1 AND version_id = $2 AND user_id = $3";
    let values = vec![scope.organization.0.into(), version.0.into(), user.0.into()];
    let rows = query(session, sql, values).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let head: i64 = row.try_get_by_index(0)?;
    let head = u64::try_from(head).map_err(|_| StoreError::Damaged("last_look.head_seq"))?;
    Ok(Some((head, row.try_get_by_index(1)?)))
}

/// Remembers up to which command somebody has seen a version; never less than before.
pub async fn look(
    writer: &Writer,
    scope: &Scope,
    version: VersionId,
    user: UserId,
    head: u64,
    at_ms: i64,
) -> Result<(), StoreError> {
    let head = i64::try_from(head).map_err(|_| StoreError::Damaged("last_look.head_seq"))?;
    let sql = "INSERT INTO last_look (organization_id, version_id, user_id, head_seq, at_ms) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (organization_id, version_id, user_id) DO UPDATE SET head_seq = excluded.head_seq, \
               at_ms = excluded.at_ms WHERE last_look.head_seq <= excluded.head_seq";
    let values = vec![
        scope.organization.0.into(),
        version.0.into(),
        user.0.into(),
        head.into(),
        at_ms.into(),
    ];
    execute(writer, sql, values).await?;
    Ok(())
}

fn submission(row: &QueryResult) -> Result<Submission, StoreError> {
    let (id, version): (Uuid, Uuid) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    let head: i64 = row.try_get_by_index(2)?;
    let state: String = row.try_get_by_index(5)?;
    let user: Option<Uuid> = row.try_get_by_index(6)?;
    Ok(Submission {
        id: id.into(),
        version: version.into(),
        head: u64::try_from(head).map_err(|_| StoreError::Damaged("submission.head_seq"))?,
        steps: row.try_get_by_index(3)?,
        note: row.try_get_by_index(4)?,
        progress: Progress::parse(&state).ok_or(StoreError::Damaged("submission.state"))?,
        user: user.map(UserId),
        user_name: row.try_get_by_index(7)?,
        at_ms: row.try_get_by_index(8)?,
    })
}
