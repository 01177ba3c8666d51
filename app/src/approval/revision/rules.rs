//! The rules that propose a revision, and what is being chosen of them.

use domain::revision::{Rule, RuleKind};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::choose_rule;
use crate::ui::{Toast, use_toasts, words_of};
use crate::words::{t, t_string, use_i18n};

/// One of a hundred, in millionths.
const PERCENT_PPM: u32 = 10_000;
/// As many decimals has a per cent in millionths.
const DECIMALS: usize = 4;

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
        let percent = shown(rule.threshold_ppm);
        self.sent.set(percent.clone());
        self.threshold.set(percent);
    }

    /// Whether what is typed was not sent yet.
    fn is_new(self) -> bool {
        self.threshold.try_get_untracked() != self.sent.try_get_untracked()
    }

    /// None where what is typed is no number, and once the page was left.
    fn rule(self) -> Option<Rule> {
        Some(Rule {
            kind: self.kind,
            enabled: self.enabled.try_get_untracked()?,
            threshold_ppm: read(&self.threshold.try_get_untracked()?)?,
        })
    }
}

/// Millionths as per cent, with all their digits and no more.
fn shown(ppm: u32) -> String {
    let (whole, rest) = (ppm / PERCENT_PPM, ppm % PERCENT_PPM);
    if rest == 0 {
        return whole.to_string();
    }
    format!("{whole}.{rest:04}").trim_end_matches('0').to_owned()
}

/// Per cent as people type it, in millionths; none for what is no number, or is finer than them.
fn read(typed: &str) -> Option<u32> {
    let typed = typed.trim().trim_end_matches(['%', '％']).trim();
    let (whole, rest) = typed.split_once('.').unwrap_or((typed, ""));
    let is_digits = |part: &str| part.bytes().all(|sign| sign.is_ascii_digit());
    let is_nothing = whole.is_empty() && rest.is_empty();
    if is_nothing || rest.len() > DECIMALS || !is_digits(whole) || !is_digits(rest) {
        return None;
    }
    let whole: u32 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let rest: u32 = format!("{rest:0<DECIMALS$}").parse().ok()?;
    whole.checked_mul(PERCENT_PPM)?.checked_add(rest)
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
        // A field that is taken away with what was typed into it says so as its last: the page was left.
        if threshold.try_get_untracked().is_none() {
            return;
        }
        let Some(rule) = choosing.rule() else {
            wrong.set(Some(t_string!(i18n, approval.rule_no_number).to_owned()));
            return;
        };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn per_cent_is_shown_and_read_to_the_last_millionth() {
        for (ppm, text) in [
            (10_000, "1"),
            (75_000, "7.5"),
            (100_000, "10"),
            (123_456, "12.3456"),
            (900_001, "90.0001"),
        ] {
            assert_eq!(shown(ppm), text);
            assert_eq!(read(text), Some(ppm));
        }
        for (text, ppm) in [
            ("7.5 %", 75_000),
            (" .5", 5_000),
            ("8.", 80_000),
            ("12.50％", 125_000),
        ] {
            assert_eq!(read(text), Some(ppm), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in ["", "%", ".", "ten", "-5", "1.2.3", "7,5", "1.23456", "9999999999"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
