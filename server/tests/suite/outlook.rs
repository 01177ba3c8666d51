//! Outlooks and market factors for programs; files beside an entry: in by a form, out to be saved and never shown.

use axum::body::Body;
use axum::http::{Method, StatusCode};

use crate::house::{House, Who};

fn form(name: &str, content: &str) -> String {
    format!(
        "--part\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n{content}\r\n--part--\r\n"
    )
}

#[tokio::test]
async fn a_report_comes_back_to_be_saved() {
    let house = House::start().await;
    let planner = house.client(Who::Planner).with("accept", "application/json");
    let send = async |name: &str, content: &str| {
        let kind = "multipart/form-data; boundary=part";
        planner
            .call(
                Method::POST,
                "/api/v1/attachments",
                kind,
                Body::from(form(name, content)),
            )
            .await
    };
    let sent = send("行业 \u{202e}报告.txt", "<script>alert(1)</script>").await;
    assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text());
    let id = sent.json()["id"].as_str().unwrap().to_owned();
    let back = planner.get(&format!("/api/v1/attachments/{id}")).await;
    assert_eq!(back.status, StatusCode::OK);
    assert_eq!(back.text(), "<script>alert(1)</script>");
    assert_eq!(back.header("content-type"), "text/plain");
    assert_eq!(back.header("x-content-type-options"), "nosniff");
    let disposition = back.header("content-disposition");
    assert!(
        disposition.starts_with("attachment; filename=\""),
        "{disposition}"
    );
    assert!(
        disposition.contains("filename*=UTF-8''%E8%A1%8C"),
        "{disposition}"
    );

    let refused = send("page.html", "<script>").await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert_eq!(refused.json()["error"]["code"], "unknown_type");
    let large = send("large.txt", &"x".repeat(20 * 1024 * 1024 + 1)).await;
    assert_eq!(large.json()["error"]["code"], "too_large");
    let nothing = planner
        .call(
            Method::POST,
            "/api/v1/attachments",
            "multipart/form-data; boundary=part",
            Body::from("--part--\r\n"),
        )
        .await;
    assert_eq!(nothing.json()["error"]["code"], "no_file");
    let form = planner
        .call(Method::POST, "/api/v1/attachments", "text/plain", Body::from("x"))
        .await;
    assert_eq!(form.json()["error"]["code"], "no_file");
    // Nothing but the one file stays behind.
    let folder = house.operations.attachment_folder();
    let left: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(left, [id]);
}

#[tokio::test]
async fn an_outlook_is_told_with_its_factors() {
    let house = House::start().await;
    let planner = house.client(Who::Planner).with("accept", "application/json");
    let body = r#"{"kind":"policy","name":"Subsidy","from":"2018-01-01","to":"2019-01-01","percent":350,"weight":60,"source":"policy 41"}"#;
    let made = planner
        .call(
            Method::POST,
            "/api/v1/factors?period=2018",
            "application/json",
            Body::from(body),
        )
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let list = planner.get("/api/v1/factors?period=2018").await.json();
    assert_eq!(list[0]["percent"], 350);
    assert_eq!(list[0]["to"], "2019-01-01");
    let outlook = planner.get("/api/v1/outlook?period=2018").await;
    assert_eq!(outlook.status, StatusCode::OK, "{}", outlook.text());
    let outlook = outlook.json();
    assert_eq!(outlook["from"], "2018-01-01");
    assert!(outlook["branches"].as_array().unwrap().len() > 1);
    for bad in ["?period=never", "?nonsense=1", "?node=x", "?version=x"] {
        let answer = planner.get(&format!("/api/v1/outlook{bad}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{bad}");
    }
    let both = body.replace("\"weight\"", "\"amount\":1,\"weight\"");
    for bad in [both.as_str(), "{}", "", &body.replace("2019-01-01", "soon")] {
        let answer = planner
            .call(
                Method::POST,
                "/api/v1/factors?period=2018",
                "application/json",
                Body::from(bad.to_owned()),
            )
            .await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{bad}");
    }
}
