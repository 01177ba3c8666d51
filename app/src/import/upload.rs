//! Takes files by drop or by choice and sends them for a dry run.

use leptos::prelude::*;
use leptos::{ev, html};

use super::Desk;
use crate::ui::{Glyph, Icon, IconSize};
use crate::words::{t, t_string, use_i18n};

/// The place to drop files.
#[component]
pub(super) fn Upload(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let over = RwSignal::new(false);
    let input = NodeRef::<html::Input>::new();
    let on_drop = move |event: ev::DragEvent| {
        event.prevent_default();
        over.set(false);
        sending::dropped(&event, desk);
    };
    let on_change = move |_| sending::chosen(input, desk);
    view! {
        <div class="content">
            <label
                class="drop"
                class:over=move || over.get()
                on:dragover=move |event| {
                    event.prevent_default();
                    over.set(true);
                }
                on:dragleave=move |_| over.set(false)
                on:drop=on_drop
            >
                <Icon glyph=Glyph::Upload size=IconSize::Large />
                <b>{t!(i18n, import.drop_title)}</b>
                <span class="muted">{t!(i18n, import.drop_text)}</span>
                <span class="btn primary" aria-hidden="true">
                    {move || {
                        if desk.busy.get() { t_string!(i18n, import.uploading, percent = "…").to_string() } else { t_string!(i18n, import.choose).to_string() }
                    }}
                </span>
                <input
                    node_ref=input
                    class="sr"
                    type="file"
                    name="file"
                    multiple
                    accept=".csv,.tsv,.txt,.xlsx,.xlsm"
                    disabled=move || desk.busy.get()
                    on:change=on_change
                />
            </label>
        </div>
    }
}

#[cfg(feature = "hydrate")]
mod sending {
    use domain::id::ImportId;
    use leptos::prelude::*;
    use leptos::task::spawn_local;
    use leptos::{ev, html};
    use serde::Deserialize;
    use web_sys::{FileList, FormData};

    use crate::import::Desk;
    use crate::wire::post_form;

    /// Where imports are accepted, for the page as for programs.
    const ADDRESS: &str = "/api/v1/imports";

    #[derive(Deserialize)]
    struct Accepted {
        id: ImportId,
    }

    /// Sends what was dropped.
    pub(super) fn dropped(event: &ev::DragEvent, desk: Desk) {
        if let Some(files) = event.data_transfer().and_then(|transfer| transfer.files()) {
            send(&files, desk);
        }
    }

    /// Sends what was chosen.
    pub(super) fn chosen(input: NodeRef<html::Input>, desk: Desk) {
        if let Some(files) = input.get_untracked().and_then(|input| input.files()) {
            send(&files, desk);
        }
    }

    /// Sends the files for a dry run and shows it.
    fn send(files: &FileList, desk: Desk) {
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
    use leptos::prelude::NodeRef;
    use leptos::{ev, html};

    use crate::import::Desk;

    pub(super) fn dropped(_event: &ev::DragEvent, _desk: Desk) {}

    pub(super) fn chosen(_input: NodeRef<html::Input>, _desk: Desk) {}
}
