//! The Target page: the number of a version with its chance, its levels, its check and its parts; a plan to be made; and the
//! plans there are.

pub mod amount;
pub mod asked;
pub mod board;
pub mod chance;
pub mod check;
pub mod density;
pub mod form;
pub mod levels;
pub mod lines;
pub mod parts;
pub mod plans;
pub mod purpose;
pub mod units;

use domain::assumption::PlanningQuery;
use domain::id::VersionId;
use domain::level::Given;
use domain::line::LineBy;
use domain::outlook::Distribution;
use domain::plan::PlanCommand;
use domain::split::PlanLevelsAnswer;
use domain::target::{LineChange, NewPlan, NewPurpose, PlanRow, TargetBoard};
use domain::track::Horizons;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::error::AppError;
use crate::live::use_live;
use crate::page::lazy_page;
use crate::set::{self, SetTabs};
use crate::ui::{ErrorView, Skeleton};
use crate::wire::{fetch, loaded};
use crate::words::{t, use_i18n};

pub(crate) use chance::{chance, percentile, standing};
pub(crate) use levels::{given_of, seen_of, written};
pub(crate) use plans::called;

/// Every plan with its versions.
#[server(prefix = "/api/app", endpoint = "target/plans", input = server_fn::codec::Json)]
pub async fn load_plans() -> Result<Vec<PlanRow>, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.plans(&scope).await)
}

/// The periods a target can be set for, with what was done before.
#[server(prefix = "/api/app", endpoint = "target/horizons", input = server_fn::codec::Json)]
pub async fn load_horizons() -> Result<Horizons, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.horizons(&scope).await)
}

/// Makes a plan with its first draft.
#[server(prefix = "/api/app", endpoint = "target/create", input = server_fn::codec::Json)]
pub async fn create_plan(plan: NewPlan) -> Result<domain::target::Made, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.create_plan(&scope, plan).await)
}

/// What is to be expected of a period that a plan may be made for.
#[server(prefix = "/api/app", endpoint = "target/likelihood", input = server_fn::codec::Json)]
pub async fn likelihood(period: String) -> Result<Option<Distribution>, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.likelihood(&scope, period).await)
}

/// Everything the target of a version, or of the draft in work, says.
#[server(prefix = "/api/app", endpoint = "target/board", input = server_fn::codec::Json)]
pub async fn load_board(planning: PlanningQuery) -> Result<Option<TargetBoard>, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.target_in_work(&scope, planning).await)
}

/// Changes the total, or the part of a unit, as the grid does; answers the number of the last command.
#[server(prefix = "/api/app", endpoint = "target/change", input = server_fn::codec::Json)]
pub async fn change(version: VersionId, base: u64, command: PlanCommand) -> Result<u64, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.decide(&scope, version, base, command).await)
}

/// Decides the levels, as somebody who saw what was decided: what somebody else decided since is told instead.
#[server(prefix = "/api/app", endpoint = "target/levels", input = server_fn::codec::Json)]
pub async fn set_levels(
    version: VersionId,
    levels: Given,
    seen: Option<Given>,
) -> Result<PlanLevelsAnswer, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.set_levels_seen(&scope, version, levels, seen).await)
}

/// Says what the target serves.
#[server(prefix = "/api/app", endpoint = "target/purpose", input = server_fn::codec::Json)]
pub async fn set_purpose(version: VersionId, purpose: NewPurpose) -> Result<(), AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.set_purpose(&scope, version, purpose).await)
}

/// Changes a line; the others of its dimension give and take.
#[server(prefix = "/api/app", endpoint = "target/line", input = server_fn::codec::Json)]
pub async fn change_line(version: VersionId, by: LineBy, change: LineChange) -> Result<(), AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.change_line(&scope, version, by, change).await)
}

lazy_page!(TargetPage, page, part = work, needs = EditPlan);

fn page() -> impl IntoView {
    let i18n = use_i18n();
    let live = use_live();
    let asked = set::asked();
    let board = fetch(
        move || {
            (
                asked.get(),
                live.plans.get(),
                live.facts.get(),
                live.business_date.get(),
            )
        },
        |(asked, ..)| load_board(asked),
    );
    let plans = fetch(move || live.plans.get(), |_| load_plans());
    let horizons = fetch(
        move || (live.facts.get(), live.business_date.get()),
        |_| load_horizons(),
    );
    let reload = Callback::new(move |()| board.refetch());
    view! {
        <Title text=t!(i18n, target.title) />
        <Transition fallback=|| view! { <Skeleton /> }>
            {loaded(board, move |found| match found {
                    Ok(Some(board)) => view! { <board::Target board=board reload=reload /> }.into_any(),
                    Ok(None) => view! { <Plain /> }.into_any(),
                    Err(error) => view! {
                        <Plain />
                        <div class="content"><ErrorView error=error /></div>
                    }
                    .into_any(),
                })}
        </Transition>
        <div class="content">
            <div class="cards">
                <Transition fallback=|| view! { <Skeleton /> }>
                    {loaded(horizons, move |found| match found {
                            Ok(horizons) => view! { <form::NewTarget horizons=horizons /> }.into_any(),
                            Err(error) => view! { <ErrorView error=error /> }.into_any(),
                        })}
                </Transition>
                <Transition fallback=|| view! { <Skeleton /> }>
                    {loaded(plans, move |found| match found {
                            Ok(plans) => view! { <plans::Plans plans=plans /> }.into_any(),
                            Err(error) => view! { <ErrorView error=error /> }.into_any(),
                        })}
                </Transition>
            </div>
        </div>
    }
}

/// The head where no version is looked at.
#[component]
fn Plain() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <header class="head">
            <h1>{t!(i18n, target.title)}</h1>
        </header>
        <SetTabs current="target" />
    }
}
