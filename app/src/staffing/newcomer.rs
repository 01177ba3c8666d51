//! Somebody who is in no list yet: entered where they are asked for, and chosen at once.

use domain::access::Permission;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::person::Chosen;
use crate::reserved::may;
use crate::ui::{Button, Field, Toast, use_toasts, words_of};
use crate::words::{t, t_string, use_i18n};

/// See the module; who may not enter people is told who may.
#[component]
pub(super) fn Newcomer(chosen: Chosen) -> impl IntoView {
    let i18n = use_i18n();
    if !may(Permission::ManagePeople) {
        return view! { <p class="sm muted">{t!(i18n, staffing.newcomer_ask)}</p> }.into_any();
    }
    let toasts = use_toasts();
    let name = RwSignal::new(String::new());
    let code = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let lacks = Signal::derive(move || name.with(|name| name.trim().is_empty()));
    let add = move |_| {
        let wanted = name.get_untracked().trim().to_owned();
        let known_as = code.get_untracked().trim().to_owned();
        let known_as = (!known_as.is_empty()).then_some(known_as);
        busy.set(true);
        spawn_local(async move {
            match super::add_person(wanted.clone(), known_as).await {
                Ok(member) => {
                    toasts.show(Toast::done(t_string!(i18n, staffing.newcomer_added)));
                    chosen.choose(member, wanted);
                    // The page may have been left.
                    drop(name.try_set(String::new()));
                    drop(code.try_set(String::new()));
                }
                Err(error) => toasts.show(Toast::refused(
                    t_string!(i18n, staffing.newcomer),
                    words_of(&error, i18n),
                )),
            }
            let _gone = busy.try_set(false);
        });
    };
    view! {
        <details class="extend" data-newcomer="true">
            <summary>{t!(i18n, staffing.newcomer)}</summary>
            <p class="sm muted">{t!(i18n, staffing.newcomer_text)}</p>
            <div class="form-line">
                <Field label=t!(i18n, people.name) name="newcomer-name" bind=name />
                <Field label=t!(i18n, people.external) name="newcomer-external" bind=code />
                <Button busy=busy disabled=lacks press=add>{t!(i18n, staffing.newcomer_add)}</Button>
            </div>
        </details>
    }
    .into_any()
}
