//! Dialogs that add a member, a unit or an account.

use domain::access::Role;
use domain::calendar::Day;
use domain::id::{MemberId, UnitId};
use domain::org::level_name;
use domain::people::{MemberInput, People, UnitInput};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::error::AppError;
use crate::frame::{role_name, use_me};
use crate::ui::{
    Button, ButtonKind, Choice, DateField, Dialog, Field, FieldKind, Select, Toast, use_toasts, words_of,
};
use crate::words::{lang, t, t_string, use_i18n};

/// Levels on offer below the company.
const LEVELS: [&str; 3] = ["region", "branch", "team"];

/// What is to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A member.
    Member,
    /// A unit.
    Unit,
    /// An account, perhaps for a member.
    User {
        /// For whom.
        member: Option<MemberId>,
        /// Their name.
        name: String,
        /// Their e-mail, where it is known.
        email: String,
    },
}

/// The dialog of what is asked for.
#[component]
pub(super) fn Forms(
    people: StoredValue<People>,
    asked: RwSignal<Option<Asked>>,
    changed: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(asked.with(Option::is_some)));
    Effect::new(move |_| {
        if !open.get() && asked.with_untracked(Option::is_some) {
            asked.set(None);
        }
    });
    let title = move || match asked.get() {
        Some(Asked::Member) => t_string!(i18n, people.new_member).to_owned(),
        Some(Asked::Unit) => t_string!(i18n, people.new_unit).to_owned(),
        _ => t_string!(i18n, people.new_user).to_owned(),
    };
    let settled = Callback::new(move |result: Result<(), AppError>| match result {
        Ok(()) => {
            asked.set(None);
            changed.run(());
        }
        Err(error) => toasts.show(Toast::refused(title(), words_of(&error, i18n))),
    });
    view! {
        <Dialog open=open title=title>
            {move || asked.get().map(|asked| match asked {
                Asked::Member => view! { <MemberForm people=people settled=settled /> }.into_any(),
                Asked::Unit => view! { <UnitForm people=people settled=settled /> }.into_any(),
                Asked::User { member, name, email } => view! { <UserForm member=member name=name email=email settled=settled /> }.into_any(),
            })}
        </Dialog>
    }
}

/// Units to choose from.
fn units(people: StoredValue<People>) -> Signal<Vec<Choice>> {
    Signal::derive(move || {
        people.with_value(|people| {
            people
                .units
                .iter()
                .filter(|unit| unit.ends_on.is_none())
                .map(|unit| Choice::new(unit.id.to_string(), unit.name.clone()))
                .collect::<Vec<_>>()
        })
    })
}

fn first_unit(people: StoredValue<People>) -> String {
    people.with_value(|people| {
        people
            .units
            .first()
            .map(|unit| unit.id.to_string())
            .unwrap_or_default()
    })
}

/// The company: a new unit stands below it unless another one is chosen. Whoever sees a part only has the top of that.
fn top_unit(people: StoredValue<People>) -> String {
    people.with_value(|people| {
        let mut units = people.units.iter().filter(|unit| unit.ends_on.is_none());
        let top = units.find(|unit| {
            unit.parent
                .is_none_or(|parent| people.units.iter().all(|other| other.id != parent))
        });
        top.map(|unit| unit.id.to_string()).unwrap_or_default()
    })
}

#[component]
fn MemberForm(people: StoredValue<People>, settled: Callback<Result<(), AppError>>) -> impl IntoView {
    let i18n = use_i18n();
    let (name, external, email) = (
        RwSignal::new(String::new()),
        RwSignal::new(String::new()),
        RwSignal::new(String::new()),
    );
    let unit = RwSignal::new(first_unit(people));
    let from = RwSignal::new(use_me().map(|me| me.business_date.day));
    let add = move |_| {
        let Ok(unit) = unit.get_untracked().parse::<UnitId>() else {
            return;
        };
        let from: Day = from.get_untracked().unwrap_or_default();
        let member = MemberInput {
            name: name.get_untracked(),
            external_id: filled(external),
            email: filled(email),
            hired_on: Some(from),
            left_on: None,
        };
        spawn_local(async move {
            let made = super::create_member(member, unit, from).await.map(drop);
            // The page may have been left.
            let _gone = settled.try_run(made);
        });
    };
    view! {
        <Field label=t!(i18n, people.name) name="name" bind=name required=true />
        <Select label=t!(i18n, people.unit) name="unit" choices=units(people) value=unit on_pick=Callback::new(move |id| unit.set(id)) />
        <DateField label=t!(i18n, people.starts) name="from" value=from on_pick=Callback::new(move |day| from.set(day)) />
        <Field label=t!(i18n, people.external) name="external" bind=external />
        <Field label=t!(i18n, people.email) name="email" kind=FieldKind::Email bind=email />
        <footer><Button kind=ButtonKind::Primary disabled=Signal::derive(move || name.with(|name| name.trim().is_empty())) press=add>{t!(i18n, people.save)}</Button></footer>
    }
}

