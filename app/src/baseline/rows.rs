//! The rows of the dimension by year and month, and how their shares moved.

use domain::assumption::PlanningQuery;
use domain::baseline::{Baseline, BaselineRow, Slice};
use domain::format::{self, Scale};
use domain::money::{Currency, Minor};
use leptos::prelude::*;

use super::periods::change;
use crate::ui::{Column, MoreRows, PlainRow, Table};
use crate::words::{Words, lang, t, t_string, use_i18n};

/// Rows of the table before one asks for more.
const FIRST_ROWS: usize = 40;
/// Movers shown.
const MOST_MOVERS: usize = 8;

/// The rows by month.
#[component]
pub(super) fn Rows(baseline: Baseline, planning: PlanningQuery) -> impl IntoView {
    let i18n = use_i18n();
    let Baseline {
        currency,
        months,
        years,
        rows,
        others,
        by,
        of,
        whole,
        ..
    } = baseline;
    // Rows of managers overlap, and each row is rounded by itself: the last line is the history's own.
    let total = whole;
    let narrowed = of.is_some();
    let of_all: Vec<Minor> = years.iter().chain(&months).map(Slice::clean).collect();
    // A period in a gap of what the page shows: unknown, unless another row has something in it.
    let unknown: Vec<bool> = years
        .iter()
        .chain(&months)
        .map(|slice| slice.gap && slice.count == 0)
        .enumerate()
        .map(|(place, empty)| {
            empty
                && rows
                    .iter()
                    .chain(others.iter().map(|(_, row)| row))
                    .all(|row| amount_at(row, place) == Minor(0))
        })
        .collect();
    let largest = rows
        .iter()
        .map(|row| row.total)
        .chain(of_all.iter().copied())
        .max()
        .unwrap_or_default();
    let currency = StoredValue::new(currency);
    let scale = Memo::new(move |_| {
        currency.with_value(|currency| Scale::column(largest, currency, lang(i18n.get_locale())))
    });
    let money = move |amount: Minor| {
        currency.with_value(|currency| format::money_column(amount, currency, scale.get()))
    };
    // What a cell says: the amount, or that there is no data.
    let unknown = StoredValue::new(unknown);
    let cell = move |place: usize, amount: Minor| {
        if unknown.with_value(|unknown| unknown.get(place).copied().unwrap_or_default()) {
            t_string!(i18n, baseline.no_data).to_owned()
        } else {
            money(amount)
        }
    };
    let all = RwSignal::new(rows.len() <= FIRST_ROWS);
    let hidden = rows.len().saturating_sub(FIRST_ROWS);
    let heads = years
        .iter()
        .map(|year| year.period.clone())
        .chain(months.iter().map(|month| month.period.clone()))
        .map(|period| {
            view! { <th scope="col" class="num">{move || format::period(&period, lang(i18n.get_locale()))}</th> }
        })
        .collect_view();
    let chosen = of.map(|of| of.id);
    let lines: Vec<_> = rows
        .into_iter()
        .map(|row| {
            let href = super::href(&planning, &by, Some(&row.id));
            // A row without an id cannot be asked for.
            let href = (!row.id.is_empty()).then_some(href);
            let current = chosen.as_deref() == Some(row.id.as_str());
            (row, href, current)
        })
        .collect();
    let lines = StoredValue::new(lines);
    let body = move || {
        let count = if all.get() { usize::MAX } else { FIRST_ROWS };
        lines.with_value(|lines| {
            lines
                .iter()
                .take(count)
                .cloned()
                .map(|(row, href, current)| line(row, href, current, total, (money, cell), currency, i18n))
                .collect_view()
        })
    };
    let others = others.map(|(count, row)| {
        let cells = row
            .years
            .into_iter()
            .chain(row.amounts)
            .enumerate()
            .map(|(place, amount)| view! { <td class="num muted">{move || cell(place, amount)}</td> })
            .collect_view();
        let of_all = row.total;
        view! {
            <tr data-key="others" data-total=of_all.0>
                <td class="muted">{move || t_string!(i18n, baseline.others, count = count).to_string()}</td>
                <td class="num muted">{move || money(of_all)}</td>
                <td class="num muted">{share(of_all, total)}</td>
                <td></td>
                <td></td>
                {cells}
            </tr>
        }
    });
    let totals = (!narrowed).then(|| {
        let cells = of_all
            .into_iter()
            .enumerate()
            .map(|(place, amount)| view! { <td class="num">{move || cell(place, amount)}</td> })
            .collect_view();
        view! {
            <tr class="total" data-key="total" data-total=total.0>
                <td>{t!(i18n, baseline.total)}</td>
                <td class="num">{move || money(total)}</td>
                <td></td>
                <td></td>
                <td></td>
                {cells}
            </tr>
        }
    });
    view! {
        <p class="sm muted">
            {move || {
                let unit = currency.with_value(|currency| scale.get().unit(currency));
                t_string!(i18n, baseline.unit_in, unit = unit).to_string()
            }}
        </p>
        <div class="scroll-x">
            <table class="tb">
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, baseline.name)}</th>
                        <th scope="col" class="num">{t!(i18n, baseline.total)}</th>
                        <th scope="col" class="num">{t!(i18n, baseline.share)}</th>
                        <th scope="col" class="num">{t!(i18n, baseline.on_year)}</th>
                        <th scope="col" class="num">{t!(i18n, baseline.yearly)}</th>
                        {heads}
                    </tr>
                </thead>
                <tbody>
                    {body}
                    {others}
                    {totals}
                </tbody>
            </table>
        </div>
        <MoreRows all=all hidden=hidden />
    }
}

