//! The form of a member.

use domain::format;
use domain::id::QuestionnaireId;
use domain::people::actor;
use domain::questionnaire::{Form, OwnHistory, Progress, Status};
use leptos::ev::SubmitEvent;
use leptos::form::{ActionForm, FromFormData};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::field::{Answered, OneQuestion, Saver, State};
use super::turn::InTurn;
use super::{KeepReplies, load_form};
use crate::error::AppError;
use crate::frame::moment;
use crate::page::lazy_page;
use crate::ui::{ErrorView, Glyph, Icon, Skeleton, Standing, Tag, TagKind};
use crate::wire::{fetch, loaded};
use crate::words::{Words, lang, t, t_string, use_i18n};

lazy_page!(QuestionnairePage, page, part = own, needs = Acknowledge);

fn page() -> impl IntoView {
    let i18n = use_i18n();
    let params = use_params_map();
    let id = Memo::new(move |_| {
        params
            .with(|params| params.get("id"))
            .and_then(|id| id.parse::<QuestionnaireId>().ok())
    });
    // Without the browser's program the form is sent by itself, and what is wrong with it comes with the page.
    let all = ServerAction::<KeepReplies>::new();
    let answered: Answered = RwSignal::new(None);
    let turn = InTurn::new();
    // Not fetched again for what was kept here: the form would be made anew under whoever goes on writing, without what they wrote.
    let form = fetch(
        move || (id.get(), all.version().get()),
        |(id, _)| async move {
            match id {
                Some(id) => load_form(id).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    view! {
        <Title text=t!(i18n, questionnaire.form_title) />
        <Transition fallback=|| view! { <Skeleton /> }>
            {loaded(form, move |found| match found {
                    Ok(form) => view! { <Asked form=form all=all answered=answered turn=turn /> }.into_any(),
                    Err(error) => view! { <div class="content"><ErrorView error=error /></div> }.into_any(),
                })}
        </Transition>
    }
}

#[component]
fn Asked(
    form: Form,
    all: ServerAction<KeepReplies>,
    /// What became of the form as a whole.
    answered: Answered,
    /// Sends what is answered.
    turn: InTurn,
) -> impl IntoView {
    let i18n = use_i18n();
    let open = form.status == Status::Open;
    let saver = Saver::new(form.id, form.progress, form.answered_at_ms, turn);
    let first = all.value();
    let failed = move || answered.get().or_else(|| first.get()).and_then(Result::err);
    // Before the form sends itself: answers that are on their way would arrive after it.
    let send = move |event: SubmitEvent| {
        if let Ok(given) = KeepReplies::from_event(&event) {
            event.prevent_default();
            saver.keep_all(given, answered);
        }
    };
    let (by, due_on, span) = (form.created_by.clone(), form.due_on, form.span);
    let asked_by = move || {
        let lang = lang(i18n.get_locale());
        t_string!(
            i18n,
            questionnaire.asked_by,
            by = actor(&by, lang).to_owned(),
            days = format::range(span.starts_on, span.ends_on, lang),
            due = format::date(due_on, lang)
        )
        .to_string()
    };
    let questions = form
        .questions
        .iter()
        .cloned()
        .zip(form.replies.iter().cloned())
        .enumerate()
        .map(|(place, (question, reply))| {
            let number = u16::try_from(place).unwrap_or(u16::MAX);
            view! {
                <OneQuestion
                    number=number
                    question=question
                    reply=reply
                    currency=form.currency.clone()
                    open=open
                    saver=saver
                />
            }
        })
        .collect_view();
    let id = form.id;
    view! {
        <article class="my-target asked" data-questionnaire=id.to_string() on:submit:capture=send>
            <header class="row between wrap">
                <h1>{form.title.clone()}</h1>
                <HowFar saver=saver status=form.status overdue=form.overdue />
            </header>
            <p class="sm muted">{asked_by}</p>
            {(!form.introduction.is_empty()).then(|| view! { <p class="said">{form.introduction.clone()}</p> })}
            <History history=form.history.clone() currency=form.currency.clone() />
            {move || failed().map(|error| view! { <ErrorView error=error /> })}
            <ActionForm action=all>
                <input type="hidden" name="id" value=id.to_string() />
                <div class="stack">{questions}</div>
                {open
                    .then(|| {
                        view! {
                            <footer class="answer">
                                <p class="sm muted" role="status">{move || said(saver, i18n)}</p>
                                <button class="btn primary wide" type="submit">
                                    <Icon glyph=Glyph::Check />
                                    {t!(i18n, questionnaire.save)}
                                </button>
                            </footer>
                        }
                    })}
            </ActionForm>
            {form
                .may_read_results
                .then(|| {
                    view! {
                        <p>
                            <a href=format!("/set/questionnaires?open={id}")>{t!(i18n, questionnaire.to_results)}</a>
                        </p>
                    }
                })}
        </article>
    }
}

/// What became of the last answer.
fn said(saver: Saver, i18n: Words) -> String {
    match saver.state.get() {
        State::Nothing => t_string!(i18n, questionnaire.saved_as_you_go).to_owned(),
        State::Saving => t_string!(i18n, questionnaire.saving).to_owned(),
        State::Saved(at_ms) => {
            let when = moment(at_ms, lang(i18n.get_locale()));
            t_string!(i18n, questionnaire.saved_at, when = when).to_string()
        }
        State::Failed => t_string!(i18n, questionnaire.not_saved).to_owned(),
    }
}

/// How far one is.
#[component]
fn HowFar(saver: Saver, status: Status, overdue: bool) -> impl IntoView {
    let i18n = use_i18n();
    move || match (status, saver.progress.get()) {
        (Status::Closed, _) => view! { <Tag>{t!(i18n, questionnaire.closed)}</Tag> }.into_any(),
        (_, Progress::Answered) => {
            view! { <Tag kind=TagKind::Standing(Standing::Ahead)>{t!(i18n, questionnaire.answered)}</Tag> }
                .into_any()
        }
        _ if overdue => {
            view! { <Tag kind=TagKind::Standing(Standing::Far)>{t!(i18n, questionnaire.overdue)}</Tag> }
                .into_any()
        }
        (_, Progress::Begun) => {
            view! { <Tag kind=TagKind::Standing(Standing::Behind)>{t!(i18n, questionnaire.begun)}</Tag> }
                .into_any()
        }
        (_, Progress::None) => {
            view! { <Tag kind=TagKind::Accent>{t!(i18n, questionnaire.waiting)}</Tag> }.into_any()
        }
    }
}

/// What one did before, beside the questions.
#[component]
fn History(history: Vec<OwnHistory>, currency: domain::money::Currency) -> impl IntoView {
    let i18n = use_i18n();
    let currency = StoredValue::new(currency);
    if history.is_empty() {
        return view! { <p class="sm muted">{t!(i18n, questionnaire.no_history)}</p> }.into_any();
    }
    let lines = history
        .into_iter()
        .map(|one| {
            let days = move || {
                let lang = lang(i18n.get_locale());
                let days = format::range(one.span.starts_on, one.span.ends_on, lang);
                match one.until {
                    Some(until) => {
                        let until = format::date(until, lang);
                        t_string!(i18n, questionnaire.until, days = days, until = until).to_string()
                    }
                    None => days,
                }
            };
            let amount = move || {
                currency.with_value(|currency| format::compact(one.actual, currency, lang(i18n.get_locale())))
            };
            let against = move || match (one.target, one.attainment) {
                (Some(_), Some(attainment)) => {
                    let percent = format::percent(attainment);
                    t_string!(i18n, questionnaire.attained, percent = percent).to_string()
                }
                _ => t_string!(i18n, questionnaire.no_target).to_owned(),
            };
            view! {
                <div data-figure="own-history" data-minor=one.actual.0>
                    <dt>{days}</dt>
                    <dd>
                        <b>{amount}</b>
                        " "
                        <span class="sm muted">{against}</span>
                    </dd>
                </div>
            }
        })
        .collect_view();
    view! {
        <section class="card">
            <header>
                <h2>{t!(i18n, questionnaire.history)}</h2>
            </header>
            <dl class="lines">{lines}</dl>
        </section>
    }
    .into_any()
}
