//! Writing a questionnaire, and what still changes when it was sent.

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use domain::access::Role;
use domain::id::{MemberId, QuestionnaireId, UnitId};
use domain::questionnaire as asked;
use operations::Error;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::results::Recipient;
use crate::api::factors::day;
use crate::api::outlook::Planned;
use crate::api::targets::read;
use crate::api::{ApiError, Caller, ErrorBody};
use crate::state::AppState;

/// Days before the due date at which a reminder comes unless said otherwise.
const REMIND_DAYS: u8 = 3;

/// A questionnaire as it is written.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct QuestionnaireDraft {
    #[schema(max_length = 100)]
    title: String,
    /// Words before the questions.
    #[serde(default)]
    #[schema(max_length = 2000)]
    introduction: String,
    /// Answers are asked for up to and including this day.
    #[schema(format = Date)]
    due_on: String,
    /// How many days before that a reminder comes, 3 unless said otherwise; one more comes on the day itself.
    #[schema(maximum = 30)]
    remind_days: Option<u8>,
    /// In their order.
    #[schema(min_items = 1, max_items = 30)]
    questions: Vec<NewQuestion>,
    /// Asked is everybody in these units and below,
    #[serde(default)]
    units: Vec<Uuid>,
    /// everybody who signs in with one of these roles (`rep`, `manager`, …),
    #[serde(default)]
    roles: Vec<String>,
    /// and these people.
    #[serde(default)]
    members: Vec<Uuid>,
}

/// A ready question by its name, or one in own words.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewQuestion {
    /// `market_trend`, `market_why`, `customers_more`, `customers_less`, `customers_new`, `competitor_pressure`,
    /// `competitor_moves`, `proposal`, `confidence` or `support`; left out for one in own words.
    #[schema(example = "proposal")]
    ready: Option<String>,
    /// The own words.
    #[schema(max_length = 300)]
    text: Option<String>,
    /// What kind of answer the own words want: `text`, `number`, `money`, `choice` or `scale`.
    #[schema(example = "text")]
    kind: Option<String>,
    /// Of a choice: 2 to 12 that differ.
    #[serde(default)]
    options: Vec<String>,
    /// Whether somebody has answered only when this is answered too.
    #[serde(default)]
    required: bool,
}

/// Who is asked; together they are everybody in any of the three.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct Whom {
    /// Everybody in these units and below.
    #[serde(default)]
    units: Vec<Uuid>,
    /// Everybody who signs in with one of these roles: `rep`, `manager`, …
    #[serde(default)]
    roles: Vec<String>,
    /// These people.
    #[serde(default)]
    members: Vec<Uuid>,
}

/// Another due date.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct Due {
    /// Today or later.
    #[schema(format = Date)]
    due_on: String,
}

/// A questionnaire that was written.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct WrittenDraft {
    id: Uuid,
    /// Whom it would be sent to today.
    members: Vec<Recipient>,
}

/// How asking more people went.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct Asked {
    /// People who are asked now and were not before.
    added: u32,
    /// How many of them were told; the others cannot sign in.
    told: u32,
    /// People who were asked already.
    already: u32,
}

/// Write a questionnaire
///
/// A draft about the planning that is named; nobody is told before it is sent.
#[utoipa::path(
    post,
    path = "/questionnaires",
    tag = "planning",
    params(Planned),
    request_body = QuestionnaireDraft,
    responses(
        (status = 201, description = "The draft was made.", body = WrittenDraft),
        (status = 400, description = "It cannot be asked like this.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version, or it is not for this caller.", body = ErrorBody),
    )
)]
pub(in crate::api) async fn create(
    State(state): State<AppState>,
    Caller(scope): Caller,
    planned: Result<Query<Planned>, QueryRejection>,
    draft: Result<Json<QuestionnaireDraft>, JsonRejection>,
) -> Result<(StatusCode, Json<WrittenDraft>), ApiError> {
    state.operations.may_plan(&scope)?;
    let query = Planned::query(planned)?;
    let draft = read(draft)?.try_into()?;
    let written = state
        .operations
        .write_questionnaire(&scope, &query, None, draft)
        .await?;
    Ok((StatusCode::CREATED, Json(written.into())))
}

/// Write a draft anew
#[utoipa::path(
    put,
    path = "/questionnaires/{questionnaire}",
    tag = "planning",
    params(("questionnaire" = Uuid, Path, description = "The draft.")),
    request_body = QuestionnaireDraft,
    responses(
        (status = 200, description = "The draft is so now.", body = WrittenDraft),
        (status = 400, description = "It cannot be asked like this.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "No such questionnaire, or not for this caller.", body = ErrorBody),
        (status = 409, description = "It was sent already.", body = ErrorBody),
    )
)]
pub(in crate::api) async fn change(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(id): Path<Uuid>,
    draft: Result<Json<QuestionnaireDraft>, JsonRejection>,
) -> Result<Json<WrittenDraft>, ApiError> {
    state.operations.may_plan(&scope)?;
    let draft = read(draft)?.try_into()?;
    // What it is about was said when it was made.
    let query = domain::assumption::PlanningQuery::default();
    let id = Some(QuestionnaireId(id));
    let written = state
        .operations
        .write_questionnaire(&scope, &query, id, draft)
        .await?;
    Ok(Json(written.into()))
}

