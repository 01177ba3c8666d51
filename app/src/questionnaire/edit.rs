//! Writing a questionnaire.

use domain::id::QuestionnaireId;
use domain::questionnaire::{Audience, Desk, Draft, Question, Ready, Status};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};

use super::asking::Questions;
use super::whom::Whom;
use super::{load_results, write_draft};
use crate::track::address;
use crate::ui::{
    Button, ButtonKind, Choice, DateField, ErrorView, Field, Select, Skeleton, Toast, use_toasts, words_of,
};
use crate::wire::{fetch, loaded};
use crate::words::{lang, t, t_string, use_i18n};

/// Days until a new questionnaire is due.
const DUE_DAYS: i32 = 10;
/// Days before that a reminder can come.
const REMIND: [u8; 6] = [0, 1, 2, 3, 5, 7];

/// The editor of a new questionnaire, or of a draft.
#[component]
pub(super) fn Editor(desk: StoredValue<Desk>, id: Option<QuestionnaireId>) -> impl IntoView {
    let i18n = use_i18n();
    match id {
        None => {
            let lang = lang(i18n.get_locale_untracked());
            let draft = desk.with_value(|desk| Draft {
                title: match &desk.planning.period {
                    Some(period) => {
                        let period = domain::format::period(period, lang);
                        t_string!(i18n, questionnaire.first_title, period = period).to_string()
                    }
                    None => String::new(),
                },
                introduction: String::new(),
                due_on: desk.today.plus(DUE_DAYS),
                remind_days: 3,
                questions: Ready::SHORT
                    .into_iter()
                    .map(|of| Question::ready(of, of == Ready::Proposal))
                    .collect(),
                audience: Audience::default(),
            });
            view! { <Writing desk=desk id=None draft=draft /> }.into_any()
        }
        Some(id) => {
            let known = fetch(move || id, load_results);
            view! {
                <Suspense fallback=|| view! { <Skeleton /> }>
                    {loaded(known, move |found| match found {
                            Ok(known) if known.written.status == Status::Draft => {
                                view! { <Writing desk=desk id=Some(id) draft=known.written.draft /> }.into_any()
                            }
                            Ok(_) => view! { <p class="muted">{t!(i18n, questionnaire.sent_already)}</p> }.into_any(),
                            Err(error) => view! { <ErrorView error=error /> }.into_any(),
                        })}
                </Suspense>
            }
            .into_any()
        }
    }
}

#[component]
fn Writing(desk: StoredValue<Desk>, id: Option<QuestionnaireId>, draft: Draft) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let navigate = StoredValue::new(use_navigate());
    let location = use_location();
    let title = RwSignal::new(draft.title.clone());
    let introduction = RwSignal::new(draft.introduction.clone());
    let due_on = RwSignal::new(Some(draft.due_on));
    let remind = RwSignal::new(draft.remind_days.to_string());
    let questions = RwSignal::new(draft.questions.clone());
    let audience = RwSignal::new(draft.audience.clone());
    let busy = RwSignal::new(false);
    let wrong_title = RwSignal::new(None::<String>);
    let today = desk.with_value(|desk| desk.today);
    let wrong_day = Signal::derive(move || match due_on.get() {
        None => Some(t_string!(i18n, questionnaire.day_missing).to_owned()),
        Some(day) => (day < today).then(|| t_string!(i18n, questionnaire.due_past).to_owned()),
    });
    let save = move |_| {
        let unnamed = title.with_untracked(|title| title.trim().is_empty());
        wrong_title.set(unnamed.then(|| t_string!(i18n, questionnaire.title_missing).to_owned()));
        let (Some(due_on), false) = (due_on.get_untracked(), unnamed) else {
            return;
        };
        let draft = Draft {
            title: title.get_untracked(),
            introduction: introduction.get_untracked(),
            due_on,
            remind_days: remind.get_untracked().parse().unwrap_or_default(),
            questions: questions.get_untracked(),
            audience: audience.get_untracked(),
        };
        let query = location.query.with_untracked(super::planning_query);
        let (path, search) = (location.pathname.get_untracked(), location.search.get_untracked());
        busy.set(true);
        spawn_local(async move {
            match write_draft(query, id, draft).await {
                Ok(written) => {
                    let without = address::with(&path, &search, "edit", None);
                    let (path, search) = without.split_once('?').unwrap_or((&without, ""));
                    let to = address::with(path, search, "open", Some(&written.id.to_string()));
                    // The page may have been left.
                    let _left = navigate.try_with_value(|navigate| navigate(&to, NavigateOptions::default()));
                }
                Err(error) if error.field() == Some("title") => {
                    let _left = wrong_title.try_set(Some(words_of(&error, i18n)));
                }
                Err(error) => toasts.show(Toast::refused(
                    t_string!(i18n, questionnaire.save_draft),
                    words_of(&error, i18n),
                )),
            }
            let _left = busy.try_set(false);
        });
    };
    let reminders = Signal::derive(move || {
        REMIND
            .into_iter()
            .map(|days| {
                let label = if days == 0 {
                    t_string!(i18n, questionnaire.remind_due).to_owned()
                } else {
                    t_string!(i18n, questionnaire.remind_before, days = days).to_string()
                };
                Choice::new(days.to_string(), label)
            })
            .collect::<Vec<_>>()
    });
    view! {
        <div class="cards">
            <section class="card w7">
                <header>
                    <h2>{t!(i18n, questionnaire.what)}</h2>
                </header>
                <div class="stack">
                    <Field label=t!(i18n, questionnaire.name) name="title" bind=title error=wrong_title />
                    <label class="fld">
                        <span class="sm soft">{t!(i18n, questionnaire.introduction)}</span>
                        <textarea
                            class="input"
                            name="introduction"
                            rows="2"
                            maxlength="2000"
                            on:input=move |event| introduction.set(event_target_value(&event))
                        >
                            {draft.introduction}
                        </textarea>
                    </label>
                    <Questions questions=questions />
                </div>
            </section>
            <section class="card w5">
                <header>
                    <h2>{t!(i18n, questionnaire.whom)}</h2>
                </header>
                <div class="stack">
                    <Whom chosen=desk.with_value(|desk| desk.chosen.clone()) audience=audience />
                    <DateField
                        label=t!(i18n, questionnaire.due)
                        name="due-on"
                        value=due_on
                        error=wrong_day
                        on_pick=Callback::new(move |day| due_on.set(day))
                    />
                    <Select
                        label=t!(i18n, questionnaire.remind)
                        name="remind-days"
                        choices=reminders
                        value=remind
                        on_pick=Callback::new(move |days| remind.set(days))
                    />
                    <Button kind=ButtonKind::Primary busy=busy press=save>
                        {t!(i18n, questionnaire.save_draft)}
                    </Button>
                    <p class="sm muted">{t!(i18n, questionnaire.save_hint)}</p>
                </div>
            </section>
        </div>
    }
}
