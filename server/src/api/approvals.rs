//! `/api/v1/approvals` and what is decided on a version: the chain, handing in, approving, returning, publishing.

mod answer;
mod chain;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::id::VersionId;
use domain::publish::{Assumed, Looked};
use operations::Error;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::targets::read;
use super::{ApiError, Caller, ErrorBody};
use crate::state::AppState;
use answer::{Approval, Queue};

pub(super) use chain::{__path_get_chain, __path_set_chain, get_chain, set_chain};

/// What is said with a step.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WithNote {
    #[schema(max_length = 1000)]
    note: Option<String>,
}

/// An approval.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Approving {
    #[schema(max_length = 1000)]
    note: Option<String>,
    /// The number of the last command one has seen: where a number was changed since, nothing is passed. Left out, it is
    /// approved as it was handed in.
    head: Option<u64>,
    /// What `assumed` of the approval said: where something it is reckoned with was changed since, nothing is passed. Goes with
    /// `head`.
    assumed: Option<String>,
}

/// Why a version goes back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Why {
    /// Needed, except to take back what one handed in oneself.
    #[schema(max_length = 1000)]
    reason: Option<String>,
}

/// How a version is published.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Publishing {
    /// Why it is published without the rest of its approval, or beyond limits of fairness that block; for owners. Left out,
    /// it has to be approved and within the limits.
    #[schema(max_length = 1000)]
    without_approval: Option<String>,
    /// The number of the last command one has seen: where a number was changed since, nothing is published. Left out, it is
    /// published as it is.
    head: Option<u64>,
    /// What `assumed` of the approval said: where something it is reckoned with was changed since, nothing is published. Goes
    /// with `head`.
    assumed: Option<String>,
}

/// What was published.
#[derive(Serialize, ToSchema)]
pub(super) struct Frozen {
    version: Uuid,
    /// The SHA-256 of all its numbers.
    hash: String,
    /// How many numbers are on record by it.
    cells: u64,
    /// Versions that are plan of record no more.
    archived: Vec<Uuid>,
}

/// What is in review
#[utoipa::path(
    get,
    path = "/approvals",
    tag = "approval",
    responses(
        (status = 200, description = "What waits for a decision of the caller, and the rest.", body = Queue),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "Not for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn list(
    State(state): State<AppState>,
    Caller(scope): Caller,
) -> Result<Json<Queue>, ApiError> {
    Ok(Json(state.operations.in_review(&scope).await?.into()))
}

