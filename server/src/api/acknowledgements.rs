//! `/api/v1/versions/{version}/acknowledgements`: who has confirmed the numbers of a version on record, and reminding the others.

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use domain::acknowledgement::{self as known, CarrierRow, LISTED, MOST_LISTED};
use domain::id::{MemberId, VersionId};
use domain::target::Confirmation;
use operations::Error;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::targets::read;
use super::{ApiError, Caller, ErrorBody};
use crate::state::AppState;

/// How many.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Most {
    /// How many numbers of each state are listed, at most 10,000; left out, 100.
    #[param(minimum = 0, maximum = 10_000)]
    most: Option<u32>,
}

/// Who is reminded.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WhomToRemind {
    /// The carrier; null or left out: everybody within reach who has not answered.
    member: Option<Uuid>,
}

/// Who has confirmed the numbers of a version, and who has not.
#[derive(Serialize, ToSchema)]
pub(super) struct Acknowledgements {
    version: Uuid,
    /// How many numbers are confirmed.
    confirmed: u64,
    /// How many are disagreed with.
    countered: u64,
    /// How many are not answered.
    open: u64,
    /// The first of each state, in the order of the plan.
    numbers: Vec<AcknowledgedNumber>,
}

/// A number and what its carrier says of it.
#[derive(Serialize, ToSchema)]
struct AcknowledgedNumber {
    /// The row of the version.
    node: Uuid,
    /// What the unit or person is called.
    name: String,
    /// Whether it is a unit's number.
    is_unit: bool,
    /// Who carries it.
    member: Uuid,
    /// Their name.
    member_name: String,
    /// Over the periods, in minor units.
    total: i64,
    /// `open`, `confirmed` or `countered`.
    #[schema(example = "confirmed")]
    state: &'static str,
    /// Who answered; null while it is open.
    by: Option<String>,
    /// When, milliseconds since 1970-01-01 UTC.
    at_ms: Option<i64>,
    /// Why the carrier does not agree.
    comment: Option<String>,
    /// What was confirmed last, also where the number has changed since; null where the last answer was no confirmation.
    accepted: Option<AcceptedNumber>,
    /// The last day on which the carrier was reminded of the plan.
    #[schema(example = "2027-01-08")]
    reminded_on: Option<String>,
}

/// What was confirmed, and whether it is what is on record.
#[derive(Serialize, ToSchema)]
struct AcceptedNumber {
    /// SHA-256 of what was confirmed (version, metric, carrier, every period with its amount), 64 hexadecimal digits.
    hash: String,
    /// The same of the number on record now, reckoned anew.
    recomputed: String,
    /// Whether both are the same.
    holds: bool,
    /// When it was confirmed, milliseconds since 1970-01-01 UTC.
    at_ms: i64,
    by: String,
}

/// How many people were reminded.
#[derive(Serialize, ToSchema)]
pub(super) struct CarriersReminded {
    /// People who were.
    told: u32,
    /// People who were today already.
    already: u32,
    /// People who have not answered and cannot sign in.
    unreachable: u32,
}

/// Who has confirmed
///
/// Of the numbers within reach; none where the version is not on record.
#[utoipa::path(
    get,
    path = "/versions/{version}/acknowledgements",
    tag = "versions",
    params(("version" = Uuid, Path, description = "The version."), Most),
    responses(
        (status = 200, description = "Who has confirmed what, and who has not.", body = Acknowledgements),
        (status = 400, description = "A parameter is not understood.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version, or it is not for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn list(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(version): Path<Uuid>,
    asked: Result<Query<Most>, QueryRejection>,
) -> Result<Json<Acknowledgements>, ApiError> {
    let Query(Most { most }) = asked.map_err(|_| not_understood())?;
    let most = most.map_or(LISTED, |most| most as usize);
    if most > MOST_LISTED {
        return Err(not_understood().into());
    }
    let found = state
        .operations
        .acknowledgements(&scope, VersionId(version), most)
        .await?;
    Ok(Json(found.into()))
}

/// Remind whoever has not confirmed
///
/// Within reach, in the app and by mail; nobody twice on a day, of all versions of the plan together.
#[utoipa::path(
    post,
    path = "/versions/{version}/acknowledgements/remind",
    tag = "versions",
    params(("version" = Uuid, Path, description = "The version on record.")),
    request_body = WhomToRemind,
    responses(
        (status = 200, description = "How many were reminded, and how many were today already.", body = CarriersReminded),
        (status = 400, description = "The body is not understood.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version or carrier, or it is not for this caller.", body = ErrorBody),
        (status = 409, description = "The version is not on record, or this carrier is not to be reminded.", body = ErrorBody),
    )
)]
pub(super) async fn remind(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(version): Path<Uuid>,
    whom: Result<Json<WhomToRemind>, JsonRejection>,
) -> Result<Json<CarriersReminded>, ApiError> {
    state.operations.may_remind_carriers(&scope)?;
    let WhomToRemind { member } = read(whom)?;
    let known::Reminded {
        told,
        already,
        unreachable,
    } = state
        .operations
        .remind_carriers(&scope, VersionId(version), member.map(MemberId))
        .await?;
    Ok(Json(CarriersReminded {
        told,
        already,
        unreachable,
    }))
}

fn not_understood() -> Error {
    Error::invalid_field(
        "bad_most",
        "most",
        format!("most 应为 0 到 {MOST_LISTED} 的整数。"),
        format!("most is a whole number from 0 to {MOST_LISTED}."),
    )
}

impl From<known::Acknowledgements> for Acknowledgements {
    fn from(found: known::Acknowledgements) -> Self {
        Self {
            version: found.version.0,
            confirmed: found.confirmed,
            countered: found.countered,
            open: found.open,
            numbers: found.rows.into_iter().map(AcknowledgedNumber::from).collect(),
        }
    }
}

impl From<CarrierRow> for AcknowledgedNumber {
    fn from(row: CarrierRow) -> Self {
        let (state, by, at_ms, comment) = match row.confirmation {
            Confirmation::Open => ("open", None, None, None),
            Confirmation::Confirmed { at_ms, by } => ("confirmed", Some(by), Some(at_ms), None),
            Confirmation::Countered { at_ms, by, comment } => {
                ("countered", Some(by), Some(at_ms), Some(comment))
            }
        };
        Self {
            node: row.node.0,
            name: row.name,
            is_unit: !row.of.is_member(),
            member: row.carrier.0,
            member_name: row.carrier_name,
            total: row.total.0,
            state,
            by,
            at_ms,
            comment,
            accepted: row.accepted.map(AcceptedNumber::from),
            reminded_on: row.reminded_on.map(|day| day.to_string()),
        }
    }
}

impl From<known::Accepted> for AcceptedNumber {
    fn from(accepted: known::Accepted) -> Self {
        Self {
            holds: accepted.holds(),
            hash: accepted.hash,
            recomputed: accepted.recomputed,
            at_ms: accepted.at_ms,
            by: accepted.by,
        }
    }
}
