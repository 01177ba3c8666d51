//! Baseline: what was done, month by month, by office, product, account and member; the season; who contributes.

#[cfg(feature = "ssr")]
mod drawing;

use domain::baseline::{Baseline, BaselineQuery, BaselineRow, SeasonYear};
use domain::calendar::Month;
use domain::format::{self, Scale};
use domain::money::Minor;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};

use crate::chart::{Chart, ChartClick, ChartOption};
use crate::error::AppError;
use crate::live::use_live;
use crate::page::lazy_page;
use crate::set::SetTabs;
use crate::track::address;
use crate::track::ranking::dimensions;
use crate::ui::{EmptyState, ErrorView, Glyph, Segment, Skeleton, when};
use crate::wire::fetch;
use crate::words::{lang, t, t_string, use_i18n};

/// Steps of shade of the heat map.
const SHADES: f64 = 8.0;
/// Rows of the table before one asks for more.
const FIRST_ROWS: usize = 40;

/// A baseline with its charts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drawn {
    /// The figures.
    pub baseline: Baseline,
    /// The months.
    pub months: ChartOption,
    /// The contribution.
    pub pareto: ChartOption,
}

/// The history of bookings.
#[server(prefix = "/api/app", endpoint = "baseline/load", input = server_fn::codec::Json)]
pub async fn load_baseline(query: BaselineQuery) -> Result<Drawn, AppError> {
    let (operations, scope) = crate::server::asking()?;
    let baseline = crate::error::answer(operations.baseline(&scope, query).await)?;
    let locale = crate::server::language();
    Ok(Drawn {
        months: drawing::months(&baseline, locale),
        pareto: drawing::pareto(&baseline, locale),
        baseline,
    })
}

lazy_page!(BaselinePage, page, part = work, needs = ReadBaseline);

