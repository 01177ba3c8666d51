//! `/api/v1/leave` and `/api/v1/members/{member}/leave`: who is away from when until when.

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use domain::id::{LeaveId, MemberId};
use domain::staffing::{LeaveCalendar, LeaveEntry, LeaveInput, LeaveKind, LeaveRow};
use operations::Error;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::factors::day;
use super::targets::read;
use super::{ApiError, Caller, ErrorBody};
use crate::state::AppState;

/// Whose.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Sought {
    /// A part of a name or its sounds; left out, everybody's.
    #[param(example = "lin")]
    name: Option<String>,
}

/// Days of leave to be entered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewLeave {
    /// The first day away.
    #[schema(format = Date, example = "2027-03-01")]
    from: String,
    /// The first day back, at most three years later.
    #[schema(format = Date, example = "2027-03-08")]
    until: String,
    /// Why; left out, `annual`.
    #[serde(default)]
    kind: AwayFor,
    /// What is to be known of it.
    #[serde(default)]
    #[schema(max_length = 200)]
    note: String,
}

/// Holidays (`annual`), illness (`sick`), a child (`parental`) or anything else (`other`).
#[derive(Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum AwayFor {
    #[default]
    Annual,
    Sick,
    Parental,
    Other,
}

/// Days on which somebody is away.
#[derive(Serialize, ToSchema)]
pub(super) struct DaysOfLeave {
    id: Uuid,
    member: Uuid,
    /// The first day away.
    #[schema(example = "2027-03-01")]
    from: String,
    /// The first day back.
    #[schema(example = "2027-03-08")]
    until: String,
    /// `annual`, `sick`, `parental` or `other`.
    #[schema(example = "annual")]
    kind: &'static str,
    /// Empty where nothing is to be known of it.
    note: String,
}

/// Who is away, or will be.
#[derive(Serialize, ToSchema)]
pub(super) struct WhoIsAway {
    /// How many entries there are.
    count: u32,
    /// The first 200 of them, by first day.
    entries: Vec<AwayEntry>,
}

/// Days of leave with whose they are.
#[derive(Serialize, ToSchema)]
struct AwayEntry {
    name: String,
    /// Whether the caller may change them.
    may_change: bool,
    leave: DaysOfLeave,
}

/// Who is away, or will be
///
/// Of those within reach; days that are over are left out.
#[utoipa::path(
    get,
    path = "/leave",
    tag = "planning",
    params(Sought),
    responses(
        (status = 200, description = "The days by first day.", body = WhoIsAway),
        (status = 400, description = "A parameter is not understood.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "Not for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn calendar(
    State(state): State<AppState>,
    Caller(scope): Caller,
    sought: Result<Query<Sought>, QueryRejection>,
) -> Result<Json<WhoIsAway>, ApiError> {
    let Query(Sought { name }) = sought.map_err(|rejection| {
        Error::invalid(
            "parameters",
            "参数读不懂：只有 name。",
            format!("Parameters are not understood: name is the only one ({rejection})."),
        )
    })?;
    let name = name.unwrap_or_default();
    let found = state.operations.leave_calendar(&scope, &name).await?;
    Ok(Json(found.into()))
}

/// The leave of somebody
#[utoipa::path(
    get,
    path = "/members/{member}/leave",
    tag = "planning",
    params(("member" = Uuid, Path, description = "The member.")),
    responses(
        (status = 200, description = "All of it, by first day.", body = Vec<DaysOfLeave>),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such member, or not for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn of_member(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(member): Path<Uuid>,
) -> Result<Json<Vec<DaysOfLeave>>, ApiError> {
    let found = state.operations.leave(&scope, MemberId(member)).await?;
    Ok(Json(found.into_iter().map(DaysOfLeave::from).collect()))
}

/// Enter days of leave
///
/// For who plans, and who leads for their people; nobody but an owner enters their own. A token needs reading and planning both.
#[utoipa::path(
    post,
    path = "/members/{member}/leave",
    tag = "planning",
    params(("member" = Uuid, Path, description = "The member.")),
    request_body = NewLeave,
    responses(
        (status = 201, description = "They are entered.", body = DaysOfLeave),
        (status = 400, description = "The body is not understood, or the days are none or too many.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such member, or not for this caller.", body = ErrorBody),
        (status = 409, description = "There is leave on some of the days already, or it is the caller's own.", body = ErrorBody),
    )
)]
pub(super) async fn enter(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(member): Path<Uuid>,
    wanted: Result<Json<NewLeave>, JsonRejection>,
) -> Result<(StatusCode, Json<DaysOfLeave>), ApiError> {
    let leave = read(wanted)?.of(MemberId(member))?;
    let row = state.operations.set_leave(&scope, None, leave).await?;
    Ok((StatusCode::CREATED, Json(row.into())))
}

/// Change days of leave
///
/// Whose they are stays.
#[utoipa::path(
    put,
    path = "/leave/{leave}",
    tag = "planning",
    params(("leave" = Uuid, Path, description = "The days.")),
    request_body = NewLeave,
    responses(
        (status = 200, description = "They are changed.", body = DaysOfLeave),
        (status = 400, description = "The body is not understood, or the days are none or too many.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There are no such days, or not for this caller.", body = ErrorBody),
        (status = 409, description = "There is other leave on some of the days, or it is the caller's own.", body = ErrorBody),
    )
)]
pub(super) async fn change(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(leave): Path<Uuid>,
    wanted: Result<Json<NewLeave>, JsonRejection>,
) -> Result<Json<DaysOfLeave>, ApiError> {
    // Whose they are is known of the days.
    let wanted = read(wanted)?.of(MemberId::default())?;
    let row = state
        .operations
        .set_leave(&scope, Some(LeaveId(leave)), wanted)
        .await?;
    Ok(Json(row.into()))
}

/// Take days of leave out
#[utoipa::path(
    delete,
    path = "/leave/{leave}",
    tag = "planning",
    params(("leave" = Uuid, Path, description = "The days.")),
    responses(
        (status = 204, description = "They are out."),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There are no such days, or not for this caller.", body = ErrorBody),
        (status = 409, description = "They are the caller's own.", body = ErrorBody),
    )
)]
pub(super) async fn remove(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(leave): Path<Uuid>,
) -> Result<StatusCode, ApiError> {
    state.operations.remove_leave(&scope, LeaveId(leave)).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl NewLeave {
    /// The days as somebody's.
    fn of(self, member: MemberId) -> Result<LeaveInput, Error> {
        Ok(LeaveInput {
            member,
            from: day(&self.from, "from")?,
            until: day(&self.until, "until")?,
            kind: match self.kind {
                AwayFor::Annual => LeaveKind::Annual,
                AwayFor::Sick => LeaveKind::Sick,
                AwayFor::Parental => LeaveKind::Parental,
                AwayFor::Other => LeaveKind::Other,
            },
            note: self.note,
        })
    }
}

impl From<LeaveRow> for DaysOfLeave {
    fn from(row: LeaveRow) -> Self {
        let LeaveRow { id, leave } = row;
        Self {
            id: id.0,
            member: leave.member.0,
            from: leave.from.to_string(),
            until: leave.until.to_string(),
            kind: leave.kind.as_str(),
            note: leave.note,
        }
    }
}

impl From<LeaveCalendar> for WhoIsAway {
    fn from(found: LeaveCalendar) -> Self {
        let entry = |entry: LeaveEntry| AwayEntry {
            name: entry.name,
            may_change: entry.may_remove,
            leave: entry.row.into(),
        };
        Self {
            count: found.count,
            entries: found.entries.into_iter().map(entry).collect(),
        }
    }
}
