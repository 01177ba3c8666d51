//! Segment: one of a few, all in sight.

use leptos::prelude::*;

use super::select::Choice;

/// A row of buttons of which one is pressed.
#[component]
pub fn Segment(
    /// What is chosen here, for screen readers.
    #[prop(into)]
    label: TextProp,
    /// What there is to choose from.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// What is chosen.
    #[prop(into)]
    value: Signal<String>,
    /// Hears the choice.
    #[prop(into)]
    on_pick: Callback<String>,
) -> impl IntoView {
    view! {
        <div class="seg" role="group" aria-label=move || label.get()>
            {move || {
                choices
                    .get()
                    .into_iter()
                    .map(|choice| {
                        let mine = choice.value.clone();
                        let pressed = move || if value.with(|value| *value == mine) { "true" } else { "false" };
                        view! {
                            <button type="button" aria-pressed=pressed on:click=move |_| on_pick.run(choice.value.clone())>
                                {choice.label}
                            </button>
                        }
                    })
                    .collect_view()
            }}
        </div>
    }
}
