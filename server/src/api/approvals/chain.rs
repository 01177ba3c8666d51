//! `/api/v1/approvals/chain`: who approves, in which order.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use domain::access::Role;
use domain::approval::Approver;
use operations::Error;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::targets::read;
use crate::api::{ApiError, Caller, ErrorBody};
use crate::state::AppState;

/// The chain for what is handed in from now on.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct Chain {
    /// Its steps in their order; without any, nothing has to be approved.
    #[schema(max_items = 8)]
    steps: Vec<ChainStep>,
}

/// Who decides a step: an owner or planner, a role, or one person.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct ChainStep {
    /// `planners` (an owner or a planner), `role` or `person`.
    #[schema(example = "planners")]
    approver: String,
    /// Of a role: `owner`, `planner` or `manager`.
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<String>,
    /// Of a person: who signs in.
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<Uuid>,
}

impl From<Approver> for ChainStep {
    fn from(approver: Approver) -> Self {
        let (name, role, user) = match approver {
            Approver::Planners => ("planners", None, None),
            Approver::Role { role } => ("role", Some(role.as_str().to_owned()), None),
            Approver::Person { user } => ("person", None, Some(user.0)),
        };
        Self {
            approver: name.to_owned(),
            role,
            user,
        }
    }
}

impl TryFrom<ChainStep> for Approver {
    type Error = Error;

    fn try_from(step: ChainStep) -> Result<Self, Error> {
        match (step.approver.as_str(), step.role.as_deref(), step.user) {
            ("planners", None, None) => Ok(Self::Planners),
            ("role", Some(role), None) => {
                let role = Role::parse(role).ok_or_else(|| not_understood("role"))?;
                Ok(Self::Role { role })
            }
            ("person", None, Some(user)) => Ok(Self::Person { user: user.into() }),
            _ => Err(not_understood("steps")),
        }
    }
}

fn not_understood(field: &str) -> Error {
    Error::invalid_field(
        "bad_step",
        field,
        "每一步写成 {\"approver\":\"planners\"}、{\"approver\":\"role\",\"role\":\"owner\"} 或 {\"approver\":\"person\",\"user\":\"…\"}。",
        "A step is {\"approver\": \"planners\"}, {\"approver\": \"role\", \"role\": \"owner\"} or {\"approver\": \"person\", \"user\": \"…\"}.",
    )
}

/// The chain
#[utoipa::path(
    get,
    path = "/approvals/chain",
    tag = "approval",
    responses(
        (status = 200, description = "Who approves what is handed in from now on.", body = Chain),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "Not for this caller.", body = ErrorBody),
    )
)]
pub(in crate::api) async fn get_chain(
    State(state): State<AppState>,
    Caller(scope): Caller,
) -> Result<Json<Chain>, ApiError> {
    let chain = state.operations.approval_chain(&scope).await?;
    Ok(Json(Chain {
        steps: chain.steps.into_iter().map(ChainStep::from).collect(),
    }))
}

/// Choose the chain
///
/// What is in review keeps the steps it was handed in with.
#[utoipa::path(
    put,
    path = "/approvals/chain",
    tag = "approval",
    request_body = Chain,
    responses(
        (status = 204, description = "It holds for what is handed in from now on."),
        (status = 400, description = "A step that nobody can decide, or too many.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "Not for this caller.", body = ErrorBody),
    )
)]
pub(in crate::api) async fn set_chain(
    State(state): State<AppState>,
    Caller(scope): Caller,
    chain: Result<Json<Chain>, JsonRejection>,
) -> Result<StatusCode, ApiError> {
    state.operations.may_plan(&scope)?;
    let Chain { steps } = read(chain)?;
    let steps = steps
        .into_iter()
        .map(Approver::try_from)
        .collect::<Result<_, _>>()?;
    state.operations.set_approval_chain(&scope, steps).await?;
    Ok(StatusCode::NO_CONTENT)
}
