//! Choosing who is asked.

use domain::access::Role;
use domain::questionnaire::{Audience, Chosen};
use leptos::prelude::*;

use crate::frame::role_name;
use crate::words::{t, use_i18n};

/// Adds to a list or takes out of it.
fn toggle<T: PartialEq>(list: &mut Vec<T>, one: T, wanted: bool) {
    list.retain(|other| *other != one);
    if wanted {
        list.push(one);
    }
}

/// Who is asked.
#[component]
pub(super) fn Whom(chosen: Chosen, audience: RwSignal<Audience>) -> impl IntoView {
    let i18n = use_i18n();
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
