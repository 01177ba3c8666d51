//! Outlook: what is to be expected of the planned span, for the whole and every branch, and what market factors change of it.

pub mod about;
pub mod branches;
#[cfg(feature = "ssr")]
mod drawing;
pub mod factors;
pub mod fan;
pub mod form;
pub mod method;
pub mod pipeline;
pub mod upload;

use domain::assumption::{Planning, PlanningQuery};
use domain::format;
use domain::id::FactorId;
use domain::outlook::{Branch, Factor, NamedThing, NewFactor, Outlook, OutlookQuery, Who};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};

use crate::chart::ChartOption;
use crate::error::AppError;
use crate::live::use_live;
use crate::page::lazy_page;
use crate::set::{self, SetTabs};
use crate::ui::{EmptyState, ErrorView, Glyph, Skeleton};
use crate::wire::{fetch, loaded};
use crate::words::{Words, lang, t, t_string, use_i18n};

/// Months of history beside every branch.
#[cfg(feature = "ssr")]
const SPARK_MONTHS: usize = 36;

/// An outlook with its chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drawn {
    /// The figures.
    pub outlook: Outlook,
    /// History and fan of the branch that is looked at.
    pub fan: ChartOption,
}

/// What is to be expected.
#[server(prefix = "/api/app", endpoint = "outlook/load", input = server_fn::codec::Json)]
pub async fn load_outlook(query: OutlookQuery) -> Result<Drawn, AppError> {
    let (operations, scope) = crate::server::asking()?;
    let outlook = crate::error::answer(operations.outlook(&scope, query).await)?;
    let fan = drawing::fan(&outlook, crate::server::language());
    Ok(Drawn {
        outlook: outlook.focused(SPARK_MONTHS),
        fan,
    })
}

/// What a market factor can be about: product categories, products and channels.
#[server(prefix = "/api/app", endpoint = "outlook/factor-things", input = server_fn::codec::Json)]
pub async fn load_factor_things() -> Result<Vec<NamedThing>, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.factor_things(&scope).await)
}

/// Enters a market factor.
#[server(prefix = "/api/app", endpoint = "outlook/add-factor", input = server_fn::codec::Json)]
pub async fn add_factor(planning: PlanningQuery, factor: NewFactor) -> Result<Factor, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.add_factor(&scope, &planning, factor).await)
}

/// Changes a market factor.
#[server(prefix = "/api/app", endpoint = "outlook/edit-factor", input = server_fn::codec::Json)]
pub async fn edit_factor(
    planning: PlanningQuery,
    id: FactorId,
    factor: NewFactor,
) -> Result<Factor, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.edit_factor(&scope, &planning, id, factor).await)
}

/// Takes a market factor out.
#[server(prefix = "/api/app", endpoint = "outlook/remove-factor", input = server_fn::codec::Json)]
pub async fn remove_factor(planning: PlanningQuery, id: FactorId) -> Result<(), AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.remove_factor(&scope, &planning, id).await)
}

lazy_page!(OutlookPage, page, part = work, needs = ReadBaseline);

fn page() -> impl IntoView {
    let i18n = use_i18n();
    let map = use_query_map();
    let live = use_live();
    let planning = set::asked();
    let asked = Memo::new(move |_| OutlookQuery {
        planning: planning.get(),
        node: map.with(|map| map.get("node")),
    });
    let source = move || {
        (
            asked.get(),
            (live.facts.get(), live.plans.get(), live.people.get()),
            (live.business_date.get(), live.imports.get()),
            // The chart is drawn in the language of the page.
            i18n.get_locale(),
        )
    };
    let drawn = fetch(source, |(asked, ..)| load_outlook(asked));
    view! {
        <Title text=t!(i18n, outlook.title) />
        <Transition fallback=|| view! { <Skeleton /> }>
            {loaded(drawn, move |found| match found {
                    Ok(found) => {
                        let changed = Callback::new(move |()| drawn.refetch());
                        view! { <Shown drawn=found asked=planning changed=changed /> }.into_any()
                    }
                    Err(error) => view! { <div class="content"><ErrorView error=error /></div> }.into_any(),
                })}
        </Transition>
    }
}

#[component]
fn Shown(
    drawn: Drawn,
    asked: Memo<PlanningQuery>,
    /// Hears that something was entered here, also where no event is heard.
    changed: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let Drawn { outlook, fan } = drawn;
    let as_of = outlook.history.map_or(outlook.as_of, |(_, last)| last);
    let planning = StoredValue::new(outlook.planning.clone());
    let body = if outlook.history.is_none() && outlook.factors.is_empty() {
        view! {
            <EmptyState
                glyph=Glyph::Set
                title=t!(i18n, outlook.empty_title)
                body=t!(i18n, outlook.empty_text)
            >
                <a class="btn primary" href="/data/import">
                    {t!(i18n, outlook.empty_action)}
                </a>
            </EmptyState>
        }
        .into_any()
    } else {
        view! { <Cards outlook=outlook fan=fan asked=asked changed=changed /> }.into_any()
    };
    view! {
        <header class="head">
            <h1>{t!(i18n, outlook.title)}</h1>
            <span class="tag line">{t!(i18n, track.metric_bookings)}</span>
            <span class="tag t-accent">{move || planning.with_value(|planning| planned(planning, i18n))}</span>
            <span class="sm muted">
                {move || t_string!(i18n, outlook.as_of, date = format::date(as_of, lang(i18n.get_locale()))).to_string()}
            </span>
            <span class="grow"></span>
            <a class="btn primary" href=move || set::address("target", &asked.get())>
                {t!(i18n, outlook.proceed)}
            </a>
        </header>
        <SetTabs current="outlook" />
        {body}
    }
}

#[component]
fn Cards(
    outlook: Outlook,
    fan: ChartOption,
    asked: Memo<PlanningQuery>,
    changed: Callback<()>,
) -> impl IntoView {
    let whole = outlook.clone();
    view! {
        <div class="content outlook">
            <div class="cards">
                <div class="w8 stack">
                    <fan::Card outlook=outlook.clone() chart=fan />
                    <branches::Card outlook=outlook.clone() asked=asked />
                </div>
                <div class="w4 stack">
                    <factors::Card outlook=whole asked=asked changed=changed />
                    <pipeline::Card outlook=outlook.clone() />
                    <method::Card outlook=outlook />
                </div>
            </div>
        </div>
    }
}

/// What the planned days are called.
fn span_name(planning: &Planning, i18n: Words) -> String {
    let lang = lang(i18n.get_locale());
    match &planning.period {
        Some(period) => format::period(period, lang),
        None => format::range(planning.span.starts_on, planning.span.ends_on, lang),
    }
}

/// What is planned: the version, or the period one prepares for.
fn planned(planning: &Planning, i18n: Words) -> String {
    match &planning.version {
        Some(version) => format!("{} {}", version.plan_name, version.name),
        None => t_string!(i18n, outlook.prepared, period = span_name(planning, i18n)).to_string(),
    }
}

/// What a branch is called.
fn name_of(branch: &Branch, i18n: Words) -> String {
    match branch.place.who {
        Who::Nobody => t_string!(i18n, outlook.nobody_short).to_owned(),
        Who::Unit | Who::Member(_) => branch.name.clone(),
    }
}
