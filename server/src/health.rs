//! `/healthz`: the process answers. `/readyz`: it can also reach its database.

use axum::extract::State;
use axum::http::StatusCode;

use crate::fault;
use crate::state::AppState;

/// The process is alive.
pub(crate) async fn alive() -> &'static str {
    "ok\n"
}

/// The process can work.
pub(crate) async fn ready(State(state): State<AppState>) -> (StatusCode, &'static str) {
    match state.operations.ready().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            fault::record(&error.to_string());
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}
