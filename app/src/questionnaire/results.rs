//! A questionnaire as it stands: who has answered, what, and the sum of the own numbers.

use domain::format;
use domain::id::QuestionnaireId;
use domain::money::{Currency, Minor};
use domain::questionnaire::{Ask, BottomUp, Progress, Question, Recipient, Results, Shown, Status, Summary};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::shown::{StatusTag, progress_name};
use super::{close, delete_draft, load_results, remind, send_draft};
use crate::error::AppError;
use crate::live::use_live;
use crate::track::address;
use crate::ui::{
    Button, ButtonKind, ErrorView, Skeleton, Standing, Tag, TagKind, Toast, use_toasts, words_of,
};
use crate::wire::fetch;
use crate::words::{lang, t, t_string, use_i18n};

/// One questionnaire, followed.
#[component]
pub(super) fn Reading(id: QuestionnaireId) -> impl IntoView {
    let live = use_live();
    let results = fetch(
        move || (live.questionnaires.get(), live.plans.get()),
        move |_| load_results(id),
    );
    view! {
        <Transition fallback=|| view! { <Skeleton /> }>
            {move || Suspend::new(async move {
                match results.await {
                    Ok(results) => view! { <Found results=results /> }.into_any(),
                    Err(error) => view! { <ErrorView error=error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Found(results: Results) -> impl IntoView {
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
                    <span class="end row wrap">{may_write.then(|| view! { <Acts id=written.id status=written.status /> })}</span>
                </header>
                {(!written.draft.introduction.is_empty()).then(|| view! { <p class="soft">{written.draft.introduction.clone()}</p> })}
                <Recipients recipients=written.recipients sent=sent />
            </section>
            {bottom_up.map(|sum| view! { <Sum sum=sum currency=currency.clone() /> })}
            {questions}
        </div>
    }
}

/// What can be done with it.
#[component]
fn Acts(id: QuestionnaireId, status: Status) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let go = address::go();
    let busy = RwSignal::new(false);
    let sure = RwSignal::new(false);
    let said = move |title: String, done: Result<String, AppError>| {
        let _left = busy.try_set(false);
        match done {
            Ok(words) => toasts.show(Toast::done(words)),
            Err(error) => toasts.show(Toast::refused(title, words_of(&error, i18n))),
        }
    };
    let send = move |_| {
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
    // What cannot be taken back is pressed twice.
    let end = move |_| {
        if !sure.get_untracked() {
            sure.set(true);
            return;
        }
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
            <Button busy=busy on:click=end>{end_word}</Button>
            <Button
                on:click=move |_| {
                    go("open", None);
                    go("edit", Some(id.to_string()));
                }
            >
                {t!(i18n, questionnaire.edit)}
            </Button>
            <Button kind=ButtonKind::Primary busy=busy on:click=send>
                {t!(i18n, questionnaire.send)}
            </Button>
        }
        .into_any(),
        Status::Open => view! {
            <Button busy=busy on:click=end>{end_word}</Button>
            <Button kind=ButtonKind::Primary busy=busy on:click=remind>
                {t!(i18n, questionnaire.remind_now)}
            </Button>
        }
        .into_any(),
        Status::Closed => ().into_any(),
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

/// The sum of the own numbers, beside what is planned from above and what is to be expected.
#[component]
fn Sum(sum: BottomUp, currency: Currency) -> impl IntoView {
    let i18n = use_i18n();
    let currency = StoredValue::new(currency);
    let money = move |amount: Minor| {
        currency.with_value(|currency| format::compact(amount, currency, lang(i18n.get_locale())))
    };
    let (total, proposed, proposals) = (sum.total, sum.proposed, sum.proposals);
    let before = sum.before;
    let missing = sum.filled.len();
    let line = move |name: &'static str, label: String, amount: Minor, against: bool| {
        let apart = (against && amount.0 != 0)
            .then(|| format::percent_change(total.0 as f64 / amount.0 as f64 - 1.0));
        view! {
            <div data-figure=name data-minor=amount.0>
                <dt>{label}</dt>
                <dd>
                    <b>{money(amount)}</b>
                    {apart.map(|apart| view! { " " <span class="sm muted">{t_string!(i18n, questionnaire.apart, percent = apart).to_string()}</span> })}
                </dd>
            </div>
        }
    };
    let lines = move || {
        let mut lines = vec![
            line(
                "proposed",
                t_string!(i18n, questionnaire.proposed, count = proposals).to_string(),
                proposed,
                false,
            )
            .into_any(),
        ];
        if missing > 0 {
            let lang = lang(i18n.get_locale());
            let days = format::range(before.starts_on, before.ends_on, lang);
            let label = t_string!(i18n, questionnaire.filled, count = missing, days = days).to_string();
            lines.push(line("filled", label, sum.filled_total, false).into_any());
        }
        lines.push(
            line(
                "bottom-up",
                t_string!(i18n, questionnaire.bottom_up).to_owned(),
                total,
                false,
            )
            .into_any(),
        );
        if let Some(top_down) = sum.top_down {
            let label = t_string!(i18n, questionnaire.top_down_asked).to_owned();
            lines.push(line("top-down-asked", label, top_down.of_asked, true).into_any());
            let label = if top_down.in_part {
                t_string!(i18n, questionnaire.top_down_reach).to_owned()
            } else {
                t_string!(i18n, questionnaire.top_down).to_owned()
            };
            lines.push(line("top-down", label, top_down.whole, true).into_any());
        }
        if let Some(outlook) = sum.outlook {
            let label = t_string!(i18n, questionnaire.outlook).to_owned();
            lines.push(line("outlook", label, outlook, true).into_any());
        }
        lines
    };
    let no_version = sum.top_down.is_none();
    let not_asked = sum.top_down.map_or(0, |top_down| top_down.not_asked);
    let growth = sum
        .proposed_before
        .filter(|before| before.0 > 0)
        .map(|before| format::percent_change(proposed.0 as f64 / before.0 as f64 - 1.0));
    let names = |known: bool| {
        sum.filled
            .iter()
            .filter(|one| one.amount.is_some() == known)
            .map(|one| one.name.clone())
            .collect::<Vec<_>>()
    };
    let (filled, unknown) = (StoredValue::new(names(true)), StoredValue::new(names(false)));
    let listed = move |names: StoredValue<Vec<String>>| {
        names.with_value(|names| names.join(t_string!(i18n, questionnaire.comma)))
    };
    view! {
        <section class="card" data-card="bottom-up">
            <header>
                <h2>{t!(i18n, questionnaire.sum)}</h2>
            </header>
            <dl class="lines">{lines}</dl>
            {growth
                .map(|growth| {
                    view! {
                        <p class="sm">
                            {move || {
                                let days = format::range(before.starts_on, before.ends_on, lang(i18n.get_locale()));
                                t_string!(i18n, questionnaire.growth, percent = growth.clone(), days = days).to_string()
                            }}
                        </p>
                    }
                })}
            <p class="sm" hidden=move || filled.with_value(Vec::is_empty)>
                {move || t_string!(i18n, questionnaire.filled_names, names = listed(filled)).to_string()}
            </p>
            <p class="sm is-behind" hidden=move || unknown.with_value(Vec::is_empty)>
                {move || t_string!(i18n, questionnaire.unknown_names, names = listed(unknown)).to_string()}
            </p>
            <p class="sm muted" hidden=not_asked == 0>
                {move || t_string!(i18n, questionnaire.not_asked, count = not_asked).to_string()}
            </p>
            <p class="sm muted" hidden=!no_version>{t!(i18n, questionnaire.no_top_down)}</p>
        </section>
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
