//! `/api/v1/versions/{version}/…`: the target of a version, its levels, its lines, and what it serves.

mod answer;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::id::VersionId;
use domain::level::{Given, Value};
use domain::line::LineBy;
use domain::money::Minor;
use domain::plan::PlanCommand;
use domain::target::{LineChange, NewPurpose};
use operations::Error;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ApiError, Caller, ErrorBody};
use crate::state::AppState;
use answer::Target;

/// A new total.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewTotal {
    /// The total in minor units, above 0.
    #[schema(minimum = 1, maximum = 1_000_000_000_000_000_i64)]
    total: i64,
    /// The number of the last command one has seen.
    head: u64,
    /// Why.
    reason: Option<String>,
}

/// The number of the last command.
#[derive(Serialize, ToSchema)]
pub(super) struct Head {
    pub(super) head: u64,
}

/// The levels; what is left out is not set.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Levels {
    floor: Option<LevelValue>,
    stretch: Option<LevelValue>,
    challenge: Option<LevelValue>,
}

/// A ratio of the target or an amount, one of the two.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LevelValue {
    /// In millionths of the target.
    #[schema(maximum = 100_000_000)]
    ratio_ppm: Option<u32>,
    /// In minor units.
    amount: Option<i64>,
}

impl LevelValue {
    /// What was asked for where more is asked beside it.
    pub(super) fn new(ratio_ppm: Option<u32>, amount: Option<i64>) -> Self {
        Self { ratio_ppm, amount }
    }
}

/// A change of a line: `set` with an amount, `lock`, `unlock`, `single_out` (a line of its own for something of the rest), or
/// `propose` (as history says, for the whole dimension).
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    /// Which.
    #[serde(rename = "change")]
    kind: ChangeKind,
    /// The line; not with `propose`.
    #[serde(default)]
    key: String,
    /// In minor units, with `set`.
    amount: Option<i64>,
}

#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ChangeKind {
    Set,
    Lock,
    Unlock,
    SingleOut,
    Propose,
}

/// What a target serves.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Serves {
    /// A plan or demand; blank takes it back.
    #[schema(max_length = 100)]
    name: String,
    /// How much that asks of this target, in minor units.
    asks: Option<i64>,
}

/// The target of a version
#[utoipa::path(
    get,
    path = "/versions/{version}/target",
    tag = "targets",
    params(("version" = Uuid, Path, description = "The version.")),
    responses(
        (status = 200, description = "The target with its chance, levels, parts and check.", body = Target),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version, or it is not for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn get(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(version): Path<Uuid>,
) -> Result<Json<Target>, ApiError> {
    let board = state.operations.target(&scope, VersionId(version)).await?;
    Ok(Json(board.into()))
}

/// Change the total of a draft
///
/// Everything below follows in proportion, within locks and bounds; it is a command of the version's log as any other.
#[utoipa::path(
    put,
    path = "/versions/{version}/target",
    tag = "targets",
    params(("version" = Uuid, Path, description = "The version.")),
    request_body = NewTotal,
    responses(
        (status = 200, description = "It was changed.", body = Head),
        (status = 400, description = "The body is not understood, or the total is not above 0 or too large.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version, or it is not for this caller.", body = ErrorBody),
        (status = 409, description = "The version is frozen or archived, or locks stand in the way.", body = ErrorBody),
    )
)]
pub(super) async fn put(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(version): Path<Uuid>,
    wanted: Result<Json<NewTotal>, JsonRejection>,
) -> Result<Json<Head>, ApiError> {
    state.operations.may_plan(&scope)?;
    let NewTotal { total, head, reason } = read(wanted)?;
    let command = PlanCommand::SetTotal {
        amount: Minor(total),
        seasons: Vec::new(),
        reason,
    };
    let head = state
        .operations
        .decide(&scope, VersionId(version), head, command)
        .await?;
    Ok(Json(Head { head }))
}

