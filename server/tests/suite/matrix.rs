//! Who gets through where: every route and every server function × everybody. A route that is not in the table fails the
//! test, and so does a row of the table that is no route.

mod table;
mod things;

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Method, StatusCode};

use crate::client::Answer;
use crate::house::{House, Who};
use table::{Ask, TABLE};
use things::Things;

/// What a request is answered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// `+`: let through, even if what was asked is then found wrong (400, 409, 429).
    Through,
    /// `>`: led elsewhere.
    Led,
    /// `?`: asked to sign in (401).
    Unknown,
    /// `-`: told that there is nothing (404).
    Hidden,
}

impl Verdict {
    fn of(answer: &Answer) -> Option<Self> {
        match answer.status {
            StatusCode::UNAUTHORIZED => Some(Self::Unknown),
            StatusCode::NOT_FOUND => Some(Self::Hidden),
            StatusCode::BAD_REQUEST | StatusCode::CONFLICT | StatusCode::TOO_MANY_REQUESTS => {
                Some(Self::Through)
            }
            status if status.is_redirection() => Some(Self::Led),
            status if status.is_success() => Some(Self::Through),
            _ => None,
        }
    }

    fn of_letter(letter: char) -> Self {
        match letter {
            '+' => Self::Through,
            '>' => Self::Led,
            '?' => Self::Unknown,
            '-' => Self::Hidden,
            other => panic!("no verdict: {other}"),
        }
    }
}

/// The server functions share a route.
const FUNCTIONS: &str = "/api/app/{*function}";

fn listed() -> BTreeSet<(String, String)> {
    TABLE
        .iter()
        .map(|(method, path, ..)| ((*method).to_owned(), (*path).to_owned()))
        .collect()
}

/// Every path the router itself knows, read from its own description.
fn routed(house: &House) -> BTreeSet<String> {
    let shown = format!("{:?}", house.router);
    shown
        .split('"')
        .filter(|text| text.starts_with('/') && !text.contains("__private"))
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn every_route_has_its_verdicts() {
    let house = House::start().await;
    let listed = listed();
    let mut known: BTreeSet<(String, String)> = BTreeSet::new();
    known.extend(
        server::page_paths()
            .into_iter()
            .map(|path| ("GET".to_owned(), path)),
    );
    known.extend(
        server::function_paths()
            .into_iter()
            .map(|(method, path)| (method.to_string(), path)),
    );
    let description = serde_json::to_value(server::api::description()).unwrap();
    for (path, methods) in description["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            known.insert((method.to_uppercase(), path.clone()));
        }
    }
    let missing: Vec<_> = known.difference(&listed).collect();
    assert!(
        missing.is_empty(),
        "no verdicts for {missing:?}: add rows to the table"
    );

    let routed = routed(&house);
    assert!(
        routed.contains("/healthz") && routed.contains(FUNCTIONS),
        "{routed:?}"
    );
    for path in &routed {
        let known = path == FUNCTIONS || listed.iter().any(|(_, listed)| listed == path);
        assert!(known, "no verdicts for {path}: add rows to the table");
    }
    for (method, path) in &listed {
        let exists = routed.contains(path) || known.contains(&(method.clone(), path.clone()));
        assert!(exists, "{method} {path} is no route");
    }
}

#[tokio::test]
async fn everybody_gets_through_where_they_may() {
    let house = House::start().await;
    let things = Things::make(&house).await;
    let mut wrong = Vec::new();
    for (method, path, ask, verdicts) in TABLE {
        let verdicts: Vec<Verdict> = verdicts
            .split_whitespace()
            .flat_map(str::chars)
            .map(Verdict::of_letter)
            .collect();
        assert_eq!(verdicts.len(), Who::ALL.len(), "{method} {path}");
        for (who, expected) in Who::ALL.into_iter().zip(verdicts) {
            let answer = knock(&house, &things, who, method, path, ask).await;
            if Verdict::of(&answer) != Some(expected) {
                let text: String = answer.text().chars().take(160).collect();
                wrong.push(format!(
                    "{method} {path} as {who:?}: {expected:?} expected, got {} {text}",
                    answer.status
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn knock(house: &House, things: &Things, who: Who, method: &str, path: &str, ask: &Ask) -> Answer {
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    let path = things.named_in(path);
    let mut client = house.client(who).with("accept", "application/json");
    let (kind, body) = match ask {
        Ask::Page => {
            client = client.with("accept", "text/html");
            ("", String::new())
        }
        Ask::Query(_) => ("", String::new()),
        Ask::Json(body) => ("application/json", things.named_in(body)),
        Ask::Form(body) => ("application/x-www-form-urlencoded", things.named_in(body)),
        Ask::Upload => ("multipart/form-data; boundary=part", upload()),
    };
    let path = match ask {
        Ask::Query(query) => format!("{path}{}", things.named_in(query)),
        _ => path,
    };
    // A stream has no end to wait for.
    if path == "/events" {
        let answer = client.open(method, &path, kind, Body::from(body)).await;
        return Answer {
            status: answer.status(),
            headers: answer.headers().clone(),
            body: axum::body::Bytes::new(),
        };
    }
    client.call(method, &path, kind, Body::from(body)).await
}

fn upload() -> String {
    let part = |head: &str, body: &str| {
        format!("--part\r\ncontent-disposition: form-data; {head}\r\n\r\n{body}\r\n")
    };
    format!(
        "{}{}--part--\r\n",
        part("name=\"kind\"", "accounts"),
        part(
            "name=\"file\"; filename=\"accounts.csv\"",
            "account,sector\nAcme,medical\n"
        )
    )
}

/// The sample company's door opens from the machine itself only.
#[tokio::test]
async fn the_sample_company_is_entered_from_the_machine_itself_only() {
    let (operations, router, _folder) = House::empty().await;
    operations.load_demo().await.unwrap();
    let client = crate::client::Client::new(router).with("accept", "application/json");
    let enter = async |client: &crate::client::Client| {
        client
            .post_form("/api/app/session/sign_in_demo", "role=planner")
            .await
    };
    assert_eq!(enter(&client).await.status, StatusCode::NOT_FOUND);
    let behind_a_proxy = client
        .clone()
        .on_the_machine()
        .with("x-forwarded-for", "10.0.0.9");
    assert_eq!(enter(&behind_a_proxy).await.status, StatusCode::NOT_FOUND);
    let feigned = client.clone().on_the_machine().with("host", "rebound.example");
    assert_eq!(enter(&feigned).await.status, StatusCode::NOT_FOUND);
    let here = enter(&client.on_the_machine()).await;
    assert!(here.status.is_success(), "{}", here.text());
    assert!(here.header("set-cookie").starts_with("attain="));
}
