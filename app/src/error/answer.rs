//! From the result of a use case to what the browser is told, with the right status for direct calls.

use http::{HeaderName, HeaderValue, StatusCode, header};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use operations::Error;

use super::AppError;

/// Set while a page renders: a failing part of a page must not change the status of the whole page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RenderingPage;

/// Passes a success on; turns a failure into what a person may know, logs what only we may know, and sets the
/// status of the answer when the browser called the server function directly.
pub fn answer<T>(result: Result<T, Error>) -> Result<T, AppError> {
    result.map_err(|error| {
        let error = translate(error);
        // A plain form is answered with a redirect back to its page, which shows the error.
        if use_context::<RenderingPage>().is_none()
            && !crate::server::wants_page()
            && let Some(response) = use_context::<ResponseOptions>()
        {
            response.set_status(error.status());
            if let AppError::Busy { retry_after_s } = error {
                response.insert_header(header::RETRY_AFTER, HeaderValue::from(retry_after_s));
            }
            response.insert_header(
                HeaderName::from_static("cache-control"),
                HeaderValue::from_static("no-store"),
            );
        }
        error
    })
}

/// Logs a failure nobody foresaw and answers with its reference number.
pub(super) fn unexpected(detail: &str) -> AppError {
    let reference = reference();
    tracing::error!(%reference, detail, "internal error");
    AppError::Internal { reference }
}

fn translate(error: Error) -> AppError {
    match error {
        Error::Invalid(refusal) => AppError::Refused {
            code: refusal.code,
            zh: refusal.words.zh,
            en: refusal.words.en,
            field: refusal.field,
        },
        Error::Unauthenticated => AppError::SignIn,
        Error::NotFound(_) => AppError::NotFound,
        Error::Conflict(refusal) => AppError::Conflict {
            code: refusal.code,
            zh: refusal.words.zh,
            en: refusal.words.en,
        },
        Error::Busy { retry_after_s } => AppError::Busy { retry_after_s },
        Error::Internal(detail) => unexpected(&detail),
    }
}

impl AppError {
    /// The status of an answer that is this error.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Refused { .. } => StatusCode::BAD_REQUEST,
            Self::SignIn => StatusCode::UNAUTHORIZED,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Conflict { .. } => StatusCode::CONFLICT,
            Self::Busy { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Unreachable | Self::Internal { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// Eight characters that are easy to read out over the telephone.
fn reference() -> String {
    let id = operations::clock::new_id().simple().to_string();
    id.chars().rev().take(8).collect::<String>().to_ascii_uppercase()
}
