//! Approval, remarks, revisions and questionnaires as programs use them.

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

async fn post(client: &Client, path: &str, body: Value) -> Answer {
    send(client, Method::POST, path, &body).await
}

async fn put(client: &Client, path: &str, body: Value) -> Answer {
    send(client, Method::PUT, path, &body).await
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
async fn a_program_asks_for_approval_and_another_person_gives_it() {
    let house = House::start().await;
    let version = house.draft().await;
    let owner = house.client(Who::TokenPlan);
    let planner = house.client(Who::Planner);
    let reading = house.client(Who::TokenRead);

    let bad = put(
        &owner,
        "/approvals/chain",
        json!({"steps": [{"approver": "role"}]}),
    )
    .await;
    assert_eq!(refusal(&bad), (StatusCode::BAD_REQUEST, "bad_step".to_owned()));
    let chain = json!({"steps": [{"approver": "planners"}, {"approver": "role", "role": "owner"}]});
    let chosen = put(&owner, "/approvals/chain", chain.clone()).await;
    assert_eq!(chosen.status, StatusCode::NO_CONTENT, "{}", chosen.text());
    assert_eq!(read(&reading, "/approvals/chain").await, chain);

    let of = |verb: &str| format!("/versions/{version}/{verb}");
    let approval = read(&owner, &of("approval")).await;
    assert_eq!(
        (&approval["status"], &approval["steps"][0]["state"]),
        (&json!("draft"), &json!("later"))
    );
    let early = post(&owner, &of("publish"), json!({})).await;
    assert_eq!(
        refusal(&early),
        (StatusCode::CONFLICT, "approval_needed".to_owned())
    );
    let submitted = post(&planner, &of("submit"), json!({"note": "please"})).await;
    assert_eq!(submitted.status, StatusCode::NO_CONTENT, "{}", submitted.text());

    // It waits for the owner, and not for whoever handed it in.
    let queue = read(&owner, "/approvals").await;
    assert_eq!(queue["waiting"][0]["version"], json!(version.to_string()));
    let queue = read(&planner, "/approvals").await;
    assert_eq!(queue["waiting"], json!([]));
    assert_eq!(queue["others"][0]["progress"], json!("open"));
    let own = post(&planner, &of("approve"), json!({})).await;
    assert_eq!(refusal(&own), (StatusCode::CONFLICT, "own_submission".to_owned()));
    // One that only reads decides nothing, whoever's it is.
    let silent = post(&reading, &of("approve"), json!({})).await;
    assert_eq!(silent.status, StatusCode::NOT_FOUND);

    let blank = post(&owner, &of("return"), json!({"reason": " "})).await;
    assert_eq!(
        refusal(&blank),
        (StatusCode::BAD_REQUEST, "reason_missing".to_owned())
    );
    let returned = post(&owner, &of("return"), json!({"reason": "too much"})).await;
    assert_eq!(returned.status, StatusCode::NO_CONTENT, "{}", returned.text());
    post(&planner, &of("submit"), json!({})).await;
    // Whoever says what they saw approves nothing else.
    let seen = read(&owner, &of("approval")).await;
    for (body, code) in [
        (json!({"head": 1_000}), "bad_head"),
        (json!({"assumed": seen["assumed"]}), "head_missing"),
        (json!({"head": seen["head"], "assumed": "x"}), "bad_assumed"),
    ] {
        let refused = post(&owner, &of("approve"), body).await;
        assert_eq!(refusal(&refused), (StatusCode::BAD_REQUEST, code.to_owned()));
    }
    let other = json!({"head": seen["head"], "assumed": "1-0-0-0-0-0"});
    let refused = post(&owner, &of("approve"), other).await;
    assert_eq!(
        refusal(&refused),
        (StatusCode::CONFLICT, "changed_since_seen".to_owned())
    );
    for step in 0..2 {
        let saw = json!({"head": seen["head"], "assumed": seen["assumed"]});
        let approved = post(&owner, &of("approve"), saw).await;
        assert_eq!(
            approved.status,
            StatusCode::NO_CONTENT,
            "{step}: {}",
            approved.text()
        );
    }
    let approval = read(&planner, &of("approval")).await;
    assert_eq!(approval["status"], json!("in_review"));
    assert_eq!(approval["submission"]["progress"], json!("approved"));
    let may: Vec<&str> = approval["may"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one.as_str().unwrap())
        .collect();
    assert_eq!(may, ["take_back", "publish", "remark"]);
    let decided: Vec<&Value> = approval["decided"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["decision"])
        .collect();
    assert_eq!(decided, ["approved", "approved", "returned"]);
    let published = post(&planner, &of("publish"), json!({})).await;
    assert_eq!(published.status, StatusCode::OK, "{}", published.text());
    assert_eq!(published.json()["hash"].as_str().unwrap().len(), 64);
    // What is published a reading program sees as well.
    let approval = read(&reading, &of("approval")).await;
    assert_eq!(approval["status"], json!("published"));
    assert_eq!(approval["steps"][1]["state"], json!("passed"));
}

#[tokio::test]
async fn only_an_owner_publishes_without_approval_and_says_why() {
    let house = House::start().await;
    let version = house.draft().await;
    let owner = house.client(Who::Owner);
    let chain = json!({"steps": [{"approver": "planners"}]});
    put(&owner, "/approvals/chain", chain).await;
    let path = format!("/versions/{version}/publish");
    let hurry = json!({"without_approval": "in a hurry"});
    let planner = post(&house.client(Who::Planner), &path, hurry.clone()).await;
    assert_eq!(planner.status, StatusCode::NOT_FOUND);
    let published = post(&owner, &path, hurry).await;
    assert_eq!(published.status, StatusCode::OK, "{}", published.text());
    let approval = read(&owner, &format!("/versions/{version}/approval")).await;
    assert_eq!(
        (
            &approval["decided"][0]["decision"],
            &approval["decided"][0]["note"]
        ),
        (&json!("overridden"), &json!("in a hurry"))
    );
}

#[tokio::test]
async fn numbers_are_named_by_row_and_period_and_spoken_of() {
    let house = House::start().await;
    let version = house.draft().await;
    let program = house.client(Who::TokenPlan);
    let rows = read(&program, &format!("/versions/{version}/rows")).await;
    assert_eq!(rows["periods"], json!(["2018-01", "2018-02", "2018-03"]));
    let all = rows["rows"].as_array().unwrap();
    for row in all {
        let sum: i64 = row["amounts"]
            .as_array()
            .unwrap()
            .iter()
            .map(|amount| amount.as_i64().unwrap())
            .sum();
        assert_eq!(json!(sum), row["total"], "{row}");
    }
    assert_eq!(all[0]["total"], json!(9_000_000));
    let rep = all
        .iter()
        .find(|row| row["member"] == json!(house.rep.to_string()))
        .unwrap();
    assert_eq!(rep["unit"], Value::Null);
    // Who leads sees the own part, by the same places.
    let part = read(&house.client(Who::Manager), &format!("/versions/{version}/rows")).await;
    let part = part["rows"].as_array().unwrap();
    assert!(part.len() < all.len() && part.contains(rep), "{part:?}");

    let path = format!("/versions/{version}/remarks");
    let remark = json!({"row": rep["row"], "period": "2018-02", "text": "a long holiday"});
    let said = post(&program, &path, remark).await;
    assert_eq!(said.status, StatusCode::CREATED, "{}", said.text());
    let thread = said.json()["thread"].clone();
    let unknown = json!({"row": rep["row"], "period": "2018-09", "text": "x"});
    let unknown = post(&program, &path, unknown).await;
    assert_eq!(
        refusal(&unknown),
        (StatusCode::BAD_REQUEST, "unknown_period".to_owned())
    );
    let both = json!({"thread": thread, "row": 0, "text": "x"});
    let both = post(&program, &path, both).await;
    assert_eq!(
        refusal(&both),
        (StatusCode::BAD_REQUEST, "thread_has_its_place".to_owned())
    );
    let manager = house.client(Who::Manager);
    let answer = post(&manager, &path, json!({"thread": thread, "text": "agreed"})).await;
    assert_eq!(answer.json()["thread"], thread);
    // Beyond reach there is no such number, and nothing was said of it.
    let other = house.client(Who::OtherManager);
    let beyond = post(&other, &path, json!({"row": rep["row"], "text": "x"})).await;
    assert_eq!(beyond.status, StatusCode::NOT_FOUND);
    assert_eq!(read(&other, &path).await, json!([]));

    let settled = format!("{path}/{}", thread.as_str().unwrap());
    let settled = put(&manager, &settled, json!({"settled": true})).await;
    assert_eq!(settled.status, StatusCode::NO_CONTENT);
    let threads = read(&program, &path).await;
    assert_eq!(threads[0]["period"], json!("2018-02"));
    assert_eq!(threads[0]["remarks"].as_array().unwrap().len(), 2);
    assert_eq!(threads[0]["settled_by"], json!("Manager"));
}

#[tokio::test]
async fn revision_rules_are_read_and_chosen() {
    let house = House::start().await;
    let program = house.client(Who::TokenPlan);
    let found = read(&program, "/revisions").await;
    assert_eq!(
        (&found["proposals"], &found["published"]),
        (&json!([]), &json!([]))
    );
    let rules = |found: &Value| -> Vec<String> {
        let rules = found["rules"].as_array().unwrap().iter();
        rules
            .map(|rule| rule["rule"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(rules(&found), ["pace", "factor"], "no plan has periods that end");
    let month = put(&program, "/revisions/rules/month_end", json!({"enabled": true})).await;
    assert_eq!(month.status, StatusCode::NO_CONTENT, "{}", month.text());
    let found = read(&program, "/revisions").await;
    assert_eq!(
        rules(&found),
        ["month_end", "pace", "factor"],
        "one that is on is told of"
    );
    let pace = json!({"enabled": true, "threshold_ppm": 150_000});
    let chosen = put(&program, "/revisions/rules/pace", pace).await;
    assert_eq!(chosen.status, StatusCode::NO_CONTENT, "{}", chosen.text());
    let found = read(&program, "/revisions").await;
    let pace = found["rules"]
        .as_array()
        .unwrap()
        .iter()
        .find(|rule| rule["rule"] == json!("pace"))
        .unwrap();
    assert_eq!(
        pace,
        &json!({"rule": "pace", "enabled": true, "threshold_ppm": 150_000})
    );
    for (path, body, code) in [
        ("/revisions/rules/moon", json!({"enabled": true}), "unknown_rule"),
        (
            "/revisions/rules/pace",
            json!({"enabled": true, "threshold_ppm": 1}),
            "bad_threshold",
        ),
    ] {
        let refused = put(&program, path, body).await;
        assert_eq!(refusal(&refused), (StatusCode::BAD_REQUEST, code.to_owned()));
    }
    let version = house.draft().await;
    let open = post(
        &program,
        &format!("/versions/{version}/revision"),
        json!({"reason": "x"}),
    )
    .await;
    assert_eq!(refusal(&open), (StatusCode::CONFLICT, "not_published".to_owned()));
}

#[tokio::test]
async fn a_questionnaire_is_written_sent_extended_and_read_by_programs() {
    let house = House::start().await;
    let program = house.client(Who::TokenPlan);
    let today = house.operations.business_date(&house.scope).await.unwrap();
    let questions = json!([
        {"ready": "proposal", "required": true},
        {"text": "Which line grows?", "kind": "choice", "options": ["Meters", "Valves"]},
    ]);
    let body = |title: &str, questions: &Value| {
        json!({
            "title": title, "due_on": today.plus(7).to_string(), "questions": questions,
            "members": [house.rep.to_string()],
        })
    };
    for bad in [
        json!([{"ready": "moon"}]),
        json!([{"text": "x", "kind": "moon"}]),
        json!([{"ready": "proposal", "text": "x"}]),
        json!([{"text": "x", "kind": "text", "options": ["a"]}]),
    ] {
        let refused = post(&program, "/questionnaires", body("2027", &bad)).await;
        assert_eq!(
            refusal(&refused),
            (StatusCode::BAD_REQUEST, "bad_question".to_owned()),
            "{bad}"
        );
    }
    let made = post(&program, "/questionnaires", body("2026", &questions)).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let id = made.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(made.json()["members"].as_array().unwrap().len(), 1);
    let of = |verb: &str| format!("/questionnaires/{id}{verb}");
    let changed = put(&program, &of(""), body("2027", &questions)).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text());
    let reading = house.client(Who::TokenRead);
    assert_eq!(
        reading.get(&format!("/api/v1{}", of(""))).await.status,
        StatusCode::NOT_FOUND,
        "who may not plan sees no drafts"
    );
    let sent = post(&program, &of("/send"), json!({})).await;
    assert_eq!(sent.status, StatusCode::NO_CONTENT, "{}", sent.text());
    let late = put(&program, &of(""), body("2028", &questions)).await;
    assert_eq!(
        refusal(&late),
        (StatusCode::CONFLICT, "questionnaire_sent".to_owned())
    );

    let due = today.plus(14).to_string();
    let postponed = put(&program, &of("/due"), json!({"due_on": due})).await;
    assert_eq!(postponed.status, StatusCode::NO_CONTENT, "{}", postponed.text());
    let more = json!({"members": [house.rep.to_string(), house.sibling.to_string()]});
    let asked = post(&program, &of("/members"), more).await;
    assert_eq!(asked.json(), json!({"added": 1, "told": 1, "already": 1}));
    let answers = json!({"answers": [{"question": 0, "value": "1200000"}]});
    let answered = put(&house.client(Who::Sibling), &of("/answers"), answers).await;
    assert_eq!(answered.json()["progress"], json!("answered"));

    let results = read(&reading, &of("")).await;
    assert_eq!(
        (&results["title"], &results["due_on"]),
        (&json!("2027"), &json!(due))
    );
    assert_eq!(results["questions"][0]["ready"], json!("proposal"));
    assert_eq!(results["questions"][1]["options"], json!(["Meters", "Valves"]));
    assert_eq!(
        results["questions"][0]["replies"][0]["value"],
        json!("1,200,000.00")
    );
    post(&program, &of("/close"), json!({})).await;
    let closed = put(&program, &of("/due"), json!({"due_on": due})).await;
    assert_eq!(
        refusal(&closed),
        (StatusCode::CONFLICT, "questionnaire_closed".to_owned())
    );

    let spare = post(&program, "/questionnaires", body("spare", &questions)).await;
    let spare = format!("/questionnaires/{}", spare.json()["id"].as_str().unwrap());
    let gone = send(&program, Method::DELETE, &spare, &json!({})).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT, "{}", gone.text());
    let again = send(&program, Method::DELETE, &spare, &json!({})).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
}
