//! The address of an open grid: how it is looked at lives in the URL, so that a link and a reload open the same view.
//!
//! It is written into the browser's history directly: a navigation by the router would have every part of the page ask again what
//! it shows, and scroll to what a hash names, with each row that is chosen.

use std::time::Duration;

use domain::line::LineBy;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::board::{Board, Look, QUARTERS};
use crate::track::address::with;

/// Where grids are.
const PATH: &str = "/split";
/// The version that is open.
const VERSION: &str = "version";
/// The levels that the address names; without one it is the target.
const LEVELS: [&str; 3] = ["floor", "stretch", "challenge"];
/// What is looked at is written when nothing more was changed for so long.
const PAUSE: Duration = Duration::from_millis(300);

impl Look {
    /// What an address asks for; words of no meaning are left out.
    fn read(search: &str) -> Self {
        let one_of = |key: &str, words: &[&'static str]| {
            let word = value(search, key)?;
            words.iter().copied().find(|known| *known == word)
        };
        Self {
            sort: value(search, "sort"),
            only: one_of("rows", &["changed", "locked", "uneven", "below"]),
            columns: one_of("columns", &LineBy::ALL.map(LineBy::as_str))
                .or_else(|| one_of("columns", &[QUARTERS])),
            line_period: value(search, "line-period"),
            amounts: one_of("amounts", &LEVELS),
            level: value(search, "level"),
            against: one_of("against", &["last", "record"]),
            seek: value(search, "find"),
            row: value(search, "row"),
            cell: value(search, "cell"),
            card: value(search, "card"),
        }
    }

    /// The query of an address that opens this view of a version. What else it says stays.
    fn written(&self, search: &str, version: &str) -> String {
        let parts = [
            (VERSION, Some(version)),
            ("sort", self.sort.as_deref()),
            ("rows", self.only),
            ("columns", self.columns),
            ("line-period", self.line_period.as_deref()),
            ("amounts", self.amounts),
            ("level", self.level.as_deref()),
            ("against", self.against),
            ("find", self.seek.as_deref()),
            ("row", self.row.as_deref()),
            ("cell", self.cell.as_deref()),
            ("card", self.card.as_deref()),
        ];
        let mut written = search.to_owned();
        for (key, value) in parts {
            written = with("", &written, key, value);
        }
        written
    }
}

/// Looks at the grid as the address says.
pub(super) fn restore(board: Board) {
    // The browser knows more than the router, which is not told of what is written here.
    let location = window().location();
    let is_here = location.pathname().is_ok_and(|path| path == PATH);
    let search = match location.search() {
        Ok(search) if is_here => search,
        _ => use_location().search.get_untracked(),
    };
    let view = Look::read(&search);
    if view != Look::default() {
        board.look(&view);
    }
}

/// Writes into the address how the grid is looked at, whenever that changes; a grid that is only opened leaves it as it is.
pub(super) fn keep(board: Board) {
    let version = StoredValue::new(board.version().to_string());
    let view = Memo::new(move |_| board.looked_at());
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    Effect::new(move |ran: Option<()>| {
        let now = view.get();
        if ran.is_none() {
            return;
        }
        if let Some(before) = waiting.try_update_value(Option::take).flatten() {
            before.clear();
        }
        let later = set_timeout_with_handle(
            move || {
                if let Some(version) = version.try_get_value() {
                    write(&now, &version);
                }
            },
            PAUSE,
        );
        waiting.set_value(later.ok());
    });
    on_cleanup(move || {
        if let Some(later) = waiting.try_update_value(Option::take).flatten() {
            later.clear();
        }
    });
}

/// Puts a view into the address, unless another page or another version is being opened.
fn write(view: &Look, version: &str) {
    let location = window().location();
    let (Ok(path), Ok(search), Ok(hash)) = (location.pathname(), location.search(), location.hash()) else {
        return;
    };
    let is_other = value(&search, VERSION).is_some_and(|named| named != version);
    if path != PATH || is_other {
        return;
    }
    let written = view.written(&search, version);
    if written == search {
        return;
    }
    if let Ok(history) = window().history() {
        // What the router keeps with the entry stays with it.
        let state = history.state().unwrap_or_default();
        let address = format!("{PATH}{written}{hash}");
        // A browser that does not let an address be changed shows the grid all the same.
        drop(history.replace_state_with_url(&state, "", Some(&address)));
    }
}

/// A value of a query, as it was before it was encoded; none where it is missing or empty.
fn value(search: &str, key: &str) -> Option<String> {
    let pairs = search.trim_start_matches('?').split('&');
    let text = pairs
        .filter_map(|pair| pair.split_once('='))
        .find_map(|(name, text)| (name == key).then_some(text))?;
    decoded(text).filter(|text| !text.is_empty())
}

/// The text of a percent-encoded value; none where it is none.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                let (high, low) = (digit()?, digit()?);
                u8::try_from(high * 16 + low).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_reads_back_from_its_address() {
        let view = Look {
            sort: Some("-period:2018-Q1".to_owned()),
            only: Some("changed"),
            columns: Some("channel"),
            line_period: Some("2018-Q1".to_owned()),
            amounts: Some("stretch"),
            level: Some("大区 1".to_owned()),
            against: Some("last"),
            seek: Some("100 % + 张&三=?".to_owned()),
            row: Some("unit:00000000-0000-4000-8000-000000000001".to_owned()),
            cell: Some("total".to_owned()),
            card: None,
        };
        let written = view.written("?demo=1&sort=name&card=total", "v1");
        assert_eq!(Look::read(&written), view);
        assert_eq!(value(&written, "version").as_deref(), Some("v1"));
        assert_eq!(
            value(&written, "demo").as_deref(),
            Some("1"),
            "what else there is stays"
        );
        assert_eq!(
            view.written(&written, "v1"),
            written,
            "nothing moves when it is written again"
        );
    }

    #[test]
    fn what_means_nothing_is_left_out() {
        let view = Look::read("?rows=nobody&columns=wide&against=%ZZ&sort=&find=%E5%BC&row");
        assert_eq!(view, Look::default());
        assert_eq!(Look::default().written("", "v1"), "?version=v1");
        assert_eq!(Look::read("?columns=quarters").columns, Some(QUARTERS));
    }
}
