//! Where the browser finds our files: one folder per build, so that everything in it can be cached for ever.

use std::collections::HashMap;
use std::sync::Arc;

/// The files of this build, as the server found them at its start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assets {
    /// The folder of this build as a path of the site without a trailing slash: `/pkg/<hash>`.
    pub base: Arc<str>,
    /// The build id: the last segment of `base`; every answer of the server carries it.
    pub build: Arc<str>,
    /// Content of `__wasm_split_manifest.json`: lazy function → files to fetch ahead; empty when not built.
    pub splits: Arc<HashMap<String, Vec<String>>>,
}

impl Assets {
    /// Files below `/pkg/<build>`.
    pub fn new(build: &str, splits: HashMap<String, Vec<String>>) -> Self {
        Self {
            base: format!("/pkg/{build}").into(),
            build: build.into(),
            splits: Arc::new(splits),
        }
    }

    /// The path of one file of this build.
    pub fn path(&self, file: &str) -> String {
        format!("{}/{file}", self.base)
    }
}

/// The name of the meta element that tells the browser which build it runs.
pub(crate) const BUILD_META: &str = "attain-build";

/// The build this page was made by, from the page's head.
#[cfg(feature = "hydrate")]
pub(crate) fn build_of_page() -> Option<String> {
    leptos::prelude::document()
        .query_selector(&format!("meta[name={BUILD_META}]"))
        .ok()
        .flatten()?
        .get_attribute("content")
}

/// Where the browser finds one file of the build this page was made by; none on the server, which names files in the head.
pub(crate) fn of_page(file: &str) -> Option<String> {
    #[cfg(feature = "hydrate")]
    return build_of_page().map(|build| format!("/pkg/{build}/{file}"));
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = file;
        None
    }
}

/// The style of the pages whose program is fetched when they are first opened.
pub(crate) const PAGES: &str = "pages.css";

/// Whether a page is shown with the style that comes with every page: the door, and what the first program has.
#[cfg(feature = "ssr")]
pub(crate) fn is_of_first_program(path: &str) -> bool {
    [crate::sign_in::PATH, "/", "/track"].contains(&path)
}

/// Waits for [`PAGES`]. A page that the server made with it has it.
pub(crate) async fn page_style() {
    #[cfg(feature = "hydrate")]
    browser::style(PAGES).await;
}

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::prelude::document;
    use wasm_bindgen::JsValue;
    use wasm_bindgen_futures::JsFuture;

    /// Puts a style into the head, once, and waits until it is there; one that cannot be fetched is not waited for.
    pub(super) async fn style(file: &str) {
        let known = document().query_selector(&format!("link[href$='/{file}']"));
        let (Ok(None), Some(href)) = (known, super::of_page(file)) else {
            return;
        };
        let waiting = js_sys::Promise::new(&mut |done, _| {
            let (Ok(link), Some(head)) = (document().create_element("link"), document().head()) else {
                let _ = done.call0(&JsValue::NULL);
                return;
            };
            let set = [("rel", "stylesheet"), ("href", &href)];
            let set = set
                .into_iter()
                .all(|(name, value)| link.set_attribute(name, value).is_ok());
            let told = ["load", "error"]
                .into_iter()
                .all(|event| link.add_event_listener_with_callback(event, &done).is_ok());
            if !(set && told && head.append_child(&link).is_ok()) {
                let _ = done.call0(&JsValue::NULL);
            }
        });
        let _ = JsFuture::from(waiting).await;
    }
}
