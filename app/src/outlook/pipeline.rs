//! The open pipeline beside the outlook.

use domain::format::{self, Scale};
use domain::outlook::{OpenPipeline, Outlook, Stock};
use leptos::prelude::*;

use super::span_name;
use crate::words::{lang, t, t_string, use_i18n};

/// Open deals that are to close in the planned span, and those whose day is not known.
#[component]
pub(super) fn Card(outlook: Outlook) -> impl IntoView {
    let i18n = use_i18n();
    let planning = StoredValue::new(outlook.planning.clone());
    let body = match outlook.detail.pipeline {
        Some(pipeline) => {
            let closing = move || {
                let period = planning.with_value(|planning| span_name(planning, i18n));
                t_string!(i18n, outlook.closing, period = period).to_string()
            };
            let largest = pipeline.closing.amount.max(pipeline.undated.amount);
            let scale = Memo::new(move |_| {
                planning.with_value(|planning| {
                    Scale::column(largest, &planning.currency, lang(i18n.get_locale()))
                })
            });
            let amount = move |amount| {
                move || {
                    planning
                        .with_value(|planning| format::money_column(amount, &planning.currency, scale.get()))
                }
            };
            let row = move |key: &'static str, stock: Stock| {
                view! {
                    <td class="num">{format::count(u64::from(stock.deals))}</td>
                    <td class="num" data-stock=key data-minor=stock.amount.0>{amount(stock.amount)}</td>
                    <td class="num strong" data-weighted=key data-minor=stock.weighted.0>{amount(stock.weighted)}</td>
                }
            };
            let unit = move || planning.with_value(|planning| scale.get().unit(&planning.currency));
            view! {
                <table class="tb">
                    <thead>
                        <tr>
                            <th scope="col">{unit}</th>
                            <th scope="col" class="num">{t!(i18n, outlook.deals)}</th>
                            <th scope="col" class="num">{t!(i18n, outlook.raw)}</th>
                            <th scope="col" class="num">{t!(i18n, outlook.weighted)}</th>
                        </tr>
                    </thead>
                    <tbody>
                        <tr>
                            <td class="reads">{closing}</td>
                            {row("closing", pipeline.closing)}
                        </tr>
                        <tr>
                            <td class="reads">{t!(i18n, outlook.undated)}</td>
                            {row("undated", pipeline.undated)}
                        </tr>
                    </tbody>
                </table>
                <Said pipeline=pipeline />
            }
            .into_any()
        }
        None => view! { <p class="sm muted">{t!(i18n, outlook.no_pipeline)}</p> }.into_any(),
    };
    view! {
        <section class="card" data-card="pipeline">
            <header>
                <h2>{t!(i18n, outlook.pipeline)}</h2>
                <span class="sm muted end">{t!(i18n, outlook.pipeline_hint)}</span>
            </header>
            {body}
        </section>
    }
}

/// How it was weighted.
#[component]
fn Said(pipeline: OpenPipeline) -> impl IntoView {
    let i18n = use_i18n();
    let rate = pipeline.won.map(|won| {
        let percent = format::percent(won);
        view! {
            <p class="sm muted">{move || t_string!(i18n, outlook.won_rate, percent = percent.clone()).to_string()}</p>
        }
    });
    let unpriced = (pipeline.unpriced > 0).then(|| {
        let count = format::count(u64::from(pipeline.unpriced));
        view! {
            <p class="sm muted">{move || t_string!(i18n, outlook.unpriced, count = count.clone()).to_string()}</p>
        }
    });
    view! { {rate} {unpriced} }
}
