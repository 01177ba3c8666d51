//! `/api/v1/negotiations`: threads on single numbers, what was agreed in them, and the pulse of confirmed numbers.

mod answer;

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use domain::id::{NegotiationId, VersionId};
use domain::money::Minor;
use domain::negotiation::{About, MoveKind, Subject};
use domain::plan::{Give, GiveWay, NodeIndex};
use operations::{Ask, Error, Step};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::remarks::no_period;
use super::targets::read;
use super::{ApiError, Caller, ErrorBody};
use crate::state::AppState;
use answer::{EnteredNumbers, Negotiation, UnitVoice};

/// Whose negotiations.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Of {
    /// The version; left out, those of the numbers that the caller carries.
    version: Option<Uuid>,
}

/// How agreed numbers are entered.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    /// Whether the siblings give, so that the totals above stay; left out or false, the totals above follow.
    siblings: Option<bool>,
}

/// A proposal of another number.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NumberProposal {
    version: Uuid,
    /// The row, by its place in the whole version.
    row: u32,
    /// The period of the row, or a quarter of it (`2027-Q1`) where the plan is in months; left out, its total.
    #[schema(example = "2027-01")]
    period: Option<String>,
    /// What it should be, in minor units.
    #[schema(minimum = 0, maximum = 1_000_000_000_000_000_i64)]
    amount: i64,
    /// Why.
    #[schema(max_length = 1000)]
    words: Option<String>,
}

/// The negotiation that began.
#[derive(Serialize, ToSchema)]
pub(super) struct NegotiationMade {
    negotiation: Uuid,
}

/// A move of the side whose turn it is; `withdraw` at any time, by the side that began.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NextMove {
    /// What is done.
    act: MoveAct,
    /// With `counter`, in minor units.
    amount: Option<i64>,
    /// Why; needed to decline and to escalate.
    #[schema(max_length = 1000)]
    words: Option<String>,
    /// Who gives where agreeing changes a draft: the siblings unless said otherwise.
    give: Option<Giver>,
}

#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum MoveAct {
    Counter,
    Agree,
    Decline,
    Escalate,
    Withdraw,
}

#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Giver {
    Siblings,
    ParentGrows,
    Hedge,
}

/// Another deadline.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewDeadline {
    /// Today or later, within a year.
    #[schema(example = "2027-03-01")]
    due_on: String,
}

/// What is negotiated
///
/// Those the caller takes part in: as who carries a number, as a leader above it, or as somebody who plans.
#[utoipa::path(
    get,
    path = "/negotiations",
    tag = "negotiation",
    params(Of),
    responses(
        (status = 200, description = "What waits for the caller first, then what is open, then the latest.", body = Vec<Negotiation>),
        (status = 400, description = "The query is not understood.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version, or it is not for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn list(
    State(state): State<AppState>,
    Caller(scope): Caller,
    of: Result<Query<Of>, QueryRejection>,
) -> Result<Json<Vec<Negotiation>>, ApiError> {
    state.operations.may_negotiate(&scope)?;
    let Query(of) = of.map_err(|rejection| query_refused(&rejection))?;
    let talks = match of.version {
        Some(version) => {
            state
                .operations
                .negotiations(&scope, VersionId(version))
                .await?
                .talks
        }
        None => state.operations.own_negotiations(&scope).await?,
    };
    Ok(Json(talks.into_iter().map(Negotiation::from).collect()))
}

/// Propose another number
///
/// The other side is told, and has five working days.
#[utoipa::path(
    post,
    path = "/negotiations",
    tag = "negotiation",
    request_body = NumberProposal,
    responses(
        (status = 201, description = "It has begun.", body = NegotiationMade),
        (status = 400, description = "No such period, or an amount that cannot be asked for.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version or row, or it is not for this caller.", body = ErrorBody),
        (status = 409, description = "The number is being negotiated already, or nobody carries it.", body = ErrorBody),
    )
)]
pub(super) async fn propose(
    State(state): State<AppState>,
    Caller(scope): Caller,
    proposal: Result<Json<NumberProposal>, JsonRejection>,
) -> Result<(StatusCode, Json<NegotiationMade>), ApiError> {
    state.operations.may_negotiate(&scope)?;
    let proposal = read(proposal)?;
    let version = VersionId(proposal.version);
    let subject = match &proposal.period {
        None => Subject::Total,
        Some(name) => {
            let parts = state.operations.negotiated_parts(&scope, version).await?;
            let found = parts.iter().find(|(_, period)| period.name == *name);
            let found = found.map(|(subject, _)| *subject);
            found.ok_or_else(|| {
                let periods = parts
                    .iter()
                    .filter(|(subject, _)| matches!(subject, Subject::Period(_)));
                let names: Vec<String> = periods.map(|(_, period)| period.name.clone()).collect();
                no_period(name, &names)
            })?
        }
    };
    let row = NodeIndex(proposal.row);
    let id = state
        .operations
        .begin_negotiation(
            &scope,
            version,
            About::Row { row, subject },
            Ask::Minor(Minor(proposal.amount)),
            proposal.words.as_deref(),
        )
        .await?;
    Ok((StatusCode::CREATED, Json(NegotiationMade { negotiation: id.0 })))
}

