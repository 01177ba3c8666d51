//! The chart of capability, made on the server.

use charming::element::{ItemStyle, Trigger};
use charming::series::{Bar, Line};
use domain::calendar::Month;
use domain::capability::team::Team;
use domain::format;
use domain::money::Minor;

use crate::chart::axes::money_by_name;
use crate::chart::{ChartOption, ChartTable};
use crate::words::{Locale, lang, td_string};

/// What can be done in each month, and with what is tried out.
pub(super) fn months(team: &Team, locale: Locale) -> ChartOption {
    let lang = lang(locale);
    let currency = &team.planning.currency;
    let names: Vec<String> = team
        .months
        .iter()
        .map(|month| format::month(Month::of(month.starts_on), lang))
        .collect();
    let caption = td_string!(locale, capability.months).to_owned();
    let present = td_string!(locale, capability.present).to_owned();
    let tried = td_string!(locale, capability.tried).to_owned();
    let with_changes: Vec<i64> = team
        .capacity
        .iter()
        .zip(&team.change.months)
        .map(|(amount, change)| amount.0.saturating_add(change.0))
        .collect();
    let mut chart = money_by_name(names.clone(), Trigger::Axis, 12).series(
        Bar::new()
            .name(present.clone())
            .bar_width("56%")
            .item_style(ItemStyle::new().color("@ink-2"))
            .data(team.capacity.iter().map(|amount| amount.0).collect::<Vec<_>>()),
    );
    let tries = !team.change.what_if.is_empty();
    if tries {
        chart = chart.series(
            Line::new()
                .name(tried.clone())
                .item_style(ItemStyle::new().color("@accent"))
                .data(with_changes.clone()),
        );
    }
    let rows = names
        .into_iter()
        .zip(team.capacity.iter().zip(with_changes).zip(team.heads_shown()))
        .map(|(name, ((amount, changed), heads))| {
            let mut row = vec![name, format::full(*amount, currency)];
            if tries {
                row.push(format::full(Minor(changed), currency));
            }
            row.push(super::heads(*heads));
            row
        })
        .collect();
    let mut head = vec![td_string!(locale, capability.month).to_owned(), present];
    if tries {
        head.push(tried);
    }
    head.push(td_string!(locale, capability.headcount).to_owned());
    ChartOption::new(&chart, Some(currency.clone()), ChartTable { caption, head, rows })
}