/// Decide the levels of a draft
#[utoipa::path(
    put,
    path = "/versions/{version}/levels",
    tag = "targets",
    params(("version" = Uuid, Path, description = "The version.")),
    request_body = Levels,
    responses(
        (status = 204, description = "They are decided."),
        (status = 400, description = "The body is not understood.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version, or it is not for this caller.", body = ErrorBody),
        (status = 409, description = "The version is frozen or archived, or the levels are out of order.", body = ErrorBody),
    )
)]
pub(super) async fn levels(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(version): Path<Uuid>,
    wanted: Result<Json<Levels>, JsonRejection>,
) -> Result<StatusCode, ApiError> {
    state.operations.may_plan(&scope)?;
    let Levels {
        floor,
        stretch,
        challenge,
    } = read(wanted)?;
    let given = Given {
        floor: value(floor, "floor")?,
        stretch: value(stretch, "stretch")?,
        challenge: value(challenge, "challenge")?,
    };
    state
        .operations
        .set_levels(&scope, VersionId(version), given)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Change a line of a draft
///
/// The other lines of the dimension give and take in proportion to what they have; locked ones stay.
#[utoipa::path(
    put,
    path = "/versions/{version}/lines/{by}",
    tag = "targets",
    params(
        ("version" = Uuid, Path, description = "The version."),
        ("by" = String, Path, description = "`product`, `category`, `channel` or `account`."),
    ),
    request_body = Change,
    responses(
        (status = 204, description = "It is changed."),
        (status = 400, description = "The body is not understood.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version or dimension, or it is not for this caller.", body = ErrorBody),
        (status = 409, description = "The version is frozen or archived, or the lines cannot be met.", body = ErrorBody),
    )
)]
pub(super) async fn lines(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path((version, by)): Path<(Uuid, String)>,
    wanted: Result<Json<Change>, JsonRejection>,
) -> Result<StatusCode, ApiError> {
    state.operations.may_plan(&scope)?;
    let by = LineBy::parse(&by).ok_or_else(ApiError::nothing)?;
    let Change { kind, key, amount } = read(wanted)?;
    let change = match kind {
        ChangeKind::Set => LineChange::Set {
            key,
            amount: Minor(amount.ok_or_else(|| not_understood("amount"))?),
        },
        ChangeKind::Lock => LineChange::Lock { key, locked: true },
        ChangeKind::Unlock => LineChange::Lock { key, locked: false },
        ChangeKind::SingleOut => LineChange::SingleOut { key },
        ChangeKind::Propose => LineChange::Propose,
    };
    state
        .operations
        .change_line(&scope, VersionId(version), by, change)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Say what the target of a draft serves
#[utoipa::path(
    put,
    path = "/versions/{version}/purpose",
    tag = "targets",
    params(("version" = Uuid, Path, description = "The version.")),
    request_body = Serves,
    responses(
        (status = 204, description = "It is said."),
        (status = 400, description = "The body is not understood.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version, or it is not for this caller.", body = ErrorBody),
        (status = 409, description = "The version is frozen or archived.", body = ErrorBody),
    )
)]
pub(super) async fn purpose(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(version): Path<Uuid>,
    wanted: Result<Json<Serves>, JsonRejection>,
) -> Result<StatusCode, ApiError> {
    state.operations.may_plan(&scope)?;
    let Serves { name, asks } = read(wanted)?;
    let purpose = NewPurpose {
        name,
        asks: asks.map(Minor),
    };
    state
        .operations
        .set_purpose(&scope, VersionId(version), purpose)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A body, or why it is not understood.
pub(super) fn read<T>(body: Result<Json<T>, JsonRejection>) -> Result<T, Error> {
    body.map(|Json(body)| body).map_err(|rejection| {
        Error::invalid(
            "body",
            "请求内容读不懂，请对照接口说明检查字段和类型。",
            format!("The body is not understood; see the description of the interface ({rejection})."),
        )
    })
}

/// A level as it was asked for.
pub(super) fn value(given: Option<LevelValue>, field: &str) -> Result<Option<Value>, Error> {
    match given {
        None => Ok(None),
        Some(LevelValue {
            ratio_ppm: Some(ppm),
            amount: None,
        }) => Ok(Some(Value::Ratio { ppm })),
        Some(LevelValue {
            ratio_ppm: None,
            amount: Some(amount),
        }) => Ok(Some(Value::Amount {
            amount: Minor(amount),
        })),
        Some(_) => Err(not_understood(field)),
    }
}

fn not_understood(field: &str) -> Error {
    Error::invalid_field(
        "body",
        field,
        format!("{field} 缺少或多余：比例和金额只写其一，设定一行时须写金额。"),
        format!(
            "{field} is missing or too much: a ratio or an amount, one of the two; setting a line takes an amount."
        ),
    )
}
