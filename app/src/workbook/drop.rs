//! Takes a changed workbook by drop or by choice and sends it to be compared.

use leptos::prelude::*;
use leptos::{ev, html};

use super::Desk;
use crate::ui::{Glyph, Icon, IconSize};
use crate::words::{t, t_string, use_i18n};

/// The place to drop the workbook.
#[component]
pub(super) fn Drop(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let over = RwSignal::new(false);
    let input = NodeRef::<html::Input>::new();
    let on_drop = move |event: ev::DragEvent| {
        event.prevent_default();
        over.set(false);
        sending::dropped(&event, desk);
    };
    view! {
        <label class="row">
            <input
                type="checkbox"
                name="blanks"
                prop:checked=move || desk.blank_is_zero.get()
                on:change=move |event| desk.blank_is_zero.set(event_target_checked(&event))
            />
            {t!(i18n, workbook.blank_is_zero)}
        </label>
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
            <b>{t!(i18n, workbook.drop_title)}</b>
            <span class="muted">{t!(i18n, workbook.drop_text)}</span>
            <span class="btn" aria-hidden="true">
                {move || if desk.busy.get() { t_string!(i18n, workbook.comparing) } else { t_string!(i18n, workbook.choose) }}
            </span>
            <input
                node_ref=input
                class="sr"
                type="file"
                name="file"
                accept=".xlsx"
                disabled=move || desk.busy.get()
                on:change=move |_| sending::chosen(input, desk)
            />
        </label>
    }
}

#[cfg(feature = "hydrate")]
mod sending {
    use leptos::prelude::*;
    use leptos::task::spawn_local;
    use leptos::{ev, html};
    use web_sys::{File, FormData};

    use crate::wire::post_form;
    use crate::workbook::Desk;

    /// Sends what was dropped.
    pub(super) fn dropped(event: &ev::DragEvent, desk: Desk) {
        let files = event.data_transfer().and_then(|transfer| transfer.files());
        if let Some(file) = files.and_then(|files| files.get(0)) {
            send(&file, desk);
        }
    }

    /// Sends what was chosen; the same file can be chosen again after it was changed.
    pub(super) fn chosen(input: NodeRef<html::Input>, desk: Desk) {
        let Some(input) = input.get_untracked() else {
            return;
        };
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            send(&file, desk);
        }
        input.set_value("");
    }

    fn send(file: &File, desk: Desk) {
        let Ok(form) = FormData::new() else { return };
        // A file always fits a form.
        drop(form.append_with_blob_and_filename("file", file, &file.name()));
        let blanks = if desk.blank_is_zero.get_untracked() {
            "zero"
        } else {
            "keep"
        };
        drop(form.append_with_str("blanks", blanks));
        desk.file.set(file.name());
        desk.busy.set(true);
        spawn_local(async move {
            let found = post_form(&format!("/api/v1/versions/{}/workbook", desk.version), form).await;
            desk.found.set(Some(found));
            desk.busy.set(false);
        });
    }
}

/// The server's twin: it receives files, it does not send them.
#[cfg(not(feature = "hydrate"))]
mod sending {
    use leptos::prelude::NodeRef;
    use leptos::{ev, html};

    use crate::workbook::Desk;

    pub(super) fn dropped(_event: &ev::DragEvent, _desk: Desk) {}

    pub(super) fn chosen(_input: NodeRef<html::Input>, _desk: Desk) {}
}
