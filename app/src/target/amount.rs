//! An amount that is changed where it stands: a press makes it a field, Enter or leaving it sends it, Escape takes it back.

use domain::format;
use domain::money::{AmountStyle, Currency, Minor, is_finer, parse_minor};
use leptos::html;
use leptos::prelude::*;

use super::chance::money;
use crate::ui::{is_composing, when};
use crate::words::{lang, t_string, use_i18n};

/// The amount.
#[component]
pub(super) fn AmountCell(
    /// How much it is.
    amount: Minor,
    /// Its currency.
    currency: StoredValue<Currency>,
    /// Whether it can be changed.
    may_edit: bool,
    /// What a press does, for screen readers.
    #[prop(into)]
    label: Signal<String>,
    /// Hears the new amount.
    on_set: Callback<Minor>,
) -> impl IntoView {
    let i18n = use_i18n();
    let shown = move || currency.with_value(|currency| money(amount, currency, lang(i18n.get_locale())));
    let full = currency.with_value(|currency| format::full(amount, currency));
    if !may_edit {
        return view! { <span title=full>{shown}</span> }.into_any();
    }
    let editing = RwSignal::new(false);
    let wrong = RwSignal::new(None::<String>);
    let text = RwSignal::new(full.clone());
    let field = NodeRef::<html::Input>::new();
    let first = StoredValue::new(full.clone());
    let begin = move |_| {
        text.set(first.get_value());
        wrong.set(None);
        editing.set(true);
        request_animation_frame(move || {
            // The page may have been left.
            if let Some(field) = field.try_get_untracked().flatten() {
                drop(field.focus());
                field.select();
            }
        });
    };
    let send = move || {
        // A field that is taken away loses the focus too.
        if editing.try_get_untracked() != Some(true) {
            return;
        }
        let typed = text.get_untracked();
        let style = AmountStyle::default();
        let read = currency.with_value(|currency| {
            parse_minor(&typed, currency, style)
                .ok()
                .filter(|_| !is_finer(&typed, currency, style))
        });
        match read {
            Some(new) if new == amount => editing.set(false),
            Some(new) => {
                editing.set(false);
                on_set.run(new);
            }
            None => wrong.set(Some(t_string!(i18n, target.total_bad, text = typed).to_string())),
        }
    };
    view! {
        {when(
            move || !editing.get(),
            move || {
                let full = first.get_value();
                view! {
                    <button type="button" class="btn quiet s amount" title=full aria-label=move || label.get() on:click=begin>
                        {shown}
                    </button>
                }
                    .into_any()
            },
        )}
        {when(
            move || editing.get(),
            move || {
                view! {
                    <input
                        node_ref=field
                        class="input num s amount"
                        inputmode="decimal"
                        aria-label=move || label.get()
                        aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                        title=move || wrong.get()
                        prop:value=move || text.get()
                        on:input=move |event| text.set(event_target_value(&event))
                        on:keydown=move |event| {
                            if is_composing(&event) {
                                return;
                            }
                            match event.key().as_str() {
                                "Enter" => send(),
                                "Escape" => editing.set(false),
                                _ => {}
                            }
                        }
                        on:blur=move |_| {
                            send();
                            let _gone = editing.try_set(false);
                        }
                    />
                }
                    .into_any()
            },
        )}
    }
    .into_any()
}
