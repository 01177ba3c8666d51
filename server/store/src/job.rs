//! Jobs: what is to be done after the change that asked for it. They are written in the transaction of that change, and each
//! is done by one server at a time: whoever claims it holds it until its lease ends, and only who still holds it may say
//! how it went.

use domain::id::JobId;
use domain::job::{Job, JobRow, JobState};
use sea_orm::QueryResult;
use uuid::Uuid;

use crate::bulk::{Insert, execute, query};
use crate::{Dialect, Scope, Session, StoreError, Writer};

/// A job to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    /// Its id.
    pub id: JobId,
    /// What.
    pub job: Job,
    /// Where a job with this key is known, done or not, this one is left out.
    pub key: Option<String>,
    /// When it is due, milliseconds since the epoch.
    pub run_at_ms: i64,
    /// When it is asked for.
    pub created_at_ms: i64,
}

/// A job as whoever does it gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// Which.
    pub id: JobId,
    /// What; none where it cannot be read.
    pub job: Option<Job>,
    /// How often it was tried, this time among them; also says who holds it.
    pub attempts: u32,
}

/// What becomes of a job that was tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It is done.
    Done,
    /// It was interrupted and not tried: it is due at once, and this attempt does not count.
    GivenBack,
    /// Its turn has not come: it is due later, and this attempt does not count.
    PutOff {
        /// When, milliseconds since the epoch.
        run_at_ms: i64,
    },
    /// It is due again.
    Again {
        /// When, milliseconds since the epoch.
        run_at_ms: i64,
        /// The number under which the log tells why.
        reference: String,
    },
    /// It is given up.
    Failed {
        /// The number under which the log tells why.
        reference: String,
    },
}

const NEW: Insert = Insert {
    head: "INSERT INTO job (organization_id, id, kind, payload, dedup_key, state, run_at_ms, attempts, created_at_ms)",
    columns: 9,
    tail: "ON CONFLICT DO NOTHING",
};

/// Asks for jobs. They run when the transaction is committed and their time has come; the event that goes with the change wakes
/// whoever does them.
pub async fn enqueue(writer: &Writer, scope: &Scope, jobs: &[NewJob]) -> Result<(), StoreError> {
    let mut values = Vec::with_capacity(jobs.len() * NEW.columns);
    for new in jobs {
        let payload = serde_json::to_string(&new.job).map_err(|_| StoreError::Damaged("job.payload"))?;
        values.extend([
            scope.organization.0.into(),
            new.id.0.into(),
            new.job.kind().into(),
            payload.into(),
            new.key.clone().into(),
            JobState::Queued.as_str().into(),
            new.run_at_ms.into(),
            0_i32.into(),
            new.created_at_ms.into(),
        ]);
    }
    NEW.run(writer, values).await
}

/// Takes the job that is due longest, of the kinds this build knows: one that waits, or one whose holder let its lease end. Of
/// several who ask at once each gets another one.
pub async fn claim(
    writer: &Writer,
    scope: &Scope,
    now_ms: i64,
    lease_until_ms: i64,
) -> Result<Option<Claimed>, StoreError> {
    // SQLite has one writer at a time.
    let skip = match writer.dialect() {
        Dialect::Sqlite => "",
        Dialect::Postgres => "FOR UPDATE SKIP LOCKED",
    };
    let sql = format!(
        "UPDATE job SET state = 'running', attempts = attempts + 1, lease_until_ms = $3
         WHERE organization_id = $1 AND id = (
           SELECT id FROM job WHERE organization_id = $1
             AND (state = 'queued' AND run_at_ms <= $2 OR state = 'running' AND lease_until_ms <= $2)
             AND kind IN ({}) ORDER BY run_at_ms, id LIMIT 1 {skip})
         RETURNING id, payload, attempts",
        known_kinds()
    );
    let values = vec![scope.organization.0.into(), now_ms.into(), lease_until_ms.into()];
    let rows = query(writer, &sql, values).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let id: Uuid = row.try_get_by_index(0)?;
    let payload: String = row.try_get_by_index(1)?;
    Ok(Some(Claimed {
        id: id.into(),
        job: serde_json::from_str(&payload).ok(),
        attempts: attempts(row.try_get_by_index(2)?)?,
    }))
}

/// Says how a job went; `false` where whoever says it does not hold it any more, and nothing changes.
pub async fn end(
    writer: &Writer,
    scope: &Scope,
    held: &Claimed,
    ending: &Ending,
    now_ms: i64,
) -> Result<bool, StoreError> {
    let (state, run_at_ms, given_back, reference) = match ending {
        Ending::Done => (JobState::Done, None, 0, None),
        Ending::GivenBack => (JobState::Queued, None, 1, None),
        Ending::PutOff { run_at_ms } => (JobState::Queued, Some(*run_at_ms), 1, None),
        Ending::Again { run_at_ms, reference } => (JobState::Queued, Some(*run_at_ms), 0, Some(reference)),
        Ending::Failed { reference } => (JobState::Failed, None, 0, Some(reference)),
    };
    let ended_at_ms = matches!(state, JobState::Done | JobState::Failed).then_some(now_ms);
    let values = vec![
        state.as_str().into(),
        run_at_ms.into(),
        given_back.into(),
        reference.cloned().into(),
        ended_at_ms.into(),
        scope.organization.0.into(),
        held.id.0.into(),
        signed(held.attempts)?.into(),
    ];
    let sql = "UPDATE job SET state = $1, run_at_ms = COALESCE($2, run_at_ms), attempts = attempts - $3,
               reference = COALESCE($4, reference), ended_at_ms = $5, lease_until_ms = NULL
               WHERE organization_id = $6 AND id = $7 AND state = 'running' AND attempts = $8";
    Ok(execute(writer, sql, values).await? == 1)
}

