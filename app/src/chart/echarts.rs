//! The only place that knows ECharts: loads the bundle `chart.js` when the first chart comes into view, draws, resizes,
//! listens, and lets go of everything when the page leaves. The server's twin does nothing.

#[cfg(feature = "hydrate")]
mod browser;

use leptos::html;
use leptos::prelude::*;

use super::{ChartClick, ChartOption};

/// Draws into an element for as long as the caller's owner lives; `failed` is set when the bundle does not load.
#[cfg(feature = "hydrate")]
pub(super) fn draw(
    plot: NodeRef<html::Div>,
    option: Signal<ChartOption>,
    on_click: Option<Callback<ChartClick>>,
    failed: RwSignal<bool>,
) {
    browser::draw(plot, option, on_click, failed);
}

/// The server draws nothing.
#[cfg(not(feature = "hydrate"))]
pub(super) fn draw(
    _plot: NodeRef<html::Div>,
    _option: Signal<ChartOption>,
    _on_click: Option<Callback<ChartClick>>,
    _failed: RwSignal<bool>,
) {
}
