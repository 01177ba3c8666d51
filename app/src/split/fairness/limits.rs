//! What warns and what blocks publishing, for those who may set it.

use domain::fairness::{Limit, Limits, Measure, check_hedge_limit};
use domain::plan::Grid;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::choose_limits;
use crate::split::board::Board;
use crate::ui::{Button, ButtonSize, Toast, use_toasts, words_of};
use crate::words::{Locale, lang, t, t_string, td_string, use_i18n};

/// One of a hundred, in millionths.
const PERCENT_PPM: f64 = 10_000.0;

/// A limit as it is typed, in per cent; empty for none.
#[derive(Clone, Copy)]
struct Typed {
    measure: Measure,
    warn: RwSignal<String>,
    block: RwSignal<String>,
}

impl Typed {
    fn of(limit: &Limit) -> Self {
        Self {
            measure: limit.measure,
            warn: RwSignal::new(shown(limit.warn_ppm)),
            block: RwSignal::new(shown(limit.block_ppm)),
        }
    }

    /// None where something typed is no number.
    fn limit(self) -> Option<Limit> {
        Some(Limit {
            measure: self.measure,
            warn_ppm: self.warn.with_untracked(|text| parse(text))?,
            block_ppm: self.block.with_untracked(|text| parse(text))?,
        })
    }
}

fn shown(ppm: Option<u32>) -> String {
    ppm.map_or_else(String::new, |ppm| (f64::from(ppm) / PERCENT_PPM).to_string())
}

/// Per cent as people type it, in millionths; nothing typed is no limit, and what is no number is none.
#[expect(
    clippy::option_option,
    reason = "nothing typed, and something that is no number, are two things"
)]
fn parse(text: &str) -> Option<Option<u32>> {
    let text = text.trim().trim_end_matches(['%', '％']).trim();
    if text.is_empty() {
        return Some(None);
    }
    let percent: f64 = text.parse().ok()?;
    let ppm = (percent * PERCENT_PPM).round();
    (0.0..=f64::from(u32::MAX))
        .contains(&ppm)
        .then_some(Some(ppm as u32))
}

/// The limits, one line a measure.
#[component]
pub(super) fn LimitForm(
    /// The open plan: its rows are bounded by what is saved.
    board: Board,
    /// Those that hold; what is saved takes their place.
    limits: RwSignal<Limits>,
) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let typed: Vec<Typed> = limits.with_untracked(|limits| limits.list().iter().map(Typed::of).collect());
    // What stands in the field and is not changed is not sent: somebody else may have chosen another meanwhile.
    let seen_ppm = StoredValue::new(board.grid(Grid::hedge_limit_ppm));
    let bound = RwSignal::new(shown(Some(seen_ppm.get_value())));
    let wrong = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let lines = typed.clone();
    let typed = StoredValue::new(typed);
    let save = move |_| {
        let chosen: Option<Vec<Limit>> =
            typed.with_value(|typed| typed.iter().copied().map(Typed::limit).collect());
        let Some(chosen) = chosen else {
            wrong.set(Some(t_string!(i18n, fairness.not_a_number).to_owned()));
            return;
        };
        let new = Limits::with(&chosen);
        if let Err(error) = new.check() {
            wrong.set(Some(error.words(lang(i18n.get_locale_untracked()))));
            return;
        }
        // Nothing typed is the bound as it is.
        let Some(hedge_ppm) = bound.with_untracked(|text| parse(text)) else {
            wrong.set(Some(t_string!(i18n, fairness.not_a_number).to_owned()));
            return;
        };
        if let Some(Err(error)) = hedge_ppm.map(check_hedge_limit) {
            wrong.set(Some(error.words(lang(i18n.get_locale_untracked()))));
            return;
        }
        let hedge_ppm = hedge_ppm.filter(|ppm| *ppm != seen_ppm.get_value());
        wrong.set(None);
        busy.set(true);
        spawn_local(async move {
            let saved = choose_limits(chosen, hedge_ppm).await;
            // The page may have been left.
            let _gone = busy.try_set(false);
            match saved {
                Ok(()) => {
                    let _gone = limits.try_set(new);
                    if let Some(ppm) = hedge_ppm {
                        let _gone = seen_ppm.try_set_value(ppm);
                        board.bound_hedges(ppm);
                    }
                    toasts.show(Toast::done(t_string!(i18n, fairness.saved)));
                }
                Err(error) => drop(wrong.try_set(Some(words_of(&error, i18n)))),
            }
        });
    };
    let line = move |one: Typed| {
        let label = move || one.measure.label(lang(i18n.get_locale()));
        let field = move |name: &'static str, of: RwSignal<String>, what: fn(Locale) -> &'static str| {
            view! {
                <input
                    class="input s num"
                    name=format!("{name}-{}", one.measure.as_str())
                    inputmode="decimal"
                    autocomplete="off"
                    aria-label=move || format!("{} · {} (%)", label(), what(i18n.get_locale()))
                    prop:value=move || of.get()
                    on:input=move |event| of.set(event_target_value(&event))
                />
            }
        };
        view! {
            <li class="limit" data-limit=one.measure.as_str()>
                <span>
                    {label}
                    " "
                    <span class="muted nowrap">
                        {move || if one.measure.is_least() { t_string!(i18n, fairness.at_least) } else { t_string!(i18n, fairness.at_most) }}
                    </span>
                </span>
                {field("warn", one.warn, |locale| td_string!(locale, fairness.warns))}
                {field("block", one.block, |locale| td_string!(locale, fairness.blocks))}
            </li>
        }
    };
    view! {
        <details class="limits">
            <summary class="sm">{t!(i18n, fairness.limits)}</summary>
            <p class="sm muted">{t!(i18n, fairness.limits_hint)}</p>
            <div class="limit sm muted" aria-hidden="true">
                <span></span>
                <span>{t!(i18n, fairness.warns)}</span>
                <span>{t!(i18n, fairness.blocks)}</span>
            </div>
            <ul class="sm">{lines.into_iter().map(line).collect_view()}</ul>
            <label class="row between sm" data-limit="hedge">
                <span>{t!(i18n, fairness.hedge_limit)}</span>
                <input
                    class="input s num"
                    name="block-hedge"
                    inputmode="decimal"
                    autocomplete="off"
                    prop:value=move || bound.get()
                    on:input=move |event| bound.set(event_target_value(&event))
                />
            </label>
            <p class="sm is-far" role="alert">{move || wrong.get()}</p>
            <Button size=ButtonSize::Small busy=busy press=save>
                {t!(i18n, fairness.save)}
            </Button>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn per_cent_are_read_as_people_type_them() {
        for (text, ppm) in [
            ("60", 600_000),
            ("12.5 %", 125_000),
            ("0", 0),
            ("150％", 1_500_000),
        ] {
            assert_eq!(parse(text), Some(Some(ppm)), "{text}");
        }
        assert_eq!(parse("  "), Some(None));
        for bad in ["a", "-1", "NaN", "1e99"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
        assert_eq!(
            (shown(Some(125_000)), shown(None)),
            ("12.5".to_owned(), String::new())
        );
    }
}
