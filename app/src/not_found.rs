//! What stands at an address that has no page.

use leptos::prelude::*;

use crate::words::{t, use_i18n};

/// Says so, with the status 404, and offers the way back.
#[component]
pub fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
    let i18n = use_i18n();
    view! {
        <main class="alone">
            <h1>{t!(i18n, frame.not_found)}</h1>
            <p class="soft">{t!(i18n, frame.not_found_hint)}</p>
            <a class="btn" href="/">
                {t!(i18n, frame.to_home)}
            </a>
        </main>
    }
}
