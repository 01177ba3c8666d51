//! Takes a changed workbook by drop or by choice and sends it to be compared.

use leptos::prelude::*;

use super::Desk;
use crate::ui::DropZone;
use crate::words::{t, t_string, use_i18n};

/// The place to drop the workbook.
#[component]
pub(super) fn Drop(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let choose = move || {
        if desk.busy.get() {
            t_string!(i18n, workbook.comparing)
        } else {
            t_string!(i18n, workbook.choose)
        }
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
        <DropZone
            title=t!(i18n, workbook.drop_title)
            text=t!(i18n, workbook.drop_text)
            choose=choose
            accept=".xlsx"
            busy=desk.busy
            on_files=Callback::new(move |files| sending::send(files, desk))
        />
    }
}

#[cfg(feature = "hydrate")]
mod sending {
    use leptos::prelude::*;
    use leptos::task::spawn_local;
    use web_sys::FormData;

    use crate::ui::Files;
    use crate::wire::post_form;
    use crate::workbook::Desk;

    /// Sends the workbook to be compared.
    pub(super) fn send(files: Files, desk: Desk) {
        let (Some(file), Ok(form)) = (files.get(0), FormData::new()) else {
            return;
        };
        // A file always fits a form.
        drop(form.append_with_blob_and_filename("file", &file, &file.name()));
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
    use crate::ui::Files;
    use crate::workbook::Desk;

    pub(super) fn send(_files: Files, _desk: Desk) {}
}
