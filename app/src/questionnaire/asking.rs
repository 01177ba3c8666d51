//! The questions of a questionnaire that is written.

use domain::questionnaire::{Ask, Question, Ready, Wording};
use leptos::prelude::*;

use super::shown::ask_name;
use crate::ui::{Button, Choice, Field, Glyph, Icon, Select};
use crate::words::{lang, t, t_string, use_i18n};

/// The questions, in their order.
#[component]
pub(super) fn Questions(questions: RwSignal<Vec<Question>>) -> impl IntoView {
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
    let wrong = RwSignal::new(None::<String>);
    let add = move |_| {
        let lines =
            options.with_untracked(|options| options.lines().filter(|line| !line.trim().is_empty()).count());
        let found = if text.with_untracked(|text| text.trim().is_empty()) {
            Some(t_string!(i18n, questionnaire.own_missing).to_owned())
        } else if untrack(is_choice) && lines < 2 {
            Some(t_string!(i18n, questionnaire.options_missing).to_owned())
        } else {
            None
        };
        wrong.set(found);
        if wrong.with_untracked(Option::is_some) {
            return;
        }
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
                <p class="sm is-far" role="alert">{move || wrong.get()}</p>
                <Button press=add>{t!(i18n, questionnaire.add)}</Button>
            </div>
        </details>
    }
}
