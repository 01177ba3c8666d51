//! What stands beside the grid: the bases and what was said of the numbers.

use domain::plan::NodeIndex;
use leptos::prelude::*;

use super::board::Board;
pub(super) use super::weights::Panel;
use crate::remark::{Number, Remarks, Writing};
use crate::words::{t, use_i18n};

/// What was said of the numbers; a new remark is of the selected row.
#[component]
pub(super) fn RemarkPanel(board: Board, writing: Writing) -> impl IntoView {
    let i18n = use_i18n();
    let (version, periods, offset) = board.about(|open| (open.version, open.periods.clone(), open.offset));
    let subject = Signal::derive(move || {
        let node = board.selected.get();
        let known = board.shape(|shape| shape.has(node));
        let name = known.then(|| board.name(node));
        name.map(|name| Number {
            node: NodeIndex(node.0 + offset),
            name,
            period: None,
        })
    });
    view! {
        <details class="panel">
            <summary class="row between">
                <h2>{t!(i18n, approval.remarks)}</h2>
            </summary>
            <p><a class="sm" href=domain::approval::address(version)>{t!(i18n, approval.title)}</a></p>
            <Remarks version=version periods=periods writing=writing subject=subject />
        </details>
    }
}

/// In place of the bases, where none is known: the numbers came as they are.
#[component]
pub(super) fn NoBases() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <details class="panel" open=is_wide()>
            <summary class="row between">
                <h2>{t!(i18n, split.bases)}</h2>
            </summary>
            <p class="sm muted">{t!(i18n, split.bases_unknown)}</p>
        </details>
    }
}

/// Whether there is room beside the grid; below it the panel begins folded.
pub(super) fn is_wide() -> bool {
    fits("(min-width: 720px)")
}

/// Whether the style shows what rows brought before (`style/columns.css`): in a column of its own on wide screens, below the total on
/// a phone, where a row is high enough for two lines.
pub(super) fn shows_trend() -> bool {
    fits("(min-width: 1200px), (max-width: 719px)")
}

/// Whether the screen is as a media query says; the server knows no screen.
fn fits(query: &str) -> bool {
    #[cfg(feature = "hydrate")]
    return window()
        .match_media(query)
        .ok()
        .flatten()
        .is_none_or(|query| query.matches());
    #[cfg(not(feature = "hydrate"))]
    return !query.is_empty();
}
