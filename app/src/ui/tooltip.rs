//! Tooltip: a hint on hover and on focus; never the only place of a fact.

use leptos::prelude::*;

/// A hint about what it encloses.
#[component]
pub fn Tooltip(
    /// The hint.
    #[prop(into)]
    text: TextProp,
    /// Opens downwards: for things at the top of the page.
    #[prop(optional)]
    below: bool,
    /// What it is about.
    children: Children,
) -> impl IntoView {
    view! {
        <span class=if below { "tip below" } else { "tip" }>
            {children()} <span class="tip-text" role="tooltip">
                {move || text.get()}
            </span>
        </span>
    }
}
