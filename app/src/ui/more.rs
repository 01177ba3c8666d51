//! The end of a long table.

use leptos::prelude::*;

use super::when;
use crate::words::{t_string, use_i18n};

/// Shows the rows that are left out so far, on a press; gone once `all` is set.
#[component]
pub fn MoreRows(
    /// Whether all rows are shown.
    all: RwSignal<bool>,
    /// How many are left out.
    hidden: usize,
) -> impl IntoView {
    let i18n = use_i18n();
    when(
        move || !all.get(),
        move || {
            view! {
                <button type="button" class="btn quiet wide" on:click=move |_| all.set(true)>
                    {move || t_string!(i18n, track.more, count = hidden).to_string()}
                </button>
            }
            .into_any()
        },
    )
}
