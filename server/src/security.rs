//! What guards every answer and every change: the content security policy, the other protective headers, and the
//! refusal of requests that other sites make a browser send.

use app::server::{Arrival, Encryption, Origin};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::{IpAddr, SocketAddr};

use crate::state::AppState;

/// Carried by every answer; pages compare it with their own build.
pub(crate) const BUILD: HeaderName = HeaderName::from_static("x-attain-build");

const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");
/// For everything that is not a page: it may neither load nor be framed.
const NOT_A_PAGE: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
/// Pages keep the referrer inside the site: a refused plain form leads back to where it came from.
const REFERRER: HeaderValue = HeaderValue::from_static("same-origin");
const PERMISSIONS: HeaderValue = HeaderValue::from_static(
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
);
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// The content security policy of a page whose scripts carry this nonce.
///
/// Scripts: ours by file, inline only with the nonce, WebAssembly but no `eval`. Styles: ours by file or with the nonce;
/// attributes are allowed because widths of bars come with the page that the server renders.
pub(crate) fn page_policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self' 'nonce-{nonce}'; \
         style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; \
         manifest-src 'self'; worker-src 'self'; form-action 'self'; frame-src 'none'; object-src 'none'; \
         base-uri 'none'; frame-ancestors 'none'"
    )
}

/// Finds out how the request arrived, refuses what another site caused, and puts the protective headers on the answer.
pub(crate) async fn guard(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let arrival = arrival(&request);
    request.extensions_mut().insert(arrival);
    let mut answer = if may_pass(&request) {
        next.run(request).await
    } else {
        tracing::warn!(method = %request.method(), path = request.uri().path(), "refused: caused by another site");
        refused()
    };
    let headers = answer.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, NOSNIFF);
    headers.insert(header::REFERRER_POLICY, REFERRER);
    headers.insert(HeaderName::from_static("permissions-policy"), PERMISSIONS);
    headers.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    );
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(NOT_A_PAGE);
    headers.entry(header::CACHE_CONTROL).or_insert(NO_STORE);
    if arrival.encryption == Encryption::On {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
        // Browsers complain of it on plain http, where it has no effect.
        headers.insert(
            HeaderName::from_static("cross-origin-opener-policy"),
            HeaderValue::from_static("same-origin"),
        );
    }
    if let Ok(build) = HeaderValue::from_str(state.site.build()) {
        headers.insert(BUILD, build);
    }
    answer
}

fn refused() -> Response {
    (
        StatusCode::FORBIDDEN,
        "此请求来自其他网站，已拒绝。\nRefused: this request was caused by another site, or does not say where it comes \
         from (Sec-Fetch-Site or Origin). Programs use /api/v1 with a bearer token.\n",
    )
        .into_response()
}

/// Whether a request may go on: it changes nothing, or it says that our own page caused it, or a program sent it with a
/// token (which no foreign page can attach).
fn may_pass(request: &Request) -> bool {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return true;
    }
    let headers = request.headers();
    let path = request.uri().path();
    if path.starts_with("/api/v1/") && bearer(headers).is_some() {
        return true;
    }
    // The browser itself writes Sec-Fetch-Site, but only over TLS or on the machine itself.
    if let Some(site) = text(headers, "sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    text(headers, "origin").is_some_and(|origin| is_our_host(request, origin))
}

/// Whether a page of ours led to a request for a page.
pub(crate) fn is_from_here(request: &Request) -> bool {
    let headers = request.headers();
    match text(headers, "sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => text(headers, "referer").is_some_and(|referer| is_our_host(request, referer)),
    }
}

/// Whether an address begins with the scheme and host that the request was sent to.
fn is_our_host(request: &Request, address: &str) -> bool {
    let headers = request.headers();
    let Some((_, address)) = address.split_once("://") else {
        return false;
    };
    let host_of_address = address.split('/').next().unwrap_or_default();
    // A proxy may rewrite Host and say so; a foreign page can set neither.
    [text(headers, "host"), text(headers, "x-forwarded-host")]
        .into_iter()
        .flatten()
        .chain(request.uri().authority().map(axum::http::uri::Authority::as_str))
        .any(|host| host.eq_ignore_ascii_case(host_of_address))
}

