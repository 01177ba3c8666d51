//! The fan, made on the server: the history as a line, P50 as a dashed one, and the ranges as areas stacked on each other.

use charming::Chart;
use charming::datatype::DataPoint;
use charming::element::{AreaStyle, ItemStyle, LineStyle, LineStyleType, Symbol, Trigger};
use charming::series::{Line, Scatter};
use domain::format;
use domain::money::Minor;
use domain::outlook::{Branch, Fan, Outlook, Who};

use crate::chart::axes::money_by_name;
use crate::chart::{ChartOption, ChartTable};
use crate::words::{Locale, lang, td_string};

/// Months of history that are drawn.
const MOST_MONTHS: usize = 48;
/// What stands for a month without a value.
const NOTHING: &str = "-";

/// History and fan of the branch that is looked at.
pub(super) fn fan(outlook: &Outlook, locale: Locale) -> ChartOption {
    let Some(branch) = outlook.branch() else {
        return empty(outlook);
    };
    let from = outlook.known.saturating_sub(MOST_MONTHS);
    let drawing = Drawing {
        outlook,
        branch,
        from,
        locale,
    };
    ChartOption::new(
        &drawing.chart(),
        Some(outlook.planning.currency.clone()),
        drawing.table(),
    )
}

fn empty(outlook: &Outlook) -> ChartOption {
    ChartOption::new(
        &Chart::new(),
        Some(outlook.planning.currency.clone()),
        ChartTable::default(),
    )
}

struct Drawing<'a> {
    outlook: &'a Outlook,
    branch: &'a Branch,
    /// The first month that is drawn.
    from: usize,
    locale: Locale,
}

