//! Uploads that are not what they should be leave nothing on the disk.

use std::path::Path;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{Method, StatusCode};
use futures::{StreamExt, stream};

use crate::client::Client;
use crate::house::{House, Who};

const PATH: &str = "/api/v1/imports";
const KIND: &str = "multipart/form-data; boundary=edge";
const FILE: &str = "--edge\r\ncontent-disposition: form-data; name=\"file\"; filename=\"deals.csv\"\r\n\r\n";

/// The files of uploads.
fn files(folder: &Path) -> usize {
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

/// A form whose file has begun and does not end; then comes what `after` says.
fn half(after: impl stream::Stream<Item = Result<Bytes, std::io::Error>> + Send + 'static) -> Body {
    let row = "A1,王海涛,Won,2017-01-05,2017-03-01,1000\n";
    let begun = Bytes::from(format!("{FILE}{}", row.repeat(20_000)));
    Body::from_stream(stream::once(async move { Ok(begun) }).chain(after))
}

async fn upload(client: &Client, body: Body) -> StatusCode {
    client.call(Method::POST, PATH, KIND, body).await.status
}

#[tokio::test]
async fn an_upload_that_breaks_off_leaves_no_file() {
    let house = House::start().await;
    let client = house.client(Who::TokenImport);
    let folder = house.operations.import_folder();

    // The connection ends with an error, in the middle of the file or between two parts.
    let reset = || stream::once(async { Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset)) });
    assert_eq!(upload(&client, half(reset())).await, StatusCode::BAD_REQUEST);
    let ended = stream::once(async { Ok(Bytes::from_static(b"\r\n--edge\r\n")) });
    assert_eq!(
        upload(&client, half(ended.chain(reset()))).await,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(files(&folder), 0);

    // The client goes and the server lets go of the request wherever it is.
    let mut waiting = Box::pin(upload(&client, half(stream::pending())));
    while files(&folder) == 0 {
        let more = tokio::time::timeout(Duration::from_millis(10), &mut waiting).await;
        assert!(more.is_err(), "the upload is not at its end");
    }
    drop(waiting);
    assert_eq!(files(&folder), 0);
}

#[tokio::test]
async fn a_form_that_is_refused_leaves_no_file() {
    let house = House::start().await;
    let client = house.client(Who::TokenImport);
    let folder = house.operations.import_folder();
    let rest = "\r\n--edge\r\ncontent-disposition: form-data; name=\"colour\"\r\n\r\nred\r\n--edge--\r\n";
    let body = Body::from(format!("{FILE}opportunity_id\nA1\n{rest}"));
    assert_eq!(upload(&client, body).await, StatusCode::BAD_REQUEST);
    assert_eq!(files(&folder), 0);
}
