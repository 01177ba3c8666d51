//! How long the browser takes.

/// Milliseconds since the page was opened.
#[cfg(feature = "hydrate")]
pub(super) fn now_ms() -> f64 {
    let clock = leptos::prelude::window().performance();
    clock.as_ref().map_or(0.0, web_sys::Performance::now)
}

/// Has the browser work out the page as it is by now, which it would do at the end of the frame: what it took shows on the clock.
#[cfg(feature = "hydrate")]
pub(super) fn lay_out() {
    if let Some(body) = leptos::prelude::document().body() {
        let _height = body.offset_height();
    }
}

/// The server's twin: nothing is drawn there.
#[cfg(not(feature = "hydrate"))]
pub(super) fn now_ms() -> f64 {
    0.0
}

/// The server's twin.
#[cfg(not(feature = "hydrate"))]
pub(super) fn lay_out() {}
