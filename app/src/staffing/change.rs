//! A change as it is chosen: what happens, to whom, when, and what becomes of the number. Once that is said, the effect is shown.

use domain::id::{CommandId, UnitId, VersionId};
use domain::people::Named;
use domain::staffing::{Desk, Kind, Preview};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::form::{Form, called_for};
use super::newcomer::Newcomer;
use super::person::Person;
use super::{choices, shown};
use crate::error::AppError;
use crate::split::key::new_key;
use crate::ui::{Choice, DateField, ErrorView, Select, Skeleton};
use crate::words::{t, t_string, use_i18n};

/// Chooses a change, and shows what it would do.
#[component]
pub(super) fn ChangeCard(desk: Desk, version: Option<VersionId>) -> impl IntoView {
    let i18n = use_i18n();
    let is_known = |version: &VersionId| desk.published.iter().any(|(known, _)| known == version);
    let first = desk.published.first().map(|(version, _)| *version);
    let form = Form::new(version.filter(is_known).or(first), &desk);
    // Who comes from leave below sees what it has filled in.
    let place = NodeRef::<html::Section>::new();
    let is_led_to = called_for(&desk).is_some();
    Effect::new(move |_| {
        if let Some(place) = place.get()
            && is_led_to
        {
            place.scroll_into_view();
            drop(place.focus());
        }
    });
    let asked = Memo::new(move |_| form.asked());
    let lacks = Memo::new(move |_| form.lacks());
    // Each change that is asked for has a key of its own: pressed twice, or sent again, it is made once.
    let key = Memo::new(move |_| asked.get().map_or_else(CommandId::default, |_| new_key()));
    let found = RwSignal::new(None::<Result<Preview, AppError>>);
    let busy = RwSignal::new(false);
    let reason = RwSignal::new(String::new());
    Effect::new(move |_| {
        found.set(None);
        let wanted = asked.get();
        busy.set(wanted.is_some());
        let Some(wanted) = wanted else { return };
        spawn_local(async move {
            let preview = super::look_ahead(wanted).await;
            // What was chosen since has its own answer, and the page may have been left.
            if asked.try_get_untracked() == Some(Some(wanted)) {
                drop(found.try_set(Some(preview)));
                let _gone = busy.try_set(false);
            }
        });
    });
    let Desk { published, units, .. } = desk;
    let versions: Vec<Choice> = published
        .into_iter()
        .map(|(version, name)| Choice::new(version.to_string(), name))
        .collect();
    let units = StoredValue::new(units);
    view! {
        <section class="card" data-card="change" node_ref=place tabindex=is_led_to.then_some("-1")>
            <header>
                <h2>{t!(i18n, staffing.change)}</h2>
                <span class="sm muted">{t!(i18n, staffing.change_text)}</span>
            </header>
            <div class="form-line">
                <Select
                    label=t!(i18n, staffing.plan)
                    name="plan"
                    choices=Signal::stored(versions)
                    value=form.version
                    on_pick=Callback::new(move |version| form.version.set(version))
                />
                <Select
                    label=t!(i18n, staffing.kind)
                    name="kind"
                    choices=choices::kinds(i18n)
                    value=form.kind
                    on_pick=Callback::new(move |kind| form.kind.set(kind))
                />
            </div>
            <Whom form=form units=units />
            <Number form=form />
            <div aria-live="polite" aria-busy=move || busy.get().then_some("true")>
                {move || match found.get() {
                    Some(Ok(preview)) => {
                        view! { <shown::Shown preview=preview asked=asked key=key reason=reason /> }.into_any()
                    }
                    Some(Err(error)) => view! { <ErrorView error=error /> }.into_any(),
                    None if busy.get() => view! { <Skeleton /> }.into_any(),
                    None => view! {
                        <p class="muted">{t!(i18n, staffing.fill_in)}</p>
                        <p data-lacks="true">{move || lacks.get().map(|lack| lack.words(i18n))}</p>
                    }.into_any(),
                }}
            </div>
        </section>
    }
}

