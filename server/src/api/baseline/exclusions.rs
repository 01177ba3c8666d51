//! `/api/v1/baseline/exclusions`: one-offs that a planning leaves out of the history.

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use domain::baseline;
use operations::Error;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::{ApiError, Caller, ErrorBody};
use super::{OfPlanning, unknown_parameters};
use crate::state::AppState;

/// A deal or an order that is left out.
#[derive(Serialize, ToSchema)]
pub(super) struct Exclusion {
    /// `deals` or `orders`.
    #[schema(example = "orders")]
    source: String,
    /// Its id in the system it comes from.
    #[schema(example = "CA-2014-145317")]
    external_id: String,
    /// Why, in Chinese.
    reason_zh: String,
    /// Why, in English.
    reason_en: String,
    /// Who left it out.
    by: String,
    /// When, in milliseconds since 1970.
    at_ms: i64,
}

/// What to leave out.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewExclusion {
    /// The id of the deal or the order in the system it comes from.
    #[schema(example = "CA-2014-145317")]
    external_id: String,
    /// Why; may be missing for what is proposed, whose reason is known. At most 300 characters.
    #[serde(default)]
    words: Option<String>,
}

impl From<baseline::Exclusion> for Exclusion {
    fn from(exclusion: baseline::Exclusion) -> Self {
        Self {
            source: exclusion.source.as_str().to_owned(),
            reason_zh: exclusion.reason.words(domain::format::Lang::ZhCn),
            reason_en: exclusion.reason.words(domain::format::Lang::En),
            external_id: exclusion.external_id,
            by: exclusion.by,
            at_ms: exclusion.at_ms,
        }
    }
}

/// What is left out of the history
#[utoipa::path(
    get,
    path = "/baseline/exclusions",
    tag = "baseline",
    params(OfPlanning),
    responses(
        (status = 200, description = "What the planning leaves out.", body = [Exclusion]),
        (status = 400, description = "A parameter is not understood.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "No such version, or not for this caller.", body = ErrorBody),
    )
)]
pub(in crate::api) async fn exclusions(
    State(state): State<AppState>,
    Caller(scope): Caller,
    of: Result<Query<OfPlanning>, QueryRejection>,
) -> Result<Json<Vec<Exclusion>>, ApiError> {
    state.operations.may_read_baseline(&scope)?;
    let Query(of) = of.map_err(unknown_parameters)?;
    let found = state.operations.exclusions(&scope, &of.query()?).await?;
    Ok(Json(found.into_iter().map(Into::into).collect()))
}

/// Leave a deal or an order out of the history
///
/// It stays in every actual; season, growth and forecasts are made without it. Leaving it out again replaces the reason. Refused
/// where the version is frozen.
#[utoipa::path(
    post,
    path = "/baseline/exclusions",
    tag = "baseline",
    params(OfPlanning),
    request_body = NewExclusion,
    responses(
        (status = 200, description = "It is left out.", body = Exclusion),
        (status = 400, description = "Nothing with this number counts, or a reason is missing.", body = ErrorBody),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "No such version, or not for this caller.", body = ErrorBody),
        (status = 409, description = "The version is frozen.", body = ErrorBody),
    )
)]
pub(in crate::api) async fn exclude(
    State(state): State<AppState>,
    Caller(scope): Caller,
    of: Result<Query<OfPlanning>, QueryRejection>,
    wanted: Result<Json<NewExclusion>, JsonRejection>,
) -> Result<Json<Exclusion>, ApiError> {
    state.operations.may_exclude(&scope)?;
    let Query(of) = of.map_err(unknown_parameters)?;
    let Json(wanted) = wanted.map_err(|rejection| {
        Error::invalid(
            "body",
            "请求内容应为 {\"external_id\": 单据编号, \"words\": 原因}，建议剔除的单据可以不写原因。",
            format!("The body must be {{\"external_id\": …, \"words\": …}}, words may be missing for what is proposed ({rejection})."),
        )
    })?;
    let wanted = baseline::NewExclusion {
        external_id: wanted.external_id,
        words: wanted.words,
    };
    let made = state.operations.exclude(&scope, &of.query()?, wanted).await?;
    Ok(Json(made.into()))
}

/// Let a deal or an order count in the history again
#[utoipa::path(
    delete,
    path = "/baseline/exclusions/{external_id}",
    tag = "baseline",
    params(("external_id" = String, Path, description = "Its id in the system it comes from."), OfPlanning),
    responses(
        (status = 200, description = "It counts again."),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "It was not left out, no such version, or not for this caller.", body = ErrorBody),
        (status = 409, description = "The version is frozen.", body = ErrorBody),
    )
)]
pub(in crate::api) async fn include(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(external_id): Path<String>,
    of: Result<Query<OfPlanning>, QueryRejection>,
) -> Result<(), ApiError> {
    state.operations.may_exclude(&scope)?;
    let Query(of) = of.map_err(unknown_parameters)?;
    Ok(state
        .operations
        .include(&scope, &of.query()?, &external_id)
        .await?)
}
