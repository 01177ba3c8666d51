//! The periods of the own number, and its quarters; each tells why it is what it is, and can be negotiated by itself.

use domain::calendar::Period;
use domain::format;
use domain::id::{NodeId, VersionId};
use domain::money::{Currency, Minor};
use domain::target::PeriodAmount;
use domain::why::Why;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::ask::AskNumber;
use crate::error::AppError;
use crate::negotiation::Acts;
use crate::split::{Of, Steps};
use crate::ui::{Dialog, DialogPlace, ErrorView, Skeleton};
use crate::words::{lang, t, t_string, use_i18n};

/// What was pressed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pressed {
    /// The period, or the quarter.
    period: Period,
    /// The periods of a quarter with what they have; none where it is one itself.
    parts: Vec<PeriodAmount>,
}

/// The amounts by period, and by quarter. Where there are several, one is asked about by pressing it.
#[component]
pub(super) fn Periods(
    version: VersionId,
    node: NodeId,
    periods: Vec<PeriodAmount>,
    quarters: Vec<PeriodAmount>,
    currency: Currency,
    acts: Acts,
) -> impl IntoView {
    let i18n = use_i18n();
    let currency = StoredValue::new(currency);
    let open = RwSignal::new(false);
    let asked = RwSignal::new(None::<Pressed>);
    let found = RwSignal::new(None::<Result<Why, AppError>>);
    let of = move |period: &Period| Of::Own {
        version,
        node,
        from: Some(period.start),
    };
    let ask = move |pressed: Pressed| {
        let of = of(&pressed.period);
        let is_sum = !pressed.parts.is_empty();
        let now = pressed.clone();
        asked.set(Some(pressed));
        found.set(None);
        open.set(true);
        if is_sum {
            return;
        }
        spawn_local(async move {
            let why = of.why().await;
            // Another one may have been asked for since, and the page may be gone.
            let still = asked.try_with_untracked(|asked| asked.as_ref() == Some(&now));
            if still == Some(true) {
                let _gone = found.try_update(|found| *found = Some(why));
            }
        });
    };
    let (several, has_quarters) = (periods.len() > 1, !quarters.is_empty());
    let title = move || {
        asked.with(|asked| {
            asked.as_ref().map_or_else(String::new, |pressed| {
                format::period(&pressed.period, lang(i18n.get_locale()))
            })
        })
    };
    let money = move |amount: Minor| {
        currency.with_value(|currency| format::compact(amount, currency, lang(i18n.get_locale())))
    };
    let figure = move |pressed: Pressed, amount: Minor| {
        let is_sum = !pressed.parts.is_empty();
        let title = move || {
            if is_sum {
                t_string!(i18n, my_target.quarter_hint)
            } else {
                t_string!(i18n, split.menu_why)
            }
        };
        view! {
            <button
                type="button"
                class="figure-button"
                title=title
                data-minor=amount.0.to_string()
                on:click=move |_| ask(pressed.clone())
            >
                {move || money(amount)}
            </button>
        }
    };
    let by_quarter = quarters
        .into_iter()
        .map(|PeriodAmount { period, amount }| {
            let within =
                |part: &&PeriodAmount| period.start <= part.period.start && part.period.end <= period.end;
            let parts = periods.iter().filter(within).cloned().collect();
            let name = period.clone();
            let pressed = Pressed { period, parts };
            view! {
                <div>
                    <dt class="sm muted">{move || format::period(&name, lang(i18n.get_locale()))}</dt>
                    <dd class="strong">{figure(pressed, amount)}</dd>
                </div>
            }
        })
        .collect_view();
    let rows = periods
        .into_iter()
        .map(|PeriodAmount { period, amount }| {
            let name = period.clone();
            let number = if several {
                let pressed = Pressed {
                    period,
                    parts: Vec::new(),
                };
                figure(pressed, amount).into_any()
            } else {
                view! { <span data-minor=amount.0.to_string()>{move || money(amount)}</span> }.into_any()
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
        {has_quarters.then(|| view! { <dl class="periods" data-part="quarters">{by_quarter}</dl> })}
        <Dialog open=open title=title place=DialogPlace::Side>
            {move || match (asked.get(), found.get()) {
                (Some(Pressed { parts, .. }), _) if !parts.is_empty() => {
                    view! { <Sum parts=parts currency=currency /> }.into_any()
                }
                (Some(pressed), Some(Ok(why))) => {
                    view! { <Steps why=why of=Some(of(&pressed.period)) /> }.into_any()
                }
                (_, Some(Err(error))) => view! { <ErrorView error=error /> }.into_any(),
                _ => view! { <Skeleton /> }.into_any(),
            }}
            {move || asked.get().map(|Pressed { period, .. }| view! {
                <AskNumber version=version node=node from=period.start until=period.end acts=acts open=open />
            })}
        </Dialog>
    }
}

/// What a quarter is the sum of.
#[component]
fn Sum(parts: Vec<PeriodAmount>, currency: StoredValue<Currency>) -> impl IntoView {
    let i18n = use_i18n();
    let rows = parts
        .into_iter()
        .map(|PeriodAmount { period, amount }| {
            let full = currency.with_value(|currency| format::currency(amount, currency));
            view! {
                <li class="row between" data-minor=amount.0.to_string()>
                    <span>{move || format::period(&period, lang(i18n.get_locale()))}</span>
                    <b class="num">{full}</b>
                </li>
            }
        })
        .collect_view();
    view! {
        <p class="sm muted">{t!(i18n, my_target.quarter_sum)}</p>
        <ul class="stack" data-part="quarter-sum">{rows}</ul>
    }
}
