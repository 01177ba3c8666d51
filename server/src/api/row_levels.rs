//! `/api/v1/versions/{version}/rows/{row}/levels`: floor, target, stretch and challenge of a row, and what it has instead of the
//! plan's ratio.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::id::VersionId;
use domain::level::{Above, Given, Level, Value};
use domain::plan::NodeIndex;
use domain::split::{OwnLevel, RowLevels};
use domain::target::LevelRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::targets::{LevelValue, read, value};
use super::{ApiError, Caller, ErrorBody};
use crate::state::AppState;

/// The levels that a row is to have of its own; what is null or left out has the plan's ratio.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OwnLevels {
    floor: Option<LevelValue>,
    stretch: Option<LevelValue>,
    challenge: Option<LevelValue>,
    /// What follows above the row; left out, `follows`.
    above: Option<WhatAbove>,
}

/// `follows`: the rows above have so much more or less, up to the first with a level of its own. `stays`: the row above keeps what
/// it has, and the rows beside take the rest.
#[derive(Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum WhatAbove {
    Follows,
    Stays,
}

/// The levels of a row. Amounts are in minor units.
#[derive(Serialize, ToSchema)]
pub(super) struct LevelsOfRow {
    /// Floor, target, stretch, challenge.
    levels: Vec<LevelOfRow>,
    /// Whether the caller may give the row levels of its own.
    may_edit: bool,
}

/// A level of a row.
#[derive(Serialize, ToSchema)]
struct LevelOfRow {
    /// `floor`, `target`, `stretch` or `challenge`.
    level: &'static str,
    /// The plan's ratio of the target in millionths, where the level was decided as one.
    plan_ratio_ppm: Option<u32>,
    /// What the row has; null where nobody decided the level, or where the levels cannot be had at the present target. That of the
    /// target is null too where nobody decided another level: it is among the rows of the version.
    amount: Option<i64>,
    /// The same in each period of the plan, in order; empty where there is none.
    periods: Vec<i64>,
    /// What is set instead of the plan's ratio; null where nothing is.
    own: Option<LevelInstead>,
}

/// What is set instead of the plan's ratio.
#[derive(Serialize, ToSchema)]
struct LevelInstead {
    /// The name of the row above that it comes from; null where it is of the row itself.
    from: Option<String>,
    /// In millionths of the target, where it is a ratio.
    ratio_ppm: Option<u32>,
    /// Where it is an amount; null for a row above that is out of reach.
    amount: Option<i64>,
    above: WhatAbove,
    /// Who set it.
    set_by: String,
    /// When, in milliseconds since 1970.
    set_at_ms: i64,
}

/// The levels of a row
#[utoipa::path(
    get,
    path = "/versions/{version}/rows/{row}/levels",
    tag = "versions",
    params(
        ("version" = Uuid, Path, description = "The version."),
        ("row" = u32, Path, description = "The row, as the rows of the version name it; 0 is the whole."),
    ),
    responses(
        (status = 200, description = "Its levels, and what is set instead of the plan's ratios.", body = LevelsOfRow),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version or row, or it is not for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn get(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path((version, row)): Path<(Uuid, u32)>,
) -> Result<Json<LevelsOfRow>, ApiError> {
    let found = state
        .operations
        .row_levels(&scope, VersionId(version), NodeIndex(row))
        .await?;
    Ok(Json(found.into()))
}

/// Give a row of a draft levels of its own, or the plan's ratios again
///
/// What is set of a unit holds for everybody below it who has nothing of their own. Floor ≤ target ≤ stretch ≤ challenge must hold.
/// What the row has of a level that is undecided again waits and is not told; it stays unless nothing at all is given.
#[utoipa::path(
    put,
    path = "/versions/{version}/rows/{row}/levels",
    tag = "versions",
    params(
        ("version" = Uuid, Path, description = "The version."),
        ("row" = u32, Path, description = "The row, as the rows of the version name it; not 0, the whole."),
    ),
    request_body = OwnLevels,
    responses(
        (status = 204, description = "They are set."),
        (status = 400, description = "The body is not understood.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version or row, or it is not for this caller.", body = ErrorBody),
        (status = 409, description = "The version is frozen or archived, the plan has not decided the level, or the levels are out of order.", body = ErrorBody),
    )
)]
pub(super) async fn put(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path((version, row)): Path<(Uuid, u32)>,
    wanted: Result<Json<OwnLevels>, JsonRejection>,
) -> Result<StatusCode, ApiError> {
    state.operations.may_plan(&scope)?;
    let OwnLevels {
        floor,
        stretch,
        challenge,
        above,
    } = read(wanted)?;
    let own = Given {
        floor: value(floor, "floor")?,
        stretch: value(stretch, "stretch")?,
        challenge: value(challenge, "challenge")?,
    };
    let above = match above {
        None | Some(WhatAbove::Follows) => Above::Follows,
        Some(WhatAbove::Stays) => Above::Stays,
    };
    state
        .operations
        .set_row_levels(&scope, VersionId(version), NodeIndex(row), own, above)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<RowLevels> for LevelsOfRow {
    fn from(found: RowLevels) -> Self {
        let levels = found
            .rows
            .iter()
            .map(|row| level(row, found.own(row.level)))
            .collect();
        Self {
            levels,
            may_edit: found.may_own,
        }
    }
}

fn level(row: &LevelRow, own: Option<&OwnLevel>) -> LevelOfRow {
    LevelOfRow {
        level: row.level.as_str(),
        plan_ratio_ppm: match (row.level, row.value) {
            (Level::Target, _) => Some(1_000_000),
            (_, Some(Value::Ratio { ppm })) => Some(ppm),
            _ => None,
        },
        amount: row.amount.map(|amount| amount.0),
        periods: row.periods.iter().map(|amount| amount.0).collect(),
        own: own.map(|own| {
            let (ratio_ppm, amount) = match own.value {
                Some(Value::Ratio { ppm }) => (Some(ppm), None),
                Some(Value::Amount { amount }) => (None, Some(amount.0)),
                None => (None, None),
            };
            LevelInstead {
                from: own.from.clone(),
                ratio_ppm,
                amount,
                above: match own.above {
                    Above::Follows => WhatAbove::Follows,
                    Above::Stays => WhatAbove::Stays,
                },
                set_by: own.by.clone(),
                set_at_ms: own.at_ms,
            }
        }),
    }
}
