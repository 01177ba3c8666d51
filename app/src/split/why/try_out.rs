//! What the split would give if the one whose number it is counted more or less in a basis.

use domain::explain::BasisShare;
use domain::explain::what_if::Growth;
use domain::format;
use domain::money::Minor;
use domain::plan::Basis;
use domain::why::WhatIf;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::ask::Of;
use super::basis_name;
use crate::error::AppError;
use crate::ui::{Choice, ErrorView, Select};
use crate::words::{Words, t, t_string, use_i18n};

/// The change that is tried first, in per cent.
const FIRST_PCT: i32 = 20;

/// A basis, a change, and what comes of it. Nothing is asked before it is opened.
#[component]
pub(super) fn TryOut(of: Of, formula: Vec<BasisShare>) -> impl IntoView {
    let i18n = use_i18n();
    let has_pipeline = formula.iter().any(|share| share.basis == Basis::Pipeline);
    // That everybody counts the same is nothing of one's own that could grow.
    let bases: Vec<Basis> = formula
        .iter()
        .map(|share| share.basis)
        .filter(|basis| *basis != Basis::Equal)
        .collect();
    let split = !formula.is_empty();
    let no_pipeline = move || {
        (split && !has_pipeline)
            .then(|| view! { <p class="sm muted" data-part="no-pipeline">{t!(i18n, why.no_pipeline)}</p> })
    };
    let Some(first) = bases.first().copied() else {
        return no_pipeline().into_any();
    };
    let basis = RwSignal::new(first);
    let change = RwSignal::new(FIRST_PCT);
    let answer = RwSignal::new(None::<Result<WhatIf, AppError>>);
    let ask = move || {
        let growth = Growth {
            basis: basis.get_untracked(),
            change_pct: change.get_untracked(),
        };
        spawn_local(async move {
            let found = of.what_if(growth).await;
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
                if answer.with_untracked(Option::is_none) {
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
                        Some(Ok(found)) => view! { <Outcome found=found /> }.into_any(),
                        Some(Err(error)) => view! { <ErrorView error=error /> }.into_any(),
                    }}
                </div>
                <p class="sm muted">{t!(i18n, why.what_if_hint)}</p>
                {no_pipeline()}
            </div>
        </details>
    }
    .into_any()
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
            {move || sentence(&found, i18n)}
        </p>
    }
}

fn sentence(found: &WhatIf, i18n: Words) -> String {
    let WhatIf {
        currency,
        tried,
        above,
    } = found;
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
    let (above, others) = (above.clone(), tried.others);
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
