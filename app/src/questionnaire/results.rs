//! A questionnaire as it stands: who has answered, what, and the sum of the own numbers.

use domain::format;
use domain::id::QuestionnaireId;
use domain::money::Currency;
use domain::questionnaire::{Ask, Desk, Progress, Question, Recipient, Results, Shown, Status, Summary};
use leptos::prelude::*;

use super::acts::Acts;
use super::extend::Extend;
use super::load_results;
use super::shown::{StatusTag, progress_name};
use super::sum::Sum;
use crate::live::use_live;
use crate::ui::{ErrorView, Skeleton, Standing, Tag, TagKind};
use crate::wire::{fetch, loaded};
use crate::words::{lang, t, t_string, use_i18n};

/// One questionnaire, followed.
#[component]
pub(super) fn Reading(desk: StoredValue<Desk>, id: QuestionnaireId) -> impl IntoView {
    let live = use_live();
    let results = fetch(
        move || (live.questionnaires.get(), live.plans.get()),
        move |_| load_results(id),
    );
    view! {
        <Transition fallback=|| view! { <Skeleton /> }>
            {loaded(results, move |found| match found {
                    Ok(results) => view! { <Found desk=desk results=results /> }.into_any(),
                    Err(error) => view! { <ErrorView error=error /> }.into_any(),
                })}
        </Transition>
    }
}

#[component]
fn Found(desk: StoredValue<Desk>, results: Results) -> impl IntoView {
    let i18n = use_i18n();
    let Results {
        written,
        planning,
        overdue,
        may_write,
        summaries,
        bottom_up,
    } = results;
    let currency = planning.currency;
    let due_on = written.draft.due_on;
    let due = move || {
        let due = format::date(due_on, lang(i18n.get_locale()));
        t_string!(i18n, questionnaire.due_on, date = due).to_string()
    };
    let sent = written.status != Status::Draft;
    let all_answered = !written.recipients.is_empty()
        && written
            .recipients
            .iter()
            .all(|one| one.progress == Progress::Answered);
    let questions = written
        .draft
        .questions
        .iter()
        .cloned()
        .zip(summaries)
        .enumerate()
        .map(|(at, (question, summary))| {
            view! { <Answers number=at + 1 question=question summary=summary currency=currency.clone() sent=sent /> }
        })
        .collect_view();
    view! {
        <div class="cards" data-questionnaire=written.id.to_string()>
            <section class="card">
                <header>
                    <h2>{written.draft.title.clone()}</h2>
                    <StatusTag status=written.status />
                    {overdue.then(|| view! { <Tag kind=TagKind::Standing(Standing::Far)>{t!(i18n, questionnaire.overdue)}</Tag> })}
                    <span class="sm muted">{due}</span>
                    <span class="end row wrap">{may_write.then(|| view! { <Acts id=written.id status=written.status all_answered=all_answered /> })}</span>
                </header>
                {(!written.draft.introduction.is_empty()).then(|| view! { <p class="soft">{written.draft.introduction.clone()}</p> })}
                <Recipients recipients=written.recipients sent=sent />
                {(may_write && written.status == Status::Open).then(|| view! {
                    <Extend id=written.id due_on=due_on chosen=desk.with_value(|desk| desk.chosen.clone()) />
                })}
            </section>
            {bottom_up.map(|sum| view! { <Sum sum=sum currency=currency.clone() /> })}
            {questions}
        </div>
    }
}

/// Whom it reaches, or who has not answered.
#[component]
fn Recipients(recipients: Vec<Recipient>, sent: bool) -> impl IntoView {
    let i18n = use_i18n();
    let count = recipients.len();
    let answered = recipients
        .iter()
        .filter(|one| one.progress == Progress::Answered)
        .count();
    let head = move || {
        if count == 0 {
            t_string!(i18n, questionnaire.nobody).to_owned()
        } else if sent {
            t_string!(
                i18n,
                questionnaire.answered_count,
                answered = answered,
                count = count
            )
            .to_string()
        } else {
            t_string!(i18n, questionnaire.reaches, count = count).to_string()
        }
    };
    let shut_out: Vec<String> = recipients
        .iter()
        .filter(|one| !one.signs_in && one.progress != Progress::Answered)
        .map(|one| one.name.clone())
        .collect();
    let shut_out = (!shut_out.is_empty()).then(|| {
        let names = StoredValue::new(shut_out);
        let words = move || {
            let names = names.with_value(|names| names.join(t_string!(i18n, questionnaire.comma)));
            t_string!(i18n, questionnaire.cannot_sign_in, names = names).to_string()
        };
        view! { <p class="sm is-behind">{words}</p> }
    });
    let people = recipients
        .into_iter()
        .map(|one| {
            let kind = match one.progress {
                Progress::Answered => TagKind::Standing(Standing::Ahead),
                Progress::Begun => TagKind::Standing(Standing::Behind),
                Progress::None => TagKind::Plain,
            };
            let progress = one.progress;
            view! {
                <li>
                    <Tag kind=kind>
                        {one.name}
                        {sent.then(|| view! { " · " {move || progress_name(progress, i18n.get_locale())} })}
                    </Tag>
                </li>
            }
        })
        .collect_view();
    view! {
        <p>{head}</p>
        {shut_out}
        <ul class="row wrap">{people}</ul>
    }
}

/// The answers to one question.
#[component]
fn Answers(
    number: usize,
    question: Question,
    summary: Summary,
    currency: Currency,
    sent: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let body = move || {
        let lang = lang(i18n.get_locale());
        let ask = question.ask(lang);
        let shown = Shown {
            lang,
            currency: &currency,
        };
        let quotes = summary
            .quotes()
            .iter()
            .map(|quote| {
                let reason = quote.reply.reason().to_owned();
                view! {
                    <li>
                        <b>{quote.name.clone()}</b>
                        " "
                        {shown.reply(&ask, &quote.reply)}
                        {(!reason.is_empty()).then(|| view! { <span class="soft">" · " {reason}</span> })}
                    </li>
                }
            })
            .collect_view();
        let head = match &summary {
            Summary::Nothing if sent => {
                view! { <p class="muted">{t_string!(i18n, questionnaire.no_answers)}</p> }.into_any()
            }
            Summary::Nothing | Summary::Texts { .. } => ().into_any(),
            Summary::Numbers { of, .. } => {
                let words = t_string!(
                    i18n,
                    questionnaire.numbers,
                    count = of.count,
                    median = shown.number(&ask, of.median),
                    low = shown.number(&ask, of.low),
                    high = shown.number(&ask, of.high)
                )
                .to_string();
                view! { <p>{words}</p> }.into_any()
            }
            Summary::Counts { counts, .. } => {
                let label = |at: usize| match &ask {
                    Ask::Choice { options } => options.get(at).cloned().unwrap_or_default(),
                    _ => (at + 1).to_string(),
                };
                let lines = counts
                    .iter()
                    .enumerate()
                    .map(|(at, count)| {
                        view! {
                            <div>
                                <dt>{label(at)}</dt>
                                <dd>{*count}</dd>
                            </div>
                        }
                    })
                    .collect_view();
                view! { <dl class="lines">{lines}</dl> }.into_any()
            }
        };
        view! {
            <header>
                <h2>{format!("{number}. {}", question.text(lang))}</h2>
            </header>
            {head}
            <ul class="quotes">{quotes}</ul>
        }
    };
    view! { <section class="card w6" data-question=number>{body}</section> }
}