/// When the next job is due that this build knows, or the next lease ends; milliseconds since the epoch.
pub async fn next_ms(session: &impl Session, scope: &Scope) -> Result<Option<i64>, StoreError> {
    let sql = format!(
        "SELECT MIN(CASE state WHEN 'queued' THEN run_at_ms ELSE lease_until_ms END) FROM job
         WHERE organization_id = $1 AND state IN ('queued', 'running') AND kind IN ({})",
        known_kinds()
    );
    let values = vec![scope.organization.0.into()];
    let rows = query(session, &sql, values).await?;
    match rows.first() {
        Some(row) => Ok(row.try_get_by_index(0)?),
        None => Ok(None),
    }
}

/// How many jobs there are in a state; for a scope that sees everything.
pub async fn count(session: &impl Session, scope: &Scope, state: JobState) -> Result<u64, StoreError> {
    if !scope.sees_everything() {
        return Ok(0);
    }
    let values = vec![scope.organization.0.into(), state.as_str().into()];
    let sql = "SELECT COUNT(*) FROM job WHERE organization_id = $1 AND state = $2";
    let rows = query(session, sql, values).await?;
    let count: i64 = rows
        .first()
        .ok_or(StoreError::Damaged("job"))?
        .try_get_by_index(0)?;
    u64::try_from(count).map_err(|_| StoreError::Damaged("job"))
}

/// Jobs that are not done: given up ones first, the latest at the top, then the others as they are due. For a scope that
/// sees everything.
pub async fn list(session: &impl Session, scope: &Scope, limit: u32) -> Result<Vec<JobRow>, StoreError> {
    if !scope.sees_everything() {
        return Ok(Vec::new());
    }
    let values = vec![scope.organization.0.into(), i64::from(limit).into()];
    let sql = "SELECT id, kind, state, run_at_ms, attempts, reference, created_at_ms, ended_at_ms FROM job
               WHERE organization_id = $1 AND state IN ('queued', 'running', 'failed')
               ORDER BY CASE state WHEN 'failed' THEN 0 ELSE 1 END, ended_at_ms DESC, run_at_ms, id LIMIT $2";
    query(session, sql, values).await?.iter().map(read).collect()
}

/// Lets a job that was given up be tried from the beginning; not found where it was not.
pub async fn retry(writer: &Writer, scope: &Scope, id: JobId, run_at_ms: i64) -> Result<(), StoreError> {
    let values = vec![run_at_ms.into(), scope.organization.0.into(), id.0.into()];
    let sql = "UPDATE job SET state = 'queued', attempts = 0, run_at_ms = $1, ended_at_ms = NULL
               WHERE organization_id = $2 AND id = $3 AND state = 'failed'";
    match execute(writer, sql, values).await? {
        1 => Ok(()),
        _ => Err(StoreError::NotFound("job")),
    }
}

/// Takes back the jobs that wait and whose keys begin so: what they were for comes at another time, or not at all. One that
/// is being done goes on.
pub async fn withdraw(writer: &Writer, scope: &Scope, keys: &str) -> Result<(), StoreError> {
    let sql =
        "DELETE FROM job WHERE organization_id = $1 AND state = 'queued' AND substr(dedup_key, 1, $2) = $3";
    let length = i32::try_from(keys.chars().count()).map_err(|_| StoreError::Damaged("job.dedup_key"))?;
    let values = vec![scope.organization.0.into(), length.into(), keys.into()];
    execute(writer, sql, values).await?;
    Ok(())
}

/// Whether jobs were done before a time; milliseconds since the epoch.
pub async fn any_done(session: &impl Session, scope: &Scope, before_ms: i64) -> Result<bool, StoreError> {
    let values = vec![scope.organization.0.into(), before_ms.into()];
    let sql = "SELECT 1 FROM job WHERE organization_id = $1 AND state = 'done' AND ended_at_ms < $2 LIMIT 1";
    Ok(!query(session, sql, values).await?.is_empty())
}

/// Forgets jobs that were done before a time, and their keys; answers how many.
pub async fn remove_done(writer: &Writer, scope: &Scope, before_ms: i64) -> Result<u64, StoreError> {
    let values = vec![scope.organization.0.into(), before_ms.into()];
    let sql = "DELETE FROM job WHERE organization_id = $1 AND state = 'done' AND ended_at_ms < $2";
    execute(writer, sql, values).await
}

/// The kinds this build can do, as they stand in a statement.
fn known_kinds() -> String {
    Job::KINDS.map(|kind| format!("'{kind}'")).join(", ")
}

fn read(row: &QueryResult) -> Result<JobRow, StoreError> {
    let id: Uuid = row.try_get_by_index(0)?;
    let state: String = row.try_get_by_index(2)?;
    Ok(JobRow {
        id: id.into(),
        kind: row.try_get_by_index(1)?,
        state: JobState::parse(&state).ok_or(StoreError::Damaged("job.state"))?,
        run_at_ms: row.try_get_by_index(3)?,
        attempts: attempts(row.try_get_by_index(4)?)?,
        reference: row.try_get_by_index(5)?,
        created_at_ms: row.try_get_by_index(6)?,
        ended_at_ms: row.try_get_by_index(7)?,
    })
}

fn attempts(stored: i32) -> Result<u32, StoreError> {
    u32::try_from(stored).map_err(|_| StoreError::Damaged("job.attempts"))
}

fn signed(attempts: u32) -> Result<i32, StoreError> {
    i32::try_from(attempts).map_err(|_| StoreError::Damaged("job.attempts"))
}
