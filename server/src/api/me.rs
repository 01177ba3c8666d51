//! `GET /api/v1/me`: who the caller is.

use axum::Json;
use axum::extract::State;
use domain::people as known;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ApiError, Caller, ErrorBody};
use crate::state::AppState;

/// Who is asking, what they may do, and the settings amounts and days are to be read by.
#[derive(Serialize, ToSchema)]
pub(super) struct Me {
    /// The person's name, or the token's.
    name: String,
    /// What the person signs in with; null for tokens.
    email: Option<String>,
    /// `owner`, `planner`, `manager`, `rep` or `viewer`.
    #[schema(example = "planner")]
    role: &'static str,
    /// What the caller may do; a token may do less than its role.
    permissions: Vec<String>,
    /// The member the person is.
    member: Option<Uuid>,
    /// The units the person leads, or belongs to, today.
    units: Vec<Unit>,
    /// `zh-CN` or `en`.
    language: String,
    /// The organization.
    organization: Organization,
    /// Today, as the organization counts.
    #[schema(example = "2018-02-15")]
    business_date: String,
    /// The build of the server.
    build: String,
}

/// A unit by name.
#[derive(Serialize, ToSchema)]
struct Unit {
    id: Uuid,
    name: String,
}

/// The settings of the organization.
#[derive(Serialize, ToSchema)]
struct Organization {
    name: String,
    /// ISO 4217 code of the currency every amount is in.
    #[schema(example = "CNY")]
    currency: String,
    /// Decimal places of its minor unit.
    decimals: u8,
    /// IANA name of the time zone.
    zone: String,
    /// Month the fiscal year starts in, 1 to 12.
    fiscal_start_month: u8,
}

/// Who the caller is
#[utoipa::path(
    get,
    path = "/me",
    tag = "me",
    responses(
        (status = 200, description = "The caller.", body = Me),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
    )
)]
pub(super) async fn me(State(state): State<AppState>, Caller(scope): Caller) -> Result<Json<Me>, ApiError> {
    let me = state.operations.me(&scope).await?;
    Ok(Json(Me::new(me, state.site.build())))
}

impl Me {
    fn new(me: known::Me, build: &str) -> Self {
        Self {
            name: me.name,
            email: me.email,
            role: me.role.as_str(),
            permissions: me.permissions.into_iter().map(word).collect(),
            member: me.member.map(|member| member.0),
            units: me
                .units
                .into_iter()
                .map(|unit| Unit {
                    id: unit.id.0,
                    name: unit.name,
                })
                .collect(),
            language: me.language,
            organization: Organization {
                name: me.organization.name,
                currency: me.organization.currency.code,
                decimals: me.organization.currency.decimals,
                zone: me.organization.zone,
                fiscal_start_month: me.organization.fiscal_start_month,
            },
            business_date: me.business_date.day.to_string(),
            build: build.to_owned(),
        }
    }
}

/// The wire name of a permission.
fn word(permission: impl Serialize) -> String {
    match serde_json::to_value(permission) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
