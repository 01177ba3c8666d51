//! Days of leave as they are typed: more of them, or other days in the place of those that are entered.

use domain::calendar::Day;
use domain::format;
use domain::id::MemberId;
use domain::staffing::{LeaveInput, LeaveKind, LeaveRow};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::choices;
use super::leave::Changed;
use crate::error::AppError;
use crate::ui::{Button, DateField, Field, Select};
use crate::words::{lang, t, t_string, use_i18n};

/// What is typed so far.
#[derive(Clone, Copy)]
pub struct Entering {
    from: RwSignal<Option<Day>>,
    until: RwSignal<Option<Day>>,
    kind: RwSignal<String>,
    note: RwSignal<String>,
    /// The days that are changed; none: more are entered.
    of: RwSignal<Option<LeaveRow>>,
}

impl Entering {
    /// Nothing yet, from a day on.
    pub(super) fn new(today: Day) -> Self {
        Self {
            from: RwSignal::new(Some(today)),
            until: RwSignal::new(None),
            kind: RwSignal::new(LeaveKind::default().as_str().to_owned()),
            note: RwSignal::new(String::new()),
            of: RwSignal::new(None),
        }
    }

    /// Begins to change days that are entered.
    pub(super) fn begin(self, row: LeaveRow) {
        let leave = &row.leave;
        self.from.set(Some(leave.from));
        self.until.set(Some(leave.until));
        self.kind.set(leave.kind.as_str().to_owned());
        self.note.set(leave.note.clone());
        self.of.set(Some(row));
    }

    /// More days are entered again.
    pub(super) fn leave_off(self) {
        // The page may have been left.
        drop(self.of.try_set(None));
    }

    /// Once the days that are changed are gone, or somebody else is chosen.
    pub(super) fn leave_off_where(self, is_over: impl FnOnce(&LeaveRow) -> bool) {
        let over = self.of.try_with_untracked(|of| of.as_ref().is_some_and(is_over));
        if over == Some(true) {
            self.leave_off();
        }
    }
}

/// The form.
#[component]
pub(super) fn Enter(
    member: Memo<Option<MemberId>>,
    entering: Entering,
    /// Hears what came of it.
    settled: Callback<Result<Changed, AppError>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let Entering {
        from,
        until,
        kind,
        note,
        of,
    } = entering;
    let busy = RwSignal::new(false);
    let changes = Memo::new(move |_| of.with(Option::is_some));
    let place = NodeRef::<html::Div>::new();
    let go_on_here = move || {
        if let Some(place) = place.get_untracked() {
            place.scroll_into_view();
            drop(place.focus());
        }
    };
    // The row whose days are to be changed may stand far below.
    Effect::new(move |_| {
        if of.with(Option::is_some) {
            go_on_here();
        }
    });
    // What was pressed to leave off goes.
    let leave_off = move |_| {
        entering.leave_off();
        go_on_here();
    };
    let called = move || {
        let lang = lang(i18n.get_locale());
        of.with(|of| match of {
            Some(LeaveRow { leave, .. }) => {
                let days = format::range(leave.from, leave.until, lang);
                format!("{} {days}", t_string!(i18n, staffing.leave_edit))
            }
            None => t_string!(i18n, staffing.leave_add).to_owned(),
        })
    };
    let enter = move |_| {
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
        let id = of.with_untracked(|of| of.as_ref().map(|row| row.id));
        busy.set(true);
        spawn_local(async move {
            let done = super::set_leave(id, leave).await;
            // The page may have been left.
            let _gone = settled.try_run(done.map(Changed::Entered));
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
        <div class="form-line" role="group" aria-label=called tabindex="-1" node_ref=place data-entering=move || changes.get().to_string()>
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
            <Button busy=busy disabled=lacks press=enter>
                {move || if changes.get() {
                    t_string!(i18n, staffing.leave_change)
                } else {
                    t_string!(i18n, staffing.leave_add)
                }}
            </Button>
            {move || changes.get().then(|| view! {
                <Button press=leave_off>{t!(i18n, ui.cancel)}</Button>
            })}
        </div>
        <p class="sm muted" role="status" data-needed="leave">{needed}</p>
    }
}
