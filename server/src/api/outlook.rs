//! `/api/v1/outlook`: what is to be expected of a planned span.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use domain::assumption::PlanningQuery;
use domain::calendar::Month;
use domain::id::VersionId;
use domain::outlook::{self as known, CHANCES, OutlookQuery};
use operations::Error;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{ApiError, Caller, ErrorBody};
use crate::state::AppState;

/// Which planning: by default the draft in work, or else the next fiscal year.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Planned {
    /// A version of a plan.
    #[param(format = Uuid)]
    version: Option<String>,
    /// A period to prepare a plan for, in place of a version.
    #[param(example = "2027")]
    period: Option<String>,
}

/// What is asked.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// A version of a plan; by default the draft in work, or else the next fiscal year.
    #[param(format = Uuid)]
    version: Option<String>,
    /// A period to prepare a plan for, in place of a version.
    #[param(example = "2027")]
    period: Option<String>,
    /// The branch told of in detail, by its id in an answer; by default the whole.
    #[param(example = "unit:0195f2d0-0000-7000-8000-000000000001")]
    node: Option<String>,
}

/// What is to be expected. Amounts are in minor units.
#[derive(Serialize, ToSchema)]
pub(super) struct Outlook {
    /// The planned span: its first day.
    #[schema(format = Date)]
    from: String,
    /// The day after its last.
    #[schema(format = Date)]
    to: String,
    /// Facts up to this day count.
    #[schema(format = Date)]
    as_of: String,
    /// The currency of every amount.
    #[schema(example = "CNY")]
    currency: String,
    /// The months of every history.
    history_months: Vec<String>,
    /// Months of the history without a single fact: what was then is not known, and the nothing that stands there is none.
    unknown_months: Vec<String>,
    /// The months of every fan.
    fan_months: Vec<String>,
    /// The chances of every distribution.
    chances: Vec<f64>,
    /// The whole, then every branch of the tree after the one above it. At P50 a branch is the sum of those below it, in every
    /// month.
    branches: Vec<Branch>,
    /// More of the branch asked for.
    detail: Detail,
}

/// The outlook of a branch.
#[derive(Serialize, ToSchema)]
struct Branch {
    /// `unit:<id>`, `member:<id>@<unit>`, or `nobody@<unit>` for what belongs to nobody.
    id: String,
    /// The unit or person; empty for what belongs to nobody.
    name: String,
    /// The branch above.
    above: Option<String>,
    /// What each month of the history brought, without what the planning leaves out.
    history: Vec<i64>,
    /// What is to be expected of each month to come, after market factors.
    fan: Vec<Fan>,
    /// The planned span, after market factors: one amount for each of `chances`; empty where nothing can be said.
    distribution: Vec<i64>,
    /// P50 of the planned span.
    p50: Option<i64>,
    /// P50 before market factors.
    p50_before_factors: Option<i64>,
    /// What was done in the planned span already.
    booked: i64,
    /// The same span a year before; where it still runs with what is expected of its rest; null where months of it are not
    /// known.
    last_year: Option<i64>,
}

/// A month of a fan.
#[derive(Serialize, ToSchema)]
struct Fan {
    p10: i64,
    p25: i64,
    p50: i64,
    p75: i64,
    p90: i64,
}

/// More of a branch.
#[derive(Serialize, ToSchema)]
struct Detail {
    /// The branch.
    id: String,
    /// The methods that are combined, with their parts.
    methods: Vec<Method>,
    /// How well they did on history held back from them.
    accuracy: Option<Accuracy>,
    /// What the Spring Festival changes of a month that all of its days fall into: -0.2 for a fifth less than usual; none
    /// where that cannot be told from chance.
    festival: Option<f64>,
    /// What can and cannot be concluded: `note` and what it is about.
    #[schema(value_type = Vec<Object>)]
    notes: Vec<known::Note>,
    /// What each market factor adds to P50 of the planned span; with P50 before they sum to P50.
    factors: Vec<Step>,
    /// The open pipeline; none where no deals are kept.
    pipeline: Option<Pipeline>,
}

/// A method and its part.
#[derive(Serialize, ToSchema)]
struct Method {
    name: String,
    part: f64,
}

/// Accuracy on history held back.
#[derive(Serialize, ToSchema)]
struct Accuracy {
    /// From how many points of the history it was tried.
    tries: u32,
    /// How many months were compared.
    months: u32,
    /// The sum of the errors of months over what they brought.
    off: Option<f64>,
    /// The mean error of sums of twelve months over what they brought.
    year_off: Option<f64>,
    /// The part of months from P10 to P90; 0.8 is meant.
    coverage: f64,
}

/// What a market factor adds.
#[derive(Serialize, ToSchema)]
struct Step {
    /// The factor.
    id: String,
    /// After its weight; below zero where it takes away.
    amount: i64,
    /// What of it falls on nothing: below zero where more would be taken away than is expected; not part of the amount.
    cut: i64,
    /// For a factor on a category, product or channel: which part of what is expected of the branch it is about, from 0 to
    /// 1, by the last twelve whole months.
    share: Option<f64>,
}

/// Open deals.
#[derive(Serialize, ToSchema)]
struct Pipeline {
    /// Those that are to close in the planned span.
    closing: Stock,
    /// Those whose day is not known, or has passed.
    undated: Stock,
    /// The part of closed deals that was won.
    won: Option<f64>,
}

