//! `/api/v1/questionnaires`: what people are asked before targets are set, and what they answered.

mod draft;
mod own;
mod results;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::assumption::PlanningQuery;
use domain::id::QuestionnaireId;
use domain::questionnaire as asked;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ApiError, Caller, ErrorBody};
use crate::state::AppState;
use results::{QuestionnaireRow, Results};

pub(super) use draft::{
    __path_ask_more, __path_change, __path_create, __path_delete, __path_postpone, ask_more, change, create,
    delete, postpone,
};
pub(super) use own::{__path_answer, answer};

/// Who was reminded.
#[derive(Serialize, ToSchema)]
pub(super) struct Reminded {
    /// People who were.
    told: u32,
    /// People who were today already.
    already: u32,
    /// People who have not answered and cannot sign in.
    unreachable: u32,
}

/// The questionnaires within reach
#[utoipa::path(
    get,
    path = "/questionnaires",
    tag = "planning",
    responses(
        (status = 200, description = "The questionnaires, the latest first.", body = Vec<QuestionnaireRow>),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "Not for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn list(
    State(state): State<AppState>,
    Caller(scope): Caller,
) -> Result<Json<Vec<QuestionnaireRow>>, ApiError> {
    let desk = state
        .operations
        .questionnaires(&scope, &PlanningQuery::default())
        .await?;
    Ok(Json(desk.rows.into_iter().map(QuestionnaireRow::from).collect()))
}

/// A questionnaire with its answers
///
/// Managers get those of the people within reach.
#[utoipa::path(
    get,
    path = "/questionnaires/{questionnaire}",
    tag = "planning",
    params(("questionnaire" = Uuid, Path, description = "The questionnaire.")),
    responses(
        (status = 200, description = "Who has answered, and what.", body = Results),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "No such questionnaire, or not for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn get(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(id): Path<Uuid>,
) -> Result<Json<Results>, ApiError> {
    let results = state
        .operations
        .questionnaire_results(&scope, QuestionnaireId(id))
        .await?;
    Ok(Json(results.into()))
}

/// Send a draft
#[utoipa::path(
    post,
    path = "/questionnaires/{questionnaire}/send",
    tag = "planning",
    params(("questionnaire" = Uuid, Path, description = "The draft.")),
    responses(
        (status = 204, description = "It is sent, and those who are asked are told."),
        (status = 400, description = "Its due date is over.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "No such questionnaire, or not for this caller.", body = ErrorBody),
        (status = 409, description = "It was sent already, or nobody is chosen.", body = ErrorBody),
    )
)]
pub(super) async fn send(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, ApiError> {
    state
        .operations
        .send_questionnaire(&scope, QuestionnaireId(id))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Remind whoever has not answered
#[utoipa::path(
    post,
    path = "/questionnaires/{questionnaire}/remind",
    tag = "planning",
    params(("questionnaire" = Uuid, Path, description = "The questionnaire.")),
    responses(
        (status = 200, description = "Who was reminded; nobody is twice on a day.", body = Reminded),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "No such questionnaire, or not for this caller.", body = ErrorBody),
        (status = 409, description = "It is not open.", body = ErrorBody),
    )
)]
pub(super) async fn remind(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(id): Path<Uuid>,
) -> Result<Json<Reminded>, ApiError> {
    let reminded = state
        .operations
        .remind_questionnaire(&scope, QuestionnaireId(id))
        .await?;
    Ok(Json(Reminded {
        told: reminded.told,
        already: reminded.already,
        unreachable: reminded.unreachable,
    }))
}

/// Close a questionnaire
#[utoipa::path(
    post,
    path = "/questionnaires/{questionnaire}/close",
    tag = "planning",
    params(("questionnaire" = Uuid, Path, description = "The questionnaire.")),
    responses(
        (status = 204, description = "It is closed."),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "No such questionnaire, or not for this caller.", body = ErrorBody),
        (status = 409, description = "It was not sent yet.", body = ErrorBody),
    )
)]
pub(super) async fn close(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, ApiError> {
    state
        .operations
        .close_questionnaire(&scope, QuestionnaireId(id))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

fn progress(progress: asked::Progress) -> &'static str {
    match progress {
        asked::Progress::None => "none",
        asked::Progress::Begun => "begun",
        asked::Progress::Answered => "answered",
    }
}
