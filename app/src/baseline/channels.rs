//! Which ways bring what: channels by deals, win rate, cycle, size and growth.

use domain::assumption::PlanningQuery;
use domain::baseline::{BaselineQuery, Channel, Channels};
use domain::format::{self, Lang, Scale};
use domain::metric::{Dimension, Source};
use domain::money::Currency;
use leptos::prelude::*;

use super::periods::change;
use crate::live::use_live;
use crate::ui::{Column, ErrorView, Skeleton, Table};
use crate::wire::{fetch, loaded};
use crate::words::{Words, lang, t, t_string, use_i18n};

/// The channels.
#[component]
pub(super) fn ChannelsCard(asked: Memo<BaselineQuery>) -> impl IntoView {
    let i18n = use_i18n();
    let live = use_live();
    let source = move || {
        (
            asked.get(),
            live.facts.get(),
            live.business_date.get(),
            live.plans.get(),
        )
    };
    let channels = fetch(source, |(asked, ..)| super::load_channels(asked));
    view! {
        <section class="card">
            <header>
                <h2>{t!(i18n, baseline.channels)}</h2>
                <span class="sm muted end">{t!(i18n, baseline.channels_hint)}</span>
            </header>
            <Transition fallback=|| view! { <Skeleton /> }>
                {loaded(channels, move |found| match found {
                        Ok(channels) => view! { <Shown channels=channels asked=asked /> }.into_any(),
                        Err(error) => view! { <ErrorView error=error /> }.into_any(),
                    })}
            </Transition>
        </section>
    }
}

#[component]
fn Shown(channels: Channels, asked: Memo<BaselineQuery>) -> impl IntoView {
    let i18n = use_i18n();
    let Channels {
        currency,
        source,
        rows,
        rate,
        cycle,
        deals,
    } = channels;
    let named = rows.iter().filter(|row| !row.id.is_empty()).count();
    let differ = rows.iter().any(|row| row.differs);
    let largest = rows.iter().map(|row| row.amount).max().unwrap_or_default();
    let currency = StoredValue::new(currency);
    let scale = move |lang: Lang| currency.with_value(|currency| Scale::column(largest, currency, lang));
    let unit = move || currency.with_value(|currency| scale(lang(i18n.get_locale())).unit(currency));
    let columns = Signal::derive(move || {
        let (count, size) = match source {
            Source::Deals => (
                t_string!(i18n, baseline.deals),
                t_string!(i18n, baseline.deal_size),
            ),
            Source::Orders => (
                t_string!(i18n, baseline.orders),
                t_string!(i18n, baseline.order_size),
            ),
        };
        let mut columns = vec![
            Column::words(t_string!(i18n, baseline.name)),
            Column::numbers(t_string!(i18n, baseline.amount)).in_unit(unit()),
            Column::numbers(t_string!(i18n, baseline.share)),
            Column::numbers(count),
            Column::numbers(size),
            Column::numbers(t_string!(i18n, baseline.last_year)),
        ];
        if deals {
            columns.extend([
                Column::numbers(t_string!(i18n, baseline.won_lost)),
                Column::numbers(t_string!(i18n, baseline.win_rate)),
                Column::numbers(t_string!(i18n, baseline.cycle)),
            ]);
        }
        columns
    });
    let rows = StoredValue::new(rows);
    let body = move || {
        let lang = lang(i18n.get_locale());
        let scale = scale(lang);
        let planning = asked.with(|asked| asked.planning.clone());
        rows.with_value(|rows| {
            rows.iter()
                .map(|row| {
                    currency.with_value(|currency| line(row, currency, scale, lang, deals, &planning, i18n))
                })
                .collect_view()
        })
    };
    let words = move || {
        let lang = lang(i18n.get_locale());
        let mut words = Vec::new();
        if named == 0 {
            words.push(t_string!(i18n, baseline.no_channels).to_owned());
        }
        if deals {
            if let Some(rate) = rate {
                words.push(t_string!(i18n, baseline.win_rate_all, rate = format::percent(rate)).to_string());
            }
            if let Some(cycle) = cycle {
                words.push(t_string!(i18n, baseline.cycle_all, days = days(cycle)).to_string());
            }
            if named > 1 {
                words.push(
                    if differ {
                        t_string!(i18n, baseline.channels_differ)
                    } else {
                        t_string!(i18n, baseline.channels_alike)
                    }
                    .to_owned(),
                );
            }
        } else {
            words.push(t_string!(i18n, baseline.no_deals).to_owned());
        }
        words.join(lang.pick("", " "))
    };
    view! {
        <Table caption=t!(i18n, baseline.channels) columns=columns>
            {body}
        </Table>
        <p class="sm muted">{words}</p>
    }
}

/// Days, halves only where the median lies between two.
fn days(days: f64) -> String {
    if days.fract() == 0.0 {
        format!("{days:.0}")
    } else {
        format!("{days:.1}")
    }
}

fn line(
    row: &Channel,
    currency: &Currency,
    scale: Scale,
    lang: Lang,
    deals: bool,
    planning: &PlanningQuery,
    i18n: Words,
) -> impl IntoView + use<> {
    let name = if row.name.is_empty() {
        t_string!(i18n, baseline.unnamed).to_owned()
    } else {
        row.name.clone()
    };
    let named = if row.id.is_empty() {
        view! { <span>{name}</span> }.into_any()
    } else {
        let href = super::href(planning, &Dimension::Channel, Some(&row.id));
        view! { <a href=href>{name}</a> }.into_any()
    };
    let none = || format::NONE.to_owned();
    let size = row
        .size
        .map_or_else(none, |size| format::compact(size, currency, lang));
    let share = row.share.map_or_else(none, format::percent);
    let of_deals = deals.then(|| {
        let rate = row.rate.map_or_else(none, format::percent);
        let between = row.interval.map(|interval| {
            format!(
                "{}–{}",
                format::percent(interval.low),
                format::percent(interval.high)
            )
        });
        view! {
            <td class="num">{format!("{} / {}", row.won, row.lost)}</td>
            <td class="num">
                <span class=row.differs.then_some("strong")>{rate}</span>
                {between.map(|between| view! { <span class="sm muted block">{between}</span> })}
            </td>
            <td class="num">{row.cycle.map_or_else(none, days)}</td>
        }
    });
    view! {
        <tr data-channel=row.name.clone() data-amount=row.amount.0>
            <th scope="row">{named}</th>
            <td class="num strong" title=format::full(row.amount, currency)>
                {format::money_column(row.amount, currency, scale)}
            </td>
            <td class="num muted">{share}</td>
            <td class="num">{format::integer(row.count)}</td>
            <td class="num">{size}</td>
            <td class="num">{change(row.growth)}</td>
            {of_deals}
        </tr>
    }
}
