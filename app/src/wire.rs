//! How data travels inside a page: JSON, read the way the answers of server functions are read.

use codee::{Decoder, Encoder};
use leptos::prelude::Resource;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The codec of everything the server puts into a page. It reads bytes, as `server_fn` does: a second way of reading would
/// be a second copy of every type's reader in the browser's program.
#[derive(Clone, Copy, Debug)]
pub struct Wire;

impl<T: Serialize> Encoder<T> for Wire {
    type Encoded = String;
    type Error = serde_json::Error;

    fn encode(value: &T) -> Result<String, serde_json::Error> {
        serde_json::to_string(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for Wire {
    type Encoded = str;
    type Error = serde_json::Error;

    fn decode(text: &str) -> Result<T, serde_json::Error> {
        serde_json::from_slice(text.as_bytes())
    }
}

/// Data that the server puts into the page and the browser fetches again when its source changes.
pub type Fetched<T> = Resource<T, Wire>;

/// Fetches data for what the source says, now and whenever that changes.
pub(crate) fn fetch<S, T, Fut>(
    source: impl Fn() -> S + Send + Sync + 'static,
    fetcher: impl Fn(S) -> Fut + Send + Sync + 'static,
) -> Fetched<T>
where
    S: Send + Sync + Clone + PartialEq + 'static,
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    Fut: Future<Output = T> + Send + 'static,
{
    Resource::new_with_options(source, fetcher, false)
}
