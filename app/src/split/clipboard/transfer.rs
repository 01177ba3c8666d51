//! The browser's clipboard.

use leptos::ev;
use leptos::prelude::document;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlDocument;

const PLAIN: &str = "text/plain";

pub(super) fn write(event: &ev::ClipboardEvent, text: &str) {
    if let Some(data) = event.clipboard_data()
        && data.set_data(PLAIN, text).is_ok()
    {
        event.prevent_default();
    }
}

pub(super) fn read(event: &ev::ClipboardEvent) -> Option<String> {
    let text = event.clipboard_data()?.get_data(PLAIN).ok()?;
    Some(text).filter(|text| !text.trim().is_empty())
}

/// Works without the permission that the asynchronous clipboard needs, and so also where the page is not encrypted.
pub(super) fn copy_focused() {
    if let Ok(document) = document().dyn_into::<HtmlDocument>() {
        // Fails where the browser allows no copying; then nothing is on the clipboard.
        drop(document.exec_command("copy"));
    }
}
