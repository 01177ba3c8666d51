//! What somebody's number was on a day, as programs ask it.

use axum::http::StatusCode;
use domain::calendar::PeriodKind;
use domain::money::Minor;
use domain::target::NewPlan;
use operations::clock;
use serde_json::json;

use crate::house::{House, Who};

#[tokio::test]
async fn a_number_is_answered_as_it_was_on_record_on_a_day() {
    let house = House::start().await;
    // The record is kept by the clock, so the plan is of the clock's year.
    let today = clock::today_in("Asia/Shanghai");
    let year = today.ymd().0;
    let first = |year| domain::calendar::Day::from_ymd(year, 1, 1).unwrap();
    let plan = NewPlan {
        metric: "bookings".to_owned(),
        from: first(year),
        to: first(year + 1),
        period_kind: PeriodKind::Quarter,
        total: Minor(9_000_000),
        name: None,
    };
    let made = house.operations.create_plan(&house.scope, plan).await.unwrap();
    house
        .operations
        .publish(&house.scope, made.version)
        .await
        .unwrap();

    let rep = house.client(Who::Rep);
    let answer = rep.get(&format!("/api/v1/me/targets?on={today}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let body = answer.json();
    assert_eq!(body["on"], json!(today.to_string()));
    let [number] = &body["numbers"].as_array().unwrap()[..] else {
        panic!("{body}")
    };
    assert_eq!(number["version"], json!(made.version.to_string()));
    assert_eq!(
        (&number["metric"], &number["currency"], &number["confirmation"]),
        (&json!("bookings"), &json!("CNY"), &json!("open"))
    );
    let sum = |list: &str| -> i64 {
        let rows = number[list].as_array().unwrap();
        rows.iter().map(|row| row["amount"].as_i64().unwrap()).sum()
    };
    let total = number["total"].as_i64().unwrap();
    assert!(total > 0);
    assert_eq!((sum("periods"), sum("why")), (total, total), "both sum to it");

    // Long before nothing was on record; without a day it is today's.
    let before = rep.get("/api/v1/me/targets?on=2001-05-01").await;
    assert_eq!(before.json()["numbers"], json!([]));
    let now = rep.get("/api/v1/me/targets").await;
    assert_eq!(now.json()["numbers"].as_array().unwrap().len(), 1);

    // Who leads asks for their people.
    let path = format!("/api/v1/members/{}/targets?on={today}", house.rep);
    let of_rep = house.client(Who::Manager).get(&path).await.json();
    assert_eq!(of_rep["numbers"], body["numbers"]);
    assert_eq!(
        house.client(Who::OtherManager).get(&path).await.status,
        StatusCode::NOT_FOUND
    );

    for wrong in ["on=yesterday", "on=2027-02-30", "day=2027-05-01"] {
        let answer = rep.get(&format!("/api/v1/me/targets?{wrong}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{wrong}");
        assert_eq!(answer.json()["error"]["code"], json!("day"), "{wrong}");
    }
}
