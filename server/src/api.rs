//! The REST interface: OpenAPI 3.1 at `/api/v1/openapi.json`, errors as JSON in the caller's language.
//!
//! Callers are programs with a bearer token, or our own pages with their session. A noun's handlers live in `api/<noun>.rs`
//! and are added to [`described`]; a handler takes a [`Caller`], makes one call into the use cases, and answers
//! `Result<_, ApiError>`.

mod acknowledgements;
mod approvals;
mod attachments;
mod attainment;
mod baseline;
mod bookings;
mod caller;
mod capability;
mod commands;
mod error;
mod factors;
mod fairness;
mod imports;
mod jobs;
mod leave;
mod line_blocks;
mod me;
mod models;
mod negotiations;
mod numbers;
mod outlook;
mod questionnaires;
mod ramp;
mod remarks;
mod revisions;
mod row_amounts;
mod row_levels;
mod row_lines;
mod row_spans;
mod scenarios;
mod staffing;
mod steps;
mod targets;
mod versions;
mod why;

use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use axum::{Json, Router};
use utoipa::openapi::OpenApi as Description;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::AppState;

pub(crate) use caller::Caller;
pub(crate) use error::{ApiError, in_form};
pub use error::{ErrorBody, ErrorDetail};
pub use steps::ChangedMeanwhile;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Attain",
        description = "Sales targets: import facts, read attainment. Amounts are integers in minor units of the \
                       organization's currency, periods are named `2017-03` or `2017-Q1`, days `2017-03-31`.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    components(schemas(ErrorBody, ErrorDetail)),
    modifiers(&Access),
    security(("token" = []), ("session" = []))
)]
struct Interface;

/// How a caller shows who it is.
struct Access;

impl Modify for Access {
    fn modify(&self, description: &mut Description) {
        let components = description.components.get_or_insert_default();
        let token = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("An API token, made by `attain token create`."))
            .build();
        components.add_security_scheme("token", SecurityScheme::Http(token));
        let cookie = ApiKeyValue::with_description("attain", "The session of our own pages.");
        components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    }
}

/// Every route of the interface with its description.
fn described() -> OpenApiRouter<AppState> {
    // Files may be larger than what is else accepted; the handler counts their bytes.
    let files = OpenApiRouter::new()
        .routes(routes!(imports::create))
        .routes(routes!(versions::compare))
        .routes(routes!(attachments::create))
        .layer(DefaultBodyLimit::disable());
    let nouns = OpenApiRouter::new()
        .routes(routes!(me::me))
        .routes(routes!(numbers::own))
        .routes(routes!(numbers::of_member))
        .routes(routes!(attainment::attainment))
        .routes(routes!(baseline::baseline))
        .routes(routes!(baseline::customers))
        .routes(routes!(baseline::channels))
        .routes(routes!(baseline::exclusions, baseline::exclude))
        .routes(routes!(baseline::include))
        .routes(routes!(bookings::get, bookings::put))
        .routes(routes!(outlook::outlook))
        .routes(routes!(factors::list, factors::add))
        .routes(routes!(factors::edit, factors::remove))
        .routes(routes!(factors::things))
        .routes(routes!(attachments::get))
        .routes(routes!(targets::get, targets::put))
        .routes(routes!(targets::levels))
        .routes(routes!(targets::lines))
        .routes(routes!(targets::purpose))
        .routes(routes!(scenarios::list))
        .routes(routes!(scenarios::compare))
        .routes(routes!(scenarios::branch))
        .routes(routes!(scenarios::rename))
        .routes(routes!(scenarios::archive))
        .routes(routes!(scenarios::restore))
        .routes(routes!(capability::get))
        .routes(routes!(ramp::get, ramp::set))
        .routes(routes!(leave::calendar))
        .routes(routes!(leave::of_member, leave::enter))
        .routes(routes!(leave::change, leave::remove))
        .routes(routes!(approvals::list))
        .routes(routes!(approvals::get_chain, approvals::set_chain))
        .routes(routes!(approvals::get))
        .routes(routes!(approvals::submit))
        .routes(routes!(approvals::approve))
        .routes(routes!(approvals::send_back))
        .routes(routes!(approvals::publish))
        .routes(routes!(acknowledgements::list))
        .routes(routes!(acknowledgements::remind))
        .routes(routes!(remarks::rows))
        .routes(routes!(row_amounts::set))
        .routes(routes!(row_amounts::send))
        .routes(routes!(row_amounts::split))
        .routes(routes!(row_amounts::hold))
        .routes(routes!(row_levels::get, row_levels::put))
        .routes(routes!(row_lines::get))
        .routes(routes!(row_lines::put))
        .routes(routes!(line_blocks::put))
        .routes(routes!(row_spans::set))
        .routes(routes!(steps::undo))
        .routes(routes!(steps::redo))
        .routes(routes!(commands::since))
        .routes(routes!(why::why))
        .routes(routes!(why::what_if))
        .routes(routes!(fairness::of_version))
        .routes(routes!(models::of_version))
        .routes(routes!(fairness::get_limits, fairness::set_limits))
        .routes(routes!(remarks::list, remarks::say))
        .routes(routes!(remarks::settle))
        .routes(routes!(negotiations::list, negotiations::propose))
        .routes(routes!(negotiations::act))
        .routes(routes!(negotiations::postpone))
        .routes(routes!(negotiations::enter))
        .routes(routes!(negotiations::pulse))
        .routes(routes!(revisions::list))
        .routes(routes!(revisions::set_rule))
        .routes(routes!(revisions::open))
        .routes(routes!(revisions::dismiss))
        .routes(routes!(staffing::preview))
        .routes(routes!(staffing::open))
        .routes(routes!(questionnaires::list, questionnaires::create))
        .routes(routes!(
            questionnaires::get,
            questionnaires::change,
            questionnaires::delete
        ))
        .routes(routes!(questionnaires::postpone))
        .routes(routes!(questionnaires::ask_more))
        .routes(routes!(questionnaires::send))
        .routes(routes!(questionnaires::remind))
        .routes(routes!(questionnaires::answer))
        .routes(routes!(questionnaires::close))
        .routes(routes!(jobs::list))
        .routes(routes!(jobs::retry))
        .merge(files)
        .routes(routes!(imports::get))
        .routes(routes!(imports::cancel))
        .routes(routes!(imports::undo))
        .routes(routes!(imports::errors))
        .routes(routes!(versions::export));
    OpenApiRouter::with_openapi(Interface::openapi()).nest("/api/v1", nouns)
}

/// The description of the interface.
pub fn description() -> Description {
    described().into_openapi()
}

/// Routes of the interface.
pub(crate) fn router() -> Router<AppState> {
    let (router, description) = described().split_for_parts();
    router
        .route("/api/v1/openapi.json", get(async move || Json(description)))
        .route(
            "/api/v1/{*nothing}",
            axum::routing::any(async || ApiError::nothing()),
        )
}
