//! What it would mean if the open deals of a number grew: from the deals through the formula of the split to the number, step by
//! step, and what that does to the chance of reaching it.

use domain::explain::what_if::Line;
use domain::explain::{Step, StepKind};
use domain::format;
use domain::money::{Currency, Minor};
use domain::why::{Grown, Reach};
use leptos::prelude::*;

use super::step_name;
use super::try_out::sentence;
use crate::words::{t, t_string, use_i18n};

/// The deals, the steps of the formula, and the chances.
#[component]
pub(super) fn PipelineOutcome(found: Grown) -> impl IntoView {
    let i18n = use_i18n();
    let Grown {
        currency,
        change_pct,
        open,
        grown,
        number,
        split,
        above,
        reach,
    } = found;
    let (before, after) = split.as_ref().map_or((number, number), |split| {
        let tried = split.tried;
        (tried.before, tried.after)
    });
    let deals = {
        let (open, grown) = (
            format::currency(open, &currency),
            format::currency(grown, &currency),
        );
        let change = format::percent_change(f64::from(change_pct) / 100.0);
        move || {
            t_string!(
                i18n,
                why.deals,
                open = open.clone(),
                grown = grown.clone(),
                change = change.clone()
            )
            .to_string()
        }
    };
    let nothing_open = (open == Minor(0))
        .then(|| view! { <p class="sm muted" data-part="no-deals">{t!(i18n, why.no_deals)}</p> });
    let through = match split {
        Some(split) => {
            let (tried, currency, lines) = (split.tried, currency.clone(), split.lines);
            let words = {
                let currency = currency.clone();
                move || sentence(&currency, tried, &above, i18n)
            };
            view! {
                <Lines lines=lines before=before after=after currency=currency />
                <p>{words}</p>
            }
            .into_any()
        }
        None => view! { <p data-part="no-pipeline">{t!(i18n, why.no_pipeline)}</p> }.into_any(),
    };
    view! {
        <div
            class="stack"
            data-figure="what-if"
            data-minor=after.0.to_string()
            data-difference=(after.0 - before.0).to_string()
            data-change=change_pct.to_string()
            data-open=open.0.to_string()
            data-grown=grown.0.to_string()
        >
            <p>{deals}</p>
            {nothing_open}
            {through}
            <Chances reach=reach />
        </div>
    }
}

/// The steps of the formula as they are and as they would be, and what they sum to.
#[component]
fn Lines(lines: Vec<Line>, before: Minor, after: Minor, currency: Currency) -> impl IntoView {
    let i18n = use_i18n();
    let rows = lines
        .into_iter()
        .filter_map(|line| {
            let kind = line.kind()?.clone();
            let amount = |step: Option<&Step>| step.map_or(Minor(0), |step| step.amount);
            let (was, is) = (amount(line.before.as_ref()), amount(line.after.as_ref()));
            let part = |step: Option<&Step>| step.and_then(|step| part(&step.kind));
            let parts = (part(line.before.as_ref()), part(line.after.as_ref()));
            let share = match parts {
                (Some(was), Some(is)) if was != is => Some(format!("{was} → {is}")),
                (Some(part), _) | (None, Some(part)) => Some(part),
                (None, None) => None,
            };
            Some(view! {
                <tr data-before=was.0.to_string() data-after=is.0.to_string()>
                    <th scope="row">
                        {move || step_name(&kind, i18n)}
                        {share.map(|share| view! { <p class="sm muted">{share}</p> })}
                    </th>
                    <td class="num">{format::full(was, &currency)}</td>
                    <td class="num">{format::full(is, &currency)}</td>
                </tr>
            })
        })
        .collect_view();
    let sums = [before, after].map(|sum| format::full(sum, &currency));
    let [before, after] = sums;
    view! {
        <div class="scroll-x" tabindex="0">
            <table class="tb sm">
                <caption class="sr">{t!(i18n, why.deals_steps)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, why.deals_step)}</th>
                        <th scope="col" class="num">{t!(i18n, why.deals_now)}</th>
                        <th scope="col" class="num">{t!(i18n, why.deals_then)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
                <tfoot>
                    <tr>
                        <th scope="row">{t!(i18n, why.deals_sum)}</th>
                        <td class="num"><b>{before}</b></td>
                        <td class="num"><b>{after}</b></td>
                    </tr>
                </tfoot>
            </table>
        </div>
    }
}

/// The share of a basis, and the part of its siblings' weight that the row has in it.
fn part(kind: &StepKind) -> Option<String> {
    let StepKind::Basis {
        share_ppm,
        weight,
        of_weight,
        ..
    } = kind
    else {
        return None;
    };
    let part = if *of_weight == 0 {
        0.0
    } else {
        *weight as f64 / *of_weight as f64
    };
    let share = format::percent(f64::from(*share_ppm) / 1_000_000.0);
    Some(format!("{share} × {}", format::percent(part)))
}

/// The chances that the number is reached.
#[component]
fn Chances(reach: Option<Reach>) -> impl IntoView {
    let i18n = use_i18n();
    let Some(Reach { now, kept, asked }) = reach else {
        return view! { <p class="sm muted" data-part="no-chance">{t!(i18n, why.no_chance)}</p> }.into_any();
    };
    let asked = asked.map(|asked| {
        view! {
            <dt class="muted">{t!(i18n, why.chance_asked)}</dt>
            <dd data-chance="asked">{format::chance(asked)}</dd>
        }
    });
    view! {
        <dl class="sm" data-part="chances">
            <dt class="muted">{t!(i18n, why.chance_now)}</dt>
            <dd data-chance="now">{format::chance(now)}</dd>
            <dt class="muted">{t!(i18n, why.chance_kept)}</dt>
            <dd data-chance="kept">{format::chance(kept)}</dd>
            {asked}
        </dl>
        <p class="sm muted">{t!(i18n, why.chance_hint)}</p>
    }
    .into_any()
}
