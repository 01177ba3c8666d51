//! Scenarios side by side: numbers with their difference to the first, the outlook of each, and where assumptions differ.

use domain::format::{self, Scale};
use domain::level::Level;
use domain::line::LineBy;
use domain::money::Minor;
use domain::outlook::Distribution;
use domain::scenario::{AssumptionKind, AssumptionRow, Column, Comparison, Said};
use leptos::prelude::*;

use super::ranges::Ranges;
use crate::target::{called, chance, percentile, standing};
use crate::ui::StandingMark;
use crate::words::{Words, lang, t, t_string, use_i18n};

/// Everything two to four scenarios say beside each other.
#[component]
pub(super) fn Compared(comparison: Comparison) -> impl IntoView {
    let i18n = use_i18n();
    let Comparison {
        currency,
        quarters,
        columns,
        units,
        assumptions,
        same,
        ..
    } = comparison;
    let most = columns
        .iter()
        .map(|column| column.total)
        .max()
        .unwrap_or_default();
    let drawn = columns.iter().any(|column| column.outlook.is_some());
    // What a line has is decided, not assumed: it stands among the numbers.
    let (lines, assumptions): (Vec<_>, Vec<_>) = assumptions
        .into_iter()
        .partition(|row| matches!(row.kind, AssumptionKind::Line(_)));
    let ranges = view! { <Ranges columns=columns.clone() currency=currency.clone() /> };
    let currency = StoredValue::new(currency);
    let scale = Memo::new(move |_| {
        currency.with_value(|currency| Scale::column(most, currency, lang(i18n.get_locale())))
    });
    let unit = move || {
        let unit = currency.with_value(|currency| scale.get().unit(currency));
        t_string!(i18n, baseline.unit_in, unit = unit).to_string()
    };
    let amounts = move |amounts: Vec<Option<Minor>>| {
        let first = amounts.first().copied().flatten();
        amounts
            .into_iter()
            .enumerate()
            .map(|(place, amount)| {
                let difference = (place > 0).then(|| Some(Minor(amount?.0 - first?.0))).flatten();
                let full = amount.map(|amount| currency.with_value(|currency| format::full(amount, currency)));
                let shown = move || match amount {
                    Some(amount) => currency.with_value(|currency| format::money_column(amount, currency, scale.get())),
                    None => format::NONE.to_owned(),
                };
                view! {
                    <td class="num" title=full data-minor=amount.map(|amount| amount.0)>
                        {shown}
                        {difference.map(|difference| view! {
                            <span class="diff" data-difference=difference.0>
                                {move || currency.with_value(|currency| format::change(difference, currency, scale.get()))}
                            </span>
                        })}
                    </td>
                }
            })
            .collect_view()
    };
    let heads = columns
        .iter()
        .enumerate()
        .map(|(place, column)| {
            let (id, name, number) = (column.version, column.name.clone(), column.number);
            view! {
                <th scope="col" class="num">
                    <a href=format!("/set/target?version={id}")>{move || called(&name, number, i18n)}</a>
                    {(place == 0).then(|| view! { <span class="diff">{t!(i18n, scenario.first)}</span> })}
                </th>
            }
        })
        .collect_view();
    let width = columns.len() + 1;
    let law = |of: fn(&Distribution) -> Minor| -> Vec<Option<Minor>> {
        columns
            .iter()
            .map(|column| column.outlook.as_ref().map(of))
            .collect()
    };
    let levels = Level::ALL
        .into_iter()
        .filter(|level| {
            columns
                .iter()
                .any(|column| column.levels.iter().any(|(known, _)| known == level))
        })
        .map(|level| {
            let of = |column: &Column| {
                column
                    .levels
                    .iter()
                    .find(|(known, _)| *known == level)
                    .and_then(|(_, amount)| *amount)
            };
            let row = columns.iter().map(of).collect();
            view! {
                <tr>
                    <th scope="row">{move || level.word(lang(i18n.get_locale()))}</th>
                    {amounts(row)}
                </tr>
            }
        })
        .collect_view();
    let in_time = quarters
        .into_iter()
        .enumerate()
        .map(|(place, period)| {
            let row = columns
                .iter()
                .map(|column| column.quarters.get(place).copied())
                .collect();
            view! {
                <tr>
                    <th scope="row">{move || format::period(&period, lang(i18n.get_locale()))}</th>
                    {amounts(row)}
                </tr>
            }
        })
        .collect_view();
    let units = units
        .into_iter()
        .map(|unit| {
            view! {
                <tr>
                    <th scope="row">{unit.name}</th>
                    {amounts(unit.amounts)}
                </tr>
            }
        })
        .collect_view();
    let any_lines = !lines.is_empty();
    let lines = lines
        .into_iter()
        .map(|row| {
            let amount = |said: Option<Said>| match said {
                Some(Said::Amount { amount }) => Some(amount),
                _ => None,
            };
            let shown: Vec<Option<Minor>> = row.said.into_iter().map(amount).collect();
            let (kind, name) = (row.kind, row.name);
            view! {
                <tr>
                    <th scope="row">
                        <span class="muted">{move || kind_word(kind, i18n)} " · "</span>
                        {move || if name.is_empty() { t_string!(i18n, target.line_rest).to_owned() } else { name.clone() }}
                    </th>
                    {amounts(shown)}
                </tr>
            }
        })
        .collect_view();
    let any_levels = columns.iter().any(|column| !column.levels.is_empty());
    let capacity = columns.iter().any(|column| column.capacity.is_some()).then(|| {
        let row = columns.iter().map(|column| column.capacity).collect();
        view! {
            <tr>
                <th scope="row">{t!(i18n, scenario.capacity)}</th>
                {amounts(row)}
            </tr>
        }
    });
    let totals = columns.iter().map(|column| Some(column.total)).collect();
    let chances = columns.iter().map(chance_cell).collect_view();
    let names: Vec<(String, u32)> = columns
        .iter()
        .map(|column| (column.name.clone(), column.number))
        .collect();
    view! {
        <section class="card" data-part="comparison">
            <header>
                <h2>{t!(i18n, scenario.numbers)}</h2>
                <span class="sm muted">{unit}</span>
            </header>
            <div class="scroll-x">
                <table class="tb compare">
                    <caption class="sr">{t!(i18n, scenario.numbers)}</caption>
                    <thead><tr><td></td>{heads}</tr></thead>
                    <tbody>
                        <tr data-row="total">
                            <th scope="row">{t!(i18n, scenario.total)}</th>
                            {amounts(totals)}
                        </tr>
                        <tr data-row="chance">
                            <th scope="row">{t!(i18n, scenario.chance)}</th>
                            {chances}
                        </tr>
                        <tr data-row="p50">
                            <th scope="row">{t!(i18n, scenario.middle)}</th>
                            {amounts(law(Distribution::p50))}
                        </tr>
                        {capacity}
                        {any_levels.then(|| view! { <Group label=t!(i18n, scenario.levels) width=width /> })}
                        {levels}
                        <Group label=t!(i18n, scenario.quarters) width=width />
                        {in_time}
                        <Group label=t!(i18n, scenario.units) width=width />
                        {units}
                        {any_lines.then(|| view! { <Group label=t!(i18n, scenario.lines) width=width /> })}
                        {lines}
                    </tbody>
                </table>
            </div>
        </section>
        <section class="card">
            <header>
                <h2>{t!(i18n, scenario.outlook)}</h2>
                <span class="sm muted">{t!(i18n, scenario.outlook_hint)}</span>
            </header>
            {if drawn { ranges.into_any() } else { view! { <p class="sm muted">{t!(i18n, scenario.outlook_none)}</p> }.into_any() }}
        </section>
        <Assumptions rows=assumptions same=same names=names currency=currency />
    }
}

