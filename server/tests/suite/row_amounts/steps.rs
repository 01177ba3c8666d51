//! Spans of periods, steps back and forth, and what was done since, as programs ask for them.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use domain::id::CommandId;
use serde_json::{Value, json};

use super::{Draft, done, refusal, refused};
use crate::client::{Answer, Client};
use crate::house::Who;

const NOBODY_S: &str = "00000000-0000-4000-8000-000000000000";

impl Draft {
    async fn step(&self, client: &Client, what: &str, body: Value) -> Answer {
        let path = format!("/api/v1/versions/{}/{what}", self.version);
        client.post_json(&path, &body).await
    }

    async fn commands(&self, query: &str) -> Answer {
        let path = format!("/api/v1/versions/{}/commands{query}", self.version);
        self.program.get(&path).await
    }
}

#[tokio::test]
async fn a_program_sets_a_span_of_periods_as_a_whole() {
    let draft = Draft::made().await;
    let rep = Some(draft.house.rep);
    let (before, head) = (draft.row(rep).await, draft.head().await);
    let set = async |body: Value| draft.ask(Method::PUT, before.row, "span", body).await;

    // Two months of three: the third gives. Sent twice under one key, it is done once.
    let both = before.amounts[0] + before.amounts[1] + 100;
    let key = CommandId(operations::clock::new_id()).to_string();
    let body = json!({ "amount": both, "first": "2018-01", "last": "2018-02", "head": head, "key": key });
    done(&set(body.clone()).await, head + 1);
    done(&set(body).await, head + 1);
    let after = draft.row(rep).await;
    assert_eq!(after.amounts[0] + after.amounts[1], both);
    assert_eq!(
        (after.amounts[2], after.total),
        (before.amounts[2] - 100, before.total)
    );

    // The only quarter is the total.
    let body =
        json!({ "amount": before.total + 300, "quarter": "2018-Q1", "keep": "none", "head": head + 1 });
    done(&set(body).await, head + 2);
    assert_eq!(draft.row(rep).await.total, before.total + 300);

    // What somebody else made of it meanwhile is not overwritten.
    let planner = draft.house.client(Who::Planner);
    let body = |amount: i64, head: u64| json!({ "amount": amount, "first": "2018-01", "last": "2018-02", "head": head });
    let theirs = draft
        .by(
            &planner,
            Method::PUT,
            before.row,
            "span",
            body(both + 50, head + 2),
        )
        .await;
    done(&theirs, head + 3);
    let stale = set(body(both - 50, head + 2)).await;
    assert_eq!(
        refusal(&stale),
        refused(StatusCode::CONFLICT, "changed_meanwhile")
    );

    let head = head + 3;
    let bad = |code: &str| refused(StatusCode::BAD_REQUEST, code);
    let conflict = refused(StatusCode::CONFLICT, "plan_refuses");
    for (body, expected) in [
        (body(-1, head), conflict.clone()),
        (body(1_000_000_000_000, head), conflict),
        (
            json!({ "amount": 5, "first": "2018-03", "last": "2018-01", "head": head }),
            bad("bad_span"),
        ),
        (
            json!({ "amount": 5, "first": "2018-01", "head": head }),
            bad("bad_span"),
        ),
        (
            json!({ "amount": 5, "quarter": "2018-Q1", "last": "2018-01", "head": head }),
            bad("bad_span"),
        ),
        (
            json!({ "amount": 5, "quarter": "2018-Q3", "head": head }),
            bad("unknown_quarter"),
        ),
        (
            json!({ "amount": 5, "first": "2018-01", "last": "2019-01", "head": head }),
            bad("unknown_period"),
        ),
        (
            json!({ "amount": "lots", "quarter": "2018-Q1", "head": head }),
            bad("body"),
        ),
        (json!({ "amount": 5, "quarter": "2018-Q1" }), bad("body")),
    ] {
        assert_eq!(refusal(&set(body.clone()).await), expected, "{body}");
    }
    let nowhere = draft.ask(Method::PUT, 4_000, "span", body(5, head)).await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND, "{}", nowhere.text());
    let path = format!("/api/v1/versions/{NOBODY_S}/rows/1/span");
    let text = Body::from(body(5, head).to_string());
    let unknown = draft.program.call(Method::PUT, &path, "application/json", text);
    assert_eq!(unknown.await.status, StatusCode::NOT_FOUND);
    assert_eq!(draft.head().await, head, "what was refused changed nothing");
}

