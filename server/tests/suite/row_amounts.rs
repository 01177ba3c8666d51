//! Amounts of rows as programs set, send, split and hold them.

mod steps;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use domain::id::{CommandId, MemberId, VersionId};
use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::house::{House, Who};

/// A draft as a program sees it.
struct Draft {
    house: House,
    version: VersionId,
    program: Client,
}

/// A row as it is.
struct Place {
    row: u64,
    total: i64,
    amounts: Vec<i64>,
}

impl Draft {
    async fn made() -> Self {
        let house = House::start().await;
        let version = house.draft().await;
        let program = house.client(Who::TokenPlan);
        Self {
            house,
            version,
            program,
        }
    }

    async fn rows(&self) -> Value {
        let path = format!("/api/v1/versions/{}/rows", self.version);
        let answer = self.program.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()
    }

    async fn head(&self) -> u64 {
        self.rows().await["head"].as_u64().unwrap()
    }

    /// The whole, or what somebody carries.
    async fn row(&self, member: Option<MemberId>) -> Place {
        let rows = self.rows().await;
        let rows = rows["rows"].as_array().unwrap();
        let row = match member {
            Some(member) => {
                let member = json!(member.to_string());
                rows.iter().find(|row| row["member"] == member).unwrap()
            }
            None => &rows[0],
        };
        let amounts = row["amounts"].as_array().unwrap();
        Place {
            row: row["row"].as_u64().unwrap(),
            total: row["total"].as_i64().unwrap(),
            amounts: amounts.iter().map(|amount| amount.as_i64().unwrap()).collect(),
        }
    }

    async fn by(&self, client: &Client, method: Method, row: u64, what: &str, body: Value) -> Answer {
        let path = format!("/api/v1/versions/{}/rows/{row}/{what}", self.version);
        let body = Body::from(body.to_string());
        client.call(method, &path, "application/json", body).await
    }

    async fn ask(&self, method: Method, row: u64, what: &str, body: Value) -> Answer {
        self.by(&self.program, method, row, what, body).await
    }
}

fn done(answer: &Answer, head: u64) {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.json(), json!({ "head": head }));
}

/// Status and code of a refusal, which is told in both languages.
fn refusal(answer: &Answer) -> (StatusCode, String) {
    let error = &answer.json()["error"];
    assert_ne!(error["message_zh"], error["message_en"], "{error}");
    (answer.status, error["code"].as_str().unwrap().to_owned())
}

fn refused(status: StatusCode, code: &str) -> (StatusCode, String) {
    (status, code.to_owned())
}

#[tokio::test]
async fn a_program_sets_an_amount_and_is_told_what_is_in_the_way() {
    let draft = Draft::made().await;
    let (rep, whole) = (draft.house.rep, draft.row(None).await);
    let (before, head) = (draft.row(Some(rep)).await, draft.head().await);
    let set = async |body: Value| draft.ask(Method::PUT, before.row, "amount", body).await;

    let more = before.total + 1_000;
    done(&set(json!({ "amount": more, "head": head })).await, head + 1);
    let after = draft.row(Some(rep)).await;
    assert_eq!(after.total, more);
    assert_eq!(draft.row(None).await.total, whole.total, "the others gave");

    // A period keeps the total of its row.
    let first = after.amounts[0] + 200;
    let body = json!({ "amount": first, "period": "2018-01", "head": head + 1 });
    done(&set(body).await, head + 2);
    let row = draft.row(Some(rep)).await;
    assert_eq!((row.amounts[0], row.total), (first, more));

    // Nothing stays: what is above follows.
    let body = json!({ "amount": more + 300, "keep": "none", "head": head + 2 });
    done(&set(body).await, head + 3);
    assert_eq!(draft.row(None).await.total, whole.total + 300);

    let head = head + 3;
    for (body, expected) in [
        (
            json!({ "amount": -1, "head": head }),
            refused(StatusCode::CONFLICT, "plan_refuses"),
        ),
        (
            json!({ "amount": 5, "give": "hedge", "head": head }),
            refused(StatusCode::CONFLICT, "plan_refuses"),
        ),
        (
            json!({ "amount": 5, "period": "2019-01", "head": head }),
            refused(StatusCode::BAD_REQUEST, "unknown_period"),
        ),
        (
            json!({ "amount": 5, "head": head, "reason": "attain:agreed" }),
            refused(StatusCode::BAD_REQUEST, "reason_reserved"),
        ),
        (
            json!({ "amount": 5, "keep": "mood", "head": head }),
            refused(StatusCode::BAD_REQUEST, "body"),
        ),
        (json!({ "amount": 5 }), refused(StatusCode::BAD_REQUEST, "body")),
    ] {
        assert_eq!(refusal(&set(body.clone()).await), expected, "{body}");
    }
    let body = json!({ "amount": 5, "head": head });
    let nowhere = draft.ask(Method::PUT, 4_000, "amount", body).await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND, "{}", nowhere.text());
    assert_eq!(draft.head().await, head, "what was refused changed nothing");
}

