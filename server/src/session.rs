//! Who asks: resolved once per request from the session cookie, and handed on in the request's extensions.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use operations::Scope;

use crate::state::AppState;

/// Puts the use cases and the scope of whoever asks into the request's extensions.
pub(crate) async fn resolve(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let scope: Option<Scope> = None;
    request.extensions_mut().insert(state.operations);
    request.extensions_mut().insert(scope);
    next.run(request).await
}
