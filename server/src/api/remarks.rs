//! `/api/v1/versions/{version}/remarks` and the rows that are spoken of.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::id::{RemarkId, VersionId};
use domain::plan::{NodeIndex, PeriodIndex};
use domain::remark::{About, Thread};
use domain::target::NodeRef;
use operations::{Error, VersionRows};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::targets::read;
use super::{ApiError, Caller, ErrorBody};
use crate::state::AppState;

/// The rows of a version. Amounts are in minor units.
#[derive(Serialize, ToSchema)]
pub(super) struct PlanRows {
    /// What the plan is called.
    plan: String,
    /// Counts from 1 within the plan.
    number: u32,
    /// `draft`, `in_review`, `published` or `archived`.
    #[schema(example = "draft")]
    status: &'static str,
    /// The number of its last command.
    head: u64,
    /// ISO 4217 code.
    currency: String,
    /// The periods, in the order of the amounts.
    #[schema(example = json!(["2027-01"]))]
    periods: Vec<String>,
    /// The rows within reach, parents before what is below them.
    rows: Vec<VersionRow>,
}

/// A unit or a person with the numbers they carry.
#[derive(Serialize, ToSchema)]
struct VersionRow {
    /// Its place in the whole version: what a remark names.
    row: u32,
    name: String,
    /// How deep it stands in the tree, from 0.
    depth: u8,
    /// The unit; null for a person.
    unit: Option<Uuid>,
    /// The person; null for a unit.
    member: Option<Uuid>,
    total: i64,
    /// By period.
    amounts: Vec<i64>,
}

/// What was said of one number, or of the plan as a whole.
#[derive(Serialize, ToSchema)]
pub(super) struct RemarkThread {
    id: Uuid,
    /// Of which row; null: of the plan as a whole.
    row: Option<u32>,
    /// What the row is called.
    name: String,
    /// Of which period; null: of the total.
    #[schema(example = "2027-01")]
    period: Option<String>,
    /// The remarks, the oldest first.
    remarks: Vec<RemarkSaid>,
    /// Who said that it is settled; null where it is open.
    settled_by: Option<String>,
    /// When, milliseconds since 1970-01-01 UTC.
    settled_at_ms: Option<i64>,
}

/// One remark.
#[derive(Serialize, ToSchema)]
struct RemarkSaid {
    text: String,
    by: String,
    /// Milliseconds since 1970-01-01 UTC.
    at_ms: i64,
}

/// A remark of a number, of the plan as a whole, or in a thread.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewRemark {
    #[schema(max_length = 2000)]
    text: String,
    /// The thread it goes on with; then neither row nor period.
    thread: Option<Uuid>,
    /// Of which row; left out, of the plan as a whole.
    row: Option<u32>,
    /// Of which period of the row; left out, of its total.
    #[schema(example = "2027-01")]
    period: Option<String>,
}

/// The thread a remark stands in.
#[derive(Serialize, ToSchema)]
pub(super) struct RemarkMade {
    thread: Uuid,
}

/// Whether a thread is settled.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Settling {
    settled: bool,
}

