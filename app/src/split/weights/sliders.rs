//! A slider for each basis; together they always make the whole.

use domain::basis::WHOLE_PPM;
use domain::format;
use domain::plan::Basis;
use leptos::prelude::*;

use super::basis_name;
use super::blend::Blend;
use crate::words::{Words, t_string, use_i18n};

/// Millionths of a step of a slider: one in a hundred.
const STEP_PPM: u32 = WHOLE_PPM / 100;

/// The sliders, in the order of [`Basis::ALL`].
#[component]
pub(super) fn Sliders(
    blend: Blend,
    /// Nothing can be moved.
    fixed: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let known: Vec<Basis> = blend
        .shares
        .with_untracked(|shares| shares.iter().map(|(basis, _)| *basis).collect());
    let slider = |basis: Basis| {
        let percent = move || format::percent(f64::from(blend.share_ppm(basis)) / f64::from(WHOLE_PPM));
        view! {
            <label class="basis">
                <span class="row between">
                    <span>
                        <b>{move || basis_name(basis, i18n)}</b>
                        " "
                        <span class="sm muted">{move || hint(basis, i18n)}</span>
                    </span>
                    <b class="nowrap">{percent}</b>
                </span>
                <input
                    type="range"
                    name=basis.as_str()
                    min="0"
                    max="100"
                    step="1"
                    disabled=fixed
                    aria-valuetext=percent
                    prop:value=move || ((blend.share_ppm(basis) + STEP_PPM / 2) / STEP_PPM).to_string()
                    on:input=move |event| {
                        let hundredths = event_target_value(&event).parse::<u32>().unwrap_or(0).min(100);
                        blend.slide(basis, hundredths * STEP_PPM);
                    }
                />
            </label>
        }
    };
    // The measures people know first: what was done, what can be expected; equality closes the list.
    let mut shown: Vec<Basis> = Basis::ALL
        .into_iter()
        .filter(|basis| *basis != Basis::Equal && known.contains(basis))
        .collect();
    shown.extend(known.contains(&Basis::Equal).then_some(Basis::Equal));
    shown.into_iter().map(slider).collect_view()
}

/// What a basis counts.
fn hint(basis: Basis, words: Words) -> &'static str {
    match basis {
        Basis::Equal => t_string!(words, split.basis_equal_hint),
        Basis::History => t_string!(words, split.basis_history_hint),
        Basis::Capability => t_string!(words, weights.hint_capability),
        Basis::Potential => t_string!(words, weights.hint_potential),
        Basis::Customers => t_string!(words, weights.hint_customers),
        Basis::Pipeline => t_string!(words, weights.hint_pipeline),
        Basis::Imported => t_string!(words, weights.hint_imported),
    }
}
