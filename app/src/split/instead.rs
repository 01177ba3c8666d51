//! What stands in place of the grid: what one sees until it is there, and why none is open.

use domain::access::Permission;
use domain::split::Opening;
use leptos::prelude::*;

use super::coming::{self, Coming};
use super::opening::FirstRows;
use crate::error::AppError;
use crate::reserved::may;
use crate::ui::{Button, EmptyState, ErrorView, Glyph, Skeleton};
use crate::wire::{Fetched, loaded};
use crate::words::{t, use_i18n};

/// The first rows as the server put them into the page; none where the browser came from another page.
pub(super) type First = Option<Result<Option<Opening>, AppError>>;

/// What one sees until the grid is there.
#[component]
pub(super) fn Before(first: Fetched<First>, named: Signal<bool>, coming: Coming) -> impl IntoView {
    move || match coming.opening.get() {
        Some(opening) => view! { <FirstRows opening=opening coming=coming /> }.into_any(),
        None => view! { <Fetching first=first named=named /> }.into_any(),
    }
}

/// The first rows as the server rendered them, or a skeleton, until the head of the grid has come.
#[component]
fn Fetching(first: Fetched<First>, named: Signal<bool>) -> impl IntoView {
    view! {
        <Transition fallback=|| view! { <Nothing /> }>
            {loaded(first, move |found| match found {
                    Some(Ok(Some(opening))) => view! { <FirstRows opening=opening /> }.into_any(),
                    Some(Ok(None)) => view! { <NoPlan /> }.into_any(),
                    Some(Err(error)) => view! { <NotOpened error=error named=named.get_untracked() /> }.into_any(),
                    None => view! { <Nothing /> }.into_any(),
                })}
        </Transition>
    }
}

/// Nothing has come yet.
#[component]
fn Nothing() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <header class="head">
            <h1>{t!(i18n, split.title)}</h1>
            <span class="sm muted">{t!(i18n, split.loading)}</span>
        </header>
        <div class="content"><Skeleton /></div>
    }
}

/// Why no grid is open: there is no such version, or something went wrong.
#[component]
pub(super) fn NotOpened(
    error: AppError,
    /// Whether the address names a version.
    named: bool,
    /// Tries again.
    #[prop(optional)]
    again: Option<Callback<()>>,
) -> impl IntoView {
    let i18n = use_i18n();
    if error != AppError::NotFound || !named {
        // Half a grid is none: it is fetched anew.
        let again = again.filter(|_| coming::may_come_again(&error));
        return view! {
            <div class="content stack">
                <ErrorView error=error />
                {again.map(|again| view! {
                    <div><Button press=move |_| again.run(())>{t!(i18n, ui.retry)}</Button></div>
                })}
            </div>
        }
        .into_any();
    }
    view! {
        <EmptyState
            glyph=Glyph::Split
            title=t!(i18n, split.no_version)
            body=t!(i18n, split.no_version_text)
        >
            <a class="btn primary" href="/split">
                {t!(i18n, split.no_version_action)}
            </a>
        </EmptyState>
    }
    .into_any()
}

/// There is nothing to split yet.
#[component]
pub(super) fn NoPlan() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <EmptyState
            glyph=Glyph::Split
            title=t!(i18n, split.empty_title)
            body=t!(i18n, split.empty_text)
        >
            {may(Permission::EditPlan).then(|| view! {
                <a class="btn primary" href="/set/target">
                    {t!(i18n, split.empty_action)}
                </a>
            })}
        </EmptyState>
    }
}
