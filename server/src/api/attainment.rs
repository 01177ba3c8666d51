//! `GET /api/v1/attainment`: what was done against target and pace.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Query, State};
use domain::calendar::Day;
use domain::format::Lang;
use domain::metric::{self, AttainmentQuery, MetricKey, parse_by};
use operations::Error;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{ApiError, Caller, ErrorBody};
use crate::state::AppState;

/// What is asked.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// The metric; `bookings`, which counts won opportunities by close date or orders by order date (see `/bookings`), is the first.
    #[param(example = "bookings", pattern = "^[a-z][a-z0-9_]{0,39}$")]
    metric: String,
    /// The first day.
    #[param(example = "2017-10-01", format = Date)]
    from: String,
    /// The day after the last; 60 years are the longest range.
    #[param(example = "2018-01-01", format = Date)]
    to: String,
    /// One or two of `member`, `manager`, `unit`, `unit:LEVEL`, `product`, `category`, `account`, `channel`, `day`, `month`,
    /// `quarter`, `year`, joined by a comma; any two but the same twice, and `unit` with one of its own levels.
    #[param(
        example = "member",
        pattern = "^(member|manager|unit(:[^,:]{1,40})?|product|category|account|channel|day|month|quarter|year)(,(member|manager|unit(:[^,:]{1,40})?|product|category|account|channel|day|month|quarter|year))?$"
    )]
    by: String,
    /// Facts up to and including this day; by default the business date.
    #[param(example = "2017-11-30", format = Date)]
    as_of: Option<String>,
}

/// What was done.
#[derive(Serialize, ToSchema)]
pub(super) struct Attainment {
    /// The day up to and including which facts count.
    #[schema(example = "2017-11-30")]
    as_of: String,
    /// ISO 4217 code of the currency the amounts are in.
    #[schema(example = "CNY")]
    currency: String,
    /// One row for each combination of keys.
    rows: Vec<AttainmentRow>,
}

/// One row.
#[derive(Serialize, ToSchema)]
struct AttainmentRow {
    /// Dimension as asked (`member`, `unit:region`, …) to key.
    keys: BTreeMap<String, Key>,
    /// Published target of the time asked for, in minor units; null where none is published.
    target: Option<i64>,
    /// What was credited in `from..to`, up to `as_of`, in minor units.
    actual: i64,
    /// `actual / target`, never capped; null without a target or where it is 0.
    attainment: Option<f64>,
    /// What should be there of `target` by `as_of`, on the season and working-day curve, in minor units.
    expected_by_today: Option<i64>,
    /// Number of facts counted; an order counts once for each of its products.
    count: i64,
}

/// What identifies a row along one dimension.
#[derive(Serialize, ToSchema)]
struct Key {
    /// Stable id: UUID of a member, unit, product …; `2017-03`, `2017-Q1`, `2017`, `2017-10-05` for time; empty where a fact has
    /// none.
    #[schema(example = "2017-Q4")]
    id: String,
    /// What people read.
    name: String,
}

/// Attainment by one or two dimensions
///
/// Amounts are integers in minor units. A row of a unit, or of who leads one, includes everything below; what belongs to no unit of the
/// level asked for is in none of its rows, and a level that no unit has is refused. What has no product, account or channel is in
/// the row whose key is empty.
///
/// People, units, products, categories and periods with nothing appear with zero; accounts, channels and days only where
/// something was done. Two dimensions crossed: if both are of the former kind, every combination there can be has a row (a
/// product is only in its own category, a person only in the units they belong to within the range), up to 50,000 of them;
/// otherwise the combinations in which something was done. An answer has at most 200,000 rows.
///
/// Targets exist for people, units, who leads them, and time; rows by product, category, account or channel have none. A
/// cross of two of those has the target of what both share: of a member, the number they carry in that unit.
#[utoipa::path(
    get,
    path = "/attainment",
    tag = "attainment",
    params(Asked),
    responses(
        (status = 200, description = "What was done, against target and pace.", body = Attainment),
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
            "参数缺少或读不懂：需要 metric、from、to、by，可加 as_of，没有别的参数。",
            format!(
                "Parameters are missing or not understood: metric, from, to and by are needed, as_of is possible ({rejection})."
            ),
        )
    })?;
    let query = AttainmentQuery {
        metric: MetricKey::parse(&asked.metric).map_err(|error| {
            Error::invalid_field(
                "unknown_metric",
                "metric",
                format!(
                    "“{}”不是指标：只能用小写字母、数字和 _，以字母开头，例如 bookings。",
                    asked.metric
                ),
                error.to_string(),
            )
        })?,
        from: day(&asked.from, "from")?,
        to: day(&asked.to, "to")?,
        by: parse_by(&asked.by).map_err(|error| {
            Error::invalid_field("dimensions", "by", error.words(Lang::ZhCn), error.words(Lang::En))
        })?,
        as_of: asked
            .as_of
            .as_deref()
            .map(|text| day(text, "as_of"))
            .transpose()?,
    };
    Ok(Json(state.operations.attainment(&scope, &query).await?.into()))
}

impl From<metric::Attainment> for Attainment {
    fn from(answer: metric::Attainment) -> Self {
        Self {
            as_of: answer.as_of.to_string(),
            currency: answer.currency,
            rows: answer.rows.into_iter().map(AttainmentRow::from).collect(),
        }
    }
}

impl From<metric::AttainmentRow> for AttainmentRow {
    fn from(row: metric::AttainmentRow) -> Self {
        let key = |key: metric::Key| Key {
            id: key.id,
            name: key.name,
        };
        Self {
            keys: row.keys.into_iter().map(|(by, of)| (by, key(of))).collect(),
            target: row.target.map(|amount| amount.0),
            actual: row.actual.0,
            attainment: row.attainment,
            expected_by_today: row.expected_by_today.map(|amount| amount.0),
            count: row.count,
        }
    }
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
