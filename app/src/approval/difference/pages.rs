//! The numbers of a version beside what is on record, page by page.

use domain::approval::{Difference, DifferenceRow};
use domain::format;
use domain::id::VersionId;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::error::AppError;
use crate::ui::ErrorView;
use crate::words::{t, t_string, use_i18n};

/// A page of the numbers of a version beside what is on record.
#[server(prefix = "/api/app", endpoint = "approval/difference", input = server_fn::codec::Json)]
pub async fn load_difference(version: VersionId, offset: u32) -> Result<Difference, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.difference_page(&scope, version, offset).await)
}

/// The rows of a page, how many come before them, and how many after.
#[derive(Clone)]
pub struct Listed {
    pub(super) rows: Vec<DifferenceRow>,
    pub(super) offset: u32,
    pub(super) more: u64,
}

/// Which page it is, and the ones before and after it; nothing where all rows are on one.
#[component]
pub(super) fn Pages(version: VersionId, listed: RwSignal<Listed>) -> impl IntoView {
    let i18n = use_i18n();
    let busy = RwSignal::new(false);
    let wrong = RwSignal::new(None::<AppError>);
    let size = u32::try_from(Difference::SIZE).unwrap_or(u32::MAX);
    // From, to, and of how many.
    let at = Memo::new(move |_| {
        listed.with(|listed| {
            let from = u64::from(listed.offset);
            let to = from + listed.rows.len() as u64;
            (from, to, to + listed.more)
        })
    });
    let go = move |offset: u32| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let answer = load_difference(version, offset).await;
            // The page may have been left.
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(Difference {
                    rows, offset, more, ..
                }) => {
                    wrong.set(None);
                    listed.set(Listed { rows, offset, more });
                }
                Err(error) => wrong.set(Some(error)),
            }
        });
    };
    let back = move |_| {
        let offset = listed.with_untracked(|listed| listed.offset);
        if offset > 0 {
            go(offset.saturating_sub(size));
        }
    };
    let on = move |_| {
        let (offset, more) = listed.with_untracked(|listed| (listed.offset, listed.more));
        if more > 0 {
            go(offset.saturating_add(size));
        }
    };
    crate::ui::when(
        move || {
            let (from, to, all) = at.get();
            from > 0 || to < all
        },
        move || {
            view! {
                <p class="row wrap" data-pages="numbers">
                    <button type="button" class="btn s" aria-disabled=move || (at.get().0 == 0).then_some("true") on:click=back>
                        {t!(i18n, split.page_before)}
                    </button>
                    <span class="sm muted" role="status">
                        {move || {
                            let (from, to, all) = at.get();
                            t_string!(
                                i18n,
                                split.page_of,
                                from = format::count(from + 1),
                                to = format::count(to),
                                count = format::count(all)
                            )
                            .to_string()
                        }}
                    </span>
                    <button type="button" class="btn s" aria-disabled=move || (at.get().1 >= at.get().2).then_some("true") on:click=on>
                        {t!(i18n, split.page_after)}
                    </button>
                </p>
                {move || wrong.get().map(|error| view! { <ErrorView error=error /> })}
            }
            .into_any()
        },
    )
}
