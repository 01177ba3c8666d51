//! Clients of the router in process: they send what a browser or a program would send.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use serde_json::Value;
use tower::ServiceExt;

use crate::house::HOST;

/// How long an answer may take on a machine that is busy with everything else.
const PATIENCE: Duration = Duration::from_mins(1);

/// A browser or a program.
#[derive(Clone)]
pub(crate) struct Client {
    router: Router,
    /// `name=value` of the session cookie.
    pub(crate) cookie: Option<String>,
    /// An API token.
    pub(crate) bearer: Option<String>,
    /// Where it connects from.
    pub(crate) peer: SocketAddr,
    /// Headers it sends with every request; they replace the usual ones.
    pub(crate) headers: HeaderMap,
}

impl Client {
    pub(crate) fn new(router: Router) -> Self {
        Self {
            router,
            cookie: None,
            bearer: None,
            peer: SocketAddr::from(([192, 168, 7, 9], 40_000)),
            headers: HeaderMap::new(),
        }
    }

    /// Adds a header to every request.
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(name, HeaderValue::from_str(value).unwrap());
        self
    }

    /// Connects from the machine itself.
    pub(crate) fn on_the_machine(mut self) -> Self {
        self.peer = SocketAddr::from(([127, 0, 0, 1], 40_000));
        self.with("host", "127.0.0.1:3000")
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, "", Body::empty()).await
    }

    pub(crate) async fn post_json(&self, path: &str, body: &Value) -> Answer {
        self.call(
            Method::POST,
            path,
            "application/json",
            Body::from(body.to_string()),
        )
        .await
    }

    pub(crate) async fn post_form(&self, path: &str, body: &str) -> Answer {
        let kind = "application/x-www-form-urlencoded";
        self.call(Method::POST, path, kind, Body::from(body.to_owned()))
            .await
    }

    pub(crate) async fn call(&self, method: Method, path: &str, kind: &str, body: Body) -> Answer {
        let asked = format!("{method} {path}");
        let answered = async {
            let response = self.open(method, path, kind, body).await;
            let (parts, body) = response.into_parts();
            Answer {
                status: parts.status,
                headers: parts.headers,
                body: to_bytes(body, 64 * 1024 * 1024).await.unwrap(),
            }
        };
        // What is never answered is a defect with a name, and not a run that hangs.
        tokio::time::timeout(PATIENCE, answered)
            .await
            .unwrap_or_else(|_| panic!("{asked} was not answered within {} s", PATIENCE.as_secs()))
    }

    /// The answer with its body still open.
    pub(crate) async fn open(&self, method: Method, path: &str, kind: &str, body: Body) -> Response<Body> {
        let mut request = Request::new(body);
        *request.uri_mut() = path.parse().unwrap();
        let headers = request.headers_mut();
        headers.insert(header::HOST, HeaderValue::from_static(HOST));
        headers.insert(
            header::ACCEPT,
            HeaderValue::from_static("application/json, text/html"),
        );
        if method != Method::GET && method != Method::HEAD {
            headers.insert("sec-fetch-site", HeaderValue::from_static("same-origin"));
        }
        if !kind.is_empty() {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_str(kind).unwrap());
        }
        if let Some(cookie) = &self.cookie {
            headers.insert(header::COOKIE, HeaderValue::from_str(cookie).unwrap());
        }
        if let Some(bearer) = &self.bearer {
            headers.insert(
                header::AUTHORIZATION,
                HeaderValue::from_str(&format!("Bearer {bearer}")).unwrap(),
            );
        }
        headers.extend(self.headers.clone());
        *request.method_mut() = method;
        request.extensions_mut().insert(ConnectInfo(self.peer));
        self.router.clone().oneshot(request).await.unwrap()
    }
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.to_vec()).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}
