//! The ramp of beginners as programs read and choose it.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::house::{House, Who};

#[tokio::test]
async fn a_program_of_a_planner_reads_and_chooses_the_ramp_of_beginners() {
    let house = House::start().await;
    let program = house.client(Who::TokenPlan);
    let known = async || {
        let answer = program.get("/api/v1/ramp").await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()
    };
    let put = async |body: Value| {
        let body = Body::from(body.to_string());
        program
            .call(Method::PUT, "/api/v1/ramp", "application/json", body)
            .await
    };
    let usual = json!({ "steps_ppm": [0, 250_000, 500_000, 750_000, 1_000_000] });
    assert_eq!(known().await, usual);
    for (body, code) in [
        (json!({ "steps_ppm": [] }), "bad_ramp"),
        (json!({ "steps_ppm": [500_000, 250_000, 1_000_000] }), "bad_ramp"),
        (json!({ "steps_ppm": [500_000] }), "bad_ramp"),
        (json!({ "steps_ppm": [-1] }), "body"),
        (json!({ "steps": [1_000_000] }), "body"),
    ] {
        let refused = put(body.clone()).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{body}");
        let told = refused.json();
        assert_eq!(told["error"]["code"], json!(code), "{body}");
        assert_ne!(told["error"]["message_zh"], told["error"]["message_en"]);
        assert_eq!(known().await, usual, "{body}");
    }
    let shorter = json!({ "steps_ppm": [400_000, 1_000_000] });
    let done = put(shorter.clone()).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.text());
    assert_eq!(known().await, shorter);
    // It is the organization's, not the program's own.
    let planner = house.client(Who::Planner).get("/api/v1/ramp").await;
    assert_eq!(planner.json(), shorter);
}
