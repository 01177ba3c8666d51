//! The HTML document around the application.

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;

use crate::App;
use crate::assets::{self, Assets, BUILD_META};
use crate::{preference, sign_in, words};

/// The page as the server sends it: language and theme are decided here, once; every script carries the nonce of
/// the content security policy.
pub fn shell(assets: &Assets) -> impl IntoView + use<> {
    provide_context(crate::error::RenderingPage);
    provide_splits(assets);
    let script = assets.path("attain.js");
    let program = assets.path("attain.wasm");
    let path = crate::server::path();
    let program = if path == sign_in::PATH {
        view! {
            <link rel="prefetch" href=script r#as="script" />
            <link rel="prefetch" href=program r#as="fetch" crossorigin="anonymous" />
        }
        .into_any()
    } else {
        let start = format!(
            "import({script:?}).then(page => page.default({{ module_or_path: {program:?} }}).then(() => page.hydrate()))"
        );
        view! {
            <link rel="modulepreload" href=script />
            <link rel="preload" href=program r#as="fetch" r#type="application/wasm" crossorigin="anonymous" />
            <script type="module" nonce=use_nonce()>
                {start}
            </script>
        }
        .into_any()
    };
    let pages = (!assets::is_of_first_program(&path))
        .then(|| view! { <link rel="stylesheet" href=assets.path(assets::PAGES) /> });
    let theme = preference::theme_of_request().map(preference::Theme::as_str);
    let lang = words::name_of(words::of_page());
    view! {
        <!DOCTYPE html>
        <html lang=lang data-theme=theme>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
                <meta name="color-scheme" content="light dark" />
                <meta name=BUILD_META content=assets.build.to_string() />
                <link rel="stylesheet" href=assets.path("attain.css") />
                {pages}
                <link rel="icon" href=assets.path("icon.svg") type="image/svg+xml" />
                {program}
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// Lets the renderer name the files of the lazy route in the head, so that they load beside the main program.
fn provide_splits(assets: &Assets) {
    if !assets.splits.is_empty() {
        provide_context(leptos::WasmSplitManifest(ArcStoredValue::new((
            assets.base.to_string(),
            (*assets.splits).clone(),
            "__wasm_split.______________________.js".to_owned(),
        ))));
    }
}
