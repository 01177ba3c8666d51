//! Changes of staff as programs look at them and enter them.

use axum::http::StatusCode;
use domain::id::CommandId;
use serde_json::{Value, json};

use crate::house::{House, Who};

#[tokio::test]
async fn a_program_looks_at_a_change_of_staff_and_enters_it_once() {
    let house = House::start().await;
    let version = house.published().await;
    let program = house.client(Who::TokenPlan);
    let path = format!("/api/v1/versions/{version}/staffing");
    let preview = format!("{path}/preview");
    let leaves = json!({ "kind": "leaver", "member": house.sibling.to_string(), "rest": "colleagues" });

    let looked = program
        .post_json(&preview, &json!({ "on": "2018-02-15", "change": leaves }))
        .await;
    assert_eq!(looked.status, StatusCode::OK, "{}", looked.text());
    let looked = looked.json();
    assert_eq!(
        (&looked["before"], &looked["after"], &looked["periods"]),
        (
            &json!(9_000_000),
            &json!(9_000_000),
            &json!(["2018-01", "2018-02", "2018-03"])
        )
    );
    let rows = looked["rows"].as_array().unwrap();
    let of = |name: &str| rows.iter().find(|row| row["name"] == json!(name)).unwrap();
    let (gone, colleague) = (of("周舟"), of("林岚"));
    assert_eq!(
        (&gone["effect"], &colleague["effect"]),
        (&json!("hands_over"), &json!("takes_over"))
    );
    assert_eq!(gone["after"][0], gone["before"][0], "before the day it stays");
    assert_eq!(gone["after"][2], json!(0));
    assert!(colleague["after"][2].as_i64() > colleague["before"][2].as_i64());
    assert_ne!(gone["label_zh"], gone["label_en"]);

    for (body, code) in [
        (
            json!({ "on": "2018-02-15", "change": { "kind": "mood" } }),
            "body",
        ),
        (json!({ "on": "soon", "change": leaves }), "day"),
        (
            json!({ "on": "2018-06-01", "change": leaves }),
            "day_outside_plan",
        ),
        (
            json!({ "on": "2018-02-15", "change": {
                "kind": "leave", "member": house.rep.to_string(), "until": "2018-02-20", "why": "mood", "rest": "nobody"
            } }),
            "unknown_leave",
        ),
    ] {
        let refused = program.post_json(&preview, &body).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{body}");
        assert_eq!(refused.json()["error"]["code"], json!(code), "{body}");
    }

    let key = CommandId(operations::clock::new_id()).to_string();
    let silent = json!({ "on": "2018-02-15", "change": leaves, "key": key });
    let refused = program.post_json(&path, &silent).await;
    assert_eq!(refused.json()["error"]["code"], json!("reason_missing"));
    let body = json!({ "on": "2018-02-15", "change": leaves, "key": key, "reason": "resigned" });
    let made = program.post_json(&path, &body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let made = made.json();
    assert_ne!(made["version"], json!(version.to_string()));
    let again = program.post_json(&path, &body).await;
    assert_eq!((again.status, again.json()), (StatusCode::CREATED, made.clone()));

    // The draft has what was looked at.
    let draft = made["version"].as_str().unwrap();
    let drafted = program
        .get(&format!("/api/v1/versions/{draft}/rows"))
        .await
        .json();
    let amounts = |member: &str| -> Value {
        let rows = drafted["rows"].as_array().unwrap();
        let row = rows.iter().find(|row| row["member"] == json!(member)).unwrap();
        row["amounts"].clone()
    };
    assert_eq!(amounts(&house.sibling.to_string()), gone["after"]);
    assert_eq!(amounts(&house.rep.to_string()), colleague["after"]);
}
