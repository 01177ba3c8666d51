//! The periods of the own number; each tells why it is what it is, and can be negotiated by itself.

use domain::calendar::Period;
use domain::format;
use domain::id::{NodeId, VersionId};
use domain::money::Currency;
use domain::target::PeriodAmount;
use domain::why::Why;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::ask::AskPeriod;
use crate::error::AppError;
use crate::negotiation::Acts;
use crate::split::{Of, Steps};
use crate::ui::{Dialog, DialogPlace, ErrorView, Skeleton};
use crate::words::{lang, t, use_i18n};

/// The amounts by period. Where there are several, one is asked about by pressing it.
#[component]
pub(super) fn Periods(
    version: VersionId,
    node: NodeId,
    periods: Vec<PeriodAmount>,
    currency: Currency,
    acts: Acts,
) -> impl IntoView {
    let i18n = use_i18n();
    let currency = StoredValue::new(currency);
    let open = RwSignal::new(false);
    let asked = RwSignal::new(None::<Period>);
    let found = RwSignal::new(None::<Result<Why, AppError>>);
    let of = move |period: &Period| Of::Own {
        version,
        node,
        from: Some(period.start),
    };
    let ask = move |period: Period| {
        let of = of(&period);
        let start = period.start;
        asked.set(Some(period));
        found.set(None);
        open.set(true);
        spawn_local(async move {
            let why = of.why().await;
            // Another one may have been asked for since, and the page may be gone.
            let now = asked.try_with_untracked(|asked| asked.as_ref().map(|period| period.start));
            if now.flatten() == Some(start) {
                let _gone = found.try_update(|found| *found = Some(why));
            }
        });
    };
    let several = periods.len() > 1;
    let title = move || {
        asked.with(|asked| {
            asked.as_ref().map_or_else(String::new, |period| {
                format::period(period, lang(i18n.get_locale()))
            })
        })
    };
    let rows = periods
        .into_iter()
        .map(|PeriodAmount { period, amount }| {
            let name = period.clone();
            let words = move || {
                currency.with_value(|currency| format::compact(amount, currency, lang(i18n.get_locale())))
            };
            let number = if several {
                view! {
                    <button
                        type="button"
                        class="figure-button"
                        title=t!(i18n, split.menu_why)
                        data-minor=amount.0.to_string()
                        on:click=move |_| ask(period.clone())
                    >
                        {words}
                    </button>
                }
                .into_any()
            } else {
                view! { <span data-minor=amount.0.to_string()>{words}</span> }.into_any()
            };
            view! {
                <div>
                    <dt class="sm muted">{move || format::period(&name, lang(i18n.get_locale()))}</dt>
                    <dd class="strong">{number}</dd>
                </div>
            }
        })
        .collect_view();
    view! {
        <dl class="periods">{rows}</dl>
        <Dialog open=open title=title place=DialogPlace::Side>
            {move || match (asked.get(), found.get()) {
                (Some(period), Some(Ok(why))) => view! { <Steps why=why of=Some(of(&period)) /> }.into_any(),
                (_, Some(Err(error))) => view! { <ErrorView error=error /> }.into_any(),
                _ => view! { <Skeleton /> }.into_any(),
            }}
            {move || asked.get().map(|period| view! {
                <AskPeriod version=version node=node from=period.start acts=acts open=open />
            })}
        </Dialog>
    }
}