/// Who or which unit, and from which day on.
#[component]
fn Whom(form: Form, units: StoredValue<Vec<Named<UnitId>>>) -> impl IntoView {
    let i18n = use_i18n();
    let kind = Memo::new(move |_| form.kind());
    let has_person = Memo::new(move |_| kind.get() != Kind::Merger);
    let has_unit = Memo::new(move |_| matches!(kind.get(), Kind::Joiner | Kind::Transfer | Kind::Merger));
    let is = move |wanted: Kind| Memo::new(move |_| kind.get() == wanted);
    let (is_transfer, is_merger, is_leave) = (is(Kind::Transfer), is(Kind::Merger), is(Kind::Leave));
    let is_joiner = is(Kind::Joiner);
    let version = Signal::derive(move || form.version());
    let all = move || {
        Signal::derive(move || {
            let none = Choice::new("", t_string!(i18n, staffing.choose_unit));
            let units = units.with_value(|units| choices::units(units));
            std::iter::once(none).chain(units).collect::<Vec<_>>()
        })
    };
    let day = move || match kind.get() {
        Kind::Leaver => t_string!(i18n, staffing.on_leaver),
        Kind::Joiner => t_string!(i18n, staffing.on_joiner),
        Kind::Transfer => t_string!(i18n, staffing.on_transfer),
        Kind::Merger => t_string!(i18n, staffing.on_merger),
        Kind::Leave => t_string!(i18n, staffing.on_leave),
    };
    let to = move || match kind.get() {
        Kind::Merger => t_string!(i18n, staffing.into_unit),
        _ => t_string!(i18n, staffing.to_unit),
    };
    let left = Signal::derive(move || form.left().map(|unit| unit.to_string()).unwrap_or_default());
    let own = Signal::derive(move || {
        let found = form.person.found();
        choices::units(&found.map(|found| found.units).unwrap_or_default())
    });
    view! {
        <div class="form-line">
            {move || has_person.get().then(|| view! {
                <Person label=t!(i18n, staffing.who) name="who" version=version chosen=form.person />
            })}
            {move || is_transfer.get().then(|| view! {
                <Select
                    label=t!(i18n, staffing.from_unit)
                    name="left"
                    choices=own
                    value=left
                    on_pick=Callback::new(move |unit| form.left.set(unit))
                />
            })}
            {move || is_merger.get().then(|| view! {
                <Select
                    label=t!(i18n, staffing.ended_unit)
                    name="ended"
                    choices=all()
                    value=form.ended
                    on_pick=Callback::new(move |unit| form.ended.set(unit))
                />
            })}
            {move || has_unit.get().then(|| view! {
                <Select
                    label=to
                    name="to"
                    choices=all()
                    value=form.to
                    on_pick=Callback::new(move |unit| form.to.set(unit))
                />
            })}
            <DateField label=day name="on" value=form.on on_pick=Callback::new(move |day| form.on.set(day)) />
            {move || is_leave.get().then(|| view! {
                <DateField
                    label=t!(i18n, staffing.until)
                    name="until"
                    value=form.until
                    on_pick=Callback::new(move |day| form.until.set(day))
                />
                <Select
                    label=t!(i18n, staffing.leave_kind)
                    name="why"
                    choices=choices::leave_kinds(i18n)
                    value=form.why
                    on_pick=Callback::new(move |why| form.why.set(why))
                />
            })}
        </div>
        {move || is_joiner.get().then(|| view! { <Newcomer chosen=form.person /> })}
    }
}

/// What becomes of the number.
#[component]
fn Number(form: Form) -> impl IntoView {
    let i18n = use_i18n();
    let kind = Memo::new(move |_| form.kind());
    let hands_over = Memo::new(move |_| matches!(kind.get(), Kind::Leaver | Kind::Leave));
    let is_joiner = Memo::new(move |_| kind.get() == Kind::Joiner);
    let is_transfer = Memo::new(move |_| kind.get() == Kind::Transfer);
    let has_successor = Memo::new(move |_| hands_over.get() && form.rest.get() == "successor");
    let may_ramp = Memo::new(move |_| has_successor.get() || is_joiner.get());
    let version = Signal::derive(move || form.version());
    view! {
        <div class="form-line">
            {move || hands_over.get().then(|| view! {
                <Select
                    label=t!(i18n, staffing.number)
                    name="rest"
                    choices=choices::rests(i18n)
                    value=form.rest
                    on_pick=Callback::new(move |rest| form.rest.set(rest))
                />
            })}
            {move || is_joiner.get().then(|| view! {
                <Select
                    label=t!(i18n, staffing.number)
                    name="source"
                    choices=choices::sources(i18n)
                    value=form.source
                    on_pick=Callback::new(move |source| form.source.set(source))
                />
            })}
            {move || is_transfer.get().then(|| view! {
                <Select
                    label=t!(i18n, staffing.number)
                    name="carry"
                    choices=choices::carries(i18n)
                    value=form.carry
                    on_pick=Callback::new(move |carry| form.carry.set(carry))
                />
            })}
            {move || has_successor.get().then(|| view! {
                <Person label=t!(i18n, staffing.successor) name="successor" version=version chosen=form.successor />
            })}
            {move || may_ramp.get().then(|| view! {
                <label class="check">
                    <input
                        type="checkbox"
                        name="ramp"
                        prop:checked=move || form.ramp.get()
                        on:change=move |event| form.ramp.set(event_target_checked(&event))
                    />
                    {t!(i18n, staffing.ramp)}
                </label>
            })}
        </div>
    }
}
