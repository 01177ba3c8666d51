//! Staff changes: somebody comes, goes, moves or is away, teams are merged. What that does to the numbers is shown before a
//! draft is made; and the calendar of leave.

pub mod calendar;
pub mod card;
pub mod change;
pub mod choices;
pub mod entering;
pub mod form;
pub mod leave;
pub mod newcomer;
pub mod on_day;
pub mod person;
pub mod row_acts;
pub mod shown;
mod taken_out;

use domain::access::Permission;
use domain::calendar::Day;
use domain::id::{CommandId, LeaveId, MemberId, VersionId};
use domain::number_on::NumbersOn;
#[cfg(feature = "ssr")]
use domain::people::MemberInput;
use domain::staffing::{Asked, Desk, Found, LeaveCalendar, LeaveEntry, LeaveInput, LeaveRow, Preview};
use domain::target::Made;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::error::AppError;
use crate::page::lazy_page;
use crate::reserved::may;
use crate::ui::{EmptyState, ErrorView, Glyph, Skeleton};
use crate::wire::{fetch, loaded};
use crate::words::{t, use_i18n};

/// What can be adjusted, and the units; with leave, the change it calls for.
#[server(prefix = "/api/app", endpoint = "staffing/desk", input = server_fn::codec::Json)]
pub async fn load_desk(leave: Option<LeaveId>) -> Result<Desk, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.staffing_desk(&scope, leave).await)
}

/// The first people by a name or its sounds, with the units they have a number in.
#[server(prefix = "/api/app", endpoint = "staffing/find", input = server_fn::codec::Json)]
pub async fn find(version: Option<VersionId>, query: String) -> Result<Vec<Found>, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.staffing_people(&scope, version, &query).await)
}

/// What a change would do.
#[server(prefix = "/api/app", endpoint = "staffing/preview", input = server_fn::codec::Json)]
pub async fn look_ahead(asked: Asked) -> Result<Preview, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.preview_staffing(&scope, &asked).await)
}

/// Enters somebody new, by name and by what other systems call them. To which unit they come is entered with the change.
#[server(prefix = "/api/app", endpoint = "staffing/newcomer", input = server_fn::codec::Json)]
pub async fn add_person(name: String, external_id: Option<String>) -> Result<MemberId, AppError> {
    let (operations, scope) = crate::server::asking()?;
    let new = MemberInput {
        name,
        external_id,
        email: None,
        hired_on: None,
        left_on: None,
    };
    crate::error::answer(operations.create_member(&scope, new).await)
}

/// Makes the draft of a change; once, however often it is sent under the same key.
#[server(prefix = "/api/app", endpoint = "staffing/open", input = server_fn::codec::Json)]
pub async fn open(asked: Asked, key: CommandId, reason: String) -> Result<Made, AppError> {
    let (operations, scope) = crate::server::asking()?;
    let made = operations.open_staffing(&scope, &asked, Some(key), Some(&reason));
    crate::error::answer(made.await)
}

/// The leave of somebody, and whether it may be changed.
#[server(prefix = "/api/app", endpoint = "staffing/leave", input = server_fn::codec::Json)]
pub async fn leave_of(member: MemberId) -> Result<Vec<LeaveEntry>, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.leave_entries(&scope, member).await)
}

/// Who is away, or will be, by a name or its sounds.
#[server(prefix = "/api/app", endpoint = "staffing/calendar", input = server_fn::codec::Json)]
pub async fn leave_list(query: String) -> Result<LeaveCalendar, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.leave_calendar(&scope, &query).await)
}

/// Enters days of leave, or changes them.
#[server(prefix = "/api/app", endpoint = "staffing/set-leave", input = server_fn::codec::Json)]
pub async fn set_leave(id: Option<LeaveId>, leave: LeaveInput) -> Result<LeaveRow, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.set_leave(&scope, id, leave).await)
}

/// Takes days of leave out of the calendar.
#[server(prefix = "/api/app", endpoint = "staffing/remove-leave", input = server_fn::codec::Json)]
pub async fn remove_leave(id: LeaveId) -> Result<(), AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.remove_leave(&scope, id).await)
}

/// The numbers that somebody within reach carried on a day, and why.
#[server(prefix = "/api/app", endpoint = "staffing/number-on", input = server_fn::codec::Json)]
pub async fn numbers_of(member: MemberId, day: Day) -> Result<NumbersOn, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.numbers_of_member_on(&scope, member, day).await)
}

/// Where a version on record is changed.
pub(crate) fn address(version: VersionId) -> String {
    format!("/split/staffing?version={version}")
}

/// Where the numbers are adjusted to leave in the calendar: the change is filled in there. Other days are another address, also
/// where the page is open on the former ones.
pub(crate) fn address_of_leave(row: &LeaveRow) -> String {
    let LeaveRow { id, leave } = row;
    let kind = leave.kind.as_str();
    format!(
        "/split/staffing?leave={id}&of={kind}.{}.{}",
        leave.from, leave.until
    )
}

lazy_page!(StaffingPage, page, part = work, needs = ReadPeople);

fn page() -> impl IntoView {
    let i18n = use_i18n();
    let map = use_query_map();
    let version = move || map.with(|map| map.get("version")?.parse::<VersionId>().ok());
    let leave = move || map.with(|map| map.get("leave")?.parse::<LeaveId>().ok());
    // Days that were changed since are another source.
    let source = move || (leave(), map.with(|map| map.get("of")));
    let desk = fetch(source, |(leave, _)| load_desk(leave));
    view! {
        <Title text=t!(i18n, staffing.title) />
        <header class="head">
            <h1>{t!(i18n, staffing.title)}</h1>
            <span class="grow"></span>
            <a class="btn" href="/split">{t!(i18n, workbook.back)}</a>
        </header>
        <div class="content">
            <Transition fallback=|| view! { <Skeleton /> }>
                {loaded(desk, move |found| match found {
                        Ok(desk) => view! { <Opened desk=desk version=version() /> }.into_any(),
                        Err(error) => view! { <ErrorView error=error /> }.into_any(),
                    })}
            </Transition>
        </div>
    }
}

/// The page of an organization with people.
#[component]
fn Opened(desk: Desk, version: Option<VersionId>) -> impl IntoView {
    let i18n = use_i18n();
    let today = desk.today;
    let running = leave::Running {
        plans: StoredValue::new(desk.plans.clone()),
        today,
    };
    let plans = may(Permission::EditPlan);
    let change = if desk.published.is_empty() {
        plans
            .then(|| {
                view! {
                    <EmptyState glyph=Glyph::Split title=t!(i18n, staffing.no_plan) body=t!(i18n, staffing.no_plan_text)>
                        <a class="btn primary" href="/split">{t!(i18n, workbook.back)}</a>
                    </EmptyState>
                }
            })
            .into_any()
    } else {
        view! { <change::ChangeCard desk=desk version=version /> }.into_any()
    };
    view! {
        {change}
        <leave::LeaveCard running=running />
        <on_day::OnDayCard today=today />
    }
}
