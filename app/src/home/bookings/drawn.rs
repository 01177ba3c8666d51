//! The chart of the bookings: bars for what was signed, a mark above each month that has a target.

use charming::Chart;
use charming::component::{Axis, Grid, Legend};
use charming::element::{AxisLabel, AxisType, ItemStyle, LineStyle, Symbol, Tooltip, Trigger};
use charming::series::{Bar, Line};
use domain::calendar::{Day, Month};
use domain::format;
use domain::metric::{Attainment, AttainmentQuery, AttainmentRow, Dimension, MetricKey};
use domain::money::{Currency, Minor};

use super::Bookings;
use crate::chart::{ChartOption, ChartTable};
use crate::words::{Locale, lang, td_string};

/// Months shown, the present one among them.
const MONTHS: i32 = 12;

/// What is asked: the months up to the one of today.
pub(super) fn question(today: Day) -> AttainmentQuery {
    let month = Month::of(today);
    AttainmentQuery {
        metric: MetricKey::BOOKINGS,
        from: month.plus(1 - MONTHS).first_day(),
        to: month.end(),
        by: vec![Dimension::Month],
        as_of: Some(today),
    }
}

/// The answer as it is shown.
pub(super) fn bookings(months: &Attainment, currency: Currency, locale: Locale) -> Bookings {
    let rows = &months.rows;
    Bookings {
        as_of: months.as_of,
        total: Minor(rows.iter().map(|row| row.actual.0).sum()),
        count: rows.iter().map(|row| row.count).sum(),
        months: rows
            .iter()
            .filter_map(|row| Some(row.keys.get("month")?.id.clone()))
            .collect(),
        chart: ChartOption::new(
            &chart(rows, locale),
            Some(currency.clone()),
            table(rows, &currency, locale),
        ),
        currency,
        newest: None,
    }
}

fn chart(rows: &[AttainmentRow], locale: Locale) -> Chart {
    let names: Vec<String> = rows.iter().map(|row| short(row, locale)).collect();
    let actual: Vec<i64> = rows.iter().map(|row| row.actual.0).collect();
    let mut chart = Chart::new()
        .grid(Grid::new().left(64).right(8).top(32).bottom(40))
        .legend(Legend::new().right(0).top(0))
        .tooltip(Tooltip::new().trigger(Trigger::Axis).value_formatter("@money"))
        .x_axis(Axis::new().type_(AxisType::Category).data(names))
        .y_axis(
            Axis::new()
                .type_(AxisType::Value)
                .axis_label(AxisLabel::new().formatter("@money")),
        )
        .series(
            Bar::new()
                .name(td_string!(locale, home.actual))
                .item_style(ItemStyle::new().color("@ink-2").border_radius(2))
                .data(actual),
        );
    if rows.iter().any(|row| row.target.is_some()) {
        let target: Vec<Option<i64>> = rows.iter().map(|row| row.target.map(|target| target.0)).collect();
        chart = chart.series(
            Line::new()
                .name(td_string!(locale, home.target_line))
                .symbol(Symbol::Custom("@mark".to_owned()))
                .line_style(LineStyle::new().width(0))
                .item_style(ItemStyle::new().color("@text"))
                .data(target),
        );
    }
    chart
}

fn table(rows: &[AttainmentRow], currency: &Currency, locale: Locale) -> ChartTable {
    let amount = |amount: Option<Minor>| {
        amount.map_or_else(
            || format::NONE.to_owned(),
            |amount| format::full(amount, currency),
        )
    };
    ChartTable {
        caption: td_string!(locale, home.bookings).to_owned(),
        head: vec![
            td_string!(locale, home.month).to_owned(),
            format!("{} {}", td_string!(locale, home.actual), currency.code),
            format!("{} {}", td_string!(locale, home.target_line), currency.code),
        ],
        rows: rows
            .iter()
            .map(|row| {
                let month = month(row).map_or_else(|| name(row), |month| format::month(month, lang(locale)));
                vec![month, amount(Some(row.actual)), amount(row.target)]
            })
            .collect(),
    }
}

/// `2月`; January with its year below.
fn short(row: &AttainmentRow, locale: Locale) -> String {
    let Some(month) = month(row) else {
        return name(row);
    };
    let short = format::month_short(month, lang(locale));
    if month.month() == 1 {
        format!("{short}\n{}", month.year())
    } else {
        short
    }
}

fn month(row: &AttainmentRow) -> Option<Month> {
    Month::parse(&row.keys.get("month")?.id)
}

fn name(row: &AttainmentRow) -> String {
    row.keys
        .get("month")
        .map(|key| key.name.clone())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use domain::metric::Key;

    use super::*;

    fn month(name: &str, actual: i64, target: Option<i64>) -> AttainmentRow {
        let key = Key {
            id: name.to_owned(),
            name: name.to_owned(),
        };
        let keys = BTreeMap::from([("month".to_owned(), key)]);
        AttainmentRow::new(keys, target.map(Minor), Minor(actual), None, 1)
    }

    fn answer(rows: Vec<AttainmentRow>) -> Attainment {
        Attainment {
            as_of: Day::from_ymd(2018, 1, 20).unwrap(),
            currency: "CNY".to_owned(),
            rows,
        }
    }

    #[test]
    fn twelve_months_up_to_that_of_today_are_asked_for() {
        let question = question(Day::from_ymd(2018, 1, 20).unwrap());
        assert_eq!(question.from.to_string(), "2017-02-01");
        assert_eq!(question.to.to_string(), "2018-02-01");
    }

    #[test]
    fn the_sum_and_the_table_are_the_bars() {
        let yuan = Currency::from_code("CNY").unwrap();
        let months = answer(vec![
            month("2017-12", 150, None),
            month("2018-01", 250, Some(300)),
        ]);
        let shown = bookings(&months, yuan, Locale::en);
        assert_eq!((shown.total, shown.count), (Minor(400), 2));
        assert_eq!(shown.chart.table.rows[0], ["Dec 2017", "1.50", format::NONE]);
        assert_eq!(shown.chart.table.rows[1], ["Jan 2018", "2.50", "3.00"]);
        let option: serde_json::Value = serde_json::from_str(&shown.chart.option).unwrap();
        assert_eq!(option["series"][0]["data"], serde_json::json!([150, 250]));
        assert_eq!(option["series"][1]["data"], serde_json::json!([null, 300]));
        assert_eq!(option["xAxis"]["data"], serde_json::json!(["Dec", "Jan\n2018"]));
    }

    #[test]
    fn without_a_target_there_is_no_mark() {
        let yuan = Currency::from_code("CNY").unwrap();
        let shown = bookings(&answer(vec![month("2017-12", 150, None)]), yuan, Locale::zh_CN);
        let option: serde_json::Value = serde_json::from_str(&shown.chart.option).unwrap();
        assert_eq!(option["series"].as_array().map(Vec::len), Some(1));
    }
}
