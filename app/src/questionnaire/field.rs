//! One question with its field. What is typed or picked is kept when the field is left; without the browser's program the
//! whole form is sent.

use std::collections::BTreeMap;

use domain::id::QuestionnaireId;
use domain::money::Currency;
use domain::questionnaire::{Ask, Given, Progress, Question, Reply, SCALE, Saved};
use leptos::prelude::*;

use super::turn::InTurn;
use super::{KeepReplies, keep_replies, keep_reply};
use crate::error::AppError;
use crate::ui::{Glyph, Icon, IconSize, words_of};
use crate::words::{Words, lang, t, use_i18n};

/// What became of the last answer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nothing was answered yet.
    Nothing,
    /// It is on its way.
    Saving,
    /// Kept, at this moment.
    Saved(i64),
    /// Not kept.
    Failed,
}

/// Keeps answers as one goes.
#[derive(Clone, Copy)]
pub struct Saver {
    id: QuestionnaireId,
    pub(super) state: RwSignal<State>,
    pub(super) progress: RwSignal<Progress>,
    wrong: RwSignal<BTreeMap<u16, AppError>>,
    turn: InTurn,
}

/// What became of the form as a whole, as often as it was sent.
pub type Answered = RwSignal<Option<Result<Saved, AppError>>>;

impl Saver {
    pub(super) fn new(id: QuestionnaireId, progress: Progress, at_ms: Option<i64>, turn: InTurn) -> Self {
        Self {
            id,
            state: RwSignal::new(at_ms.map_or(State::Nothing, State::Saved)),
            progress: RwSignal::new(progress),
            wrong: RwSignal::new(BTreeMap::new()),
            turn,
        }
    }

    /// Keeps the whole form, after the answers that are on their way.
    pub(super) fn keep_all(self, given: KeepReplies, answered: Answered) {
        self.state.set(State::Saving);
        self.turn.send(async move {
            let KeepReplies { id, answers, reasons } = given;
            let kept = keep_replies(id, answers, reasons).await;
            if kept.is_ok() {
                let _left = self.wrong.try_update(BTreeMap::clear);
            }
            self.told(kept.as_ref().ok());
            let _left = answered.try_set(Some(kept));
        });
    }

    fn keep(self, given: Given) {
        let question = given.question;
        self.state.set(State::Saving);
        self.turn.send(async move {
            let kept = keep_reply(self.id, given).await;
            // The page may be gone by now.
            let _left = self.wrong.try_update(|wrong| match &kept {
                Ok(_) => drop(wrong.remove(&question)),
                Err(error) => drop(wrong.insert(question, error.clone())),
            });
            self.told(kept.as_ref().ok());
        });
    }

    /// Says what was kept; none where it was not. The form may be gone by now.
    fn told(self, saved: Option<&Saved>) {
        match saved {
            Some(saved) => {
                let _left = self.state.try_set(State::Saved(saved.at_ms));
                let _left = self.progress.try_set(saved.progress);
            }
            None => {
                let _left = self.state.try_set(State::Failed);
            }
        }
    }

    fn wrong(self, question: u16, i18n: Words) -> Option<String> {
        self.wrong
            .with(|wrong| wrong.get(&question).map(|error| words_of(error, i18n)))
    }
}

