//! The chain: who approves, in which order, for what is handed in from now on.

use domain::access::Role;
use domain::approval::{Approver, Chain, MOST_STEPS, Named, can_approve};
use domain::format;
use domain::id::UserId;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::choose_chain;
use super::way::approver_name;
use crate::frame::role_name;
use crate::ui::{Button, ButtonSize, Choice, Glyph, Icon, Select, Toast, use_toasts, words_of};
use crate::words::{Words, lang, t, t_string, use_i18n};

/// What a step is chosen by.
fn key(approver: Approver) -> String {
    match approver {
        Approver::Planners => "planners".to_owned(),
        Approver::Role { role } => role.as_str().to_owned(),
        Approver::Person { user } => user.to_string(),
    }
}

/// The step of a choice.
fn approver(key: &str) -> Option<Approver> {
    if key == "planners" {
        return Some(Approver::Planners);
    }
    if let Some(role) = Role::parse(key) {
        return Some(Approver::Role { role });
    }
    key.parse::<UserId>().ok().map(|user| Approver::Person { user })
}

fn choices(people: &[Named], i18n: Words) -> Vec<Choice> {
    let locale = i18n.get_locale();
    let roles = Role::ALL.into_iter().filter(|role| can_approve(*role));
    let mut choices = vec![Choice::new("planners", t_string!(i18n, approval.by_planners))];
    choices.extend(roles.map(|role| Choice::new(role.as_str(), role_name(role, locale))));
    choices.extend(people.iter().map(|person| {
        Choice::new(
            person.user.to_string(),
            format::noted(&person.name, role_name(person.role, locale), lang(locale)),
        )
    }));
    choices
}

/// What is being chosen of the chain.
#[derive(Clone, Copy)]
pub struct Writing {
    /// The steps, where they are not those in force.
    steps: RwSignal<Option<Vec<Approver>>>,
    /// What would be the next step.
    picked: RwSignal<String>,
}

impl Writing {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self {
            steps: RwSignal::new(None),
            picked: RwSignal::new("planners".to_owned()),
        }
    }
}

/// The chain as it is, and a form to change it for who may.
#[component]
pub(super) fn ChainForm(
    chain: Chain,
    /// What was chosen so far.
    writing: Writing,
    nudge: RwSignal<u32>,
) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let Chain {
        steps,
        may_change,
        people,
    } = chain;
    if !may_change {
        return ().into_any();
    }
    let people = StoredValue::new(people);
    let none = steps.is_empty();
    let picked = writing.picked;
    // What was saved is in force by now.
    if writing
        .steps
        .with_untracked(|begun| begun.as_ref() == Some(&steps))
    {
        writing.steps.set(None);
    }
    let in_force = StoredValue::new(steps);
    let steps = Signal::derive(move || writing.steps.get().unwrap_or_else(|| in_force.get_value()));
    let change = move |how: &dyn Fn(&mut Vec<Approver>)| {
        let mut wanted = steps.get_untracked();
        how(&mut wanted);
        writing.steps.set(Some(wanted));
    };
    let busy = RwSignal::new(false);
    let save = move |wanted: Vec<Approver>| {
        busy.set(true);
        spawn_local(async move {
            match choose_chain(wanted).await {
                Ok(()) => {
                    toasts.show(Toast::done(t_string!(i18n, approval.chain_saved)));
                    nudge.update(|count| *count += 1);
                }
                Err(error) => toasts.show(Toast::refused(
                    t_string!(i18n, approval.chain),
                    words_of(&error, i18n),
                )),
            }
            // The form may be made anew by then.
            let _gone = busy.try_set(false);
        });
    };
    let add = move |_| {
        if let Some(approver) = approver(&picked.get_untracked()) {
            change(&|steps| steps.push(approver));
        }
    };
    let lines = move || {
        let locale = i18n.get_locale();
        steps
            .get()
            .into_iter()
            .enumerate()
            .map(|(place, step)| {
                let name = people.with_value(|people| {
                    let of = people.iter().find(|person| key(step) == person.user.to_string());
                    let names: Vec<String> = of.map(|person| person.name.clone()).into_iter().collect();
                    approver_name(step, &names, locale)
                });
                view! {
                    <li class="row">
                        <span>{place + 1} ". " <b>{name}</b></span>
                        <button
                            type="button"
                            class="icb"
                            aria-label=t!(i18n, approval.chain_remove)
                            title=t!(i18n, approval.chain_remove)
                            on:click=move |_| change(&|steps| {
                                if place < steps.len() {
                                    steps.remove(place);
                                }
                            })
                        >
                            <Icon glyph=Glyph::Close />
                        </button>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <details class="card chain">
            <summary>
                <b>{t!(i18n, approval.chain)}</b>
                " "
                <span class="sm muted">{move || if none { t_string!(i18n, approval.chain_none) } else { t_string!(i18n, approval.chain_chosen) }}</span>
            </summary>
            <p class="sm muted">{t!(i18n, approval.chain_hint)}</p>
            <ol class="queue">{lines}</ol>
            <div class="row wrap">
                <Select
                    label=t!(i18n, approval.chain_step)
                    name="approver"
                    choices=Signal::derive(move || people.with_value(|people| choices(people, i18n)))
                    value=picked
                    on_pick=Callback::new(move |key| picked.set(key))
                />
                <Button size=ButtonSize::Small disabled=Signal::derive(move || steps.with(Vec::len) >= MOST_STEPS) press=add>
                    {t!(i18n, approval.chain_add)}
                </Button>
                <span class="grow"></span>
                <Button size=ButtonSize::Small busy=busy press=move |_| save(steps.get_untracked())>{t!(i18n, approval.chain_save)}</Button>
            </div>
        </details>
    }
    .into_any()
}
