//! `GET /api/v1/capability`: what people and units can do, and what hiring or leaving would change.

use axum::Json;
use axum::extract::{Query, State};
use domain::assumption::PlanningQuery;
use domain::capability::capacity;
use domain::capability::team;
use domain::capability::what_if::WhatIf;
use operations::Error;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{ApiError, Caller, ErrorBody};
use crate::state::AppState;

/// What is asked.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// A version of a plan; by default the draft in work, or the fiscal year that comes next.
    version: Option<Uuid>,
    /// Instead of a version: the name of a period to prepare a plan for.
    #[param(example = "2027")]
    period: Option<String>,
    /// Who would be hired: `UNIT~DAY~COUNT~PACE`, several joined by commas; the pace is `none`, `quick`, `standard` or `long`.
    hire: Option<String>,
    /// Who would leave: `MEMBER~DAY`, several joined by commas.
    leave: Option<String>,
}

/// What people and units can do. Amounts are in minor units of the currency.
#[derive(Serialize, ToSchema)]
pub(super) struct Capability {
    /// ISO 4217 code of the currency the amounts are in.
    #[schema(example = "CNY")]
    currency: String,
    /// The first planned day.
    #[schema(example = "2027-01-01")]
    from: String,
    /// The day after the last.
    #[schema(example = "2028-01-01")]
    to: String,
    /// Facts up to and including this day count.
    as_of: String,
    /// Whole months with data that the figures rest on.
    history_months: u32,
    /// Whether people can be told apart by what they did; null where nothing is known.
    people_differ: Option<bool>,
    /// What a person does in an average month; null where nothing is known.
    mean: Option<i64>,
    /// The number of the version; null without one.
    target: Option<i64>,
    /// The first day of each month, in the order of all lists by month.
    months: Vec<String>,
    /// What everybody can do in each month.
    capacity: Vec<i64>,
    /// And in all of them, with what it lies in four times of five.
    total: Range,
    /// The company and its units, each with all below it, parents before their children.
    units: Vec<Unit>,
    /// The people, by name.
    people: Vec<Person>,
    /// What hiring and leaving would change in each month.
    change: Vec<i64>,
    /// And in all of them.
    change_total: i64,
    /// The whole, the units and the people with what is tried out; null where nothing is.
    tried: Option<Tried>,
}

/// Everything as it would be with what is tried out.
#[derive(Serialize, ToSchema)]
#[schema(as = CapabilityTried)]
struct Tried {
    /// What everybody can do in the planned time, newcomers too.
    total: Range,
    /// How many people count in each month, in millionths.
    heads_ppm: Vec<u64>,
    /// The units, with newcomers and without leavers.
    units: Vec<Unit>,
    /// The people there are already.
    people: Vec<Person>,
}

/// A figure with its interval.
#[derive(Serialize, ToSchema)]
struct Range {
    value: i64,
    low: i64,
    high: i64,
}

/// What somebody works with.
#[derive(Serialize, ToSchema)]
struct Resources {
    /// Customers with something credited in the last twelve months.
    customers: u32,
    /// What they brought.
    customer_amount: i64,
    /// Deals open now.
    open_deals: u32,
    /// Their amounts.
    pipeline: i64,
}

/// A unit.
#[derive(Serialize, ToSchema)]
struct Unit {
    id: Uuid,
    name: String,
    /// How deep in the tree; the company is 0.
    depth: u8,
    /// People who count in each month, in millionths.
    heads_ppm: Vec<u64>,
    capacity: Vec<i64>,
    total: Range,
    resources: Resources,
}

/// A person.
#[derive(Serialize, ToSchema)]
struct Person {
    id: Uuid,
    name: String,
    /// The units worked in.
    units: Vec<Uuid>,
    /// What the figure rests on: `own`, `team`, `given`, `no_history`, `sells_nothing`, `not_there`.
    #[schema(example = "own")]
    ground: &'static str,
    /// How much of the figure is the person's own, from 0 to 1.
    weight: f64,
    /// At full strength in an average month.
    monthly: Option<Range>,
    /// What was reached of published targets, drawn towards the team.
    attainment: Option<f64>,
    /// Presence in each month, in millionths.
    heads_ppm: Vec<u32>,
    capacity: Vec<i64>,
    total: Range,
    resources: Resources,
}