/// A question.
#[component]
pub(super) fn OneQuestion(
    /// Its place, from 0.
    number: u16,
    /// What is asked.
    question: Question,
    /// What was answered.
    reply: Option<Reply>,
    /// The currency of amounts.
    currency: Currency,
    /// Whether it can be answered.
    open: bool,
    /// Keeps what is answered.
    saver: Saver,
) -> impl IntoView {
    let i18n = use_i18n();
    let typed = reply
        .as_ref()
        .map(|reply| reply.typed(&currency))
        .unwrap_or_default();
    let reason = reply
        .as_ref()
        .map(|reply| reply.reason().to_owned())
        .unwrap_or_default();
    let value = RwSignal::new(typed.clone());
    let why = RwSignal::new(reason.clone());
    let keep = move || {
        saver.keep(Given {
            question: number,
            value: value.get_untracked(),
            reason: why.get_untracked(),
        });
    };
    let pick = Callback::new(move |picked: String| {
        value.set(picked);
        keep();
    });
    let name = format!("answers[q{number}]");
    let required = question.required;
    let question = StoredValue::new(question);
    let text = move || question.with_value(|question| question.text(lang(i18n.get_locale())).to_owned());
    let code = currency.code.clone();
    let ask = question.with_value(|question| question.ask(lang(i18n.get_locale_untracked())));
    let field = match ask {
        Ask::Text => {
            let id = format!("q{number}");
            view! {
                <textarea
                    id=id
                    class="input"
                    name=name
                    aria-label=text
                    rows="3"
                    maxlength="2000"
                    disabled=!open
                    on:change=move |event| pick.run(event_target_value(&event))
                >
                    {typed}
                </textarea>
            }
            .into_any()
        }
        Ask::Number | Ask::Money | Ask::Proposal => {
            let id = format!("q{number}");
            let money = ask != Ask::Number;
            let proposal = ask == Ask::Proposal;
            view! {
                <div class="row">
                    <input
                        id=id
                        class="input num"
                        name=name
                        aria-label=text
                        inputmode="decimal"
                        value=typed
                        disabled=!open
                        on:change=move |event| pick.run(event_target_value(&event))
                    />
                    {money.then(|| view! { <span class="muted">{code}</span> })}
                </div>
                {proposal
                    .then(|| {
                        view! {
                            <label class="fld">
                                <span class="sm soft">{t!(i18n, questionnaire.reason)}</span>
                                <textarea
                                    class="input"
                                    name=format!("reasons[q{number}]")
                                    rows="2"
                                    maxlength="2000"
                                    disabled=!open
                                    on:change=move |event| {
                                        why.set(event_target_value(&event));
                                        // A reason alone is no answer yet.
                                        if !value.get_untracked().trim().is_empty() {
                                            keep();
                                        }
                                    }
                                >
                                    {reason}
                                </textarea>
                            </label>
                        }
                    })}
            }
            .into_any()
        }
        Ask::Choice { options } => {
            let option = move |at: usize| {
                question.with_value(|question| match question.ask(lang(i18n.get_locale())) {
                    Ask::Choice { options } => options.get(at).cloned().unwrap_or_default(),
                    _ => String::new(),
                })
            };
            let picks = (0..options.len())
                .map(|at| view! { <Pick name=name.clone() value=at.to_string() chosen=typed.clone() label=move || option(at) open=open pick=pick /> })
                .collect_view();
            view! { <div class="picks">{picks}</div> }.into_any()
        }
        Ask::Scale => {
            let picks = (1..=SCALE)
                .map(|step| view! { <Pick name=name.clone() value=step.to_string() chosen=typed.clone() label=step.to_string() open=open pick=pick /> })
                .collect_view();
            view! { <div class="picks even">{picks}</div> }.into_any()
        }
    };
    view! {
        <fieldset class="card fld question" data-question=number>
            <legend class="sr">{text}</legend>
            <p class="strong">
                {text}
                {required.then(|| view! { " " <span class="sm muted">{t!(i18n, questionnaire.required)}</span> })}
            </p>
            {field}
            {move || {
                saver
                    .wrong(number, i18n)
                    .map(|wrong| {
                        view! {
                            <p class="wrong" role="alert">
                                <Icon glyph=Glyph::Warning size=IconSize::Small />
                                <span>{wrong}</span>
                            </p>
                        }
                    })
            }}
        </fieldset>
    }
}

/// One of several, large enough for a thumb.
#[component]
fn Pick(
    name: String,
    value: String,
    chosen: String,
    #[prop(into)] label: TextProp,
    open: bool,
    pick: Callback<String>,
) -> impl IntoView {
    let checked = value == chosen;
    let picked = value.clone();
    view! {
        <label class="pick">
            <input
                type="radio"
                name=name
                value=value
                checked=checked
                disabled=!open
                on:change=move |_| pick.run(picked.clone())
            />
            <span>{move || label.get()}</span>
        </label>
    }
}
