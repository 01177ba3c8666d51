//! `/api/v1/bookings`: what counts as bookings.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use domain::metric;
use operations::Error;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ApiError, Caller, ErrorBody};
use crate::state::AppState;

/// What counts as bookings.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Bookings {
    /// Won deals by the day they were won, or orders by the day they were placed; never both.
    from: Source,
    /// Which amount of an order counts.
    order_amount: OrderAmount,
}

/// What is counted.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Source {
    Deals,
    Orders,
}

/// An amount of an order.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum OrderAmount {
    Net,
    Gross,
}

/// What counts as bookings
#[utoipa::path(
    get,
    path = "/bookings",
    tag = "attainment",
    responses(
        (status = 200, description = "What counts.", body = Bookings),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
    )
)]
pub(super) async fn get(
    State(state): State<AppState>,
    Caller(scope): Caller,
) -> Result<Json<Bookings>, ApiError> {
    Ok(Json(state.operations.bookings(&scope).await?.into()))
}

/// Choose what counts as bookings
///
/// The other source can be chosen only while nothing counts by the present one, another amount only while no order counts. What is
/// stored of the chosen source counts from then on.
#[utoipa::path(
    put,
    path = "/bookings",
    tag = "attainment",
    request_body = Bookings,
    responses(
        (status = 200, description = "What counts from now on.", body = Bookings),
        (status = 400, description = "The body is not understood.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 409, description = "Something counts already that would have to be taken back first.", body = ErrorBody),
    )
)]
pub(super) async fn put(
    State(state): State<AppState>,
    Caller(scope): Caller,
    wanted: Result<Json<Bookings>, JsonRejection>,
) -> Result<Json<Bookings>, ApiError> {
    // Who may not choose is not told how it is asked for.
    state.operations.may_import(&scope)?;
    let Json(wanted) = wanted.map_err(|rejection| {
        Error::invalid(
            "body",
            "请求内容应为 {\"from\":\"deals\" 或 \"orders\",\"order_amount\":\"net\" 或 \"gross\"}。",
            format!(
                "The body must be {{\"from\": \"deals\" or \"orders\", \"order_amount\": \"net\" or \"gross\"}} ({rejection})."
            ),
        )
    })?;
    let chosen = state.operations.choose_bookings(&scope, wanted.into()).await?;
    Ok(Json(chosen.into()))
}

impl From<metric::Bookings> for Bookings {
    fn from(bookings: metric::Bookings) -> Self {
        Self {
            from: match bookings.from {
                metric::Source::Deals => Source::Deals,
                metric::Source::Orders => Source::Orders,
            },
            order_amount: match bookings.order_amount {
                metric::OrderAmount::Net => OrderAmount::Net,
                metric::OrderAmount::Gross => OrderAmount::Gross,
            },
        }
    }
}

impl From<Bookings> for metric::Bookings {
    fn from(bookings: Bookings) -> Self {
        Self {
            from: match bookings.from {
                Source::Deals => metric::Source::Deals,
                Source::Orders => metric::Source::Orders,
            },
            order_amount: match bookings.order_amount {
                OrderAmount::Net => metric::OrderAmount::Net,
                OrderAmount::Gross => metric::OrderAmount::Gross,
            },
        }
    }
}
