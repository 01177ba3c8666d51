//! The charts of the baseline, made on the server.

use charming::Chart;
use charming::component::{Axis, Grid};
use charming::element::{AxisLabel, AxisType, Formatter, ItemStyle, Tooltip, Trigger};
use charming::series::{Bar, Line};
use domain::baseline::Baseline;
use domain::calendar::Month;
use domain::format;

use crate::chart::{ChartOption, ChartTable};
use crate::words::{Locale, lang, td_string};

/// Bars of the contribution chart; the rest is one more.
const MOST_BARS: usize = 12;

/// The sum of each month.
pub(super) fn months(baseline: &Baseline, locale: Locale) -> ChartOption {
    let lang = lang(locale);
    let names: Vec<String> = baseline
        .months
        .iter()
        .map(|month| format::month(Month::of(month.start), lang))
        .collect();
    let caption = td_string!(locale, baseline.months).to_owned();
    let chart = Chart::new()
        .grid(Grid::new().left(64).right(8).top(12).bottom(24))
        .tooltip(
            Tooltip::new()
                .trigger(Trigger::Axis)
                .value_formatter(Formatter::from("@money")),
        )
        .x_axis(Axis::new().type_(AxisType::Category).data(names.clone()))
        .y_axis(
            Axis::new()
                .type_(AxisType::Value)
                .split_number(3)
                .axis_label(AxisLabel::new().formatter(Formatter::from("@money"))),
        )
        .series(
            Bar::new()
                .name(caption.clone())
                .bar_width("56%")
                .item_style(ItemStyle::new().color("@ink-2"))
                .data(baseline.totals.iter().map(|amount| amount.0).collect::<Vec<_>>()),
        );
    let rows = names
        .into_iter()
        .zip(&baseline.totals)
        .map(|(name, amount)| vec![name, format::full(*amount, &baseline.currency)])
        .collect();
    let head = vec![
        td_string!(locale, track.by_month).to_owned(),
        td_string!(locale, baseline.total).to_owned(),
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
