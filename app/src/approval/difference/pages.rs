//! The numbers of a version beside what is on record, page by page.

use domain::approval::{Difference, DifferenceRow};
use domain::id::VersionId;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::error::AppError;
use crate::long_list::{PageAt, Pages};
use crate::ui::ErrorView;

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
pub(super) fn NumberPages(version: VersionId, listed: RwSignal<Listed>) -> impl IntoView {
    let busy = RwSignal::new(false);
    let wrong = RwSignal::new(None::<AppError>);
    let at = Memo::new(move |_| {
        listed.with(|listed| {
            let rows = listed.rows.len();
            let all = u64::from(listed.offset) + rows as u64 + listed.more;
            PageAt::of(listed.offset, rows, all)
        })
    });
    let turn = Callback::new(move |offset: u32| {
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
    });
    view! {
        <Pages name="numbers" at=at size=Difference::SIZE on_turn=turn />
        {move || wrong.get().map(|error| view! { <ErrorView error=error /> })}
    }
}
