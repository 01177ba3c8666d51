//! A plan to be made: period, columns, number, beside what was done before and what is to be expected.

use domain::calendar::PeriodKind;
use domain::format;
use domain::money::{AmountError, Minor};
use domain::outlook::Distribution;
use domain::target::{DoneBefore, NewPlan, TotalError, parse_total};
use domain::track::{Horizon, Horizons};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::chance::{Chance, Picks, money};
use super::density::Density;
use super::{create_plan, likelihood};
use crate::live::use_live;
use crate::split;
use crate::ui::{
    Button, ButtonKind, Choice, Field, FieldKind, Glyph, Icon, Segment, Select, Toast, use_toasts, words_of,
};
use crate::wire::{fetch, loaded};
use crate::words::{lang, t, t_string, use_i18n};

/// The metric that targets are set for.
const BOOKINGS: &str = "bookings";

/// The form: period, columns, number.
#[component]
pub(super) fn NewTarget(horizons: Horizons) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let navigate = StoredValue::new(use_navigate());
    let Horizons { currency, periods } = horizons;
    let currency = StoredValue::new(currency);
    let chosen = RwSignal::new(
        periods
            .first()
            .map(|horizon| horizon.period.name.clone())
            .unwrap_or_default(),
    );
    let periods = StoredValue::new(periods);
    let choices = Signal::derive(move || {
        periods.with_value(|periods| {
            periods
                .iter()
                .map(|horizon| {
                    Choice::new(
                        horizon.period.name.clone(),
                        format::period(&horizon.period, lang(i18n.get_locale())),
                    )
                })
                .collect::<Vec<_>>()
        })
    });
    let horizon = move || {
        chosen.with(|chosen| {
            periods.with_value(|periods| {
                periods
                    .iter()
                    .find(|horizon| horizon.period.name == *chosen)
                    .cloned()
            })
        })
    };
    let columns = RwSignal::new(PeriodKind::Month);
    let column_choices = Signal::derive(move || {
        vec![
            Choice::new("month", t_string!(i18n, target.columns_month)),
            Choice::new("quarter", t_string!(i18n, target.columns_quarter)),
        ]
    });
    let total = RwSignal::new(String::new());
    let name = RwSignal::new(String::new());
    let typed = move || total.with(|text| currency.with_value(|currency| parse_total(text, currency)));
    let amount = move || typed().ok();
    // An empty field is not wrong before something was tried with it.
    let asked = RwSignal::new(false);
    let wrong = move || match typed() {
        Ok(_) => None,
        Err(TotalError::Amount(AmountError::Empty)) if !asked.get() => None,
        Err(TotalError::Amount(AmountError::NotANumber)) => {
            Some(t_string!(i18n, target.total_bad, text = total.get()).to_string())
        }
        Err(error) => Some(error.words(lang(i18n.get_locale()))),
    };
    let live = use_live();
    let expected = fetch(
        move || (chosen.get(), live.facts.get(), live.business_date.get()),
        |(period, ..)| async move {
            // What cannot be told is no reason not to plan.
            if period.is_empty() {
                None
            } else {
                likelihood(period).await.ok().flatten()
            }
        },
    );
    let busy = RwSignal::new(false);
    let create = move |_| {
        asked.set(true);
        let (Some(horizon), Some(total)) = (horizon(), amount()) else {
            return;
        };
        let name = name.get_untracked();
        let plan = NewPlan {
            metric: BOOKINGS.to_owned(),
            from: horizon.period.start,
            to: horizon.period.end,
            period_kind: columns.get_untracked(),
            total,
            name: (!name.trim().is_empty()).then(|| name.trim().to_owned()),
        };
        busy.set(true);
        spawn_local(async move {
            match create_plan(plan).await {
                Ok(made) => {
                    // The page may have been left.
                    let _gone = navigate.try_with_value(|navigate| {
                        navigate(&split::address(made.version), NavigateOptions::default());
                    });
                }
                Err(error) => toasts.show(Toast::refused(
                    t_string!(i18n, target.new),
                    words_of(&error, i18n),
                )),
            }
            let _gone = busy.try_set(false);
        });
    };
    view! {
        <section class="card w5">
            <header><h2>{t!(i18n, target.new)}</h2></header>
            <div class="stack">
                <Select
                    label=t!(i18n, target.period)
                    name="period"
                    choices=choices
                    value=chosen
                    on_pick=Callback::new(move |period| chosen.set(period))
                />
                <Field
                    label=t!(i18n, target.total)
                    name="total"
                    kind=FieldKind::Number
                    bind=total
                    hint=t!(i18n, target.total_hint)
                    error=Signal::derive(wrong)
                />
                <Transition>
                    {loaded(expected, move |expected| {
                        let law = Signal::stored(expected);
                        view! { <Expected law=law amount=Signal::derive(amount) total=total currency=currency /> }
                    })}
                </Transition>
                {move || horizon().map(|horizon| view! { <Comparison horizon=horizon currency=currency.get_value() amount=Signal::derive(amount) /> })}
                <div class="fld">
                    <span>{t!(i18n, target.columns)}</span>
                    <Segment
                        label=t!(i18n, target.columns)
                        choices=column_choices
                        value=Signal::derive(move || columns.get().as_str().to_owned())
                        on_pick=Callback::new(move |kind: String| columns.set(PeriodKind::parse(&kind).unwrap_or(PeriodKind::Month)))
                    />
                </div>
                <Field label=t!(i18n, target.name) name="plan-name" bind=name />
                <Button kind=ButtonKind::Primary busy=busy press=create>{t!(i18n, target.create)}</Button>
            </div>
        </section>
    }
}

