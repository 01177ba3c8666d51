//! Refusals by what programs match on.

use operations::Error;

/// The stable code of a refusal, or the kind of any other error.
pub(crate) fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    match result.unwrap_err() {
        Error::Invalid(refusal) | Error::Conflict(refusal) => refusal.code,
        Error::Unauthenticated => "unauthenticated".to_owned(),
        Error::NotFound(_) => "not_found".to_owned(),
        Error::Busy { .. } => "busy".to_owned(),
        Error::Internal(text) => text,
    }
}
