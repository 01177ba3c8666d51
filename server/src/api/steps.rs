//! `/api/v1/versions/{version}/undo` and `…/redo`: one's own last change of a draft taken back, and done again.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use domain::id::{CommandId, VersionId};
use domain::plan::{Intent, NodeIndex, PeriodIndex};
use domain::split::{Back, Frees, Insist};
use operations::{ChangedSince, Error, Scope, Stepped};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::remarks::no_period;
use super::targets::read;
use super::{ApiError, Caller, ErrorBody};
use crate::state::AppState;

/// How a step is taken; `{}` for one that asks where others changed the same.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StepWanted {
    /// An id that the caller makes up: sent again under the same one, it is answered and not done twice.
    key: Option<Uuid>,
    /// Do it although others changed the same since: the `head` that was told with what they changed. Theirs stays, and only the own
    /// part goes out of it. Where there is a later command by now, it is asked again.
    anyway: Option<u64>,
    /// Places whose locks are released in the same step.
    #[serde(default)]
    unlock: Vec<HeldPlace>,
    /// Places whose floors and caps are moved in the same step, as far as it needs.
    #[serde(default)]
    loosen: Vec<HeldPlace>,
}

/// A row's amount of a period, or its total.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HeldPlace {
    /// The row, as the rows of the version name it.
    row: u32,
    /// The name of a period; left out, the total.
    #[schema(example = "2027-01")]
    period: Option<String>,
}

/// A step that is done.
#[derive(Serialize, ToSchema)]
pub(super) struct StepDone {
    /// The number of the last command.
    head: u64,
    /// How many own commands can be taken back now.
    undo: u32,
    /// How many can be done again.
    redo: u32,
}

/// What others changed of the amounts of a step since.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ChangedMeanwhile {
    /// The number of the last command: sent as `anyway`, the step is taken all the same.
    head: u64,
    /// The rows that were changed most, the largest change first, at most five.
    rows: Vec<RowMeanwhile>,
    /// How many more there are.
    more_rows: u64,
}

/// The amounts of a row that others changed, summed, in minor units.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct RowMeanwhile {
    row: u32,
    name: String,
    /// The periods that were changed.
    #[schema(example = json!(["2027-01"]))]
    periods: Vec<String>,
    /// What the own change left there.
    left: i64,
    /// What is there now.
    now: i64,
    /// What the step would make of it.
    becomes: i64,
    /// Who changed it last.
    by: String,
    /// With which command.
    command: u64,
}

/// Take back one's own last change
///
/// Of the same person, wherever they made it, that still stands. Where others changed the same amounts since, nothing is done: the
/// answer is 409 with what they changed (`changed`), and the step is taken with `anyway`.
#[utoipa::path(
    post,
    path = "/versions/{version}/undo",
    tag = "versions",
    params(("version" = Uuid, Path, description = "The version.")),
    request_body = StepWanted,
    responses(
        (status = 200, description = "It is taken back.", body = StepDone),
        (status = 400, description = "The body is not understood, or a period the plan does not have.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version, or it is not for this caller.", body = ErrorBody),
        (status = 409, description = "The version is no draft, there is nothing to take back, locks or bounds are in the way, or others changed the same since: it says what.", body = ErrorBody),
    )
)]
pub(super) async fn undo(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(version): Path<Uuid>,
    wanted: Result<Json<StepWanted>, JsonRejection>,
) -> Result<Json<StepDone>, ApiError> {
    step(&state, &scope, VersionId(version), Intent::Undo, wanted).await
}

/// Do one's own last taken-back change again
///
/// As long as nothing else was done since. Where others changed the same amounts, it is asked about as taking back is.
#[utoipa::path(
    post,
    path = "/versions/{version}/redo",
    tag = "versions",
    params(("version" = Uuid, Path, description = "The version.")),
    request_body = StepWanted,
    responses(
        (status = 200, description = "It is done again.", body = StepDone),
        (status = 400, description = "The body is not understood, or a period the plan does not have.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version, or it is not for this caller.", body = ErrorBody),
        (status = 409, description = "The version is no draft, there is nothing to do again, locks or bounds are in the way, or others changed the same since: it says what.", body = ErrorBody),
    )
)]
pub(super) async fn redo(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(version): Path<Uuid>,
    wanted: Result<Json<StepWanted>, JsonRejection>,
) -> Result<Json<StepDone>, ApiError> {
    step(&state, &scope, VersionId(version), Intent::Redo, wanted).await
}

async fn step(
    state: &AppState,
    scope: &Scope,
    version: VersionId,
    intent: Intent,
    wanted: Result<Json<StepWanted>, JsonRejection>,
) -> Result<Json<StepDone>, ApiError> {
    state.operations.may_plan(scope)?;
    let wanted = read(wanted)?;
    let names = state.operations.period_names(scope, version).await?;
    let back = Back {
        intent,
        insist: wanted.anyway.map_or(Insist::Ask, Insist::At),
        frees: Frees {
            unlocks: places(&wanted.unlock, &names)?,
            loosens: places(&wanted.loosen, &names)?,
        },
    };
    let key = wanted.key.map(CommandId);
    match state.operations.decide_back(scope, version, key, back).await? {
        Stepped::Done { head, undoable } => Ok(Json(StepDone {
            head,
            undo: undoable.undo,
            redo: undoable.redo,
        })),
        Stepped::Asked(since) => Err(asked(since, &names)),
    }
}

fn places(places: &[HeldPlace], names: &[String]) -> Result<Vec<(NodeIndex, Option<PeriodIndex>)>, Error> {
    let place = |place: &HeldPlace| -> Result<(NodeIndex, Option<PeriodIndex>), Error> {
        let period = match &place.period {
            None => None,
            Some(name) => {
                let at = names.iter().position(|known| known == name);
                let at = at.and_then(|at| u16::try_from(at).ok());
                Some(PeriodIndex(at.ok_or_else(|| no_period(name, names))?))
            }
        };
        Ok((NodeIndex(place.row), period))
    };
    places.iter().map(place).collect()
}

/// What others changed, as the error that it is for a program.
fn asked(since: ChangedSince, names: &[String]) -> ApiError {
    let rows = since.rows.into_iter().map(|changed| RowMeanwhile {
        row: changed.row.node.0,
        name: changed.name,
        periods: changed
            .row
            .periods
            .iter()
            .filter_map(|period| names.get(usize::from(period.0)).cloned())
            .collect(),
        left: changed.row.left.0,
        now: changed.row.now.0,
        becomes: changed.row.becomes.0,
        by: changed.by,
        command: changed.row.seq,
    });
    let changed = ChangedMeanwhile {
        head: since.head,
        rows: rows.collect(),
        more_rows: since.more_rows,
    };
    let error = Error::conflict("changed_meanwhile", since.words.zh, since.words.en);
    ApiError::from(error).with(changed)
}