/// How likely the number is, with its picture, and numbers to choose by how likely they are.
#[component]
fn Expected(
    law: Signal<Option<Distribution>>,
    amount: Signal<Option<Minor>>,
    total: RwSignal<String>,
    currency: StoredValue<domain::money::Currency>,
) -> impl IntoView {
    let pick = Callback::new(move |amount: Minor| {
        total.set(currency.with_value(|currency| format::full(amount, currency)));
    });
    view! {
        {move || amount.get().map(|_| view! { <Chance law=law amount=amount /> })}
        {move || {
            let (law, amount) = (law.get()?, amount.get()?);
            Some(view! { <Density law=law target=amount currency=currency.get_value() /> })
        }}
        <Picks law=law currency=currency on_pick=pick />
    }
}

/// What was done before, and by how much the number exceeds it.
#[component]
fn Comparison(
    horizon: Horizon,
    currency: domain::money::Currency,
    amount: Signal<Option<Minor>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let currency = StoredValue::new(currency);
    let line = move |before: Option<DoneBefore>| {
        let figure = move || {
            let lang = lang(i18n.get_locale());
            let shown = |amount| currency.with_value(|currency| format::compact(amount, currency, lang));
            match before {
                Some(DoneBefore { amount, until: None }) => shown(amount),
                Some(DoneBefore {
                    amount,
                    until: Some(day),
                }) => {
                    let day = format::date(day, lang);
                    t_string!(i18n, target.done_until, amount = shown(amount), day = day).to_string()
                }
                None => t_string!(i18n, target.none).to_owned(),
            }
        };
        let growth = move || Some(format::percent_change(before?.growth(amount.get()?)?));
        (figure, growth)
    };
    let (last_year, last_year_growth) = line(horizon.last_year);
    let (previous, previous_growth) = line(horizon.previous);
    // A chance of 100 % needs its reason: nothing is left to do.
    let reached = move || {
        let (booked, total) = (horizon.booked.filter(|booked| booked.0 > 0)?, amount.get()?);
        if booked < total {
            return None;
        }
        let shown = |amount| currency.with_value(|currency| money(amount, currency, lang(i18n.get_locale())));
        let words = t_string!(
            i18n,
            target.booked_over,
            booked = shown(booked),
            total = shown(total)
        )
        .to_string();
        Some(view! {
            <p class="row is-far" data-figure="booked-over">
                <Icon glyph=Glyph::Warning />
                <span>{words}</span>
            </p>
        })
    };
    view! {
        {reached}
        <dl class="lines">
            <div>
                <dt>{t!(i18n, target.last_year)}</dt>
                <dd data-figure="last-year" data-minor=horizon.last_year.map(|before| before.amount.0)>{last_year} " " <b>{last_year_growth}</b></dd>
            </div>
            <div>
                <dt>{t!(i18n, target.previous)}</dt>
                <dd data-figure="previous" data-minor=horizon.previous.map(|before| before.amount.0)>{previous} " " <b>{previous_growth}</b></dd>
            </div>
        </dl>
    }
}
