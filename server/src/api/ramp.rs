//! `/api/v1/ramp`: what is expected of somebody in the months after they were hired.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::targets::read;
use super::{ApiError, Caller, ErrorBody};
use crate::state::AppState;

/// The ramp of beginners.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BeginnersRamp {
    /// What part of a number is expected in each month since somebody was hired, in millionths; in later months as in the last.
    /// From 1 to 13 months; none less than the one before, the last all of it.
    #[schema(min_items = 1, max_items = 13, example = json!([0, 250_000, 500_000, 750_000, 1_000_000]))]
    steps_ppm: Vec<u32>,
}

/// The ramp of beginners
#[utoipa::path(
    get,
    path = "/ramp",
    tag = "planning",
    responses(
        (status = 200, description = "The ramp that holds, of every plan.", body = BeginnersRamp),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "Not for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn get(
    State(state): State<AppState>,
    Caller(scope): Caller,
) -> Result<Json<BeginnersRamp>, ApiError> {
    let ramp = state.operations.ramp(&scope).await?;
    Ok(Json(BeginnersRamp {
        steps_ppm: ramp.steps_ppm,
    }))
}

/// Choose the ramp of beginners
///
/// It counts in what is split from then on; what was split before stays as it is.
#[utoipa::path(
    put,
    path = "/ramp",
    tag = "planning",
    request_body = BeginnersRamp,
    responses(
        (status = 204, description = "It holds, for every plan."),
        (status = 400, description = "The body is not understood, or the steps are none or too many, fall, or do not end with all of it.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "Not for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn set(
    State(state): State<AppState>,
    Caller(scope): Caller,
    chosen: Result<Json<BeginnersRamp>, JsonRejection>,
) -> Result<StatusCode, ApiError> {
    state.operations.may_plan(&scope)?;
    let BeginnersRamp { steps_ppm } = read(chosen)?;
    state.operations.set_ramp(&scope, steps_ppm).await?;
    Ok(StatusCode::NO_CONTENT)
}
