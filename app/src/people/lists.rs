//! The three lists: members with their unit, units as a tree, users with what they may.

use domain::access::{Permission, Role};
use domain::calendar::Day;
use domain::format;
use domain::id::{MemberId, UnitId};
use domain::org::level_name;
use domain::people::{Access, MemberRow, People, UnitRow, UserRow, finds};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::forms::{Asked, Forms};
use crate::frame::role_name;
use crate::reserved::may;
use crate::ui::{
    Avatar, Button, ButtonSize, Column, EmptyState, Glyph, Icon, Table, Tag, TagKind, Toast, use_toasts,
    words_of,
};
use crate::words::{lang, t, t_string, use_i18n};

/// Whether the reader may change people, and so knows who can sign in.
pub(super) fn may_manage() -> bool {
    may(Permission::ManagePeople)
}

/// The name of a unit.
fn unit_name(people: &People, id: UnitId) -> String {
    people
        .units
        .iter()
        .find(|unit| unit.id == id)
        .map_or_else(String::new, |unit| unit.name.clone())
}

/// The unit a member belongs to now: that of the latest assignment that has not ended.
fn unit_of(member: &MemberRow) -> Option<UnitId> {
    member
        .assignments
        .iter()
        .rev()
        .find(|assignment| assignment.ends_on.is_none())
        .map(|assignment| assignment.unit)
}

/// Members by name, with where they belong.
#[component]
pub(super) fn Members(people: StoredValue<People>, changed: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let manage = may_manage();
    let query = RwSignal::new(String::new());
    let asked = RwSignal::new(None::<Asked>);
    let columns = Signal::derive(move || {
        vec![
            Column::words(t_string!(i18n, people.name)),
            Column::words(t_string!(i18n, people.unit)),
            Column::words(t_string!(i18n, people.external)),
        ]
        .into_iter()
        // Who may not change people is not told who can sign in.
        .chain(manage.then(|| Column::words(t_string!(i18n, people.access))))
        .collect()
    });
    let rows = move || {
        let query = query.get();
        people.with_value(|people| {
            people
                .members
                .iter()
                .filter(|member| query.is_empty() || finds(&query, &member.name, &member.pinyin))
                .map(|member| {
                    let unit = unit_of(member).map(|unit| unit_name(people, unit)).unwrap_or_default();
                    let user = people.users.iter().find(|user| user.member == Some(member.id)).cloned();
                    view! { <MemberLine member=member.clone() unit=unit user=user manage=manage asked=asked /> }
                })
                .collect_view()
        })
    };
    let empty = people.with_value(|people| people.members.is_empty());
    view! {
        <div class="content">
            <section class="card">
                <header>
                    <h2>{t!(i18n, people.tab_members)}</h2>
                    <span class="sm muted">{move || match people.with_value(|people| people.members.len()) {
                        1 => t_string!(i18n, people.count_one).to_owned(),
                        count => t_string!(i18n, people.count, count = count).to_string(),
                    }}</span>
                    <span class="end row">
                        <input class="input s" type="search" aria-label=t!(i18n, people.find)
                            placeholder=t!(i18n, people.find) prop:value=query
                            on:input=move |event| query.set(event_target_value(&event)) />
                        {manage.then(|| view! {
                            <Button size=ButtonSize::Small press=move |_| asked.set(Some(Asked::Member))><Icon glyph=Glyph::Plus />{t!(i18n, people.new_member)}</Button>
                        })}
                    </span>
                </header>
                {if empty {
                    view! {
                        <EmptyState glyph=Glyph::People title=t!(i18n, people.people_empty)>
                            {may(Permission::Import).then(|| view! { <a class="btn primary" href="/data/import">{t!(i18n, people.bring)}</a> })}
                        </EmptyState>
                    }.into_any()
                } else {
                    view! { <Table caption=t!(i18n, people.tab_members) columns=columns>{rows}</Table> }.into_any()
                }}
            </section>
        </div>
        {manage.then(|| view! { <Forms people=people asked=asked changed=changed /> })}
    }
}

#[component]
fn MemberLine(
    member: MemberRow,
    unit: String,
    user: Option<UserRow>,
    manage: bool,
    asked: RwSignal<Option<Asked>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let id: MemberId = member.id;
    let name = member.name.clone();
    let shown = member.name.clone();
    let for_account = (member.name.clone(), member.email.clone().unwrap_or_default());
    let account = manage.then(|| match user {
        Some(user) => {
            let role = user.role;
            view! { <span>{user.email} " " <span class="sm muted">{move || role_name(role, i18n.get_locale())}</span></span> }.into_any()
        }
        None if member.left_on.is_none() => view! {
            <Button size=ButtonSize::Small press=move |_| {
                let (name, email) = for_account.clone();
                asked.set(Some(Asked::User { member: Some(id), name, email }));
            }>
                {t!(i18n, people.give_access)}
            </Button>
        }
        .into_any(),
        None => view! { <span class="muted">{t!(i18n, people.no_access)}</span> }.into_any(),
    });
    view! {
        <tr data-key=name.clone()>
            <td><span class="row"><Avatar name=name.clone() />{shown}{member.left_on.map(|_| view! { <Tag>{t!(i18n, people.left)}</Tag> })}</span></td>
            <td>{unit}</td>
            <td class="muted">{member.external_id.unwrap_or_default()}</td>
            {account.map(|account| view! { <td>{account}</td> })}
        </tr>
    }
}

