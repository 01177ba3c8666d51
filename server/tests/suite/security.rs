//! What protects: headers, cookies, the refusal of other sites' requests, limits.

use crate::client::Client;
use crate::house::{HOST, House, PASSWORD, Who};
use app::error::AppError;
use axum::body::Body;
use axum::http::{Method, StatusCode};
use server_fn::Decodes;
use server_fn::codec::PostcardEncoding;

/// Every kind of answer carries what protects it.
#[tokio::test]
async fn every_answer_is_protected_and_names_the_build() {
    let house = House::start().await;
    let build = house.state.site.build().to_owned();
    let anybody = house.client(Who::Anonymous);
    for path in [
        "/",
        "/healthz",
        "/api/v1/me",
        "/api/v1/openapi.json",
        "/nowhere",
        "/pkg/x/y.js",
        "/events",
    ] {
        let answer = anybody.get(path).await;
        assert_eq!(answer.header("x-attain-build"), build, "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        let policy = answer.header("content-security-policy").to_owned();
        assert!(policy.contains("default-src 'none'"), "{path}: {policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert_eq!(answer.header("strict-transport-security"), "", "{path}");
    }
    let encrypted = anybody.with("x-forwarded-proto", "https").get("/healthz").await;
    assert!(encrypted.header("strict-transport-security").contains("max-age="));
}

/// The policy of a page allows its own scripts by nonce, and nothing inline or evaluated beside them.
#[tokio::test]
async fn every_script_of_a_page_carries_its_nonce() {
    let house = House::start().await;
    let mut nonces = std::collections::BTreeSet::new();
    for (who, path) in [
        (Who::Anonymous, "/"),
        (Who::Planner, "/"),
        (Who::Planner, "/"),
        (Who::Anonymous, "/nowhere"),
    ] {
        let answer = house.client(who).with("accept", "text/html").get(path).await;
        let policy = answer.header("content-security-policy").to_owned();
        if answer.status.is_redirection() {
            continue;
        }
        let scripts = policy
            .split(';')
            .find(|part| part.trim().starts_with("script-src"))
            .unwrap();
        assert!(
            !scripts.contains("unsafe-inline") && !scripts.contains("'unsafe-eval'"),
            "{scripts}"
        );
        for part in ["object-src 'none'", "base-uri 'none'", "form-action 'self'"] {
            assert!(policy.contains(part), "{policy}");
        }
        let nonce = scripts
            .split("'nonce-")
            .nth(1)
            .unwrap()
            .split('\'')
            .next()
            .unwrap()
            .to_owned();
        let html = answer.text();
        let tags: Vec<&str> = html
            .match_indices("<script")
            .map(|(at, _)| html[at..].split('>').next().unwrap())
            .collect();
        assert!(!tags.is_empty());
        for tag in tags {
            assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "{tag}");
        }
        assert!(!html.contains(" onclick=") && !html.contains("javascript:"));
        assert!(nonces.insert(nonce), "a nonce came twice");
    }
}

/// A change that another site caused is refused, whoever's cookie it carries; a program with a token is not a browser.
#[tokio::test]
async fn other_sites_change_nothing() {
    let house = House::start().await;
    let planner = house.client(Who::Planner);
    for path in server::function_paths() {
        assert_eq!(
            path.0,
            Method::POST,
            "{}: a server function is never a GET",
            path.1
        );
        for headers in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", ""), ("origin", "http://evil.example")],
            &[("sec-fetch-site", ""), ("origin", "null")],
        ] {
            let mut client = planner.clone();
            for (name, value) in headers {
                client = client.with(name, value);
            }
            let answer = client
                .call(path.0.clone(), &path.1, "application/json", Body::from("{}"))
                .await;
            let harmless = path.0 == Method::GET;
            assert_eq!(
                answer.status == StatusCode::FORBIDDEN,
                !harmless,
                "{path:?} {headers:?}"
            );
        }
    }
    let from_elsewhere = house
        .client(Who::TokenImport)
        .with("sec-fetch-site", "cross-site")
        .post_json("/api/v1/nowhere", &serde_json::json!({}))
        .await;
    assert_eq!(from_elsewhere.status, StatusCode::NOT_FOUND);
}

