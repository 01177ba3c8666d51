//! Who contributes, and how much hangs on a few.

use domain::baseline::Baseline;
use domain::format;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::chart::{Chart, ChartClick, ChartOption};
use crate::words::{t, t_string, use_i18n};

/// The contribution, largest first, and what it says in words.
#[component]
pub(super) fn Contribution(baseline: Baseline, pareto: ChartOption) -> impl IntoView {
    let i18n = use_i18n();
    let navigate = StoredValue::new(use_navigate());
    // A bar leads to its row on the board of the last year with facts, and opens its deals of all years there.
    let ids: Vec<String> = baseline.rows.iter().map(|row| row.id.clone()).collect();
    let year = baseline
        .years
        .last()
        .map(|year| year.period.name.clone())
        .unwrap_or_default();
    let since = baseline
        .years
        .first()
        .map(|year| year.period.start.to_string())
        .unwrap_or_default();
    let by = baseline.by.to_string();
    let drill = Callback::new(move |point: ChartClick| {
        if let Some(id) = ids.get(point.index) {
            let address = format!("/track?period={year}&by={by}&since={since}&open={by}~{id}");
            navigate.with_value(|navigate| navigate(&address, NavigateOptions::default()));
        }
    });
    let concentration = baseline.concentration;
    let words = move || {
        concentration.map(|of| {
            if of.parts == 1 {
                // One alone has all of it: figures of how it spreads say nothing.
                return view! { <p class="sm">{t_string!(i18n, baseline.only_one)}</p> }.into_any();
            }
            let figures = t_string!(
                i18n,
                baseline.concentration,
                count = of.parts,
                top = of.four_fifths,
                largest = format::percent(of.largest),
                equal = format!("{:.1}", of.equal_parts),
                gini = format!("{:.2}", of.gini)
            )
            .to_string();
            let judged = if of.largest > 0.5 {
                t_string!(i18n, baseline.hangs_on_one)
            } else if of.parts >= 5 && of.four_fifths * 5 <= of.parts * 2 {
                t_string!(i18n, baseline.hangs_on_few)
            } else {
                t_string!(i18n, baseline.spread)
            };
            view! {
                <p class="sm soft">{figures}</p>
                <p class="sm">{judged}</p>
            }
            .into_any()
        })
    };
    view! {
        <section class="card w6">
            <header>
                <h2>{t!(i18n, baseline.pareto)}</h2>
            </header>
            <Chart name="baseline-pareto" option=Signal::stored(pareto) on_click=drill />
            {words}
        </section>
    }
}
