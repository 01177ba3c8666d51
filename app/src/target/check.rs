//! The SMART check: a finding for each letter, and what would mend it.

use domain::smart::Finding;
use domain::target::TargetBoard;
use leptos::prelude::*;

use super::board::Hand;
use crate::ui::{Glyph, Icon};
use crate::words::{lang, t, t_string, use_i18n};

/// The card of the check.
#[component]
pub(super) fn Check(board: TargetBoard, hand: Hand) -> impl IntoView {
    let i18n = use_i18n();
    let TargetBoard { claim, smart, .. } = board;
    let currency = hand.currency;
    let holding = smart.iter().filter(|finding| finding.holds()).count();
    let claim = StoredValue::new(claim);
    let letters = smart
        .into_iter()
        .map(|Finding { letter, faults }| {
            let holds = faults.is_empty();
            let name = move || letter.word(lang(i18n.get_locale()));
            let said = if holds {
                view! { <p class="sm">{move || claim.with_value(|claim| letter.says(claim, lang(i18n.get_locale())))}</p> }
                    .into_any()
            } else {
                faults
                    .into_iter()
                    .map(|fault| {
                        let mend = fault.clone();
                        let what = move || currency.with_value(|currency| fault.words(lang(i18n.get_locale()), currency));
                        let how = move || {
                            let mend = currency.with_value(|currency| mend.mend(lang(i18n.get_locale()), currency));
                            t_string!(i18n, target.smart_mend, mend = mend).to_string()
                        };
                        view! {
                            <p class="sm">{what}</p>
                            <p class="sm muted">{how}</p>
                        }
                    })
                    .collect_view()
                    .into_any()
            };
            let (class, glyph) = if holds { ("row is-ahead", Glyph::Check) } else { ("row is-far", Glyph::Warning) };
            view! {
                <li data-letter=letter.as_str() data-holds=holds.to_string() class:fails=!holds>
                    <span class=class>
                        <Icon glyph=glyph />
                        <b>{name}</b>
                    </span>
                    {said}
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="card">
            <header>
                <h2>{t!(i18n, target.smart)}</h2>
                <span class="sm muted">
                    {move || t_string!(i18n, target.smart_summary, count = holding).to_string()}
                </span>
            </header>
            <ul class="smart">{letters}</ul>
        </section>
    }
}
