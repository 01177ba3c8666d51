//! `/api/v1/scenarios` and what is done with a version as a scenario.

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use domain::id::{PlanId, VersionId};
use domain::scenario as known;
use operations::Error;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::targets::read;
use super::{ApiError, Caller, ErrorBody};
use crate::state::AppState;

/// Whose scenarios.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Whose {
    /// The plan; the one in work without it.
    plan: Option<Uuid>,
}

/// What to compare.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Two to four versions of one plan, joined by commas; the others are held against the first.
    versions: String,
}

/// The scenarios of a plan. Amounts are in minor units.
#[derive(Serialize, ToSchema)]
pub(super) struct Scenarios {
    /// The plan; null where there is none.
    plan: Option<Uuid>,
    /// What it is called.
    name: String,
    /// Its versions, the latest first.
    versions: Vec<Scenario>,
}

/// A version.
#[derive(Serialize, ToSchema)]
struct Scenario {
    version: Uuid,
    /// Counts from 1 within the plan.
    number: u32,
    name: String,
    /// `draft`, `published`, or `archived` for what is no longer plan of record.
    status: String,
    /// When the draft was archived, milliseconds since the epoch; null where it is in use.
    shelved_at_ms: Option<i64>,
    /// The number of the version it was branched from.
    branched_from: Option<u32>,
    total: i64,
}

/// Versions side by side. Amounts are in minor units; each list is in the order of the versions.
#[derive(Serialize, ToSchema)]
pub(super) struct Comparison {
    plan: Uuid,
    /// ISO 4217 code.
    currency: String,
    versions: Vec<Compared>,
    /// The quarters of the plan.
    #[schema(example = json!(["2027-Q1"]))]
    quarters: Vec<String>,
    /// Units and people directly below the whole.
    units: Vec<ComparedUnit>,
    /// Assumptions that differ.
    assumptions: Vec<Assumption>,
}

/// A version in a comparison.
#[derive(Serialize, ToSchema)]
struct Compared {
    version: Uuid,
    number: u32,
    name: String,
    total: i64,
    /// Against the first.
    difference: i64,
    /// The chance that it is reached, 0 to 1; null where there is too little history.
    chance: Option<f64>,
    p10: Option<i64>,
    p50: Option<i64>,
    p90: Option<i64>,
    quarters: Vec<i64>,
}

/// A unit or person in a comparison.
#[derive(Serialize, ToSchema)]
struct ComparedUnit {
    name: String,
    /// Its part in each version; null where that does not have it.
    amounts: Vec<Option<i64>>,
}

/// An assumption that differs.
#[derive(Serialize, ToSchema)]
struct Assumption {
    /// `factor`, `left_out`, `line` or `purpose`.
    kind: String,
    name: String,
    /// Whether each version has it.
    in_version: Vec<bool>,
}

/// A name.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Named {
    #[schema(max_length = 100)]
    name: String,
}

/// A new scenario.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewScenario {
    /// What it is called; by its number without.
    #[schema(max_length = 100)]
    name: Option<String>,
}

/// What was made.
#[derive(Serialize, ToSchema)]
pub(super) struct Made {
    version: Uuid,
}

/// The scenarios of a plan
#[utoipa::path(
    get,
    path = "/scenarios",
    tag = "scenarios",
    params(Whose),
    responses(
        (status = 200, description = "Its versions, archived drafts too.", body = Scenarios),
        (status = 400, description = "A parameter is not understood.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such plan, or it is not for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn list(
    State(state): State<AppState>,
    Caller(scope): Caller,
    asked: Result<Query<Whose>, QueryRejection>,
) -> Result<Json<Scenarios>, ApiError> {
    state.operations.may_plan(&scope)?;
    let Query(Whose { plan }) = asked.map_err(|rejection| not_understood(&rejection))?;
    let found = state.operations.scenarios(&scope, plan.map(PlanId), None).await?;
    Ok(Json(found.into()))
}

/// Compare scenarios
#[utoipa::path(
    get,
    path = "/scenarios/compare",
    tag = "scenarios",
    params(Which),
    responses(
        (status = 200, description = "Them side by side.", body = Comparison),
        (status = 400, description = "Not two to four different versions of one plan.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version, or it is not for this caller.", body = ErrorBody),
        (status = 409, description = "One of them is archived.", body = ErrorBody),
    )
)]
pub(super) async fn compare(
    State(state): State<AppState>,
    Caller(scope): Caller,
    asked: Result<Query<Which>, QueryRejection>,
) -> Result<Json<Comparison>, ApiError> {
    state.operations.may_plan(&scope)?;
    let Query(Which { versions }) = asked.map_err(|rejection| not_understood(&rejection))?;
    let versions: Vec<VersionId> = versions
        .split(',')
        .map(|id| id.trim().parse::<VersionId>())
        .collect::<Result<_, _>>()
        .map_err(|error| not_understood(&error))?;
    let comparison = state.operations.compare_versions(&scope, &versions).await?;
    Ok(Json(comparison.into()))
}

