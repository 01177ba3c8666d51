//! How high the grid's window onto its rows is: it grows and shrinks with the browser's window, when a phone is turned, and with what is
//! unfolded above and below it.

use leptos::web_sys::Element;

/// Says whenever an element's size is another, until the owner goes; the first time once it is laid out.
#[cfg(feature = "hydrate")]
pub(super) fn follow(element: &Element, changed: impl Fn() + 'static) {
    use leptos::prelude::on_cleanup;
    use wasm_bindgen::JsCast;
    use wasm_bindgen::closure::Closure;

    let heard = Closure::<dyn Fn()>::new(changed);
    // Fails in no browser that the app is for.
    let Ok(observer) = web_sys::ResizeObserver::new(heard.as_ref().unchecked_ref()) else {
        return;
    };
    observer.observe(element);
    let held = send_wrapper::SendWrapper::new((observer, heard));
    on_cleanup(move || {
        let (observer, _heard) = held.take();
        observer.disconnect();
    });
}

/// The server's twin: nothing is laid out there.
#[cfg(not(feature = "hydrate"))]
pub(super) fn follow(_element: &Element, _changed: impl Fn() + 'static) {}