/// The approval of a version
///
/// Its steps and where they stand, what was decided, and how it differs from what is on record.
#[utoipa::path(
    get,
    path = "/versions/{version}/approval",
    tag = "approval",
    params(("version" = Uuid, Path, description = "The version.")),
    responses(
        (status = 200, description = "Where its approval stands.", body = Approval),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version, or it is not for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn get(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(version): Path<Uuid>,
) -> Result<Json<Approval>, ApiError> {
    let shown = state.operations.approval_of(&scope, VersionId(version)).await?;
    Ok(Json(shown.into()))
}

/// Ask for approval
///
/// The numbers are closed until it is decided.
#[utoipa::path(
    post,
    path = "/versions/{version}/submit",
    tag = "approval",
    params(("version" = Uuid, Path, description = "The draft.")),
    request_body = WithNote,
    responses(
        (status = 204, description = "It is handed in, and those who decide first are told."),
        (status = 400, description = "The body is not understood.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version, or it is not for this caller.", body = ErrorBody),
        (status = 409, description = "It is no draft in use, has no numbers, nothing has to be approved, or it adjusts a version that is on record no more.", body = ErrorBody),
    )
)]
pub(super) async fn submit(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(version): Path<Uuid>,
    said: Result<Json<WithNote>, JsonRejection>,
) -> Result<StatusCode, ApiError> {
    state.operations.may_plan(&scope)?;
    let WithNote { note } = read(said)?;
    state
        .operations
        .submit_version(&scope, VersionId(version), note.as_deref())
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Approve
///
/// Passes the step whose turn it is; in the name of the person whose token it is.
#[utoipa::path(
    post,
    path = "/versions/{version}/approve",
    tag = "approval",
    params(("version" = Uuid, Path, description = "The version in review.")),
    request_body = Approving,
    responses(
        (status = 204, description = "The step is passed."),
        (status = 400, description = "The body is not understood, or a command that is not there yet.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version, or it is not for this caller.", body = ErrorBody),
        (status = 409, description = "It is not in review, handed in by the caller, somebody else's turn, was changed since, or adjusts a version that is on record no more.", body = ErrorBody),
    )
)]
pub(super) async fn approve(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(version): Path<Uuid>,
    said: Result<Json<Approving>, JsonRejection>,
) -> Result<StatusCode, ApiError> {
    state.operations.may_speak(&scope)?;
    let Approving { note, head, assumed } = read(said)?;
    let looked = looked(head, assumed.as_deref())?;
    state
        .operations
        .approve_version(&scope, VersionId(version), looked, note.as_deref())
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Return a version
///
/// It is a draft again. Whoever handed it in takes it back by the same way.
#[utoipa::path(
    post,
    path = "/versions/{version}/return",
    tag = "approval",
    params(("version" = Uuid, Path, description = "The version in review.")),
    request_body = Why,
    responses(
        (status = 204, description = "It is a draft again, and whoever handed it in is told why."),
        (status = 400, description = "No reason.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version, or it is not for this caller to decide.", body = ErrorBody),
        (status = 409, description = "It is not in review.", body = ErrorBody),
    )
)]
pub(super) async fn send_back(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(version): Path<Uuid>,
    said: Result<Json<Why>, JsonRejection>,
) -> Result<StatusCode, ApiError> {
    state.operations.may_speak(&scope)?;
    let Why { reason } = read(said)?;
    state
        .operations
        .return_version(&scope, VersionId(version), reason.as_deref())
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Publish a version
///
/// It is plan of record and does not change any more. Where the chain has steps it has to be approved first, and it has to be
/// within the limits of fairness that block; or an owner says why it is not.
#[utoipa::path(
    post,
    path = "/versions/{version}/publish",
    tag = "approval",
    params(("version" = Uuid, Path, description = "The draft or approved version.")),
    request_body = Publishing,
    responses(
        (status = 200, description = "It is on record, and those who carry its numbers are told.", body = Frozen),
        (status = 400, description = "A blank reason, or a command that is not there yet.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version, or it is not for this caller to publish.", body = ErrorBody),
        (status = 409, description = "It is not approved, was published already, has no numbers, is beyond a limit that blocks, or was changed since.", body = ErrorBody),
    )
)]
pub(super) async fn publish(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(version): Path<Uuid>,
    said: Result<Json<Publishing>, JsonRejection>,
) -> Result<Json<Frozen>, ApiError> {
    state.operations.may_plan(&scope)?;
    let Publishing {
        without_approval,
        head,
        assumed,
    } = read(said)?;
    let looked = looked(head, assumed.as_deref())?;
    let version = VersionId(version);
    let published = match without_approval {
        Some(reason) => {
            let done = state.operations.publish_anyway(&scope, version, looked, &reason);
            done.await?
        }
        None => state.operations.publish_seen(&scope, version, looked).await?,
    };
    Ok(Json(Frozen {
        version: published.version.0,
        hash: published.hash,
        cells: published.cells,
        archived: published.archived.into_iter().map(|version| version.0).collect(),
    }))
}

/// What a program says that it looked at.
fn looked(head: Option<u64>, assumed: Option<&str>) -> Result<Option<Looked>, Error> {
    let Some(head) = head else {
        return match assumed {
            None => Ok(None),
            Some(_) => Err(Error::invalid_field(
                "head_missing",
                "head",
                "写了 assumed 时，请同时写明看过的最后一步（head）。",
                "Say with assumed which command was the last one seen (head).",
            )),
        };
    };
    let assumed = match assumed {
        None => None,
        Some(text) => Some(Assumed::parse(text).ok_or_else(|| {
            Error::invalid_field(
                "bad_assumed",
                "assumed",
                "看不懂 assumed。请照抄审批信息里的 assumed。",
                "The marks in assumed are not understood: send what the approval says, unchanged.",
            )
        })?),
    };
    Ok(Some(Looked { head, assumed }))
}
