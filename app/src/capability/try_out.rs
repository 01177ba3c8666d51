//! What hiring and leaving would change. It stands in the address, so that a link shows the same.

use domain::calendar::Day;
use domain::capability::team::{HireEffect, HireGround, LeaveEffect, LeaveNote, Team};
use domain::capability::what_if::{Hire, Leave, MOST_HIRES, MOST_LINES, Pace, WhatIf};
use domain::format;
use domain::money::Minor;
use leptos::prelude::*;

use super::Money;
use crate::track::address;
use crate::ui::{Button, Choice, DateField, Field, FieldKind, Glyph, Icon, Select};
use crate::words::{Locale, Words, lang, t, t_string, td_string, use_i18n};

fn pace_name(pace: Pace, locale: Locale) -> &'static str {
    match pace {
        Pace::None => td_string!(locale, capability.pace_none),
        Pace::Quick => td_string!(locale, capability.pace_quick),
        Pace::Standard => td_string!(locale, capability.pace_standard),
        Pace::Long => td_string!(locale, capability.pace_long),
    }
}

/// The card.
#[component]
pub(super) fn TryOut(team: StoredValue<Team>, money: Money, unread: Signal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let (hires, leaves, total, tried) = team.with_value(|team| {
        (
            team.change.hires.clone(),
            team.change.leaves.clone(),
            team.change.total,
            team.change.what_if.clone(),
        )
    });
    let nothing = tried.is_empty();
    let tried = StoredValue::new(tried);
    let go = address::go();
    let put = Callback::new(move |(what_if, of_hires): (WhatIf, bool)| {
        let (name, text) = if of_hires {
            ("hire", what_if.hire())
        } else {
            ("leave", what_if.leave())
        };
        go(name, Some(text).filter(|text| !text.is_empty()));
    });
    let without_hire = move |at: usize| {
        let mut what_if = tried.get_value();
        what_if.hires.remove(at);
        put.run((what_if, true));
    };
    let without_leave = move |at: usize| {
        let mut what_if = tried.get_value();
        what_if.leaves.remove(at);
        put.run((what_if, false));
    };
    let hired = hires
        .into_iter()
        .enumerate()
        .map(|(at, effect)| {
            let total = effect.total;
            let words = move || hire_words(&effect, money, i18n);
            view! { <Line words=Signal::derive(words) total=total money=money take_out=Callback::new(move |()| without_hire(at)) /> }
        })
        .collect_view();
    let left = leaves
        .into_iter()
        .enumerate()
        .map(|(at, effect)| {
            let total = effect.total;
            let words = move || leave_words(&effect, money, i18n);
            view! { <Line words=Signal::derive(words) total=total money=money take_out=Callback::new(move |()| without_leave(at)) /> }
        })
        .collect_view();
    view! {
        <section class="card" data-card="what-if">
            <header>
                <h2>{t!(i18n, capability.what_if)}</h2>
                <span class="sm muted">{t!(i18n, capability.what_if_hint)}</span>
            </header>
            <p class="sm is-behind" hidden=move || !unread.get()>{t!(i18n, capability.bad_what_if)}</p>
            <p class="muted" hidden=!nothing>{t!(i18n, capability.effect_none)}</p>
            <ul class="asking">{hired} {left}</ul>
            <p hidden=nothing>
                {t!(i18n, capability.effect)}
                " "
                <b data-figure="effect" data-minor=total.0>{move || money.change(total)}</b>
            </p>
            <div class="stack">
                <NewHire team=team tried=tried put=put />
                <NewLeave team=team tried=tried put=put />
            </div>
        </section>
    }
}

/// One line of what is tried out.
#[component]
fn Line(
    words: Signal<(String, String)>,
    total: Minor,
    money: Money,
    take_out: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <li>
            <span class="grow">
                {move || words.get().0}
                " "
                <span class="sm muted">{move || words.get().1}</span>
            </span>
            <b class="num" data-minor=total.0>{move || money.change(total)}</b>
            <button type="button" class="icb" aria-label=t!(i18n, capability.take_out) on:click=move |_| take_out.run(())>
                <Icon glyph=Glyph::Close />
            </button>
        </li>
    }
}

