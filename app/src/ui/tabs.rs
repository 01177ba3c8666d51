//! Tabs: links, because the address holds the tab.

use leptos::html;
use leptos::prelude::*;
use leptos::web_sys::HtmlElement;

/// One tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab {
    /// Its key: what `current` is compared with.
    pub key: String,
    /// What people read.
    pub label: String,
    /// Where it leads.
    pub href: String,
}

/// A row of tabs.
#[component]
pub fn Tabs(
    /// What is chosen here, for screen readers.
    #[prop(into)]
    label: TextProp,
    /// The tabs.
    #[prop(into)]
    tabs: Signal<Vec<Tab>>,
    /// The key of the tab that is shown.
    #[prop(into)]
    current: Signal<String>,
) -> impl IntoView {
    let row = NodeRef::<html::Nav>::new();
    Effect::new(move |_| {
        current.track();
        tabs.track();
        if let Some(row) = row.get() {
            request_animation_frame(move || show_current(&row));
        }
    });
    view! {
        <nav node_ref=row class="tabs" aria-label=move || label.get()>
            {move || {
                tabs.get()
                    .into_iter()
                    .map(|tab| {
                        let mine = current.with(|current| *current == tab.key).then_some("page");
                        view! {
                            <a href=tab.href aria-current=mine>
                                {tab.label}
                            </a>
                        }
                    })
                    .collect_view()
            }}
        </nav>
    }
}

/// Scrolls a row that is wider than the screen to the tab that is shown.
fn show_current(row: &HtmlElement) {
    #[cfg(feature = "hydrate")]
    if let Ok(Some(tab)) = row.query_selector("[aria-current]") {
        let (row_at, tab_at) = (row.get_bounding_client_rect(), tab.get_bounding_client_rect());
        let beyond = tab_at.left() + tab_at.width() / 2.0 - row_at.left() - row_at.width() / 2.0;
        row.set_scroll_left(row.scroll_left() + beyond as i32);
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = row;
}
