//! The pages and the server functions of crate `app`, rendered and answered with what they need to know.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::LazyLock;

use app::App;
use app::error::AppError;
use app::server::{Arrival, Looking};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn, map_request};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodRouter, any, get};
use leptos::config::LeptosOptions;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos::reactive::owner::Owner;
use leptos::server_fn::Decodes;
use leptos::server_fn::codec::PostcardEncoding;
use leptos::server_fn::error::FromServerFnError;
use leptos_axum::{AxumRouteListing, ErrorHandler, ResponseOptions};
use leptos_router::SsrMode;
use operations::{Operations, Scope};
use tower::ServiceExt;

use crate::security;
use crate::state::AppState;

/// The largest body of a server function, bytes; files go to `/api/v1/imports`.
const FUNCTION_BODY: usize = 4 * 1024 * 1024;

/// Every page of the application's route table.
///
/// It is read once: while Leptos reads it, no data are fetched for any page of this process, and a page that is being
/// rendered at that moment would wait for its data for ever.
pub(crate) fn listings() -> &'static [AxumRouteListing] {
    static LISTINGS: LazyLock<Vec<AxumRouteListing>> =
        LazyLock::new(|| leptos_axum::generate_route_list(App));
    &LISTINGS
}

/// Routes of the pages and of the server functions.
pub(crate) fn router(state: &AppState) -> Router<AppState> {
    let mut router = Router::new();
    for listing in listings() {
        router = router.route(listing.path(), page(state, listing.mode()));
    }
    router.route("/api/app/{*function}", any(function))
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
    let request = with_who_looks(request).await;
    let handler = ErrorHandler::new_with_context(
        page_context,
        move |_options| app::shell(&site.assets),
        LeptosOptions::builder().output_name("attain").build(),
    );
    match kept_in_scope(handler.oneshot(request)).await {
        Ok(answer) => answer,
        Err(never) => match never {},
    }
}

/// Finds who is looking before a page is rendered: the frame of every page depends on it.
async fn with_who_looks(mut request: Request) -> Request {
    let extensions = request.extensions();
    let operations = extensions.get::<Operations>().cloned();
    let scope = extensions.get::<Option<Scope>>().cloned().flatten();
    let arrival = extensions.get::<Arrival>().copied().unwrap_or_default();
    if let Some(operations) = operations {
        let looking = app::session::look(&operations, scope.as_ref(), arrival).await;
        request.extensions_mut().insert(Looking(looking));
    }
    request
}

/// A short 404 for programs.
fn nothing_here() -> Response {
    (StatusCode::NOT_FOUND, "这里没有内容。\nNothing here.\n").into_response()
}

fn page(state: &AppState, mode: &SsrMode) -> MethodRouter<AppState> {
    let site = state.site.clone();
    let shell = move || app::shell(&site.assets);
    let handler = match mode {
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
    };
    handler
        .layer(from_fn(in_its_own_scope))
        .layer(from_fn(only_own_errors))
        .layer(map_request(with_who_looks))
}

/// A form that was sent without our script is answered by a redirect to its page, with the error in the address. Such an
/// address that comes from elsewhere could put any words into our mouth, so its page is shown without them.
async fn only_own_errors(request: Request, next: Next) -> Response {
    let ours = |pair: &&str| !pair.starts_with("__err=") && !pair.starts_with("__path=");
    let query = request.uri().query().unwrap_or_default();
    if query.split('&').all(|pair| ours(&pair)) || security::is_from_here(&request) {
        return next.run(request).await;
    }
    let rest: Vec<&str> = query.split('&').filter(ours).collect();
    let path = request.uri().path();
    let address = if rest.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", rest.join("&"))
    };
    Redirect::to(&address).into_response()
}

/// Renders a page with its own reactive values at hand whenever it goes on.
///
/// They are found through the thread, and Leptos puts them there once, when it begins. When it goes on after having waited,
/// the thread may have answered somebody else in between: a title was then read from another request, or from none, which
/// ended the request.
async fn in_its_own_scope(request: Request, next: Next) -> Response {
    kept_in_scope(next.run(request)).await
}

/// Goes on with a future under the owner that it left behind.
async fn kept_in_scope<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut owner: Option<Owner> = None;
    poll_fn(|context| {
        if let Some(owner) = &owner {
            owner.set();
        }
        let answer = future.as_mut().poll(context);
        owner = owner.take().or_else(Owner::current);
        answer
    })
    .await
}

/// Puts the policy with the page's nonce on the answer.
fn page_context() {
    if let (Some(nonce), Some(answer)) = (use_nonce(), use_context::<ResponseOptions>())
        && let Ok(policy) = HeaderValue::from_str(&security::page_policy(&nonce))
    {
        answer.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// A server function. Its body is read before it runs, so that a body without end ends here.
async fn function(request: axum::http::Request<Body>) -> Response {
    let known =
        server_fn::axum::get_server_fn_service(request.uri().path(), request.method().clone()).is_some();
    if !known {
        return nothing_here();
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, FUNCTION_BODY).await else {
        let refusal = AppError::Refused {
            code: "too_large".to_owned(),
            zh: "提交的内容过大。".to_owned(),
            en: "What was sent is too large.".to_owned(),
            field: None,
        };
        return (StatusCode::PAYLOAD_TOO_LARGE, refusal.ser()).into_response();
    };
    let request = axum::http::Request::from_parts(parts, Body::from(body));
    let answer = leptos_axum::handle_server_fns_with_context(|| {}, request)
        .await
        .into_response();
    if answer.status() == StatusCode::INTERNAL_SERVER_ERROR {
        with_own_status(answer).await
    } else {
        answer
    }
}

/// Leptos answers every error with 500, also one that arose before the function ran; the error itself knows better.
async fn with_own_status(answer: Response) -> Response {
    let (mut parts, body) = answer.into_parts();
    let Ok(body) = to_bytes(body, FUNCTION_BODY).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let error: Result<AppError, _> = PostcardEncoding::decode(body.clone());
    parts.status = error.map_or(StatusCode::INTERNAL_SERVER_ERROR, |error| error.status());
    Response::from_parts(parts, Body::from(body))
}
