//! The card of a number of the preview: before the change the steps to the published number, after it what the change moves to the row
//! and away from it. Both sum to the number exactly.

use domain::calendar::Period;
use domain::format;
use domain::id::VersionId;
use domain::money::{Currency, Minor};
use domain::plan::PeriodIndex;
use domain::staffing::PreviewRow;
use leptos::prelude::*;

use crate::split::why::OfNumber;
use crate::split::why::ask::Of;
use crate::ui::{Dialog, DialogPlace};
use crate::words::{lang, t, t_string, use_i18n};

/// A number of the preview.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The row, by its place in the preview.
    pub row: usize,
    /// The period, by its place; none: over all.
    pub period: Option<usize>,
    /// Whether it is the number after the change.
    pub after: bool,
}

/// A number that opens its card.
#[component]
pub fn Asks(
    place: Place,
    amount: Minor,
    currency: StoredValue<Currency>,
    card: RwSignal<Option<Place>>,
    /// Stands out.
    #[prop(optional)]
    strong: bool,
) -> impl IntoView {
    let words = currency.with_value(|currency| format::full(amount, currency));
    let class = if strong {
        "btn link num strong"
    } else {
        "btn link num"
    };
    let asks = if place.after { "after" } else { "before" };
    view! {
        <button type="button" class=class aria-haspopup="dialog" data-asks=asks on:click=move |_| card.set(Some(place))>
            {words}
        </button>
    }
}

/// The card of the number that was asked for.
#[component]
pub fn NumberCard(
    card: RwSignal<Option<Place>>,
    rows: StoredValue<Vec<PreviewRow>>,
    periods: StoredValue<Vec<Period>>,
    currency: StoredValue<Currency>,
    /// The published version that is changed.
    version: Option<VersionId>,
) -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(card.with(Option::is_some)));
    Effect::new(move |_| {
        if !open.get() && card.with_untracked(Option::is_some) {
            card.set(None);
        }
    });
    let row = move || {
        let place = card.get()?;
        let row = rows.with_value(|rows| rows.get(place.row).cloned())?;
        Some((place, row))
    };
    let title = move || {
        row().map_or_else(String::new, |(place, row)| {
            let period = place.period.and_then(|at| {
                periods.with_value(|periods| {
                    let period = periods.get(at)?;
                    Some(format::period(period, lang(i18n.get_locale())))
                })
            });
            let when = if place.after {
                t_string!(i18n, staffing.card_after)
            } else {
                t_string!(i18n, staffing.card_before)
            };
            let parts = [Some(row.name), period, Some(when.to_owned())];
            parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
        })
    };
    view! {
        <Dialog open=open title=title place=DialogPlace::Side>
            {move || row().map(|(place, row)| {
                if place.after {
                    view! { <After row=row period=place.period currency=currency /> }.into_any()
                } else {
                    let period = place.period.and_then(|at| u16::try_from(at).ok()).map(PeriodIndex);
                    match row.was.zip(version) {
                        Some((node, version)) => {
                            let of = Of::Row { version, node, period };
                            view! { <OfNumber of=of /> }.into_any()
                        }
                        None => view! { <p data-card="new">{t!(i18n, staffing.card_new)}</p> }.into_any(),
                    }
                }
            })}
        </Dialog>
    }
}

/// From the number before the change to the one after it.
#[component]
fn After(row: PreviewRow, period: Option<usize>, currency: StoredValue<Currency>) -> impl IntoView {
    let i18n = use_i18n();
    let money = move |amount: Minor| currency.with_value(|currency| format::full(amount, currency));
    let (before, after) = row.amounts(period);
    let steps = row
        .steps_in(period)
        .into_iter()
        .map(|(other, count, amount)| {
            let (other, gets) = (other.map(str::to_owned), amount.0 > 0);
            let words = move || match &other {
                Some(name) if gets => t_string!(i18n, staffing.card_from, name = name.clone()).to_string(),
                Some(name) => t_string!(i18n, staffing.card_to, name = name.clone()).to_string(),
                None if count == 0 => t_string!(i18n, staffing.card_rest).to_owned(),
                None => t_string!(i18n, staffing.card_others, count = count).to_string(),
            };
            let sign = if gets { "+" } else { "" };
            view! {
                <li class="step" data-minor=amount.0>
                    <b>{words}</b>
                    <span></span>
                    <span class="num">{format!("{sign}{}", money(amount))}</span>
                </li>
            }
        })
        .collect_view();
    let effect = row.effect;
    let code = currency.with_value(|currency| currency.code.clone());
    view! {
        <section class="why" data-card="after">
            <p class="sm muted">{move || effect.words(lang(i18n.get_locale()))}</p>
            <ol>
                <li class="step" data-minor=before.0>
                    <b>{t!(i18n, staffing.card_before)}</b>
                    <span></span>
                    <span class="num">{money(before)}</span>
                </li>
                {steps}
            </ol>
            <p class="row between total">
                <b>{t!(i18n, staffing.card_after)}</b>
                <b class="figure s" data-figure="after-total" data-minor=after.0>{money(after)} " " <span class="unit">{code}</span></b>
            </p>
        </section>
    }
}
