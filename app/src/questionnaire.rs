//! Questionnaires: written, sent and read by those who plan, answered by members on a phone. Answering is a plain form that
//! also keeps each answer as one goes.

pub mod acts;
pub mod asking;
pub mod desk;
pub mod edit;
pub mod extend;
pub mod field;
pub mod form;
pub mod own;
pub mod results;
pub mod shown;
pub mod sum;
pub mod turn;
pub mod whom;

use std::collections::BTreeMap;

use domain::assumption::{Planning, PlanningQuery};
use domain::calendar::Day;
use domain::format;
use domain::id::QuestionnaireId;
use domain::questionnaire::{
    AskedMore, Audience, Desk, Draft, Form, Given, OwnRow, Reminded, Results, Saved, Written,
};
use leptos::prelude::*;
use leptos_router::params::ParamsMap;

use crate::error::AppError;
use crate::words::{Words, lang, t_string};

pub(crate) use desk::QuestionnairesPage;
pub(crate) use form::QuestionnairePage;
pub(crate) use own::OwnQuestionnairesPage;
pub(crate) use sum::Sum;

/// The questionnaires within reach, and what is needed to write one.
#[server(prefix = "/api/app", endpoint = "questionnaire/desk", input = server_fn::codec::Json)]
pub async fn load_desk(query: PlanningQuery) -> Result<Desk, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.questionnaires(&scope, &query).await)
}

/// Writes a draft, a new one without an id.
#[server(prefix = "/api/app", endpoint = "questionnaire/write", input = server_fn::codec::Json)]
pub async fn write_draft(
    query: PlanningQuery,
    id: Option<QuestionnaireId>,
    draft: Draft,
) -> Result<Written, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.write_questionnaire(&scope, &query, id, draft).await)
}

/// Sends a draft.
#[server(prefix = "/api/app", endpoint = "questionnaire/send", input = server_fn::codec::Json)]
pub async fn send_draft(id: QuestionnaireId) -> Result<(), AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.send_questionnaire(&scope, id).await)
}

/// Reminds whoever has not answered.
#[server(prefix = "/api/app", endpoint = "questionnaire/remind", input = server_fn::codec::Json)]
pub async fn remind(id: QuestionnaireId) -> Result<Reminded, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.remind_questionnaire(&scope, id).await)
}

/// Gives a questionnaire that was sent another due date.
#[server(prefix = "/api/app", endpoint = "questionnaire/postpone", input = server_fn::codec::Json)]
pub async fn postpone(id: QuestionnaireId, due_on: Day) -> Result<(), AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.postpone_questionnaire(&scope, id, due_on).await)
}

/// Asks more people.
#[server(prefix = "/api/app", endpoint = "questionnaire/ask-more", input = server_fn::codec::Json)]
pub async fn ask_more(id: QuestionnaireId, more: Audience) -> Result<AskedMore, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.ask_more(&scope, id, more).await)
}

/// What one is asked oneself.
#[server(prefix = "/api/app", endpoint = "questionnaire/own", input = server_fn::codec::Json)]
pub async fn load_own() -> Result<Vec<OwnRow>, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.own_questionnaires(&scope).await)
}

/// Closes a questionnaire.
#[server(prefix = "/api/app", endpoint = "questionnaire/close", input = server_fn::codec::Json)]
pub async fn close(id: QuestionnaireId) -> Result<(), AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.close_questionnaire(&scope, id).await)
}

/// Deletes a draft.
#[server(prefix = "/api/app", endpoint = "questionnaire/delete", input = server_fn::codec::Json)]
pub async fn delete_draft(id: QuestionnaireId) -> Result<(), AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.delete_questionnaire(&scope, id).await)
}

/// Who has answered, and what.
#[server(prefix = "/api/app", endpoint = "questionnaire/results", input = server_fn::codec::Json)]
pub async fn load_results(id: QuestionnaireId) -> Result<Results, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.questionnaire_results(&scope, id).await)
}

/// The own form.
#[server(prefix = "/api/app", endpoint = "questionnaire/form", input = server_fn::codec::Json)]
pub async fn load_form(id: QuestionnaireId) -> Result<Form, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.questionnaire_form(&scope, id).await)
}

/// Keeps one answer.
#[server(prefix = "/api/app", endpoint = "questionnaire/reply", input = server_fn::codec::Json)]
pub async fn keep_reply(id: QuestionnaireId, given: Given) -> Result<Saved, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.answer_questionnaire(&scope, id, vec![given]).await)
}

/// Keeps all answers of a plain form, whose fields are called `answers[q0]` and `reasons[q0]`.
#[server(prefix = "/api/app", endpoint = "questionnaire/reply-all")]
pub async fn keep_replies(
    id: QuestionnaireId,
    #[server(default)] answers: BTreeMap<String, String>,
    #[server(default)] reasons: BTreeMap<String, String>,
) -> Result<Saved, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(
        operations
            .answer_questionnaire(&scope, id, given(answers, reasons))
            .await,
    )
}

/// The answers of a plain form; a field of another name is none.
#[cfg(feature = "ssr")]
fn given(answers: BTreeMap<String, String>, mut reasons: BTreeMap<String, String>) -> Vec<Given> {
    answers
        .into_iter()
        .filter_map(|(name, value)| {
            let question = name.strip_prefix('q')?.parse().ok()?;
            let reason = reasons.remove(&name).unwrap_or_default();
            Some(Given {
                question,
                value,
                reason,
            })
        })
        .collect()
}

/// Which planning the address asks for.
pub(crate) fn planning_query(map: &ParamsMap) -> PlanningQuery {
    PlanningQuery {
        version: map.get("version").and_then(|id| id.parse().ok()),
        period: map.get("period"),
    }
}

/// What a planning is called in a page's head.
pub(crate) fn planning_name(planning: &Planning, i18n: Words) -> String {
    let lang = lang(i18n.get_locale());
    let days = match &planning.period {
        Some(period) => format::period(period, lang),
        None => format::range(planning.span.starts_on, planning.span.ends_on, lang),
    };
    match &planning.version {
        Some(version) => format!("{days} · {} {}", version.plan_name, version.name),
        None => format!("{days} · {}", t_string!(i18n, questionnaire.no_version)),
    }
}
