//! Where the keyboard goes on once days were taken out of a calendar: what was pressed is gone with its row.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, EventTarget, HtmlElement};

/// A row that was taken out of a calendar.
#[derive(Clone, Debug)]
pub(super) struct TakenOut {
    /// The card of the calendar.
    card: String,
    /// How many rows stood before it.
    at: usize,
}

impl TakenOut {
    /// The row that something stands in.
    pub(super) fn around(pressed: Option<EventTarget>) -> Option<Self> {
        let pressed = pressed?.dyn_into::<Element>().ok()?;
        let card = pressed.closest("[data-card]").ok()??;
        let row = pressed.closest("tr").ok()??;
        let at = rows(&card).iter().position(|known| *known == row)?;
        Some(Self {
            card: card.get_attribute("data-card")?,
            at,
        })
    }
}

/// Goes on in a card once it shows that a row of it is gone: where nothing has the focus then, the row that took its place has it,
/// the last one where none did, and the heading where there is none.
pub(super) fn go_on(taken_out: StoredValue<Option<TakenOut>>, card: &'static str) {
    // The page may have been left.
    let here = taken_out.try_update_value(|taken_out| taken_out.take_if(|row| row.card == card));
    let Some(TakenOut { at, .. }) = here.flatten() else {
        return;
    };
    request_animation_frame(move || {
        let document = document();
        if document.active_element() != document.body().map(Element::from) {
            return;
        }
        let Ok(Some(card)) = document.query_selector(&format!("[data-card='{card}']")) else {
            return;
        };
        let rows = rows(&card);
        let next = rows.get(at).or(rows.last());
        // What takes days out is the last of what can be done with them.
        let button = next.and_then(|row| row.query_selector("button:last-of-type").ok().flatten());
        let place = button.or_else(|| card.query_selector("h2").ok().flatten());
        if let Some(place) = place.and_then(|place| place.dyn_into::<HtmlElement>().ok()) {
            drop(place.focus());
        }
    });
}

/// The rows of a card, from top to bottom.
fn rows(card: &Element) -> Vec<Element> {
    let Ok(rows) = card.query_selector_all("tbody tr") else {
        return Vec::new();
    };
    (0..rows.length())
        .filter_map(|index| rows.item(index)?.dyn_into::<Element>().ok())
        .collect()
}