#[component]
fn UnitForm(people: StoredValue<People>, settled: Callback<Result<(), AppError>>) -> impl IntoView {
    let i18n = use_i18n();
    let name = RwSignal::new(String::new());
    let parent = RwSignal::new(top_unit(people));
    let level = RwSignal::new(LEVELS[0].to_owned());
    let lead = RwSignal::new(String::new());
    let levels = Signal::derive(move || {
        LEVELS
            .map(|level| Choice::new(level, level_name(level, lang(i18n.get_locale()))))
            .to_vec()
    });
    let leads = Signal::derive(move || {
        let mut choices = vec![Choice::new("", t_string!(i18n, people.none))];
        people.with_value(|people| {
            choices.extend(
                people
                    .members
                    .iter()
                    .map(|member| Choice::new(member.id.to_string(), member.name.clone())),
            );
        });
        choices
    });
    let add = move |_| {
        let Ok(parent) = parent.get_untracked().parse::<UnitId>() else {
            return;
        };
        let unit = UnitInput {
            parent,
            level: level.get_untracked(),
            name: name.get_untracked(),
            code: None,
            manager: lead.get_untracked().parse::<MemberId>().ok(),
        };
        spawn_local(async move {
            let made = super::create_unit(unit).await.map(drop);
            let _gone = settled.try_run(made);
        });
    };
    view! {
        <Field label=t!(i18n, people.name) name="name" bind=name required=true />
        <Select label=t!(i18n, people.parent) name="parent" choices=units(people) value=parent on_pick=Callback::new(move |id| parent.set(id)) />
        <Select label=t!(i18n, people.level) name="level" choices=levels value=level on_pick=Callback::new(move |id| level.set(id)) />
        <Select label=t!(i18n, people.lead) name="lead" choices=leads value=lead on_pick=Callback::new(move |id| lead.set(id)) />
        <footer><Button kind=ButtonKind::Primary disabled=Signal::derive(move || name.with(|name| name.trim().is_empty())) press=add>{t!(i18n, people.save)}</Button></footer>
    }
}

#[component]
fn UserForm(
    member: Option<MemberId>,
    name: String,
    email: String,
    settled: Callback<Result<(), AppError>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let name = RwSignal::new(name);
    let email = RwSignal::new(email);
    let password = RwSignal::new(String::new());
    let role = RwSignal::new(
        if member.is_some() {
            Role::Rep
        } else {
            Role::Planner
        }
        .as_str()
        .to_owned(),
    );
    let roles = Signal::derive(move || {
        Role::ALL
            .into_iter()
            .map(|role| Choice::new(role.as_str(), role_name(role, i18n.get_locale())))
            .collect::<Vec<_>>()
    });
    let add = move |_| {
        let Some(role) = Role::parse(&role.get_untracked()) else {
            return;
        };
        let (email, name, password) = (
            email.get_untracked(),
            name.get_untracked(),
            password.get_untracked(),
        );
        spawn_local(async move {
            let made = super::create_user(email, name, role, password, member).await;
            let _gone = settled.try_run(made.map(drop));
        });
    };
    view! {
        <Field label=t!(i18n, people.name) name="name" bind=name required=true />
        <Field label=t!(i18n, people.email) name="email" kind=FieldKind::Email bind=email required=true />
        <Select label=t!(i18n, people.role) name="role" choices=roles value=role on_pick=Callback::new(move |id| role.set(id)) />
        <Field label=t!(i18n, people.password) name="password" kind=FieldKind::Password bind=password
            hint=t!(i18n, people.password_hint) autocomplete="new-password" required=true minlength=10 />
        <footer><Button kind=ButtonKind::Primary press=add>{t!(i18n, people.create_user)}</Button></footer>
    }
}

/// What was typed, if anything was.
fn filled(text: RwSignal<String>) -> Option<String> {
    let text = text.get_untracked().trim().to_owned();
    (!text.is_empty()).then_some(text)
}
