//! The units and the people, each figure with the words that explain it.

use domain::capability::team::{GivenFigure, Ground, PersonRow, Resources, Team, UnitRow};
use domain::format;
use leptos::prelude::*;

use super::{Money, heads};
use crate::ui::MoreRows;
use crate::words::{Words, lang, t, t_string, use_i18n};

/// People before one asks for more.
const FIRST: usize = 40;

/// What a figure rests on that was imported.
fn given_words(given: &GivenFigure, money: Money, i18n: Words) -> (String, String) {
    let day = format::date(given.from, lang(i18n.get_locale()));
    let figure = match (given.money, given.rating_ppm) {
        (Some(amount), _) => t_string!(i18n, capability.given_money, amount = money.of(amount)).to_string(),
        (None, rating) => {
            let percent = format::percent(f64::from(rating.unwrap_or_default()) / 1_000_000.0);
            t_string!(i18n, capability.given_rating, percent = percent).to_string()
        }
    };
    let by = if given.by.is_empty() {
        t_string!(i18n, capability.given_from, day = day).to_string()
    } else {
        t_string!(i18n, capability.given_by, by = given.by.clone(), day = day).to_string()
    };
    (figure, by)
}

/// Customers, open deals and pipeline.
fn resources(resources: Resources, money: Money, i18n: Words) -> impl IntoView {
    let without = resources.without_amount;
    let title = move || {
        (without > 0).then(|| t_string!(i18n, capability.without_amount, count = without).to_string())
    };
    view! {
        <td class="num" title=move || money.full(resources.customer_amount)>{resources.customers}</td>
        <td class="num">{resources.open_deals}</td>
        <td class="num" title=title>{move || money.of(resources.pipeline)}</td>
    }
}

/// The units, each with all below it.
#[component]
pub(super) fn Units(team: StoredValue<Team>, money: Money) -> impl IntoView {
    let i18n = use_i18n();
    let units = team.with_value(|team| team.units_shown().to_vec());
    let any_given = units.iter().any(|unit| unit.given.is_some());
    let lines = units
        .into_iter()
        .map(|unit| view! { <Unit unit=unit money=money any_given=any_given /> })
        .collect_view();
    view! {
        <section class="card">
            <header>
                <h2>{t!(i18n, capability.units)}</h2>
                <span class="sm muted" hidden=!any_given>{t!(i18n, capability.given_unit)}</span>
            </header>
            <div class="scroll-x" tabindex="0">
                <table class="tb" data-table="units">
                    <thead>
                        <tr>
                            <th scope="col">{t!(i18n, capability.name)}</th>
                            <th scope="col" class="num">{t!(i18n, capability.heads)}</th>
                            <th scope="col" class="num">{t!(i18n, capability.capacity)}</th>
                            <th scope="col"></th>
                            <th scope="col" class="num">{t!(i18n, capability.customers)}</th>
                            <th scope="col" class="num">{t!(i18n, capability.deals)}</th>
                            <th scope="col" class="num">{t!(i18n, capability.pipeline)}</th>
                            {any_given.then(|| view! { <th scope="col">{t!(i18n, capability.given)}</th> })}
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
        </section>
    }
}

#[component]
fn Unit(unit: UnitRow, money: Money, any_given: bool) -> impl IntoView {
    let i18n = use_i18n();
    let (first, last) = (
        unit.heads.first().copied().unwrap_or_default(),
        unit.heads.last().copied().unwrap_or_default(),
    );
    let people = if first == last {
        heads(first)
    } else {
        format!("{} → {}", heads(first), heads(last))
    };
    let total = unit.total;
    let given = any_given.then(|| {
        let given = unit.given.clone();
        view! {
            <td class="sm">
                {move || {
                    given.as_ref().map(|given| {
                        let (figure, by) = given_words(given, money, i18n);
                        format!("{figure} · {by}")
                    })
                }}
            </td>
        }
    });
    let (key, depth) = (unit.name.clone(), unit.depth.min(6));
    view! {
        <tr data-key=key data-total=total.value.0>
            <td class=format!("depth-{depth}")>{unit.name}</td>
            <td class="num">{people}</td>
            <td class="num strong" title=move || money.full(total.value)>{move || money.of(total.value)}</td>
            <td class="sm muted">{move || interval(total.low, total.high, money)}</td>
            {resources(unit.resources, money, i18n)}
            {given}
        </tr>
    }
}

fn interval(low: domain::money::Minor, high: domain::money::Minor, money: Money) -> String {
    format!("{} – {}", money.of(low), money.of(high))
}

