//! `/api/v1/questionnaires`: what people are asked before targets are set, and what they answered.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::assumption::PlanningQuery;
use domain::format::Lang;
use domain::id::QuestionnaireId;
use domain::questionnaire as asked;
use operations::Error;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ApiError, Caller, ErrorBody};
use crate::state::AppState;

/// A questionnaire in the list.
#[derive(Serialize, ToSchema)]
pub(super) struct Row {
    id: Uuid,
    title: String,
    /// The first planned day it is about.
    from: String,
    /// The day after the last.
    to: String,
    /// `draft`, `open` or `closed`.
    #[schema(example = "open")]
    status: &'static str,
    /// Answers are asked for up to and including this day.
    due_on: String,
    /// How many people within reach are asked.
    asked: u32,
    /// How many of them have answered.
    answered: u32,
    created_by: String,
}

/// A questionnaire with its answers, of those within reach.
#[derive(Serialize, ToSchema)]
pub(super) struct Results {
    id: Uuid,
    title: String,
    /// `draft`, `open` or `closed`.
    #[schema(example = "open")]
    status: &'static str,
    due_on: String,
    /// Whom it is sent to.
    members: Vec<Recipient>,
    questions: Vec<Answers>,
    /// The sum of the own numbers; null where they were not asked for.
    bottom_up: Option<BottomUp>,
}

/// Somebody who is asked.
#[derive(Serialize, ToSchema)]
struct Recipient {
    member: Uuid,
    name: String,
    /// Whether they can sign in to answer.
    signs_in: bool,
    /// `none`, `begun` or `answered`.
    #[schema(example = "answered")]
    progress: &'static str,
}

/// A question with its answers.
#[derive(Serialize, ToSchema)]
struct Answers {
    /// The question, in English where it is a ready one.
    question: String,
    /// `text`, `number`, `money`, `choice`, `scale` or `proposal`.
    #[schema(example = "proposal")]
    kind: &'static str,
    /// Of numbers: the middle, the smallest and the largest; amounts in minor units, other numbers in ten-thousandths.
    numbers: Option<Numbers>,
    /// Of a choice or a scale: how often each option was picked.
    counts: Option<Vec<u32>>,
    /// Who answered what, as it was typed; of a choice the place of the option from 0.
    replies: Vec<Reply>,
}

/// What numbers come to.
#[derive(Serialize, ToSchema)]
struct Numbers {
    count: u32,
    median: i64,
    low: i64,
    high: i64,
}

/// What one person answered.
#[derive(Serialize, ToSchema)]
struct Reply {
    member: Uuid,
    name: String,
    value: String,
    /// Of a proposal: why.
    reason: Option<String>,
}

/// The sum of the own numbers, in minor units.
#[derive(Serialize, ToSchema)]
struct BottomUp {
    proposals: u32,
    proposed: i64,
    /// What stands for those who gave no number: what they did in comparable days.
    filled: i64,
    /// How many of them there are.
    missing: u32,
    total: i64,
    /// The version's number; null without a version.
    top_down: Option<i64>,
    /// What of it those who were asked carry.
    top_down_of_asked: Option<i64>,
    /// What is to be expected; null where that is not known.
    outlook: Option<i64>,
}

/// Answers of the own form.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Given {
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
pub(super) struct Saved {
    /// `none`, `begun` or `answered`.
    #[schema(example = "answered")]
    progress: &'static str,
    /// When it was kept, milliseconds since 1970-01-01 UTC.
    at_ms: i64,
}

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
        (status = 200, description = "The questionnaires, the latest first.", body = Vec<Row>),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "Not for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn list(
    State(state): State<AppState>,
    Caller(scope): Caller,
) -> Result<Json<Vec<Row>>, ApiError> {
    let desk = state
        .operations
        .questionnaires(&scope, &PlanningQuery::default())
        .await?;
    Ok(Json(desk.rows.into_iter().map(Row::from).collect()))
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
pub(super) async fn answer(
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

impl From<asked::Row> for Row {
    fn from(row: asked::Row) -> Self {
        Self {
            id: row.id.0,
            title: row.title,
            from: row.span.starts_on.to_string(),
            to: row.span.ends_on.to_string(),
            status: row.status.as_str(),
            due_on: row.due_on.to_string(),
            asked: row.asked,
            answered: row.answered,
            created_by: row.created_by,
        }
    }
}

impl From<asked::Results> for Results {
    fn from(results: asked::Results) -> Self {
        let currency = results.planning.currency;
        let written = results.written;
        let recipient = |one: asked::Recipient| Recipient {
            member: one.member.0,
            name: one.name,
            signs_in: one.signs_in,
            progress: progress(one.progress),
        };
        let questions = written.draft.questions.iter().zip(&results.summaries);
        let answers = questions.map(|(question, summary)| {
            let reply = |quote: &asked::Quote| Reply {
                member: quote.member.0,
                name: quote.name.clone(),
                value: quote.reply.typed(&currency),
                reason: Some(quote.reply.reason().to_owned()).filter(|reason| !reason.is_empty()),
            };
            Answers {
                question: question.text(Lang::En).to_owned(),
                kind: question.ask(Lang::En).as_str(),
                numbers: match summary {
                    asked::Summary::Numbers { of, .. } => Some(Numbers {
                        count: of.count,
                        median: of.median,
                        low: of.low,
                        high: of.high,
                    }),
                    _ => None,
                },
                counts: match summary {
                    asked::Summary::Counts { counts, .. } => Some(counts.clone()),
                    _ => None,
                },
                replies: summary.quotes().iter().map(reply).collect(),
            }
        });
        Self {
            id: written.id.0,
            title: written.draft.title.clone(),
            status: written.status.as_str(),
            due_on: written.draft.due_on.to_string(),
            questions: answers.collect(),
            members: written.recipients.into_iter().map(recipient).collect(),
            bottom_up: results.bottom_up.map(BottomUp::from),
        }
    }
}

impl From<asked::BottomUp> for BottomUp {
    fn from(sum: asked::BottomUp) -> Self {
        Self {
            proposals: sum.proposals,
            proposed: sum.proposed.0,
            filled: sum.filled_total.0,
            missing: u32::try_from(sum.filled.len()).unwrap_or(u32::MAX),
            total: sum.total.0,
            top_down: sum.top_down.map(|top_down| top_down.whole.0),
            top_down_of_asked: sum.top_down.map(|top_down| top_down.of_asked.0),
            outlook: sum.outlook.map(|outlook| outlook.0),
        }
    }
}
