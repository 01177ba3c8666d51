//! `/api/v1/versions/{version}/staffing`: people who come, go, move and are away while a plan is on record.

mod body;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::format::Lang;
use domain::id::{CommandId, VersionId};
use domain::staffing::{Effect, Preview, PreviewRow};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::revisions::Opened;
use super::targets::read;
use super::{ApiError, Caller, ErrorBody};
use crate::state::AppState;
use body::{StaffChangeAsked, StaffChangeMade};

/// Every number a change of staff would touch. Amounts are in minor units.
#[derive(Serialize, ToSchema)]
pub(super) struct StaffPreview {
    /// What the plan is called.
    plan: String,
    /// The number of the published version.
    number: u32,
    /// ISO 4217 code.
    #[schema(example = "CNY")]
    currency: String,
    /// The periods, in the order of the amounts.
    #[schema(example = json!(["2027-01"]))]
    periods: Vec<String>,
    /// The whole plan as it is.
    before: i64,
    /// The whole plan as it would be.
    after: i64,
    /// How many locks and bounds of changed numbers the draft would begin without.
    released: u32,
    /// The units concerned, each followed by the rows in it that change.
    rows: Vec<StaffPreviewRow>,
}

/// A row before and after.
#[derive(Serialize, ToSchema)]
struct StaffPreviewRow {
    name: String,
    /// Whether it is a unit.
    is_unit: bool,
    /// By period.
    before: Vec<i64>,
    /// By period.
    after: Vec<i64>,
    /// Why it changes: `sum`, `hands_over`, `away`, `takes_over`, `gives`, `vacant` or `begins`.
    #[schema(example = "hands_over")]
    effect: &'static str,
    label_zh: String,
    label_en: String,
}

/// What a change of staff would do
///
/// To the numbers of a version on record from its day on. Nothing is written.
#[utoipa::path(
    post,
    path = "/versions/{version}/staffing/preview",
    tag = "revisions",
    params(("version" = Uuid, Path, description = "The published version.")),
    request_body = StaffChangeAsked,
    responses(
        (status = 200, description = "Every number it would touch, before and after.", body = StaffPreview),
        (status = 400, description = "The body is not understood, or the day is outside of the plan.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version, member or unit, or it is not for this caller.", body = ErrorBody),
        (status = 409, description = "The version is not on record, or the change touches no number: it says why.", body = ErrorBody),
    )
)]
pub(super) async fn preview(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(version): Path<Uuid>,
    asked: Result<Json<StaffChangeAsked>, JsonRejection>,
) -> Result<Json<StaffPreview>, ApiError> {
    state.operations.may_plan(&scope)?;
    let asked = read(asked)?.of(VersionId(version))?;
    let found = state.operations.preview_staffing(&scope, &asked).await?;
    Ok(Json(found.into()))
}

/// Enter a change of staff
///
/// A new draft with the numbers as the preview has them; the people are where the change puts them from its day on.
#[utoipa::path(
    post,
    path = "/versions/{version}/staffing",
    tag = "revisions",
    params(("version" = Uuid, Path, description = "The published version.")),
    request_body = StaffChangeMade,
    responses(
        (status = 201, description = "The draft was made, or had been under the same key.", body = Opened),
        (status = 400, description = "The body is not understood, there is no reason, or the day is outside of the plan.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version, member or unit, or it is not for this caller.", body = ErrorBody),
        (status = 409, description = "The version is not on record, the change touches no number, or it touches the caller's own.", body = ErrorBody),
    )
)]
pub(super) async fn open(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(version): Path<Uuid>,
    asked: Result<Json<StaffChangeMade>, JsonRejection>,
) -> Result<(StatusCode, Json<Opened>), ApiError> {
    state.operations.may_plan(&scope)?;
    let (asked, reason, key) = read(asked)?.of(VersionId(version))?;
    let key = key.map(CommandId);
    let made = state
        .operations
        .open_staffing(&scope, &asked, key, reason.as_deref())
        .await?;
    let opened = Opened {
        plan: made.plan.0,
        version: made.version.0,
    };
    Ok((StatusCode::CREATED, Json(opened)))
}

impl From<Preview> for StaffPreview {
    fn from(found: Preview) -> Self {
        Self {
            plan: found.plan_name,
            number: found.number,
            currency: found.currency.code,
            periods: found.periods.into_iter().map(|period| period.name).collect(),
            before: found.before.0,
            after: found.after.0,
            released: found.released,
            rows: found.rows.into_iter().map(StaffPreviewRow::from).collect(),
        }
    }
}

impl From<PreviewRow> for StaffPreviewRow {
    fn from(row: PreviewRow) -> Self {
        Self {
            name: row.name,
            is_unit: row.is_unit,
            before: row.before.into_iter().map(|amount| amount.0).collect(),
            after: row.after.into_iter().map(|amount| amount.0).collect(),
            effect: match row.effect {
                Effect::Sum => "sum",
                Effect::HandsOver { .. } => "hands_over",
                Effect::Away { .. } => "away",
                Effect::TakesOver => "takes_over",
                Effect::Gives => "gives",
                Effect::Vacant => "vacant",
                Effect::Begins { .. } => "begins",
            },
            label_zh: row.effect.words(Lang::ZhCn),
            label_en: row.effect.words(Lang::En),
        }
    }
}
