//! The pulse: one optional tap beside a confirmation, and what groups of five and more say together.

use domain::format;
use domain::pulse::{LEAST, MOST, MOST_CHARS, UnitPulse};
use leptos::prelude::*;

use crate::words::{t, t_string, use_i18n};

/// The fields beside a confirmation: radio buttons and a few words, both optional, so that they work without JavaScript.
#[component]
pub(crate) fn PulseFields() -> impl IntoView {
    let i18n = use_i18n();
    let picks = (1..=MOST)
        .map(|step| {
            view! {
                <label class="pick">
                    <input type="radio" name="fair" value=step.to_string() />
                    <span>{step}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="fld pulse">
            <legend class="sm">{t!(i18n, negotiation.pulse_question)}</legend>
            <div class="picks even">{picks}</div>
            <details>
                <summary class="sm">{t!(i18n, negotiation.pulse_why)}</summary>
                <textarea
                    class="input"
                    name="reason"
                    rows="2"
                    maxlength=MOST_CHARS.to_string()
                    aria-label=t!(i18n, negotiation.pulse_why)
                ></textarea>
            </details>
            <p class="sm muted">
                {move || t_string!(i18n, negotiation.pulse_promise, count = format::count(u64::from(LEAST))).to_string()}
            </p>
        </fieldset>
    }
}

/// What units say together. Nothing where no group is large enough.
#[component]
pub(crate) fn PulseView(
    /// The units, the highest first.
    units: Vec<UnitPulse>,
) -> impl IntoView {
    let i18n = use_i18n();
    if units.is_empty() {
        return ().into_any();
    }
    let rows = units
        .into_iter()
        .map(|unit| view! { <Unit unit=unit /> })
        .collect_view();
    view! {
        <section class="pulse-of">
            <h3>{t!(i18n, negotiation.pulse)}</h3>
            <p class="sm muted">
                {move || t_string!(i18n, negotiation.pulse_hint, count = format::count(u64::from(LEAST))).to_string()}
            </p>
            <ul>{rows}</ul>
        </section>
    }
    .into_any()
}

/// A unit: its mean, how many said what, and reasons without names.
#[component]
fn Unit(unit: UnitPulse) -> impl IntoView {
    let i18n = use_i18n();
    let mean = unit.mean();
    let people = unit.people;
    let counts = (1..=MOST)
        .zip(unit.counts)
        .map(|(step, count)| {
            let count = u64::from(count);
            view! {
                <span class="sm nowrap">
                    <span class="muted">{step} ": "</span>
                    {format::count(count)}
                </span>
            }
        })
        .collect_view();
    let any = !unit.reasons.is_empty();
    let reasons = unit
        .reasons
        .into_iter()
        .map(|reason| view! { <li class="said sm">{reason}</li> })
        .collect_view();
    view! {
        <li data-pulse=unit.row.0 data-people=people>
            <p class="row wrap between">
                <b>{unit.name}</b>
                <span class="strong nowrap">{move || t_string!(i18n, negotiation.pulse_mean, mean = mean.clone()).to_string()}</span>
                <span class="sm muted nowrap">
                    {move || t_string!(i18n, negotiation.pulse_people, count = format::count(u64::from(people))).to_string()}
                </span>
                <span class="row wrap">{counts}</span>
            </p>
            {any
                .then(|| {
                    view! {
                        <details>
                            <summary class="sm">{t!(i18n, negotiation.pulse_reasons)}</summary>
                            <ul>{reasons}</ul>
                        </details>
                    }
                })}
        </li>
    }
}
