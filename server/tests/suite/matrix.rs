//! Who gets through where: every route and every server function × everybody. A route that is not in the table fails the
//! test, and so does a row of the table that is no route.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Method, StatusCode};

use crate::house::{Answer, House, Who};

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

/// How a request is made.
enum Ask {
    /// A page, as a browser opens it.
    Page,
    /// A query string and no body.
    Query(&'static str),
    /// A JSON body.
    Json(&'static str),
    /// A form's body.
    Form(&'static str),
    /// Two-part form with a file, as `POST /api/v1/imports` takes it.
    Upload,
}

/// Method, path, how to ask, and the verdicts for: anonymous, rep, sibling, manager, other manager, planner, owner, viewer;
/// the owner's tokens for read, import, plan, admin; the disabled planner.
type Row = (&'static str, &'static str, Ask, &'static str);

#[rustfmt::skip]
const TABLE: &[Row] = &[
    //                                                                        anon rep sib mgr oth pln own vwr  rd im pl ad  dis
    ("GET",  "/healthz",                              Ask::Query(""),         "+   +   +   +   +   +   +   +    +  +  +  +   +"),
    ("GET",  "/readyz",                               Ask::Query(""),         "+   +   +   +   +   +   +   +    +  +  +  +   +"),
    ("GET",  "/events",                               Ask::Query(""),         "?   +   +   +   +   +   +   +    ?  ?  ?  ?   ?"),
    // Pages: everybody sees the frame or the door; what is in them comes by server functions.
    // Who plans sees the round; the others are led to their numbers.
    ("GET",  "/",                                     Ask::Page,              ">   >   >   >   >   +   +   >    >  >  >  >   >"),
    ("GET",  "/sign-in",                              Ask::Page,              "+   >   >   >   >   >   >   >    +  +  +  +   +"),
    ("GET",  "/set-up",                               Ask::Page,              "+   +   +   +   +   +   +   +    +  +  +  +   +"),
    ("GET",  "/set/baseline",                         Ask::Page,              ">   +   +   +   +   +   +   +    >  >  >  >   >"),
    ("GET",  "/set/target",                           Ask::Page,              ">   +   +   +   +   +   +   +    >  >  >  >   >"),
    ("GET",  "/split",                                Ask::Page,              ">   +   +   +   +   +   +   +    >  >  >  >   >"),
    ("GET",  "/track",                                Ask::Page,              ">   +   +   +   +   +   +   +    >  >  >  >   >"),
    ("GET",  "/my-target",                            Ask::Page,              ">   +   +   +   +   +   +   +    >  >  >  >   >"),
    ("GET",  "/data/import",                          Ask::Page,              ">   +   +   +   +   +   +   +    >  >  >  >   >"),
    ("GET",  "/admin/people",                         Ask::Page,              ">   +   +   +   +   +   +   +    >  >  >  >   >"),
    // Server functions; tokens are for programs and count for nothing here.
    ("POST", "/api/app/session/who",                  Ask::Json("{}"),        "+   +   +   +   +   +   +   +    +  +  +  +   +"),
    ("POST", "/api/app/session/sign_in",              Ask::Form("email=x%40attain.test&password=not-the-one"),
                                                                              "+   +   +   +   +   +   +   +    +  +  +  +   +"),
    // Nobody here is on the machine itself, and there is no sample company.
    ("POST", "/api/app/session/sign_in_demo",         Ask::Form("role=owner"), "-  -   -   -   -   -   -   -    -  -  -  -   -"),
    ("POST", "/api/app/preference/set",               Ask::Form("theme=dark"), "+  +   +   +   +   +   +   +    +  +  +  +   +"),
    ("POST", "/api/app/set_up/state",                 Ask::Json("{\"link\":\"no-link\"}"),
                                                                              "+   +   +   +   +   +   +   +    +  +  +  +   +"),
    ("POST", "/api/app/set_up/set_up",                Ask::Form("link=no-link&organization_name=x&owner_name=x&email=x%40attain.test&password=corridor-lantern-43"),
                                                                              "+   +   +   +   +   +   +   +    +  +  +  +   +"),
    ("POST", "/api/app/organization/set_business_date", Ask::Form("day=2018-02-15"),
                                                                              "?   -   -   -   -   +   +   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/home/bookings", Ask::Json("{}"),
                                                                              "?   +   +   +   +   +   +   +    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/baseline/load", Ask::Json("{\"query\":{}}"),
                                                                              "?   -   -   -   -   +   +   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/track/board", Ask::Json("{\"query\":{}}"),
                                                                              "?   +   +   +   +   +   +   +    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/track/records", Ask::Json("{\"query\":{\"board\":{},\"dimension\":\"month\",\"key\":\"2018-01\"}}"),
                                                                              "?   +   +   +   +   +   +   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/target/plans", Ask::Json("{}"),
                                                                              "?   +   +   +   +   +   +   +    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/target/horizons", Ask::Json("{}"),
                                                                              "?   -   -   -   -   +   +   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/target/create", Ask::Json("{\"plan\":{\"metric\":\"bookings\",\"from\":0,\"to\":0,\"period_kind\":\"month\",\"total\":0}}"),
                                                                              "?   -   -   -   -   +   +   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/split/open", Ask::Json("{\"version\":null}"),
                                                                              "?   -   -   +   +   +   +   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/split/change", Ask::Json("{\"version\":\"00000000-0000-0000-0000-000000000000\",\"base\":0,\"command\":{\"command\":\"set\",\"node\":0,\"period\":null,\"amount\":1,\"keep\":\"none\"}}"),
                                                                              "?   -   -   -   -   -   -   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/split/step", Ask::Json("{\"version\":\"00000000-0000-0000-0000-000000000000\",\"base\":0,\"intent\":\"undo\"}"),
                                                                              "?   -   -   -   -   -   -   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/split/news", Ask::Json("{\"version\":\"00000000-0000-0000-0000-000000000000\",\"after\":0}"),
                                                                              "?   -   -   -   -   -   -   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/split/publish", Ask::Json("{\"version\":\"00000000-0000-0000-0000-000000000000\"}"),
                                                                              "?   -   -   -   -   -   -   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/split/branch", Ask::Json("{\"version\":\"00000000-0000-0000-0000-000000000000\"}"),
                                                                              "?   -   -   -   -   -   -   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/split/why", Ask::Json("{\"version\":\"00000000-0000-0000-0000-000000000000\",\"node\":0,\"period\":null}"),
                                                                              "?   -   -   -   -   -   -   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/split/why-own", Ask::Json("{\"version\":\"00000000-0000-0000-0000-000000000000\",\"node\":\"00000000-0000-0000-0000-000000000000\"}"),
                                                                              "?   -   -   -   -   -   -   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/my-target/list", Ask::Json("{}"),
                                                                              "?   +   +   +   +   +   +   +    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/my-target/confirm", Ask::Form("version=00000000-0000-0000-0000-000000000000&node=00000000-0000-0000-0000-000000000000&hash=x"),
                                                                              "?   -   -   -   -   -   -   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/my-target/counter", Ask::Form("version=00000000-0000-0000-0000-000000000000&node=00000000-0000-0000-0000-000000000000&hash=x&comment=y"),
                                                                              "?   -   -   -   -   -   -   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/import/list", Ask::Json("{}"),
                                                                              "?   -   -   -   -   +   +   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/import/view", Ask::Json("{\"id\":\"00000000-0000-0000-0000-000000000000\"}"),
                                                                              "?   -   -   -   -   -   -   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/import/check", Ask::Json("{\"id\":\"00000000-0000-0000-0000-000000000000\",\"choices\":{}}"),
                                                                              "?   -   -   -   -   -   -   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/import/commit", Ask::Json("{\"id\":\"00000000-0000-0000-0000-000000000000\",\"choices\":{}}"),
                                                                              "?   -   -   -   -   -   -   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/import/cancel", Ask::Json("{\"id\":\"00000000-0000-0000-0000-000000000000\"}"),
                                                                              "?   -   -   -   -   -   -   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/import/undo", Ask::Json("{\"id\":\"00000000-0000-0000-0000-000000000000\"}"),
                                                                              "?   -   -   -   -   -   -   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/people/list", Ask::Json("{}"),
                                                                              "?   -   -   +   +   +   +   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/people/create-user", Ask::Json("{\"email\":\"\",\"name\":\"\",\"role\":\"rep\",\"password\":\"\",\"member\":null}"),
                                                                              "?   -   -   -   -   -   +   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/people/set-access", Ask::Json("{\"user\":\"00000000-0000-0000-0000-000000000000\",\"access\":\"disabled\"}"),
                                                                              "?   -   -   -   -   -   -   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/people/create-member", Ask::Json("{\"member\":{\"name\":\"\",\"external_id\":null,\"email\":null,\"hired_on\":null,\"left_on\":null},\"unit\":\"00000000-0000-0000-0000-000000000000\",\"from\":0}"),
                                                                              "?   -   -   -   -   -   +   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/people/move", Ask::Json("{\"member\":\"00000000-0000-0000-0000-000000000000\",\"unit\":\"00000000-0000-0000-0000-000000000000\",\"from\":0}"),
                                                                              "?   -   -   -   -   -   -   -    ?  ?  ?  ?   ?"),
    // The unit above is none, and that looks as it does to those who may not.
    ("POST", "/api/app/people/create-unit", Ask::Json("{\"unit\":{\"parent\":\"00000000-0000-0000-0000-000000000000\",\"level\":\"team\",\"name\":\"\",\"code\":null,\"manager\":null}}"),
                                                                              "?   -   -   -   -   -   -   -    ?  ?  ?  ?   ?"),
    // The interface.
    ("GET",  "/api/v1/openapi.json",                  Ask::Query(""),         "+   +   +   +   +   +   +   +    +  +  +  +   +"),
    ("GET",  "/api/v1/me",                            Ask::Query(""),         "?   +   +   +   +   +   +   +    +  +  +  +   ?"),
    ("GET",  "/api/v1/attainment",                    Ask::Query("?metric=bookings&from=2017-10-01&to=2018-01-01&by=member"),
                                                                              "?   +   +   +   +   +   +   +    +  -  -  -   ?"),
    ("POST", "/api/v1/imports",                       Ask::Upload,            "?   -   -   -   -   +   +   -    -  +  -  -   ?"),
    ("GET",  "/api/v1/imports/{id}",                  Ask::Query(""),         "?   -   -   -   -   -   -   -    -  -  -  -   ?"),
    ("POST", "/api/v1/imports/{id}/cancel",           Ask::Query(""),         "?   -   -   -   -   -   -   -    -  -  -  -   ?"),
    ("POST", "/api/v1/imports/{id}/undo",             Ask::Query(""),         "?   -   -   -   -   -   -   -    -  -  -  -   ?"),
    ("GET",  "/api/v1/imports/{id}/errors.csv",       Ask::Query(""),         "?   -   -   -   -   -   -   -    -  -  -  -   ?"),
    ("GET",  "/api/v1/{*nothing}",                    Ask::Query(""),         "-   -   -   -   -   -   -   -    -  -  -  -   -"),
    // Ends the sessions it is asked with, and so comes last.
    ("POST", "/api/app/session/sign_out",             Ask::Form(""),          "+   +   +   +   +   +   +   +    +  +  +  +   +"),
];

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
    let mut wrong = Vec::new();
    for (method, path, ask, verdicts) in TABLE {
        let verdicts: Vec<Verdict> = verdicts
            .split_whitespace()
            .flat_map(str::chars)
            .map(Verdict::of_letter)
            .collect();
        assert_eq!(verdicts.len(), Who::ALL.len(), "{method} {path}");
        for (who, expected) in Who::ALL.into_iter().zip(verdicts) {
            let answer = knock(&house, who, method, path, ask).await;
            if Verdict::of(&answer) != Some(expected) {
                wrong.push(format!(
                    "{method} {path} as {who:?}: {expected:?} expected, got {}",
                    answer.status
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn knock(house: &House, who: Who, method: &str, path: &str, ask: &Ask) -> Answer {
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    let path = path.replace("{*nothing}", "nothing");
    let mut client = house.client(who).with("accept", "application/json");
    let (kind, body) = match ask {
        Ask::Page => {
            client = client.with("accept", "text/html");
            ("", String::new())
        }
        Ask::Query(_) => ("", String::new()),
        Ask::Json(body) => ("application/json", (*body).to_owned()),
        Ask::Form(body) => ("application/x-www-form-urlencoded", (*body).to_owned()),
        Ask::Upload => ("multipart/form-data; boundary=part", upload()),
    };
    let path = match ask {
        Ask::Query(query) => format!("{path}{query}"),
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
    let client = crate::house::Client::new(router).with("accept", "application/json");
    let enter = async |client: &crate::house::Client| {
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
