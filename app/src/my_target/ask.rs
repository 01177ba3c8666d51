//! Asking for another number of one period: below why it is what it is, a thread about that very number begins.

use domain::calendar::Day;
use domain::id::{NodeId, VersionId};
use domain::negotiation::MOST_CHARS;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::error::AppError;
use crate::negotiation::{Acts, propose_own};
use crate::ui::{Button, ButtonSize, Field, FieldKind, Glyph, Icon, Toast, use_toasts, words_of};
use crate::words::{t, t_string, use_i18n};

/// What the number of the period that begins on a day should be, and why. Once it is sent, `open` is closed.
#[component]
pub(super) fn AskPeriod(
    version: VersionId,
    node: NodeId,
    from: Day,
    acts: Acts,
    open: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let (amount, words) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let busy = RwSignal::new(false);
    // The amount that was refused last: why is said while that is still what is typed.
    let refused = RwSignal::new(None::<(String, AppError)>);
    let wrong = Signal::derive(move || {
        let typed = amount.get();
        refused.with(|refused| {
            let (of, error) = refused.as_ref()?;
            (*of == typed).then(|| words_of(error, i18n))
        })
    });
    let send = move |_| {
        let (typed, said) = (amount.get_untracked(), words.get_untracked());
        busy.set(true);
        spawn_local(async move {
            // It may be closed, and gone, before the answer comes.
            match propose_own(version, node, from, typed.clone(), Some(said)).await {
                Ok(_) => {
                    toasts.show(Toast::done(t_string!(i18n, negotiation.proposed)));
                    let _gone = open.try_set(false);
                    let _gone = acts.begun.try_update(|begun| *begun += 1);
                }
                Err(error) if error.field() == Some("amount") => {
                    let _gone = refused.try_set(Some((typed, error)));
                }
                Err(error) => toasts.show(Toast::refused(
                    t_string!(i18n, negotiation.propose),
                    words_of(&error, i18n),
                )),
            }
            let _gone = busy.try_set(false);
        });
    };
    view! {
        <details class="propose">
            <summary class="btn">
                <Icon glyph=Glyph::Discuss />
                {t!(i18n, negotiation.propose)}
            </summary>
            <div class="stack">
                <Field
                    label=t!(i18n, negotiation.amount)
                    name="propose-amount"
                    kind=FieldKind::Amount
                    bind=amount
                    error=wrong
                />
                <label class="fld">
                    <span>{t!(i18n, negotiation.words_optional)}</span>
                    <textarea
                        class="input"
                        name="propose-words"
                        rows="2"
                        maxlength=MOST_CHARS.to_string()
                        prop:value=move || words.get()
                        on:input=move |event| words.set(event_target_value(&event))
                    ></textarea>
                </label>
                <Button
                    size=ButtonSize::Wide
                    busy=busy
                    disabled=Signal::derive(move || amount.with(|amount| amount.trim().is_empty()))
                    press=send
                >
                    {t!(i18n, negotiation.propose_send)}
                </Button>
            </div>
        </details>
    }
}