fn hire_words(effect: &HireEffect, money: Money, i18n: Words) -> (String, String) {
    let day = format::date(effect.hire.on, lang(i18n.get_locale()));
    let what = t_string!(
        i18n,
        capability.hired,
        unit = effect.unit.clone(),
        day = day,
        count = effect.hire.count
    )
    .to_string();
    let amount = money.of(effect.monthly);
    let why = match effect.ground {
        HireGround::Unit => t_string!(i18n, capability.hire_unit, amount = amount).to_string(),
        HireGround::Company => t_string!(i18n, capability.hire_company, amount = amount).to_string(),
        HireGround::Nothing => t_string!(i18n, capability.hire_nothing).to_owned(),
        HireGround::NoUnit => t_string!(i18n, capability.hire_no_unit).to_owned(),
    };
    let pace = pace_name(effect.hire.pace, i18n.get_locale());
    (what, format!("{why} · {pace}"))
}

fn leave_words(effect: &LeaveEffect, money: Money, i18n: Words) -> (String, String) {
    let day = format::date(effect.leave.on, lang(i18n.get_locale()));
    let name = effect.name.clone();
    let what = t_string!(i18n, capability.leaves, name = name, day = day).to_string();
    let why = match effect.note {
        LeaveNote::Counts => t_string!(
            i18n,
            capability.leave_counts,
            customers = effect.resources.customers,
            amount = money.of(effect.resources.customer_amount),
            deals = effect.resources.open_deals
        )
        .to_string(),
        LeaveNote::Past => t_string!(i18n, capability.leave_past).to_owned(),
        LeaveNote::AlreadyGone => t_string!(i18n, capability.leave_gone).to_owned(),
        LeaveNote::NotCounted => t_string!(i18n, capability.leave_not_counted).to_owned(),
        LeaveNote::TooLate => t_string!(i18n, capability.leave_too_late).to_owned(),
        LeaveNote::NoMember => t_string!(i18n, capability.leave_nobody).to_owned(),
    };
    (what, why)
}

/// The first day on which somebody could come or go: of what is planned, and not one that is over.
fn first_day(team: &Team) -> Day {
    let span = team.planning.span;
    let next = team.as_of.plus(1);
    if next < span.ends_on {
        span.starts_on.max(next)
    } else {
        span.starts_on
    }
}

