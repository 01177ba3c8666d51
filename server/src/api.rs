//! The REST interface: OpenAPI 3.1 at `/api/v1/openapi.json`, errors as JSON in the caller's language.

use axum::Router;

use crate::state::AppState;

/// Routes of the interface.
pub(crate) fn router() -> Router<AppState> {
    Router::new()
}
