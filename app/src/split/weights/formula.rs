//! How a row's amount follows from the blend: in words, in signs, and what the signs mean.

use domain::basis::WHOLE_PPM;
use domain::format;
use domain::plan::{Basis, FactorKind};
use leptos::prelude::*;

use super::basis_name;
use super::blend::Blend;
use super::factors::factor_name;
use crate::words::{Words, is_chinese, t, t_string, use_i18n};

/// The formula of the blend that the sliders show.
#[component]
pub(super) fn Formula(blend: Blend) -> impl IntoView {
    let i18n = use_i18n();
    let parts = Memo::new(move |_| {
        let mut parts = blend.shares.get();
        parts.retain(|(_, share_ppm)| *share_ppm > 0);
        parts.sort_by_key(|(_, share_ppm)| std::cmp::Reverse(*share_ppm));
        parts
    });
    let counting = Memo::new(move |_| blend.counting());
    let words = move || {
        let comma = if is_chinese(i18n.get_locale()) {
            "，"
        } else {
            ", "
        };
        let mut told: Vec<String> = parts.with(|parts| {
            parts
                .iter()
                .map(|(basis, share_ppm)| said(*basis, *share_ppm, i18n))
                .collect()
        });
        told.extend(
            counting
                .get()
                .into_iter()
                .map(|kind| counted(kind, i18n).to_owned()),
        );
        told.join(comma)
    };
    let factors = move || {
        let kinds = counting.get();
        (!kinds.is_empty()).then(|| {
            let names = move || {
                let names: Vec<&str> = kinds.iter().map(|kind| factor_name(*kind, i18n)).collect();
                names.join(" × ")
            };
            view! {
                <dt><i>"f"</i></dt>
                <dd>{t!(i18n, weights.legend_factor)} " " {names}</dd>
            }
        })
    };
    let legend = move || {
        let bases = parts.get().into_iter().map(|(basis, _)| {
            view! {
                <dt><i>{letter(basis)}</i></dt>
                <dd>{move || basis_name(basis, i18n)}</dd>
            }
        });
        bases.collect_view()
    };
    view! {
        <section class="formula" data-formula="">
            <h3 class="sm strong">{t!(i18n, weights.formula)}</h3>
            <p>{words}</p>
            <p class="sm"><code>{move || parts.with(|parts| expression(parts, !counting.with(Vec::is_empty)))}</code></p>
            <dl class="sm muted">
                <dt><i>"x"</i></dt>
                <dd>{t!(i18n, weights.legend_x)}</dd>
                <dt><i>"T"</i></dt>
                <dd>{t!(i18n, weights.legend_total)}</dd>
                {legend}
                {factors}
                <dt>"Σ"</dt>
                <dd>{t!(i18n, weights.legend_sum)}</dd>
            </dl>
        </section>
    }
}

/// A part of the blend in words.
pub(in crate::split) fn said(basis: Basis, share_ppm: u32, words: Words) -> String {
    let share = format::percent(f64::from(share_ppm) / f64::from(WHOLE_PPM));
    match basis {
        Basis::Equal => t_string!(words, weights.by_equal, share = share).to_string(),
        Basis::History => t_string!(words, weights.by_history, share = share).to_string(),
        Basis::Capability => t_string!(words, weights.by_capability, share = share).to_string(),
        Basis::Potential => t_string!(words, weights.by_potential, share = share).to_string(),
        Basis::Customers => t_string!(words, weights.by_customers, share = share).to_string(),
        Basis::Pipeline => t_string!(words, weights.by_pipeline, share = share).to_string(),
        Basis::Imported => t_string!(words, weights.by_imported, share = share).to_string(),
    }
}

/// What counts by period, in words.
fn counted(kind: FactorKind, words: Words) -> &'static str {
    match kind {
        FactorKind::Ramp => t_string!(words, weights.with_ramp),
        FactorKind::Assignment => t_string!(words, weights.with_assignment),
        FactorKind::Season => t_string!(words, weights.with_season),
    }
}

/// The blend in signs: each row's part of its siblings' weight in every basis, by the shares, of what is above; in each period
/// times the factor of the row, where there are factors.
pub(in crate::split) fn expression(parts: &[(Basis, u32)], has_factors: bool) -> String {
    let term = |(basis, share_ppm): &(Basis, u32)| {
        let (sign, share) = (letter(*basis), decimal(*share_ppm));
        if has_factors {
            format!("{share} · f·{sign}/Σ(f·{sign})")
        } else {
            format!("{share} · {sign}/Σ{sign}")
        }
    };
    let terms: Vec<String> = parts.iter().map(term).collect();
    format!("x = T · ({})", terms.join(" + "))
}

/// The sign of a basis.
pub(in crate::split) fn letter(basis: Basis) -> &'static str {
    match basis {
        Basis::Equal => "e",
        Basis::History => "h",
        Basis::Capability => "c",
        Basis::Potential => "m",
        Basis::Customers => "k",
        Basis::Pipeline => "p",
        Basis::Imported => "i",
    }
}

/// A share as a number with two decimals, with four where it is no whole percentage.
fn decimal(share_ppm: u32) -> String {
    let (whole, rest) = (share_ppm / WHOLE_PPM, share_ppm % WHOLE_PPM);
    if rest.is_multiple_of(10_000) {
        format!("{whole}.{:02}", rest / 10_000)
    } else {
        format!("{whole}.{:04}", rest / 100)
    }
}

#[cfg(test)]
mod tests {
    use domain::plan::Basis;

    use super::{decimal, expression};

    #[test]
    fn a_blend_is_written_in_signs() {
        let parts = [(Basis::History, 800_000), (Basis::Equal, 200_000)];
        assert_eq!(expression(&parts, false), "x = T · (0.80 · h/Σh + 0.20 · e/Σe)");
        assert_eq!(
            expression(&parts, true),
            "x = T · (0.80 · f·h/Σ(f·h) + 0.20 · f·e/Σ(f·e))"
        );
        assert_eq!(decimal(1_000_000), "1.00");
        assert_eq!(decimal(333_334), "0.3333");
        assert_eq!(decimal(70_000), "0.07");
    }
}
