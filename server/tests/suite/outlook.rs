//! Outlooks and market factors for programs; files beside an entry: in by a form, out to be saved and never shown.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use domain::import::Kind;

use crate::history;
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
    for bad in [
        "?period=never",
        "?period=9999",
        "?period=0001",
        "?nonsense=1",
        "?node=x",
        "?version=x",
    ] {
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

#[tokio::test]
async fn a_factor_may_be_about_what_is_sold() {
    let house = House::start().await;
    let products = "product name,category\nBike,Vehicles\nHelmet,Gear\n";
    let mut orders = "order id,member,order date,product,channel,amount\n".to_owned();
    for month in 1..=12 {
        for (what, how, amount) in [("Bike", "Web", 250), ("Helmet", "Shop", 750)] {
            orders += &format!("{what}-{month},林岚,2017-{month:02}-28,{what},{how},{amount}\n");
        }
    }
    orders += "first,林岚,2017-01-02,,,1\n";
    history::import(&house.operations, &house.scope, Kind::Products, products).await;
    history::import(&house.operations, &house.scope, Kind::Orders, &orders).await;
    let planner = house.client(Who::Planner).with("accept", "application/json");
    let things = planner.get("/api/v1/factors/things").await.json();
    let id = |kind: &str, name: &str| {
        let things = things.as_array().unwrap();
        let found = things
            .iter()
            .find(|thing| thing["kind"] == kind && thing["name"] == name);
        found.unwrap_or_else(|| panic!("{name} in {things:?}"))["id"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let body = |about: &str| {
        format!(
            r#"{{"kind":"price","name":"Price","from":"2018-01-01","to":"2019-01-01","percent":1000,"weight":100,"source":"list",{about}}}"#
        )
    };
    let enter = async |about: String| {
        planner
            .call(
                Method::POST,
                "/api/v1/factors?period=2018",
                "application/json",
                Body::from(body(&about)),
            )
            .await
    };
    let bike = id("product", "Bike");
    let made = enter(format!("\"product\":\"{bike}\"")).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let made = made.json();
    assert_eq!(
        (&made["product"], &made["of_name"]),
        (&bike.clone().into(), &"Bike".into())
    );
    assert!(made["channel"].is_null() && made["category"].is_null());
    let outlook = planner.get("/api/v1/outlook?period=2018").await.json();
    let step = &outlook["detail"]["factors"][0];
    // A quarter, but for the one unit that is of no product.
    assert!((step["share"].as_f64().unwrap() - 0.25).abs() < 0.001, "{step}");
    // Changed to a category, and to a channel.
    let factor = made["id"].as_str().unwrap();
    for (kind, name) in [("category", "Vehicles"), ("channel", "Web")] {
        let about = format!("\"{kind}\":\"{}\"", id(kind, name));
        let changed = planner
            .call(
                Method::PUT,
                &format!("/api/v1/factors/{factor}?period=2018"),
                "application/json",
                Body::from(body(&about)),
            )
            .await;
        assert_eq!(changed.status, StatusCode::OK, "{}", changed.text());
        let list = planner.get("/api/v1/factors?period=2018").await.json();
        assert_eq!(list[0]["of_name"], name);
        assert!(
            list[0]["product"].is_null() && list[0][kind].is_string(),
            "{list}"
        );
    }
    // What is not there, and more than one thing at once.
    let nobody = "0190c0de-0000-7000-8000-000000000000";
    for kind in ["product", "category", "channel"] {
        let refused = enter(format!("\"{kind}\":\"{nobody}\"")).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "{kind}");
    }
    let both = enter(format!(
        "\"product\":\"{bike}\",\"channel\":\"{}\"",
        id("channel", "Web")
    ))
    .await;
    assert_eq!(both.status, StatusCode::BAD_REQUEST);
    assert_eq!(both.json()["error"]["code"], "one_thing");
}
