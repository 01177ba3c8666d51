//! The formula of the split in words, and in signs for who wants it exactly.

use domain::explain::BasisShare;
use domain::format;
use domain::plan::Basis;
use leptos::prelude::*;

use super::basis_name;
use crate::split::weights::formula::{expression, letter};
use crate::words::{Words, is_chinese, t, t_string, use_i18n};

/// By what the number was split, readable by everyone it concerns.
#[component]
pub(super) fn Formula(
    shares: Vec<BasisShare>,
    /// Whether a ramp, an assignment or a season made a difference.
    has_factors: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    if shares.is_empty() {
        return view! { <p class="sm muted" data-part="formula">{t!(i18n, why.no_formula)}</p> }.into_any();
    }
    let signs: Vec<(Basis, u32)> = shares
        .iter()
        .map(|share| (share.basis, share.share_ppm))
        .collect();
    let legend = signs
        .iter()
        .map(|(basis, _)| {
            let basis = *basis;
            view! {
                <dt><i>{letter(basis)}</i></dt>
                <dd>{move || basis_name(basis, i18n)}</dd>
            }
        })
        .collect_view();
    let words = move || {
        let comma = if is_chinese(i18n.get_locale()) {
            "，"
        } else {
            ", "
        };
        let parts: Vec<String> = shares.iter().map(|share| part(*share, i18n)).collect();
        parts.join(comma)
    };
    view! {
        <p data-part="formula">
            <b>{t!(i18n, why.formula)}</b>
            " "
            {words}
            <span class="sm muted">{t!(i18n, why.formula_public)}</span>
        </p>
        <details class="signs sm" data-part="expression">
            <summary>{t!(i18n, why.expression)}</summary>
            <p><code>{expression(&signs, has_factors)}</code></p>
            <dl class="muted">
                <dt><i>"x"</i></dt>
                <dd>{t!(i18n, weights.legend_x)}</dd>
                <dt><i>"T"</i></dt>
                <dd>{t!(i18n, weights.legend_total)}</dd>
                {legend}
                {has_factors.then(|| view! {
                    <dt><i>"f"</i></dt>
                    <dd>{t!(i18n, why.legend_factor)}</dd>
                })}
                <dt>"Σ"</dt>
                <dd>{t!(i18n, weights.legend_sum)}</dd>
            </dl>
        </details>
    }
    .into_any()
}

/// One part in the words of the sliders that set it.
fn part(share: BasisShare, i18n: Words) -> String {
    let percent = format::percent(f64::from(share.share_ppm) / 1_000_000.0).replace(' ', "\u{a0}");
    match share.basis {
        Basis::Equal => t_string!(i18n, weights.by_equal, share = percent).to_string(),
        Basis::History => t_string!(i18n, weights.by_history, share = percent).to_string(),
        Basis::Capability => t_string!(i18n, weights.by_capability, share = percent).to_string(),
        Basis::Potential => t_string!(i18n, weights.by_potential, share = percent).to_string(),
        Basis::Customers => t_string!(i18n, weights.by_customers, share = percent).to_string(),
        Basis::Pipeline => t_string!(i18n, weights.by_pipeline, share = percent).to_string(),
        Basis::Imported => t_string!(i18n, weights.by_imported, share = percent).to_string(),
    }
}