/// The bearer token of a request.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = text(headers, "authorization")?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// How a request arrived. A proxy's word that the browser used TLS is taken: telling it wrongly only makes the liar's
/// own browser keep the cookie for itself.
fn arrival(request: &Request) -> Arrival {
    let headers = request.headers();
    let encrypted = text(headers, "x-forwarded-proto").is_some_and(|scheme| {
        scheme
            .rsplit(',')
            .next()
            .is_some_and(|scheme| scheme.trim() == "https")
    }) || text(headers, "forwarded")
        .is_some_and(|value| value.to_ascii_lowercase().contains("proto=https"));
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|ConnectInfo(address)| address.ip());
    // Behind a proxy everybody seems to come from the machine itself, and a name that was pointed at us (DNS
    // rebinding) is not the machine's own.
    let direct = !["forwarded", "x-forwarded-for", "x-real-ip", "via"]
        .iter()
        .any(|name| headers.contains_key(*name));
    let local = direct && peer.is_some_and(is_loopback) && text(headers, "host").is_none_or(is_own_name);
    Arrival {
        encryption: if encrypted {
            Encryption::On
        } else {
            Encryption::Off
        },
        origin: if local { Origin::Loopback } else { Origin::Network },
    }
}

fn is_loopback(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_loopback(),
        IpAddr::V6(address) => {
            address.is_loopback()
                || address
                    .to_ipv4_mapped()
                    .is_some_and(|address| address.is_loopback())
        }
    }
}

/// Whether a Host header names the machine itself.
fn is_own_name(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let name = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(is_loopback)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    fn post(path: &str, headers: &[(&str, &str)]) -> Request {
        let mut request = axum::http::Request::post(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(Body::empty()).unwrap()
    }

    #[test]
    fn only_our_own_pages_and_programs_change_anything() {
        let host = ("host", "attain.lan:3000");
        let here = ("origin", "http://attain.lan:3000");
        for (allowed, path, headers) in [
            (true, "/api/app/x", vec![host, ("sec-fetch-site", "same-origin")]),
            (true, "/api/app/x", vec![host, ("sec-fetch-site", "none")]),
            (
                false,
                "/api/app/x",
                vec![host, here, ("sec-fetch-site", "same-site")],
            ),
            (
                false,
                "/api/app/x",
                vec![host, here, ("sec-fetch-site", "cross-site")],
            ),
            (true, "/api/app/x", vec![host, here]),
            (false, "/api/app/x", vec![host]),
            (false, "/api/app/x", vec![host, ("origin", "null")]),
            (
                false,
                "/api/app/x",
                vec![host, ("origin", "http://attain.lan:3001")],
            ),
            (false, "/api/app/x", vec![host, ("origin", "http://evil.example")]),
            (false, "/api/app/x", vec![host, ("authorization", "Bearer abc")]),
            (
                true,
                "/api/v1/imports",
                vec![host, ("authorization", "Bearer abc")],
            ),
            (
                false,
                "/api/v1/imports",
                vec![host, ("authorization", "Basic abc")],
            ),
        ] {
            assert_eq!(may_pass(&post(path, &headers)), allowed, "{path} {headers:?}");
        }
    }

    #[test]
    fn the_machine_itself_is_recognised_and_not_feigned() {
        let at = |peer: &str, headers: &[(&str, &str)]| {
            let mut request = post("/", headers);
            let peer: SocketAddr = peer.parse().unwrap();
            request.extensions_mut().insert(ConnectInfo(peer));
            arrival(&request).origin
        };
        assert_eq!(at("127.0.0.1:5", &[("host", "127.0.0.1:3000")]), Origin::Loopback);
        assert_eq!(at("[::1]:5", &[("host", "[::1]:3000")]), Origin::Loopback);
        assert_eq!(at("127.0.0.1:5", &[("host", "localhost")]), Origin::Loopback);
        assert_eq!(at("127.0.0.1:5", &[("host", "evil.example")]), Origin::Network);
        assert_eq!(
            at(
                "127.0.0.1:5",
                &[("host", "localhost"), ("x-forwarded-for", "10.0.0.9")]
            ),
            Origin::Network
        );
        assert_eq!(at("192.168.1.7:5", &[("host", "localhost")]), Origin::Network);
    }
}
