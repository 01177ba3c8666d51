//! What can be done with days of leave in the calendar: the numbers adjusted to them, changed, or taken out.

use domain::staffing::{LeaveEntry, LeaveRow};
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::leave::{Changed, Running};
use super::taken_out::TakenOut;
use crate::error::AppError;
use crate::ui::{Button, ButtonSize};
use crate::words::{t, use_i18n};

/// What the rows of a calendar share.
#[derive(Clone, Copy)]
pub struct Acts {
    pub(super) running: Running,
    /// Begins to change days.
    pub(super) edit: Callback<LeaveEntry>,
    /// Hears what came of a change.
    pub(super) settled: Callback<Result<Changed, AppError>>,
    /// The row that was taken out last, until its calendar shows that it is gone.
    pub(super) taken_out: StoredValue<Option<TakenOut>>,
}

/// See the module.
#[component]
pub(super) fn RowActs(
    entry: LeaveEntry,
    /// Whether the row says whose days they are: then each button does.
    named: bool,
    acts: Acts,
) -> impl IntoView {
    let i18n = use_i18n();
    let LeaveRow { id, leave } = &entry.row;
    let id = *id;
    let touched = acts
        .running
        .touched(leave)
        .map(|_| super::address_of_leave(&entry.row));
    let may_change = entry.may_remove;
    let whose = StoredValue::new(entry.name.clone());
    let entry = StoredValue::new(entry);
    let remove = move |event: MouseEvent| {
        let (entry, row) = (entry.get_value(), TakenOut::around(event.target()));
        spawn_local(async move {
            let done = super::remove_leave(id).await;
            // The page may have been left.
            if done.is_ok() {
                let _gone = acts.taken_out.try_set_value(row);
            }
            let _gone = acts.settled.try_run(done.map(|()| Changed::Removed(entry)));
        });
    };
    let whose = move || named.then(|| view! { <span class="sr">{whose.get_value()}</span> });
    view! {
        <div class="row wrap">
            {touched.map(|address| view! {
                <a class="btn s" href=address>
                    {t!(i18n, staffing.leave_adjust)}
                    {whose()}
                </a>
            })}
            {may_change.then(|| view! {
                <Button size=ButtonSize::Small press=move |_| acts.edit.run(entry.get_value())>
                    {t!(i18n, staffing.leave_edit)}
                    {whose()}
                </Button>
                <Button size=ButtonSize::Small press=remove>
                    {t!(i18n, staffing.leave_remove)}
                    {whose()}
                </Button>
            })}
        </div>
    }
}
