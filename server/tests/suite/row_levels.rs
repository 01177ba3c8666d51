//! Levels of rows as programs read and set them.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use domain::calendar::{Day, PeriodKind};
use domain::money::Minor;
use domain::target::NewPlan;
use serde_json::{Value, json};

use crate::house::{House, Who};

#[tokio::test]
async fn a_program_gives_a_row_levels_of_its_own_and_the_plans_again() {
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
    let of_plan = format!("/api/v1/versions/{}/levels", made.version);
    let path = |row: u32| format!("/api/v1/versions/{}/rows/{row}/levels", made.version);
    let put = async |path: String, body: Value| {
        let body = Body::from(body.to_string());
        program.call(Method::PUT, &path, "application/json", body).await
    };
    let read = async |row: u32| {
        let answer = program.get(&path(row)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()
    };
    assert_eq!(program.get(&path(4_000)).await.status, StatusCode::NOT_FOUND);

    let own = json!({ "stretch": { "ratio_ppm": 1_300_000 } });
    let refused = put(path(1), own.clone()).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text());
    assert_eq!(refused.json()["error"]["code"], json!("level_undecided"));
    let decided = put(of_plan, json!({ "stretch": { "ratio_ppm": 1_100_000 } })).await;
    assert_eq!(decided.status, StatusCode::NO_CONTENT, "{}", decided.text());
    let before = read(1).await;
    assert_eq!(before["levels"][2]["level"], json!("stretch"));
    assert_eq!(before["levels"][2]["own"], Value::Null);

    let set = put(path(1), own).await;
    assert_eq!(set.status, StatusCode::NO_CONTENT, "{}", set.text());
    let after = read(1).await;
    let level = &after["levels"][2];
    assert_eq!(level["own"]["ratio_ppm"], json!(1_300_000));
    assert_eq!(level["own"]["above"], json!("follows"));
    assert_eq!(level["plan_ratio_ppm"], json!(1_100_000));
    assert!(level["own"]["set_by"].is_string());
    let periods: i64 = level["periods"]
        .as_array()
        .unwrap()
        .iter()
        .map(|amount| amount.as_i64().unwrap())
        .sum();
    assert_eq!(json!(periods), level["amount"]);

    let wrong = put(path(1), json!({ "stretch": { "ratio_ppm": 900_000 } })).await;
    assert_eq!(wrong.status, StatusCode::CONFLICT, "{}", wrong.text());
    let body = wrong.json();
    assert_eq!(body["error"]["code"], json!("levels_out_of_order"));
    for words in ["message_zh", "message_en"] {
        let words = body["error"][words].as_str();
        assert!(words.is_some_and(|words| !words.is_empty()));
    }
    let both = json!({ "stretch": { "ratio_ppm": 1_300_000, "amount": 1 } });
    assert_eq!(put(path(1), both).await.status, StatusCode::BAD_REQUEST);
    let of_whole = put(path(0), json!({})).await;
    assert_eq!(of_whole.status, StatusCode::CONFLICT);

    // Who saw nothing of it is told, and overwrites nothing; who saw it as it is gives each level what follows by itself.
    let both = json!({ "ratio_ppm": 1_200_000, "above": "stays" });
    let unseen = put(path(1), json!({ "stretch": both, "seen": {} })).await;
    assert_eq!(unseen.status, StatusCode::CONFLICT, "{}", unseen.text());
    let body = unseen.json();
    assert_eq!(body["error"]["code"], json!("row_levels_changed"));
    let told = body["error"]["message_en"].as_str().unwrap();
    assert!(told.contains("130 %"), "{told}");
    assert_eq!(read(1).await, after);
    let seen = json!({ "stretch": { "ratio_ppm": 1_300_000, "above": "follows" } });
    let told = put(
        path(1),
        json!({ "stretch": { "ratio_ppm": 1_250_000 }, "seen": seen }),
    )
    .await;
    assert_eq!(told.status, StatusCode::NO_CONTENT, "{}", told.text());
    assert_eq!(read(1).await["levels"][2]["own"]["ratio_ppm"], json!(1_250_000));

    assert_eq!(put(path(1), json!({})).await.status, StatusCode::NO_CONTENT);
    assert_eq!(read(1).await, before);
}
