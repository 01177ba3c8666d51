//! The report beside a market factor: chosen, sent, and named in the form.

use domain::outlook::Attached;
use leptos::html;
use leptos::prelude::*;

use crate::ui::{Button, ButtonKind, ButtonSize};
use crate::words::{t, t_string, use_i18n};

/// Chooses a report, or shows the one there is.
#[component]
pub(super) fn Report(report: RwSignal<Option<Attached>>) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = crate::ui::use_toasts();
    let input = NodeRef::<html::Input>::new();
    let busy = RwSignal::new(false);
    let failed = Callback::new(move |error: crate::error::AppError| {
        toasts.show(crate::ui::Toast::refused(
            t_string!(i18n, outlook.report),
            crate::ui::words_of(&error, i18n),
        ));
    });
    view! {
        <div class="fld">
            <span>{t!(i18n, outlook.report)}</span>
            {move || match report.get() {
                Some(file) => {
                    view! {
                        <div class="row between">
                            <span>{file.name}</span>
                            <Button kind=ButtonKind::Quiet size=ButtonSize::Small press=move |_| report.set(None)>
                                {t!(i18n, outlook.report_drop)}
                            </Button>
                        </div>
                    }
                        .into_any()
                }
                None => {
                    view! {
                        <label class="btn">
                            {move || {
                                if busy.try_get().unwrap_or_default() {
                                    t_string!(i18n, outlook.report_sending).to_owned()
                                } else {
                                    t_string!(i18n, outlook.report_choose).to_owned()
                                }
                            }}
                            <input
                                node_ref=input
                                class="sr"
                                type="file"
                                accept=".pdf,.docx,.xlsx,.pptx,.csv,.txt,.md,.png,.jpg,.jpeg"
                                disabled=move || busy.try_get().unwrap_or_default()
                                on:change=move |_| sending::chosen(input, report, busy, failed)
                            />
                        </label>
                    }
                        .into_any()
                }
            }}
            <p class="hint">{t!(i18n, outlook.report_hint)}</p>
        </div>
    }
}

#[cfg(feature = "hydrate")]
mod sending {
    use domain::outlook::Attached;
    use leptos::html;
    use leptos::prelude::*;
    use leptos::task::spawn_local;
    use web_sys::FormData;

    use crate::error::AppError;
    use crate::wire::post_form;

    /// Where files are taken in, for the page as for programs.
    const ADDRESS: &str = "/api/v1/attachments";

    /// Sends what was chosen.
    pub(super) fn chosen(
        input: NodeRef<html::Input>,
        report: RwSignal<Option<Attached>>,
        busy: RwSignal<bool>,
        failed: Callback<AppError>,
    ) {
        let file = input
            .get_untracked()
            .and_then(|input| input.files())
            .and_then(|files| files.get(0));
        let (Some(file), Ok(form)) = (file, FormData::new()) else {
            return;
        };
        // A file always fits a form.
        drop(form.append_with_blob_and_filename("file", &file, &file.name()));
        busy.set(true);
        spawn_local(async move {
            match post_form::<Attached>(ADDRESS, form).await {
                Ok(attached) => drop(report.try_set(Some(attached))),
                // The form may be closed by now.
                Err(error) => {
                    let _gone = failed.try_run(error);
                }
            }
            let _gone = busy.try_set(false);
        });
    }
}

/// The server's twin: it receives files, it does not send them.
#[cfg(not(feature = "hydrate"))]
mod sending {
    use domain::outlook::Attached;
    use leptos::html;
    use leptos::prelude::{Callback, NodeRef, RwSignal};

    use crate::error::AppError;

    pub(super) fn chosen(
        _input: NodeRef<html::Input>,
        _report: RwSignal<Option<Attached>>,
        _busy: RwSignal<bool>,
        _failed: Callback<AppError>,
    ) {
    }
}
