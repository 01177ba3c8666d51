//! The form of a proposal, the same beside the split and at the own target: what a number should be, why, and what is said where that
//! is refused.

use domain::id::VersionId;
use domain::negotiation::{About, MOST_CHARS};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::propose;
use crate::error::AppError;
use crate::ui::{Button, ButtonSize, Field, FieldKind, Toast, use_toasts, words_of};
use crate::words::{t, t_string, use_i18n};

/// What is typed as a proposal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// What the number should be.
    pub(crate) amount: String,
    /// Why.
    pub(crate) words: String,
}

impl Typed {
    /// Whether nothing would be lost with it.
    pub(crate) fn is_empty(&self) -> bool {
        self.amount.is_empty() && self.words.is_empty()
    }
}

/// An amount that was refused: of which number, what was typed, and why.
type Wrong = (About, String, AppError);

/// What is being typed and sent.
#[derive(Clone, Copy)]
pub struct Typing {
    amount: RwSignal<String>,
    words: RwSignal<String>,
    busy: RwSignal<bool>,
    /// The amount that was refused last: why is said while that is still what is typed.
    wrong: RwSignal<Option<Wrong>>,
}

impl Typing {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        Self {
            amount: RwSignal::new(String::new()),
            words: RwSignal::new(String::new()),
            busy: RwSignal::new(false),
            wrong: RwSignal::new(None),
        }
    }

    /// What is typed now. Does not track.
    pub(crate) fn typed(self) -> Typed {
        Typed {
            amount: self.amount.get_untracked(),
            words: self.words.get_untracked(),
        }
    }

    /// Puts something in its place.
    pub(crate) fn fill(self, typed: Typed) {
        self.amount.set(typed.amount);
        self.words.set(typed.words);
    }

    /// Whether something is being typed; tracks it.
    pub(crate) fn is_begun(self) -> bool {
        self.amount.with(|amount| !amount.is_empty()) || self.words.with(|words| !words.is_empty())
    }
}

/// The fields, and what sends them.
#[component]
pub(crate) fn ProposalForm<F>(
    /// The version whose number it is.
    version: VersionId,
    /// What is typed.
    typing: Typing,
    /// Which number it is about.
    about: Signal<About>,
    /// How large the button is.
    size: ButtonSize,
    /// Hears what was sent for which number, once it has begun; the form may be gone by then.
    sent: F,
) -> impl IntoView
where
    F: Fn(About, Typed) + Copy + Send + Sync + 'static,
{
    let i18n = use_i18n();
    let toasts = use_toasts();
    let wrong = Signal::derive(move || {
        let (of, typed) = (about.get(), typing.amount.get());
        typing.wrong.with(|wrong| {
            let (about, refused, error) = wrong.as_ref()?;
            (*about == of && *refused == typed).then(|| words_of(error, i18n))
        })
    });
    let send = move |_| {
        // The number it was typed for, whichever one is looked at by the time of the answer.
        let (about, typed) = (about.get_untracked(), typing.typed());
        typing.busy.set(true);
        spawn_local(async move {
            match propose(version, about, typed.amount.clone(), Some(typed.words.clone())).await {
                Ok(_) => {
                    sent(about, typed);
                    toasts.show(Toast::done(t_string!(i18n, negotiation.proposed)));
                }
                // A wrong amount is said at its field, which keeps what was typed.
                Err(error) if error.field() == Some("amount") => {
                    let _gone = typing.wrong.try_set(Some((about, typed.amount, error)));
                }
                Err(error) => toasts.show(Toast::refused(
                    t_string!(i18n, negotiation.propose),
                    words_of(&error, i18n),
                )),
            }
            let _gone = typing.busy.try_set(false);
        });
    };
    view! {
        <Field
            label=t!(i18n, negotiation.amount)
            name="propose-amount"
            kind=FieldKind::Amount
            bind=typing.amount
            error=wrong
        />
        <label class="fld">
            <span>{t!(i18n, negotiation.words_optional)}</span>
            <textarea
                class="input"
                name="propose-words"
                rows="2"
                maxlength=MOST_CHARS.to_string()
                prop:value=move || typing.words.get()
                on:input=move |event| typing.words.set(event_target_value(&event))
            ></textarea>
        </label>
        <Button
            size=size
            busy=typing.busy
            disabled=Signal::derive(move || typing.amount.with(|amount| amount.trim().is_empty()))
            press=send
        >
            {t!(i18n, negotiation.propose_send)}
        </Button>
    }
}
