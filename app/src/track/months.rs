//! The chart of the months, made on the server.

use charming::Chart;
use charming::component::{Axis, Grid, Legend};
use charming::element::{AxisLabel, AxisType, Formatter, ItemStyle, Symbol, Tooltip, Trigger};
use charming::series::{Bar, Scatter};
use domain::format;
use domain::track::Board;

use crate::chart::{ChartOption, ChartTable};
use crate::words::{Locale, lang, td_string};

/// Bars of what was done, with a mark at each month's target.
pub(super) fn chart(board: &Board, locale: Locale) -> ChartOption {
    let lang = lang(locale);
    let actual = td_string!(locale, track.months_actual).to_string();
    let target = td_string!(locale, track.months_target).to_string();
    let caption = td_string!(locale, track.months).to_string();
    let names: Vec<String> = board
        .months
        .iter()
        .map(|row| {
            let name = row
                .keys
                .values()
                .next()
                .map(|key| key.name.clone())
                .unwrap_or_default();
            domain::calendar::Month::parse(&name).map_or(name, |month| format::month_short(month, lang))
        })
        .collect();
    let money = || AxisLabel::new().formatter(Formatter::from("@money"));
    let mut chart = Chart::new()
        .grid(Grid::new().left(56).right(8).top(32).bottom(24))
        .legend(Legend::new().right(0).top(0))
        .tooltip(
            Tooltip::new()
                .trigger(Trigger::Axis)
                .value_formatter(Formatter::from("@money")),
        )
        .x_axis(Axis::new().type_(AxisType::Category).data(names.clone()))
        .y_axis(
            Axis::new()
                .type_(AxisType::Value)
                .axis_label(money())
                .split_number(3),
        )
        .series(
            Bar::new()
                .name(actual.clone())
                .bar_width("56%")
                .item_style(ItemStyle::new().color("@ink-2"))
                .data(board.months.iter().map(|row| row.actual.0).collect::<Vec<_>>()),
        );
    if board.months.iter().any(|row| row.target.is_some()) {
        chart = chart.series(
            Scatter::new()
                .name(target.clone())
                .symbol(Symbol::Custom("@mark".to_owned()))
                .symbol_size(20)
                .item_style(ItemStyle::new().color("@text"))
                .data(
                    board
                        .months
                        .iter()
                        .map(|row| {
                            row.target
                                .map_or(charming::datatype::CompositeValue::from("-"), |target| {
                                    target.0.into()
                                })
                        })
                        .collect::<Vec<_>>(),
                ),
        );
    }
    let rows = names
        .into_iter()
        .zip(&board.months)
        .map(|(name, row)| {
            let target = row.target.map_or_else(
                || format::NONE.to_owned(),
                |target| format::full(target, &board.currency),
            );
            vec![name, format::full(row.actual, &board.currency), target]
        })
        .collect();
    let head = vec![td_string!(locale, track.by_month).to_string(), actual, target];
    ChartOption::new(
        &chart,
        Some(board.currency.clone()),
        ChartTable { caption, head, rows },
    )
}
