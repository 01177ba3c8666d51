//! What is shown only sometimes.

use leptos::prelude::*;

/// A view while a condition holds, and nothing while it does not; made anew only when that changes.
///
/// Like `<Show>`, which is a type of its own for each use, with all that the renderer needs for a type: this is one type
/// for all of them.
pub(crate) fn when(
    holds: impl Fn() -> bool + Send + Sync + 'static,
    then: impl Fn() -> AnyView + Send + Sync + 'static,
) -> impl Fn() -> AnyView + Send + Sync {
    let holds = Memo::new(move |_| holds());
    move || if holds.get() { then() } else { ().into_any() }
}
