//! Empty state: what is missing, and what to do next.

use leptos::prelude::*;

use super::icon::{Glyph, Icon, IconSize};

/// Says what is missing and offers the next step.
#[component]
pub fn EmptyState(
    /// A picture of it.
    glyph: Glyph,
    /// What is missing.
    #[prop(into)]
    title: TextProp,
    /// Why, or what follows.
    #[prop(optional, into)]
    body: Option<TextProp>,
    /// The button.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <section class="empty">
            <span class="oi">
                <Icon glyph=glyph size=IconSize::Large />
            </span>
            <h2>{move || title.get()}</h2>
            {body.map(|body| view! { <p>{move || body.get()}</p> })}
            {children.map(|children| view! { <div class="acts">{children()}</div> })}
        </section>
    }
}
