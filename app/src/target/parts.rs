//! The target in time: quarters and their months, with the levels of each.

use domain::format::{self, Scale};
use domain::money::Minor;
use domain::target::{LevelRow, TargetBoard};
use leptos::prelude::*;

use super::board::Hand;
use crate::words::{lang, t, t_string, use_i18n};

/// The card of quarters and months.
#[component]
pub(super) fn InTime(board: TargetBoard, hand: Hand) -> impl IntoView {
    let i18n = use_i18n();
    let TargetBoard {
        quarters,
        levels,
        total,
        ..
    } = board;
    let currency = hand.currency;
    let most = levels.iter().filter_map(|row| row.amount).max().unwrap_or(total);
    let scale = Memo::new(move |_| {
        currency.with_value(|currency| Scale::column(most, currency, lang(i18n.get_locale())))
    });
    let cell = move |amount: Minor| {
        currency.with_value(|currency| format::money_column(amount, currency, scale.get()))
    };
    let whole = move |amount: Minor| currency.with_value(|currency| format::full(amount, currency));
    let share = move |amount: Minor| {
        if total.0 > 0 {
            format::percent(amount.0 as f64 / total.0 as f64)
        } else {
            format::NONE.to_owned()
        }
    };
    let decided: Vec<LevelRow> = levels.into_iter().filter(|row| !row.periods.is_empty()).collect();
    let of_level = |row: &LevelRow, places: &[u16]| {
        let sum = places
            .iter()
            .filter_map(|place| row.periods.get(usize::from(*place)))
            .map(|amount| amount.0)
            .sum();
        Minor(sum)
    };
    let line = |places: &[u16]| {
        let cells = decided
            .iter()
            .map(|row| of_level(row, places))
            .collect::<Vec<_>>();
        cells
            .into_iter()
            .map(|amount| view! { <td class="num" title=whole(amount) data-minor=amount.0>{move || cell(amount)}</td> })
            .collect_view()
    };
    let rows = quarters
        .iter()
        .map(|quarter| {
            let single = quarter.parts.len() == 1 && quarter.parts[0].1 == quarter.period;
            let places: Vec<u16> = quarter.parts.iter().map(|(place, ..)| *place).collect();
            let (period, amount) = (quarter.period.clone(), quarter.amount);
            let key = period.name.clone();
            let months = if single {
                Vec::new()
            } else {
                quarter
                    .parts
                    .iter()
                    .map(|(place, period, amount)| {
                        let (period, amount) = (period.clone(), *amount);
                        let key = period.name.clone();
                        view! {
                            <tr class="month" data-period=key>
                                <th scope="row">{move || format::period(&period, lang(i18n.get_locale()))}</th>
                                <td class="num muted">{share(amount)}</td>
                                {line(&[*place])}
                            </tr>
                        }
                    })
                    .collect()
            };
            view! {
                <tr class="quarter" data-period=key data-minor=amount.0>
                    <th scope="row">{move || format::period(&period, lang(i18n.get_locale()))}</th>
                    <td class="num">{share(amount)}</td>
                    {line(&places)}
                </tr>
                {months}
            }
        })
        .collect_view();
    let heads = decided
        .iter()
        .map(|row| {
            let level = row.level;
            view! { <th scope="col" class="num">{move || level.word(lang(i18n.get_locale()))}</th> }
        })
        .collect_view();
    let sums = decided
        .iter()
        .map(|row| {
            let amount = row.amount.unwrap_or_default();
            view! { <td class="num" title=whole(amount)>{move || cell(amount)}</td> }
        })
        .collect_view();
    let unit = move || {
        let unit = currency.with_value(|currency| scale.get().unit(currency));
        t_string!(i18n, baseline.unit_in, unit = unit).to_string()
    };
    view! {
        <section class="card w7">
            <header>
                <h2>{t!(i18n, target.time)}</h2>
                <span class="sm muted">{unit}</span>
            </header>
            <div class="scroll-x">
                <table class="tb in-time">
                    <caption class="sr">{t!(i18n, target.time)}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{t!(i18n, target.quarter)}</th>
                            <th scope="col" class="num">{t!(i18n, target.share)}</th>
                            {heads}
                        </tr>
                    </thead>
                    <tbody>
                        {rows}
                        <tr class="total" data-minor=total.0>
                            <td>{t!(i18n, target.line_sum)}</td>
                            <td class="num">{share(total)}</td>
                            {sums}
                        </tr>
                    </tbody>
                </table>
            </div>
            <p class="sm muted">{t!(i18n, target.time_hint)}</p>
        </section>
    }
}
