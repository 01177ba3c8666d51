//! Date field: a day, as the browser lets one pick it.

use domain::calendar::Day;
use leptos::html;
use leptos::prelude::*;

use super::field::follow;
use super::icon::{Glyph, Icon, IconSize};

/// A labelled day. What is typed is heard only once it is a whole day.
#[component]
pub fn DateField(
    /// The label.
    #[prop(into)]
    label: TextProp,
    /// The name in the form; unique on the page.
    #[prop(into)]
    name: String,
    /// The chosen day.
    #[prop(into)]
    value: Signal<Option<Day>>,
    /// Hears the day; none when the field was emptied.
    #[prop(optional, into)]
    on_pick: Option<Callback<Option<Day>>>,
    /// What is wrong with it now.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let id = format!("field-{name}");
    let note = format!("{id}-note");
    let described = note.clone();
    let label_for = id.clone();
    let text = move || value.get().map(|day| day.to_string()).unwrap_or_default();
    let pick = move |typed: String| {
        if let Some(on_pick) = on_pick {
            if typed.is_empty() {
                on_pick.run(None);
            } else if let Some(day) = Day::parse_iso(&typed) {
                on_pick.run(Some(day));
            }
        }
    };
    let element = NodeRef::<html::Input>::new();
    follow(element, text, pick);
    view! {
        <div class="fld">
            <label for=label_for>{move || label.get()}</label>
            <input
                node_ref=element
                id=id
                class="input"
                type="date"
                name=name
                value=value.get_untracked().map(|day| day.to_string())
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=described
                on:change=move |event| pick(event_target_value(&event))
            />
            <p id=note class="wrong" hidden=move || error.with(Option::is_none)>
                <Icon glyph=Glyph::Warning size=IconSize::Small />
                <span>{move || error.get()}</span>
            </p>
        </div>
    }
}
