//! `/api/v1/versions/{version}/why` and `…/what-if`: why a number is what it is, and what another weight would give.

mod figure;
mod steps;

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use domain::explain::peers as known;
use domain::explain::what_if::Growth;
use domain::format::Lang;
use domain::id::VersionId;
use domain::plan::{Basis, NodeIndex, PeriodIndex};
use domain::why::Why;
use operations::{Error, Scope};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::error::prefers_chinese;
use super::{ApiError, Caller, ErrorBody};
use crate::state::AppState;
use steps::{ToldStep, WhyStep};

/// Which number.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// The row, as the rows of the version name it.
    row: u32,
    /// The name of one of its periods; left out, the total.
    #[param(example = "2027-01")]
    period: Option<String>,
    /// Another figure of the row than its amount: `hedge`, `last_year`, `record` (the plan of record), or `line`.
    #[param(example = "record")]
    of: Option<String>,
    /// With `line`: `product`, `category`, `channel` or `account`.
    by: Option<String>,
    /// With `line`: which, as the lines of the row name it.
    key: Option<String>,
}

/// What is tried out.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Trial {
    /// The row, as the rows of the version name it.
    row: u32,
    /// The name of one of its periods; left out, the total.
    #[param(example = "2027-01")]
    period: Option<String>,
    /// `history`, `capability`, `potential`, `customers`, `pipeline`, `imported` or `equal`.
    #[param(example = "history")]
    basis: String,
    /// By how many per cent more the row counts in it, from -100 to 400.
    #[param(example = 20)]
    change: i32,
}

/// A number and the steps that sum to it. Amounts are in minor units.
#[derive(Serialize, ToSchema)]
pub(super) struct Reasons {
    /// ISO 4217 code.
    #[schema(example = "CNY")]
    currency: String,
    /// The period; null: the total.
    period: Option<String>,
    amount: i64,
    /// Each with its amount, its `kind` and what belongs to that.
    #[schema(value_type = Vec<WhyStep>)]
    steps: Vec<ToldStep>,
    /// The names of those the steps speak of, by id.
    #[schema(value_type = Object)]
    people: BTreeMap<Uuid, String>,
    /// The names of rows the steps speak of, by row.
    #[schema(value_type = Object)]
    rows: BTreeMap<u32, String>,
    /// The formula of the split that decided it, the largest part first; empty where no split did.
    formula: Vec<Part>,
    /// How the whole number compares with those of its peers; null where fewer than five are comparable.
    peers: Option<Peers>,
}

/// A basis of the formula.
#[derive(Serialize, ToSchema)]
struct Part {
    #[schema(example = "history")]
    basis: &'static str,
    /// Its part in millionths.
    share_ppm: u32,
}

/// A comparison with peers, who stay unknown.
#[derive(Serialize, ToSchema)]
struct Peers {
    /// Whether they are people; else they are units.
    members: bool,
    amount: Placed,
    /// Of the growth against a year before; null where fewer than five have one.
    growth: Option<Placed>,
    /// The growth of the others in the middle, in whole per cent.
    middle_growth_pct: Option<i32>,
    /// Of the amount against what was done in the comparable months; null where fewer than five have one.
    stretch: Option<Placed>,
}

/// Where a figure stands among those of others.
#[derive(Serialize, ToSchema)]
struct Placed {
    /// About how many of the others it exceeds, in per cent, rounded to 5.
    above_pct: u8,
    /// How many others.
    others: u32,
}

/// What the split would give. Amounts are in minor units.
#[derive(Serialize, ToSchema)]
pub(super) struct WhatIf {
    /// ISO 4217 code.
    #[schema(example = "CNY")]
    currency: String,
    /// What the split gives by the weights as they are.
    before: i64,
    /// What it would give.
    after: i64,
    difference: i64,
    /// The unit whose amount stays.
    above: String,
    /// How many others below it would have another number.
    others: u32,
    /// Whether the row counts in the basis at all.
    counts: bool,
}

