//! The keys of a menu of outcomes: arrows, both ends, what an item is called, and the number of a row.

use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};

use crate::ui::is_composing;
use crate::ui::menu::step;
use crate::words::folded;

/// A letter that comes later than this begins anew, in milliseconds.
const PAUSE_MS: f64 = 1_000.0;

/// What was typed into a menu last.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed {
    text: String,
    at_ms: f64,
}

/// What an item is found by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Called {
    number: Option<String>,
    name: String,
}

/// Does what a key says in an open menu; false where it says nothing there.
pub(super) fn hear(menu: &Element, typed: StoredValue<Typed>, event: &ev::KeyboardEvent) -> bool {
    if is_composing(event) || event.ctrl_key() || event.meta_key() || event.alt_key() {
        return false;
    }
    let key = event.key();
    match key.as_str() {
        "ArrowDown" => step(menu, 1),
        "ArrowUp" => step(menu, -1),
        "Home" => on(items(menu).first()),
        "End" => on(items(menu).last()),
        // The space bar chooses, as on every button.
        " " => return false,
        _ if key.chars().count() == 1 => {
            seek(menu, typed, &key, event.time_stamp());
            return true;
        }
        _ => return false,
    }
    typed.set_value(Typed::default());
    true
}

/// Puts the focus on the item that what was typed so far means.
fn seek(menu: &Element, typed: StoredValue<Typed>, key: &str, at_ms: f64) {
    let items = items(menu);
    let called: Vec<Called> = items.iter().map(called).collect();
    let active = document().active_element();
    let now = items.iter().position(|item| {
        active
            .as_ref()
            .is_some_and(|active| item.is_same_node(Some(active)))
    });
    let before = typed.with_value(|typed| begun(typed, at_ms));
    let text = kept(&called, now, &before, &folded(key));
    let at = find(&called, now, &text);
    typed.set_value(Typed { text, at_ms });
    on(at.and_then(|at| items.get(at)));
}

/// What goes on being typed; nothing once one paused.
fn begun(typed: &Typed, at_ms: f64) -> String {
    if at_ms - typed.at_ms > PAUSE_MS {
        String::new()
    } else {
        typed.text.clone()
    }
}

/// What of the typed letters goes on being typed with another one. What leads nowhere begins anew: 1, then 2 is the second row where
/// there is no twelfth. A row is not offered to itself: on the first one 1 means nothing yet, and still begins 12.
fn kept(items: &[Called], now: Option<usize>, before: &str, letter: &str) -> String {
    let begins_number = |typed: &str| {
        let mut numbers = items.iter().filter_map(|item| item.number.as_deref());
        numbers.any(|number| number.starts_with(typed))
    };
    [format!("{before}{letter}"), letter.to_owned()]
        .into_iter()
        .find(|typed| find(items, now, typed).is_some() || begins_number(typed))
        .unwrap_or_default()
}

/// The item that something typed means: a number is that of a row, one letter again and again goes from one to the next, and several
/// letters are how a name begins.
fn find(items: &[Called], now: Option<usize>, typed: &str) -> Option<usize> {
    let mut letters = typed.chars();
    let first = letters.next()?;
    if typed.chars().all(|letter| letter.is_ascii_digit()) {
        return items
            .iter()
            .position(|item| item.number.as_deref() == Some(typed));
    }
    let is_repeated = letters.all(|letter| letter == first);
    let (sought, begin) = if is_repeated {
        (first.to_string(), now.map_or(0, |now| now + 1))
    } else {
        (typed.to_owned(), now.unwrap_or(0))
    };
    let mut around = items.iter().enumerate().cycle().skip(begin).take(items.len());
    let found = around.find(|(_, item)| item.name.starts_with(&sought));
    found.map(|(at, _)| at)
}

/// What can be chosen in a menu.
fn items(menu: &Element) -> Vec<HtmlElement> {
    let Ok(found) = menu.query_selector_all(".item:not(:disabled)") else {
        return Vec::new();
    };
    (0..found.length())
        .filter_map(|at| found.item(at)?.dyn_into::<HtmlElement>().ok())
        .collect()
}

fn called(item: &HtmlElement) -> Called {
    let name = item.get_attribute("data-called").or_else(|| item.text_content());
    Called {
        number: item.get_attribute("data-number"),
        name: folded(name.unwrap_or_default().trim()),
    }
}

fn on(item: Option<&HtmlElement>) {
    if let Some(item) = item {
        // Fails for nothing that can have the focus.
        drop(item.focus());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn menu() -> Vec<Called> {
        let of = |name: &str, number: Option<u32>| Called {
            number: number.map(|number| number.to_string()),
            name: name.to_owned(),
        };
        vec![
            of("why this number", None),
            of("set floor…", None),
            of("set cap…", None),
            of("华东", Some(1)),
            of("华南", Some(3)),
            of("south", Some(12)),
        ]
    }

    #[test]
    fn a_number_is_the_row_of_that_number_and_no_other() {
        assert_eq!(find(&menu(), Some(0), "1"), Some(3));
        assert_eq!(find(&menu(), Some(3), "12"), Some(5));
        assert_eq!(find(&menu(), Some(0), "2"), None, "the row itself is not offered");
    }

    #[test]
    fn a_number_that_begins_another_one_goes_on() {
        let own = |typed: &str, digit: &str| kept(&menu()[..3], None, typed, digit);
        assert_eq!(own("", "1"), "", "no row of a number is offered");
        let first: Vec<Called> = menu()
            .into_iter()
            .filter(|item| item.number.as_deref() != Some("1"))
            .collect();
        assert_eq!(kept(&first, Some(0), "", "1"), "1", "the first row itself");
        assert_eq!(kept(&first, Some(0), "1", "2"), "12");
        assert_eq!(kept(&first, Some(0), "1", "3"), "3", "there is no thirteenth");
        assert_eq!(kept(&first, Some(0), "", "9"), "");
    }

    #[test]
    fn one_letter_goes_around_and_several_begin_a_name() {
        assert_eq!(find(&menu(), Some(0), "s"), Some(1));
        assert_eq!(find(&menu(), Some(1), "s"), Some(2));
        assert_eq!(find(&menu(), Some(5), "ss"), Some(1), "around the end");
        assert_eq!(find(&menu(), Some(1), "so"), Some(5));
        assert_eq!(
            find(&menu(), Some(1), "set f"),
            Some(1),
            "what has the focus keeps it"
        );
        assert_eq!(find(&menu(), Some(0), "华"), Some(3));
        assert_eq!(find(&menu(), Some(0), "华南"), Some(4));
        assert_eq!(find(&menu(), Some(0), "x"), None);
        assert_eq!(find(&menu(), None, ""), None);
        assert_eq!(find(&[], None, "a"), None);
    }

    #[test]
    fn what_was_typed_long_ago_is_over() {
        let typed = Typed {
            text: "1".to_owned(),
            at_ms: 500.0,
        };
        assert_eq!(begun(&typed, 1_400.0), "1");
        assert_eq!(begun(&typed, 1_600.0), "");
    }
}
