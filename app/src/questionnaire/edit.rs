//! Writing a questionnaire.

use domain::access::Role;
use domain::id::QuestionnaireId;
use domain::questionnaire::{Ask, Audience, Desk, Draft, Question, Ready, Status, Wording};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};

use super::shown::ask_name;
use super::{load_results, write_draft};
use crate::frame::role_name;
use crate::track::address;
use crate::ui::{
    Button, ButtonKind, Choice, DateField, ErrorView, Field, Glyph, Icon, Select, Skeleton, Toast,
    use_toasts, words_of,
};
use crate::wire::fetch;
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
                    {move || Suspend::new(async move {
                        match known.await {
                            Ok(known) if known.written.status == Status::Draft => {
                                view! { <Writing desk=desk id=Some(id) draft=known.written.draft /> }.into_any()
                            }
                            Ok(_) => view! { <p class="muted">{t!(i18n, questionnaire.sent_already)}</p> }.into_any(),
                            Err(error) => view! { <ErrorView error=error /> }.into_any(),
                        }
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
    let save = move |_| {
        let Some(due_on) = due_on.get_untracked() else {
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
                    navigate.with_value(|navigate| navigate(&to, NavigateOptions::default()));
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
                    <Field label=t!(i18n, questionnaire.name) name="title" bind=title />
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
                    <Whom desk=desk audience=audience />
                    <DateField
                        label=t!(i18n, questionnaire.due)
                        name="due-on"
                        value=due_on
                        on_pick=Callback::new(move |day| due_on.set(day))
                    />
                    <Select
                        label=t!(i18n, questionnaire.remind)
                        name="remind-days"
                        choices=reminders
                        value=remind
                        on_pick=Callback::new(move |days| remind.set(days))
                    />
                    <Button
                        kind=ButtonKind::Primary
                        busy=busy
                        disabled=Signal::derive(move || due_on.get().is_none() || title.with(|title| title.trim().is_empty()))
                        on:click=save
                    >
                        {t!(i18n, questionnaire.save_draft)}
                    </Button>
                    <p class="sm muted">{t!(i18n, questionnaire.save_hint)}</p>
                </div>
            </section>
        </div>
    }
}

/// The questions, in their order.
#[component]
fn Questions(questions: RwSignal<Vec<Question>>) -> impl IntoView {
    let i18n = use_i18n();
    let shift = move |at: usize, by: isize| {
        questions.update(|questions| {
            if let Some(to) = at.checked_add_signed(by).filter(|to| *to < questions.len()) {
                questions.swap(at, to);
            }
        });
    };
    let lines = move || {
        let lang = lang(i18n.get_locale());
        questions
            .get()
            .into_iter()
            .enumerate()
            .map(|(at, question)| {
                let ask = question.ask(lang);
                let options = match &ask {
                    Ask::Choice { options } => options.join(" / "),
                    _ => String::new(),
                };
                view! {
                    <li>
                        <span class="muted">{at + 1}</span>
                        <span class="grow">
                            {question.text(lang).to_owned()}
                            " "
                            <span class="sm muted">{ask_name(&ask, i18n.get_locale())} " " {options}</span>
                        </span>
                        <label class="check sm">
                            <input
                                type="checkbox"
                                checked=question.required
                                on:change=move |event| {
                                    let required = event_target_checked(&event);
                                    questions.update(|questions| {
                                        if let Some(question) = questions.get_mut(at) {
                                            question.required = required;
                                        }
                                    });
                                }
                            />
                            {t!(i18n, questionnaire.required)}
                        </label>
                        <button type="button" class="icb" aria-label=t!(i18n, questionnaire.up) on:click=move |_| shift(at, -1)>
                            <Icon glyph=Glyph::Up />
                        </button>
                        <button type="button" class="icb" aria-label=t!(i18n, questionnaire.down) on:click=move |_| shift(at, 1)>
                            <Icon glyph=Glyph::Down />
                        </button>
                        <button
                            type="button"
                            class="icb"
                            aria-label=t!(i18n, questionnaire.leave_out)
                            on:click=move |_| questions.update(|questions| drop(questions.remove(at)))
                        >
                            <Icon glyph=Glyph::Close />
                        </button>
                    </li>
                }
            })
            .collect_view()
    };
    let left = Signal::derive(move || {
        let lang = lang(i18n.get_locale());
        let mut choices = vec![Choice::new("", t_string!(i18n, questionnaire.add_ready))];
        questions.with(|questions| {
            let used = |ready: Ready| {
                questions
                    .iter()
                    .any(|question| question.wording == Wording::Ready { of: ready })
            };
            for (place, ready) in Ready::ALL.into_iter().enumerate() {
                if !used(ready) {
                    choices.push(Choice::new(place.to_string(), ready.text(lang)));
                }
            }
        });
        choices
    });
    let add_ready = Callback::new(move |place: String| {
        let ready = place
            .parse::<usize>()
            .ok()
            .and_then(|place| Ready::ALL.get(place).copied());
        if let Some(ready) = ready {
            questions.update(|questions| questions.push(Question::ready(ready, false)));
        }
    });
    view! {
        <ol class="asking">{lines}</ol>
        <Select
            label=t!(i18n, questionnaire.add_ready)
            name="add-ready"
            choices=left
            value=Signal::stored(String::new())
            on_pick=add_ready
            compact=true
        />
        <OwnQuestion questions=questions />
    }
}

/// A question in the planner's own words.
#[component]
fn OwnQuestion(questions: RwSignal<Vec<Question>>) -> impl IntoView {
    let i18n = use_i18n();
    let text = RwSignal::new(String::new());
    let kind = RwSignal::new("text".to_owned());
    let options = RwSignal::new(String::new());
    let kinds = Signal::derive(move || {
        let choice = Ask::Choice { options: Vec::new() };
        [Ask::Text, Ask::Number, Ask::Money, choice, Ask::Scale]
            .into_iter()
            .map(|ask| Choice::new(ask.as_str(), ask_name(&ask, i18n.get_locale())))
            .collect::<Vec<_>>()
    });
    let is_choice = move || kind.with(|kind| kind == "choice");
    let add = move |_| {
        let ask = match kind.get_untracked().as_str() {
            "number" => Ask::Number,
            "money" => Ask::Money,
            "scale" => Ask::Scale,
            "choice" => Ask::Choice {
                options: options
                    .get_untracked()
                    .lines()
                    .map(str::trim)
                    .filter(|option| !option.is_empty())
                    .map(str::to_owned)
                    .collect(),
            },
            _ => Ask::Text,
        };
        let wording = Wording::Own {
            text: text.get_untracked(),
            ask,
        };
        questions.update(|questions| {
            questions.push(Question {
                wording,
                required: false,
            });
        });
        text.set(String::new());
        options.set(String::new());
    };
    view! {
        <details>
            <summary>{t!(i18n, questionnaire.add_own)}</summary>
            <div class="stack">
                <Field label=t!(i18n, questionnaire.question) name="own-question" bind=text />
                <Select
                    label=t!(i18n, questionnaire.kind)
                    name="own-kind"
                    choices=kinds
                    value=kind
                    on_pick=Callback::new(move |picked| kind.set(picked))
                />
                <label class="fld" hidden=move || !is_choice()>
                    <span class="sm soft">{t!(i18n, questionnaire.options)}</span>
                    <textarea
                        class="input"
                        name="own-options"
                        rows="3"
                        prop:value=move || options.get()
                        on:input=move |event| options.set(event_target_value(&event))
                    ></textarea>
                </label>
                <Button
                    disabled=Signal::derive(move || {
                        let lines = options.with(|options| options.lines().filter(|line| !line.trim().is_empty()).count());
                        text.with(|text| text.trim().is_empty()) || is_choice() && lines < 2
                    })
                    on:click=add
                >
                    {t!(i18n, questionnaire.add)}
                </Button>
            </div>
        </details>
    }
}

/// Adds to a list or takes out of it.
fn toggle<T: PartialEq>(list: &mut Vec<T>, one: T, wanted: bool) {
    list.retain(|other| *other != one);
    if wanted {
        list.push(one);
    }
}

/// Who is asked.
#[component]
fn Whom(desk: StoredValue<Desk>, audience: RwSignal<Audience>) -> impl IntoView {
    let i18n = use_i18n();
    let chosen = desk.with_value(|desk| desk.chosen.clone());
    let first = audience.get_untracked();
    let units = chosen
        .units
        .into_iter()
        .map(|(id, name, depth)| {
            let checked = first.units.contains(&id);
            view! {
                <label class=format!("check depth-{}", depth.min(4))>
                    <input
                        type="checkbox"
                        checked=checked
                        on:change=move |event| {
                            let wanted = event_target_checked(&event);
                            audience.update(|audience| toggle(&mut audience.units, id, wanted));
                        }
                    />
                    {name}
                </label>
            }
        })
        .collect_view();
    let roles = [Role::Rep, Role::Manager]
        .into_iter()
        .map(|role| {
            let checked = first.roles.contains(&role);
            view! {
                <label class="check">
                    <input
                        type="checkbox"
                        checked=checked
                        on:change=move |event| {
                            let wanted = event_target_checked(&event);
                            audience.update(|audience| toggle(&mut audience.roles, role, wanted));
                        }
                    />
                    {move || role_name(role, i18n.get_locale())}
                </label>
            }
        })
        .collect_view();
    let some_members = !first.members.is_empty();
    let members = chosen
        .members
        .into_iter()
        .map(|(id, name, signs_in)| {
            let checked = first.members.contains(&id);
            view! {
                <label class="check">
                    <input
                        type="checkbox"
                        checked=checked
                        on:change=move |event| {
                            let wanted = event_target_checked(&event);
                            audience.update(|audience| toggle(&mut audience.members, id, wanted));
                        }
                    />
                    {name}
                    {(!signs_in).then(|| view! { <span class="sm muted">{t!(i18n, questionnaire.no_sign_in)}</span> })}
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="fld">
            <legend>{t!(i18n, questionnaire.by_unit)}</legend>
            <div class="choose">{units}</div>
        </fieldset>
        <fieldset class="fld">
            <legend>{t!(i18n, questionnaire.by_role)}</legend>
            <div class="row wrap">{roles}</div>
        </fieldset>
        <details open=some_members>
            <summary>{t!(i18n, questionnaire.by_name)}</summary>
            <div class="choose">{members}</div>
        </details>
    }
}
