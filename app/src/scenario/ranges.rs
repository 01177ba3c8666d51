//! What is to be expected of each scenario, on one scale: P10 to P90, P50, and where its target stands.

use domain::format;
use domain::money::Minor;
use domain::scenario::Column;
use leptos::prelude::*;

use crate::target::called;
use crate::target::density::FAR;
use crate::words::{lang, t, t_string, use_i18n};

const WIDTH: f64 = 720.0;
const ROW: f64 = 44.0;
const MARGIN: f64 = 16.0;
/// What the axis below takes.
const AXIS: f64 = 20.0;
/// About so many parts of the axis.
const TICKS: i64 = 4;

/// The drawing; scenarios without an outlook say so.
#[component]
pub(super) fn Ranges(columns: Vec<Column>, currency: domain::money::Currency) -> impl IntoView {
    let i18n = use_i18n();
    let ends = columns.iter().flat_map(|column| {
        let law = column.outlook.as_ref();
        [
            Some(column.total),
            law.map(domain::outlook::Distribution::p10),
            law.map(domain::outlook::Distribution::p90),
        ]
        .into_iter()
        .flatten()
        .map(|amount| amount.0)
    });
    let (low, high) = ends.fold((i64::MAX, i64::MIN), |(low, high), end| {
        (low.min(end), high.max(end))
    });
    let room = (high - low).max(1) as f64;
    let x = move |amount: Minor| MARGIN + (amount.0 - low) as f64 / room * (WIDTH - 2.0 * MARGIN);
    let bottom = ROW * columns.len() as f64;
    let height = bottom + AXIS;
    let currency = StoredValue::new(currency);
    let axis = ticks(low, high)
        .into_iter()
        .map(|amount| {
            let at = x(Minor(amount));
            let shown = move || {
                currency
                    .with_value(|currency| format::compact(Minor(amount), currency, lang(i18n.get_locale())))
            };
            view! {
                <path class="tick" d=format!("M{at:.1} {:.1}v6", bottom - 6.0) />
                <text class="tick" x=format!("{at:.1}") y=bottom + 14.0 text-anchor="middle">{shown}</text>
            }
        })
        .collect_view();
    let rows = (0_u8..)
        .zip(columns)
        .map(|(place, column)| {
            let top = f64::from(place) * ROW;
            let (name, number, total) = (column.name, column.number, column.total);
            let title = StoredValue::new(name);
            let says = {
                let law = column.outlook.clone();
                move || {
                    let lang = lang(i18n.get_locale());
                    let shown = |amount| currency.with_value(|currency| format::compact(amount, currency, lang));
                    let name = title.with_value(|name| called(name, number, i18n));
                    match &law {
                        Some(law) => t_string!(
                            i18n,
                            scenario.outlook_says,
                            name = name,
                            low = shown(law.p10()),
                            middle = shown(law.p50()),
                            high = shown(law.p90()),
                            target = shown(total)
                        )
                        .to_string(),
                        None => format!("{name}: {}", t_string!(i18n, scenario.outlook_none)),
                    }
                }
            };
            let far = column.outlook.as_ref().is_some_and(|law| law.percentile_of(total) > FAR);
            let bar = column.outlook.map(|law| {
                let (from, to, middle) = (x(law.p10()), x(law.p90()), x(law.p50()));
                view! {
                    <rect class="whole" x=format!("{from:.1}") y=top + 20.0 width=format!("{:.1}", (to - from).max(1.0)) height="12" rx="2" />
                    <path class="middle" d=format!("M{middle:.1} {}v16", top + 18.0) />
                }
            });
            view! {
                <text x=MARGIN y=top + 13.0>{says}</text>
                {bar}
                <circle class="aim" class:far=far cx=format!("{:.1}", x(total)) cy=top + 26.0 r="4.5" />
            }
        })
        .collect_view();
    view! {
        <svg class="ranges" viewBox=format!("0 0 {WIDTH} {height}") role="img" aria-label=t!(i18n, scenario.outlook)>
            {axis}
            {rows}
        </svg>
    }
}

/// Round amounts between two ends, for an axis.
fn ticks(low: i64, high: i64) -> Vec<i64> {
    let least = (high.saturating_sub(low) / TICKS).max(1);
    let mut step = 1_i64;
    for factor in [2, 5, 10].into_iter().cycle() {
        if step >= least {
            break;
        }
        // 1, 2, 5, 10, 20, 50 and so on.
        step = match factor {
            5 => step.saturating_mul(5) / 2,
            _ => step.saturating_mul(2),
        };
    }
    let first = low.div_euclid(step) + i64::from(low.rem_euclid(step) != 0);
    std::iter::successors(first.checked_mul(step), |amount| amount.checked_add(step))
        .take_while(|amount| *amount <= high)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::ticks;

    #[test]
    fn an_axis_has_round_amounts() {
        assert_eq!(ticks(7_200, 9_800), [8_000, 9_000]);
        assert_eq!(ticks(-150, 420), [0, 200, 400]);
        assert_eq!(ticks(5, 5), [5]);
        assert!(ticks(1, 100_000_000_000).len() <= 6);
    }
}
