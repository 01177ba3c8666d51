//! `GET /api/v1/attainment`: what was done against target and pace.

use axum::Json;
use axum::extract::{Query, State};
use domain::calendar::Day;
use domain::metric::{Attainment, AttainmentQuery, MetricKey, parse_by};
use operations::Error;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{ApiError, Caller, ErrorBody};
use crate::state::AppState;

/// What is asked.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// The metric.
    #[param(example = "bookings")]
    metric: String,
    /// The first day.
    #[param(example = "2017-10-01")]
    from: String,
    /// The day after the last.
    #[param(example = "2018-01-01")]
    to: String,
    /// One or two of `member`, `manager`, `unit`, `unit:LEVEL`, `product`, `category`, `account`, `channel`, `day`, `month`,
    /// `quarter`, `year`, joined by a comma.
    #[param(example = "member")]
    by: String,
    /// Facts up to this day; by default the business date.
    #[param(example = "2017-11-30")]
    as_of: Option<String>,
}

/// Attainment by one or two dimensions
///
/// Unit rows include what is below; people and products with nothing appear with zero. Amounts are integers in minor units.
#[utoipa::path(
    get,
    path = "/attainment",
    tag = "attainment",
    params(Asked),
    responses(
        (status = 200, description = "`{as_of, currency, rows: [{keys, target, actual, attainment, expected_by_today, count}]}`.", body = Object),
        (status = 400, description = "A parameter is not understood.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
    )
)]
pub(super) async fn attainment(
    State(state): State<AppState>,
    Caller(scope): Caller,
    asked: Result<Query<Asked>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<Attainment>, ApiError> {
    let Query(asked) = asked.map_err(|rejection| {
        Error::invalid(
            "parameters",
            "缺少参数：需要 metric、from、to、by。",
            format!(
                "Parameters are missing or unreadable: metric, from, to and by are needed ({rejection})."
            ),
        )
    })?;
    let query = AttainmentQuery {
        metric: MetricKey::parse(&asked.metric).map_err(|error| {
            Error::invalid_field(
                "unknown_metric",
                "metric",
                format!("“{}”不是指标。", asked.metric),
                error.to_string(),
            )
        })?,
        from: day(&asked.from, "from")?,
        to: day(&asked.to, "to")?,
        by: parse_by(&asked.by).map_err(|error| {
            Error::invalid_field(
                "dimensions",
                "by",
                format!("维度“{}”看不懂。", asked.by),
                error.to_string(),
            )
        })?,
        as_of: asked
            .as_of
            .as_deref()
            .map(|text| day(text, "as_of"))
            .transpose()?,
    };
    Ok(Json(state.operations.attainment(&scope, &query).await?))
}

fn day(text: &str, name: &str) -> Result<Day, Error> {
    Day::parse_iso(text).ok_or_else(|| {
        Error::invalid_field(
            "day",
            name,
            format!("{name} 应是日期，例如 2017-10-01，而不是“{text}”。"),
            format!("{name} must be a day such as 2017-10-01, not \"{text}\"."),
        )
    })
}