/// The session cookie: secret to scripts, not sent from other sites; prefixed and Secure where TLS allows it.
#[tokio::test]
async fn the_cookie_fits_the_connection() {
    let house = House::start().await;
    let body = format!("email=planner%40attain.test&password={PASSWORD}");
    let sign_in = async |client: Client| {
        let answer = client.post_form("/api/app/session/sign_in", &body).await;
        let cookies: Vec<String> = answer
            .headers
            .get_all("set-cookie")
            .iter()
            .map(|value| value.to_str().unwrap().to_owned())
            .collect();
        assert_eq!(cookies.len(), 1, "{} {cookies:?}", answer.status);
        cookies[0].clone()
    };
    let origin = format!("http://{HOST}");
    let browser = house.client(Who::Anonymous).with("origin", &origin);
    let plain = sign_in(browser.clone()).await;
    assert!(
        plain.starts_with("attain=") && !plain.contains("Secure"),
        "{plain}"
    );
    let secure = sign_in(browser.with("x-forwarded-proto", "https")).await;
    assert!(
        secure.starts_with("__Host-attain=") && secure.contains("; Secure"),
        "{secure}"
    );
    for cookie in [&plain, &secure] {
        for flag in ["HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(flag), "{cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
    }

    let mut signed_in = house.client(Who::Anonymous);
    signed_in.cookie = plain.split(';').next().map(str::to_owned);
    assert_eq!(signed_in.get("/api/v1/me").await.status, StatusCode::OK);
    // Over TLS a cookie without the prefix may have been planted.
    let planted = signed_in.clone().with("x-forwarded-proto", "https");
    assert_eq!(planted.get("/api/v1/me").await.status, StatusCode::UNAUTHORIZED);
    let out = signed_in.post_form("/api/app/session/sign_out", "").await;
    assert!(
        out.header("set-cookie").contains("Max-Age=0"),
        "{}",
        out.header("set-cookie")
    );
    assert_eq!(signed_in.get("/api/v1/me").await.status, StatusCode::UNAUTHORIZED);
}

/// Bodies have a limit, and what is too large is said to be so.
#[tokio::test]
async fn large_bodies_are_refused() {
    let house = House::start().await;
    let answer = house
        .client(Who::Planner)
        .with("accept", "application/json")
        .call(
            Method::POST,
            "/api/app/session/sign_in",
            "application/x-www-form-urlencoded",
            Body::from(vec![b'a'; 5 * 1024 * 1024]),
        )
        .await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let refused: AppError = PostcardEncoding::decode(answer.body).unwrap();
    assert!(
        matches!(&refused, AppError::Refused { code, .. } if code == "too_large"),
        "{refused:?}"
    );
}

/// What a server function cannot read is the caller's mistake, never ours.
#[tokio::test]
async fn unreadable_arguments_are_refused() {
    let house = House::start().await;
    let planner = house.client(Who::Planner).with("accept", "application/json");
    let functions = server::function_paths();
    assert!(!functions.is_empty());
    for (method, path) in functions {
        for body in ["{", "[]", "\u{0}", "{\"scope\":{}}"] {
            let answer = planner
                .call(method.clone(), &path, "application/json", Body::from(body))
                .await;
            assert!(
                !answer.status.is_server_error(),
                "{path} {body}: {}",
                answer.text()
            );
        }
    }
}

/// Errors of the interface have one form, and speak the language that is accepted.
#[tokio::test]
async fn errors_of_the_interface_have_one_form() {
    let house = House::start().await;
    let anybody = house.client(Who::Anonymous);
    for (method, path, status, code) in [
        (
            Method::GET,
            "/api/v1/me",
            StatusCode::UNAUTHORIZED,
            "unauthenticated",
        ),
        (Method::GET, "/api/v1/nowhere", StatusCode::NOT_FOUND, "not_found"),
        (
            Method::DELETE,
            "/api/v1/me",
            StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
        ),
    ] {
        for (language, chinese) in [("zh-CN,zh;q=0.9", true), ("en", false), ("fr", false)] {
            let client = anybody.clone().with("accept-language", language);
            let answer = client.call(method.clone(), path, "", Body::empty()).await;
            assert_eq!(answer.status, status, "{path}");
            let error = answer.json()["error"].clone();
            assert_eq!(error["code"], code);
            let expected = if chinese {
                &error["message_zh"]
            } else {
                &error["message_en"]
            };
            assert_eq!(&error["message"], expected);
            assert!(error["reference"].is_null() && error["field"].is_null());
        }
    }
    let bad = anybody
        .with("authorization", "Bearer att_0000")
        .get("/api/v1/me")
        .await;
    assert_eq!(bad.status, StatusCode::UNAUTHORIZED);
    assert_eq!(bad.header("www-authenticate"), "Bearer");
}

/// The description is OpenAPI 3.1 and says of every call how to be let in and what an error looks like.
#[tokio::test]
async fn the_interface_describes_itself() {
    let house = House::start().await;
    let description = house
        .client(Who::Anonymous)
        .get("/api/v1/openapi.json")
        .await
        .json();
    assert!(description["openapi"].as_str().unwrap().starts_with("3.1"));
    let paths = description["paths"].as_object().unwrap();
    assert!(paths.contains_key("/api/v1/me"));
    for (path, calls) in paths {
        for (method, call) in calls.as_object().unwrap() {
            assert!(call["summary"].is_string(), "{method} {path} has no summary");
            let responses = call["responses"].as_object().unwrap();
            assert!(
                responses.keys().any(|status| status.starts_with('2')),
                "{method} {path}"
            );
            assert!(responses.contains_key("401"), "{method} {path} does not say 401");
        }
    }
    for scheme in ["token", "session"] {
        assert!(description["components"]["securitySchemes"][scheme].is_object());
    }
}
