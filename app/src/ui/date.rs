//! Date field: a day, as the browser lets one pick it.

use domain::calendar::Day;
use leptos::prelude::*;

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
) -> impl IntoView {
    let id = format!("field-{name}");
    let label_for = id.clone();
    let text = move || value.get().map(|day| day.to_string()).unwrap_or_default();
    view! {
        <div class="fld">
            <label for=label_for>{move || label.get()}</label>
            <input
                id=id
                class="input"
                type="date"
                name=name
                value=value.get_untracked().map(|day| day.to_string())
                prop:value=text
                on:change=move |event| {
                    let typed = event_target_value(&event);
                    if let Some(on_pick) = on_pick {
                        if typed.is_empty() {
                            on_pick.run(None);
                        } else if let Some(day) = Day::parse_iso(&typed) {
                            on_pick.run(Some(day));
                        }
                    }
                }
            />
        </div>
    }
}
