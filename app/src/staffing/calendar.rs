//! Who is away, or will be: the leave of everybody within reach.

use domain::access::Permission;
use domain::format;
use domain::staffing::{LeaveCalendar, LeaveEntry, LeaveRow};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::row_acts::{Acts, RowActs};
use super::taken_out;
use crate::error::AppError;
use crate::reserved::may;
use crate::ui::{Column, ErrorView, Field, Skeleton, Table};
use crate::words::{lang, t, t_string, use_i18n};

/// See the module; `nudge` counts what was changed on the page, `acts` is what can be done with a row.
#[component]
pub(super) fn Away(nudge: RwSignal<u32>, acts: Acts) -> impl IntoView {
    let i18n = use_i18n();
    let query = RwSignal::new(String::new());
    let found = RwSignal::new(None::<Result<LeaveCalendar, AppError>>);
    Effect::new(move |_| {
        nudge.track();
        let wanted = query.get();
        spawn_local(async move {
            let calendar = super::leave_list(wanted.clone()).await;
            // What was typed since has its own answer, and the page may have been left.
            if query.try_get_untracked() == Some(wanted) {
                drop(found.try_set(Some(calendar)));
                taken_out::go_on(acts.taken_out, "away");
            }
        });
    });
    view! {
        <section class="card" data-card="away">
            <header>
                <h2 tabindex="-1">{t!(i18n, staffing.away)}</h2>
                <span class="sm muted">{t!(i18n, staffing.away_text)}</span>
                {may(Permission::Import).then(|| view! {
                    <a class="btn s" href="/data/import">{t!(i18n, staffing.away_import)}</a>
                })}
            </header>
            <div class="form-line">
                <Field label=t!(i18n, people.find) name="calendar-query" bind=query />
            </div>
            <div aria-live="polite">
                {move || match found.get() {
                    None => view! { <Skeleton /> }.into_any(),
                    Some(Err(error)) => view! { <ErrorView error=error /> }.into_any(),
                    Some(Ok(calendar)) if calendar.entries.is_empty() => {
                        view! { <p class="muted">{t!(i18n, staffing.away_none)}</p> }.into_any()
                    }
                    Some(Ok(calendar)) => view! { <Entries calendar=calendar acts=acts /> }.into_any(),
                }}
            </div>
        </section>
    }
}

#[component]
fn Entries(calendar: LeaveCalendar, acts: Acts) -> impl IntoView {
    let i18n = use_i18n();
    let LeaveCalendar { entries, count } = calendar;
    let shown = u32::try_from(entries.len()).unwrap_or(u32::MAX);
    let columns = Signal::derive(move || {
        vec![
            Column::words(t_string!(i18n, staffing.who)),
            Column::words(t_string!(i18n, staffing.leave_days)),
            Column::words(t_string!(i18n, staffing.leave_kind)),
            Column::words(t_string!(i18n, staffing.leave_note)),
            Column::words(t_string!(i18n, staffing.leave_acts)),
        ]
    });
    view! {
        <div class="stacked">
            <Table caption=t!(i18n, staffing.away) columns=columns>
                {entries.into_iter().map(|entry| view! { <Entry entry=entry acts=acts /> }).collect_view()}
            </Table>
        </div>
        {(shown < count).then(|| view! {
            <p class="sm muted">
                {move || t_string!(
                    i18n,
                    staffing.away_more,
                    shown = format::count(u64::from(shown)),
                    count = format::count(u64::from(count))
                ).to_string()}
            </p>
        })}
    }
}

#[component]
fn Entry(entry: LeaveEntry, acts: Acts) -> impl IntoView {
    let i18n = use_i18n();
    let LeaveRow { id, leave } = entry.row.clone();
    let (from, until, kind) = (leave.from, leave.until, leave.kind);
    let (name, is_noted) = (entry.name.clone(), !leave.note.is_empty());
    view! {
        <tr data-away=id.to_string()>
            <td class="strong">{name}</td>
            <td class="nowrap" data-label=move || t_string!(i18n, staffing.leave_days)>{move || format::range(from, until, lang(i18n.get_locale()))}</td>
            <td data-label=move || t_string!(i18n, staffing.leave_kind)>{move || kind.words(lang(i18n.get_locale()))}</td>
            <td data-label=move || is_noted.then(|| t_string!(i18n, staffing.leave_note))>{leave.note}</td>
            <td><RowActs entry=entry named=true acts=acts /></td>
        </tr>
    }
}
