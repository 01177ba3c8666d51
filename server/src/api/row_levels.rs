//! `/api/v1/versions/{version}/rows/{row}/levels`: floor, target, stretch and challenge of a row, and what it has instead of the
//! plan's ratio.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::format::Lang;
use domain::id::VersionId;
use domain::level::{Above, Level, Value};
use domain::plan::NodeIndex;
use domain::split::{LevelsAnswer, NewRowLevels, OwnLevel, OwnValue, RowLevels, SeenLevels};
use domain::target::LevelRow;
use operations::Error;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::targets::{LevelValue, read, value};
use super::{ApiError, Caller, ErrorBody};
use crate::state::AppState;

/// The levels that a row is to have of its own; what is null or left out has what the nearest row above has, else the plan's ratio.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OwnLevels {
    floor: Option<OwnLevelValue>,
    stretch: Option<OwnLevelValue>,
    challenge: Option<OwnLevelValue>,
    /// What follows above the row, of each level that does not say it itself; left out, `follows`.
    above: Option<WhatAbove>,
    /// What the row had of its own when the caller looked: where it has something else now, it is refused and not overwritten. Left
    /// out, it is not compared.
    seen: Option<SeenOfRow>,
}

/// What a row had of its own; a level that is null or left out had nothing.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SeenOfRow {
    floor: Option<OwnLevelValue>,
    stretch: Option<OwnLevelValue>,
    challenge: Option<OwnLevelValue>,
}

/// A ratio of the row's target or an amount, one of the two, and what follows above.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OwnLevelValue {
    /// In millionths of the target.
    #[schema(maximum = 100_000_000)]
    ratio_ppm: Option<u32>,
    /// In minor units.
    amount: Option<i64>,
    /// What follows above the row, of this level; left out, as the body says for all, and in what was seen `follows`.
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
        (status = 409, description = "The version is frozen or archived, the plan has not decided the level, the levels are out of order, or the row was given others since the caller looked: it says which, and by whom.", body = ErrorBody),
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
        seen,
    } = read(wanted)?;
    let above = above.unwrap_or(WhatAbove::Follows);
    let own = own_values([floor, stretch, challenge], above)?;
    let seen = match seen {
        Some(SeenOfRow {
            floor,
            stretch,
            challenge,
        }) => SeenLevels::These(own_values([floor, stretch, challenge], WhatAbove::Follows)?),
        None => SeenLevels::Any,
    };
    let wanted = NewRowLevels {
        node: NodeIndex(row),
        own,
        seen,
    };
    let answer = state
        .operations
        .set_row_levels(&scope, VersionId(version), &wanted)
        .await?;
    match answer {
        LevelsAnswer::Done => Ok(StatusCode::NO_CONTENT),
        LevelsAnswer::Changed(changed) => {
            let (zh, en) = (changed.words(Lang::ZhCn), changed.words(Lang::En));
            Err(Error::conflict("row_levels_changed", zh, en).into())
        }
    }
}

/// Floor, stretch and challenge as a body has them.
fn own_values(given: [Option<OwnLevelValue>; 3], above: WhatAbove) -> Result<Vec<OwnValue>, Error> {
    let mut own = Vec::new();
    for (level, given) in [Level::Floor, Level::Stretch, Level::Challenge]
        .into_iter()
        .zip(given)
    {
        let plain = given.map(|given| LevelValue::new(given.ratio_ppm, given.amount));
        if let (Some(value), Some(given)) = (value(plain, level.as_str())?, given) {
            let above = match given.above.unwrap_or(above) {
                WhatAbove::Follows => Above::Follows,
                WhatAbove::Stays => Above::Stays,
            };
            own.push(OwnValue { level, value, above });
        }
    }
    Ok(own)
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
