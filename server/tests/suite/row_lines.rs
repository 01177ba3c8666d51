//! Lines of rows as programs read and set them.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use domain::calendar::{Day, PeriodKind};
use domain::money::Minor;
use domain::target::NewPlan;
use serde_json::{Value, json};

use crate::house::{House, Who};

#[tokio::test]
async fn a_program_reads_lines_of_rows_and_is_told_why_one_cannot_be_set() {
    let house = House::start().await;
    let plan = NewPlan {
        metric: "bookings".to_owned(),
        from: Day::from_ymd(2018, 1, 1).unwrap(),
        to: Day::from_ymd(2018, 4, 1).unwrap(),
        period_kind: PeriodKind::Month,
        total: Minor(9_000_000),
        name: None,
    };
    let made = house.operations.create_plan(&house.scope, plan).await.unwrap();
    let program = house.client(Who::TokenPlan);
    let path = format!("/api/v1/versions/{}/rows/0/lines", made.version);

    // Nothing was sold: there is nothing to cut by.
    let answer = program.get(&path).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let body = answer.json();
    assert_eq!((&body["by"], &body["rows"]), (&Value::Null, &json!([])));
    assert_eq!(
        program.get(&format!("{path}?by=colour")).await.status,
        StatusCode::BAD_REQUEST
    );
    let of_period = program.get(&format!("{path}?period=1")).await;
    assert_eq!(of_period.status, StatusCode::OK, "{}", of_period.text());
    for wrong in ["period=march", "period=-1", "period=65536", "most=-1", "row=1"] {
        let answer = program.get(&format!("{path}?{wrong}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text());
        let error = answer.json()["error"].clone();
        assert_eq!(
            (&error["code"], &error["field"]),
            (&json!("parameters"), &Value::Null)
        );
    }
    let beyond = format!("/api/v1/versions/{}/rows/4000/lines", made.version);
    assert_eq!(program.get(&beyond).await.status, StatusCode::NOT_FOUND);

    let set = async |path: String, body: Value| {
        let body = Body::from(body.to_string());
        program.call(Method::PUT, &path, "application/json", body).await
    };
    let one = format!("/api/v1/versions/{}/rows/1/lines", made.version);
    let refused = set(format!("{one}/product"), json!({ "key": "rest", "amount": 5 })).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text());
    let body = refused.json();
    let error = &body["error"];
    assert_eq!(error["code"], json!("no_lines"));
    for words in ["message_zh", "message_en"] {
        assert!(error[words].as_str().is_some_and(|words| !words.is_empty()));
    }
    let unknown = set(format!("{one}/colour"), json!({ "key": "rest", "amount": 5 })).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    for body in [
        json!({ "line": "rest" }),
        json!({ "key": "rest", "amount": 1, "period": -1 }),
        json!({ "key": "rest", "amount": 1, "period": 65_536 }),
    ] {
        let not_read = set(format!("{one}/product"), body).await;
        assert_eq!(not_read.status, StatusCode::BAD_REQUEST, "{}", not_read.text());
    }
    // What nobody set is given up already, whatever was seen.
    for body in [
        json!({ "key": "rest" }),
        json!({ "key": "rest", "seen": 5 }),
        json!({ "key": "rest", "period": 1 }),
    ] {
        let given_up = set(format!("{one}/product"), body).await;
        assert_eq!(given_up.status, StatusCode::NO_CONTENT, "{}", given_up.text());
    }
}

#[tokio::test]
async fn a_program_sets_several_lines_and_is_told_of_each() {
    let house = House::start().await;
    let version = house.draft().await;
    let program = house.client(Who::TokenPlan);
    let path = format!("/api/v1/versions/{version}/row-lines/product");
    let put = async |path: &str, body: Value| {
        let body = Body::from(body.to_string());
        program.call(Method::PUT, path, "application/json", body).await
    };
    // Nothing was sold: none can be set, and what nobody set is given up already.
    let body = json!({ "lines": [
        { "row": 1, "key": "rest", "amount": 5 },
        { "row": 1, "key": "", "amount": null },
        { "row": 4_000, "key": "rest" },
    ] });
    let answer = put(&path, body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let told = answer.json();
    assert_eq!((&told["done"], &told["refused"]), (&json!(1), &json!(2)));
    let lines = told["lines"].as_array().unwrap();
    let codes: Vec<&Value> = lines.iter().map(|line| &line["refused"]["code"]).collect();
    assert_eq!(codes, [&json!("no_lines"), &Value::Null, &json!("not_found")]);
    let why = &lines[0]["refused"];
    assert_ne!(why["message_zh"], why["message_en"], "{why}");

    for (lines, code, field) in [
        (
            json!([{ "row": 1, "key": "rest", "amount": 1 }, { "row": 1, "key": "rest" }]),
            "line_twice",
            json!("lines[1].key"),
        ),
        (
            json!([{ "row": 1, "key": "rest", "amount": -1 }]),
            "bad_amount",
            json!("lines[0].amount"),
        ),
        (
            json!([{ "row": 1, "key": "rest", "amount": "lots" }]),
            "body",
            Value::Null,
        ),
        (json!([{ "row": 1, "amount": 5 }]), "body", Value::Null),
        (json!("all"), "body", Value::Null),
    ] {
        let wrong = put(&path, json!({ "lines": lines })).await;
        assert_eq!(wrong.status, StatusCode::BAD_REQUEST, "{}", wrong.text());
        let error = wrong.json()["error"].clone();
        assert_eq!((&error["code"], &error["field"]), (&json!(code), &field));
        assert_ne!(error["message_zh"], error["message_en"]);
    }
    let none = json!({ "lines": [] });
    let colour = format!("/api/v1/versions/{version}/row-lines/colour");
    assert_eq!(put(&colour, none.clone()).await.status, StatusCode::NOT_FOUND);
    let unknown = "/api/v1/versions/00000000-0000-4000-8000-000000000000/row-lines/product";
    assert_eq!(put(unknown, none.clone()).await.status, StatusCode::NOT_FOUND);
    house.operations.publish(&house.scope, version).await.unwrap();
    assert_eq!(put(&path, none).await.status, StatusCode::CONFLICT);
}
