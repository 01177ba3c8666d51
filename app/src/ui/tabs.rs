//! Tabs: links, because the address holds the tab.

use leptos::prelude::*;

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
    view! {
        <nav class="tabs" aria-label=move || label.get()>
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
