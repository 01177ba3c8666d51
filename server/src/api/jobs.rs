//! `GET /api/v1/jobs` and `POST /api/v1/jobs/{job}/retry`: what is done after the change that asked for it, and what of it
//! failed.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::id::JobId;
use domain::job as known;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ApiError, Caller, ErrorBody};
use crate::state::AppState;

/// How many jobs there are, and which are not done.
#[derive(Serialize, ToSchema)]
pub(super) struct Jobs {
    /// How many wait for their time.
    queued: u64,
    /// How many are being done.
    running: u64,
    /// How many were done during the last week.
    done: u64,
    /// How many were given up.
    failed: u64,
    /// At most 200 that are not done: given up ones first, the latest at the top, then the others as they are due.
    unfinished: Vec<Job>,
}

/// A job.
#[derive(Serialize, ToSchema)]
struct Job {
    id: Uuid,
    /// What is done.
    #[schema(example = "deliver_mail")]
    kind: String,
    /// `queued`, `running` or `failed`.
    #[schema(example = "failed")]
    state: &'static str,
    /// How often it was tried.
    attempts: u32,
    /// The number under which the server's log tells what went wrong last.
    reference: Option<String>,
    /// When it is due, milliseconds since 1970-01-01 UTC.
    run_at_ms: i64,
    /// When it was asked for.
    created_at_ms: i64,
    /// When it was given up.
    ended_at_ms: Option<i64>,
}

/// The jobs
#[utoipa::path(
    get,
    path = "/jobs",
    tag = "jobs",
    responses(
        (status = 200, description = "How many there are, and which are not done.", body = Jobs),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "Not for this caller: jobs are for owners.", body = ErrorBody),
    )
)]
pub(super) async fn list(
    State(state): State<AppState>,
    Caller(scope): Caller,
) -> Result<Json<Jobs>, ApiError> {
    Ok(Json(state.operations.jobs(&scope).await?.into()))
}

/// Has a job tried again that was given up
#[utoipa::path(
    post,
    path = "/jobs/{job}/retry",
    tag = "jobs",
    params(("job" = Uuid, Path, description = "The job.")),
    responses(
        (status = 202, description = "It will be tried again."),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such job that was given up, or it is not for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn retry(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(job): Path<Uuid>,
) -> Result<StatusCode, ApiError> {
    state.operations.retry_job(&scope, JobId(job)).await?;
    Ok(StatusCode::ACCEPTED)
}

impl From<known::Jobs> for Jobs {
    fn from(known: known::Jobs) -> Self {
        Self {
            queued: known.queued,
            running: known.running,
            done: known.done,
            failed: known.failed,
            unfinished: known.list.into_iter().map(Job::from).collect(),
        }
    }
}

impl From<known::JobRow> for Job {
    fn from(row: known::JobRow) -> Self {
        Self {
            id: row.id.0,
            kind: row.kind,
            state: row.state.as_str(),
            attempts: row.attempts,
            reference: row.reference,
            run_at_ms: row.run_at_ms,
            created_at_ms: row.created_at_ms,
            ended_at_ms: row.ended_at_ms,
        }
    }
}
