//! `/api/v1/versions/{version}/rows/{row}/span`: neighbouring periods of a row set as a whole, as the months of a quarter.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use domain::id::VersionId;
use domain::money::Minor;
use domain::plan::{Give, Keep, NodeIndex, PeriodIndex, PlanCommand};
use operations::{Error, VersionPeriods};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::row_amounts::{WhatStays, WhoGives, decide};
use super::targets::{Head, read};
use super::{ApiError, Caller, ErrorBody};
use crate::state::AppState;

/// What periods are to have together: a quarter, or from a first period to a last, one of the two.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewSpanAmount {
    /// In minor units.
    #[schema(minimum = 0, maximum = 1_000_000_000_000_000_i64)]
    amount: i64,
    /// The name of a quarter that months of the plan make.
    #[schema(example = "2027-Q1")]
    quarter: Option<String>,
    /// The name of the first of the periods.
    #[schema(example = "2027-01")]
    first: Option<String>,
    /// The name of the last of them.
    #[schema(example = "2027-03")]
    last: Option<String>,
    /// What stays; left out, `row`, and `column` where they are all periods of the plan.
    keep: Option<WhatStays>,
    /// Who gives.
    #[serde(default)]
    give: WhoGives,
    /// The number of the last command one has seen.
    head: u64,
    /// An id that the caller makes up: sent again under the same one, it is answered and not done twice.
    key: Option<Uuid>,
    /// Why.
    #[schema(max_length = 500)]
    reason: Option<String>,
}

/// Periods by their places in the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Places {
    first: PeriodIndex,
    count: u16,
}

/// Set what periods of a row have together
///
/// A quarter, or any neighbouring periods: they share it in their present proportions, within locks and bounds. The others give way as
/// `keep` and `give` say.
#[utoipa::path(
    put,
    path = "/versions/{version}/rows/{row}/span",
    tag = "versions",
    params(
        ("version" = Uuid, Path, description = "The version."),
        ("row" = u32, Path, description = "The row, as the rows of the version name it."),
    ),
    request_body = NewSpanAmount,
    responses(
        (status = 200, description = "It is set.", body = Head),
        (status = 400, description = "The body is not understood, or it names no quarter or periods of the plan.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version or row, or it is not for this caller.", body = ErrorBody),
        (status = 409, description = "The version is no draft, the amount cannot be had: it says what is in the way, it is the caller's own, or somebody changed it since `head`.", body = ErrorBody),
    )
)]
pub(super) async fn set(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path((version, row)): Path<(Uuid, u32)>,
    wanted: Result<Json<NewSpanAmount>, JsonRejection>,
) -> Result<Json<Head>, ApiError> {
    state.operations.may_plan(&scope)?;
    let wanted = read(wanted)?;
    let version = VersionId(version);
    let periods = state.operations.version_periods(&scope, version).await?;
    let places = places(&wanted, &periods)?;
    let (node, amount) = (NodeIndex(row), Minor(wanted.amount));
    let give = Give::from(wanted.give);
    // As on the page: all periods are the total, and one is no span.
    let is_all = usize::from(places.count) == periods.names.len();
    let period = (!is_all).then_some(places.first);
    let keep = wanted.keep.map_or_else(|| Keep::default_for(period), Keep::from);
    let command = if is_all || places.count == 1 {
        PlanCommand::Set {
            node,
            period,
            amount,
            keep,
            give,
            reason: wanted.reason,
        }
    } else {
        PlanCommand::SetSpan {
            node,
            first: places.first,
            periods: places.count,
            amount,
            keep,
            give,
            reason: wanted.reason,
        }
    };
    decide(&state, &scope, version, (wanted.head, wanted.key), command).await
}

/// Which periods are meant.
fn places(wanted: &NewSpanAmount, periods: &VersionPeriods) -> Result<Places, Error> {
    match (
        wanted.quarter.as_deref(),
        wanted.first.as_deref(),
        wanted.last.as_deref(),
    ) {
        (Some(name), None, None) => quarter(name, periods),
        (None, Some(first), Some(last)) => {
            let (from, to) = (period(first, "first", periods)?, period(last, "last", periods)?);
            let count = to.checked_sub(from).map(|between| between.saturating_add(1));
            let count = count.ok_or_else(|| {
                Error::invalid_field(
                    "bad_span",
                    "last",
                    format!("“{last}”在“{first}”之前。first 写前面的周期，last 写后面的。"),
                    format!(
                        "\"{last}\" comes before \"{first}\": first is the earlier period, last the later."
                    ),
                )
            })?;
            Ok(Places {
                first: PeriodIndex(from),
                count,
            })
        }
        _ => Err(Error::invalid_field(
            "bad_span",
            "quarter",
            "写一个季度（quarter），或首尾两个周期（first 和 last），二者选一。",
            "Give one of the two: a quarter, or the first and the last of the periods.",
        )),
    }
}

fn period(name: &str, field: &str, periods: &VersionPeriods) -> Result<u16, Error> {
    let names = &periods.names;
    let place = names.iter().position(|known| known == name);
    let place = place.and_then(|place| u16::try_from(place).ok());
    place.ok_or_else(|| {
        Error::invalid_field(
            "unknown_period",
            field,
            format!("计划里没有周期“{name}”。可用：{}。", names.join("、")),
            format!("The plan has no period \"{name}\"; it has {}.", names.join(", ")),
        )
    })
}

fn quarter(name: &str, periods: &VersionPeriods) -> Result<Places, Error> {
    let known = periods
        .quarters
        .iter()
        .find(|quarter| quarter.period.name == name);
    if let Some(quarter) = known {
        return Ok(Places {
            first: quarter.first,
            count: quarter.months,
        });
    }
    let names: Vec<&str> = periods
        .quarters
        .iter()
        .map(|quarter| quarter.period.name.as_str())
        .collect();
    let (zh, en) = if names.is_empty() {
        (
            "这个计划不按月，没有由月份组成的季度。请用 first 和 last 写周期。".to_owned(),
            "This plan is not by months, which would make quarters: name its periods by first and last."
                .to_owned(),
        )
    } else {
        (
            format!("计划里没有季度“{name}”。可用：{}。", names.join("、")),
            format!("The plan has no quarter \"{name}\"; it has {}.", names.join(", ")),
        )
    };
    Err(Error::invalid_field("unknown_quarter", "quarter", zh, en))
}
