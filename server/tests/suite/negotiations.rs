//! Negotiations and the pulse as programs use them.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use domain::calendar::{Day, PeriodKind};
use domain::money::Minor;
use domain::plan::{NodeRef, PeriodIndex};
use domain::target::NewPlan;
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

fn refusal(answer: &Answer) -> (StatusCode, String) {
    let code = answer.json()["error"]["code"].as_str().unwrap().to_owned();
    (answer.status, code)
}

#[tokio::test]
async fn a_number_is_negotiated_agreed_on_and_entered() {
    let house = House::start().await;
    let version = house.published().await;
    let open = house
        .operations
        .open_grid(&house.scope, version, None)
        .await
        .unwrap();
    let row = open.grid.shape().find(NodeRef::Member(house.rep)).unwrap();
    let number = open.grid.amount(row, None).0;
    let (rep, manager) = (house.client(Who::Rep), house.client(Who::Manager));
    let planner = house.client(Who::Planner);

    let proposal = |amount: i64, period: Option<&str>| json!({ "version": version, "row": row.0, "amount": amount, "period": period, "words": "太高" });
    let refused = send(&rep, Method::POST, "/negotiations", proposal(number, None)).await;
    assert_eq!(
        refusal(&refused),
        (StatusCode::BAD_REQUEST, "negotiation_same_amount".to_owned())
    );
    let refused = send(&rep, Method::POST, "/negotiations", proposal(1, Some("2019-01"))).await;
    assert_eq!(
        refusal(&refused),
        (StatusCode::BAD_REQUEST, "unknown_period".to_owned())
    );
    let made = send(&rep, Method::POST, "/negotiations", proposal(number - 500, None)).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let id = made.json()["negotiation"].as_str().unwrap().to_owned();

    let seen = read(&manager, &format!("/negotiations?version={version}")).await;
    assert_eq!(seen[0]["id"], id);
    assert_eq!(
        (&seen[0]["turn"], &seen[0]["side"], &seen[0]["difference"]),
        (&json!("plan"), &json!("plan"), &json!(-500))
    );
    assert!(seen[0]["hedge"].is_i64());
    let sibling = house.client(Who::Sibling);
    assert_eq!(
        read(&sibling, &format!("/negotiations?version={version}")).await,
        json!([])
    );
    let moves = format!("/negotiations/{id}/moves");
    let missing = send(&manager, Method::POST, &moves, json!({ "act": "decline" })).await;
    assert_eq!(
        refusal(&missing),
        (StatusCode::BAD_REQUEST, "negotiation_words".to_owned())
    );
    let counter = json!({ "act": "counter", "amount": number - 300 });
    let done = send(&manager, Method::POST, &moves, counter).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.text());
    let due = format!("/negotiations/{id}/due");
    let far = send(&manager, Method::PUT, &due, json!({ "due_on": "2999-01-01" })).await;
    assert_eq!(
        refusal(&far),
        (StatusCode::BAD_REQUEST, "negotiation_due".to_owned())
    );
    let agreed = send(&rep, Method::POST, &moves, json!({ "act": "agree" })).await;
    assert_eq!(agreed.status, StatusCode::NO_CONTENT, "{}", agreed.text());
    let own = read(&rep, "/negotiations").await;
    assert_eq!(
        (&own[0]["status"], &own[0]["amount"], &own[0]["turn"]),
        (&json!("agreed"), &json!(number - 300), &Value::Null)
    );
    assert!(
        own[0]["hedge"].is_null(),
        "what lies above is not the carrier's to see"
    );

    let draft = house
        .operations
        .branch_version(&house.scope, version, None)
        .await
        .unwrap()
        .version;
    let enter = format!("/versions/{draft}/agreed");
    let entered = send(&planner, Method::POST, &enter, json!({})).await;
    assert_eq!(entered.json(), json!({ "entered": 1, "left": [] }));
    let again = send(&planner, Method::POST, &enter, json!({})).await;
    assert_eq!(
        refusal(&again),
        (StatusCode::CONFLICT, "nothing_agreed".to_owned())
    );
    assert_eq!(
        read(&planner, &format!("/versions/{version}/pulse")).await,
        json!([]),
        "nobody said anything"
    );
}

#[tokio::test]
async fn a_quarter_is_negotiated_by_its_name() {
    let house = House::start().await;
    let plan = NewPlan {
        metric: "bookings".to_owned(),
        from: Day::from_ymd(2018, 1, 1).unwrap(),
        to: Day::from_ymd(2018, 7, 1).unwrap(),
        period_kind: PeriodKind::Month,
        total: Minor(9_000_000),
        name: None,
    };
    let (operations, scope) = (&house.operations, &house.scope);
    let version = operations.create_plan(scope, plan).await.unwrap().version;
    operations.publish(scope, version).await.unwrap();
    let grid = operations.open_grid(scope, version, None).await.unwrap().grid;
    let row = grid.shape().find(NodeRef::Member(house.rep)).unwrap();
    let months = (3..6).map(|month| grid.amount(row, Some(PeriodIndex(month))).0);
    let number: i64 = months.sum();
    let rep = house.client(Who::Rep);
    let proposal = |period: &str, amount: i64| json!({ "version": version, "row": row.0, "amount": amount, "period": period });
    let refused = send(&rep, Method::POST, "/negotiations", proposal("2018-Q3", 1)).await;
    assert_eq!(
        refusal(&refused),
        (StatusCode::BAD_REQUEST, "unknown_period".to_owned())
    );
    let refused = send(&rep, Method::POST, "/negotiations", proposal("2018-Q2", number)).await;
    assert_eq!(
        refusal(&refused),
        (StatusCode::BAD_REQUEST, "negotiation_same_amount".to_owned())
    );
    let made = send(
        &rep,
        Method::POST,
        "/negotiations",
        proposal("2018-Q2", number - 500),
    )
    .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let own = read(&rep, "/negotiations").await;
    assert_eq!(
        (&own[0]["period"], &own[0]["number"], &own[0]["difference"]),
        (&json!("2018-Q2"), &json!(number), &json!(-500))
    );
}