fn chance_cell(column: &Column) -> impl IntoView + use<> {
    let known = column
        .outlook
        .as_ref()
        .map(|law| (law.chance_of(column.total), law.percentile_of(column.total)));
    let cell = match known {
        Some((of, place)) => view! {
            <StandingMark standing=standing(of)>{chance(of)}</StandingMark>
            <span class="diff">{percentile(place)}</span>
        }
        .into_any(),
        None => format::NONE.into_any(),
    };
    view! { <td class="num">{cell}</td> }
}

#[component]
fn Group(#[prop(into)] label: TextProp, width: usize) -> impl IntoView {
    view! {
        <tr class="group">
            <th colspan=width.to_string() scope="colgroup">{move || label.get()}</th>
        </tr>
    }
}

/// Where assumptions differ.
#[component]
fn Assumptions(
    rows: Vec<AssumptionRow>,
    same: u32,
    names: Vec<(String, u32)>,
    currency: StoredValue<domain::money::Currency>,
) -> impl IntoView {
    let i18n = use_i18n();
    let none = rows.is_empty();
    let heads = names
        .into_iter()
        .map(
            |(name, number)| view! { <th scope="col" class="num">{move || called(&name, number, i18n)}</th> },
        )
        .collect_view();
    let rows = rows
        .into_iter()
        .map(|row| {
            let kind = row.kind;
            let name = row.name;
            let cells = row
                .said
                .into_iter()
                .map(|said| view! { <td class="num">{move || words(said.as_ref(), currency, i18n)}</td> })
                .collect_view();
            view! {
                <tr>
                    <td class="muted">{move || kind_word(kind, i18n)}</td>
                    <th scope="row">{name}</th>
                    {cells}
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="card" data-part="assumptions">
            <header>
                <h2>{t!(i18n, scenario.assumptions)}</h2>
                {(same > 0 && !none).then(|| view! {
                    <span class="sm muted">{move || t_string!(i18n, scenario.assumptions_same, count = same).to_string()}</span>
                })}
            </header>
            {if none {
                view! { <p class="sm muted">{t!(i18n, scenario.assumptions_none)}</p> }.into_any()
            } else {
                view! {
                    <div class="scroll-x">
                        <table class="tb compare">
                            <caption class="sr">{t!(i18n, scenario.assumptions)}</caption>
                            <thead><tr><td></td><td></td>{heads}</tr></thead>
                            <tbody>{rows}</tbody>
                        </table>
                    </div>
                }
                    .into_any()
            }}
        </section>
    }
}

fn kind_word(kind: AssumptionKind, i18n: Words) -> String {
    match kind {
        AssumptionKind::Factor => t_string!(i18n, scenario.kind_factor).to_owned(),
        AssumptionKind::LeftOut => t_string!(i18n, scenario.kind_left_out).to_owned(),
        AssumptionKind::Purpose => t_string!(i18n, scenario.kind_purpose).to_owned(),
        AssumptionKind::Line(by) => match by {
            LineBy::Product => t_string!(i18n, target.by_product),
            LineBy::Category => t_string!(i18n, target.by_category),
            LineBy::Channel => t_string!(i18n, target.by_channel),
            LineBy::Account => t_string!(i18n, target.by_account),
        }
        .to_owned(),
    }
}

fn words(said: Option<&Said>, currency: StoredValue<domain::money::Currency>, i18n: Words) -> String {
    let lang = lang(i18n.get_locale());
    let money = |amount: Minor| currency.with_value(|currency| format::compact(amount, currency, lang));
    let weighted = |effect: String, weight_ppm: i64| {
        let weight = format::percent(weight_ppm as f64 / 1e6);
        t_string!(i18n, scenario.said_weight, effect = effect, weight = weight).to_string()
    };
    match said {
        None => t_string!(i18n, scenario.said_no).to_owned(),
        Some(Said::Yes) => t_string!(i18n, scenario.said_yes).to_owned(),
        Some(Said::Amount { amount }) => money(*amount),
        Some(Said::Weighted { ppm, weight_ppm }) => {
            weighted(format::percent_change(*ppm as f64 / 1e6), *weight_ppm)
        }
        Some(Said::WeightedAmount { amount, weight_ppm }) => weighted(money(*amount), *weight_ppm),
    }
}
