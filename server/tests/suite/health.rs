//! Alive and ready.

use crate::client::Client;
use crate::house::House;
use axum::http::StatusCode;

#[tokio::test]
async fn alive_without_a_database_and_ready_with_one() {
    let (operations, router, _folder) = House::empty().await;
    let client = Client::new(router);
    assert_eq!(client.get("/healthz").await.status, StatusCode::OK);
    assert_eq!(client.get("/readyz").await.status, StatusCode::OK);
    operations.database.clone().close().await.unwrap();
    assert_eq!(client.get("/healthz").await.status, StatusCode::OK);
    assert_eq!(
        client.get("/readyz").await.status,
        StatusCode::SERVICE_UNAVAILABLE
    );
}