fn share(amount: Minor, whole: Minor) -> String {
    if whole.0 > 0 {
        format::percent(amount.0 as f64 / whole.0 as f64)
    } else {
        format::NONE.to_owned()
    }
}

/// The amount of a column: the years come first, then the months.
fn amount_at(row: &BaselineRow, place: usize) -> Minor {
    let amount = match place.checked_sub(row.years.len()) {
        None => row.years.get(place),
        Some(month) => row.amounts.get(month),
    };
    amount.copied().unwrap_or_default()
}

fn line(
    row: BaselineRow,
    href: Option<String>,
    current: bool,
    whole: Minor,
    (money, cell): (
        impl Fn(Minor) -> String + Copy + Send + Sync + 'static,
        impl Fn(usize, Minor) -> String + Copy + Send + Sync + 'static,
    ),
    currency: StoredValue<Currency>,
    i18n: Words,
) -> impl IntoView {
    let (name, total) = (row.name, row.total);
    let shown = name.clone();
    let words = move || {
        if shown.is_empty() {
            t_string!(i18n, baseline.unnamed).to_owned()
        } else {
            shown.clone()
        }
    };
    let title = currency.with_value(|currency| format::full(total, currency));
    let named = match href {
        Some(href) => view! { <a href=href aria-current=current.then_some("true")>{words}</a> }.into_any(),
        None => view! { <span>{words}</span> }.into_any(),
    };
    let cells = row
        .years
        .into_iter()
        .chain(row.amounts)
        .enumerate()
        .map(|(place, amount)| view! { <td class="num">{move || cell(place, amount)}</td> })
        .collect_view();
    view! {
        <tr data-key=name data-total=total.0 class=current.then_some("chosen")>
            <td>{named}</td>
            <td class="num strong" title=title>{move || money(total)}</td>
            <td class="num muted">{share(total, whole)}</td>
            <td class="num">{change(row.on_year)}</td>
            <td class="num">{change(row.compound)}</td>
            {cells}
        </tr>
    }
}

/// How shares moved between the first and the last whole year.
#[component]
pub(super) fn Drift(baseline: Baseline) -> impl IntoView {
    let i18n = use_i18n();
    let names: Vec<String> = baseline.rows.iter().map(|row| row.name.clone()).collect();
    let rows = baseline.rows.len();
    baseline.drift.filter(|drift| drift.parts.len() > 1).map(|drift| {
        let (before, now) = (drift.before.clone(), drift.now.clone());
        let heading = {
            let (before, now) = (before.clone(), now.clone());
            move || t_string!(i18n, baseline.drift, before = before.clone(), now = now.clone()).to_string()
        };
        let columns = Signal::derive(move || {
            vec![
                Column::words(t_string!(i18n, baseline.name)),
                Column::numbers(before.clone()),
                Column::numbers(now.clone()),
                Column::numbers(t_string!(i18n, baseline.moved)),
                Column::numbers(t_string!(i18n, baseline.points)),
            ]
        });
        let parts = StoredValue::new(drift.parts);
        let body = move || {
            let name = |part: usize| match names.get(part) {
                Some(name) if !name.is_empty() => name.clone(),
                None if part >= rows => t_string!(i18n, baseline.rest).to_owned(),
                _ => t_string!(i18n, baseline.unnamed).to_owned(),
            };
            let percent = |share: Option<f64>| share.map_or_else(|| format::NONE.to_owned(), format::percent);
            parts.with_value(|parts| {
                parts
                    .iter()
                    .take(MOST_MOVERS)
                    .map(|part| {
                        let moved = part.share.unwrap_or_default() - part.share_before.unwrap_or_default();
                        PlainRow::new()
                            .head(name(part.part))
                            .number(percent(part.share_before))
                            .number(percent(part.share))
                            .number(format::percent_change(moved))
                            .number(change(part.points))
                            .end()
                    })
                    .collect_view()
            })
        };
        view! {
            <h3 class="drift">{heading}</h3>
            <Table caption=t!(i18n, baseline.moved) columns=columns>
                {body}
            </Table>
        }
    })
}
