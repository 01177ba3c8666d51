//! The branch that is looked at: its history and fan, and the figures of the years around the planned one.

use domain::calendar::Month;
use domain::format;
use domain::money::{Currency, Minor};
use domain::outlook::{Before, BeforeState, Outlook};
use leptos::prelude::*;

use super::{name_of, span_name};
use crate::chart::{Chart, ChartOption};
use crate::words::{Words, lang, t, t_string, use_i18n};

/// The chart with its figures.
#[component]
pub(super) fn Card(outlook: Outlook, chart: ChartOption) -> impl IntoView {
    let i18n = use_i18n();
    let branch = outlook.branch().cloned();
    let name = {
        let branch = branch.clone();
        move || branch.as_ref().map(|branch| name_of(branch, i18n))
    };
    let marks = !outlook.detail.left_out.is_empty();
    view! {
        <section class="card progress-card" data-card="fan">
            <header>
                <h2>{name}</h2>
                <Legend marks=marks />
            </header>
            <Chart name="outlook-fan" option=Signal::stored(chart) />
            <Figures outlook=outlook />
        </section>
    }
}

/// What the lines and areas of the chart are. Pressing them would take one out of a stack, so it is not the chart's own.
#[component]
fn Legend(
    /// Whether something was left out of the history.
    marks: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let line = |dash: Option<&'static str>, role: &'static str| {
        view! {
            <svg width="16" height="10" aria-hidden="true">
                <path d="M0 5H16" fill="none" stroke=role stroke-width="2" stroke-dasharray=dash />
            </svg>
        }
    };
    let area = |role: &'static str| {
        view! {
            <svg width="12" height="10" aria-hidden="true">
                <rect width="12" height="10" rx="2" fill=role />
            </svg>
        }
    };
    view! {
        <ul class="row wrap sm muted end">
            <li class="row">{line(None, "var(--ink-1)")} {t!(i18n, outlook.actual)}</li>
            <li class="row">{line(Some("4 3"), "var(--accent)")} {t!(i18n, outlook.p50)}</li>
            <li class="row">{area("var(--band-2)")} {t!(i18n, outlook.inner)}</li>
            <li class="row">{area("var(--band)")} {t!(i18n, outlook.outer)}</li>
            {marks.then(|| view! { <li class="row">{area("var(--ink-3)")} {t!(i18n, outlook.left_out)}</li> })}
        </ul>
    }
}

/// Years before, the landing of the one that runs, P50 of the planned one, its range, and how it was tested.
#[component]
fn Figures(outlook: Outlook) -> impl IntoView {
    let i18n = use_i18n();
    let currency = outlook.planning.currency.clone();
    let branch = outlook.branch().cloned();
    let before = outlook
        .detail
        .before
        .iter()
        .map(|before| view! { <Year before=before.clone() first=outlook.first currency=currency.clone() /> })
        .collect_view();
    let planned = branch.as_ref().and_then(|branch| {
        let total = branch.total.clone()?;
        let growth = branch.growth();
        let (p10, p50, p90) = (total.p10(), total.p50(), total.p90());
        let planning = StoredValue::new(outlook.planning.clone());
        let money = {
            let currency = StoredValue::new(currency.clone());
            move |amount: Minor| {
                currency.with_value(|currency| format::compact(amount, currency, lang(i18n.get_locale())))
            }
        };
        let title = format::full(p50, &currency);
        let booked = branch.booked;
        Some(view! {
            <dl>
                <dt class="sm muted">
                    {move || t_string!(i18n, outlook.planned_p50, period = planning.with_value(|planning| span_name(planning, i18n))).to_string()}
                </dt>
                <dd title=title>
                    <b class="figure s" data-figure="p50" data-minor=p50.0>{move || money(p50)}</b>
                    <span class="unit">{growth.map(format::percent_change)}</span>
                </dd>
            </dl>
            <dl>
                <dt class="sm muted">{t!(i18n, outlook.range)}</dt>
                <dd>
                    <b class="figure s" data-figure="range" data-low=p10.0 data-high=p90.0>
                        {move || format!("{} – {}", money(p10), money(p90))}
                    </b>
                </dd>
            </dl>
            {(booked.0 != 0).then(|| view! {
                <dl>
                    <dt class="sm muted">{t!(i18n, outlook.booked)}</dt>
                    <dd><b class="figure s" data-figure="booked" data-minor=booked.0>{move || money(booked)}</b></dd>
                </dl>
            })}
        })
    });
    let tested = outlook.detail.accuracy.map(|accuracy| {
        view! {
            <dl>
                <dt class="sm muted">{t!(i18n, outlook.tested)}</dt>
                <dd>
                    <b class="figure s" data-figure="coverage">{format::percent(accuracy.coverage())}</b>
                    <span class="unit">{move || t_string!(i18n, outlook.tested_of, months = accuracy.months).to_string()}</span>
                </dd>
            </dl>
        }
    });
    view! { <div class="figures">{before} {planned} {tested}</div> }
}

#[component]
fn Year(
    before: Before,
    /// The first month that is known.
    first: Month,
    currency: Currency,
) -> impl IntoView {
    let i18n = use_i18n();
    let Before {
        span,
        period,
        amount,
        state,
        growth,
    } = before;
    let name = move |i18n: Words| {
        let lang = lang(i18n.get_locale());
        let name = match &period {
            Some(period) => format::period(period, lang),
            None => format::range(span.starts_on, span.ends_on, lang),
        };
        match state {
            BeforeState::Whole => name,
            BeforeState::Landing => t_string!(i18n, outlook.landing, period = name).to_string(),
            BeforeState::Partial => {
                let month = format::month(first, lang);
                t_string!(i18n, outlook.since, period = name, month = month).to_string()
            }
            BeforeState::Hole => t_string!(i18n, outlook.not_whole, period = name).to_string(),
        }
    };
    // All of it may lie in the hole.
    let is_known = state != BeforeState::Hole || amount.0 != 0;
    let title = is_known.then(|| format::full(amount, &currency));
    view! {
        <dl>
            <dt class="sm muted">{move || name(i18n)}</dt>
            <dd title=title>
                <b class="figure s" data-figure="before" data-minor=amount.0>
                    {move || {
                        if is_known {
                            format::compact(amount, &currency, lang(i18n.get_locale()))
                        } else {
                            format::NONE.to_owned()
                        }
                    }}
                </b>
                <span class="unit">{growth.map(format::percent_change)}</span>
            </dd>
        </dl>
    }
}
