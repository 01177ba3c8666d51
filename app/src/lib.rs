//! All that people see and touch: pages, server functions, words, and the small design system.
//!
//! Compiled twice: with `ssr` into the server, with `hydrate` into the browser's program.

pub mod assets;
pub mod error;
#[cfg(feature = "ssr")]
pub mod server;
pub mod ui;
pub mod words;

pub mod document;
pub mod home;
pub mod not_found;

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::SsrMode;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;

pub use document::shell;

/// The whole application: words, title and the route table.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let words = words::provide_words();
    let brand = move |page: String| {
        let brand = words::t_string!(words, frame.brand);
        if page.is_empty() {
            brand.to_string()
        } else {
            format!("{page} | {brand}")
        }
    };
    view! {
        <Title formatter=brand text="" />
        <Router>
            <Routes fallback=not_found::NotFound>
                <Route path=path!("/") view=home::Home ssr=SsrMode::Async />
            </Routes>
        </Router>
    }
}
