//! Answering the own form.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use domain::id::QuestionnaireId;
use domain::questionnaire as asked;
use operations::Error;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::progress;
use crate::api::{ApiError, Caller, ErrorBody};
use crate::state::AppState;

/// Answers of the own form.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct Given {
    answers: Vec<GivenAnswer>,
}

/// An answer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GivenAnswer {
    /// The place of the question, from 0.
    question: u16,
    /// What is answered: words, a number, an amount, the place of an option from 0, a step from 1 to 5. Empty takes it back.
    #[schema(example = "1200000")]
    value: String,
    /// Of a proposal: why.
    #[serde(default)]
    reason: String,
}

/// How far the own form is.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct Saved {
    /// `none`, `begun` or `answered`.
    #[schema(example = "answered")]
    progress: &'static str,
    /// When it was kept, milliseconds since 1970-01-01 UTC.
    at_ms: i64,
}

/// Answer the own form
///
/// What can be read is kept, also where an answer beside it is refused. Answers may be changed until the questionnaire is closed.
#[utoipa::path(
    put,
    path = "/questionnaires/{questionnaire}/answers",
    tag = "planning",
    params(("questionnaire" = Uuid, Path, description = "The questionnaire.")),
    request_body = Given,
    responses(
        (status = 200, description = "How far the form is now.", body = Saved),
        (status = 400, description = "An answer is not understood.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "No such questionnaire, or the caller is not asked.", body = ErrorBody),
        (status = 409, description = "It is closed.", body = ErrorBody),
    )
)]
pub(in crate::api) async fn answer(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(id): Path<Uuid>,
    given: Result<Json<Given>, JsonRejection>,
) -> Result<Json<Saved>, ApiError> {
    // Who is not asked is not told how it is answered.
    state
        .operations
        .questionnaire_form(&scope, QuestionnaireId(id))
        .await?;
    let Json(given) = given.map_err(|rejection| {
        Error::invalid(
            "body",
            "请求内容应为 {\"answers\":[{\"question\":0,\"value\":\"…\"}]}。",
            format!(
                "The body must be {{\"answers\": [{{\"question\": 0, \"value\": \"…\"}}]}} ({rejection})."
            ),
        )
    })?;
    let given = given
        .answers
        .into_iter()
        .map(|one| asked::Given {
            question: one.question,
            value: one.value,
            reason: one.reason,
        })
        .collect();
    let saved = state
        .operations
        .answer_questionnaire(&scope, QuestionnaireId(id), given)
        .await?;
    Ok(Json(Saved {
        progress: progress(saved.progress),
        at_ms: saved.at_ms,
    }))
}
