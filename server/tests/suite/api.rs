//! What the REST interface promises, asked of the router itself.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use domain::calendar::{Day, PeriodKind};
use domain::money::Minor;
use domain::target::NewPlan;
use operations::import::{Custody, NewImport, Origin, Upload};
use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::house::{House, Who};

const BUILD: &str = "x-attain-build";

const DEALS: &str = "\
opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value
A1,林岚,Widget,Acme,Won,2017-01-05,2017-10-02,100.25
A2,林岚,Gadget,Acme,Won,2017-02-01,2017-12-31,0.01
A3,周舟,Widget,Initech,Won,2017-03-01,2018-01-01,999
A4,西门,Widget,Acme,Lost,2017-03-01,2017-11-01,500
A5,西门,Gadget,Initech,Won,2017-04-01,2017-11-30,50
A6,西门,Gadget,Initech,Engaging,2017-11-01,,
";

async fn with_deals() -> House {
    let house = House::start().await;
    let folder = tempfile::tempdir().unwrap();
    let files = [
        (
            "products.csv",
            "product,series,sales_price\nWidget,W,100\nGadget,G,50\nIdle,G,10\n",
        ),
        ("accounts.csv", "account,sector\nAcme,medical\nInitech,software\n"),
        ("sales_pipeline.csv", DEALS),
    ];
    let uploads = files.iter().map(|(name, text)| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        Upload {
            name: (*name).to_owned(),
            path,
            custody: Custody::Theirs,
        }
    });
    let import = NewImport {
        uploads: uploads.collect(),
        kind: None,
        mapping: BTreeMap::new(),
        options: domain::import::Options::default(),
        origin: Origin::CommandLine,
    };
    let view = house.operations.import_now(&house.scope, import).await.unwrap();
    assert_eq!(view.status, domain::import::Status::Done, "{view:?}");
    house
}

/// The fourth quarter of 2017 by one or two dimensions.
async fn quarter(client: &Client, by: &str) -> Answer {
    let query = format!("metric=bookings&from=2017-10-01&to=2018-01-01&as_of=2018-06-30&by={by}");
    client.get(&format!("/api/v1/attainment?{query}")).await
}

/// Name of each key along a dimension to what was done and how often.
fn done(answer: &Answer, dimension: &str) -> BTreeMap<String, (i64, i64)> {
    answer.json()["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let name = row["keys"][dimension]["name"].as_str().unwrap().to_owned();
            (
                name,
                (row["actual"].as_i64().unwrap(), row["count"].as_i64().unwrap()),
            )
        })
        .collect()
}

