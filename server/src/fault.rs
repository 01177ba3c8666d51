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