/// The people.
#[component]
pub(super) fn People(team: StoredValue<Team>, money: Money) -> impl IntoView {
    let i18n = use_i18n();
    let count = team.with_value(|team| team.people_shown().len());
    let all = RwSignal::new(count <= FIRST);
    let hidden = count.saturating_sub(FIRST);
    let no_targets = team.with_value(|team| team.target_periods == 0);
    let lines = move || {
        let shown = if all.get() { usize::MAX } else { FIRST };
        team.with_value(|team| {
            team.people_shown()
                .iter()
                .take(shown)
                .cloned()
                .map(|person| view! { <Person person=person money=money no_targets=no_targets /> })
                .collect_view()
        })
    };
    view! {
        <section class="card">
            <header>
                <h2>{t!(i18n, capability.people)}</h2>
            </header>
            <div class="scroll-x" tabindex="0">
                <table class="tb" data-table="people">
                    <thead>
                        <tr>
                            <th scope="col">{t!(i18n, capability.name)}</th>
                            <th scope="col">{t!(i18n, capability.territory)}</th>
                            <th scope="col" class="num">{t!(i18n, capability.monthly)}</th>
                            <th scope="col"></th>
                            <th scope="col" class="num">
                                {move || {
                                    if no_targets { t_string!(i18n, capability.against) } else { t_string!(i18n, capability.attainment) }
                                }}
                            </th>
                            <th scope="col" class="num">{t!(i18n, capability.customers)}</th>
                            <th scope="col" class="num">{t!(i18n, capability.deals)}</th>
                            <th scope="col" class="num">{t!(i18n, capability.pipeline)}</th>
                            <th scope="col" class="num">{t!(i18n, capability.capacity)}</th>
                            <th scope="col"></th>
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
            <MoreRows all=all hidden=hidden />
        </section>
    }
}

#[component]
fn Person(person: PersonRow, money: Money, no_targets: bool) -> impl IntoView {
    let i18n = use_i18n();
    let counts = person.ground.counts();
    let total = person.total;
    let monthly = person.monthly;
    let territory: Vec<String> = person
        .territory
        .iter()
        .map(|one| {
            if one.share_ppm == 1_000_000 {
                one.name.clone()
            } else {
                format!(
                    "{} {}",
                    one.name,
                    format::percent(f64::from(one.share_ppm) / 1_000_000.0)
                )
            }
        })
        .collect();
    let territory = StoredValue::new(territory);
    let where_to = move || {
        territory.with_value(|territory| {
            if territory.is_empty() {
                t_string!(i18n, capability.nowhere).to_owned()
            } else {
                territory.join(t_string!(i18n, capability.comma))
            }
        })
    };
    let ratio = if no_targets {
        person.against_mean
    } else {
        person.attainment.map(|attained| attained.of)
    };
    let periods = person
        .attainment
        .filter(|_| !no_targets)
        .map(|attained| attained.periods);
    let between =
        ratio.map(|ratio| format!("{} – {}", format::percent(ratio.low), format::percent(ratio.high)));
    let of_periods =
        move || periods.map(|periods| t_string!(i18n, capability.attained_of, periods = periods).to_string());
    let name = person.name.clone();
    let of_person = person.resources;
    let person = StoredValue::new(person);
    let words = move || person.with_value(|person| notes(person, money, i18n).join(" · "));
    let key = name.clone();
    view! {
        <tr data-key=key data-total=total.value.0>
            <td>
                {name}
                <div class="sm muted">{words}</div>
            </td>
            <td>{where_to}</td>
            <td class="num" title=move || monthly.map(|monthly| money.full(monthly.value))>
                {move || monthly.map_or_else(|| format::NONE.to_owned(), |monthly| money.of(monthly.value))}
            </td>
            <td class="sm muted">{move || monthly.map(|monthly| interval(monthly.low, monthly.high, money))}</td>
            <td class="num">
                {format::ratio_percent(ratio.map(|ratio| ratio.value))}
                <div class="sm muted">{between} " " {of_periods}</div>
            </td>
            {resources(of_person, money, i18n)}
            <td class="num strong" title=move || money.full(total.value)>
                {move || if counts { money.of(total.value) } else { format::NONE.to_owned() }}
            </td>
            <td class="sm muted">{move || counts.then(|| interval(total.low, total.high, money))}</td>
        </tr>
    }
}

/// What explains the figures of a person.
fn notes(person: &PersonRow, money: Money, i18n: Words) -> Vec<String> {
    let lang = lang(i18n.get_locale());
    let mut notes = vec![match person.ground {
        Ground::Own { months } => {
            let weight = format::percent(person.weight);
            t_string!(i18n, capability.ground_own, months = months, weight = weight).to_string()
        }
        Ground::Team => t_string!(i18n, capability.ground_team).to_owned(),
        Ground::Given => t_string!(i18n, capability.ground_given).to_owned(),
        Ground::NoHistory => t_string!(i18n, capability.ground_no_history).to_owned(),
        Ground::SellsNothing => t_string!(i18n, capability.ground_sells_nothing).to_owned(),
        Ground::NotThere => t_string!(i18n, capability.ground_not_there).to_owned(),
    }];
    if let Some(given) = &person.given {
        let (figure, by) = given_words(given, money, i18n);
        notes.push(format::noted(&figure, &by, lang));
    }
    if let Some(ramp) = person.ramp {
        let since = format::date(ramp.since, lang);
        let full = format::date(ramp.full_on, lang);
        notes.push(t_string!(i18n, capability.ramping, since = since, full = full).to_string());
    }
    if let Some(day) = person.leaves_on {
        let day = format::date(day, lang);
        notes.push(t_string!(i18n, capability.leaves_on, day = day).to_string());
    }
    notes
}