#[tokio::test]
async fn a_program_steps_back_and_forth_and_is_asked_where_others_were() {
    let draft = Draft::made().await;
    let rep = Some(draft.house.rep);
    let (program, planner) = (&draft.program, draft.house.client(Who::Planner));
    let (before, head) = (draft.row(rep).await, draft.head().await);
    for what in ["undo", "redo"] {
        let nothing = draft.step(program, what, json!({})).await;
        let code = format!("nothing_to_{what}");
        assert_eq!(refusal(&nothing), refused(StatusCode::CONFLICT, &code));
    }
    let set = async |client: &Client, amount: i64, head: u64| {
        let body = json!({ "amount": amount, "head": head });
        draft.by(client, Method::PUT, before.row, "amount", body).await
    };
    done(&set(program, before.total + 1_000, head).await, head + 1);

    for (what, at, left) in [
        (
            "undo",
            head + 2,
            json!({ "head": head + 2, "undo": 0, "redo": 1 }),
        ),
        (
            "redo",
            head + 3,
            json!({ "head": head + 3, "undo": 1, "redo": 0 }),
        ),
    ] {
        let answer = draft.step(program, what, json!({})).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        assert_eq!(answer.json(), left, "{at}");
    }
    assert_eq!(draft.row(rep).await.total, before.total + 1_000);

    // Somebody else goes on with the same number.
    done(&set(&planner, before.total + 1_500, head + 3).await, head + 4);
    for body in [json!({}), json!({ "anyway": head + 3 })] {
        let asked = draft.step(program, "undo", body).await;
        assert_eq!(
            refusal(&asked),
            refused(StatusCode::CONFLICT, "changed_meanwhile")
        );
        let changed = &asked.json()["error"]["changed"];
        assert_eq!(changed["head"], json!(head + 4));
        let rows = changed["rows"].as_array().unwrap();
        let own = rows.iter().find(|row| row["row"] == json!(before.row)).unwrap();
        assert_eq!(
            (&own["by"], &own["command"]),
            (&json!("Planner"), &json!(head + 4))
        );
        let of = |name: &str| own[name].as_i64().unwrap();
        assert!(of("left") < of("now") && of("becomes") < of("now"), "{own}");
    }
    // Done anyway, and sent again because its answer was lost: once. Theirs stays.
    let key = CommandId(operations::clock::new_id()).to_string();
    let body = json!({ "anyway": head + 4, "key": key });
    for _ in 0..2 {
        let answer = draft.step(program, "undo", body.clone()).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        assert_eq!(answer.json()["head"], json!(head + 5));
    }
    assert_eq!(draft.row(rep).await.total, before.total + 500);

    // A lock in the way is told, and released with the step where that is asked for.
    let head = head + 5;
    done(&set(program, before.total + 2_000, head).await, head + 1);
    let lock = json!({ "hold": "lock", "head": head + 1 });
    let locked = draft.by(&planner, Method::PUT, before.row, "hold", lock).await;
    done(&locked, head + 2);
    let barred = draft.step(program, "undo", json!({})).await;
    assert_eq!(refusal(&barred), refused(StatusCode::CONFLICT, "plan_refuses"));
    let body = json!({ "unlock": [{ "row": before.row }] });
    let answer = draft.step(program, "undo", body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(draft.row(rep).await.total, before.total + 500);

    for (body, code) in [
        (
            json!({ "unlock": [{ "row": 0, "period": "2019-01" }] }),
            "unknown_period",
        ),
        (json!({ "anyway": "yes" }), "body"),
        (json!({ "of": 4 }), "body"),
    ] {
        let wrong = draft.step(program, "undo", body).await;
        assert_eq!(refusal(&wrong), refused(StatusCode::BAD_REQUEST, code));
    }
    let path = format!("/api/v1/versions/{NOBODY_S}/undo");
    let unknown = program.post_json(&path, &json!({})).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    // Who reads the plan takes nothing back.
    let viewer = draft.house.client(Who::Viewer);
    let hidden = draft.step(&viewer, "undo", json!({})).await;
    assert_eq!(hidden.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_program_reads_what_was_done_since_it_looked() {
    let draft = Draft::made().await;
    let planner = draft.house.client(Who::Planner);
    let (before, head) = (draft.row(Some(draft.house.rep)).await, draft.head().await);
    let body = json!({ "amount": before.total + 1_000, "head": head, "reason": "大客户" });
    done(
        &draft.ask(Method::PUT, before.row, "amount", body).await,
        head + 1,
    );
    let lock = json!({ "hold": "lock", "period": "2018-02", "head": head + 1 });
    done(
        &draft.by(&planner, Method::PUT, before.row, "hold", lock).await,
        head + 2,
    );

    let page = draft.commands(&format!("?since={head}")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    let page = page.json();
    assert_eq!(
        (&page["head"], &page["next"], &page["currency"]),
        (&json!(head + 2), &Value::Null, &json!("CNY"))
    );
    let commands = page["commands"].as_array().unwrap();
    let [set, held] = commands.as_slice() else {
        panic!("{page}")
    };
    assert_eq!(
        (&set["command"], &set["what"], &set["own"], &set["by"]),
        (&json!(head + 1), &json!("set"), &json!(true), &json!("欧阳主"))
    );
    assert_eq!(
        (&set["reason_zh"], &set["reason_en"], &set["reason_code"]),
        (&json!("大客户"), &json!("大客户"), &Value::Null)
    );
    assert!(set["at_ms"].as_i64().is_some_and(|at| at > 0), "{set}");
    assert_eq!(set["places"][0]["row"], json!(before.row));
    // The row that was set comes before those that gave.
    let first = &set["amounts"][0];
    assert_eq!(
        (&first["row"], &first["name"]),
        (&json!(before.row), &json!("林岚"))
    );
    let of_row = set["amounts"].as_array().unwrap().iter();
    let of_row = of_row.filter(|amount| amount["row"] == json!(before.row));
    let more: i64 = of_row
        .map(|amount| amount["after"].as_i64().unwrap() - amount["before"].as_i64().unwrap())
        .sum();
    assert_eq!(more, 1_000);
    assert_eq!(
        (&held["what"], &held["own"], &held["by"]),
        (&json!("lock"), &json!(false), &json!("Planner"))
    );
    let hold = &held["holds"][0];
    assert_eq!(
        (&hold["row"], &hold["period"], &hold["locked_by"]),
        (&json!(before.row), &json!("2018-02"), &json!("Planner"))
    );

    // Page by page it is the same.
    let mut since = head;
    for expected in commands {
        let page = draft.commands(&format!("?since={since}&most=1")).await.json();
        assert_eq!(page["commands"], json!([expected]));
        since += 1;
        let next = if since == head + 2 {
            Value::Null
        } else {
            json!(since)
        };
        assert_eq!(page["next"], next);
    }
    let none = draft.commands(&format!("?since={}", head + 2)).await.json();
    assert_eq!(none["commands"], json!([]));

    for (query, code) in [
        (format!("?since={}", head + 3), "beyond_head"),
        ("?since=yesterday".to_owned(), "bad_page"),
        ("?most=0".to_owned(), "bad_page"),
        ("?most=101".to_owned(), "bad_page"),
        ("?after=1".to_owned(), "bad_page"),
    ] {
        let wrong = draft.commands(&query).await;
        assert_eq!(refusal(&wrong), refused(StatusCode::BAD_REQUEST, code), "{query}");
    }
    let unknown = format!("/api/v1/versions/{NOBODY_S}/commands");
    assert_eq!(draft.program.get(&unknown).await.status, StatusCode::NOT_FOUND);
    let path = format!("/api/v1/versions/{}/commands", draft.version);
    let manager = draft.house.client(Who::Manager).get(&path).await;
    assert_eq!(
        manager.status,
        StatusCode::NOT_FOUND,
        "of others it tells nothing"
    );
}
