//! What stands beside the grid: the bases and what was said of the numbers.

use domain::plan::NodeIndex;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};
use leptos::{ev, html};

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

/// Brings the panels into sight once one was opened on a phone, where what stands above them leaves a third of them or more out of it.
pub(super) fn bring_into_sight(event: &ev::MouseEvent, panels: NodeRef<html::Div>) {
    let pressed = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .and_then(|pressed| pressed.closest(".panel > summary").ok().flatten());
    if pressed.is_none() || is_wide() {
        return;
    }
    // Once it is as high as it will be.
    request_animation_frame(move || {
        if let Some(panels) = panels.try_get_untracked().flatten() {
            reveal(&panels);
        }
    });
}

/// Scrolls the page to the end of what stands below the grid, where a third of it or more is out of sight.
fn reveal(panels: &HtmlElement) {
    #[cfg(feature = "hydrate")]
    if let Ok(Some(page)) = panels.closest("main") {
        let (place, page) = (panels.get_bounding_client_rect(), page.get_bounding_client_rect());
        if place.bottom() - place.height() / 3.0 > page.bottom() {
            panels.scroll_into_view_with_bool(false);
        }
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = panels;
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