/// Some open deals.
#[derive(Serialize, ToSchema)]
struct Stock {
    deals: u32,
    amount: i64,
    /// Each times the part of deals in its stage that was won.
    weighted: i64,
}

impl Planned {
    /// The planning asked for.
    pub(super) fn query(asked: Result<Query<Self>, QueryRejection>) -> Result<PlanningQuery, Error> {
        let Query(asked) =
            asked.map_err(|rejection| unknown("version、period", "version and period", &rejection))?;
        planning(asked.version, asked.period)
    }
}

fn planning(version: Option<String>, period: Option<String>) -> Result<PlanningQuery, Error> {
    let version = version.map(|text| {
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
        period,
    })
}

fn unknown(zh: &str, en: &str, rejection: &QueryRejection) -> Error {
    Error::invalid(
        "parameters",
        format!("参数读不懂：可用 {zh}，没有别的参数。"),
        format!("Parameters are not understood: {en} are possible ({rejection})."),
    )
}

/// Outlook of a planned span
///
/// For the whole and every branch of the tree: history by month, a fan of P10 to P90 for the months to come, and the distribution of
/// the planned span. Forecasts are reconciled, so that branches sum to what is above them at P50. Market factors are in it.
#[utoipa::path(
    get,
    path = "/outlook",
    tag = "outlook",
    params(Asked),
    responses(
        (status = 200, description = "What is to be expected.", body = Outlook),
        (status = 400, description = "A parameter is not understood.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version or branch, or it is not for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn outlook(
    State(state): State<AppState>,
    Caller(scope): Caller,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Json<Outlook>, ApiError> {
    // Who may not see it is not told how it is asked for.
    state.operations.may_read_outlook(&scope)?;
    let Query(asked) = asked
        .map_err(|rejection| unknown("version、period、node", "version, period and node", &rejection))?;
    let query = OutlookQuery {
        planning: planning(asked.version, asked.period)?,
        node: asked.node,
    };
    Ok(Json(state.operations.outlook(&scope, query).await?.into()))
}

impl From<known::Outlook> for Outlook {
    fn from(outlook: known::Outlook) -> Self {
        let names = |places: std::ops::Range<usize>| {
            places
                .map(|place| outlook.month(place))
                .map(|month: Month| month.to_string())
                .collect()
        };
        let id = |place: usize| outlook.branches.get(place).map(|branch| branch.place.to_string());
        Self {
            from: outlook.planning.span.starts_on.to_string(),
            to: outlook.planning.span.ends_on.to_string(),
            as_of: outlook.as_of.to_string(),
            currency: outlook.planning.currency.code.clone(),
            history_months: names(0..outlook.known),
            unknown_months: (0..outlook.known)
                .filter(|place| outlook.is_hole(*place))
                .map(|place| outlook.month(place).to_string())
                .collect(),
            fan_months: names(outlook.known..outlook.months),
            chances: CHANCES.to_vec(),
            detail: detail(id(outlook.at).unwrap_or_default(), &outlook.detail),
            branches: outlook
                .branches
                .iter()
                .map(|branch| Branch {
                    id: branch.place.to_string(),
                    name: branch.name.clone(),
                    above: branch.above.and_then(id),
                    history: branch.history.iter().map(|amount| amount.0).collect(),
                    fan: branch.fan.iter().map(Fan::from).collect(),
                    distribution: branch
                        .total
                        .iter()
                        .flat_map(known::Distribution::amounts)
                        .map(|amount| amount.0)
                        .collect(),
                    p50: branch.p50().map(|amount| amount.0),
                    p50_before_factors: branch.before_factors.map(|amount| amount.0),
                    booked: branch.booked.0,
                    last_year: branch.last_year.map(|amount| amount.0),
                })
                .collect(),
        }
    }
}

impl From<&known::Fan> for Fan {
    fn from(month: &known::Fan) -> Self {
        Self {
            p10: month.p10.0,
            p25: month.p25.0,
            p50: month.p50.0,
            p75: month.p75.0,
            p90: month.p90.0,
        }
    }
}

fn detail(id: String, detail: &known::Detail) -> Detail {
    let stock = |stock: known::Stock| Stock {
        deals: stock.deals,
        amount: stock.amount.0,
        weighted: stock.weighted.0,
    };
    Detail {
        id,
        methods: detail
            .methods
            .iter()
            .map(|(name, part)| Method {
                name: name.clone(),
                part: *part,
            })
            .collect(),
        accuracy: detail.accuracy.map(|accuracy| Accuracy {
            tries: accuracy.tries,
            months: accuracy.months,
            off: accuracy.off,
            year_off: accuracy.year_off,
            coverage: accuracy.coverage(),
        }),
        festival: detail.festival,
        notes: detail.notes.clone(),
        factors: detail
            .steps
            .iter()
            .map(|step| Step {
                id: step.factor.to_string(),
                amount: step.amount.0,
                cut: step.cut.0,
                share: step.share_ppm.map(|ppm| f64::from(ppm) / 1e6),
            })
            .collect(),
        pipeline: detail.pipeline.map(|pipeline| Pipeline {
            closing: stock(pipeline.closing),
            undated: stock(pipeline.undated),
            won: pipeline.won,
        }),
    }
}
