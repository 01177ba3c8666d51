//! `/api/v1/versions/{version}/…`: the target of a version, its levels, its lines, and what it serves.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::format::Lang;
use domain::id::VersionId;
use domain::level::{Given, Level, Value};
use domain::line::LineBy;
use domain::money::{Currency, Minor};
use domain::plan::PlanCommand;
use domain::target::{LineChange, NewPurpose, TargetBoard};
use operations::Error;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ApiError, Caller, ErrorBody};
use crate::state::AppState;

/// The target of a version. Amounts are in minor units.
#[derive(Serialize, ToSchema)]
pub(super) struct Target {
    /// ISO 4217 code.
    currency: String,
    /// The number of the version's last command: what a change is made on.
    head: u64,
    /// Whether it may be changed: a draft that is not archived.
    open: bool,
    /// The target.
    total: i64,
    /// What is booked within its days already.
    booked: i64,
    /// The same days a year before; null where nothing is known of them.
    last_year: Option<i64>,
    /// The chance that it is reached, 0 to 1; null where there is too little history.
    chance: Option<f64>,
    /// Where it sits in the outlook: 93 is P93.
    percentile: Option<f64>,
    /// Floor, target, stretch, challenge.
    levels: Vec<LevelOf>,
    /// Its periods in order.
    periods: Vec<PeriodOf>,
    /// Its parts by line; those of every dimension sum to the target.
    lines: Vec<LinesOf>,
    /// What it serves; null where nothing is known of that.
    serves: Option<String>,
    /// The SMART check, a finding for each letter.
    smart: Vec<LetterOf>,
}

/// A level.
#[derive(Serialize, ToSchema)]
struct LevelOf {
    level: String,
    /// Its ratio of the target in millionths, where it was decided as one.
    ratio_ppm: Option<u32>,
    /// Its amount; null where nobody decided it.
    amount: Option<i64>,
    /// The chance that it is reached, 0 to 1.
    chance: Option<f64>,
}

/// A period of the plan.
#[derive(Serialize, ToSchema)]
struct PeriodOf {
    #[schema(example = "2027-01")]
    name: String,
    amount: i64,
}

/// The parts by one dimension.
#[derive(Serialize, ToSchema)]
struct LinesOf {
    /// `product`, `category`, `channel` or `account`.
    by: String,
    /// Whether they are as history proposes.
    proposed: bool,
    lines: Vec<LineOf>,
}

/// A line.
#[derive(Serialize, ToSchema)]
struct LineOf {
    /// The id; empty for what has none, `rest` for everything else.
    key: String,
    name: String,
    /// What it brought in the year before, one-off deals left out.
    history: i64,
    amount: i64,
    /// Whether it stays when others change.
    locked: bool,
}

/// What a letter of the check comes to.
#[derive(Serialize, ToSchema)]
struct LetterOf {
    #[schema(example = "achievable")]
    letter: String,
    /// Whether it holds.
    holds: bool,
    /// What is wrong and what would mend it, in English.
    faults: Vec<FaultOf>,
}

/// A fault.
#[derive(Serialize, ToSchema)]
struct FaultOf {
    wrong: String,
    mend: String,
}

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
    head: u64,
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
struct LevelValue {
    /// In millionths of the target.
    #[schema(maximum = 100_000_000)]
    ratio_ppm: Option<u32>,
    /// In minor units.
    amount: Option<i64>,
}

/// A change of a line: `set` with an amount, `lock`, `unlock`, `single_out` (a line of its own for something of the rest), or
/// `propose` (as history says, for the whole dimension).
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    change: ChangeKind,
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
    let Change { change, key, amount } = read(wanted)?;
    let change = match change {
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

fn value(given: Option<LevelValue>, field: &str) -> Result<Option<Value>, Error> {
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

impl From<TargetBoard> for Target {
    fn from(board: TargetBoard) -> Self {
        let (chance, percentile) = (board.chance(board.total), board.percentile(board.total));
        let levels = board
            .levels
            .iter()
            .map(|row| LevelOf {
                level: row.level.as_str().to_owned(),
                ratio_ppm: match (row.level, row.value) {
                    (Level::Target, _) => Some(1_000_000),
                    (_, Some(Value::Ratio { ppm })) => Some(ppm),
                    _ => None,
                },
                amount: row.amount.map(|amount| amount.0),
                chance: row.amount.and_then(|amount| board.chance(amount)),
            })
            .collect();
        let currency = board.planning.currency;
        Self {
            head: board.head,
            open: board.may_edit,
            total: board.total.0,
            booked: board.booked.0,
            last_year: board.last_year.map(|amount| amount.0),
            chance,
            percentile,
            levels,
            periods: board
                .quarters
                .into_iter()
                .flat_map(|quarter| quarter.parts)
                .map(|(_, period, amount)| PeriodOf {
                    name: period.name,
                    amount: amount.0,
                })
                .collect(),
            lines: board
                .lines
                .into_iter()
                .map(|lines| LinesOf {
                    by: lines.by.as_str().to_owned(),
                    proposed: lines.proposed,
                    lines: lines
                        .lines
                        .into_iter()
                        .map(|line| LineOf {
                            key: line.key,
                            name: line.name,
                            history: line.history.0,
                            amount: line.amount.0,
                            locked: line.locked,
                        })
                        .collect(),
                })
                .collect(),
            serves: board.purpose.map(|purpose| purpose.name),
            smart: board
                .smart
                .into_iter()
                .map(|finding| letter(finding, &currency))
                .collect(),
            currency: currency.code,
        }
    }
}

fn letter(finding: domain::smart::Finding, currency: &Currency) -> LetterOf {
    LetterOf {
        letter: finding.letter.as_str().to_owned(),
        holds: finding.holds(),
        faults: finding
            .faults
            .iter()
            .map(|fault| FaultOf {
                wrong: fault.words(Lang::En, currency),
                mend: fault.mend(Lang::En, currency),
            })
            .collect(),
    }
}
