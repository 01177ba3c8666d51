//! The server of Attain: one router for pages, server functions, the REST interface, events and files.

// A page is one type as deep as its nesting, unless it is built with `--cfg erase_components`.
#![recursion_limit = "512"]

pub mod assets;
pub mod command;
pub mod config;
pub mod events;
pub mod fault;
pub mod jobs;
pub mod mail;
pub mod shutdown;

pub mod api;
mod health;
mod pages;
mod security;
mod session;
mod state;

use axum::Router;
use axum::extract::Request;
use axum::http::Method;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use tower::ServiceBuilder;
use tower_http::compression::CompressionLayer;
use tower_http::trace::TraceLayer;

pub use state::AppState;

/// Rendering a page and importing a file are many small allocations on several threads at once, which the system's allocator
/// serves more slowly and gives back less of.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Everything that is answered. The layers, from the outside: what happened is logged, answers are compressed, errors of
/// the interface get their form, requests caused by other sites are refused, panics become answers, and whoever asks is
/// made known.
pub fn router(state: AppState) -> Router {
    let known = ServiceBuilder::new()
        .layer(TraceLayer::new_for_http().make_span_with(span))
        .layer(CompressionLayer::new())
        .layer(from_fn(api::in_form))
        .layer(from_fn_with_state(state.clone(), security::guard))
        .layer(from_fn(fault::catch))
        .layer(from_fn_with_state(state.clone(), session::resolve));
    Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/events", get(events::stream))
        .merge(pages::router(&state))
        .merge(api::router())
        .fallback(pages::otherwise)
        .layer(known)
        .with_state(state)
}

/// The path of every page.
pub fn page_paths() -> Vec<String> {
    pages::listings()
        .iter()
        .map(|listing| listing.path().to_owned())
        .collect()
}

/// Method and path of every server function.
pub fn function_paths() -> Vec<(Method, String)> {
    server_fn::axum::server_fn_paths()
        .map(|(path, method)| (method, path.to_owned()))
        .collect()
}

/// Method and path of a request; never the query, which may carry what people typed.
fn span(request: &Request) -> tracing::Span {
    tracing::info_span!("request", method = %request.method(), path = request.uri().path())
}
