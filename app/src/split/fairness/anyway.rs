//! Publishing what is beyond a limit that blocks: an owner says why, looks at what is decided on, and the reason stays with the
//! version.

use domain::approval::Review;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::before::{BeforeView, Seen};
use crate::approval::publish_anyway;
use crate::split::board::Board;
use crate::ui::{Button, ButtonKind, ButtonSize, Dialog, Field, Toast, use_toasts, words_of};
use crate::words::{t, t_string, use_i18n};

/// The reason, and the button that publishes with it, after what is published was shown as to whoever publishes within limits: it
/// is that which is published, and what of it was changed meanwhile is told instead. The page opens the version anew once it is
/// published.
#[component]
pub(super) fn Anyway(
    /// The open plan: what of it is still on its way is not published yet.
    board: Board,
    /// Where its approval stands: what of it is left goes with the limits.
    review: Review,
) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let version = board.version();
    let on_its_way = Signal::derive(move || board.unsaved.get() > 0);
    let reason = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    // Asked for when it is pressed, not while nothing was tried yet.
    let asked = RwSignal::new(false);
    let missing = Signal::derive(move || {
        let lacks = asked.get() && reason.with(|reason| reason.trim().is_empty());
        lacks.then(|| t_string!(i18n, fairness.anyway_missing).to_owned())
    });
    let asking = RwSignal::new(false);
    // What of the version whoever publishes was told.
    let seen = RwSignal::new(Seen::default());
    let ask = move |_| {
        asked.set(true);
        if missing.get_untracked().is_none() {
            seen.set(Seen::Coming);
            asking.set(true);
        }
    };
    let publish = move |_| {
        let Some(looked) = seen.get_untracked().looked() else {
            return;
        };
        asking.set(false);
        busy.set(true);
        let reason = reason.get_untracked();
        spawn_local(async move {
            match publish_anyway(version, looked, reason).await {
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
    let not_yet = Signal::derive(move || on_its_way.get() || seen.get().looked().is_none());
    let waits = move || {
        on_its_way.get().then(|| {
            if board.offline.get() {
                t_string!(i18n, fairness.anyway_offline)
            } else {
                t_string!(i18n, fairness.anyway_saving)
            }
        })
    };
    let both = matches!(review, Review::Needed | Review::Open);
    view! {
        <div data-fairness="anyway">
            {both.then(|| view! { <p class="sm">{t!(i18n, fairness.anyway_both)}</p> })}
            <Field label=t!(i18n, fairness.anyway_reason) name="fairness-reason" bind=reason error=missing />
            <Button size=ButtonSize::Small busy=busy disabled=on_its_way press=ask>
                {t!(i18n, fairness.anyway)}
            </Button>
            <p class="sm muted" role="status" data-anyway="waits">{waits}</p>
        </div>
        <Dialog open=asking title=t!(i18n, split.publish_question)>
            <p>{t!(i18n, split.publish_text)}</p>
            <BeforeView version=version seen=seen />
            <p class="sm muted" role="status">{waits}</p>
            <footer>
                <Button press=move |_| asking.set(false)>{t!(i18n, split.publish_no)}</Button>
                <Button kind=ButtonKind::Primary disabled=not_yet press=publish>{t!(i18n, fairness.anyway)}</Button>
            </footer>
        </Dialog>
    }
}
