//! Publishing what is beyond a limit that blocks: an owner says why, and the reason stays with the version.

use domain::approval::Review;
use domain::id::VersionId;
use domain::publish::Looked;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::approval::publish_anyway;
use crate::ui::{Button, ButtonSize, Field, Toast, use_toasts, words_of};
use crate::words::{t, t_string, use_i18n};

/// The reason, and the button that publishes with it. The page opens the version anew once it is published.
#[component]
pub(super) fn Anyway(
    version: VersionId,
    /// The last command of it that is shown here.
    head: Signal<u64>,
    /// Where its approval stands: what of it is left goes with the limits.
    review: Review,
) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let reason = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    // Asked for when it is pressed, not while nothing was tried yet.
    let asked = RwSignal::new(false);
    let missing = Signal::derive(move || {
        let lacks = asked.get() && reason.with(|reason| reason.trim().is_empty());
        lacks.then(|| t_string!(i18n, fairness.anyway_missing).to_owned())
    });
    let press = move |_| {
        asked.set(true);
        if missing.get_untracked().is_some() {
            return;
        }
        busy.set(true);
        let (head, reason) = (head.get_untracked(), reason.get_untracked());
        spawn_local(async move {
            match publish_anyway(version, Looked::at(head), reason).await {
                Ok(_) => toasts.show(Toast::done(t_string!(i18n, fairness.published))),
                Err(error) => toasts.show(Toast::refused(
                    t_string!(i18n, fairness.anyway),
                    words_of(&error, i18n),
                )),
            }
            // The page may have been opened anew.
            let _gone = busy.try_set(false);
        });
    };
    let both = matches!(review, Review::Needed | Review::Open);
    view! {
        <div data-fairness="anyway">
            {both.then(|| view! { <p class="sm">{t!(i18n, fairness.anyway_both)}</p> })}
            <Field label=t!(i18n, fairness.anyway_reason) name="fairness-reason" bind=reason error=missing />
            <Button size=ButtonSize::Small busy=busy press=press>
                {t!(i18n, fairness.anyway)}
            </Button>
        </div>
    }
}