/// Answer, agree, decline, escalate or withdraw
///
/// Where whoever plans agrees on a number of a draft, the draft has it from then on.
#[utoipa::path(
    post,
    path = "/negotiations/{negotiation}/moves",
    tag = "negotiation",
    params(("negotiation" = Uuid, Path, description = "The negotiation.")),
    request_body = NextMove,
    responses(
        (status = 204, description = "It is done."),
        (status = 400, description = "No words or no amount where they are needed, or an amount that cannot be asked for.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such negotiation, or it is not for this caller.", body = ErrorBody),
        (status = 409, description = "It is not the caller's turn, it has ended, or the draft cannot have the number.", body = ErrorBody),
    )
)]
pub(super) async fn act(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(negotiation): Path<Uuid>,
    wanted: Result<Json<NextMove>, JsonRejection>,
) -> Result<StatusCode, ApiError> {
    state.operations.may_negotiate(&scope)?;
    let wanted = read(wanted)?;
    let step = Step {
        act: match wanted.act {
            MoveAct::Counter => MoveKind::Counter,
            MoveAct::Agree => MoveKind::Agree,
            MoveAct::Decline => MoveKind::Decline,
            MoveAct::Escalate => MoveKind::Escalate,
            MoveAct::Withdraw => MoveKind::Withdraw,
        },
        amount: wanted.amount.map(|amount| Ask::Minor(Minor(amount))),
        words: wanted.words,
        give: match wanted.give {
            None | Some(Giver::Siblings) => Give::Siblings,
            Some(Giver::ParentGrows) => Give::ParentGrows,
            Some(Giver::Hedge) => Give::Hedge,
        },
    };
    state
        .operations
        .negotiate(&scope, NegotiationId(negotiation), step)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Give another deadline
///
/// For the plan side.
#[utoipa::path(
    put,
    path = "/negotiations/{negotiation}/due",
    tag = "negotiation",
    params(("negotiation" = Uuid, Path, description = "The negotiation.")),
    request_body = NewDeadline,
    responses(
        (status = 204, description = "It is due then."),
        (status = 400, description = "No such day, one that is over, or one too far away.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such negotiation, or it is not for this caller.", body = ErrorBody),
        (status = 409, description = "It has ended, or the deadline is the other side's.", body = ErrorBody),
    )
)]
pub(super) async fn postpone(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(negotiation): Path<Uuid>,
    wanted: Result<Json<NewDeadline>, JsonRejection>,
) -> Result<StatusCode, ApiError> {
    state.operations.may_negotiate(&scope)?;
    let NewDeadline { due_on } = read(wanted)?;
    state
        .operations
        .postpone_negotiation(&scope, NegotiationId(negotiation), &due_on)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Enter the agreed numbers
///
/// Every number that was agreed on in a draft, or in what it came from, as one step that can be undone.
#[utoipa::path(
    post,
    path = "/versions/{version}/agreed",
    tag = "negotiation",
    params(("version" = Uuid, Path, description = "The draft."), Entry),
    responses(
        (status = 200, description = "How many were entered, and what stood in the way of others.", body = EnteredNumbers),
        (status = 400, description = "The query is not understood.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version, or it is not for this caller.", body = ErrorBody),
        (status = 409, description = "No draft, or nothing is left to enter.", body = ErrorBody),
    )
)]
pub(super) async fn enter(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(version): Path<Uuid>,
    how: Result<Query<Entry>, QueryRejection>,
) -> Result<Json<EnteredNumbers>, ApiError> {
    state.operations.may_negotiate(&scope)?;
    let Query(how) = how.map_err(|rejection| entry_refused(&rejection))?;
    let gives = if how.siblings == Some(true) {
        GiveWay::Siblings
    } else {
        GiveWay::Above
    };
    let entered = state
        .operations
        .enter_agreed(&scope, VersionId(version), gives, None)
        .await?;
    Ok(Json(entered.into()))
}

/// How fair the numbers of a version are called
///
/// By unit, for groups of five people and more, without names. Units of which a difference would tell of fewer are left out.
#[utoipa::path(
    get,
    path = "/versions/{version}/pulse",
    tag = "negotiation",
    params(("version" = Uuid, Path, description = "The version.")),
    responses(
        (status = 200, description = "The units, the highest first.", body = Vec<UnitVoice>),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version, or it is not for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn pulse(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(version): Path<Uuid>,
) -> Result<Json<Vec<UnitVoice>>, ApiError> {
    let units = state.operations.pulse(&scope, VersionId(version)).await?;
    Ok(Json(units.into_iter().map(UnitVoice::from).collect()))
}

fn query_refused(rejection: &QueryRejection) -> Error {
    Error::invalid(
        "parameters",
        "参数读不懂：可用 version，没有别的参数。",
        format!("Parameters are not understood: version is possible ({rejection})."),
    )
}

fn entry_refused(rejection: &QueryRejection) -> Error {
    Error::invalid(
        "parameters",
        "参数读不懂：可用 siblings（true 或 false），没有别的参数。",
        format!("Parameters are not understood: siblings (true or false) is possible ({rejection})."),
    )
}