/// What people and units can do
///
/// Estimated from the whole months of the last two years, without the season and at full strength, drawn towards the team by how
/// little is known of a person (empirical Bayes); imported figures are used where there are some. A month is that, by its season,
/// the presence by dated assignments and the ramp of newcomers. Units are the exact sums of their people.
#[utoipa::path(
    get,
    path = "/capability",
    tag = "planning",
    params(Asked),
    responses(
        (status = 200, description = "What they can do.", body = Capability),
        (status = 400, description = "A parameter is not understood.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "No such version, or not for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn get(
    State(state): State<AppState>,
    Caller(scope): Caller,
    asked: Result<Query<Asked>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<Capability>, ApiError> {
    let Query(asked) = asked.map_err(|rejection| {
        Error::invalid(
            "parameters",
            "参数读不懂：可用 version、period、hire、leave。",
            format!(
                "Parameters are not understood: version, period, hire and leave are possible ({rejection})."
            ),
        )
    })?;
    let part = |text: &Option<String>| text.clone().unwrap_or_default();
    let what_if = WhatIf::parse(&part(&asked.hire), &part(&asked.leave)).map_err(|_| {
        Error::invalid_field(
            "what_if",
            "hire",
            "hire 应写作 部门~日期~人数~速度，leave 应写作 成员~日期，多个用逗号分开。",
            "`hire` is written UNIT~DAY~COUNT~PACE and `leave` MEMBER~DAY, several joined by commas.",
        )
    })?;
    let query = PlanningQuery {
        version: asked.version.map(Into::into),
        period: asked.period,
    };
    Ok(Json(
        state.operations.capability(&scope, &query, what_if).await?.into(),
    ))
}

fn amounts(amounts: &[domain::money::Minor]) -> Vec<i64> {
    amounts.iter().map(|amount| amount.0).collect()
}

impl From<capacity::Range> for Range {
    fn from(range: capacity::Range) -> Self {
        Self {
            value: range.value.0,
            low: range.low.0,
            high: range.high.0,
        }
    }
}

impl From<team::Resources> for Resources {
    fn from(of: team::Resources) -> Self {
        Self {
            customers: of.customers,
            customer_amount: of.customer_amount.0,
            open_deals: of.open_deals,
            pipeline: of.pipeline.0,
        }
    }
}

impl From<team::UnitRow> for Unit {
    fn from(row: team::UnitRow) -> Self {
        Self {
            id: row.unit.0,
            name: row.name,
            depth: row.depth,
            heads_ppm: row.heads,
            capacity: amounts(&row.capacity),
            total: row.total.into(),
            resources: row.resources.into(),
        }
    }
}

impl From<team::PersonRow> for Person {
    fn from(row: team::PersonRow) -> Self {
        use team::Ground;
        Self {
            id: row.member.0,
            name: row.name,
            units: row.territory.iter().map(|one| one.unit.0).collect(),
            ground: match row.ground {
                Ground::Own { .. } => "own",
                Ground::Team => "team",
                Ground::Given => "given",
                Ground::NoHistory => "no_history",
                Ground::SellsNothing => "sells_nothing",
                Ground::NotThere => "not_there",
            },
            weight: row.weight,
            monthly: row.monthly.map(Range::from),
            attainment: row.attainment.map(|attained| attained.of.value),
            heads_ppm: row.heads,
            capacity: amounts(&row.capacity),
            total: row.total.into(),
            resources: row.resources.into(),
        }
    }
}

impl From<team::Team> for Capability {
    fn from(team: team::Team) -> Self {
        Self {
            currency: team.planning.currency.code,
            from: team.planning.span.starts_on.to_string(),
            to: team.planning.span.ends_on.to_string(),
            as_of: team.as_of.to_string(),
            history_months: team.history_months,
            people_differ: team.people_differ,
            mean: team.mean.map(|mean| mean.0),
            target: team.target.map(|target| target.0),
            months: team
                .months
                .iter()
                .map(|month| month.starts_on.to_string())
                .collect(),
            capacity: amounts(&team.capacity),
            total: team.total.into(),
            units: team.units.into_iter().map(Unit::from).collect(),
            people: team.people.into_iter().map(Person::from).collect(),
            change: amounts(&team.change.months),
            change_total: team.change.total.0,
            tried: team.tried.map(|tried| Tried {
                total: tried.total.into(),
                heads_ppm: tried.heads,
                units: tried.units.into_iter().map(Unit::from).collect(),
                people: tried.people.into_iter().map(Person::from).collect(),
            }),
        }
    }
}
