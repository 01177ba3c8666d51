//! Takes files by drop or by choice and sends them for a dry run.

use leptos::prelude::*;

use super::Desk;
use crate::ui::DropZone;
use crate::words::{t, t_string, use_i18n};

/// The place to drop files.
#[component]
pub(super) fn Upload(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let choose = move || {
        if desk.busy.get() {
            t_string!(i18n, import.uploading, percent = "…").to_string()
        } else {
            t_string!(i18n, import.choose).to_string()
        }
    };
    view! {
        <div class="content">
            <DropZone
                title=t!(i18n, import.drop_title)
                text=t!(i18n, import.drop_text)
                choose=choose
                accept=".csv,.tsv,.txt,.xlsx,.xlsm"
                multiple=true
                primary=true
                busy=desk.busy
                on_files=Callback::new(move |files| sending::send(files, desk))
            />
        </div>
    }
}

#[cfg(feature = "hydrate")]
mod sending {
    use domain::id::ImportId;
    use leptos::prelude::*;
    use leptos::task::spawn_local;
    use serde::Deserialize;
    use web_sys::FormData;

    use crate::import::Desk;
    use crate::ui::Files;
    use crate::wire::post_form;

    /// Where imports are accepted, for the page as for programs.
    const ADDRESS: &str = "/api/v1/imports";

    #[derive(Deserialize)]
    struct Accepted {
        id: ImportId,
    }

    /// Sends the files for a dry run and shows it.
    pub(super) fn send(files: Files, desk: Desk) {
        let Ok(form) = FormData::new() else { return };
        for index in 0..files.length() {
            if let Some(file) = files.get(index) {
                // A file always fits a form.
                drop(form.append_with_blob_and_filename("file", &file, &file.name()));
            }
        }
        drop(form.append_with_str("options", r#"{"dry_run":true}"#));
        desk.busy.set(true);
        spawn_local(async move {
            match post_form::<Accepted>(ADDRESS, form).await {
                Ok(accepted) => desk.show(Some(accepted.id)),
                Err(error) => desk.fail(error),
            }
            desk.busy.set(false);
        });
    }
}

/// The server's twin: it receives files, it does not send them.
#[cfg(not(feature = "hydrate"))]
mod sending {
    use crate::import::Desk;
    use crate::ui::Files;

    pub(super) fn send(_files: Files, _desk: Desk) {}
}
