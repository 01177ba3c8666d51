//! What a target serves: said by somebody, or found.

use domain::format;
use domain::money::{AmountStyle, parse_minor};
use domain::target::{NewPurpose, TargetBoard};
use leptos::prelude::*;

use super::board::Hand;
use super::chance::money;
use crate::ui::{Button, Field, FieldKind, Toast, use_toasts, words_of};
use crate::words::{lang, t, t_string, use_i18n};

/// The card of the purpose.
#[component]
pub(super) fn PurposeCard(board: TargetBoard, hand: Hand) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let currency = hand.currency;
    let purpose = board.purpose;
    let said = purpose.clone().filter(|purpose| !purpose.found);
    let name = RwSignal::new(
        said.as_ref()
            .map(|purpose| purpose.name.clone())
            .unwrap_or_default(),
    );
    let asks = RwSignal::new(
        said.and_then(|purpose| purpose.asks)
            .map(|asks| currency.with_value(|currency| format::full(asks, currency)))
            .unwrap_or_default(),
    );
    let read = move || {
        let text = asks.get();
        if text.trim().is_empty() {
            return Ok(None);
        }
        currency
            .with_value(|currency| parse_minor(&text, currency, AmountStyle::default()))
            .map(Some)
            .map_err(|_| text)
    };
    let wrong = move || {
        read()
            .err()
            .map(|text| t_string!(i18n, target.total_bad, text = text).to_string())
    };
    let save = move |_| {
        let Ok(asks) = read() else {
            return;
        };
        let purpose = NewPurpose {
            name: name.get_untracked(),
            asks,
        };
        hand.send_form(super::set_purpose(hand.version, purpose), move |error| {
            toasts.show(Toast::refused(
                t_string!(i18n, target.purpose),
                words_of(error, i18n),
            ));
        });
    };
    let shown = match purpose {
        None => view! { <p class="sm muted">{t!(i18n, target.purpose_none)}</p> }.into_any(),
        Some(purpose) => {
            let asked = purpose.asks.map(|asks| {
                view! {
                    <span>
                        {move || {
                            let amount = currency.with_value(|currency| money(asks, currency, lang(i18n.get_locale())));
                            t_string!(i18n, target.purpose_asked, amount = amount).to_string()
                        }}
                    </span>
                }
            });
            view! {
                <p class="row wrap" data-figure="purpose">
                    <b>{purpose.name}</b>
                    {asked}
                </p>
                {purpose.found.then(|| view! { <p class="sm muted">{t!(i18n, target.purpose_found)}</p> })}
            }
            .into_any()
        }
    };
    view! {
        <section class="card w5">
            <header><h2>{t!(i18n, target.purpose)}</h2></header>
            <div class="stack">
                {shown}
                {hand.may_edit.then(|| view! {
                    <Field label=t!(i18n, target.purpose_name) name="purpose-name" bind=name />
                    <Field label=t!(i18n, target.purpose_asks) name="purpose-asks" kind=FieldKind::Number bind=asks error=Signal::derive(wrong) />
                    <p><Button busy=hand.busy press=save>{t!(i18n, target.purpose_save)}</Button></p>
                })}
            </div>
        </section>
    }
}
