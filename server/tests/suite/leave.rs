//! The calendar of leave as programs read and keep it.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::house::{House, Who};

async fn send(client: &Client, method: Method, path: &str, body: &Value) -> Answer {
    let body = Body::from(body.to_string());
    client
        .call(method, &format!("/api/v1{path}"), "application/json", body)
        .await
}

fn refusal(answer: &Answer) -> (StatusCode, Value) {
    let error = &answer.json()["error"];
    assert_ne!(error["message_zh"], error["message_en"], "{error}");
    (answer.status, error["code"].clone())
}

#[tokio::test]
async fn a_program_that_reads_and_plans_keeps_the_calendar_of_leave() {
    let house = House::start().await;
    let token = house
        .operations
        .create_token_for(&house.scope, "owner@attain.test", "both", Some("read,plan"))
        .await
        .unwrap();
    let mut program = house.client(Who::Anonymous);
    program.bearer = Some(token.secret);

    let of_rep = format!("/members/{}/leave", house.rep);
    let days = json!({ "from": "2079-01-05", "until": "2079-01-12", "kind": "sick", "note": "x" });
    let entered = send(&program, Method::POST, &of_rep, &days).await;
    assert_eq!(entered.status, StatusCode::CREATED, "{}", entered.text());
    let entered = entered.json();
    let id = entered["id"].as_str().unwrap();
    assert_eq!(
        entered,
        json!({
            "id": id, "member": house.rep.to_string(), "from": "2079-01-05", "until": "2079-01-12", "kind": "sick",
            "note": "x"
        })
    );
    for (wrong, expected) in [
        (days.clone(), (StatusCode::CONFLICT, json!("leave_overlaps"))),
        (
            json!({ "from": "2079-02-05", "until": "2079-02-05" }),
            (StatusCode::BAD_REQUEST, json!("leave_without_days")),
        ),
        (
            json!({ "from": "soon", "until": "2079-02-05" }),
            (StatusCode::BAD_REQUEST, json!("day")),
        ),
        (
            json!({ "from": "2079-02-05", "until": "2079-02-06", "kind": "mood" }),
            (StatusCode::BAD_REQUEST, json!("body")),
        ),
    ] {
        let answer = send(&program, Method::POST, &of_rep, &wrong).await;
        assert_eq!(refusal(&answer), expected, "{wrong}");
    }

    let one = format!("/leave/{id}");
    let later = json!({ "from": "2079-01-06", "until": "2079-01-13" });
    let changed = send(&program, Method::PUT, &one, &later).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text());
    let changed = changed.json();
    assert_eq!(
        (&changed["member"], &changed["from"], &changed["kind"]),
        (
            &json!(house.rep.to_string()),
            &json!("2079-01-06"),
            &json!("annual")
        )
    );

    // Who leads sees their people, and nobody else's.
    let manager = house.client(Who::Manager);
    let seen = manager.get("/api/v1/leave").await.json();
    assert_eq!(
        seen,
        json!({ "count": 1, "entries": [{ "name": "林岚", "may_change": true, "leave": changed }] })
    );
    let nobody = manager.get("/api/v1/leave?name=zzz").await.json();
    assert_eq!(nobody, json!({ "count": 0, "entries": [] }));
    assert_eq!(
        manager.get("/api/v1/leave?who=x").await.status,
        StatusCode::BAD_REQUEST
    );
    let other = house.client(Who::OtherManager);
    assert_eq!(other.get("/api/v1/leave").await.json()["count"], json!(0));
    for (method, path, body) in [
        (Method::POST, &of_rep, &later),
        (Method::PUT, &one, &later),
        (Method::DELETE, &one, &Value::Null),
    ] {
        let answer = send(&other, method, path, body).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.text());
    }
    let listed = manager.get(&format!("/api/v1{of_rep}")).await.json();
    assert_eq!(listed, json!([changed]));

    let gone = send(&program, Method::DELETE, &one, &Value::Null).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT, "{}", gone.text());
    let listed = manager.get(&format!("/api/v1{of_rep}")).await.json();
    assert_eq!(listed, json!([]));
}
