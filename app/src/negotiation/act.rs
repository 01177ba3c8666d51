//! What one can do in a thread: agree, answer with another amount, have the next leader decide, decline, take it back, and give
//! another deadline. Each is a form of its own.

use domain::id::NegotiationId;
use domain::negotiation::{Act, MOST_CHARS, MoveKind, Talk};
use leptos::form::ActionForm;
use leptos::prelude::*;

use super::Acts;
use crate::ui::{Glyph, Icon, IconSize, words_of};
use crate::words::{t, use_i18n};

/// The forms that whoever looks has.
#[component]
pub(crate) fn Answers(
    /// The thread.
    talk: Talk,
    /// What the forms do.
    acts: Acts,
) -> impl IntoView {
    let i18n = use_i18n();
    let id = talk.id;
    let can = |act| talk.can(act);
    let (answer, escalate, withdraw) = (can(Act::Answer), can(Act::Escalate), can(Act::Withdraw));
    let (postpone, sets_draft) = (can(Act::Postpone), can(Act::SetsDraft));
    if talk.acts.is_empty() {
        return ().into_any();
    }
    let due_on = talk.due_on.to_string();
    view! {
        <div class="acts">
            {answer
                .then(|| {
                    view! {
                        <ActionForm action=acts.negotiate attr:class="row wrap">
                            <Which id=id what=MoveKind::Agree />
                            {sets_draft.then(|| view! { <Giver /> })}
                            <button class="btn primary" type="submit">
                                <Icon glyph=Glyph::Check />
                                {t!(i18n, negotiation.agree)}
                            </button>
                        </ActionForm>
                        <details>
                            <summary class="btn">
                                <Icon glyph=Glyph::Discuss />
                                {t!(i18n, negotiation.counter)}
                            </summary>
                            <ActionForm action=acts.negotiate attr:class="stack">
                                <Which id=id what=MoveKind::Counter />
                                <AnotherAmount id=id acts=acts />
                                <WordsField acts=acts needed=false />
                                <button class="btn" type="submit">
                                    {t!(i18n, negotiation.counter_send)}
                                </button>
                            </ActionForm>
                        </details>
                    }
                })}
            {escalate
                .then(|| view! { <WithWords id=id what=MoveKind::Escalate acts=acts /> })}
            {answer.then(|| view! { <WithWords id=id what=MoveKind::Decline acts=acts /> })}
            {withdraw
                .then(|| {
                    view! {
                        <ActionForm action=acts.negotiate>
                            <Which id=id what=MoveKind::Withdraw />
                            <button class="btn quiet" type="submit">
                                {t!(i18n, negotiation.withdraw)}
                            </button>
                        </ActionForm>
                    }
                })}
            {postpone
                .then(|| {
                    view! {
                        <details>
                            <summary class="btn quiet">
                                <Icon glyph=Glyph::Calendar />
                                {t!(i18n, negotiation.postpone)}
                            </summary>
                            <ActionForm action=acts.postpone attr:class="stack">
                                <input type="hidden" name="id" value=id.to_string() />
                                <label class="fld">
                                    <span>{t!(i18n, negotiation.due_label)}</span>
                                    <input class="input" type="date" name="due_on" value=due_on required />
                                </label>
                                <button class="btn" type="submit">
                                    {t!(i18n, negotiation.postpone_send)}
                                </button>
                            </ActionForm>
                        </details>
                    }
                })}
        </div>
    }
    .into_any()
}

/// Of which thread a form is, and which move it makes.
#[component]
fn Which(id: NegotiationId, what: MoveKind) -> impl IntoView {
    view! {
        <input type="hidden" name="id" value=id.to_string() />
        <input type="hidden" name="what" value=what.as_str() />
    }
}

/// The field for another amount; what is wrong with it is said below it, and what was typed stays.
#[component]
fn AnotherAmount(id: NegotiationId, acts: Acts) -> impl IntoView {
    let i18n = use_i18n();
    let field = format!("amount-{id}");
    let note = format!("{field}-note");
    let touched = StoredValue::new(false);
    let wrong = move || acts.wrong_amount(id).map(|error| words_of(&error, i18n));
    view! {
        <div class="fld">
            <label for=field.clone()>{t!(i18n, negotiation.amount)}</label>
            <input
                id=field
                class="input num"
                name="amount"
                inputmode="text"
                autocomplete="off"
                required
                aria-invalid=move || wrong().is_some().then_some("true")
                aria-describedby=note.clone()
                on:input=move |event| {
                    acts.asked.set(Some(id));
                    acts.write(touched, &event_target_value(&event));
                }
                on:blur=move |event| acts.left(touched, &event_target_value(&event))
            />
            <p id=note class="wrong" role="alert">
                {move || {
                    wrong().map(|wrong| view! {
                        <Icon glyph=Glyph::Warning size=IconSize::Small />
                        <span>{wrong}</span>
                    })
                }}
            </p>
        </div>
    }
}

/// Who gives where agreeing changes the draft.
#[component]
fn Giver() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <label class="fld">
            <span class="sm">{t!(i18n, negotiation.give)}</span>
            <select class="select s" name="give">
                <option value="siblings">{t!(i18n, split.give_siblings)}</option>
                <option value="hedge">{t!(i18n, split.give_hedge)}</option>
                <option value="parent_grows">{t!(i18n, split.give_parent)}</option>
            </select>
        </label>
    }
}

/// A move that must say why.
#[component]
fn WithWords(id: NegotiationId, what: MoveKind, acts: Acts) -> impl IntoView {
    let i18n = use_i18n();
    let word = move || match what {
        MoveKind::Escalate => t!(i18n, negotiation.escalate),
        _ => t!(i18n, negotiation.decline),
    };
    let glyph = match what {
        MoveKind::Escalate => Glyph::Up,
        _ => Glyph::Close,
    };
    view! {
        <details>
            <summary class="btn quiet">
                <Icon glyph=glyph />
                {word()}
            </summary>
            <ActionForm action=acts.negotiate attr:class="stack">
                <Which id=id what=what />
                <WordsField acts=acts needed=true />
                <button class="btn" type="submit">
                    {word()}
                </button>
            </ActionForm>
        </details>
    }
}

/// A few words that go with a move.
#[component]
fn WordsField(acts: Acts, needed: bool) -> impl IntoView {
    let i18n = use_i18n();
    let touched = StoredValue::new(false);
    let label = if needed {
        t!(i18n, negotiation.words)
    } else {
        t!(i18n, negotiation.words_optional)
    };
    view! {
        <label class="fld">
            <span>{label}</span>
            <textarea
                class="input"
                name="words"
                rows="2"
                maxlength=MOST_CHARS.to_string()
                required=needed
                on:input=move |event| acts.write(touched, &event_target_value(&event))
                on:blur=move |event| acts.left(touched, &event_target_value(&event))
            ></textarea>
        </label>
    }
}
