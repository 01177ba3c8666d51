//! The entry point of the browser's half: called by the page's module script once the program is there.

// A page is one type as deep as its nesting, unless it is built with `--cfg erase_components`.
#![recursion_limit = "512"]

/// Takes over the page the server rendered.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_lazy(app::App);
}
