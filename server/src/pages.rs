//! The pages and the server functions of crate `app`, rendered and answered with what they need to know.

use app::App;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, any, get};
use leptos::config::LeptosOptions;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_axum::{AxumRouteListing, ErrorHandler, ResponseOptions};
use leptos_router::SsrMode;
use tower::ServiceExt;
use tower_http::limit::RequestBodyLimitLayer;

use crate::security;
use crate::state::AppState;

/// The largest body of a server function, bytes; files go to `/api/v1/imports`.
const FUNCTION_BODY: usize = 4 * 1024 * 1024;

/// Every page of the application's route table.
pub(crate) fn listings() -> Vec<AxumRouteListing> {
    leptos_axum::generate_route_list(App)
}

/// Routes of the pages and of the server functions.
pub(crate) fn router(state: &AppState) -> Router<AppState> {
    let mut router = Router::new();
    for listing in listings() {
        router = router.route(listing.path(), page(state, listing.mode()));
    }
    let functions = any(function).layer(RequestBodyLimitLayer::new(FUNCTION_BODY));
    router.route("/api/app/{*function}", functions)
}

/// What no route answers: a file of the site, or the page that says so, with status 404.
pub(crate) async fn otherwise(State(state): State<AppState>, request: Request) -> Response {
    let path = request.uri().path();
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if reads && let Some(file) = state.site.answer(path, request.headers()) {
        return file;
    }
    let for_people = reads
        && !path.starts_with("/pkg/")
        && request
            .headers()
            .get(header::ACCEPT)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|accepted| accepted.contains("text/html"));
    if !for_people {
        return nothing_here();
    }
    let site = state.site.clone();
    let handler = ErrorHandler::new_with_context(
        page_context,
        move |_options| app::shell(&site.assets),
        LeptosOptions::builder().output_name("attain").build(),
    );
    match handler.oneshot(request).await {
        Ok(answer) => answer,
        Err(never) => match never {},
    }
}

/// A short 404 for programs.
fn nothing_here() -> Response {
    (StatusCode::NOT_FOUND, "这里没有内容。\nNothing here.\n").into_response()
}

fn page(state: &AppState, mode: &SsrMode) -> MethodRouter<AppState> {
    let site = state.site.clone();
    let shell = move || app::shell(&site.assets);
    match mode {
        SsrMode::OutOfOrder | SsrMode::PartiallyBlocked => get(
            leptos_axum::render_app_to_stream_with_context(page_context, shell),
        ),
        SsrMode::InOrder => get(leptos_axum::render_app_to_stream_in_order_with_context(
            page_context,
            shell,
        )),
        SsrMode::Async | SsrMode::Static(_) => {
            get(leptos_axum::render_app_async_with_context(page_context, shell))
        }
    }
}

/// Puts the policy with the page's nonce on the answer.
fn page_context() {
    if let (Some(nonce), Some(answer)) = (use_nonce(), use_context::<ResponseOptions>())
        && let Ok(policy) = HeaderValue::from_str(&security::page_policy(&nonce))
    {
        answer.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
}

async fn function(request: axum::http::Request<Body>) -> Response {
    let known =
        server_fn::axum::get_server_fn_service(request.uri().path(), request.method().clone()).is_some();
    if known {
        leptos_axum::handle_server_fns_with_context(|| {}, request)
            .await
            .into_response()
    } else {
        nothing_here()
    }
}