/// Delete a draft
#[utoipa::path(
    delete,
    path = "/questionnaires/{questionnaire}",
    tag = "planning",
    params(("questionnaire" = Uuid, Path, description = "The draft.")),
    responses(
        (status = 204, description = "It is gone."),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "No such questionnaire, or not for this caller.", body = ErrorBody),
        (status = 409, description = "It was sent: it can be closed and not deleted.", body = ErrorBody),
    )
)]
pub(in crate::api) async fn delete(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, ApiError> {
    state
        .operations
        .delete_questionnaire(&scope, QuestionnaireId(id))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Give a questionnaire that was sent another due date
///
/// Its reminders follow.
#[utoipa::path(
    put,
    path = "/questionnaires/{questionnaire}/due",
    tag = "planning",
    params(("questionnaire" = Uuid, Path, description = "The questionnaire.")),
    request_body = Due,
    responses(
        (status = 204, description = "It is due then."),
        (status = 400, description = "No day, or one that is over.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "No such questionnaire, or not for this caller.", body = ErrorBody),
        (status = 409, description = "It was not sent yet, or is closed.", body = ErrorBody),
    )
)]
pub(in crate::api) async fn postpone(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(id): Path<Uuid>,
    due: Result<Json<Due>, JsonRejection>,
) -> Result<StatusCode, ApiError> {
    state.operations.may_plan(&scope)?;
    let due_on = day(&read(due)?.due_on, "due_on")?;
    state
        .operations
        .postpone_questionnaire(&scope, QuestionnaireId(id), due_on)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ask more people
///
/// Those who are not asked yet are, and they are told once.
#[utoipa::path(
    post,
    path = "/questionnaires/{questionnaire}/members",
    tag = "planning",
    params(("questionnaire" = Uuid, Path, description = "The questionnaire.")),
    request_body = Whom,
    responses(
        (status = 200, description = "Who is asked beside those who were.", body = Asked),
        (status = 400, description = "Somebody there is not.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "No such questionnaire, or not for this caller.", body = ErrorBody),
        (status = 409, description = "It was not sent yet, is overdue or closed, or nobody is chosen.", body = ErrorBody),
    )
)]
pub(in crate::api) async fn ask_more(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(id): Path<Uuid>,
    whom: Result<Json<Whom>, JsonRejection>,
) -> Result<Json<Asked>, ApiError> {
    state.operations.may_plan(&scope)?;
    let more = read(whom)?.try_into()?;
    let asked = state
        .operations
        .ask_more(&scope, QuestionnaireId(id), more)
        .await?;
    Ok(Json(Asked {
        added: asked.added,
        told: asked.told,
        already: asked.already,
    }))
}

impl TryFrom<QuestionnaireDraft> for asked::Draft {
    type Error = Error;

    fn try_from(draft: QuestionnaireDraft) -> Result<Self, Error> {
        let questions = (1..).zip(draft.questions).map(question);
        let whom = Whom {
            units: draft.units,
            roles: draft.roles,
            members: draft.members,
        };
        Ok(Self {
            title: draft.title,
            introduction: draft.introduction,
            due_on: day(&draft.due_on, "due_on")?,
            remind_days: draft.remind_days.unwrap_or(REMIND_DAYS),
            questions: questions.collect::<Result<_, _>>()?,
            audience: whom.try_into()?,
        })
    }
}

fn question((number, new): (usize, NewQuestion)) -> Result<asked::Question, Error> {
    let wrong = || {
        Error::invalid_field(
            "bad_question",
            "questions",
            format!(
                "第 {number} 个问题读不懂：写 ready（现成的问题），或 text 和 kind（text、number、money、choice、scale；choice 另写 options）。"
            ),
            format!(
                "Question {number} is not understood: give ready, or text and kind (text, number, money, choice, scale; a choice with options)."
            ),
        )
    };
    let wording = match (new.ready, new.text, new.kind.as_deref()) {
        (Some(ready), None, None) if new.options.is_empty() => {
            let of = asked::Ready::parse(&ready).ok_or_else(wrong)?;
            asked::Wording::Ready { of }
        }
        (None, Some(text), Some(kind)) => {
            let ask = match (kind, new.options.is_empty()) {
                ("text", true) => asked::Ask::Text,
                ("number", true) => asked::Ask::Number,
                ("money", true) => asked::Ask::Money,
                ("scale", true) => asked::Ask::Scale,
                ("choice", _) => asked::Ask::Choice { options: new.options },
                _ => return Err(wrong()),
            };
            asked::Wording::Own { text, ask }
        }
        _ => return Err(wrong()),
    };
    Ok(asked::Question {
        wording,
        required: new.required,
    })
}

impl TryFrom<Whom> for asked::Audience {
    type Error = Error;

    fn try_from(whom: Whom) -> Result<Self, Error> {
        let role = |name: String| {
            Role::parse(&name).ok_or_else(|| {
                Error::invalid_field(
                    "unknown_role",
                    "roles",
                    format!("没有“{name}”这个角色。可用：owner、planner、manager、rep、viewer。"),
                    format!(
                        "There is no role \"{name}\"; there are owner, planner, manager, rep and viewer."
                    ),
                )
            })
        };
        Ok(Self {
            units: whom.units.into_iter().map(UnitId).collect(),
            roles: whom.roles.into_iter().map(role).collect::<Result<_, _>>()?,
            members: whom.members.into_iter().map(MemberId).collect(),
        })
    }
}

impl From<asked::Written> for WrittenDraft {
    fn from(written: asked::Written) -> Self {
        Self {
            id: written.id.0,
            members: written.recipients.into_iter().map(Recipient::from).collect(),
        }
    }
}
