//! What nobody foresaw: logged under a reference number, of which people see only the number.

use std::any::Any;
use std::panic::AssertUnwindSafe;

use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::FutureExt;

/// Turns a panic of a handler into an answer.
pub async fn catch(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(answer) => answer,
        Err(panic) => answer(&record(&format!(
            "panic while answering {path}: {}",
            said(panic.as_ref())
        ))),
    }
}

/// What people are told of a failure on record.
pub fn answer(reference: &str) -> Response {
    let text = format!(
        "出了意外，已记录，编号 {reference}。\nSomething went wrong; it is on record as {reference}.\n"
    );
    let mut answer = (StatusCode::INTERNAL_SERVER_ERROR, text).into_response();
    answer.extensions_mut().insert(Reference(reference.to_owned()));
    answer
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

/// The number under which a failure was logged; carried by the answer for those who render it again.
#[derive(Clone, Debug)]
pub struct Reference(pub String);

/// Logs a failure and answers its reference number: eight characters that are easy to read out.
pub fn record(detail: &str) -> String {
    let id = operations::clock::new_id().simple().to_string();
    let reference: String = id.chars().rev().take(8).collect::<String>().to_ascii_uppercase();
    tracing::error!(%reference, detail, "internal error");
    reference
}

fn said(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&'static str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::middleware::from_fn;
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;

    /// Fails as nobody foresaw.
    async fn broken() -> &'static str {
        panic!("the secret of the database is hunter2")
    }

    #[tokio::test]
    async fn a_panic_is_answered_with_its_number_only() {
        let router = Router::new().route("/", get(broken)).layer(from_fn(catch));
        let answer = router.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let reference = answer.extensions().get::<Reference>().unwrap().0.clone();
        assert_eq!(reference.len(), 8);
        let text = to_bytes(answer.into_body(), 1_000).await.unwrap();
        let text = String::from_utf8(text.to_vec()).unwrap();
        assert!(text.contains(&reference) && !text.contains("hunter2"), "{text}");
    }
}
