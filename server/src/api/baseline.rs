//! `/api/v1/baseline`: the history a target is set against.

mod answer;
mod exclusions;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use domain::assumption::PlanningQuery;
use domain::baseline::BaselineQuery;
use domain::calendar::Day;
use domain::id::VersionId;
use domain::metric::MetricKey;
use operations::Error;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{ApiError, Caller, ErrorBody};
use crate::state::AppState;

pub(super) use exclusions::{
    __path_exclude, __path_exclusions, __path_include, exclude, exclusions, include,
};

/// Whose assumptions: by default the draft in work, or else the next fiscal year.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct OfPlanning {
    /// A version of a plan.
    #[param(format = Uuid)]
    version: Option<String>,
    /// A period to prepare a plan for.
    #[param(example = "2027")]
    period: Option<String>,
}

/// What is asked.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// A version of a plan, whose one-offs are left out; by default the draft in work, or else the next fiscal year's.
    #[param(format = Uuid)]
    version: Option<String>,
    /// A period to prepare a plan for, in place of a version.
    #[param(example = "2027")]
    period: Option<String>,
    /// The metric; by default the one that is planned.
    #[param(example = "bookings", pattern = "^[a-z][a-z0-9_]{0,39}$")]
    metric: Option<String>,
    /// The dimension of the rows: `member`, `manager`, `unit`, `unit:LEVEL`, `product`, `category`, `account` or `channel`; by default
    /// the first level below the company.
    #[param(
        example = "product",
        pattern = "^(member|manager|unit(:[^,:]{1,40})?|product|category|account|channel)$"
    )]
    by: Option<String>,
    /// The id of a row that everything but the rows is narrowed to.
    of: Option<String>,
    /// The first day; by default five years before the last fact.
    #[param(example = "2013-05-30", format = Date)]
    from: Option<String>,
    /// The day after the last; 20 years are the longest.
    #[param(example = "2013-08-30", format = Date)]
    to: Option<String>,
}

impl OfPlanning {
    fn query(self) -> Result<PlanningQuery, Error> {
        let version = self.version.map(|text| {
            text.parse::<VersionId>().map_err(|_| {
                Error::invalid_field(
                    "version",
                    "version",
                    format!("“{text}”不是版本的标识。"),
                    format!("\"{text}\" is not the id of a version."),
                )
            })
        });
        Ok(PlanningQuery {
            version: version.transpose()?,
            period: self.period,
        })
    }
}

impl Asked {
    fn query(asked: Result<Query<Self>, QueryRejection>) -> Result<BaselineQuery, Error> {
        let Query(asked) = asked.map_err(unknown_parameters)?;
        let day = |text: Option<String>, name: &str| {
            let read = |text: String| {
                Day::parse_iso(&text).ok_or_else(|| {
                    Error::invalid_field(
                        "day",
                        name,
                        format!("{name} 应是日期，例如 2017-10-01，而不是“{text}”。"),
                        format!("{name} must be a day such as 2017-10-01, not \"{text}\"."),
                    )
                })
            };
            text.map(read).transpose()
        };
        let metric = asked.metric.map(|text| {
            MetricKey::parse(&text).map_err(|error| {
                Error::invalid_field(
                    "unknown_metric",
                    "metric",
                    format!("“{text}”不是指标：只能用小写字母、数字和 _，以字母开头，例如 bookings。"),
                    error.to_string(),
                )
            })
        });
        let planning = OfPlanning {
            version: asked.version,
            period: asked.period,
        };
        Ok(BaselineQuery {
            planning: planning.query()?,
            metric: metric.transpose()?,
            by: asked.by,
            of: asked.of,
            from: day(asked.from, "from")?,
            to: day(asked.to, "to")?,
        })
    }
}

fn unknown_parameters(rejection: QueryRejection) -> Error {
    Error::invalid(
        "parameters",
        "参数读不懂：可用 version、period、metric、by、of、from、to，没有别的参数。",
        format!(
            "Parameters are not understood: version, period, metric, by, of, from and to are possible ({rejection})."
        ),
    )
}

/// History of a metric
///
/// Months, quarters and years with growth on the year and on the period before, the rows of one dimension with their months,
/// contribution and its drift, the season as it was and in the planned year's calendar, one-offs, and what can and cannot be
/// concluded. Amounts are integers in minor units, rounded once from exact sums. One-offs that the planning leaves out are in
/// `amount` and told apart in `left_out`; rows, growth, drift and season are without them.
#[utoipa::path(
    get,
    path = "/baseline",
    tag = "baseline",
    params(Asked),
    responses(
        (status = 200, description = "The history.", body = answer::Baseline),
        (status = 400, description = "A parameter is not understood.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "No such version or row, or not for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn baseline(
    State(state): State<AppState>,
    Caller(scope): Caller,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Json<answer::Baseline>, ApiError> {
    state.operations.may_read_baseline(&scope)?;
    let query = Asked::query(asked)?;
    Ok(Json(state.operations.baseline(&scope, query).await?.into()))
}

/// Customers by region, industry, size and age
#[utoipa::path(
    get,
    path = "/baseline/customers",
    tag = "baseline",
    params(Asked),
    responses(
        (status = 200, description = "Who buys.", body = answer::Customers),
        (status = 400, description = "A parameter is not understood.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "No such version, or not for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn customers(
    State(state): State<AppState>,
    Caller(scope): Caller,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Json<answer::Customers>, ApiError> {
    state.operations.may_read_baseline(&scope)?;
    let query = Asked::query(asked)?;
    Ok(Json(
        state.operations.baseline_customers(&scope, query).await?.into(),
    ))
}

/// Channels by deals, win rate, cycle, size and growth
#[utoipa::path(
    get,
    path = "/baseline/channels",
    tag = "baseline",
    params(Asked),
    responses(
        (status = 200, description = "Which ways bring what.", body = answer::Channels),
        (status = 400, description = "A parameter is not understood.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "No such version, or not for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn channels(
    State(state): State<AppState>,
    Caller(scope): Caller,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Json<answer::Channels>, ApiError> {
    state.operations.may_read_baseline(&scope)?;
    let query = Asked::query(asked)?;
    Ok(Json(
        state.operations.baseline_channels(&scope, query).await?.into(),
    ))
}
