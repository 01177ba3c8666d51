//! The calendar of leave of one person: what is entered, and entering more.

use domain::calendar::Day;
use domain::format;
use domain::id::VersionId;
use domain::staffing::{LeaveEntry, LeaveInput, LeaveRow};
use domain::target::Span;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::calendar::Away;
use super::entering::{Enter, Entering};
use super::person::{Chosen, Person};
use super::row_acts::{Acts, RowActs};
use super::taken_out;
use crate::error::AppError;
use crate::ui::{Button, ButtonSize, Column, ErrorView, Table, Toast, use_toasts, words_of};
use crate::words::{lang, t, t_string, use_i18n};

/// The plans on record whose numbers leave may call to be adjusted.
#[derive(Clone, Copy)]
pub struct Running {
    pub(super) plans: StoredValue<Vec<(VersionId, Span)>>,
    pub(super) today: Day,
}

impl Running {
    /// The plan that leave touches, and from which day on; none once the page was left.
    pub(super) fn touched(self, leave: &LeaveInput) -> Option<(VersionId, Day)> {
        self.plans
            .try_with_value(|plans| leave.touches(plans, self.today))
            .flatten()
    }
}

/// What became of days of leave.
#[derive(Clone, Debug)]
pub enum Changed {
    /// They are in the calendar, for the first time or as other days.
    Entered(LeaveRow),
    /// They are taken out.
    Removed(LeaveEntry),
}

/// Whose calendar, and what is in it.
#[component]
pub(super) fn LeaveCard(running: Running) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let navigate = StoredValue::new(use_navigate());
    let person = Chosen::new();
    let member = Memo::new(move |_| person.member());
    let rows = RwSignal::new(Vec::<LeaveEntry>::new());
    // The calendar could not be read: that is no empty one.
    let failed = RwSignal::new(None::<AppError>);
    let entering = Entering::new(running.today);
    let taken_out = StoredValue::new(None);
    // Counts what was changed here.
    let nudge = RwSignal::new(0_u32);
    Effect::new(move |_| {
        nudge.track();
        let Some(wanted) = member.get() else {
            rows.set(Vec::new());
            failed.set(None);
            return;
        };
        entering.leave_off_where(|row| row.leave.member != wanted);
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
                taken_out::go_on(taken_out, "leave");
            }
        });
    });
    let refused = move |error: &AppError| {
        toasts.show(Toast::refused(
            t_string!(i18n, staffing.leave),
            words_of(error, i18n),
        ));
    };
    let changed = move || {
        // The page may have been left.
        let _gone = nudge.try_update(|count| *count += 1);
    };
    let put_back = move |leave: LeaveInput| {
        spawn_local(async move {
            match super::set_leave(None, leave).await {
                Ok(_) => {
                    toasts.show(Toast::done(t_string!(i18n, staffing.leave_back)));
                    changed();
                }
                Err(error) => refused(&error),
            }
        });
    };
    let settled = Callback::new(move |done: Result<Changed, AppError>| match done {
        Ok(Changed::Entered(row)) => {
            entering.leave_off();
            let toast = Toast::done(t_string!(i18n, staffing.leave_saved));
            // It leads there from any page.
            let (to, navigate) = (super::address_of_leave(&row), navigate.get_value());
            toasts.show(if running.touched(&row.leave).is_some() {
                Toast {
                    body: t_string!(i18n, staffing.leave_touches).to_owned(),
                    ..toast
                }
                .with(t_string!(i18n, staffing.leave_adjust), move || {
                    navigate(&to, NavigateOptions::default());
                })
            } else {
                toast
            });
            changed();
        }
        Ok(Changed::Removed(LeaveEntry { name, row, .. })) => {
            entering.leave_off_where(|of| of.id == row.id);
            let lang = untrack(|| lang(i18n.get_locale()));
            let leave = row.leave;
            let days = format::range(leave.from, leave.until, lang);
            let toast = Toast {
                // Each that was taken out has an undo of its own.
                body: format!("{name} {days} {}", leave.kind.words(lang)),
                ..Toast::done(t_string!(i18n, staffing.leave_removed))
            };
            toasts.show(toast.with(t_string!(i18n, split.undo), move || put_back(leave.clone())));
            changed();
        }
        Err(error) => refused(&error),
    });
    let edit = Callback::new(move |entry: LeaveEntry| {
        let LeaveEntry { name, row, .. } = entry;
        if member.get_untracked() != Some(row.leave.member) {
            person.choose(row.leave.member, name);
        }
        entering.begin(row);
    });
    let acts = Acts {
        running,
        edit,
        settled,
        taken_out,
    };
    let columns = Signal::derive(move || {
        vec![
            Column::words(t_string!(i18n, staffing.leave_days)),
            Column::words(t_string!(i18n, staffing.leave_kind)),
            Column::words(t_string!(i18n, staffing.leave_note)),
            Column::words(t_string!(i18n, staffing.leave_acts)),
        ]
    });
    let none = Signal::derive(|| None::<VersionId>);
    let is_empty = Memo::new(move |_| rows.with(Vec::is_empty));
    view! {
        <section class="card" data-card="leave">
            <header>
                <h2 tabindex="-1">{t!(i18n, staffing.leave)}</h2>
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
                            {move || rows.get().into_iter().map(|entry| view! { <Line entry=entry acts=acts /> }).collect_view()}
                        </Table>
                    </div>
                }.into_any()
            }}
            <Enter member=member entering=entering settled=settled />
        </section>
        <Away nudge=nudge acts=acts />
    }
}

#[component]
fn Line(entry: LeaveEntry, acts: Acts) -> impl IntoView {
    let i18n = use_i18n();
    let LeaveRow { id, leave } = entry.row.clone();
    let (from, until, kind) = (leave.from, leave.until, leave.kind);
    let is_noted = !leave.note.is_empty();
    view! {
        <tr data-leave=id.to_string()>
            <td class="nowrap">{move || format::range(from, until, lang(i18n.get_locale()))}</td>
            <td data-label=move || t_string!(i18n, staffing.leave_kind)>{move || kind.words(lang(i18n.get_locale()))}</td>
            <td data-label=move || is_noted.then(|| t_string!(i18n, staffing.leave_note))>{leave.note}</td>
            <td><RowActs entry=entry named=false acts=acts /></td>
        </tr>
    }
}
