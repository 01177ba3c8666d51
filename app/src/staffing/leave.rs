//! The calendar of leave of one person: what is entered, and entering more.

use domain::calendar::Day;
use domain::format;
use domain::id::{MemberId, VersionId};
use domain::staffing::{LeaveInput, LeaveKind, LeaveRow};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::calendar::Away;
use super::choices;
use super::person::{Chosen, Person};
use crate::error::AppError;
use crate::ui::{
    Button, ButtonSize, Column, DateField, ErrorView, Field, Select, Table, Toast, use_toasts, words_of,
};
use crate::words::{lang, t, t_string, use_i18n};

/// Whose calendar, and what is in it.
#[component]
pub(super) fn LeaveCard(today: Day) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let person = Chosen::new();
    let member = Memo::new(move |_| person.member());
    let rows = RwSignal::new(Vec::<LeaveRow>::new());
    // The calendar could not be read: that is no empty one.
    let failed = RwSignal::new(None::<AppError>);
    // Counts what was changed here.
    let nudge = RwSignal::new(0_u32);
    Effect::new(move |_| {
        nudge.track();
        let Some(wanted) = member.get() else {
            rows.set(Vec::new());
            failed.set(None);
            return;
        };
        spawn_local(async move {
            let answer = super::leave_of(wanted).await;
            // Another may have been chosen since, and the page may have been left.
            if member.try_get_untracked() == Some(Some(wanted)) {
                let (found, error) = match answer {
                    Ok(found) => (found, None),
                    Err(error) => (Vec::new(), Some(error)),
                };
                drop(rows.try_set(found));
                drop(failed.try_set(error));
            }
        });
    });
    let settled = Callback::new(move |done: Result<(), AppError>| match done {
        Ok(()) => {
            toasts.show(Toast::done(t_string!(i18n, staffing.leave_saved)));
            let _gone = nudge.try_update(|count| *count += 1);
        }
        Err(error) => toasts.show(Toast::refused(
            t_string!(i18n, staffing.leave),
            words_of(&error, i18n),
        )),
    });
    let columns = Signal::derive(move || {
        vec![
            Column::words(t_string!(i18n, staffing.leave_days)),
            Column::words(t_string!(i18n, staffing.leave_kind)),
            Column::words(t_string!(i18n, staffing.leave_note)),
            Column::words(t_string!(i18n, staffing.leave_remove)),
        ]
    });
    let none = Signal::derive(|| None::<VersionId>);
    let is_empty = Memo::new(move |_| rows.with(Vec::is_empty));
    view! {
        <section class="card" data-card="leave">
            <header>
                <h2>{t!(i18n, staffing.leave)}</h2>
                <span class="sm muted">{t!(i18n, staffing.leave_text)}</span>
            </header>
            <div class="form-line">
                <Person label=t!(i18n, staffing.who) name="away" version=none chosen=person />
            </div>
            {move || if let Some(error) = failed.get() {
                view! {
                    <div class="stack" data-leave-failed="true">
                        <p>{t!(i18n, staffing.leave_failed)}</p>
                        <ErrorView error=error />
                        <div>
                            <Button size=ButtonSize::Small press=move |_| nudge.update(|count| *count += 1)>
                                {t!(i18n, ui.retry)}
                            </Button>
                        </div>
                    </div>
                }.into_any()
            } else if is_empty.get() {
                view! { <p class="muted">{t!(i18n, staffing.leave_none)}</p> }.into_any()
            } else {
                view! {
                    <div class="stacked">
                        <Table caption=t!(i18n, staffing.leave) columns=columns>
                            {move || rows.get().into_iter().map(|row| view! { <Line row=row settled=settled /> }).collect_view()}
                        </Table>
                    </div>
                }.into_any()
            }}
            <Add member=member today=today settled=settled />
        </section>
        <Away nudge=nudge settled=settled />
    }
}

#[component]
fn Line(row: LeaveRow, settled: Callback<Result<(), AppError>>) -> impl IntoView {
    let i18n = use_i18n();
    let LeaveRow { id, leave } = row;
    let (from, until, kind) = (leave.from, leave.until, leave.kind);
    let is_noted = !leave.note.is_empty();
    let remove = move |_| {
        spawn_local(async move {
            let done = super::remove_leave(id).await;
            // The page may have been left.
            let _gone = settled.try_run(done);
        });
    };
    view! {
        <tr data-leave=id.to_string()>
            <td class="nowrap">{move || format::range(from, until, lang(i18n.get_locale()))}</td>
            <td data-label=move || t_string!(i18n, staffing.leave_kind)>{move || kind.words(lang(i18n.get_locale()))}</td>
            <td data-label=move || is_noted.then(|| t_string!(i18n, staffing.leave_note))>{leave.note}</td>
            <td><Button size=ButtonSize::Small press=remove>{t!(i18n, staffing.leave_remove)}</Button></td>
        </tr>
    }
}

/// More days.
#[component]
fn Add(member: Memo<Option<MemberId>>, today: Day, settled: Callback<Result<(), AppError>>) -> impl IntoView {
    let i18n = use_i18n();
    let from = RwSignal::new(Some(today));
    let until = RwSignal::new(None::<Day>);
    let kind = RwSignal::new(LeaveKind::default().as_str().to_owned());
    let note = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let add = move |_| {
        let (Some(member), Some(from), Some(until)) = (
            member.get_untracked(),
            from.get_untracked(),
            until.get_untracked(),
        ) else {
            return;
        };
        let leave = LeaveInput {
            member,
            from,
            until,
            kind: LeaveKind::parse(&kind.get_untracked()).unwrap_or_default(),
            note: note.get_untracked(),
        };
        busy.set(true);
        spawn_local(async move {
            let done = super::set_leave(None, leave).await.map(drop);
            // The page may have been left.
            let _gone = settled.try_run(done);
            let _gone = busy.try_set(false);
        });
    };
    let lacks_days = Memo::new(move |_| {
        let days = from.get().zip(until.get());
        days.is_none_or(|(from, until)| until <= from)
    });
    let lacks = Signal::derive(move || member.get().is_none() || lacks_days.get());
    let needed = move || {
        if member.get().is_none() {
            t_string!(i18n, staffing.lacks_person)
        } else if lacks_days.get() {
            t_string!(i18n, staffing.lacks_until)
        } else {
            ""
        }
    };
    view! {
        <div class="form-line">
            <DateField label=t!(i18n, staffing.on_leave) name="leave-from" value=from on_pick=Callback::new(move |day| from.set(day)) />
            <DateField label=t!(i18n, staffing.until) name="leave-until" value=until on_pick=Callback::new(move |day| until.set(day)) />
            <Select
                label=t!(i18n, staffing.leave_kind)
                name="leave-kind"
                choices=choices::leave_kinds(i18n)
                value=kind
                on_pick=Callback::new(move |picked| kind.set(picked))
            />
            <Field label=t!(i18n, staffing.leave_note) name="leave-note" bind=note />
            <Button busy=busy disabled=lacks press=add>{t!(i18n, staffing.leave_add)}</Button>
        </div>
        <p class="sm muted" role="status" data-needed="leave">{needed}</p>
    }
}
