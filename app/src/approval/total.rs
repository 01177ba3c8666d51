//! What is handed in, in one number, and how likely it is.

use domain::approval::{Against, Shown};
use domain::format;
use domain::outlook::Distribution;
use leptos::prelude::*;

use super::difference::change;
use super::load_expected;
use crate::live::use_live;
use crate::target::chance::{chance, percentile, standing};
use crate::ui::StandingMark;
use crate::words::{lang, t_string, use_i18n};

/// The number one decides on, whatever else is on record.
#[component]
pub(super) fn TotalCard(shown: Shown) -> impl IntoView {
    let i18n = use_i18n();
    let live = use_live();
    let version = shown.version;
    let (total, before) = (shown.difference.after, shown.difference.before);
    let against_record = shown.difference.against == Against::Record && before.0 > 0;
    let whole = shown.difference.whole;
    let currency = StoredValue::new(shown.currency);
    // Fetched by the browser after the page: who decides sees the numbers before an outlook is reckoned anew.
    let law = RwSignal::new(None::<Distribution>);
    let in_work = shown.status.is_in_work();
    Effect::new(move |_| {
        live.facts.track();
        live.business_date.track();
        if !in_work {
            return;
        }
        leptos::task::spawn_local(async move {
            // What cannot be told is no reason not to decide.
            let _left = law.try_set(load_expected(version).await.ok().flatten());
        });
    });
    let title = move || {
        if whole {
            t_string!(i18n, approval.total)
        } else {
            t_string!(i18n, approval.total_seen)
        }
    };
    let amount = move || {
        currency.with_value(|currency| {
            let text = format::compact(total, currency, lang(i18n.get_locale()));
            format!("{}{text}", format::symbol(currency))
        })
    };
    let compared =
        move || t_string!(i18n, approval.total_change, percent = change(before, total)).to_string();
    let likely = move || {
        law.with(|law| {
            let law = law.as_ref()?;
            Some((law.chance_of(total), law.percentile_of(total)))
        })
        .map(|(of, place)| {
            let sits =
                move || t_string!(i18n, approval.total_place, percentile = percentile(place)).to_string();
            view! {
                <span class="sm" data-figure="place">{sits}</span>
                <StandingMark standing=standing(of)>
                    {move || t_string!(i18n, target.chance, percent = chance(of)).to_string()}
                </StandingMark>
            }
        })
    };
    let full = currency.with_value(|currency| format::full(total, currency));
    view! {
        <section class="card" data-card="total">
            <header><h2>{title}</h2></header>
            <p class="row wrap base">
                <b class="figure l" data-figure="handed-in" data-minor=total.0 title=full>{amount}</b>
                {against_record.then(|| view! { <span class="sm muted">{compared}</span> })}
                {likely}
            </p>
        </section>
    }
}