fn page() -> impl IntoView {
    let i18n = use_i18n();
    let map = use_query_map();
    let live = use_live();
    let asked = Memo::new(move |_| BaselineQuery {
        by: map.with(|map| map.get("by")),
    });
    let source = move || {
        (
            asked.get(),
            live.facts.get(),
            live.business_date.get(),
            live.imports.get(),
            // The charts are drawn in the language of the page.
            i18n.get_locale(),
        )
    };
    let drawn = fetch(source, |(asked, ..)| load_baseline(asked));
    view! {
        <Title text=t!(i18n, baseline.title) />
        <Transition fallback=|| view! { <Skeleton /> }>
            {move || Suspend::new(async move {
                match drawn.await {
                    Ok(drawn) => view! { <Shown drawn=drawn /> }.into_any(),
                    Err(error) => view! { <div class="content"><ErrorView error=error /></div> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Shown(drawn: Drawn) -> impl IntoView {
    let i18n = use_i18n();
    let Drawn {
        baseline,
        months,
        pareto,
    } = drawn;
    let as_of = baseline.as_of;
    let span = baseline.span;
    let body = if span.is_none() {
        view! {
            <EmptyState
                glyph=Glyph::Set
                title=t!(i18n, baseline.empty_title)
                body=t!(i18n, baseline.empty_text)
            >
                <a class="btn primary" href="/data/import">
                    {t!(i18n, baseline.empty_action)}
                </a>
            </EmptyState>
        }
        .into_any()
    } else {
        view! { <History baseline=baseline months=months pareto=pareto /> }.into_any()
    };
    view! {
        <header class="head">
            <h1>{t!(i18n, baseline.title)}</h1>
            <span class="tag line">{t!(i18n, track.metric_bookings)}</span>
            <span class="sm muted">
                {move || t_string!(i18n, baseline.as_of, date = format::date(as_of, lang(i18n.get_locale()))).to_string()}
            </span>
            <span class="grow"></span>
            <a class="btn primary" href="/set/target">
                {t!(i18n, baseline.proceed)}
            </a>
        </header>
        <SetTabs current="baseline" />
        {body}
    }
}

#[component]
fn History(baseline: Baseline, months: ChartOption, pareto: ChartOption) -> impl IntoView {
    let i18n = use_i18n();
    let go = address::go();
    let span = baseline.span;
    let levels = baseline.levels.clone();
    let choices = Signal::derive(move || {
        dimensions(&levels, i18n)
            .into_iter()
            .filter(|choice| choice.value != "month" && choice.value != "day")
            .collect::<Vec<_>>()
    });
    let by = baseline.by.to_string();
    let names: Vec<String> = baseline.months.iter().map(|month| month.name.clone()).collect();
    let drill = address::to_month(names);
    // A bar of the contribution leads to its row on the board of the last year with facts, and opens its deals there.
    let navigate = StoredValue::new(leptos_router::hooks::use_navigate());
    let ids: Vec<String> = baseline.rows.iter().map(|row| row.id.clone()).collect();
    let year = baseline
        .season
        .last()
        .map(|season| season.year.clone())
        .unwrap_or_default();
    let of = by.clone();
    let drill_row = Callback::new(move |point: ChartClick| {
        if let Some(id) = ids.get(point.index) {
            let address = format!("/track?period={year}&by={of}&open={of}~{id}");
            navigate.with_value(|navigate| navigate(&address, leptos_router::NavigateOptions::default()));
        }
    });
    let top = baseline
        .rows
        .iter()
        .take_while(|row| row.cumulative < 0.8)
        .count()
        + 1;
    let count = baseline.rows.len();
    let top = top.min(count);
    let reached = top
        .checked_sub(1)
        .and_then(|at| baseline.rows.get(at))
        .map_or(0.0, |row| row.cumulative);
    let pareto_words = move || {
        t_string!(
            i18n,
            baseline.pareto_hint,
            count = count,
            top = top,
            share = format::percent(reached)
        )
        .to_string()
    };
    view! {
        <div class="content baseline">
            <div class="cards">
                <section class="card">
                    <header>
                        <h2>{t!(i18n, baseline.months)}</h2>
                        <span class="sm muted end">
                            {move || {
                                span.map(|(first, last)| {
                                    let lang = lang(i18n.get_locale());
                                    t_string!(i18n, baseline.span, from = format::date(first, lang), to = format::date(last, lang)).to_string()
                                })
                            }}
                        </span>
                    </header>
                    <Chart name="baseline-months" option=Signal::stored(months) on_click=drill />
                </section>
                <section class="card w6">
                    <header>
                        <h2>{t!(i18n, baseline.season)}</h2>
                        <span class="sm muted end">{t!(i18n, baseline.season_hint)}</span>
                    </header>
                    <Season years=baseline.season.clone() start=baseline.year_start />
                </section>
                <section class="card w6">
                    <header>
                        <h2>{t!(i18n, baseline.pareto)}</h2>
                        <span class="sm muted end">{pareto_words}</span>
                    </header>
                    <Chart name="baseline-pareto" option=Signal::stored(pareto) on_click=drill_row />
                </section>
                <section class="card">
                    <header><h2>{t!(i18n, baseline.table)}</h2></header>
                    <div class="scroll-x dimensions">
                        <Segment
                            label=t!(i18n, baseline.by)
                            choices=choices
                            value=Signal::stored(by)
                            on_pick=Callback::new(move |by| go("by", Some(by)))
                        />
                    </div>
                    <Rows baseline=baseline />
                </section>
            </div>
        </div>
    }
}

/// The heat map: a table, so that it can be read and copied; shade and number say the same.
#[component]
fn Season(
    /// The years, oldest first.
    years: Vec<SeasonYear>,
    /// A first month of the fiscal year.
    start: Month,
) -> impl IntoView {
    let i18n = use_i18n();
    let heads = move || {
        let lang = lang(i18n.get_locale());
        (0..12)
            .map(|step| start.plus(step))
            .map(|month| view! { <th scope="col" class="num">{format::month_short(month, lang)}</th> })
            .collect_view()
    };
    let rows = years
        .into_iter()
        .map(|year| {
            let cells = year
                .months
                .into_iter()
                .map(|ratio| match ratio {
                    Some(ratio) => {
                        let shade = ((ratio / 2.0).clamp(0.0, 1.0) * SHADES).round() as u8;
                        view! { <td class=format!("heat h{shade}")>{format!("{ratio:.2}")}</td> }.into_any()
                    }
                    None => view! { <td class="heat none"></td> }.into_any(),
                })
                .collect_view();
            view! {
                <tr>
                    <th scope="row">{year.year}</th>
                    {cells}
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="scroll-x">
            <table class="season">
                <thead>
                    <tr>
                        <td></td>
                        {heads}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

/// The rows of the dimension by month.
#[component]
fn Rows(baseline: Baseline) -> impl IntoView {
    let i18n = use_i18n();
    let Baseline {
        currency,
        months,
        totals,
        rows,
        ..
    } = baseline;
    let largest = rows
        .iter()
        .flat_map(|row| row.amounts.iter())
        .chain(&totals)
        .map(|amount| amount.0)
        .max()
        .unwrap_or(0);
    let whole: i64 = totals.iter().map(|amount| amount.0).sum();
    let currency = StoredValue::new(currency);
    let scale = Memo::new(move |_| {
        currency.with_value(|currency| Scale::column(Minor(largest), currency, lang(i18n.get_locale())))
    });
    let money = move |amount: Minor| {
        currency.with_value(|currency| format::money_column(amount, currency, scale.get()))
    };
    let all = RwSignal::new(rows.len() <= FIRST_ROWS);
    let hidden = rows.len().saturating_sub(FIRST_ROWS);
    let heads = months
        .iter()
        .cloned()
        .map(|month| view! { <th scope="col" class="num">{move || format::period(&month, lang(i18n.get_locale()))}</th> })
        .collect_view();
    let rows = StoredValue::new(rows);
    let body = move || {
        let count = if all.get() { usize::MAX } else { FIRST_ROWS };
        rows.with_value(|rows| {
            rows.iter()
                .take(count)
                .cloned()
                .map(|row| line(row, whole, money, currency, i18n))
                .collect_view()
        })
    };
    view! {
        <p class="sm muted">
            {move || {
                let label = scale.get().label();
                let code = currency.with_value(|currency| currency.code.clone());
                let unit = if label.is_empty() { code } else { format!("{label} {code}") };
                t_string!(i18n, baseline.unit_in, unit = unit).to_string()
            }}
        </p>
        <div class="scroll-x">
            <table class="tb">
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, baseline.name)}</th>
                        <th scope="col" class="num">{t!(i18n, baseline.total)}</th>
                        <th scope="col" class="num">{t!(i18n, baseline.share)}</th>
                        {heads}
                    </tr>
                </thead>
                <tbody>
                    {body}
                    <tr class="total" data-key="total" data-total=whole>
                        <td>{t!(i18n, baseline.total)}</td>
                        <td class="num">{move || money(Minor(whole))}</td>
                        <td class="num"></td>
                        {totals.into_iter().map(|amount| view! { <td class="num">{move || money(amount)}</td> }).collect_view()}
                    </tr>
                </tbody>
            </table>
        </div>
        {when(
            move || !all.get(),
            move || {
                view! {
                    <button type="button" class="btn quiet wide" on:click=move |_| all.set(true)>
                        {move || t_string!(i18n, track.more, count = hidden).to_string()}
                    </button>
                }
                    .into_any()
            },
        )}
    }
}

fn line(
    row: BaselineRow,
    whole: i64,
    money: impl Fn(Minor) -> String + Copy + Send + Sync + 'static,
    currency: StoredValue<domain::money::Currency>,
    i18n: crate::words::Words,
) -> impl IntoView {
    let (name, total) = (row.name, row.total);
    let shown = name.clone();
    let share = if whole > 0 {
        format::percent(total.0 as f64 / whole as f64)
    } else {
        format::NONE.to_owned()
    };
    let full = currency.with_value(|currency| format::full(total, currency));
    let cells = row
        .amounts
        .into_iter()
        .map(|amount| view! { <td class="num">{move || money(amount)}</td> })
        .collect_view();
    view! {
        <tr data-key=name data-total=total.0>
            <td>{move || if shown.is_empty() { t_string!(i18n, baseline.unnamed).to_owned() } else { shown.clone() }}</td>
            <td class="num strong" title=full>{move || money(total)}</td>
            <td class="num muted">{share}</td>
            {cells}
        </tr>
    }
}
