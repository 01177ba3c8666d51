//! A change as it is chosen: what happens, to whom, when, and what becomes of the number. Once that is said, the effect is shown.

use domain::calendar::Day;
use domain::id::{UnitId, VersionId};
use domain::staffing::{Asked, Carry, Change, Desk, Kind, LeaveKind, Preview, Rest, Source};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::person::{Chosen, Person};
use super::{choices, shown};
use crate::error::AppError;
use crate::ui::{Choice, DateField, ErrorView, Select, Skeleton};
use crate::words::{t, t_string, use_i18n};

/// What is chosen so far.
#[derive(Clone, Copy)]
pub struct Form {
    version: RwSignal<String>,
    kind: RwSignal<String>,
    on: RwSignal<Option<Day>>,
    until: RwSignal<Option<Day>>,
    person: Chosen,
    successor: Chosen,
    /// The unit somebody moves from, where they have a number in several.
    left: RwSignal<String>,
    /// The unit that ends.
    ended: RwSignal<String>,
    /// The unit somebody comes to.
    to: RwSignal<String>,
    rest: RwSignal<String>,
    source: RwSignal<String>,
    carry: RwSignal<String>,
    ramp: RwSignal<bool>,
    why: RwSignal<String>,
}

impl Form {
    fn new(version: Option<VersionId>, desk: &Desk) -> Self {
        let first = desk.units.first().map(|unit| unit.id.to_string());
        let first = first.unwrap_or_default();
        Self {
            version: RwSignal::new(version.map(|version| version.to_string()).unwrap_or_default()),
            kind: RwSignal::new(Kind::Leaver.as_str().to_owned()),
            on: RwSignal::new(Some(desk.today)),
            until: RwSignal::new(None),
            person: Chosen::new(),
            successor: Chosen::new(),
            left: RwSignal::new(String::new()),
            ended: RwSignal::new(first.clone()),
            to: RwSignal::new(first),
            rest: RwSignal::new("colleagues".to_owned()),
            source: RwSignal::new("nobody".to_owned()),
            carry: RwSignal::new("goes".to_owned()),
            ramp: RwSignal::new(false),
            why: RwSignal::new(LeaveKind::default().as_str().to_owned()),
        }
    }

    fn version(self) -> Option<VersionId> {
        self.version.get().parse().ok()
    }

    fn kind(self) -> Kind {
        Kind::parse(&self.kind.get()).unwrap_or(Kind::Leaver)
    }

    /// The unit somebody moves from: the chosen one of those they have a number in, or else the first.
    fn left(self) -> Option<UnitId> {
        let units = self.person.found()?.units;
        let chosen = self.left.get().parse::<UnitId>().ok();
        let known = chosen.filter(|chosen| units.iter().any(|unit| unit.id == *chosen));
        known.or_else(|| units.first().map(|unit| unit.id))
    }

    fn rest(self) -> Option<Rest> {
        Some(match self.rest.get().as_str() {
            "nobody" => Rest::Nobody,
            "successor" => Rest::Successor {
                member: self.successor.member()?,
                ramp: self.ramp.get(),
            },
            _ => Rest::Colleagues,
        })
    }

    /// The change, once all of it is said.
    fn asked(self) -> Option<Asked> {
        let on = self.on.get()?;
        let member = || self.person.member();
        let unit = |chosen: RwSignal<String>| chosen.get().parse::<UnitId>().ok();
        let change = match self.kind() {
            Kind::Leaver => Change::Leaver {
                member: member()?,
                rest: self.rest()?,
            },
            Kind::Joiner => Change::Joiner {
                member: member()?,
                unit: unit(self.to)?,
                source: match self.source.get().as_str() {
                    "nothing" => Source::Nothing,
                    "colleagues" => Source::Colleagues,
                    _ => Source::Nobody,
                },
                ramp: self.ramp.get(),
            },
            Kind::Transfer => Change::Transfer {
                member: member()?,
                from: self.left()?,
                to: unit(self.to)?,
                number: match self.carry.get().as_str() {
                    "nobody" => Carry::Nobody,
                    "colleagues" => Carry::Colleagues,
                    _ => Carry::Goes,
                },
            },
            Kind::Merger => Change::Merger {
                from: unit(self.ended)?,
                into: unit(self.to)?,
            },
            Kind::Leave => Change::Leave {
                member: member()?,
                until: self.until.get().filter(|until| on < *until)?,
                why: LeaveKind::parse(&self.why.get()).unwrap_or_default(),
                rest: self.rest()?,
            },
        };
        Some(Asked {
            version: self.version()?,
            on,
            change,
        })
    }
}

/// Chooses a change, and shows what it would do.
#[component]
pub(super) fn ChangeCard(desk: Desk, version: Option<VersionId>) -> impl IntoView {
    let i18n = use_i18n();
    let is_known = |version: &VersionId| desk.published.iter().any(|(known, _)| known == version);
    let first = desk.published.first().map(|(version, _)| *version);
    let form = Form::new(version.filter(is_known).or(first), &desk);
    let asked = Memo::new(move |_| form.asked());
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
    let units = StoredValue::new(choices::units(&units));
    view! {
        <section class="card" data-card="change">
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
                        view! { <shown::Shown preview=preview asked=asked reason=reason /> }.into_any()
                    }
                    Some(Err(error)) => view! { <ErrorView error=error /> }.into_any(),
                    None if busy.get() => view! { <Skeleton /> }.into_any(),
                    None => view! { <p class="muted">{t!(i18n, staffing.fill_in)}</p> }.into_any(),
                }}
            </div>
        </section>
    }
}

/// Who or which unit, and from which day on.
#[component]
fn Whom(form: Form, units: StoredValue<Vec<Choice>>) -> impl IntoView {
    let i18n = use_i18n();
    let kind = Memo::new(move |_| form.kind());
    let has_person = Memo::new(move |_| kind.get() != Kind::Merger);
    let has_unit = Memo::new(move |_| matches!(kind.get(), Kind::Joiner | Kind::Transfer | Kind::Merger));
    let is = move |wanted: Kind| Memo::new(move |_| kind.get() == wanted);
    let (is_transfer, is_merger, is_leave) = (is(Kind::Transfer), is(Kind::Merger), is(Kind::Leave));
    let version = Signal::derive(move || form.version());
    let all = move || Signal::stored(units.get_value());
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
