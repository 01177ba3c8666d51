//! Skeleton: the place something will stand in.

use leptos::prelude::*;

use crate::words::{t, use_i18n};

/// Grey lines while something loads.
#[component]
pub fn Skeleton(
    /// How many lines.
    #[prop(default = 3)]
    lines: usize,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="skel" role="status" aria-label=t!(i18n, ui.loading)>
            {(0..lines).map(|_| view! { <i></i> }).collect_view()}
        </div>
    }
}
