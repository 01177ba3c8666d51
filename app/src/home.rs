//! The first page, by role.

use leptos::prelude::*;

use crate::words::{t, use_i18n};

/// Where everybody starts.
#[component]
pub fn Home() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <main>
            <h1>{t!(i18n, frame.brand)}</h1>
        </main>
    }
}