#[tokio::test]
async fn an_amount_that_somebody_else_changed_is_not_overwritten() {
    let draft = Draft::made().await;
    let (row, head) = (draft.row(Some(draft.house.rep)).await, draft.head().await);
    let planner = draft.house.client(Who::Planner);
    let body = json!({ "amount": row.total + 1_000, "head": head });
    let theirs = draft.by(&planner, Method::PUT, row.row, "amount", body).await;
    done(&theirs, head + 1);
    let body = json!({ "amount": row.total - 1_000, "head": head });
    let stale = draft.ask(Method::PUT, row.row, "amount", body).await;
    assert_eq!(
        refusal(&stale),
        refused(StatusCode::CONFLICT, "changed_meanwhile")
    );
    let now = draft.row(Some(draft.house.rep)).await;
    assert_eq!(now.total, row.total + 1_000);
}

#[tokio::test]
async fn a_program_sends_and_splits_what_rows_have() {
    let draft = Draft::made().await;
    let (rep, sibling) = (Some(draft.house.rep), Some(draft.house.sibling));
    let (giver, getter, whole) = (
        draft.row(rep).await,
        draft.row(sibling).await,
        draft.row(None).await,
    );
    let head = draft.head().await;
    let send = async |body: Value| draft.ask(Method::POST, giver.row, "send", body).await;
    let body = json!({ "to": getter.row, "amount": 3_000, "head": head });
    done(&send(body).await, head + 1);
    let (less, more) = (draft.row(rep).await.total, draft.row(sibling).await.total);
    assert_eq!((less, more), (giver.total - 3_000, getter.total + 3_000));
    // The answer was lost, and it is sent again: half goes once.
    let key = CommandId(operations::clock::new_id()).to_string();
    let body = json!({ "to": getter.row, "share_ppm": 500_000, "head": head + 1, "key": key });
    done(&send(body.clone()).await, head + 2);
    done(&send(body).await, head + 2);
    assert_eq!(draft.row(rep).await.total, less - less / 2);
    assert_eq!(draft.row(None).await.amounts, whole.amounts);

    let head = head + 2;
    for (body, expected) in [
        (
            json!({ "to": giver.row, "amount": 1, "head": head }),
            refused(StatusCode::CONFLICT, "plan_refuses"),
        ),
        (
            json!({ "to": getter.row, "head": head }),
            refused(StatusCode::BAD_REQUEST, "bad_part"),
        ),
        (
            json!({ "to": getter.row, "amount": 1, "share_ppm": 1, "head": head }),
            refused(StatusCode::BAD_REQUEST, "bad_part"),
        ),
    ] {
        assert_eq!(refusal(&send(body.clone()).await), expected, "{body}");
    }

    let split = async |body: Value| draft.ask(Method::POST, 0, "split", body).await;
    let equally = json!([{ "basis": "equal", "share_ppm": 1_000_000 }]);
    done(&split(json!({ "bases": equally, "head": head })).await, head + 1);
    let (one, other) = (draft.row(rep).await.amounts, draft.row(sibling).await.amounts);
    assert!(one.iter().all(|amount| *amount > 0), "{one:?}");
    let mut both = one.iter().zip(&other);
    assert!(
        both.all(|(one, other)| (one - other).abs() <= 1),
        "{one:?} {other:?}"
    );
    assert_eq!(draft.row(None).await.amounts, whole.amounts);
    for (bases, code) in [
        (json!([]), "bad_shares"),
        (json!([{ "basis": "mood", "share_ppm": 1 }]), "unknown_basis"),
    ] {
        let body = json!({ "bases": bases, "head": head + 1 });
        assert_eq!(
            refusal(&split(body).await),
            refused(StatusCode::BAD_REQUEST, code)
        );
    }
    // Nobody stands below a person.
    let body = json!({ "bases": equally, "head": head + 1 });
    let below = draft.ask(Method::POST, giver.row, "split", body).await;
    assert_eq!(refusal(&below), refused(StatusCode::CONFLICT, "plan_refuses"));
}

#[tokio::test]
async fn what_a_program_holds_stays_until_it_is_released() {
    let draft = Draft::made().await;
    let (row, head) = (draft.row(Some(draft.house.rep)).await, draft.head().await);
    let hold = async |body: Value| draft.ask(Method::PUT, row.row, "hold", body).await;
    let set = async |amount: i64, head: u64| {
        let body = json!({ "amount": amount, "head": head });
        draft.ask(Method::PUT, row.row, "amount", body).await
    };
    done(&hold(json!({ "hold": "lock", "head": head })).await, head + 1);
    let locked = set(row.total + 1, head + 1).await;
    assert_eq!(refusal(&locked), refused(StatusCode::CONFLICT, "plan_refuses"));
    assert!(locked.text().contains("林岚"), "{}", locked.text());
    done(
        &hold(json!({ "hold": "unlock", "head": head + 1 })).await,
        head + 2,
    );

    let floor = json!({ "hold": "floor", "amount": row.total - 10, "head": head + 2 });
    done(&hold(floor).await, head + 3);
    let below = set(row.total - 11, head + 3).await;
    assert_eq!(refusal(&below), refused(StatusCode::CONFLICT, "plan_refuses"));
    done(&set(row.total - 10, head + 3).await, head + 4);
    // A cap that it exceeds already is none.
    let cap = json!({ "hold": "cap", "amount": row.total - 20, "head": head + 4 });
    assert_eq!(
        refusal(&hold(cap).await),
        refused(StatusCode::CONFLICT, "plan_refuses")
    );
    done(
        &hold(json!({ "hold": "floor", "head": head + 4 })).await,
        head + 5,
    );
    done(&set(row.total - 11, head + 5).await, head + 6);
}