/// Units, each below the one above it.
#[component]
pub(super) fn Units(people: StoredValue<People>, changed: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let manage = may_manage();
    let asked = RwSignal::new(None::<Asked>);
    let columns = Signal::derive(move || {
        vec![
            Column::words(t_string!(i18n, people.unit)),
            Column::words(t_string!(i18n, people.level)),
            Column::words(t_string!(i18n, people.lead)),
            Column::words(t_string!(i18n, people.starts)),
        ]
    });
    let rows = people.with_value(|people| {
        let mut ordered = Vec::new();
        for unit in people.units.iter().filter(|unit| {
            unit.parent
                .is_none_or(|parent| people.units.iter().all(|other| other.id != parent))
        }) {
            order(people, unit, 0, &mut ordered);
        }
        ordered
            .into_iter()
            .map(|(depth, unit)| {
                let lead = unit
                    .manager
                    .and_then(|lead| people.members.iter().find(|member| member.id == lead))
                    .map(|member| member.name.clone())
                    .unwrap_or_default();
                let (level, starts_on) = (unit.level.clone(), unit.starts_on);
                let class = format!("depth-{}", depth.min(6));
                view! {
                    <tr data-key=unit.name.clone()>
                        <td class=class>{unit.name.clone()}</td>
                        <td>{move || level_name(&level, lang(i18n.get_locale())).to_owned()}</td>
                        <td>{lead}</td>
                        <td class="muted">
                            {move || if starts_on > Day::BEGINNING {
                                format::date(starts_on, lang(i18n.get_locale()))
                            } else {
                                t_string!(i18n, people.always).to_owned()
                            }}
                        </td>
                    </tr>
                }
            })
            .collect_view()
    });
    view! {
        <div class="content">
            <section class="card">
                <header>
                    <h2>{t!(i18n, people.tab_units)}</h2>
                    {manage.then(|| view! {
                        <span class="end"><Button size=ButtonSize::Small press=move |_| asked.set(Some(Asked::Unit))><Icon glyph=Glyph::Plus />{t!(i18n, people.new_unit)}</Button></span>
                    })}
                </header>
                <Table caption=t!(i18n, people.tab_units) columns=columns>{rows}</Table>
            </section>
        </div>
        {manage.then(|| view! { <Forms people=people asked=asked changed=changed /> })}
    }
}

/// Lists a unit and everything below it, with how deep each stands; a circle in the data ends at the depth limit.
fn order<'a>(people: &'a People, unit: &'a UnitRow, depth: usize, out: &mut Vec<(usize, &'a UnitRow)>) {
    const DEEPEST: usize = 64;
    out.push((depth, unit));
    if depth < DEEPEST {
        for below in people.units.iter().filter(|other| other.parent == Some(unit.id)) {
            order(people, below, depth + 1, out);
        }
    }
}

/// Who may sign in.
#[component]
pub(super) fn Users(people: StoredValue<People>, changed: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let manage = may_manage();
    let asked = RwSignal::new(None::<Asked>);
    let columns = Signal::derive(move || {
        vec![
            Column::words(t_string!(i18n, people.name)),
            Column::words(t_string!(i18n, people.email)),
            Column::words(t_string!(i18n, people.role)),
            Column::words(t_string!(i18n, people.access)),
        ]
    });
    let rows = people.with_value(|people| {
        people
            .users
            .iter()
            .cloned()
            .map(|user| view! { <UserLine user=user manage=manage changed=changed /> })
            .collect_view()
    });
    view! {
        <div class="content">
            <section class="card">
                <header>
                    <h2>{t!(i18n, people.tab_users)}</h2>
                    {manage.then(|| view! {
                        <span class="end">
                            <Button size=ButtonSize::Small press=move |_| asked.set(Some(Asked::User { member: None, name: String::new(), email: String::new() }))>
                                <Icon glyph=Glyph::Plus />{t!(i18n, people.new_user)}
                            </Button>
                        </span>
                    })}
                </header>
                <Table caption=t!(i18n, people.tab_users) columns=columns>{rows}</Table>
            </section>
        </div>
        {manage.then(|| view! { <Forms people=people asked=asked changed=changed /> })}
    }
}

#[component]
fn UserLine(user: UserRow, manage: bool, changed: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let (id, role, access): (_, Role, Access) = (user.id, user.role, user.access);
    let email = user.email.clone();
    let switch = move |_| {
        let wanted = if access == Access::Enabled {
            Access::Disabled
        } else {
            Access::Enabled
        };
        spawn_local(async move {
            match super::set_access(id, wanted).await {
                // The page may have been left.
                Ok(()) => {
                    let _gone = changed.try_run(());
                }
                Err(error) => toasts.show(Toast::refused(
                    t_string!(i18n, people.access),
                    words_of(&error, i18n),
                )),
            }
        });
    };
    view! {
        <tr data-key=user.email>
            <td>{user.name}</td>
            <td>{email}</td>
            <td>{move || role_name(role, i18n.get_locale())}</td>
            <td>
                <span class="row">
                    {match access {
                        Access::Enabled => view! { <Tag kind=TagKind::Accent>{t!(i18n, people.enabled)}</Tag> }.into_any(),
                        Access::Disabled => view! { <Tag>{t!(i18n, people.disabled)}</Tag> }.into_any(),
                    }}
                    {manage.then(|| view! {
                        <button type="button" class="btn link" on:click=switch>
                            {move || if access == Access::Enabled { t_string!(i18n, people.disable) } else { t_string!(i18n, people.enable) }}
                        </button>
                    })}
                </span>
            </td>
        </tr>
    }
}