/// Branch a scenario from a version
#[utoipa::path(
    post,
    path = "/versions/{version}/branch",
    tag = "scenarios",
    params(("version" = Uuid, Path, description = "The version it starts from.")),
    request_body = NewScenario,
    responses(
        (status = 201, description = "It was made, with the numbers and the assumptions of the version.", body = Made),
        (status = 400, description = "The body is not understood.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version, or it is not for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn branch(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(version): Path<Uuid>,
    wanted: Result<Json<NewScenario>, JsonRejection>,
) -> Result<(StatusCode, Json<Made>), ApiError> {
    state.operations.may_plan(&scope)?;
    let NewScenario { name } = read(wanted)?;
    let made = state
        .operations
        .branch_version(&scope, VersionId(version), name.as_deref())
        .await?;
    let made = Made {
        version: made.version.0,
    };
    Ok((StatusCode::CREATED, Json(made)))
}

/// Rename a draft
#[utoipa::path(
    put,
    path = "/versions/{version}/name",
    tag = "scenarios",
    params(("version" = Uuid, Path, description = "The version.")),
    request_body = Named,
    responses(
        (status = 204, description = "It is called so."),
        (status = 400, description = "No name, or one that another version of the plan has.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version, or it is not for this caller.", body = ErrorBody),
        (status = 409, description = "The version was published.", body = ErrorBody),
    )
)]
pub(super) async fn rename(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(version): Path<Uuid>,
    wanted: Result<Json<Named>, JsonRejection>,
) -> Result<StatusCode, ApiError> {
    state.operations.may_plan(&scope)?;
    let Named { name } = read(wanted)?;
    state
        .operations
        .rename_version(&scope, VersionId(version), &name)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Archive a draft
///
/// It leaves the lists and does not change any more; nothing of it is lost.
#[utoipa::path(
    post,
    path = "/versions/{version}/archive",
    tag = "scenarios",
    params(("version" = Uuid, Path, description = "The version.")),
    responses(
        (status = 204, description = "It is archived."),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version, or it is not for this caller.", body = ErrorBody),
        (status = 409, description = "It is no draft, or archived already.", body = ErrorBody),
    )
)]
pub(super) async fn archive(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(version): Path<Uuid>,
) -> Result<StatusCode, ApiError> {
    state
        .operations
        .shelve_version(&scope, VersionId(version))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Restore an archived draft
#[utoipa::path(
    post,
    path = "/versions/{version}/restore",
    tag = "scenarios",
    params(("version" = Uuid, Path, description = "The version.")),
    responses(
        (status = 204, description = "It is in use again."),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version, or it is not for this caller.", body = ErrorBody),
        (status = 409, description = "It is not archived.", body = ErrorBody),
    )
)]
pub(super) async fn restore(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(version): Path<Uuid>,
) -> Result<StatusCode, ApiError> {
    state
        .operations
        .restore_version(&scope, VersionId(version))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

fn not_understood(rejection: &impl std::fmt::Display) -> Error {
    Error::invalid(
        "parameters",
        "参数读不懂：plan 为计划的 id，versions 为用逗号连接的 2 到 4 个版本 id。",
        format!(
            "Parameters are not understood: plan is the id of a plan, versions are two to four ids joined by commas ({rejection})."
        ),
    )
}

impl From<Option<known::PlanScenarios>> for Scenarios {
    fn from(found: Option<known::PlanScenarios>) -> Self {
        let Some(found) = found else {
            return Self {
                plan: None,
                name: String::new(),
                versions: Vec::new(),
            };
        };
        Self {
            plan: Some(found.plan.0),
            name: found.name,
            versions: found
                .scenarios
                .into_iter()
                .map(|row| Scenario {
                    version: row.version.id.0,
                    number: row.version.number,
                    name: row.version.name,
                    status: row.version.status.as_str().to_owned(),
                    shelved_at_ms: row.shelved_at_ms,
                    branched_from: row.branched_from,
                    total: row.total.0,
                })
                .collect(),
        }
    }
}

impl From<known::Comparison> for Comparison {
    fn from(found: known::Comparison) -> Self {
        let first = found.columns.first().map_or(0, |column| column.total.0);
        Self {
            plan: found.plan.0,
            currency: found.currency.code,
            versions: found
                .columns
                .into_iter()
                .map(|column| {
                    let law = column.outlook.as_ref();
                    Compared {
                        version: column.version.0,
                        number: column.number,
                        total: column.total.0,
                        difference: column.total.0 - first,
                        chance: law.map(|law| law.chance_of(column.total)),
                        p10: law.map(|law| law.p10().0),
                        p50: law.map(|law| law.p50().0),
                        p90: law.map(|law| law.p90().0),
                        quarters: column.quarters.iter().map(|amount| amount.0).collect(),
                        name: column.name,
                    }
                })
                .collect(),
            quarters: found.quarters.into_iter().map(|quarter| quarter.name).collect(),
            units: found
                .units
                .into_iter()
                .map(|unit| ComparedUnit {
                    name: unit.name,
                    amounts: unit
                        .amounts
                        .into_iter()
                        .map(|amount| amount.map(|amount| amount.0))
                        .collect(),
                })
                .collect(),
            assumptions: found
                .assumptions
                .into_iter()
                .map(|row| Assumption {
                    kind: row.kind.as_str().to_owned(),
                    name: row.name,
                    in_version: row.said.iter().map(Option::is_some).collect(),
                })
                .collect(),
        }
    }
}
