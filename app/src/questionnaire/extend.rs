//! What still changes in a questionnaire that was sent: its due date, and who is asked.

use domain::calendar::Day;
use domain::id::QuestionnaireId;
use domain::questionnaire::{Audience, Chosen};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::whom::Whom;
use super::{ask_more, postpone};
use crate::ui::{Button, DateField, Toast, use_toasts, words_of};
use crate::words::{t, t_string, use_i18n};

/// Folded, because it is rarely needed.
#[component]
pub(super) fn Extend(
    id: QuestionnaireId,
    due_on: Day,
    /// Whom one can choose from.
    chosen: Chosen,
) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let busy = RwSignal::new(false);
    let day = RwSignal::new(Some(due_on));
    let more = RwSignal::new(Audience::default());
    let set_due = move |_| {
        let Some(day) = day.get_untracked() else { return };
        busy.set(true);
        spawn_local(async move {
            let title = t_string!(i18n, questionnaire.set_due);
            match postpone(id, day).await {
                Ok(()) => toasts.show(Toast::done(t_string!(i18n, questionnaire.due_set).to_owned())),
                Err(error) => toasts.show(Toast::refused(title, words_of(&error, i18n))),
            }
            let _left = busy.try_set(false);
        });
    };
    let ask = move |_| {
        let whom = more.get_untracked();
        busy.set(true);
        spawn_local(async move {
            let title = t_string!(i18n, questionnaire.ask_more);
            match ask_more(id, whom).await {
                Ok(asked) => toasts.show(Toast::done(
                    t_string!(
                        i18n,
                        questionnaire.asked_more,
                        added = asked.added,
                        told = asked.told,
                        already = asked.already
                    )
                    .to_string(),
                )),
                Err(error) => toasts.show(Toast::refused(title, words_of(&error, i18n))),
            }
            let _left = busy.try_set(false);
        });
    };
    view! {
        <details class="extend">
            <summary>{t!(i18n, questionnaire.extend)}</summary>
            <div class="stack">
                <div class="row wrap by-hand">
                    <DateField
                        label=t!(i18n, questionnaire.new_due)
                        name="new-due"
                        value=day
                        on_pick=Callback::new(move |picked| day.set(picked))
                    />
                    <Button
                        busy=busy
                        disabled=Signal::derive(move || day.get().is_none_or(|day| day == due_on))
                        press=set_due
                    >
                        {t!(i18n, questionnaire.set_due)}
                    </Button>
                </div>
                <Whom chosen=chosen audience=more />
                <p class="sm muted">{t!(i18n, questionnaire.more_hint)}</p>
                <Button busy=busy disabled=Signal::derive(move || more.with(Audience::is_empty)) press=ask>
                    {t!(i18n, questionnaire.ask_more)}
                </Button>
            </div>
        </details>
    }
}
