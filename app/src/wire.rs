//! How data travels inside a page: packed where everybody loads it first, as JSON elsewhere.

use codee::{Decoder, Encoder};
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Data packed field by field without names (postcard), as the answers of the server functions that say
/// `output = Postcard`: its reader is a small part of JSON's, and on the way to the first board nothing else is read.
///
/// A packed type must say everything in its fields' order: no `tag`, `untagged`, `flatten` or `skip_serializing_if`. The
/// tests of the packed answers write and read each of them.
#[derive(Clone, Copy, Debug)]
pub struct Packed;

impl<T: Serialize> Encoder<T> for Packed {
    type Encoded = Vec<u8>;
    type Error = postcard::Error;

    fn encode(value: &T) -> Result<Vec<u8>, postcard::Error> {
        postcard::to_allocvec(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for Packed {
    type Encoded = [u8];
    type Error = postcard::Error;

    fn decode(bytes: &[u8]) -> Result<T, postcard::Error> {
        postcard::from_bytes(bytes)
    }
}

/// The codec of everything else the server puts into a page. It reads bytes, as `server_fn` does: a second way of reading would
/// be a second copy of every type's reader in the browser's program.
#[derive(Clone, Copy, Debug)]
pub struct AsJson;

impl<T: Serialize> Encoder<T> for AsJson {
    type Encoded = String;
    type Error = serde_json::Error;

    fn encode(value: &T) -> Result<String, serde_json::Error> {
        serde_json::to_string(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for AsJson {
    type Encoded = str;
    type Error = serde_json::Error;

    fn decode(text: &str) -> Result<T, serde_json::Error> {
        serde_json::from_slice(text.as_bytes())
    }
}

/// Data that the server puts into the page and the browser fetches again when its source changes.
pub type Fetched<T, Codec = AsJson> = Resource<T, Codec>;

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

/// The same for data that travels packed.
pub(crate) fn fetch_packed<S, T, Fut>(
    source: impl Fn() -> S + Send + Sync + 'static,
    fetcher: impl Fn(S) -> Fut + Send + Sync + 'static,
) -> Fetched<T, Packed>
where
    S: Send + Sync + Clone + PartialEq + 'static,
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    Fut: Future<Output = T> + Send + 'static,
{
    Resource::new_with_options(source, fetcher, false)
}

/// What is seen of fetched data; belongs into a `Suspense` or `Transition`.
///
/// On the server the page waits for the data. In the browser the view is made anew when *other data have come*, at once: a
/// `Suspend` that is awaited again lets go of everything the old view owns while the old view still stands, and what is fetched
/// inside of it is then awaited once more though it is gone, which stops the browser's program.
///
/// What comes while a dialog is open, or while somebody writes (`ui::hold_while`), is shown afterwards: both may stand inside of
/// the view.
pub(crate) fn loaded<T, Codec, V>(
    data: Fetched<T, Codec>,
    view: impl Fn(T) -> V + Clone + Send + Sync + 'static,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    Codec: Send + Sync + 'static,
    V: IntoView + 'static,
{
    #[cfg(feature = "hydrate")]
    let view = {
        let shown = shown(move || {
            data.track();
            data.try_with_untracked(Option::is_some) == Some(true)
        });
        move || {
            // Read, and not only tracked: a memo that nobody reads does not begin to follow anything.
            let _seen = shown.get();
            // Reading tells the `Suspense` around, which asks whether the data are ready, and that follows them besides.
            untrack(|| data.try_get_untracked()).flatten().map(&view)
        }
    };
    #[cfg(feature = "hydrate")]
    return view;
    #[cfg(not(feature = "hydrate"))]
    move || {
        let view = view.clone();
        Suspend::new(async move { view(data.await) })
    }
}

/// Counts what has come and may be seen, and says whether there is anything: while a dialog is open it stands still, once there is.
/// `came` follows the data and says whether they are there.
#[cfg(feature = "hydrate")]
fn shown(came: impl Fn() -> bool + Send + Sync + 'static) -> Memo<(u64, bool)> {
    let all = Memo::new(move |before: Option<&(u64, bool)>| {
        let there = came();
        (before.map_or(0, |(count, _)| count + 1), there)
    });
    let Some(held) = crate::ui::dialog_is_open() else {
        return all;
    };
    Memo::new(move |before: Option<&(u64, bool)>| {
        let all = all.get();
        before
            .copied()
            .filter(|(_, there)| *there && held.get())
            .unwrap_or(all)
    })
}

/// Sends a form with files to an address of the REST interface and reads its answer.
#[cfg(feature = "hydrate")]
pub(crate) async fn post_form<T: DeserializeOwned>(
    address: &str,
    form: web_sys::FormData,
) -> Result<T, crate::error::AppError> {
    use gloo_net::http::Request;
    use serde::Deserialize;

    use crate::error::AppError;

    #[derive(Deserialize)]
    struct Refused {
        error: RefusedBody,
    }

    #[derive(Deserialize)]
    struct RefusedBody {
        code: String,
        message_zh: Option<String>,
        message_en: Option<String>,
        message: Option<String>,
        field: Option<String>,
        reference: Option<String>,
    }

    let unreachable = |_| AppError::Unreachable;
    let request = Request::post(address).body(form).map_err(unreachable)?;
    let response = request.send().await.map_err(unreachable)?;
    if response.ok() {
        return response.json::<T>().await.map_err(unreachable);
    }
    let Refused { error } = response.json::<Refused>().await.map_err(unreachable)?;
    if let Some(reference) = error.reference {
        return Err(AppError::Internal { reference });
    }
    let message = error.message.unwrap_or_default();
    Err(AppError::Refused {
        code: error.code,
        zh: error.message_zh.unwrap_or_else(|| message.clone()),
        en: error.message_en.unwrap_or(message),
        field: error.field,
    })
}
