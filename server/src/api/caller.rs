//! Who calls: a program with a token, or one of our pages with its session.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use operations::{Error, Scope};

use super::ApiError;
use crate::state::AppState;

/// The caller's scope; 401 when there is none.
#[derive(Clone, Debug)]
pub(crate) struct Caller(pub(crate) Scope);

impl FromRequestParts<AppState> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &AppState) -> Result<Self, ApiError> {
        parts
            .extensions
            .get::<Option<Scope>>()
            .cloned()
            .flatten()
            .map(Caller)
            .ok_or_else(|| Error::Unauthenticated.into())
    }
}
