//! Select: one of several, the browser's own list.

use leptos::prelude::*;

/// One of several: what is sent, and what is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is sent and kept in the address.
    pub value: String,
    /// What people read.
    pub label: String,
}

impl Choice {
    /// A choice.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
        }
    }
}

/// A labelled list to choose from.
#[component]
pub fn Select(
    /// The label.
    #[prop(into)]
    label: TextProp,
    /// The name in the form; unique on the page.
    #[prop(into)]
    name: String,
    /// What there is to choose from.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// What is chosen.
    #[prop(into)]
    value: Signal<String>,
    /// Hears the choice.
    #[prop(optional, into)]
    on_pick: Option<Callback<String>>,
    /// The label is for screen readers only.
    #[prop(optional)]
    compact: bool,
) -> impl IntoView {
    let id = format!("field-{name}");
    let label_for = id.clone();
    let (label_class, class) = if compact {
        ("sr", "select s")
    } else {
        ("", "select")
    };
    view! {
        <div class="fld">
            <label class=label_class for=label_for>
                {move || label.get()}
            </label>
            <select
                id=id
                class=class
                name=name
                prop:value=move || value.get()
                on:change=move |event| {
                    if let Some(on_pick) = on_pick {
                        on_pick.run(event_target_value(&event));
                    }
                }
            >
                {move || {
                    let chosen = value.get();
                    choices
                        .get()
                        .into_iter()
                        .map(|choice| {
                            let selected = choice.value == chosen;
                            view! {
                                <option value=choice.value selected=selected>
                                    {choice.label}
                                </option>
                            }
                        })
                        .collect_view()
                }}
            </select>
        </div>
    }
}