impl Drawing<'_> {
    fn months(&self) -> std::ops::Range<usize> {
        self.from..self.outlook.known + self.branch.fan.len()
    }

    fn names(&self) -> Vec<String> {
        let lang = lang(self.locale);
        self.months()
            .map(|place| format::month(self.outlook.month(place), lang))
            .collect()
    }

    /// The fan of a month; of the last known one what it was, so that the fan grows out of the history.
    fn fan(&self, place: usize) -> Option<Fan> {
        if let Some(step) = place.checked_sub(self.outlook.known) {
            return self.branch.fan.get(step).copied();
        }
        if place + 1 < self.outlook.known || self.branch.fan.is_empty() {
            return None;
        }
        let amount = *self.branch.history.get(place)?;
        Some(Fan {
            p10: amount,
            p25: amount,
            p50: amount,
            p75: amount,
            p90: amount,
        })
    }

    /// What a month of the history brought; none where nothing is known of it, so that the line has a gap there.
    fn actual(&self, place: usize) -> Option<Minor> {
        let amount = self.branch.history.get(place).copied();
        amount.filter(|_| !self.outlook.is_hole(place))
    }

    fn points(&self, of: impl Fn(Fan) -> i64) -> Vec<DataPoint> {
        self.months()
            .map(|place| point(self.fan(place).map(&of)))
            .collect()
    }

    fn chart(&self) -> Chart {
        let locale = self.locale;
        let word = |word: &str| word.to_owned();
        let actual = word(td_string!(locale, outlook.actual));
        let p50 = word(td_string!(locale, outlook.p50));
        let inner = word(td_string!(locale, outlook.inner));
        let outer = word(td_string!(locale, outlook.outer));
        let left_out = word(td_string!(locale, outlook.left_out));
        let history: Vec<DataPoint> = self
            .months()
            .map(|place| point(self.actual(place).map(|amount| amount.0)))
            .collect();
        let marks = self.marks();
        let mut chart = money_by_name(self.names(), Trigger::Item, 12)
            // The lower end carries the others and is not seen.
            .series(area("", None, self.points(|fan| fan.p10.0)))
            .series(area(
                &outer,
                Some("@band"),
                self.points(|fan| fan.p25.0 - fan.p10.0),
            ))
            .series(area(
                &inner,
                Some("@band-2"),
                self.points(|fan| fan.p75.0 - fan.p25.0),
            ))
            .series(area(
                &outer,
                Some("@band"),
                self.points(|fan| fan.p90.0 - fan.p75.0),
            ))
            .series(
                Line::new()
                    .name(actual)
                    .symbol_size(4)
                    .item_style(ItemStyle::new().color("@ink-1"))
                    .line_style(LineStyle::new().color("@ink-1").width(1.6))
                    .data(history),
            )
            .series(
                Line::new()
                    .name(p50)
                    .symbol_size(4)
                    .item_style(ItemStyle::new().color("@accent"))
                    .line_style(
                        LineStyle::new()
                            .color("@accent")
                            .width(1.6)
                            .type_(LineStyleType::Dashed),
                    )
                    .data(self.points(|fan| fan.p50.0)),
            );
        if !marks.is_empty() {
            chart = chart.series(
                Scatter::new()
                    .name(left_out)
                    .symbol(Symbol::Diamond)
                    .symbol_size(7)
                    .item_style(ItemStyle::new().color("@ink-3"))
                    .data(marks),
            );
        }
        chart
    }

    /// Where months would stand with what was left out of them; nothing where nothing was.
    fn marks(&self) -> Vec<DataPoint> {
        let left_out = &self.outlook.detail.left_out;
        let of = |place: usize| {
            let month = self.outlook.month(place);
            let (_, out) = left_out.iter().find(|(known, _)| *known == month)?;
            Some(self.branch.history.get(place)?.0.saturating_add(out.0))
        };
        let marks: Vec<Option<i64>> = self.months().map(of).collect();
        if marks.iter().all(Option::is_none) {
            return Vec::new();
        }
        marks.into_iter().map(point).collect()
    }

    fn table(&self) -> ChartTable {
        let (locale, currency) = (self.locale, &self.outlook.planning.currency);
        let name = match self.branch.place.who {
            Who::Nobody => td_string!(locale, outlook.nobody_short).to_owned(),
            Who::Unit | Who::Member(_) => self.branch.name.clone(),
        };
        let row = |(place, name): (usize, String)| {
            let fan = place
                .checked_sub(self.outlook.known)
                .and_then(|step| self.branch.fan.get(step));
            let actual = if self.outlook.is_hole(place) {
                td_string!(locale, baseline.no_data).to_owned()
            } else {
                self.actual(place)
                    .map_or_else(String::new, |amount| format::full(amount, currency))
            };
            let mut cells = vec![name, actual];
            for amount in [
                fan.map(|fan| fan.p10),
                fan.map(|fan| fan.p50),
                fan.map(|fan| fan.p90),
            ] {
                cells.push(amount.map_or_else(String::new, |amount| format::full(amount, currency)));
            }
            cells
        };
        ChartTable {
            caption: td_string!(locale, outlook.fan_caption, name = name).to_string(),
            head: vec![
                td_string!(locale, outlook.month).to_owned(),
                td_string!(locale, outlook.actual).to_owned(),
                "P10".to_owned(),
                "P50".to_owned(),
                "P90".to_owned(),
            ],
            rows: self.months().zip(self.names()).map(row).collect(),
        }
    }
}

fn point(amount: Option<i64>) -> DataPoint {
    match amount {
        Some(amount) => DataPoint::from(amount),
        None => DataPoint::from(NOTHING),
    }
}

/// A part of the ranges, stacked on the one before; without a colour it is not seen.
fn area(name: &str, colour: Option<&str>, data: Vec<DataPoint>) -> Line {
    let style = match colour {
        Some(colour) => AreaStyle::new().color(colour).opacity(1.0),
        None => AreaStyle::new().color("@band").opacity(0.0),
    };
    Line::new()
        .name(name)
        .stack("range")
        .symbol(Symbol::None)
        .silent(true)
        .line_style(LineStyle::new().width(0.0).opacity(0.0))
        .item_style(ItemStyle::new().color(colour.unwrap_or("@band")))
        .area_style(style)
        .data(data)
}
