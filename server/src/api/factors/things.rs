//! `/api/v1/factors/things`: what a market factor can be about.

use axum::Json;
use axum::extract::State;
use domain::outlook::ThingKind;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::{ApiError, Caller, ErrorBody};
use crate::state::AppState;

/// Something a market factor can be about.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct FactorThing {
    kind: FactorThingKind,
    id: Uuid,
    /// What it is called.
    name: String,
}

/// What kind of thing: the name of the field a factor names it in.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum FactorThingKind {
    Category,
    Product,
    Channel,
}

/// What a market factor can be about
///
/// Beside units: product categories, products and channels.
#[utoipa::path(
    get,
    path = "/factors/things",
    tag = "outlook",
    responses(
        (status = 200, description = "Categories, products and channels, each by name.", body = Vec<FactorThing>),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "It is not for this caller.", body = ErrorBody),
    )
)]
pub(in crate::api) async fn things(
    State(state): State<AppState>,
    Caller(scope): Caller,
) -> Result<Json<Vec<FactorThing>>, ApiError> {
    let things = state.operations.factor_things(&scope).await?;
    let things = things.into_iter().map(|thing| FactorThing {
        kind: match thing.of.kind() {
            ThingKind::Category => FactorThingKind::Category,
            ThingKind::Product => FactorThingKind::Product,
            ThingKind::Channel => FactorThingKind::Channel,
        },
        id: thing.of.id(),
        name: thing.name,
    });
    Ok(Json(things.collect()))
}
