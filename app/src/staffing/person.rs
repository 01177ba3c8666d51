//! One person out of very many: typed by name or its sounds, and chosen from those who are found.

use domain::format;
use domain::id::{MemberId, VersionId};
use domain::staffing::Found;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::ui::{Choice, Field, Select};
use crate::words::{lang, t, t_string, use_i18n};

/// What is typed, who is found, and who is chosen.
#[derive(Clone, Copy)]
pub struct Chosen {
    query: RwSignal<String>,
    found: RwSignal<Vec<Found>>,
    member: RwSignal<String>,
    /// Whether anybody was looked for yet.
    searched: RwSignal<bool>,
}

impl Chosen {
    /// Nobody yet.
    pub(super) fn new() -> Self {
        Self {
            query: RwSignal::new(String::new()),
            found: RwSignal::new(Vec::new()),
            member: RwSignal::new(String::new()),
            searched: RwSignal::new(false),
        }
    }

    /// Somebody who is known: they are found by their name.
    pub(super) fn of(member: MemberId, name: String) -> Self {
        Self {
            query: RwSignal::new(name),
            member: RwSignal::new(member.to_string()),
            ..Self::new()
        }
    }

    /// Who is chosen.
    pub(super) fn member(self) -> Option<MemberId> {
        self.member.get().parse().ok()
    }

    /// Who is chosen, with the units they have a number in.
    pub(super) fn found(self) -> Option<Found> {
        let member = self.member()?;
        self.found
            .with(|found| found.iter().find(|found| found.member == member).cloned())
    }

    /// Chooses somebody who is known: they are found by their name.
    pub(super) fn choose(self, member: MemberId, name: String) {
        // The page may have been left.
        drop(self.member.try_set(member.to_string()));
        drop(self.query.try_set(name));
    }

    /// Looks for what is typed, whenever that or the version changes; in the browser only.
    fn follow(self, version: Signal<Option<VersionId>>) {
        Effect::new(move |_| {
            let (version, query) = (version.get(), self.query.get());
            spawn_local(async move {
                let Ok(found) = super::find(version, query.clone()).await else {
                    return;
                };
                // What was typed since has its own answer, and the page may have been left.
                if self.query.try_get_untracked() != Some(query) {
                    return;
                }
                let chosen = self.member.try_get_untracked().unwrap_or_default();
                let is_there = found.iter().any(|found| found.member.to_string() == chosen);
                let first = found.first().map(|found| found.member.to_string());
                if self.found.try_set(found).is_some() {
                    return;
                }
                let _gone = self.searched.try_set(true);
                if !is_there {
                    drop(self.member.try_set(first.unwrap_or_default()));
                }
            });
        });
    }
}

/// Chooses a person.
#[component]
pub(super) fn Person(
    /// Who is asked for.
    #[prop(into)]
    label: TextProp,
    /// The name in the form; unique on the page.
    name: &'static str,
    /// The version whose numbers are looked at.
    #[prop(into)]
    version: Signal<Option<VersionId>>,
    chosen: Chosen,
) -> impl IntoView {
    let i18n = use_i18n();
    chosen.follow(version);
    let choices = Signal::derive(move || {
        chosen.found.with(|found| {
            found
                .iter()
                .map(|found| {
                    let units: Vec<&str> = found.units.iter().map(|unit| unit.name.as_str()).collect();
                    let label = if units.is_empty() {
                        found.name.clone()
                    } else {
                        let lang = lang(i18n.get_locale());
                        format::noted(&found.name, &units.join(lang.pick("、", ", ")), lang)
                    };
                    Choice::new(found.member.to_string(), label)
                })
                .collect::<Vec<_>>()
        })
    });
    let hint = move || {
        if chosen.searched.get() && chosen.found.with(Vec::is_empty) {
            t_string!(i18n, staffing.nobody_found)
        } else {
            ""
        }
    };
    view! {
        <Field label=t!(i18n, people.find) name=format!("{name}-query") bind=chosen.query hint=hint />
        <Select
            label=label
            name=name
            choices=choices
            value=chosen.member
            on_pick=Callback::new(move |member| chosen.member.set(member))
        />
    }
}
