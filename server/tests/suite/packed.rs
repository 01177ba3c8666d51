//! Answers that travel packed: what the server writes, the browser reads.

use app::error::AppError;
use app::home::bookings::Bookings;
use app::home::in_work::InWork;
use app::session::Who as Looking;
use app::track::Drawn;
use axum::http::StatusCode;
use domain::calendar::{Day, Period, PeriodKind};
use domain::metric::Source;
use domain::money::{Currency, Minor};
use domain::split::Joining;
use domain::track::{RecordRow, Records};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use server_fn::codec::PostcardEncoding;
use server_fn::{Decodes, Encodes};

use crate::client::Client;
use crate::house::{House, Who};

/// Asks a server function, and reads its answer as the browser does; written again, it is the same.
async fn told<T: Serialize + DeserializeOwned>(
    client: &Client,
    function: &str,
    body: serde_json::Value,
) -> T {
    let answer = client.post_json(&format!("/api/app/{function}"), &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{function}");
    let told: T = PostcardEncoding::decode(answer.body.clone()).expect(function);
    assert_eq!(
        PostcardEncoding::encode(&told).unwrap(),
        answer.body,
        "{function}"
    );
    told
}

#[tokio::test]
async fn packed_answers_are_read_as_they_were_written() {
    let house = House::start().await;
    let planner = house
        .client(Who::Planner)
        .with("accept", "application/x-postcard");
    let looking: Looking = told(&planner, "session/who", json!({})).await;
    assert!(matches!(looking, Looking::Known { .. }), "{looking:?}");
    let drawn: Drawn = told(
        &planner,
        "track/board",
        json!({"query": {"period": "2018-Q1", "by": "member"}}),
    )
    .await;
    assert!(!drawn.board.rows.is_empty(), "a board without rows reads nothing");
    let bookings: Bookings = told(&planner, "home/bookings", json!({})).await;
    assert!(!bookings.chart.option.is_empty());
    let _none: Option<InWork> = told(&planner, "home/in_work", json!({})).await;
    let _none: Records = told(
        &planner,
        "track/records",
        json!({"query": {"board": {}, "dimension": "month", "key": "2018-01"}}),
    )
    .await;
}

/// The grid of a plan comes as columns, and compressed to whoever can read that.
#[tokio::test]
async fn an_open_grid_is_read_as_it_was_written() {
    let house = House::start().await;
    let version = house.draft().await;
    let planner = || {
        house
            .client(Who::Planner)
            .with("accept", "application/x-postcard")
    };
    let ask = json!({"version": version});
    let answer = planner().post_json("/api/app/split/open", &ask).await;
    assert_eq!(answer.status, StatusCode::OK);
    let mut joining = Joining::new(|front| PostcardEncoding::decode(front.to_vec().into()).ok());
    joining.push(&answer.body).unwrap();
    let rows = joining.rows().unwrap();
    assert!(!joining.opening().unwrap().rows.is_empty());
    let open = joining.finish().unwrap().unwrap();
    assert_eq!(rows, (open.grid.shape().len(), open.grid.shape().len()));
    assert_eq!(open.version, version);
    assert_eq!(open.grid.check(), Ok(()));
    assert!(open.grid.shape().len() > 1 && !open.bases.is_empty());
    let packed = planner()
        .with("accept-encoding", "br")
        .post_json("/api/app/split/open", &ask)
        .await;
    assert_eq!(packed.header("content-encoding"), "br");
    assert!(packed.body.len() < answer.body.len());
    let names: Vec<Vec<String>> = told(
        &planner(),
        "split/names",
        json!({"version": version, "top": 0, "pages": [0, 1]}),
    )
    .await;
    let shape = open.grid.shape();
    let rows: Vec<&str> = shape.nodes().map(|node| shape.name(node)).collect();
    assert_eq!(names.len(), 2);
    assert_eq!(names[0], rows);
    assert!(names[1].is_empty(), "a page behind the last row");
}

/// The company of these tests has no deals; a list of some is written and read here.
#[test]
fn packed_deals_are_read_as_they_were_written() {
    let records = Records {
        of: "Moses Frase".to_owned(),
        period: Period {
            kind: PeriodKind::Month,
            name: "2018-02".to_owned(),
            start: Day::parse_iso("2018-02-01").unwrap(),
            end: Day::parse_iso("2018-03-01").unwrap(),
        },
        since: Day::parse_iso("2017-01-01"),
        currency: Currency::from_code("CNY").unwrap(),
        count: 2,
        sum: Minor(-700),
        rows: vec![RecordRow {
            external_id: "1C1I7A6R".to_owned(),
            account: Some("远大".to_owned()),
            product: None,
            products: 2,
            member: "Moses Frase".to_owned(),
            closed_on: Day::parse_iso("2018-02-15").unwrap(),
            amount: Minor(i64::MIN),
        }],
        source: Source::Orders,
    };
    let written = PostcardEncoding::encode(&records).unwrap();
    let read: Records = PostcardEncoding::decode(written).unwrap();
    assert_eq!(read, records);
}

#[tokio::test]
async fn a_refusal_is_read_as_it_was_written() {
    let house = House::start().await;
    let nobody = house
        .client(Who::Anonymous)
        .with("accept", "application/x-postcard");
    let answer = nobody.post_json("/api/app/home/bookings", &json!({})).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let refused: AppError = PostcardEncoding::decode(answer.body).unwrap();
    assert_eq!(refused, AppError::SignIn);
}
