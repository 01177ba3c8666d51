//! Years in a strip below the chart, and every period with its growth.

use domain::baseline::{Baseline, Slice};
use domain::calendar::{Period, PeriodKind};
use domain::format::{self, Lang, Scale};
use domain::money::{Currency, Minor};
use leptos::prelude::*;

use crate::ui::{Choice, Column, Segment, Table};
use crate::words::{lang, t, t_string, use_i18n};

/// A change as a signed percentage.
pub(super) fn change(ratio: Option<f64>) -> String {
    ratio.map_or_else(|| format::NONE.to_owned(), format::percent_change)
}

/// The address of a period's records: whoever may see the history may see them.
pub(super) fn records(period: &Period) -> String {
    let name = &period.name;
    match period.kind {
        PeriodKind::Month | PeriodKind::Quarter | PeriodKind::Year => {
            format!("/track?period={name}&open={}~{name}", period.kind.as_str())
        }
        // Nothing is cut by these.
        PeriodKind::Week | PeriodKind::Half => format!("/track?period={name}"),
    }
}

/// The years and what they grew by a year.
#[component]
pub(super) fn Strip(baseline: Baseline) -> impl IntoView {
    let i18n = use_i18n();
    let compound = baseline.compound;
    let left_out = baseline.left_out;
    let currency = StoredValue::new(baseline.currency);
    let compact = move |amount: Minor| {
        currency.with_value(|currency| format::compact(amount, currency, lang(i18n.get_locale())))
    };
    let full = move |amount: Minor| currency.with_value(|currency| format::full(amount, currency));
    let years = baseline
        .years
        .into_iter()
        .map(|year| {
            let partial = !year.is_whole();
            let href = records(&year.period);
            let (clean, growth, period) = (year.clean(), year.growth.on_year, year.period.clone());
            view! {
                <div data-year=year.period.name data-amount=year.amount.0>
                    <dt>
                        <a href=href>{move || format::period(&period, lang(i18n.get_locale()))}</a>
                        {partial.then(|| view! { <span class="tag">{t!(i18n, baseline.partial)}</span> })}
                    </dt>
                    <dd>
                        <span class="strong" title=full(clean)>{move || compact(clean)}</span>
                        <span class="sm muted">{growth.map(format::percent_change)}</span>
                    </dd>
                </div>
            }
        })
        .collect_view();
    let compound = compound.map(|(yearly, over)| {
        view! {
            <div>
                <dt>
                    {move || match over {
                        1 => t_string!(i18n, baseline.compound_one).to_owned(),
                        years => t_string!(i18n, baseline.compound, years = years).to_string(),
                    }}
                </dt>
                <dd>
                    <span class="strong">{format::percent_change(yearly)}</span>
                </dd>
            </div>
        }
    });
    let left_out = (left_out.0 != 0).then(|| {
        view! {
            <div>
                <dt>{t!(i18n, baseline.left_out)}</dt>
                <dd>
                    <span class="strong" title=full(left_out)>{move || compact(left_out)}</span>
                </dd>
            </div>
        }
    });
    view! {
        <dl class="strip" data-total=baseline.total.0>
            {years}
            {compound}
            {left_out}
        </dl>
    }
}

/// Every month, quarter or year with its growth.
#[component]
pub(super) fn Periods(baseline: Baseline) -> impl IntoView {
    let i18n = use_i18n();
    let Baseline {
        months,
        quarters,
        years,
        currency,
        ..
    } = baseline;
    let chosen = RwSignal::new("quarter".to_owned());
    let choices = Signal::derive(move || {
        vec![
            Choice::new("month", t_string!(i18n, baseline.by_month)),
            Choice::new("quarter", t_string!(i18n, baseline.by_quarter)),
            Choice::new("year", t_string!(i18n, baseline.by_year)),
        ]
    });
    let (months, quarters, years) = (
        StoredValue::new(months),
        StoredValue::new(quarters),
        StoredValue::new(years),
    );
    let slices = move || match chosen.get().as_str() {
        "month" => months,
        "year" => years,
        _ => quarters,
    };
    let currency = StoredValue::new(currency);
    let scale = move |lang: Lang| {
        let largest = slices().with_value(|slices| slices.iter().map(|slice| slice.amount).max());
        currency.with_value(|currency| Scale::column(largest.unwrap_or_default(), currency, lang))
    };
    let unit = move || currency.with_value(|currency| scale(lang(i18n.get_locale())).unit(currency));
    let columns = Signal::derive(move || {
        let mut columns = vec![
            Column::words(t_string!(i18n, baseline.period)),
            Column::numbers(t_string!(i18n, baseline.amount)).in_unit(unit()),
            Column::numbers(t_string!(i18n, baseline.count)),
            Column::numbers(t_string!(i18n, baseline.on_year)),
        ];
        if chosen.get() != "year" {
            columns.push(Column::numbers(t_string!(i18n, baseline.on_period)));
        }
        columns.push(Column::words(t_string!(i18n, baseline.state)));
        columns
    });
    let body = move || {
        let lang = lang(i18n.get_locale());
        let scale = scale(lang);
        let yearly = chosen.get() == "year";
        slices().with_value(|slices| {
            slices
                .iter()
                .rev()
                .map(|slice| {
                    let state = state(slice, i18n);
                    currency.with_value(|currency| line(slice, currency, scale, lang, yearly, state))
                })
                .collect_view()
        })
    };
    view! {
        <section class="card">
            <header>
                <h2>{t!(i18n, baseline.growth)}</h2>
                <span class="end">
                    <Segment
                        label=t!(i18n, baseline.growth)
                        choices=choices
                        value=chosen
                        on_pick=Callback::new(move |by| chosen.set(by))
                    />
                </span>
            </header>
            <div class="scroll-y">
                <Table caption=t!(i18n, baseline.growth) columns=columns>
                    {body}
                </Table>
            </div>
        </section>
    }
}

/// What a period lacks, in words.
fn state(slice: &Slice, i18n: crate::words::Words) -> &'static str {
    if slice.gap {
        t_string!(i18n, baseline.no_data)
    } else if slice.is_whole() {
        ""
    } else {
        t_string!(i18n, baseline.partial)
    }
}

fn line(
    slice: &Slice,
    currency: &Currency,
    scale: Scale,
    lang: Lang,
    yearly: bool,
    state: &'static str,
) -> impl IntoView + use<> {
    let missing = slice.gap && slice.count == 0;
    let amount = if missing {
        format::NONE.to_owned()
    } else {
        format::money_column(slice.clean(), currency, scale)
    };
    let full = format::full(slice.clean(), currency);
    let href = records(&slice.period);
    let on_period = (!yearly).then(|| view! { <td class="num">{change(slice.growth.on_period)}</td> });
    view! {
        <tr data-period=slice.period.name.clone() data-amount=slice.amount.0>
            <th scope="row">
                <a href=href>{format::period(&slice.period, lang)}</a>
            </th>
            <td class="num strong" title=full>{amount}</td>
            <td class="num muted">{format::integer(slice.count)}</td>
            <td class="num">{change(slice.growth.on_year)}</td>
            {on_period}
            <td class="sm muted">{state}</td>
        </tr>
    }
}
