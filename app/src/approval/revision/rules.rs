//! The rules that propose a revision, and what is being chosen of them.

use domain::revision::{Rule, RuleKind};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::choose_rule;
use crate::ui::{Toast, use_toasts, words_of};
use crate::words::{t, t_string, use_i18n};

/// One of a hundred, in millionths.
const PERCENT_PPM: u32 = 10_000;

/// What is chosen of a rule.
#[derive(Clone, Copy)]
pub struct Choosing {
    /// Of which.
    pub(super) kind: RuleKind,
    enabled: RwSignal<bool>,
    /// Per cent, as typed.
    threshold: RwSignal<String>,
    /// The same as it was last loaded or sent.
    sent: RwSignal<String>,
    wrong: RwSignal<Option<String>>,
    /// Whether it was changed here: what was loaded before that is older.
    changed: RwSignal<bool>,
}

impl Choosing {
    /// Nothing yet.
    pub(super) fn new(kind: RuleKind) -> Self {
        Self {
            kind,
            enabled: RwSignal::new(false),
            threshold: RwSignal::new(String::new()),
            sent: RwSignal::new(String::new()),
            wrong: RwSignal::new(None),
            changed: RwSignal::new(false),
        }
    }

    /// Takes what is stored, where nothing was changed here; once that is what was sent, it follows again.
    pub(super) fn follow(self, rule: Rule) {
        if self.changed.get_untracked() {
            let came_back = !self.is_new() && self.rule() == Some(rule);
            self.changed.set(!came_back);
            return;
        }
        self.enabled.set(rule.enabled);
        let percent = (rule.threshold_ppm / PERCENT_PPM).to_string();
        self.sent.set(percent.clone());
        self.threshold.set(percent);
    }

    /// Whether what is typed was not sent yet.
    fn is_new(self) -> bool {
        self.threshold.try_get_untracked() != self.sent.try_get_untracked()
    }

    /// None once the page was left: a field that is taken away with what was typed into it says so as its last.
    fn rule(self) -> Option<Rule> {
        let typed = self.threshold.try_get_untracked()?;
        let typed = typed.trim().trim_end_matches(['%', '％']).trim();
        let percent: u32 = typed.parse().unwrap_or_default();
        Some(Rule {
            kind: self.kind,
            enabled: self.enabled.try_get_untracked()?,
            threshold_ppm: percent.saturating_mul(PERCENT_PPM),
        })
    }
}

/// A rule; what is changed of it holds at once.
#[component]
pub(super) fn RuleLine(rule: Rule, choosing: Choosing) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let Choosing {
        kind,
        enabled,
        threshold,
        sent,
        wrong,
        changed,
    } = choosing;
    let save = move || {
        let Some(rule) = choosing.rule() else { return };
        wrong.set(None);
        changed.set(true);
        sent.set(threshold.get_untracked());
        spawn_local(async move {
            match choose_rule(rule).await {
                Ok(()) => toasts.show(Toast::done(t_string!(i18n, approval.chain_saved))),
                // The page may have been left.
                Err(error) => drop(wrong.try_set(Some(words_of(&error, i18n)))),
            }
        });
    };
    // Enter is a change as well, and one change is sent once.
    let save_new = move || {
        if choosing.is_new() {
            save();
        }
    };
    let name = move || match kind {
        RuleKind::MonthEnd => t_string!(i18n, approval.rule_month),
        RuleKind::QuarterEnd => t_string!(i18n, approval.rule_quarter),
        RuleKind::HalfEnd => t_string!(i18n, approval.rule_half),
        RuleKind::Pace => t_string!(i18n, approval.rule_pace),
        RuleKind::Factor => t_string!(i18n, approval.rule_factor),
    };
    view! {
        <li class="row wrap" data-rule=kind.as_str()>
            <label class="row">
                <input
                    type="checkbox"
                    prop:checked=move || enabled.get()
                    checked=rule.enabled
                    on:change=move |event| {
                        enabled.set(event_target_checked(&event));
                        save();
                    }
                />
                {name}
            </label>
            {(kind == RuleKind::Pace).then(|| view! {
                <span class="row">
                    <input
                        class="input s num percent"
                        name="threshold"
                        inputmode="decimal"
                        aria-label=move || format!("{} (%)", name())
                        aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                        prop:value=move || threshold.get()
                        on:input=move |event| {
                            changed.set(true);
                            threshold.set(event_target_value(&event));
                        }
                        on:change=move |_| save_new()
                        on:keydown=move |event| {
                            if event.key() == "Enter" {
                                save_new();
                            }
                        }
                    />
                    {t!(i18n, approval.rule_threshold)}
                </span>
            })}
            <span class="sm is-far" role="alert">{move || wrong.get()}</span>
        </li>
    }
}
