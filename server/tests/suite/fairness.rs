//! Fairness, its limits, and ways of splitting as programs use them; and publishing what was seen.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::house::{House, Who};

async fn send(client: &Client, method: Method, path: &str, body: Value) -> Answer {
    let body = Body::from(body.to_string());
    client
        .call(method, &format!("/api/v1{path}"), "application/json", body)
        .await
}

async fn read(client: &Client, path: &str) -> Value {
    let answer = client.get(&format!("/api/v1{path}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
    answer.json()
}

/// Status and code of a refusal, which is told in both languages.
fn refusal(answer: &Answer) -> (StatusCode, String) {
    let body = answer.json();
    let error = &body["error"];
    for words in ["message_zh", "message_en"] {
        assert!(
            error[words].as_str().is_some_and(|words| !words.is_empty()),
            "{body}"
        );
    }
    (answer.status, error["code"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_program_reads_how_fair_a_draft_is_within_the_reach_of_its_owner() {
    let house = House::start().await;
    let version = house.draft().await;
    let path = format!("/versions/{version}/fairness");
    let found = read(&house.client(Who::TokenPlan), &path).await;
    assert_eq!(
        (&found["version"], &found["blocks"]),
        (&json!(version.to_string()), &json!(false))
    );
    let [all] = &found["parts"].as_array().unwrap()[..] else {
        panic!("{found}")
    };
    assert_eq!(
        (&all["row"], &all["whole"], &all["level"]),
        (&json!(0), &json!(true), &Value::Null),
        "there is no history"
    );
    let figures = all["figures"].as_array().unwrap();
    let measures: Vec<&Value> = figures.iter().map(|figure| &figure["measure"]).collect();
    assert_eq!(measures, ["reached", "gini", "padding", "hopeless", "whole"]);
    assert_eq!(
        (
            &figures[2]["value_ppm"],
            &figures[2]["block_ppm"],
            &figures[2]["beyond"]
        ),
        (&json!(0), &json!(500_000), &Value::Null)
    );
    // Limits are of the whole: who leads a part is told of that part alone.
    let part = read(&house.client(Who::Manager), &path).await;
    let part = &part["parts"][0];
    assert_eq!((&part["name"], &part["whole"]), (&json!("East"), &json!(false)));
    assert_eq!(part["figures"], json!([]));

    let models = read(
        &house.client(Who::TokenPlan),
        &format!("/versions/{version}/models"),
    )
    .await;
    assert_eq!(
        (&models["people"], &models["quarters"], &models["best"]),
        (&json!(0), &json!([]), &Value::Null)
    );
    // Nothing is known of markets, so that way is not offered.
    assert_eq!(models.get("market_unknown"), Some(&Value::Null));
    let equal = &models["models"][0];
    assert_eq!(
        (&equal["model"], &equal["shares"], &equal["figures"]),
        (
            &json!("equal"),
            &json!([{ "basis": "equal", "share_ppm": 1_000_000 }]),
            &Value::Null
        )
    );
}

#[tokio::test]
async fn limits_are_chosen_by_those_who_publish_and_loosened_by_owners() {
    let house = House::start().await;
    let (planner, owner) = (house.client(Who::Planner), house.client(Who::Owner));
    let path = "/fairness/limits";
    let put = async |client: &Client, limits: Value| {
        send(client, Method::PUT, path, json!({ "limits": limits })).await
    };
    let unknown = put(
        &planner,
        json!([{ "measure": "mood", "warn_ppm": 1, "block_ppm": null }]),
    )
    .await;
    assert_eq!(
        refusal(&unknown),
        (StatusCode::BAD_REQUEST, "unknown_measure".to_owned())
    );
    let order = json!([{ "measure": "reached", "warn_ppm": 500_000, "block_ppm": 600_000 }]);
    assert_eq!(
        refusal(&put(&planner, order).await),
        (StatusCode::BAD_REQUEST, "bad_limit".to_owned())
    );
    let body = send(&planner, Method::PUT, path, json!({ "limit": [] })).await;
    assert_eq!(refusal(&body), (StatusCode::BAD_REQUEST, "body".to_owned()));
    let loose = json!([{ "measure": "padding", "warn_ppm": 200_000, "block_ppm": null }]);
    assert_eq!(
        refusal(&put(&planner, loose.clone()).await),
        (StatusCode::CONFLICT, "limits_loosened".to_owned())
    );
    let done = put(&owner, loose.clone()).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.text());
    let known = read(&house.client(Who::TokenRead), path).await;
    let known = known["limits"].as_array().unwrap();
    assert_eq!(known.len(), 5);
    assert!(known.contains(&loose[0]), "{known:?}");
    // The bound of over-assignment stays unless one is given, is a part of the whole, and is raised by owners.
    let bound = async || read(&house.client(Who::TokenRead), path).await["hedge_ppm"].clone();
    assert_eq!(bound().await, json!(500_000));
    let bounded = async |client: &Client, ppm: u32| {
        send(
            client,
            Method::PUT,
            path,
            json!({ "limits": loose, "hedge_ppm": ppm }),
        )
        .await
    };
    assert_eq!(
        refusal(&bounded(&owner, 1_000_001).await),
        (StatusCode::BAD_REQUEST, "bad_hedge_limit".to_owned())
    );
    assert_eq!(bounded(&planner, 200_000).await.status, StatusCode::NO_CONTENT);
    assert_eq!(
        refusal(&bounded(&planner, 500_000).await),
        (StatusCode::CONFLICT, "hedge_limit_raised".to_owned())
    );
    assert_eq!(bound().await, json!(200_000));
    assert_eq!(bounded(&owner, 1_000_000).await.status, StatusCode::NO_CONTENT);
    assert_eq!(bound().await, json!(1_000_000));
}

#[tokio::test]
async fn a_program_publishes_what_it_saw_or_is_told_what_changed() {
    let house = House::start().await;
    let version = house.draft().await;
    let planner = house.client(Who::Planner);
    let program = house.client(Who::TokenPlan);
    let seen = 2;
    let total = json!({ "total": 9_300_000, "head": seen });
    let target = format!("/versions/{version}/target");
    let changed = send(&planner, Method::PUT, &target, total.clone()).await;
    assert_eq!(changed.json(), json!({ "head": seen + 1 }));
    // The same number again is the same number.
    let again = send(&planner, Method::PUT, &target, total).await;
    assert_eq!(again.json(), json!({ "head": seen + 1 }));
    let path = format!("/versions/{version}/publish");
    let stale = send(&program, Method::POST, &path, json!({ "head": seen })).await;
    assert_eq!(
        refusal(&stale),
        (StatusCode::CONFLICT, "changed_since_seen".to_owned())
    );
    assert!(stale.text().contains("Planner"), "{}", stale.text());
    let ahead = send(&program, Method::POST, &path, json!({ "head": 99 })).await;
    assert_eq!(refusal(&ahead), (StatusCode::BAD_REQUEST, "bad_head".to_owned()));
    assert_eq!(ahead.json()["error"]["field"], json!("head"));
    let published = send(&program, Method::POST, &path, json!({ "head": seen + 1 })).await;
    assert_eq!(published.status, StatusCode::OK, "{}", published.text());
}