/// The rows of a version
#[utoipa::path(
    get,
    path = "/versions/{version}/rows",
    tag = "versions",
    params(("version" = Uuid, Path, description = "The version.")),
    responses(
        (status = 200, description = "Its rows within reach with their numbers.", body = PlanRows),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version, or it is not for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn rows(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(version): Path<Uuid>,
) -> Result<Json<PlanRows>, ApiError> {
    let found = state.operations.version_rows(&scope, VersionId(version)).await?;
    Ok(Json(found.into()))
}

/// What was said of a version
#[utoipa::path(
    get,
    path = "/versions/{version}/remarks",
    tag = "approval",
    params(("version" = Uuid, Path, description = "The version.")),
    responses(
        (status = 200, description = "The threads of numbers within reach: open ones first, then the latest.", body = Vec<RemarkThread>),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version, or it is not for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn list(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(version): Path<Uuid>,
) -> Result<Json<Vec<RemarkThread>>, ApiError> {
    let version = VersionId(version);
    let threads = state.operations.remarks(&scope, version).await?;
    let names = state.operations.period_names(&scope, version).await?;
    let thread = |thread: Thread| {
        let period = thread
            .period
            .and_then(|period| names.get(usize::from(period.0)).cloned());
        let (settled_by, settled_at_ms) = thread.resolved.map(|one| (one.by, one.at_ms)).unzip();
        RemarkThread {
            id: thread.id.0,
            row: thread.node.map(|node| node.0),
            name: thread.name,
            period,
            remarks: thread
                .said
                .into_iter()
                .map(|said| RemarkSaid {
                    text: said.text,
                    by: said.by,
                    at_ms: said.at_ms,
                })
                .collect(),
            settled_by,
            settled_at_ms,
        }
    };
    Ok(Json(threads.into_iter().map(thread).collect()))
}

/// Say something of a number
///
/// Those concerned are told: whoever handed the version in, and who spoke of the same number before.
#[utoipa::path(
    post,
    path = "/versions/{version}/remarks",
    tag = "approval",
    params(("version" = Uuid, Path, description = "The version.")),
    request_body = NewRemark,
    responses(
        (status = 201, description = "It was said.", body = RemarkMade),
        (status = 400, description = "No words, too many, or a period the plan does not have.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version, row or thread, or it is not for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn say(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(version): Path<Uuid>,
    remark: Result<Json<NewRemark>, JsonRejection>,
) -> Result<(StatusCode, Json<RemarkMade>), ApiError> {
    state.operations.may_speak(&scope)?;
    let remark = read(remark)?;
    let version = VersionId(version);
    if remark.thread.is_some() && (remark.row.is_some() || remark.period.is_some()) {
        return Err(Error::invalid_field(
            "thread_has_its_place",
            "thread",
            "接着已有的讨论说时不用写 row 和 period。",
            "A thread stands at its number already: leave out row and period.",
        )
        .into());
    }
    let period = match &remark.period {
        None => None,
        Some(name) => {
            let names = state.operations.period_names(&scope, version).await?;
            let place = names.iter().position(|known| known == name);
            let place = place.and_then(|place| u16::try_from(place).ok());
            Some(PeriodIndex(place.ok_or_else(|| no_period(name, &names))?))
        }
    };
    let about = About {
        node: remark.row.map(NodeIndex),
        period,
    };
    let thread = remark.thread.map(RemarkId);
    let thread = state
        .operations
        .say(&scope, version, about, thread, &remark.text)
        .await?;
    Ok((StatusCode::CREATED, Json(RemarkMade { thread: thread.0 })))
}

/// Settle a thread, or open it again
#[utoipa::path(
    put,
    path = "/versions/{version}/remarks/{thread}",
    tag = "approval",
    params(
        ("version" = Uuid, Path, description = "The version."),
        ("thread" = Uuid, Path, description = "The thread."),
    ),
    request_body = Settling,
    responses(
        (status = 204, description = "It is."),
        (status = 400, description = "The body is not understood.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version or thread, or it is not for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn settle(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path((version, thread)): Path<(Uuid, Uuid)>,
    wanted: Result<Json<Settling>, JsonRejection>,
) -> Result<StatusCode, ApiError> {
    state.operations.may_speak(&scope)?;
    let Settling { settled } = read(wanted)?;
    state
        .operations
        .settle_thread(&scope, VersionId(version), RemarkId(thread), settled)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) fn no_period(name: &str, names: &[String]) -> Error {
    let (first, last) = (names.first(), names.last());
    let (first, last) = (first.map_or("", String::as_str), last.map_or("", String::as_str));
    Error::invalid_field(
        "unknown_period",
        "period",
        format!("计划里没有周期“{name}”，应在 {first} 到 {last} 之间。"),
        format!("The plan has no period \"{name}\"; it has {first} to {last}."),
    )
}

impl From<VersionRows> for PlanRows {
    fn from(found: VersionRows) -> Self {
        let row = |row: operations::Row| {
            let (unit, member) = match row.of {
                NodeRef::Unit(unit) => (Some(unit.0), None),
                NodeRef::Member(member) => (None, Some(member.0)),
            };
            VersionRow {
                row: row.node.0,
                name: row.name,
                depth: row.depth,
                unit,
                member,
                total: row.total.0,
                amounts: row.amounts.into_iter().map(|amount| amount.0).collect(),
            }
        };
        Self {
            plan: found.plan_name,
            number: found.number,
            status: found.status.as_str(),
            head: found.head,
            currency: found.currency.code,
            periods: found.periods.into_iter().map(|period| period.name).collect(),
            rows: found.rows.into_iter().map(row).collect(),
        }
    }
}
