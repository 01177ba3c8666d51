//! Scenarios: the versions of a plan, branched, renamed, put away and taken out again, and held beside each other.

pub mod compare;
pub mod list;
pub mod ranges;

use domain::id::{PlanId, VersionId};
use domain::scenario::{Comparison, PlanScenarios};
use domain::target::Made;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::error::AppError;
use crate::live::use_live;
use crate::page::lazy_page;
use crate::set::SetTabs;
use crate::ui::{EmptyState, ErrorView, Glyph, Skeleton};
use crate::wire::{fetch, loaded};
use crate::words::{t, use_i18n};

/// The scenarios of a plan; without one, of the plan in work.
#[server(prefix = "/api/app", endpoint = "scenario/list", input = server_fn::codec::Json)]
pub async fn load(
    plan: Option<PlanId>,
    version: Option<VersionId>,
) -> Result<Option<PlanScenarios>, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.scenarios(&scope, plan, version).await)
}

/// Two to four scenarios beside each other.
#[server(prefix = "/api/app", endpoint = "scenario/compare", input = server_fn::codec::Json)]
pub async fn load_comparison(versions: Vec<VersionId>) -> Result<Comparison, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.compare_versions(&scope, &versions).await)
}

/// A new draft from any version, with its assumptions.
#[server(prefix = "/api/app", endpoint = "scenario/branch", input = server_fn::codec::Json)]
pub async fn branch(version: VersionId, name: Option<String>) -> Result<Made, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.branch_version(&scope, version, name.as_deref()).await)
}

/// Gives a draft another name.
#[server(prefix = "/api/app", endpoint = "scenario/rename", input = server_fn::codec::Json)]
pub async fn rename(version: VersionId, name: String) -> Result<(), AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.rename_version(&scope, version, &name).await)
}

/// Puts a draft away.
#[server(prefix = "/api/app", endpoint = "scenario/archive", input = server_fn::codec::Json)]
pub async fn archive(version: VersionId) -> Result<(), AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.shelve_version(&scope, version).await)
}

/// Takes a draft out again.
#[server(prefix = "/api/app", endpoint = "scenario/restore", input = server_fn::codec::Json)]
pub async fn restore(version: VersionId) -> Result<(), AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.restore_version(&scope, version).await)
}

lazy_page!(ScenariosPage, page, part = work, needs = EditPlan);

/// The chosen versions of an address: `a,b,c`. What is no id names no version.
fn chosen(text: Option<String>) -> Vec<VersionId> {
    text.iter()
        .flat_map(|text| text.split(','))
        .filter(|id| !id.is_empty())
        .map(|id| id.parse().unwrap_or_default())
        .collect()
}

fn page() -> impl IntoView {
    let i18n = use_i18n();
    let map = use_query_map();
    let live = use_live();
    let plan = Memo::new(move |_| {
        map.with(|map| map.get("plan"))
            .map(|id| id.parse::<PlanId>().unwrap_or_default())
    });
    let version = Memo::new(move |_| {
        map.with(|map| map.get("version"))
            .map(|id| id.parse::<VersionId>().unwrap_or_default())
    });
    let picked = Memo::new(move |_| chosen(map.with(|map| map.get("compare"))));
    let listed = fetch(
        move || (plan.get(), version.get(), live.plans.get()),
        |(plan, version, _)| load(plan, version),
    );
    let compared = fetch(
        move || {
            (
                picked.get(),
                live.plans.get(),
                live.facts.get(),
                live.business_date.get(),
            )
        },
        |(versions, ..)| async move {
            // One alone is compared with nothing yet.
            if versions.len() < 2 {
                Ok(None)
            } else {
                load_comparison(versions).await.map(Some)
            }
        },
    );
    let reload = Callback::new(move |()| listed.refetch());
    view! {
        <Title text=t!(i18n, scenario.title) />
        <header class="head">
            <h1>{t!(i18n, scenario.title)}</h1>
        </header>
        <SetTabs current="scenarios" />
        <div class="content">
            <div class="cards">
                <Transition fallback=|| view! { <Skeleton /> }>
                    {loaded(listed, move |found| match found {
                            Ok(Some(plan)) => view! { <list::Scenarios plan=plan picked=picked reload=reload /> }.into_any(),
                            Ok(None) => view! { <Nothing /> }.into_any(),
                            Err(error) => view! { <ErrorView error=error /> }.into_any(),
                        })}
                </Transition>
                <Transition fallback=|| view! { <Skeleton /> }>
                    {loaded(compared, move |found| match found {
                            Ok(Some(comparison)) => view! { <compare::Compared comparison=comparison /> }.into_any(),
                            Ok(None) => ().into_any(),
                            Err(error) => view! { <ErrorView error=error /> }.into_any(),
                        })}
                </Transition>
            </div>
        </div>
    }
}

/// There is no plan yet.
#[component]
fn Nothing() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <EmptyState glyph=Glyph::Columns title=t!(i18n, scenario.empty_title) body=t!(i18n, scenario.empty_text)>
            <a class="btn primary" href="/set/target">{t!(i18n, scenario.empty_action)}</a>
        </EmptyState>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_id_names_no_version() {
        assert!(chosen(None).is_empty() && chosen(Some(String::new())).is_empty());
        let one = "01890a5d-ac96-774b-bcce-b302099a8057";
        assert_eq!(
            chosen(Some(format!("{one},x"))),
            [one.parse().unwrap(), VersionId::default()]
        );
    }
}
