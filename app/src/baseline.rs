//! Baseline: what was done, month by month, by office, product, account and member; the season; who contributes, who buys,
//! and which single deals are left out of it.

pub mod channels;
pub mod contribution;
pub mod customers;
#[cfg(feature = "ssr")]
mod drawing;
pub mod one_offs;
pub mod periods;
pub mod rows;
pub mod season;

use domain::assumption::{Planning, PlanningQuery};
use domain::baseline::{Baseline, BaselineQuery, Channels, Customers, Exclusion, NewExclusion};
use domain::calendar::Day;
use domain::format;
use domain::metric::{Dimension, MetricKey};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_navigate, use_query_map};
use serde::{Deserialize, Serialize};

use crate::chart::{Chart, ChartOption};
use crate::error::AppError;
use crate::live::use_live;
use crate::page::lazy_page;
use crate::set::{self, SetTabs};
use crate::track::address;
use crate::track::ranking::dimensions;
use crate::ui::{EmptyState, ErrorView, Glyph, Icon, Segment, Skeleton};
use crate::wire::{fetch, loaded};
use crate::words::{Words, lang, t, t_string, use_i18n};

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

/// The history of a metric.
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

/// Who buys.
#[server(prefix = "/api/app", endpoint = "baseline/customers", input = server_fn::codec::Json)]
pub async fn load_customers(query: BaselineQuery) -> Result<Customers, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.baseline_customers(&scope, query).await)
}

/// Which ways bring what.
#[server(prefix = "/api/app", endpoint = "baseline/channels", input = server_fn::codec::Json)]
pub async fn load_channels(query: BaselineQuery) -> Result<Channels, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.baseline_channels(&scope, query).await)
}

/// Leaves a deal or an order out of the history.
#[server(prefix = "/api/app", endpoint = "baseline/exclude", input = server_fn::codec::Json)]
pub async fn exclude(planning: PlanningQuery, wanted: NewExclusion) -> Result<Exclusion, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.exclude(&scope, &planning, wanted).await)
}

/// Lets a deal or an order count in the history again.
#[server(prefix = "/api/app", endpoint = "baseline/include", input = server_fn::codec::Json)]
pub async fn include(planning: PlanningQuery, external_id: String) -> Result<(), AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.include(&scope, &planning, &external_id).await)
}

lazy_page!(BaselinePage, page, part = work, needs = ReadBaseline);

/// What the address asks for.
fn asked() -> Memo<BaselineQuery> {
    let map = use_query_map();
    let planning = set::asked();
    Memo::new(move |_| {
        let day = |name: &str| map.with(|map| map.get(name)).and_then(|day| Day::parse_iso(&day));
        BaselineQuery {
            planning: planning.get(),
            metric: map
                .with(|map| map.get("metric"))
                .and_then(|metric| MetricKey::parse(&metric).ok()),
            by: map.with(|map| map.get("by")),
            of: map.with(|map| map.get("of")),
            from: day("from"),
            to: day("to"),
        }
    })
}

/// The address of the page for the same planning, by a dimension and narrowed to one of its rows.
fn href(planning: &PlanningQuery, by: &Dimension, of: Option<&str>) -> String {
    let base = set::address("baseline", planning);
    let join = if base.contains('?') { '&' } else { '?' };
    let of = of.map(|of| format!("&of={of}")).unwrap_or_default();
    format!("{base}{join}by={by}{of}")
}

fn page() -> impl IntoView {
    let i18n = use_i18n();
    let live = use_live();
    let asked = asked();
    let source = move || {
        (
            asked.get(),
            live.facts.get(),
            live.business_date.get(),
            live.imports.get(),
            live.plans.get(),
            // The charts are drawn in the language of the page.
            i18n.get_locale(),
        )
    };
    let drawn = fetch(source, |(asked, ..)| load_baseline(asked));
    view! {
        <Title text=t!(i18n, baseline.title) />
        <Transition fallback=|| view! { <Skeleton /> }>
            {loaded(drawn, move |found| match found {
                    Ok(drawn) => view! { <Shown drawn=drawn asked=asked /> }.into_any(),
                    Err(error) => view! { <div class="content"><ErrorView error=error /></div> }.into_any(),
                })}
        </Transition>
    }
}

/// What is counted, in words.
fn metric_words(metric: &MetricKey, i18n: Words) -> String {
    if *metric == MetricKey::BOOKINGS {
        t_string!(i18n, track.metric_bookings).to_owned()
    } else {
        metric.to_string()
    }
}

/// Whose one-offs are left out, in words.
fn planning_words(planning: &Planning, i18n: Words) -> String {
    let lang = lang(i18n.get_locale());
    match (&planning.version, &planning.period) {
        (Some(version), _) => format!("{} · {}", version.plan_name, version.name),
        (None, Some(period)) => {
            t_string!(i18n, baseline.preparing, period = format::period(period, lang)).to_string()
        }
        (None, None) => format::range(planning.span.starts_on, planning.span.ends_on, lang),
    }
}

