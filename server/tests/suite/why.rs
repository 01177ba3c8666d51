//! Why a number is what it is, as programs read it.

use axum::http::StatusCode;
use domain::id::VersionId;
use domain::money::Minor;
use domain::plan::{Give, Keep, NodeIndex, PlanCommand};
use domain::reason::OwnReason;
use domain::split::Insist;
use serde_json::{Value, json};

use crate::house::{House, Who};

/// Gives the row more, for a reason.
async fn give_more(house: &House, version: VersionId, row: &Value, base: u64, more: i64, reason: &str) {
    let planner = house.signed_in(Who::Planner).await;
    let node = u32::try_from(row["row"].as_u64().unwrap()).unwrap();
    let command = PlanCommand::Set {
        node: NodeIndex(node),
        period: None,
        amount: Minor(row["total"].as_i64().unwrap() + more),
        keep: Keep::Column,
        give: Give::Siblings,
        reason: Some(reason.to_owned()),
    };
    let applied = house
        .operations
        .apply(&planner, version, base, command, Insist::Ask)
        .await
        .unwrap();
    assert_eq!((applied.refused, applied.head), (None, base + 1));
}

#[tokio::test]
async fn a_program_is_told_the_reason_of_a_change_in_words_and_by_a_code() {
    let house = House::start().await;
    let version = house.draft().await;
    let program = house.client(Who::TokenPlan);
    let rows = program
        .get(&format!("/api/v1/versions/{version}/rows"))
        .await
        .json();
    let head = rows["head"].as_u64().unwrap();
    let of_rep = json!(house.rep.to_string());
    let rows = rows["rows"].as_array().unwrap();
    let row = rows.iter().find(|row| row["member"] == of_rep).unwrap();
    give_more(&house, version, row, head, 1_000, &OwnReason::Pasted.stored()).await;
    give_more(&house, version, row, head + 1, 1_500, "a key account").await;

    let why = async |language: &str| {
        let asked = program.clone().with("accept-language", language);
        let answer = asked
            .get(&format!("/api/v1/versions/{version}/why?row={}", row["row"]))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        assert!(!answer.text().contains("attain:"), "{}", answer.text());
        answer.json()
    };
    for (language, words) in [
        ("zh-CN,zh;q=0.9", "从表格粘贴"),
        ("en", "Pasted from a spreadsheet"),
    ] {
        let told = why(language).await;
        let steps = told["steps"].as_array().unwrap();
        let sum: i64 = steps.iter().map(|step| step["amount"].as_i64().unwrap()).sum();
        assert_eq!(told["amount"], json!(sum));
        let changes: Vec<&Value> = steps.iter().filter(|step| step["kind"] == "change").collect();
        let [pasted, written] = changes[..] else {
            panic!("{told}")
        };
        assert_eq!(
            (&pasted["amount"], &pasted["reason"]),
            (&json!(1_000), &json!(words))
        );
        assert_eq!(
            (&pasted["reason_code"], &pasted["reason_zh"], &pasted["reason_en"]),
            (
                &json!("pasted"),
                &json!("从表格粘贴"),
                &json!("Pasted from a spreadsheet")
            )
        );
        assert_eq!(written["amount"], json!(500));
        for name in ["reason", "reason_zh", "reason_en"] {
            assert_eq!(written[name], json!("a key account"), "{name}");
        }
        assert_eq!(written["reason_code"], Value::Null);
        // What has no reason says nothing of one.
        let based = steps.iter().find(|step| step["kind"] != "change").unwrap();
        assert_eq!(based.get("reason_zh"), None);
    }
}

#[tokio::test]
async fn a_program_asks_why_another_figure_of_a_row_is_what_it_is() {
    let house = House::start().await;
    let version = house.draft().await;
    let program = house.client(Who::TokenPlan);
    let path = format!("/api/v1/versions/{version}");
    let head = program.get(&format!("{path}/rows")).await.json()["head"].as_u64();
    let planner = house.signed_in(Who::Planner).await;
    let command = PlanCommand::OverAssign {
        node: NodeIndex(0),
        uplift_ppm: vec![100_000],
        reason: Some("to be safe".to_owned()),
    };
    let applied = house
        .operations
        .apply(&planner, version, head.unwrap(), command, Insist::Ask)
        .await
        .unwrap();
    assert_eq!(applied.refused, None);
    let told = program.get(&format!("{path}/why?row=0&of=hedge")).await;
    assert_eq!(told.status, StatusCode::OK, "{}", told.text());
    let told = told.json();
    let steps = told["steps"].as_array().unwrap();
    let sum: i64 = steps.iter().map(|step| step["amount"].as_i64().unwrap()).sum();
    assert!(sum > 0, "{told}");
    assert_eq!(told["amount"], json!(sum));
    let because = |step: &Value| step["kind"] == "change" && step["reason"] == "to be safe";
    assert!(steps.iter().any(because), "{told}");
    // The amount itself is another figure.
    let amount = program.get(&format!("{path}/why?row=0")).await.json();
    assert_eq!(amount["amount"], json!(9_000_000));
    for wrong in ["of=mood", "of=line", "of=hedge&key=rest"] {
        let answer = program.get(&format!("{path}/why?row=0&{wrong}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{wrong}");
        assert_eq!(answer.json()["error"]["code"], json!("unknown_figure"), "{wrong}");
    }
}
