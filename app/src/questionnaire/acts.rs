//! What can be done with a questionnaire: sent, reminded of, closed, deleted.

use std::time::Duration;

use domain::id::QuestionnaireId;
use domain::questionnaire::Status;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{close, delete_draft, remind, send_draft};
use crate::error::AppError;
use crate::track::address;
use crate::ui::{Button, ButtonKind, Toast, hold_while, use_toasts, words_of};
use crate::words::{t, t_string, use_i18n};

/// How long a button waits to be pressed for the second time.
const ARMED: Duration = Duration::from_secs(8);

/// A button that is pressed twice, not armed yet. What others do does not take it away meanwhile.
fn twice() -> RwSignal<bool> {
    let sure = RwSignal::new(false);
    hold_while(sure);
    sure
}

/// Arms it for a while.
fn arm(sure: RwSignal<bool>) {
    sure.set(true);
    set_timeout(
        move || {
            let _left = sure.try_set(false);
        },
        ARMED,
    );
}

/// What can be done with it.
#[component]
pub(super) fn Acts(
    id: QuestionnaireId,
    status: Status,
    /// Nobody is left to be reminded.
    all_answered: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let go = address::go();
    let busy = RwSignal::new(false);
    // What cannot be taken back is pressed twice.
    let sure = twice();
    let said = move |title: String, done: Result<String, AppError>| {
        let _left = busy.try_set(false);
        match done {
            Ok(words) => toasts.show(Toast::done(words)),
            Err(error) => toasts.show(Toast::refused(title, words_of(&error, i18n))),
        }
    };
    let sure_to_send = twice();
    let send = move |_| {
        if !sure_to_send.get_untracked() {
            arm(sure_to_send);
            return;
        }
        sure_to_send.set(false);
        busy.set(true);
        spawn_local(async move {
            let done = send_draft(id).await;
            said(
                t_string!(i18n, questionnaire.send).to_owned(),
                done.map(|()| t_string!(i18n, questionnaire.sent).to_owned()),
            );
        });
    };
    let remind = move |_| {
        busy.set(true);
        spawn_local(async move {
            let done = remind(id).await.map(|reminded| {
                t_string!(
                    i18n,
                    questionnaire.reminded,
                    told = reminded.told,
                    already = reminded.already,
                    unreachable = reminded.unreachable
                )
                .to_string()
            });
            said(t_string!(i18n, questionnaire.remind_now).to_owned(), done);
        });
    };
    let end = move |_| {
        if !sure.get_untracked() {
            arm(sure);
            return;
        }
        sure.set(false);
        busy.set(true);
        spawn_local(async move {
            let (title, done) = if status == Status::Draft {
                let done = delete_draft(id).await;
                if done.is_ok() {
                    go("open", None);
                }
                let title = t_string!(i18n, questionnaire.delete).to_owned();
                (
                    title,
                    done.map(|()| t_string!(i18n, questionnaire.deleted).to_owned()),
                )
            } else {
                let title = t_string!(i18n, questionnaire.close).to_owned();
                let done = close(id).await;
                (
                    title,
                    done.map(|()| t_string!(i18n, questionnaire.now_closed).to_owned()),
                )
            };
            said(title, done);
        });
    };
    let end_word = move || match (status, sure.get()) {
        (Status::Draft, false) => t_string!(i18n, questionnaire.delete),
        (Status::Draft, true) => t_string!(i18n, questionnaire.delete_sure),
        (_, false) => t_string!(i18n, questionnaire.close),
        (_, true) => t_string!(i18n, questionnaire.close_sure),
    };
    match status {
        Status::Draft => view! {
            <Button busy=busy press=end>{end_word}</Button>
            <Button
                press=move |_| {
                    go("open", None);
                    go("edit", Some(id.to_string()));
                }
            >
                {t!(i18n, questionnaire.edit)}
            </Button>
            <Button kind=ButtonKind::Primary busy=busy press=send>
                {move || if sure_to_send.get() { t_string!(i18n, questionnaire.send_sure) } else { t_string!(i18n, questionnaire.send) }}
            </Button>
        }
        .into_any(),
        Status::Open => view! {
            {all_answered.then(|| view! { <span class="sm muted" data-figure="all-answered">{t!(i18n, questionnaire.all_answered)}</span> })}
            <Button busy=busy press=end>{end_word}</Button>
            {(!all_answered).then(|| view! {
                <Button kind=ButtonKind::Primary busy=busy press=remind>
                    {t!(i18n, questionnaire.remind_now)}
                </Button>
            })}
        }
        .into_any(),
        Status::Closed => ().into_any(),
    }
}
