//! The way of a version: its steps, and what was decided.

use domain::approval::{Approver, Decided, Decision, Shown, Step, StepState};
use domain::people::actor;
use leptos::prelude::*;

use crate::frame::{moment, role_name};
use crate::ui::{Standing, Tag, TagKind};
use crate::words::{Locale, lang, t, t_string, td_string, use_i18n};

/// The steps and what was decided.
#[component]
pub(super) fn Way(shown: Shown) -> impl IntoView {
    let i18n = use_i18n();
    let handed_in = shown.submission.map(|submission| {
        let (by, at_ms) = (submission.by, submission.at_ms);
        let text = move || {
            let lang = lang(i18n.get_locale());
            t_string!(
                i18n,
                approval.handed_in,
                by = actor(&by, lang).to_owned(),
                when = moment(at_ms, lang)
            )
            .to_string()
        };
        view! {
            <p class="sm muted">{text}</p>
            {submission.note.map(|note| view! { <p class="said">{note}</p> })}
        }
    });
    let count = shown.steps.len();
    let none = count == 0;
    view! {
        <section class="card" data-steps=count>
            <header><h2>{t!(i18n, approval.way)}</h2></header>
            {handed_in}
            {none.then(|| view! { <p class="muted">{t!(i18n, approval.no_steps)}</p> })}
            <ol class="way">{shown.steps.into_iter().map(|step| view! { <StepLine step=step /> }).collect_view()}</ol>
            {(!shown.decided.is_empty()).then(|| view! { <h3>{t!(i18n, approval.decided)}</h3> })}
            <ul class="queue">{shown.decided.into_iter().map(|decided| view! { <DecidedLine decided=decided /> }).collect_view()}</ul>
        </section>
    }
}

/// What a step is called, whoever may decide it.
pub(super) fn approver_name(approver: Approver, names: &[String], locale: Locale) -> String {
    match approver {
        Approver::Planners => td_string!(locale, approval.by_planners).to_owned(),
        Approver::Role { role } => role_name(role, locale).to_owned(),
        Approver::Person { .. } => names
            .first()
            .cloned()
            .unwrap_or_else(|| td_string!(locale, approval.by_nobody).to_owned()),
    }
}

#[component]
fn StepLine(step: Step) -> impl IntoView {
    let i18n = use_i18n();
    let Step {
        approver,
        names,
        state,
    } = step;
    let stuck = names.is_empty() && !matches!(state, StepState::Passed { .. });
    let joined = names.clone();
    let who = move || approver_name(approver, &names, i18n.get_locale());
    let mark = match state {
        StepState::Later => view! { <Tag>{t!(i18n, approval.step_later)}</Tag> }.into_any(),
        StepState::Now => view! { <Tag kind=TagKind::Accent>{t!(i18n, approval.step_now)}</Tag> }.into_any(),
        StepState::Passed { by, at_ms } => {
            let text = move || {
                let lang = lang(i18n.get_locale());
                format!("{}, {}", actor(&by, lang), moment(at_ms, lang))
            };
            view! {
                <Tag kind=TagKind::Standing(Standing::Ahead)>{t!(i18n, approval.step_passed)}</Tag>
                <span class="sm muted">{text}</span>
            }
            .into_any()
        }
    };
    view! {
        <li>
            <p class="row wrap"><b>{who}</b> {mark}</p>
            {(joined.len() > 1).then(|| view! { <p class="sm muted">{joined.join(" · ")}</p> })}
            {stuck.then(|| view! { <p class="sm is-behind">{t!(i18n, approval.step_stuck)}</p> })}
        </li>
    }
}

#[component]
fn DecidedLine(decided: Decided) -> impl IntoView {
    let i18n = use_i18n();
    let Decided {
        decision,
        by,
        at_ms,
        note,
    } = decided;
    let kind = match decision {
        Decision::Approved => TagKind::Standing(Standing::Ahead),
        Decision::Returned => TagKind::Standing(Standing::Far),
        Decision::TakenBack => TagKind::Plain,
        Decision::Overridden | Decision::BeyondLimits | Decision::ReplacedBase => {
            TagKind::Standing(Standing::Behind)
        }
    };
    let what = move || match decision {
        Decision::Approved => t_string!(i18n, approval.d_approved),
        Decision::Returned => t_string!(i18n, approval.d_returned),
        Decision::TakenBack => t_string!(i18n, approval.d_taken_back),
        Decision::Overridden => t_string!(i18n, approval.d_overridden),
        Decision::BeyondLimits => t_string!(i18n, approval.d_beyond_limits),
        Decision::ReplacedBase => t_string!(i18n, approval.d_replaced_base),
    };
    let text = move || {
        let lang = lang(i18n.get_locale());
        format!("{}, {}", actor(&by, lang), moment(at_ms, lang))
    };
    view! {
        <li data-decision=decision.as_str()>
            <p class="row wrap"><Tag kind=kind>{what}</Tag> <span class="sm muted">{text}</span></p>
            {note.map(|note| view! { <p class="said">{note}</p> })}
        </li>
    }
}