#[component]
fn NewHire(
    team: StoredValue<Team>,
    tried: StoredValue<WhatIf>,
    put: Callback<(WhatIf, bool)>,
) -> impl IntoView {
    let i18n = use_i18n();
    let units: Vec<Choice> = team.with_value(|team| {
        let label = |depth: u8, name: &str| format!("{}{name}", "\u{2003}".repeat(usize::from(depth)));
        team.units
            .iter()
            .map(|unit| Choice::new(unit.unit.to_string(), label(unit.depth, &unit.name)))
            .collect()
    });
    let unit = RwSignal::new(units.last().map(|unit| unit.value.clone()).unwrap_or_default());
    let count = RwSignal::new("1".to_owned());
    let on = RwSignal::new(Some(team.with_value(first_day)));
    let pace = RwSignal::new(Pace::default().as_str().to_owned());
    let paces = Signal::derive(move || {
        Pace::ALL
            .into_iter()
            .map(|pace| Choice::new(pace.as_str(), pace_name(pace, i18n.get_locale())))
            .collect::<Vec<_>>()
    });
    let hire = move || {
        let count = count.with(|count| count.trim().parse::<u16>().ok())?;
        Some(Hire {
            unit: unit.with(|unit| unit.parse().ok())?,
            on: on.get()?,
            count: (1..=MOST_HIRES).contains(&count).then_some(count)?,
            pace: pace.with(|pace| Pace::parse(pace))?,
        })
    };
    let add = move |_| {
        if let Some(hire) = untrack(hire) {
            let mut what_if = tried.get_value();
            what_if.hires.push(hire);
            put.run((what_if, true));
        }
    };
    let full = tried.with_value(|tried| tried.hires.len() >= MOST_LINES);
    let bad_count = Signal::derive(move || {
        let read = count.with(|count| count.trim().parse::<u16>());
        let fits = read.is_ok_and(|count| (1..=MOST_HIRES).contains(&count));
        (!fits).then(|| t_string!(i18n, capability.count_bad, most = MOST_HIRES).to_string())
    });
    view! {
        <fieldset>
            <legend class="strong">{t!(i18n, capability.hire)}</legend>
            <div class="form-line">
                <Select
                    label=t!(i18n, capability.unit)
                    name="hire-unit"
                    choices=units
                    value=unit
                    on_pick=Callback::new(move |picked| unit.set(picked))
                />
                <Field label=t!(i18n, capability.count) name="hire-count" kind=FieldKind::Number bind=count error=bad_count />
                <DateField
                    label=t!(i18n, capability.from_day)
                    name="hire-on"
                    value=on
                    error=Signal::derive(move || on.get().is_none().then(|| t_string!(i18n, capability.day_missing).to_owned()))
                    on_pick=Callback::new(move |day| on.set(day))
                />
                <Select
                    label=t!(i18n, capability.pace)
                    name="hire-pace"
                    choices=paces
                    value=pace
                    on_pick=Callback::new(move |picked| pace.set(picked))
                />
                <Button disabled=Signal::derive(move || full || hire().is_none()) press=add>
                    {t!(i18n, capability.add)}
                </Button>
            </div>
            {full.then(|| view! { <p class="sm is-behind">{move || t_string!(i18n, capability.full, most = MOST_LINES).to_string()}</p> })}
        </fieldset>
    }
}

#[component]
fn NewLeave(
    team: StoredValue<Team>,
    tried: StoredValue<WhatIf>,
    put: Callback<(WhatIf, bool)>,
) -> impl IntoView {
    let i18n = use_i18n();
    let members: Vec<Choice> = team.with_value(|team| {
        team.people
            .iter()
            .filter(|person| person.ground.counts())
            .map(|person| Choice::new(person.member.to_string(), person.name.clone()))
            .collect()
    });
    let member = RwSignal::new(
        members
            .first()
            .map(|member| member.value.clone())
            .unwrap_or_default(),
    );
    let on = RwSignal::new(Some(team.with_value(first_day)));
    let leave = move || {
        Some(Leave {
            member: member.with(|member| member.parse().ok())?,
            on: on.get()?,
        })
    };
    let add = move |_| {
        if let Some(leave) = untrack(leave) {
            let mut what_if = tried.get_value();
            what_if.leaves.retain(|other| other.member != leave.member);
            what_if.leaves.push(leave);
            put.run((what_if, false));
        }
    };
    let full = tried.with_value(|tried| tried.leaves.len() >= MOST_LINES);
    view! {
        <fieldset>
            <legend class="strong">{t!(i18n, capability.leave)}</legend>
            <div class="form-line">
                <Select
                    label=t!(i18n, capability.member)
                    name="leave-member"
                    choices=members
                    value=member
                    on_pick=Callback::new(move |picked| member.set(picked))
                />
                <DateField
                    label=t!(i18n, capability.last_day)
                    name="leave-on"
                    value=on
                    error=Signal::derive(move || on.get().is_none().then(|| t_string!(i18n, capability.day_missing).to_owned()))
                    on_pick=Callback::new(move |day| on.set(day))
                />
                <Button disabled=Signal::derive(move || full || leave().is_none()) press=add>
                    {t!(i18n, capability.add)}
                </Button>
            </div>
            {full.then(|| view! { <p class="sm is-behind">{move || t_string!(i18n, capability.full, most = MOST_LINES).to_string()}</p> })}
        </fieldset>
    }
}
