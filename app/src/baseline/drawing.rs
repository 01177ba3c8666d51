//! The charts of the baseline, made on the server.

use charming::Chart;
use charming::component::{Axis, Grid, Legend};
use charming::datatype::CompositeValue;
use charming::element::{
    AxisLabel, AxisType, BorderType, Formatter, ItemStyle, LineStyle, LineStyleType, Symbol, Tooltip, Trigger,
};
use charming::series::{Bar, Line, Scatter};
use domain::baseline::{Baseline, Slice, trend};
use domain::calendar::Month;
use domain::format;
use domain::money::Minor;

use crate::chart::axes::money_by_name;
use crate::chart::{ChartOption, ChartTable};
use crate::words::{Locale, lang, td_string};

/// Bars of the contribution chart; the rest is one more.
const MOST_BARS: usize = 12;

/// What a chart shows where there is nothing.
fn nothing() -> CompositeValue {
    CompositeValue::from("-")
}

/// The sum of each month: what counts, what is left out on top of it, the trend, and marks where data is missing.
pub(super) fn months(baseline: &Baseline, locale: Locale) -> ChartOption {
    let lang = lang(locale);
    let name = |slice: &Slice| format::month(Month::of(slice.period.start), lang);
    let names: Vec<String> = baseline.months.iter().map(name).collect();
    let caption = td_string!(locale, baseline.months).to_owned();
    let counted = td_string!(locale, baseline.counted).to_owned();
    let left_out = td_string!(locale, baseline.left_out).to_owned();
    let mean = td_string!(locale, baseline.trend).to_owned();
    let missing = td_string!(locale, baseline.no_data).to_owned();
    let trend = trend(&baseline.months);
    let value = |slice: &Slice| {
        if slice.gap && slice.count == 0 {
            nothing()
        } else {
            slice.clean().0.into()
        }
    };
    let mut chart = money_by_name(names.clone(), Trigger::Axis, 32)
        .legend(Legend::new().right(0).top(0))
        .series(
            Bar::new()
                .name(counted.clone())
                .stack("months")
                .bar_width("56%")
                .item_style(ItemStyle::new().color("@ink-2"))
                .data(baseline.months.iter().map(value).collect::<Vec<_>>()),
        );
    if baseline.months.iter().any(|slice| slice.left_out.0 != 0) {
        let of = |slice: &Slice| match slice.left_out.0 {
            0 => nothing(),
            amount => amount.into(),
        };
        chart = chart.series(
            Bar::new()
                .name(left_out.clone())
                .stack("months")
                .bar_width("56%")
                .item_style(
                    ItemStyle::new()
                        .color("@raised")
                        .border_color("@ink-3")
                        .border_width(1)
                        .border_type(BorderType::Dashed),
                )
                .data(baseline.months.iter().map(of).collect::<Vec<_>>()),
        );
    }
    if trend.iter().any(Option::is_some) {
        let of = |mean: &Option<Minor>| mean.map_or_else(nothing, |mean| mean.0.into());
        chart = chart.series(
            Line::new()
                .name(mean.clone())
                .show_symbol(false)
                .line_style(
                    LineStyle::new()
                        .color("@accent")
                        .width(1.5)
                        .type_(LineStyleType::Solid),
                )
                .item_style(ItemStyle::new().color("@accent"))
                .data(trend.iter().map(of).collect::<Vec<_>>()),
        );
    }
    if baseline.months.iter().any(|slice| slice.gap) {
        let of = |slice: &Slice| {
            if slice.gap && slice.count == 0 {
                0.into()
            } else {
                nothing()
            }
        };
        chart = chart.series(
            Scatter::new()
                .name(missing.clone())
                .symbol(Symbol::Diamond)
                .symbol_size(9)
                .item_style(ItemStyle::new().color("@behind"))
                .data(baseline.months.iter().map(of).collect::<Vec<CompositeValue>>()),
        );
    }
    let full = |amount: Minor| format::full(amount, &baseline.currency);
    let rows = baseline
        .months
        .iter()
        .zip(&names)
        .zip(&trend)
        .map(|((slice, name), mean)| {
            let counted = if slice.gap && slice.count == 0 {
                missing.clone()
            } else {
                full(slice.clean())
            };
            let left_out = match slice.left_out {
                Minor(0) => format::NONE.to_owned(),
                amount => full(amount),
            };
            let mean = mean.map_or_else(|| format::NONE.to_owned(), full);
            vec![name.clone(), counted, left_out, mean]
        })
        .collect();
    let head = vec![
        td_string!(locale, track.by_month).to_owned(),
        counted,
        left_out,
        mean,
    ];
    ChartOption::new(
        &chart,
        Some(baseline.currency.clone()),
        ChartTable { caption, head, rows },
    )
}

/// The largest contributors, and what they make together.
pub(super) fn pareto(baseline: &Baseline, locale: Locale) -> ChartOption {
    let unnamed = td_string!(locale, baseline.unnamed);
    let shown: Vec<_> = baseline.rows.iter().take(MOST_BARS).collect();
    let names: Vec<String> = shown
        .iter()
        .map(|row| {
            if row.name.is_empty() {
                unnamed.to_owned()
            } else {
                row.name.clone()
            }
        })
        .collect();
    let caption = td_string!(locale, baseline.pareto).to_owned();
    let cumulative = td_string!(locale, baseline.cumulative).to_owned();
    let total = td_string!(locale, baseline.total).to_owned();
    let chart = Chart::new()
        .grid(Grid::new().left(64).right(60).top(12).bottom(48))
        .tooltip(Tooltip::new().trigger(Trigger::Item))
        .x_axis(
            Axis::new()
                .type_(AxisType::Category)
                .axis_label(
                    AxisLabel::new()
                        .interval(0)
                        .rotate(if names.len() > 6 { 28 } else { 0 }),
                )
                .data(names.clone()),
        )
        .y_axis(
            Axis::new()
                .type_(AxisType::Value)
                .split_number(3)
                .axis_label(AxisLabel::new().formatter(Formatter::from("@money"))),
        )
        .y_axis(
            Axis::new()
                .type_(AxisType::Value)
                .min(0)
                .max(1)
                .split_number(2)
                .axis_label(AxisLabel::new().formatter(Formatter::from("@percent"))),
        )
        .series(
            Bar::new()
                .name(total.clone())
                .bar_width("56%")
                .item_style(ItemStyle::new().color("@ink-2"))
                .data(shown.iter().map(|row| row.total.0).collect::<Vec<_>>()),
        )
        .series(
            Line::new()
                .name(cumulative.clone())
                .y_axis_index(1)
                .item_style(ItemStyle::new().color("@ink-1"))
                .data(shown.iter().map(|row| row.cumulative).collect::<Vec<_>>()),
        );
    let rows = names
        .into_iter()
        .zip(&shown)
        .map(|(name, row)| {
            vec![
                name,
                format::full(row.total, &baseline.currency),
                format::percent(row.cumulative),
            ]
        })
        .collect();
    let head = vec![td_string!(locale, baseline.name).to_owned(), total, cumulative];
    ChartOption::new(
        &chart,
        Some(baseline.currency.clone()),
        ChartTable { caption, head, rows },
    )
}
