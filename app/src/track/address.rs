//! The address of the board: period, dimension, day and the open record list live in the URL.

use domain::access::Permission;
use domain::calendar::Day;
use domain::format;
use domain::track::{Board, BoardQuery, RecordsQuery};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_query_map};

use crate::chart::ChartClick;
use crate::reserved::may;
use crate::ui::{Choice, Select};
use crate::words::{lang, t, use_i18n};

/// What the address asks for.
pub(super) fn query() -> Memo<BoardQuery> {
    let map = use_query_map();
    Memo::new(move |_| {
        map.with(|map| BoardQuery {
            period: map.get("period"),
            by: map.get("by"),
            as_of: map.get("as_of").and_then(|day| Day::parse_iso(&day)),
        })
    })
}

/// The row whose records are open, from the address.
pub(super) fn records() -> Memo<Option<RecordsQuery>> {
    let map = use_query_map();
    let board = query();
    Memo::new(move |_| {
        let open = map.with(|map| map.get("open"))?;
        let (dimension, key) = open.split_once('~')?;
        Some(RecordsQuery {
            board: board.get(),
            dimension: dimension.parse().ok()?,
            key: key.to_owned(),
            since: map
                .with(|map| map.get("since"))
                .and_then(|day| Day::parse_iso(&day)),
            limit: None,
        })
    })
}

/// The address with one part changed; `None` removes it. The rest stays.
pub(crate) fn with(path: &str, search: &str, key: &str, value: Option<&str>) -> String {
    let mut pairs: Vec<(String, String)> = search
        .trim_start_matches('?')
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        // Since when records are listed belongs to those that are open.
        .filter(|(name, _)| *name != key && !(key == "open" && *name == "since"))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    if let Some(value) = value {
        pairs.push((key.to_owned(), encoded(value)));
    }
    let search: Vec<String> = pairs
        .into_iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    if search.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", search.join("&"))
    }
}

/// Changes one part of the address; the page follows.
pub(crate) fn go() -> impl Fn(&'static str, Option<String>) + Copy + Send + Sync {
    let location = use_location();
    let navigate = StoredValue::new(use_navigate());
    move |key, value| {
        let path = location.pathname.get_untracked();
        let search = location.search.get_untracked();
        let address = with(&path, &search, key, value.as_deref());
        navigate.with_value(|navigate| {
            navigate(
                &address,
                NavigateOptions {
                    scroll: false,
                    replace: key != "open",
                    ..NavigateOptions::default()
                },
            );
        });
    }
}

/// The address of a month on the board, with its records open.
pub(crate) fn month_records(month: &str) -> String {
    format!("/track?period={month}&open=month~{month}")
}

/// A click on a month of a chart leads to that month on the board, and opens its records for those who may see them.
pub(crate) fn to_month(names: Vec<String>) -> Callback<ChartClick> {
    let navigate = StoredValue::new(use_navigate());
    let opens = may(Permission::ReadRecords);
    Callback::new(move |point: ChartClick| {
        if let Some(month) = names.get(point.index) {
            let address = if opens {
                month_records(month)
            } else {
                format!("/track?period={month}")
            };
            navigate.with_value(|navigate| navigate(&address, NavigateOptions::default()));
        }
    })
}

/// Chooses the period.
#[component]
pub(super) fn PeriodPicker(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let go = go();
    let periods = board.periods;
    let choices = Signal::derive(move || {
        periods
            .iter()
            .map(|period| {
                Choice::new(
                    period.name.clone(),
                    format::period(period, lang(i18n.get_locale())),
                )
            })
            .collect::<Vec<_>>()
    });
    view! {
        <Select
            label=t!(i18n, track.period)
            name="period"
            choices=choices
            value=Signal::stored(board.period.name)
            on_pick=Callback::new(move |name| go("period", Some(name)))
            compact=true
        />
    }
}

/// Percent-encodes what is not plain in a query value.
fn encoded(value: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~' | b':') {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::with;

    #[test]
    fn one_part_changes_and_the_rest_stays() {
        assert_eq!(
            with("/track", "?period=2018-Q1&by=member", "by", Some("unit:region")),
            "/track?period=2018-Q1&by=unit:region"
        );
        assert_eq!(with("/track", "?by=member", "by", None), "/track");
        assert_eq!(
            with("/track", "", "open", Some("张 三")),
            "/track?open=%E5%BC%A0%20%E4%B8%89"
        );
        assert_eq!(
            with(
                "/track",
                "?by=member&since=2016-01-01&open=member~1",
                "open",
                None
            ),
            "/track?by=member"
        );
    }
}
