//! Field: a label, an input, and below it a hint or what is wrong.

use leptos::html;
use leptos::prelude::*;

use super::icon::{Glyph, Icon, IconSize};

/// What is typed into a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FieldKind {
    /// Words.
    #[default]
    Text,
    /// A mail address.
    Email,
    /// A secret.
    Password,
    /// A number as people write it (`1,200`, `120 万`): parsed by `domain`, so it is a text for the browser.
    Number,
    /// An amount that may also be said as a change (`=+5%`) or in words for large numbers (`120 万`): a keypad of digits has none of these signs.
    Amount,
    /// A day.
    Date,
}

/// A labelled input. Give `value` for a plain form, or `bind` to follow what is typed.
#[component]
pub fn Field(
    /// The label.
    #[prop(into)]
    label: TextProp,
    /// The name in the form; unique on the page, because the id comes from it.
    #[prop(into)]
    name: String,
    /// What is typed.
    #[prop(optional)]
    kind: FieldKind,
    /// What stands in it at first.
    #[prop(optional, into)]
    value: Option<String>,
    /// Follows what is typed, and can set it.
    #[prop(optional)]
    bind: Option<RwSignal<String>>,
    /// Help below it.
    #[prop(optional, into)]
    hint: Option<TextProp>,
    /// What is wrong with it now.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// An example.
    #[prop(optional, into)]
    placeholder: Option<TextProp>,
    /// What the browser may fill in (`email`, `current-password`, `new-password`, `name`, `organization`).
    #[prop(optional)]
    autocomplete: Option<&'static str>,
    /// Must not stay empty.
    #[prop(optional)]
    required: bool,
    /// The least number of characters.
    #[prop(optional)]
    minlength: Option<u16>,
) -> impl IntoView {
    let id = format!("field-{name}");
    let note = format!("{id}-note");
    let (kind, mode, class) = match kind {
        FieldKind::Text => ("text", None, "input"),
        FieldKind::Email => ("email", Some("email"), "input"),
        FieldKind::Password => ("password", None, "input"),
        FieldKind::Number => ("text", Some("decimal"), "input num"),
        FieldKind::Amount => ("text", Some("text"), "input num"),
        FieldKind::Date => ("date", None, "input"),
    };
    let first = bind.map(|bind| bind.get_untracked()).or(value);
    let described = note.clone();
    let label_for = id.clone();
    let element = NodeRef::<html::Input>::new();
    if let Some(bind) = bind {
        follow(element, move || bind.get(), move |typed| bind.set(typed));
    }
    view! {
        <div class="fld">
            <label for=label_for>{move || label.get()}</label>
            <input
                node_ref=element
                id=id
                class=class
                name=name
                type=kind
                inputmode=mode
                value=first
                on:input=move |event| {
                    if let Some(bind) = bind {
                        bind.set(event_target_value(&event));
                    }
                }
                placeholder=move || placeholder.as_ref().map(TextProp::get)
                autocomplete=autocomplete
                required=required
                minlength=minlength
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=described
            />
            <p id=note class=move || if error.with(Option::is_some) { "wrong" } else { "hint" }>
                {move || match error.get() {
                    Some(wrong) => {
                        view! {
                            <Icon glyph=Glyph::Warning size=IconSize::Small />
                            <span>{wrong}</span>
                        }
                            .into_any()
                    }
                    None => hint.as_ref().map(TextProp::get).into_any(),
                }}
            </p>
        </div>
    }
}

/// Marks an input that has been live.
const LIVE: &str = "data-live";

/// Keeps an input and what is said of it the same. What was typed before the page was live counts: `heard` is told of it, where
/// setting the value as a property would wipe it out.
pub(super) fn follow(
    element: NodeRef<html::Input>,
    said: impl Fn() -> String + 'static,
    heard: impl Fn(String) + 'static,
) {
    let first = untrack(&said);
    Effect::new(move |seen: Option<bool>| {
        let said = said();
        let Some(input) = element.get() else {
            return false;
        };
        let there = input.value();
        // A view that is made anew in place keeps its input: only what was typed before it first was live counts.
        let fresh = seen != Some(true) && !input.has_attribute(LIVE);
        // Fails for no name of an attribute only.
        drop(input.set_attribute(LIVE, ""));
        if fresh && there != first {
            heard(there);
        } else if there != said {
            input.set_value(&said);
        }
        true
    });
}
