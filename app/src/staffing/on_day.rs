//! What somebody's number was on a day, and why: for those who plan or lead, on either side of a change of staff.

use domain::calendar::Day;
use domain::id::VersionId;
use domain::number_on::NumbersOn;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::person::{Chosen, Person};
use crate::error::AppError;
use crate::number_on::Shown;
use crate::ui::{Button, DateField, ErrorView};
use crate::words::{t, use_i18n};

/// Whose number, on which day.
#[component]
pub(super) fn OnDayCard(today: Day) -> impl IntoView {
    let i18n = use_i18n();
    let person = Chosen::new();
    let member = Memo::new(move |_| person.member());
    let day = RwSignal::new(Some(today));
    let found = RwSignal::new(None::<Result<NumbersOn, AppError>>);
    let busy = RwSignal::new(false);
    // What is shown is of who and when is chosen.
    Effect::new(move |_| {
        member.track();
        day.track();
        found.set(None);
    });
    let show = move |_| {
        let (Some(whose), Some(on)) = (member.get_untracked(), day.get_untracked()) else {
            return;
        };
        busy.set(true);
        spawn_local(async move {
            let numbers = super::numbers_of(whose, on).await;
            // The page may have been left.
            let _gone = busy.try_set(false);
            // Something else may have been chosen since.
            let now = (member.try_get_untracked(), day.try_get_untracked());
            if now == (Some(Some(whose)), Some(Some(on))) {
                drop(found.try_set(Some(numbers)));
            }
        });
    };
    let lacks = Signal::derive(move || member.get().is_none() || day.get().is_none());
    let none = Signal::derive(|| None::<VersionId>);
    view! {
        <section class="card" data-card="number-on">
            <header>
                <h2>{t!(i18n, number_on.of_member)}</h2>
                <span class="sm muted">{t!(i18n, number_on.of_member_text)}</span>
            </header>
            <div class="form-line">
                <Person label=t!(i18n, staffing.who) name="number-on" version=none chosen=person />
                <DateField
                    label=t!(i18n, number_on.day)
                    name="number-on-day"
                    value=day
                    on_pick=Callback::new(move |picked| day.set(picked))
                />
                <Button busy=busy disabled=lacks press=show>{t!(i18n, number_on.show)}</Button>
            </div>
            <div class="stack" aria-live="polite">
                {move || match found.get() {
                    None => ().into_any(),
                    Some(Ok(found)) => view! { <Shown found=found own=false /> }.into_any(),
                    Some(Err(error)) => view! { <ErrorView error=error /> }.into_any(),
                }}
            </div>
        </section>
    }
}