/// Why a number is what it is
///
/// Reasons are told in words: what the program itself gave as reason in both languages, with a code for programs; what people
/// wrote as they wrote it.
#[utoipa::path(
    get,
    path = "/versions/{version}/why",
    tag = "versions",
    params(("version" = Uuid, Path, description = "The version."), Which),
    responses(
        (status = 200, description = "The steps, the formula, and how it compares.", body = Reasons),
        (status = 400, description = "A parameter is not understood, or a period the plan does not have.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version or row, or it is not for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn why(
    State(state): State<AppState>,
    Caller(scope): Caller,
    headers: HeaderMap,
    Path(version): Path<Uuid>,
    asked: Result<Query<Which>, QueryRejection>,
) -> Result<Json<Reasons>, ApiError> {
    let Query(Which {
        row,
        period,
        of,
        by,
        key,
    }) = asked.map_err(|rejection| not_understood(&rejection))?;
    let other = figure::other(of.as_deref(), by.as_deref(), key, period.is_some())?;
    let (version, node) = (VersionId(version), NodeIndex(row));
    let period = place(&state, &scope, version, period.as_deref()).await?;
    let operations = &state.operations;
    let told = match other {
        None => operations.why(&scope, version, node, period).await?,
        Some(other) => operations.why_other(&scope, version, node, period, other).await?,
    };
    let lang = if prefers_chinese(&headers) {
        Lang::ZhCn
    } else {
        Lang::En
    };
    Ok(Json(Reasons::told(told, lang)))
}

/// What the split would give with another weight
///
/// All else equal, and the amount of the unit above stays. Nothing is written.
#[utoipa::path(
    get,
    path = "/versions/{version}/what-if",
    tag = "versions",
    params(("version" = Uuid, Path, description = "The version."), Trial),
    responses(
        (status = 200, description = "What it gives and what it would give.", body = WhatIf),
        (status = 400, description = "A parameter is not understood, or the basis does not count.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version or row, or it is not for this caller.", body = ErrorBody),
        (status = 409, description = "The number was not split by a formula, or cannot be split with that weight.", body = ErrorBody),
    )
)]
pub(super) async fn what_if(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(version): Path<Uuid>,
    asked: Result<Query<Trial>, QueryRejection>,
) -> Result<Json<WhatIf>, ApiError> {
    let Query(Trial {
        row,
        period,
        basis,
        change,
    }) = asked.map_err(|rejection| not_understood(&rejection))?;
    let version = VersionId(version);
    let period = place(&state, &scope, version, period.as_deref()).await?;
    let growth = Growth {
        basis: Basis::parse(&basis).ok_or_else(|| unknown_basis(&basis))?,
        change_pct: change,
    };
    let found = state
        .operations
        .what_if(&scope, version, NodeIndex(row), period, growth)
        .await?;
    let (before, after) = (found.tried.before.0, found.tried.after.0);
    Ok(Json(WhatIf {
        currency: found.currency.code,
        before,
        after,
        difference: after - before,
        above: found.above,
        others: found.tried.others,
        counts: found.tried.counts,
    }))
}

/// The place of a period in the plan of a version.
pub(super) async fn place(
    state: &AppState,
    scope: &Scope,
    version: VersionId,
    name: Option<&str>,
) -> Result<Option<PeriodIndex>, Error> {
    let Some(name) = name else { return Ok(None) };
    let names = state.operations.period_names(scope, version).await?;
    let place = names.iter().position(|known| known == name);
    let place = place.and_then(|place| u16::try_from(place).ok());
    let unknown = || {
        Error::invalid_field(
            "unknown_period",
            "period",
            format!("计划里没有周期“{name}”。可用：{}。", names.join("、")),
            format!("The plan has no period \"{name}\"; it has {}.", names.join(", ")),
        )
    };
    place.map(PeriodIndex).map(Some).ok_or_else(unknown)
}

pub(super) fn unknown_basis(name: &str) -> Error {
    let names = Basis::ALL.map(Basis::as_str);
    Error::invalid_field(
        "unknown_basis",
        "basis",
        format!("没有依据“{name}”。可用：{}。", names.join("、")),
        format!("There is no basis \"{name}\"; there are {}.", names.join(", ")),
    )
}

fn not_understood(rejection: &QueryRejection) -> Error {
    Error::invalid(
        "query",
        "参数读不懂，请对照接口说明检查名称和类型。",
        format!("A parameter is not understood; see the description of the interface ({rejection})."),
    )
}

impl Reasons {
    /// What is told to who reads a language.
    fn told(told: Why, lang: Lang) -> Self {
        let steps = told.explanation.steps.into_iter();
        let steps = steps.map(|step| ToldStep::of(step, lang, &told.currency));
        Self {
            steps: steps.collect(),
            currency: told.currency.code,
            period: told.period.map(|period| period.name),
            amount: told.explanation.amount.0,
            people: told
                .people
                .into_iter()
                .map(|(user, name)| (user.0, name))
                .collect(),
            rows: told
                .nodes
                .into_iter()
                .map(|(node, name)| (node.0, name))
                .collect(),
            formula: told
                .formula
                .into_iter()
                .map(|share| Part {
                    basis: share.basis.as_str(),
                    share_ppm: share.share_ppm,
                })
                .collect(),
            peers: told.peers.map(Peers::from),
        }
    }
}

impl From<known::Peers> for Peers {
    fn from(peers: known::Peers) -> Self {
        Self {
            members: peers.members,
            amount: peers.amount.into(),
            growth: peers.growth.map(Placed::from),
            middle_growth_pct: peers.middle_growth_pct,
            stretch: peers.stretch.map(Placed::from),
        }
    }
}

impl From<known::Placed> for Placed {
    fn from(placed: known::Placed) -> Self {
        Self {
            above_pct: placed.above_pct,
            others: placed.others,
        }
    }
}
