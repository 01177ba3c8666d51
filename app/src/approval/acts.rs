//! What can be done with a version: each is asked about in a dialog, with a few words where they are wanted.

use domain::approval::May;
use domain::fairness::Breach;
use domain::id::VersionId;
use domain::publish::Looked;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{approve, publish_anyway, send_back, submit};
use crate::split;
use crate::ui::{Button, ButtonKind, Dialog, Toast, use_toasts, words_of};
use crate::words::{Words, lang, t, t_string, td_string, use_i18n};

/// Something that can be done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Act {
    #[default]
    Submit,
    Approve,
    SendBack,
    TakeBack,
    Publish,
    PublishAnyway,
}

impl Act {
    /// Whether it needs words.
    fn needs_words(self) -> bool {
        matches!(self, Self::SendBack | Self::PublishAnyway)
    }
}

/// The buttons that whoever looks may press.
#[component]
pub(super) fn Acts(
    version: VersionId,
    /// What of it whoever looks has seen.
    looked: Looked,
    number: u32,
    may: May,
    /// Whether it adjusts a version that is on record no more.
    outdated: bool,
    /// Whether a step of its approval is not passed.
    unapproved: bool,
    /// The limits of fairness that block it.
    blocking: Vec<Breach>,
    nudge: RwSignal<u32>,
) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let asking = RwSignal::new(false);
    let act = RwSignal::new(Act::default());
    let text = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let wrong = RwSignal::new(None::<String>);
    let blocking = StoredValue::new(blocking);
    let ask = move |wanted: Act| {
        act.set(wanted);
        text.set(String::new());
        wrong.set(None);
        asking.set(true);
    };
    let name = move || match act.get() {
        Act::Submit => t_string!(i18n, approval.submit),
        Act::Approve => t_string!(i18n, approval.approve),
        Act::SendBack => t_string!(i18n, approval.send_back),
        Act::TakeBack => t_string!(i18n, approval.take_back),
        Act::Publish => t_string!(i18n, split.publish),
        Act::PublishAnyway if outdated => t_string!(i18n, approval.publish_outdated),
        Act::PublishAnyway if unapproved => t_string!(i18n, approval.publish_anyway),
        Act::PublishAnyway => t_string!(i18n, approval.publish_beyond),
    };
    let explained = move || match act.get() {
        Act::Submit => t_string!(i18n, approval.submit_text).to_owned(),
        Act::Approve => t_string!(i18n, approval.approve_text).to_owned(),
        Act::SendBack => t_string!(i18n, approval.send_back_text).to_owned(),
        Act::TakeBack => t_string!(i18n, approval.take_back_text).to_owned(),
        Act::Publish => t_string!(i18n, split.publish_text).to_owned(),
        Act::PublishAnyway => {
            blocking.with_value(|blocking| left_out((outdated, unapproved), blocking, i18n))
        }
    };
    let run = move |_| {
        let act = act.get_untracked();
        let words = Some(text.get_untracked()).filter(|text| !text.trim().is_empty());
        if words.is_none() && act.needs_words() {
            wrong.set(Some(t_string!(i18n, approval.reason_missing).to_owned()));
            return;
        }
        wrong.set(None);
        busy.set(true);
        // Read now: the page may have been left when the answer comes.
        let title = untrack(name);
        spawn_local(async move {
            let done = match act {
                Act::Submit => submit(version, words).await,
                Act::Approve => approve(version, looked, words).await,
                Act::SendBack | Act::TakeBack => send_back(version, words).await,
                Act::Publish => split::publish(version, looked).await.map(|_| ()),
                Act::PublishAnyway => publish_anyway(version, looked, words.unwrap_or_default())
                    .await
                    .map(|_| ()),
            };
            match done {
                Ok(()) => {
                    let said = match act {
                        Act::Submit => t_string!(i18n, approval.submitted).to_owned(),
                        Act::Approve => t_string!(i18n, approval.d_approved).to_owned(),
                        Act::SendBack => t_string!(i18n, approval.d_returned).to_owned(),
                        Act::TakeBack => t_string!(i18n, approval.d_taken_back).to_owned(),
                        Act::Publish | Act::PublishAnyway => {
                            t_string!(i18n, split.published, number = number).to_string()
                        }
                    };
                    asking.set(false);
                    toasts.show(Toast::done(said));
                    nudge.update(|count| *count += 1);
                }
                // What was written stays, to be tried again.
                Err(error) if asking.try_get_untracked() == Some(true) => {
                    wrong.set(Some(words_of(&error, i18n)));
                }
                Err(error) => toasts.show(Toast::refused(title, words_of(&error, i18n))),
            }
            let _gone = busy.try_set(false);
        });
    };
    let button =
        move |shown: bool, wanted: Act, kind: ButtonKind, label: fn(crate::words::Locale) -> &'static str| {
            shown.then(|| {
                view! {
                    <Button kind=kind busy=busy press=move |_| ask(wanted)>
                        {crate::words::word(i18n, label)}
                    </Button>
                }
            })
        };
    view! {
        {button(may.send_back, Act::SendBack, ButtonKind::Plain, |locale| td_string!(locale, approval.send_back))}
        {button(may.take_back, Act::TakeBack, ButtonKind::Plain, |locale| td_string!(locale, approval.take_back))}
        {button(may.publish_anyway && outdated, Act::PublishAnyway, ButtonKind::Quiet, |locale| td_string!(locale, approval.publish_outdated))}
        {button(may.publish_anyway && !outdated && unapproved, Act::PublishAnyway, ButtonKind::Quiet, |locale| td_string!(locale, approval.publish_anyway))}
        {button(may.publish_anyway && !outdated && !unapproved, Act::PublishAnyway, ButtonKind::Quiet, |locale| td_string!(locale, approval.publish_beyond))}
        {button(may.approve, Act::Approve, ButtonKind::Primary, |locale| td_string!(locale, approval.approve))}
        {button(may.submit, Act::Submit, ButtonKind::Primary, |locale| td_string!(locale, approval.submit))}
        {button(may.publish && !may.approve && !may.publish_anyway, Act::Publish, ButtonKind::Primary, |locale| td_string!(locale, split.publish))}
        <Dialog open=asking title=Signal::derive(move || name().to_owned())>
            <p>{explained}</p>
            {move || (act.get() != Act::Publish).then(|| view! {
                <label class="fld">
                    <span>{move || if act.get().needs_words() { t_string!(i18n, approval.reason) } else { t_string!(i18n, approval.note) }}</span>
                    <textarea
                        class="input"
                        name="reason"
                        rows="3"
                        maxlength="1000"
                        aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                        prop:value=move || text.get()
                        on:input=move |event| {
                            wrong.set(None);
                            text.set(event_target_value(&event));
                        }
                    ></textarea>
                </label>
            })}
            <div class="fld"><p class="wrong" role="alert">{move || wrong.get()}</p></div>
            <footer>
                <Button press=move |_| asking.set(false)>{t!(i18n, split.publish_no)}</Button>
                <Button kind=ButtonKind::Primary busy=busy press=run>{name}</Button>
            </footer>
        </Dialog>
    }
}

/// What is left out where a version is published with a reason, and where that reason stays.
fn left_out((outdated, unapproved): (bool, bool), blocking: &[Breach], i18n: Words) -> String {
    let lang = lang(i18n.get_locale());
    let mut said = Vec::new();
    if outdated {
        said.push(t_string!(i18n, approval.leaves_out_base).to_owned());
    }
    if unapproved {
        said.push(t_string!(i18n, approval.leaves_out_approval).to_owned());
    }
    if !blocking.is_empty() {
        let each: Vec<String> = blocking.iter().map(|breach| breach.words(lang)).collect();
        let limits = each.join(lang.pick("；", "; "));
        said.push(t_string!(i18n, approval.leaves_out_limits, limits = limits).to_string());
    }
    said.push(t_string!(i18n, approval.publish_anyway_text).to_owned());
    said.join(lang.pick("", " "))
}
