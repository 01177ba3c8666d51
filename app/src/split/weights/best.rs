//! The three ways of splitting that did best on the past, above the sliders: how much of the money each would have asked of the
//! wrong people, and between what that lies. A press sets the sliders to one.

use domain::backtest::models::{Figures, Model, Preset};
use domain::format;
use domain::plan::Basis;
use leptos::prelude::*;

use super::blend::Blend;
use super::models::{Loaded, between, preset_name};
use crate::ui::{Standing, Tag, TagKind};
use crate::words::{Words, t, t_string, use_i18n};

/// Ways that are shown.
const SHOWN: usize = 3;
/// The longest bar, in hundredths of the room for bars.
const LONGEST: f64 = 100.0;

/// The strip; nothing where no way could be tested, which the table below the sliders says.
#[component]
pub(super) fn Best(
    loaded: Loaded,
    blend: Blend,
    /// Nothing can be set.
    fixed: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    move || {
        let Some(Some(Ok(models))) = loaded.get() else {
            return ().into_any();
        };
        let best = models.best();
        let leading = models.leading(SHOWN);
        if leading.is_empty() {
            return ().into_any();
        }
        // Bars are as long as the widest interval that is shown reaches.
        let reach = leading
            .iter()
            .map(|(_, figures)| figures.misplaced.interval.high.max(figures.misplaced.value))
            .fold(0.0, f64::max);
        let ways = leading
            .into_iter()
            .map(|(model, figures)| {
                let is_best = best == Some(model.preset);
                let model = model.clone();
                view! { <Way model=model figures=figures is_best=is_best reach=reach blend=blend fixed=fixed /> }
            })
            .collect_view();
        view! {
            <section class="best" data-part="best-ways">
                <h3 class="row between sm">
                    <span class="strong">{t!(i18n, weights.best)}</span>
                    <span class="muted" title=t!(i18n, weights.misplaced_hint)>{t!(i18n, weights.misplaced)}</span>
                </h3>
                <ol>{ways}</ol>
                {best
                    .is_none()
                    .then(|| view! { <p class="sm muted">{t!(i18n, weights.no_difference)}</p> })}
            </section>
        }
        .into_any()
    }
}

/// One way with its score.
#[component]
fn Way(
    model: Model,
    figures: Figures,
    /// Clearly better than every other.
    is_best: bool,
    /// Where the longest bar ends.
    reach: f64,
    blend: Blend,
    fixed: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let Model { preset, shares, .. } = model;
    let misplaced = figures.misplaced;
    let score = format::percent(misplaced.value);
    let interval = between(misplaced.interval, format::percent);
    let long = |value: f64| {
        let part = if reach > 0.0 { value / reach } else { 0.0 };
        format!("{:.1}", part.clamp(0.0, 1.0) * LONGEST)
    };
    let (low, high) = (misplaced.interval.low, misplaced.interval.high);
    let (bar, from, width) = (long(misplaced.value), long(low), long(high - low));
    let wanted = StoredValue::new(shares);
    // The sliders may be moved back to a way by hand, too.
    let is_set = Memo::new(move |_| {
        blend
            .shares
            .with(|now| wanted.with_value(|shares| are_alike(now, shares)))
    });
    view! {
        <li>
            <button
                type="button"
                class="way sm"
                data-best=preset.as_str()
                disabled=fixed
                aria-pressed=move || is_set.get().to_string()
                on:click=move |_| wanted.with_value(|shares| blend.take(shares))
            >
                <span class="row between">
                    <span>
                        {move || named(preset, is_set.get(), i18n)}
                        {is_best.then(|| view! {
                            " "
                            <Tag kind=TagKind::Standing(Standing::Ahead)>{t!(i18n, weights.better)}</Tag>
                        })}
                    </span>
                    <span class="nowrap">
                        <span class="sr">", " {t!(i18n, weights.misplaced)} " "</span>
                        <b>{score}</b>
                        " "
                        <span class="muted">{interval}</span>
                    </span>
                </span>
                <svg class="score" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                    <rect class="of" x="0" y="0" width=bar height="6" />
                    <rect class="range" x=from y="2" width=width height="2" />
                </svg>
            </button>
        </li>
    }
}

/// What a way is called, told apart without colour where the sliders are at it.
fn named(preset: Preset, is_set: bool, i18n: Words) -> AnyView {
    let name = preset_name(preset, i18n);
    if is_set {
        let hint = t_string!(i18n, weights.best_set);
        view! { <b title=hint><span aria-hidden="true">"✓ "</span> {name}</b> }.into_any()
    } else {
        name.into_any()
    }
}

/// Whether every basis has the same share in both; what is not named has none.
fn are_alike(shares: &[(Basis, u32)], wanted: &[(Basis, u32)]) -> bool {
    let share = |of: &[(Basis, u32)], basis: Basis| {
        let found = of.iter().find(|(known, _)| *known == basis);
        found.map_or(0, |(_, share_ppm)| *share_ppm)
    };
    let mut all = shares.iter().chain(wanted);
    all.all(|(basis, _)| share(shares, *basis) == share(wanted, *basis))
}

#[cfg(test)]
mod tests {
    use domain::plan::Basis;

    use super::are_alike;

    #[test]
    fn a_way_is_told_by_its_shares_whatever_stands_beside_them() {
        let sliders = [
            (Basis::Equal, 0),
            (Basis::History, 600_000),
            (Basis::Capability, 400_000),
        ];
        assert!(are_alike(
            &sliders,
            &[(Basis::Capability, 400_000), (Basis::History, 600_000)]
        ));
        assert!(!are_alike(&sliders, &[(Basis::History, 600_000)]));
        assert!(!are_alike(
            &sliders,
            &[
                (Basis::History, 600_000),
                (Basis::Capability, 300_000),
                (Basis::Pipeline, 100_000)
            ]
        ));
    }
}
