//! The stream of changes: begins with where things stand, tells this and another process's writes, and ends.

use std::time::Duration;

use crate::client::Client;
use crate::house::{House, Who};
use axum::body::{Body, BodyDataStream};
use axum::http::{Method, StatusCode};
use domain::calendar::Day;
use futures::StreamExt;
use operations::{Database, Operations};
use serde_json::{Value, json};
use tokio::time::timeout;

/// An open stream.
struct Stream {
    body: BodyDataStream,
    heard: String,
}

impl Stream {
    async fn open(client: &Client) -> Self {
        let answer = client.open(Method::GET, "/events", "", Body::empty()).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert!(
            answer.headers()["content-type"]
                .to_str()
                .unwrap()
                .starts_with("text/event-stream")
        );
        Self {
            body: answer.into_body().into_data_stream(),
            heard: String::new(),
        }
    }

    /// The next message's data; nothing when the stream has ended.
    async fn next(&mut self) -> Option<Value> {
        loop {
            while let Some((message, rest)) = self.heard.split_once("\n\n") {
                let data = message
                    .lines()
                    .find_map(|line| line.strip_prefix("data:"))
                    .map(|data| data.trim().to_owned());
                self.heard = String::from(rest);
                if let Some(data) = data {
                    return Some(serde_json::from_str(&data).unwrap());
                }
            }
            let piece = timeout(Duration::from_secs(10), self.body.next())
                .await
                .expect("nothing was heard for 10 s")?;
            self.heard.push_str(&String::from_utf8_lossy(&piece.unwrap()));
        }
    }
}

async fn listening() -> House {
    let house = House::start().await;
    let (events, operations, shutdown) = (
        house.state.events.clone(),
        house.operations.clone(),
        house.state.shutdown.clone(),
    );
    tokio::spawn(async move { events.run(operations, shutdown).await });
    house
}

#[tokio::test]
async fn a_stream_begins_with_the_state_and_hears_every_process() {
    let house = listening().await;
    let mut planner = Stream::open(&house.client(Who::Planner)).await;
    let hello = planner.next().await.unwrap();
    assert_eq!(hello["build"], house.state.site.build());
    assert!(hello["seq"].as_i64().unwrap() > 0);
    assert!(hello["business_date"].as_str().unwrap().len() == 10);

    // This process.
    let day = Day::from_ymd(2018, 2, 15);
    house
        .operations
        .set_business_date(&house.scope, day)
        .await
        .unwrap();
    assert_eq!(planner.next().await.unwrap()["type"], "business_date_changed");

    // Another one, with connections of its own.
    let other = Operations::new(Database::open(&house.database_url()).await.unwrap());
    let scope = other.system_scope("another process").await.unwrap();
    other.set_business_date(&scope, None).await.unwrap();
    assert_eq!(planner.next().await.unwrap()["type"], "business_date_changed");
}

#[tokio::test]
async fn a_stream_ends_with_the_access_and_with_the_server() {
    let house = listening().await;
    let mut planner = Stream::open(&house.client(Who::Planner)).await;
    let mut rep = Stream::open(&house.client(Who::Rep)).await;
    planner.next().await.unwrap();
    rep.next().await.unwrap();

    let users = house.operations.users(&house.scope).await.unwrap();
    let id = users
        .iter()
        .find(|user| user.email == "rep@attain.test")
        .unwrap()
        .id;
    let disabled = domain::people::Access::Disabled;
    house
        .operations
        .set_access(&house.scope, id, disabled)
        .await
        .unwrap();
    assert!(rep.next().await.is_none());
    assert_eq!(planner.next().await.unwrap()["type"], "people_changed");

    house.state.shutdown.begin();
    assert!(planner.next().await.is_none());
}

#[tokio::test]
async fn a_notice_is_heard_by_whom_it_is_for() {
    let house = listening().await;
    let mut rep = Stream::open(&house.client(Who::Rep)).await;
    let mut planner = Stream::open(&house.client(Who::Planner)).await;
    rep.next().await.unwrap();
    planner.next().await.unwrap();
    house.published().await;
    for (stream, told) in [
        (&mut rep, vec![json!({ "type": "notices_changed" })]),
        (&mut planner, Vec::new()),
    ] {
        let mut heard = Vec::new();
        loop {
            let event = stream.next().await.unwrap();
            if event["type"] == "published" {
                break;
            }
            heard.push(event);
        }
        heard.retain(|event| event["type"] == "notices_changed");
        assert_eq!(heard, told, "and nobody is told who else");
    }
}

#[tokio::test]
async fn only_who_is_signed_in_may_listen() {
    let house = House::start().await;
    for who in [Who::Anonymous, Who::Disabled, Who::TokenRead] {
        assert_eq!(
            house.client(who).get("/events").await.status,
            StatusCode::UNAUTHORIZED,
            "{who:?}"
        );
    }
}
