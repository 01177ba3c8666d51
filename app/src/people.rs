//! People and units: who belongs where, who may sign in, and as what.

pub mod forms;
pub mod lists;

use domain::access::Role;
use domain::calendar::Day;
use domain::id::{MemberId, UnitId, UserId};
use domain::people::{Access, MemberInput, People, UnitInput};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::error::AppError;
use crate::live::use_live;
use crate::page::lazy_page;
use crate::ui::{ErrorView, Skeleton, Tab, Tabs};
use crate::wire::{fetch, loaded};
use crate::words::{t, t_string, use_i18n};

/// Everybody and every unit within reach.
#[server(prefix = "/api/app", endpoint = "people/list", input = server_fn::codec::Json)]
pub async fn load_people() -> Result<People, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.people(&scope).await)
}

/// Gives somebody an account.
#[server(prefix = "/api/app", endpoint = "people/create-user", input = server_fn::codec::Json)]
pub async fn create_user(
    email: String,
    name: String,
    role: Role,
    password: String,
    member: Option<MemberId>,
) -> Result<UserId, AppError> {
    let (operations, scope) = crate::server::asking()?;
    let new = operations::NewUser {
        email,
        name,
        role,
        password,
        member,
        language: None,
    };
    crate::error::answer(operations.create_user(&scope, new).await)
}

/// Lets somebody sign in, or ends that.
#[server(prefix = "/api/app", endpoint = "people/set-access", input = server_fn::codec::Json)]
pub async fn set_access(user: UserId, access: Access) -> Result<(), AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.set_access(&scope, user, access).await)
}

/// Adds a member to a unit.
#[server(prefix = "/api/app", endpoint = "people/create-member", input = server_fn::codec::Json)]
pub async fn create_member(member: MemberInput, unit: UnitId, from: Day) -> Result<MemberId, AppError> {
    let (operations, scope) = crate::server::asking()?;
    let id = crate::error::answer(operations.create_member(&scope, member).await)?;
    let whole = [domain::people::Share {
        unit,
        share_ppm: 1_000_000,
    }];
    crate::error::answer(operations.assign(&scope, id, from, &whole).await)?;
    Ok(id)
}

/// Moves a member to a unit from a day on.
#[server(prefix = "/api/app", endpoint = "people/move", input = server_fn::codec::Json)]
pub async fn move_member(member: MemberId, unit: UnitId, from: Day) -> Result<(), AppError> {
    let (operations, scope) = crate::server::asking()?;
    let whole = [domain::people::Share {
        unit,
        share_ppm: 1_000_000,
    }];
    crate::error::answer(operations.assign(&scope, member, from, &whole).await)
}

/// Adds a unit.
#[server(prefix = "/api/app", endpoint = "people/create-unit", input = server_fn::codec::Json)]
pub async fn create_unit(unit: UnitInput) -> Result<UnitId, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.create_unit(&scope, unit).await)
}

lazy_page!(PeoplePage, page, part = work, needs = ReadPeople);

fn page() -> impl IntoView {
    let i18n = use_i18n();
    let live = use_live();
    let map = use_query_map();
    let people = fetch(move || (live.people.get(), live.imports.get()), |_| load_people());
    // Users are for those who may change them; to the others a list without anybody would be a falsehood.
    let manage = lists::may_manage();
    let tab = Memo::new(move |_| {
        map.with(|map| map.get("tab"))
            .filter(|tab| manage || tab != "users")
            .unwrap_or_else(|| "members".to_owned())
    });
    let tabs = Signal::derive(move || {
        let tabs = [
            ("members", t_string!(i18n, people.tab_members)),
            ("units", t_string!(i18n, people.tab_units)),
            ("users", t_string!(i18n, people.tab_users)),
        ];
        tabs.into_iter()
            .filter(|(key, _)| manage || *key != "users")
            .map(|(key, label)| Tab {
                key: key.to_owned(),
                label: label.to_owned(),
                href: format!("/admin/people?tab={key}"),
            })
            .collect::<Vec<_>>()
    });
    let resource = people;
    let changed = Callback::new(move |()| resource.refetch());
    view! {
        <Title text=t!(i18n, people.title) />
        <header class="head">
            <h1>{t!(i18n, people.title)}</h1>
            <span class="grow"></span>
            <a class="btn quiet" href="/split/staffing">{t!(i18n, staffing.title)}</a>
        </header>
        <Tabs label=t!(i18n, people.title) tabs=tabs current=tab />
        <Transition fallback=|| view! { <Skeleton /> }>
            {loaded(people, move |found| match found {
                    Ok(people) => view! { <Shown people=people tab=tab changed=changed /> }.into_any(),
                    Err(error) => view! { <div class="content"><ErrorView error=error /></div> }.into_any(),
                })}
        </Transition>
    }
}

#[component]
fn Shown(people: People, tab: Memo<String>, changed: Callback<()>) -> impl IntoView {
    let people = StoredValue::new(people);
    move || match tab.get().as_str() {
        "units" => view! { <lists::Units people=people changed=changed /> }.into_any(),
        "users" => view! { <lists::Users people=people changed=changed /> }.into_any(),
        _ => view! { <lists::Members people=people changed=changed /> }.into_any(),
    }
}
