//! The card of a number of the preview: before the change the steps to the published number, after it what the change moves to the row
//! and away from it, and of the difference these moves alone. Each sums to the number exactly.

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
use crate::words::{Words, lang, t, t_string, use_i18n};

/// Which number of a row it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The one before the change.
    Before,
    /// The one after it.
    After,
    /// The one after it less the one before.
    Difference,
}

impl Side {
    fn as_str(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::After => "after",
            Self::Difference => "difference",
        }
    }

    fn called(self, words: Words) -> &'static str {
        match self {
            Self::Before => t_string!(words, staffing.card_before),
            Self::After => t_string!(words, staffing.card_after),
            Self::Difference => t_string!(words, staffing.difference),
        }
    }
}

/// A number of the preview.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The row, by its place in the preview.
    pub row: usize,
    /// The period, by its place; none: over all.
    pub period: Option<usize>,
    /// Before or after the change, or what lies between.
    pub side: Side,
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
    let words = match place.side {
        Side::Difference => signed(amount, currency),
        Side::Before | Side::After => currency.with_value(|currency| format::full(amount, currency)),
    };
    let class = if strong {
        "btn link num strong"
    } else {
        "btn link num"
    };
    let asks = place.side.as_str();
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
            let when = place.side.called(i18n);
            let parts = [Some(row.name), period, Some(when.to_owned())];
            parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
        })
    };
    view! {
        <Dialog open=open title=title place=DialogPlace::Side>
            {move || row().map(|(place, row)| match place.side {
                Side::After => view! { <After row=row period=place.period currency=currency /> }.into_any(),
                Side::Difference => view! { <Moved row=row period=place.period currency=currency /> }.into_any(),
                Side::Before => {
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
    let steps = steps(&row, period, currency);
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

/// What the change moves, which is all that the numbers before and after it differ in.
#[component]
fn Moved(row: PreviewRow, period: Option<usize>, currency: StoredValue<Currency>) -> impl IntoView {
    let i18n = use_i18n();
    let money = move |amount: Minor| currency.with_value(|currency| format::full(amount, currency));
    let (before, after) = row.amounts(period);
    let difference = Minor(after.0.saturating_sub(before.0));
    let is_same = row.steps_in(period).is_empty();
    let steps = steps(&row, period, currency);
    let effect = row.effect;
    let code = currency.with_value(|currency| currency.code.clone());
    let minus = move || {
        t_string!(
            i18n,
            staffing.card_minus,
            after = money(after),
            before = money(before)
        )
        .to_string()
    };
    view! {
        <section class="why" data-card="difference">
            <p class="sm muted">{move || effect.words(lang(i18n.get_locale()))}</p>
            <p data-before=before.0 data-after=after.0>{minus}</p>
            {is_same.then(|| view! { <p>{t!(i18n, staffing.card_same)}</p> })}
            <ol>{steps}</ol>
            <p class="row between total">
                <b>{t!(i18n, staffing.difference)}</b>
                <b class="figure s" data-figure="difference-total" data-minor=difference.0>{signed(difference, currency)} " " <span class="unit">{code}</span></b>
            </p>
        </section>
    }
}

/// The steps from the number before the change to the one after it: from whom, to whom, and how much.
fn steps(row: &PreviewRow, period: Option<usize>, currency: StoredValue<Currency>) -> AnyView {
    let i18n = use_i18n();
    row.steps_in(period)
        .into_iter()
        .map(|(other, count, amount)| {
            let (other, gets) = (other.map(str::to_owned), amount.0 > 0);
            let words = move || match &other {
                Some(name) if gets => t_string!(i18n, staffing.card_from, name = name.clone()).to_string(),
                Some(name) => t_string!(i18n, staffing.card_to, name = name.clone()).to_string(),
                None if count == 0 => t_string!(i18n, staffing.card_rest).to_owned(),
                None => t_string!(i18n, staffing.card_others, count = count).to_string(),
            };
            view! {
                <li class="step" data-minor=amount.0>
                    <b>{words}</b>
                    <span></span>
                    <span class="num">{signed(amount, currency)}</span>
                </li>
            }
        })
        .collect_view()
        .into_any()
}

/// An amount that is added or taken away.
fn signed(amount: Minor, currency: StoredValue<Currency>) -> String {
    let sign = if amount.0 > 0 { "+" } else { "" };
    format!(
        "{sign}{}",
        currency.with_value(|currency| format::full(amount, currency))
    )
}
