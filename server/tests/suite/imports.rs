//! Files handed in by the API: what is wrong with each is said in both languages, nothing of it is written, and the server goes
//! on.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::Value;

use crate::client::{Answer, Client};
use crate::house::{House, Who};

const BOUNDARY: &str = "attain-test-boundary";
const HEADINGS: &str =
    "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value";

/// A form with one file and other fields.
fn form(name: &str, content: &[u8], fields: &[(&str, &str)]) -> Vec<u8> {
    let mut form = Vec::new();
    for (field, value) in fields {
        form.extend_from_slice(
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n")
                .as_bytes(),
        );
    }
    form.extend_from_slice(
        format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        )
        .as_bytes(),
    );
    form.extend_from_slice(content);
    form.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    form
}

async fn post(client: &Client, name: &str, content: &[u8], fields: &[(&str, &str)]) -> Answer {
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let body = Body::from(form(name, content, fields));
    client.call(Method::POST, "/api/v1/imports", &kind, body).await
}

/// How an import ended, in the language of the client.
async fn ended(client: &Client, answer: &Answer) -> Value {
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text());
    let id = answer.json()["id"].as_str().unwrap().to_owned();
    for _ in 0..1_200 {
        let standing = client.get(&format!("/api/v1/imports/{id}")).await;
        assert_eq!(standing.status, StatusCode::OK);
        let standing = standing.json();
        if !["queued", "running"].contains(&standing["status"].as_str().unwrap()) {
            return standing;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("the import does not end");
}

/// The status, and the first thing that is wrong in English and in Chinese.
async fn said(
    house: &House,
    name: &str,
    content: &[u8],
    fields: &[(&str, &str)],
) -> (String, String, String) {
    let client = house.client(Who::TokenImport);
    let english = client.clone().with("accept-language", "en");
    let chinese = client.with("accept-language", "zh-CN");
    let answer = post(&english, name, content, fields).await;
    let standing = ended(&english, &answer).await;
    let status = standing["status"].as_str().unwrap().to_owned();
    let first = |standing: &Value| {
        standing["errors"][0]["reason"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    let id = standing["id"].as_str().unwrap();
    let again = chinese.get(&format!("/api/v1/imports/{id}")).await.json();
    (status, first(&standing), first(&again))
}

#[tokio::test]
async fn bad_files_say_what_they_are_and_leave_nothing() {
    let house = House::start().await;
    let before = kit::rows(&house.operations.database).await;
    let unclosed = format!("{HEADINGS}\nA1,林岚,\"GTX");
    let long = format!("{HEADINGS}\nA1,{}", "x".repeat(2 << 20));
    let many = format!("{}\n1\n", vec!["c"; 1_001].join(","));
    let renamed = format!("{HEADINGS}\nA1,林岚,,,Won,,2017-03-01,5\n");
    let twice = "opportunity_id,owner,sales_agent,stage,close date,amount\nA1,林岚,林岚,Won,2017-03-01,5\n";
    let twice_periods = "成员,2018-01,2018年1月\n林岚,1,2\n";
    let zeros = b"id,name\n"
        .iter()
        .copied()
        .chain([0; 4_096])
        .collect::<Vec<u8>>();
    let files: [(&str, &[u8], &str, &str); 13] = [
        ("photo.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "PNG", "PNG"),
        ("report.pdf", b"%PDF-1.7\n", "PDF", "PDF"),
        (
            "deals.xlsx",
            renamed.as_bytes(),
            "the content is CSV: rename it to end in .csv",
            "内容却是 CSV，请把文件名改成 .csv",
        ),
        (
            "book.xlsx",
            b"PK\x03\x04\x14\0\0\0 broken off",
            "incomplete or damaged",
            "不完整或已损坏",
        ),
        ("empty.csv", b"", "empty", "空"),
        (
            "heading.csv",
            HEADINGS.as_bytes(),
            "a header and no rows",
            "只有表头",
        ),
        ("cut.csv", unclosed.as_bytes(), "is not closed", "没有闭合"),
        ("long.csv", long.as_bytes(), "longer than 1 MB", "超过 1 MB"),
        ("wide.csv", many.as_bytes(), "columns", "列"),
        ("zeros.csv", &zeros, "binary", "binary"),
        (
            "twice.csv",
            twice.as_bytes(),
            "are both mapped to `member`",
            "都对应到“成员”",
        ),
        (
            "periods.csv",
            twice_periods.as_bytes(),
            "same period",
            "同一个周期",
        ),
        ("letters.csv", b"a,b,c\n1,2,3\n", "choose the kind", "请选择类型"),
    ];
    for (name, content, en, zh) in files {
        let (status, english, chinese) = said(&house, name, content, &[]).await;
        assert_eq!(status, "failed", "{name}: {english}");
        assert!(english.contains(en), "{name}: {english}");
        assert!(chinese.contains(zh), "{name}: {chinese}");
    }
    let mut after = kit::rows(&house.operations.database).await;
    // What remains tells of the import, and who started it is told.
    for of_imports in ["import", "outbox", "audit", "notice", "delivery", "job"] {
        after.remove(of_imports);
    }
    for (table, rows) in after {
        assert_eq!(before.get(&table), Some(&rows), "{table}");
    }
    let alive = house.client(Who::Anonymous).get("/healthz").await;
    assert_eq!(alive.status, StatusCode::OK);
}

#[tokio::test]
async fn an_option_that_cannot_be_heeded_is_refused_by_name() {
    let house = House::start().await;
    let client = house.client(Who::TokenImport).with("accept-language", "en");
    let content = format!("{HEADINGS}\nA1,林岚,,,Won,,2017-03-01,5\n");
    let aliases = [("options", r#"{"aliases":{"colour":{"red":"blue"}}}"#)];
    let answer = post(&client, "deals.csv", content.as_bytes(), &aliases).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let error = &answer.json()["error"];
    assert_eq!(error["code"], "unknown_alias_field");
    assert!(
        error["message"].as_str().unwrap().contains("\"colour\""),
        "{error}"
    );
    let sheet = [("options", r#"{"sheet":"Deals","dry_run":true}"#)];
    let (status, english, chinese) = said(&house, "deals.csv", content.as_bytes(), &sheet).await;
    assert_eq!(status, "failed");
    assert!(
        english.contains("sheet \"Deals\"") && chinese.contains("工作表“Deals”"),
        "{english} {chinese}"
    );
}

#[tokio::test]
async fn bad_rows_are_told_one_by_one() {
    let house = House::start().await;
    let forty = ",x".repeat(40);
    let rows = [
        ("A1,林岚,,,Wonn,,2017-03-01,5", "unknown stage", "未知的销售阶段"),
        (
            "A2,林岚,,,Won,2017-05-01,2017-03-01,5",
            "before it began",
            "早于开始日期",
        ),
        (
            "A3,林岚,,,Won,,2017-03-01,-5",
            "must not be negative",
            "不能为负数",
        ),
        (
            "A4,林岚,,,Won,,2017-03-01,99999999999999999",
            "absurdly large",
            "离谱",
        ),
        (
            "A0,林岚,,,Won,,2017-03-01,6",
            "duplicate of row 2",
            "与第 2 行重复",
        ),
        (
            "A5,无名氏,,,Won,,2017-03-01,5",
            "no member of this name",
            "找不到成员",
        ),
    ];
    let good = format!("{HEADINGS}\nA0,林岚,,,Won,,2017-03-01,\"￥１，２３４.5\"\n");
    let wide = format!("A6,林岚,,,Won,,2017-03-01,5{forty}");
    let wide = [(wide.as_str(), "48 cells", "48 个单元格")];
    for (row, en, zh) in rows.into_iter().chain(wide) {
        let content = format!("{good}{row}\n");
        let fields = [("kind", "opportunities"), ("options", "{\"dry_run\":true}")];
        let (status, english, chinese) = said(&house, "deals.csv", content.as_bytes(), &fields).await;
        assert_eq!(status, "done", "{row}: {english}");
        assert!(
            english.starts_with("Row 3") && english.contains(en),
            "{row}: {english}"
        );
        assert!(
            chinese.starts_with("第 3 行") && chinese.contains(zh),
            "{row}: {chinese}"
        );
    }
}

#[tokio::test]
async fn targets_are_imported_and_tell_where_they_are() {
    let house = House::start().await;
    let client = house.client(Who::Planner).with("accept-language", "en");
    let sheet = "成员,M01,M02,年份\n林岚,1.5,NULL,2018\n何经理,2,3,2018\n";
    let answer = post(
        &client,
        "targets.csv",
        sheet.as_bytes(),
        &[("options", "{\"unit\":\"thousand\"}")],
    )
    .await;
    let standing = ended(&client, &answer).await;
    assert_eq!(standing["status"], "done", "{standing}");
    assert_eq!(standing["counts"]["created"], 2, "{standing}");
    let landing = &standing["targets"][0];
    // A session of the browser: a draft, which the page links to.
    assert_eq!(
        (&landing["year"], &landing["status"]),
        (&"2018".into(), &"draft".into())
    );
    let version = landing["version"].as_str().unwrap();
    let id = standing["id"].as_str().unwrap();
    let page = client.get(&format!("/data/import?id={id}")).await.text();
    assert!(page.contains("data-landing=\"draft\""), "{page}");
    assert!(page.contains(&format!("/split?version={version}")), "{page}");

    let token = house.client(Who::TokenImport);
    let answer = post(
        &token,
        "targets.csv",
        sheet.as_bytes(),
        &[("options", "{\"unit\":1000}")],
    )
    .await;
    let standing = ended(&token, &answer).await;
    assert_eq!(
        standing["targets"][0]["withheld"]["code"], "not_allowed",
        "{standing}"
    );
    assert_eq!(standing["counts"]["unchanged"], 2, "the draft says the same");

    let answer = post(
        &client,
        "targets.csv",
        sheet.as_bytes(),
        &[("options", "{\"unit\":1000,\"publish\":true}")],
    )
    .await;
    let standing = ended(&client, &answer).await;
    assert_eq!(standing["targets"][0]["status"], "published", "{standing}");
    let attainment = client
        .get("/api/v1/attainment?metric=bookings&from=2018-01-01&to=2018-02-01&by=member")
        .await
        .json();
    let rows = attainment["rows"].as_array().unwrap();
    let of = |name: &str| {
        let row = rows.iter().find(|row| row["keys"]["member"]["name"] == name);
        row.map(|row| row["target"].clone())
    };
    assert_eq!(of("林岚"), Some(150_000.into()));
    let unknown = post(
        &client,
        "targets.csv",
        sheet.as_bytes(),
        &[("options", "{\"units\":1000}")],
    )
    .await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
    assert!(unknown.text().contains("units"), "{}", unknown.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_page_counts_what_changes_and_names_what_is_undone() {
    let house = House::start().await;
    let client = house.client(Who::Planner).with("accept-language", "zh-CN");
    let page = async |standing: &Value| {
        let id = standing["id"].as_str().unwrap();
        client.get(&format!("/data/import?id={id}")).await.text()
    };
    let dry = [("options", "{\"dry_run\":true}")];
    let products = "product,series\nWidget,W\nGadget,G\n".as_bytes();
    let answer = post(&client, "products.csv", products, &dry).await;
    let text = page(&ended(&client, &answer).await).await;
    assert!(text.contains("提交 2 行"), "{text}");
    let answer = post(&client, "products.csv", products, &[]).await;
    let written = ended(&client, &answer).await;
    let more = "product,series\nWidget,W\nGadget,G\nGizmo,G\n".as_bytes();
    let answer = post(&client, "products.csv", more, &dry).await;
    let text = page(&ended(&client, &answer).await).await;
    assert!(text.contains("提交 1 行"), "two rows stay as they are: {text}");
    let answer = post(&client, "products.csv", products, &dry).await;
    let text = page(&ended(&client, &answer).await).await;
    assert!(!text.contains("提交 "), "nothing would change: {text}");

    let answer = post(&client, "broken.csv", b"%PDF-1.7 and so on", &dry).await;
    let text = page(&ended(&client, &answer).await).await;
    assert!(
        !text.contains("data-count=\"rejected\"") && text.contains("还没有逐格检查"),
        "{text}"
    );

    let id = written["id"].as_str().unwrap().parse().unwrap();
    let undo = house.operations.undo_import(&house.scope, id).await.unwrap();
    assert_eq!(undo.names, ["products.csv"]);
    let text = client.get("/data/import").await.text();
    assert!(text.contains("撤销：products.csv"), "{text}");
    let id = undo.id;
    let text = client.get(&format!("/data/import?id={id}")).await.text();
    assert!(
        text.contains("data-undo=\"done\"")
            && text.contains("它新建的 2 行已移除")
            && !text.contains("data-count"),
        "what was taken back, and no figures of zero: {text}"
    );
    assert!(!text.contains("请留意"), "{text}");
}