#[tokio::test]
async fn attainment_is_answered_as_documented() {
    let house = with_deals().await;
    let plan = NewPlan {
        metric: "bookings".to_owned(),
        from: Day::parse_iso("2017-10-01").unwrap(),
        to: Day::parse_iso("2018-01-01").unwrap(),
        period_kind: PeriodKind::Month,
        total: Minor(20_000),
        name: None,
    };
    let made = house.operations.create_plan(&house.scope, plan).await.unwrap();
    house
        .operations
        .publish(&house.scope, made.version)
        .await
        .unwrap();
    let client = house.client(Who::TokenRead);

    let answer = quarter(&client, "member").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let body = answer.json();
    assert_eq!(
        (&body["as_of"], &body["currency"]),
        (&json!("2018-06-30"), &json!("CNY"))
    );
    let names: Vec<&str> = body.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, ["as_of", "currency", "rows"]);
    for row in body["rows"].as_array().unwrap() {
        let names: Vec<&str> = row.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names.len(), 6, "{names:?}");
        for amount in ["actual", "count"] {
            assert!(row[amount].is_i64(), "{row}");
        }
        for amount in ["target", "expected_by_today"] {
            assert!(row[amount].is_i64() || row[amount].is_null(), "{row}");
        }
        let key = &row["keys"]["member"];
        assert!(
            uuid::Uuid::parse_str(key["id"].as_str().unwrap()).is_ok(),
            "{row}"
        );
    }
    // `to` is exclusive, what was lost or is open does not count, who has nothing is there.
    let members = done(&answer, "member");
    assert_eq!(members["林岚"], (10_026, 2));
    assert_eq!(members["周舟"], (0, 0), "closed on the day after");
    assert_eq!(members["西门"], (5_000, 1));
    assert_eq!(members.len(), 5);

    // A unit's row has everything below it, the company's all.
    let units = quarter(&client, "unit").await;
    let sums = done(&units, "unit");
    assert_eq!(sums["East"], (10_026, 2));
    assert_eq!(sums["West"], (5_000, 1));
    assert_eq!(sums["云杉仪器"], (15_026, 3));
    let body = units.json();
    let company = body["rows"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["keys"]["unit"]["name"] == "云杉仪器")
        .unwrap();
    assert_eq!(company["target"], json!(20_000));
    assert_eq!(company["expected_by_today"], json!(20_000), "the quarter is over");
    let ratio = company["attainment"].as_f64().unwrap();
    assert!((ratio - 0.7513).abs() < 1e-12, "{ratio}");
    assert_eq!(
        done(&quarter(&client, "unit:region").await, "unit:region").len(),
        2
    );

    let products = done(&quarter(&client, "product").await, "product");
    assert_eq!(products["Idle"], (0, 0), "products with nothing appear");
    assert_eq!(products["Gadget"], (5_001, 2));
    assert_eq!(
        done(&quarter(&client, "category").await, "category")["G"],
        (5_001, 2)
    );
    assert_eq!(
        done(&quarter(&client, "manager").await, "manager")["何经理"],
        (10_026, 2)
    );

    // Periods have names, days are days.
    let ids = async |by: &str| -> Vec<String> {
        let answer = quarter(&client, by).await.json();
        let rows = answer["rows"].as_array().unwrap().clone();
        rows.iter()
            .map(|row| row["keys"][by]["id"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(ids("month").await, ["2017-10", "2017-11", "2017-12"]);
    assert_eq!(ids("quarter").await, ["2017-Q4"]);
    assert_eq!(ids("year").await, ["2017"]);
    assert_eq!(ids("day").await, ["2017-10-02", "2017-11-30", "2017-12-31"]);

    // `as_of` includes its day; without it the business date counts.
    for (as_of, expected) in [("2017-11-29", 10_025), ("2017-11-30", 15_025), ("2017-10-01", 0)] {
        let query = format!("metric=bookings&from=2017-10-01&to=2018-01-01&by=year&as_of={as_of}");
        let answer = client.get(&format!("/api/v1/attainment?{query}")).await;
        assert_eq!(answer.json()["as_of"], json!(as_of));
        assert_eq!(done(&answer, "year")["2017"].0, expected, "{as_of}");
    }
    let answer = client
        .get("/api/v1/attainment?metric=bookings&from=2017-10-01&to=2018-01-01&by=year")
        .await;
    let me = client.get("/api/v1/me").await.json();
    assert_eq!(answer.json()["as_of"], me["business_date"]);

    // Two dimensions, in whichever order.
    for by in ["product,account", "account,product"] {
        let body = quarter(&client, by).await.json();
        let rows = body["rows"].as_array().unwrap();
        assert_eq!(rows.len(), 3, "{body}");
        let row = rows.iter().find(|row| {
            row["keys"]["product"]["name"] == "Gadget" && row["keys"]["account"]["name"] == "Acme"
        });
        assert_eq!(row.unwrap()["actual"], json!(1));
    }
}

#[tokio::test]
async fn a_question_that_makes_no_sense_is_told_so_in_both_languages() {
    let house = House::start().await;
    let client = house.client(Who::TokenRead);
    let ask = async |query: &str| client.get(&format!("/api/v1/attainment?{query}")).await;
    let range = "metric=bookings&from=2017-10-01&to=2018-01-01";
    for (query, code, field) in [
        (format!("{range}&by=unit,unit:region"), "dimensions", "by"),
        (format!("{range}&by=unit:region,unit"), "dimensions", "by"),
        (format!("{range}&by=member,member"), "dimensions", "by"),
        (format!("{range}&by=member,month,product"), "dimensions", "by"),
        (format!("{range}&by=colour"), "dimensions", "by"),
        (format!("{range}&by=unit:"), "dimensions", "by"),
        (format!("{range}&by=unit:galaxy"), "unknown_level", "by"),
        (format!("{range}&by=month,unit:galaxy"), "unknown_level", "by"),
        (format!("{range}&by="), "dimensions", "by"),
        (format!("{range}&by=member&as_of=yesterday"), "day", "as_of"),
        (
            "metric=bookings&from=2018-01-01&to=2018-01-01&by=member".to_owned(),
            "empty_range",
            "to",
        ),
        (
            "metric=bookings&from=2017-02-30&to=2018-01-01&by=member".to_owned(),
            "day",
            "from",
        ),
        (
            "metric=bookings&from=1000-01-01&to=2018-01-01&by=day".to_owned(),
            "range_too_long",
            "to",
        ),
        (
            "metric=no-such&from=2017-10-01&to=2018-01-01&by=day".to_owned(),
            "unknown_metric",
            "metric",
        ),
        (
            "metric=shipments&from=2017-10-01&to=2018-01-01&by=day".to_owned(),
            "unknown_metric",
            "metric",
        ),
    ] {
        let answer = ask(&query).await;
        assert_eq!(
            answer.status,
            StatusCode::BAD_REQUEST,
            "{query}: {}",
            answer.text()
        );
        let error = &answer.json()["error"];
        assert_eq!(
            (&error["code"], &error["field"]),
            (&json!(code), &json!(field)),
            "{query}"
        );
        let (zh, en) = (
            error["message_zh"].as_str().unwrap(),
            error["message_en"].as_str().unwrap(),
        );
        let chinese = |text: &str| text.contains(|c: char| ('\u{4e00}'..'\u{a000}').contains(&c));
        assert!(chinese(zh) && !chinese(en), "{query}: {zh} / {en}");
        assert_eq!(error["message"], error["message_en"]);
        let answer = client
            .clone()
            .with("accept-language", "zh-CN")
            .get(&format!("/api/v1/attainment?{query}"))
            .await;
        let error = &answer.json()["error"];
        assert_eq!(error["message"], error["message_zh"], "{query}");
    }
    assert_eq!(ask("metric=bookings").await.status, StatusCode::BAD_REQUEST);
    let answer = ask(&format!("{range}&by=unit:galaxy")).await;
    let message = answer.json()["error"]["message_en"].as_str().unwrap().to_owned();
    assert!(
        message.contains("\"galaxy\"") && message.contains("unit:company, unit:region"),
        "{message}"
    );
}

#[tokio::test]
async fn every_answer_carries_the_build() {
    let house = House::start().await;
    let (owner, nobody) = (house.client(Who::Owner), house.client(Who::Anonymous));
    let build = house.client(Who::TokenRead).get("/api/v1/me").await.json()["build"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(!build.is_empty());
    let page = owner.clone().with("accept", "text/html");
    for (client, path, status) in [
        (&nobody, "/healthz", StatusCode::OK),
        (&nobody, "/readyz", StatusCode::OK),
        (&nobody, "/api/v1/openapi.json", StatusCode::OK),
        (&owner, "/api/v1/me", StatusCode::OK),
        (&nobody, "/api/v1/me", StatusCode::UNAUTHORIZED),
        (&owner, "/api/v1/attainment", StatusCode::BAD_REQUEST),
        (&owner, "/api/v1/nothing", StatusCode::NOT_FOUND),
        (&page, "/", StatusCode::OK),
        (&page, "/no-such-page", StatusCode::NOT_FOUND),
        (&nobody, "/favicon.ico", StatusCode::NOT_FOUND),
    ] {
        let answer = client.get(path).await;
        if path != "/favicon.ico" {
            assert_eq!(answer.status, status, "{path}: {}", answer.text());
        }
        assert_eq!(answer.header(BUILD), build, "{path}");
    }
    let wrong = owner.call(Method::DELETE, "/api/v1/me", "", Body::empty()).await;
    assert_eq!(
        (wrong.status, wrong.header(BUILD)),
        (StatusCode::METHOD_NOT_ALLOWED, build.as_str())
    );
    let foreign = owner
        .with("sec-fetch-site", "cross-site")
        .post_json("/api/v1/imports", &json!({}))
        .await;
    assert_eq!(
        (foreign.status, foreign.header(BUILD)),
        (StatusCode::FORBIDDEN, build.as_str())
    );
    let stream = house
        .client(Who::Owner)
        .open(Method::GET, "/events", "", Body::empty())
        .await;
    assert_eq!(stream.headers()[BUILD], build.as_str());
}

#[tokio::test]
async fn a_caller_learns_who_they_are() {
    let house = House::start().await;
    let rep = house.client(Who::Rep).get("/api/v1/me").await.json();
    assert_eq!(
        (&rep["role"], &rep["email"]),
        (&json!("rep"), &json!("rep@attain.test"))
    );
    assert_eq!(rep["member"], json!(house.rep.0));
    assert_eq!(rep["units"][0]["name"], json!("East"));
    let organization = json!({
        "name": "云杉仪器", "currency": "CNY", "decimals": 2, "zone": "Asia/Shanghai", "fiscal_start_month": 1,
    });
    assert_eq!(rep["organization"], organization);
    assert!(Day::parse_iso(rep["business_date"].as_str().unwrap()).is_some());
    let token = house.client(Who::TokenImport).get("/api/v1/me").await.json();
    assert_eq!(
        (&token["name"], &token["email"]),
        (&json!("import"), &Value::Null)
    );
    assert_eq!(token["permissions"], json!(["import"]));
}
