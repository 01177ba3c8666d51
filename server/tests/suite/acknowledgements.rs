//! Who has confirmed, and reminding the others, as programs do it.

use axum::http::StatusCode;
use domain::notice::Notice;
use domain::target::Answer;
use serde_json::{Value, json};

use crate::client::{Answer as Reply, Client};
use crate::house::{House, Who};

/// Who was reminded.
fn counts(reply: &Reply) -> (u64, u64, u64) {
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    let body = reply.json();
    let count = |name: &str| body[name].as_u64().unwrap();
    (count("told"), count("already"), count("unreachable"))
}

fn refusal(reply: &Reply) -> (StatusCode, Value) {
    (reply.status, reply.json()["error"]["code"].clone())
}

#[tokio::test]
async fn a_carrier_is_reminded_confirms_and_is_listed_with_the_fingerprint() {
    let house = House::start().await;
    let version = house.published().await;
    let (manager, planner) = (house.client(Who::Manager), house.client(Who::Planner));
    let path = format!("/api/v1/versions/{version}/acknowledgements");
    let remind =
        async |client: &Client, body: Value| client.post_json(&format!("{path}/remind"), &body).await;

    // The manager sees the own unit's number and those of two people, and reminds the people.
    let seen = manager.get(&path).await.json();
    assert_eq!(
        (&seen["open"], &seen["confirmed"], &seen["countered"]),
        (&json!(3), &json!(0), &json!(0)),
        "{seen}"
    );
    let one = json!({ "member": house.rep.to_string() });
    assert_eq!(counts(&remind(&manager, one.clone()).await), (1, 0, 0));
    assert_eq!(counts(&remind(&manager, json!({})).await), (1, 1, 0));
    assert_eq!(counts(&remind(&manager, json!({})).await), (0, 2, 0));
    // Both managers are left, and somebody in the west who cannot sign in.
    assert_eq!(counts(&remind(&planner, json!({})).await), (2, 2, 1));

    let rep = house.signed_in(Who::Rep).await;
    let notices = house.operations.notices(&rep).await.unwrap().list;
    let reminders = notices
        .iter()
        .filter(|told| matches!(told.notice, Notice::TargetReminder { version: of, .. } if of == version));
    assert_eq!(reminders.count(), 1);

    let own = house.operations.my_targets(&rep).await.unwrap().remove(0);
    house
        .operations
        .acknowledge(&rep, version, own.node, &own.hash, Answer::Confirmed, None)
        .await
        .unwrap();
    let seen = planner.get(&path).await.json();
    assert_eq!(seen["confirmed"], json!(1), "{seen}");
    let numbers = seen["numbers"].as_array().unwrap();
    let confirmed = numbers
        .iter()
        .find(|number| number["state"] == "confirmed")
        .unwrap();
    assert_eq!(confirmed["member"], json!(house.rep.to_string()));
    let accepted = &confirmed["accepted"];
    assert_eq!(
        (&accepted["hash"], &accepted["recomputed"], &accepted["holds"]),
        (&json!(own.hash), &json!(own.hash), &json!(true))
    );
    let waits = numbers.iter().find(|number| number["state"] == "open").unwrap();
    assert_eq!(waits["accepted"], Value::Null);

    assert_eq!(
        refusal(&remind(&manager, one.clone()).await),
        (StatusCode::CONFLICT, json!("nothing_to_remind_of"))
    );
    // Nobody of another branch, and nobody who carries a number only.
    for who in [Who::OtherManager, Who::Rep] {
        let reply = remind(&house.client(who), one.clone()).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{who:?}");
    }
    let few = planner.get(&format!("{path}?most=0")).await.json();
    assert_eq!((&few["numbers"], &few["confirmed"]), (&json!([]), &json!(1)));
    for wrong in ["most=10001", "most=-1", "state=open"] {
        let reply = planner.get(&format!("{path}?{wrong}")).await;
        assert_eq!(
            refusal(&reply),
            (StatusCode::BAD_REQUEST, json!("bad_most")),
            "{wrong}"
        );
    }
    let reply = remind(&planner, json!({ "person": 1 })).await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
}