#[component]
fn Shown(drawn: Drawn, asked: Memo<BaselineQuery>) -> impl IntoView {
    let i18n = use_i18n();
    let go = address::go();
    // The newest fact, as the other pages of Set say it: after that day nothing is known.
    let as_of = drawn.baseline.span.map_or(drawn.baseline.as_of, |(_, last)| last);
    let planning = drawn.baseline.planning.clone();
    let metric = drawn.baseline.metric.clone();
    let metrics = drawn.baseline.metrics.clone();
    let proceed = move || set::address("target", &asked.get().planning);
    let body = if drawn.baseline.span.is_none() {
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
        view! { <History drawn=drawn asked=asked /> }.into_any()
    };
    let counted = if metrics.len() > 1 {
        let value = metric.to_string();
        let choices = Signal::derive(move || {
            metrics
                .iter()
                .map(|metric| crate::ui::Choice::new(metric.to_string(), metric_words(metric, i18n)))
                .collect::<Vec<_>>()
        });
        view! {
            <Segment
                label=t!(i18n, baseline.metric)
                choices=choices
                value=Signal::stored(value)
                on_pick=Callback::new(move |metric| go("metric", Some(metric)))
            />
        }
        .into_any()
    } else {
        view! { <span class="tag line">{move || metric_words(&metric, i18n)}</span> }.into_any()
    };
    view! {
        <header class="head">
            <h1>{t!(i18n, baseline.title)}</h1>
            {counted}
            <span class="tag accent">{move || planning_words(&planning, i18n)}</span>
            <span class="sm muted">
                {move || t_string!(i18n, baseline.as_of, date = format::date(as_of, lang(i18n.get_locale()))).to_string()}
            </span>
            <span class="grow"></span>
            <a class="btn primary" href=proceed>
                {t!(i18n, baseline.proceed)}
            </a>
        </header>
        <SetTabs current="baseline" />
        {body}
    }
}

#[component]
fn History(drawn: Drawn, asked: Memo<BaselineQuery>) -> impl IntoView {
    let i18n = use_i18n();
    let Drawn {
        baseline,
        months,
        pareto,
    } = drawn;
    let names: Vec<String> = baseline
        .months
        .iter()
        .map(|month| month.period.name.clone())
        .collect();
    let drill = address::to_month(names);
    let span = baseline.span;
    let whole = href(&asked.get_untracked().planning, &baseline.by, None);
    let of = baseline.of.clone().map(|of| {
        let name = of.name;
        view! {
            <span class="row">
                <span class="tag">{move || if name.is_empty() { t_string!(i18n, baseline.unnamed).to_owned() } else { name.clone() }}</span>
                <a class="btn link" href=whole.clone()>{t!(i18n, baseline.whole)}</a>
            </span>
        }
    });
    view! {
        <div class="content baseline">
            <div class="cards">
                <Notes baseline=baseline.clone() />
                <section class="card">
                    <header>
                        <h2>{t!(i18n, baseline.months)}</h2>
                        {of}
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
                    <periods::Strip baseline=baseline.clone() />
                </section>
                <one_offs::OneOffs baseline=baseline.clone() asked=asked />
                <season::SeasonCard season=baseline.season.clone() />
                <contribution::Contribution baseline=baseline.clone() pareto=pareto />
                <periods::Periods baseline=baseline.clone() />
                <ByDimension baseline=baseline asked=asked />
                <customers::CustomersCard asked=asked />
                <channels::ChannelsCard asked=asked />
            </div>
        </div>
    }
}

/// What can and cannot be concluded.
#[component]
fn Notes(baseline: Baseline) -> impl IntoView {
    let i18n = use_i18n();
    let notes = baseline.notes;
    (!notes.is_empty()).then(|| {
        let lines = notes
            .into_iter()
            .map(|note| {
                let glyph = if note.is_warning() {
                    Glyph::Warning
                } else {
                    Glyph::Info
                };
                let code = note.as_str();
                view! {
                    <li data-note=code>
                        <Icon glyph=glyph />
                        <span>{move || note.words(lang(i18n.get_locale()))}</span>
                    </li>
                }
            })
            .collect_view();
        view! {
            <section class="card">
                <header>
                    <h2>{t!(i18n, baseline.notes)}</h2>
                </header>
                <ul class="notes">{lines}</ul>
            </section>
        }
    })
}

/// The rows of a dimension, and how their shares moved.
#[component]
fn ByDimension(baseline: Baseline, asked: Memo<BaselineQuery>) -> impl IntoView {
    let i18n = use_i18n();
    let navigate = StoredValue::new(use_navigate());
    let levels = baseline.levels.clone();
    let choices = Signal::derive(move || {
        dimensions(&levels, i18n)
            .into_iter()
            .filter(|choice| choice.value != "month" && choice.value != "day")
            .collect::<Vec<_>>()
    });
    let by = baseline.by.to_string();
    let pick = Callback::new(move |by: String| {
        // Another dimension has other rows: what the page was narrowed to is none of them.
        if let Ok(by) = by.parse::<Dimension>() {
            let address = href(&asked.get_untracked().planning, &by, None);
            let options = leptos_router::NavigateOptions {
                scroll: false,
                replace: true,
                ..leptos_router::NavigateOptions::default()
            };
            navigate.with_value(|navigate| navigate(&address, options));
        }
    });
    view! {
        <section class="card">
            <header>
                <h2>{t!(i18n, baseline.table)}</h2>
                <span class="sm muted end">{t!(i18n, baseline.table_hint)}</span>
            </header>
            <div class="scroll-x dimensions">
                <Segment label=t!(i18n, baseline.by) choices=choices value=Signal::stored(by) on_pick=pick />
            </div>
            <rows::Rows baseline=baseline.clone() planning=asked.get_untracked().planning />
            <rows::Drift baseline=baseline />
        </section>
    }
}
