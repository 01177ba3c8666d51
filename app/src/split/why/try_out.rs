//! What the split would give if the one whose number it is counted more or less in a basis.

use domain::explain::BasisShare;
use domain::explain::what_if::{Growth, Tried};
use domain::format;
use domain::money::{Currency, Minor};
use domain::plan::Basis;
use domain::why::{Grown, WhatIf};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::ask::Of;
use super::basis_name;
use super::pipeline::PipelineOutcome;
use crate::error::AppError;
use crate::ui::{Choice, ErrorView, Select};
use crate::words::{Words, t, t_string, use_i18n};

/// The change that is tried first, in per cent.
const FIRST_PCT: i32 = 20;

/// What comes of a change.
#[derive(Clone)]
enum Answer {
    /// Of the open deals: for the number, and for the chance that it is reached.
    Pipeline(Grown),
    /// Of another basis.
    Basis(WhatIf),
}

/// A basis, a change, and what comes of it. It begins with the open deals, which people can do something about. Nothing is asked
/// before it is opened.
#[component]
pub(super) fn TryOut(of: Of, formula: Vec<BasisShare>) -> impl IntoView {
    let i18n = use_i18n();
    // That everybody counts the same is nothing of one's own that could grow.
    let others = formula
        .iter()
        .map(|share| share.basis)
        .filter(|basis| !matches!(basis, Basis::Equal | Basis::Pipeline));
    let bases: Vec<Basis> = std::iter::once(Basis::Pipeline).chain(others).collect();
    let basis = RwSignal::new(Basis::Pipeline);
    let change = RwSignal::new(FIRST_PCT);
    let answer = RwSignal::new(None::<Result<Answer, AppError>>);
    let ask = move || {
        let growth = Growth {
            basis: basis.get_untracked(),
            change_pct: change.get_untracked(),
        };
        spawn_local(async move {
            let found = match growth.basis {
                Basis::Pipeline => of.pipeline(growth.change_pct).await.map(Answer::Pipeline),
                _ => of.what_if(growth).await.map(Answer::Basis),
            };
            // Something else may have been asked for since, and the card may be gone.
            let now = (basis.try_get_untracked(), change.try_get_untracked());
            if now == (Some(growth.basis), Some(growth.change_pct)) {
                let _gone = answer.try_update(|answer| *answer = Some(found));
            }
        });
    };
    // It may have been opened before the program was there to hear it.
    let element = NodeRef::<html::Details>::new();
    Effect::new(move |_| {
        let opened = element.get().is_some_and(|element| element.has_attribute("open"));
        if opened && answer.with_untracked(Option::is_none) {
            ask();
        }
    });
    let choices = Signal::derive(move || {
        bases
            .iter()
            .map(|basis| Choice::new(basis.as_str(), basis_name(*basis, i18n)))
            .collect::<Vec<_>>()
    });
    let percent = move || format::percent_change(f64::from(change.get()) / 100.0);
    let pick = Callback::new(move |picked: String| {
        if let Some(picked) = Basis::parse(&picked) {
            basis.set(picked);
            ask();
        }
    });
    view! {
        <details
            node_ref=element
            class="try-out"
            data-part="what-if"
            on:toggle=move |_| {
                // Told of a moment later: the card may be closed.
                if answer.try_with_untracked(Option::is_none) == Some(true) {
                    ask();
                }
            }
        >
            <summary><h3>{t!(i18n, why.what_if)}</h3></summary>
            <div class="stack">
                <Select
                    label=t!(i18n, why.basis)
                    name=format!("what-if-{}", of.name())
                    choices=choices
                    value=Signal::derive(move || basis.get().as_str().to_owned())
                    on_pick=pick
                />
                <label class="basis">
                    <span class="row between">
                        <span>{t!(i18n, why.change)}</span>
                        <b class="nowrap">{percent}</b>
                    </span>
                    <input
                        type="range"
                        min="-50"
                        max="100"
                        step="5"
                        value=FIRST_PCT.to_string()
                        prop:value=move || change.get().to_string()
                        aria-valuetext=percent
                        on:input=move |event| {
                            if let Ok(typed) = event_target_value(&event).parse::<i32>() {
                                change.set(typed);
                            }
                        }
                        on:change=move |_| ask()
                    />
                </label>
                <div role="status">
                    {move || match answer.get() {
                        None => view! { <p class="sm muted">{t!(i18n, why.asking)}</p> }.into_any(),
                        Some(Ok(Answer::Pipeline(found))) => view! { <PipelineOutcome found=found /> }.into_any(),
                        Some(Ok(Answer::Basis(found))) => view! { <Outcome found=found /> }.into_any(),
                        Some(Err(error)) => view! { <ErrorView error=error /> }.into_any(),
                    }}
                </div>
                <p class="sm muted">{t!(i18n, why.what_if_hint)}</p>
            </div>
        </details>
    }
}

#[component]
fn Outcome(found: WhatIf) -> impl IntoView {
    let i18n = use_i18n();
    let (before, after) = (found.tried.before.0, found.tried.after.0);
    let change_pct = found.tried.growth.change_pct;
    view! {
        <p
            data-figure="what-if"
            data-minor=after.to_string()
            data-difference=(after - before).to_string()
            data-change=change_pct.to_string()
        >
            {move || sentence(&found.currency, found.tried, &found.above, i18n)}
        </p>
    }
}

/// What the split would give, in words.
pub(super) fn sentence(currency: &Currency, tried: Tried, above: &str, i18n: Words) -> String {
    let difference = tried.after.0 - tried.before.0;
    let before = format::currency(tried.before, currency);
    if !tried.counts {
        let basis = basis_name(tried.growth.basis, i18n);
        return t_string!(i18n, why.no_weight, basis = basis, before = before).to_string();
    }
    if tried.growth.change_pct == 0 {
        return t_string!(i18n, why.no_change, before = before).to_string();
    }
    if difference == 0 {
        return t_string!(i18n, why.held, before = before).to_string();
    }
    let after = format::currency(tried.after, currency);
    let change = format::full(Minor(difference), currency);
    let (above, others) = (above.to_owned(), tried.others);
    if difference > 0 {
        let change = format!("+{change}");
        t_string!(
            i18n,
            why.more,
            after = after,
            before = before,
            change = change,
            others = others,
            above = above
        )
        .to_string()
    } else {
        t_string!(
            i18n,
            why.less,
            after = after,
            before = before,
            change = change,
            others = others,
            above = above
        )
        .to_string()
    }
}
