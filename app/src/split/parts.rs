//! Who leads several units sees the part of a version below one of them; which one is in the address and chosen here.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use super::board::Board;
use crate::ui::{Choice, Select};
use crate::words::{t, use_i18n};

/// The units to choose from, where there are several.
#[component]
pub(super) fn PartSelect(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let map = use_query_map();
    let navigate = StoredValue::new(use_navigate());
    let parts = StoredValue::new(board.about(|open| open.roots.clone()));
    let choices = Signal::derive(move || {
        parts.with_value(|parts| {
            let choices = parts.iter();
            choices
                .map(|part| Choice::new(part.node.to_string(), part.name.clone()))
                .collect::<Vec<_>>()
        })
    });
    // Where the address names none of them, the first is open.
    let chosen = Signal::derive(move || {
        let named = map.with(|map| map.get("part"));
        parts.with_value(|parts| {
            let named = parts.iter().find(|part| Some(part.node.to_string()) == named);
            named
                .or_else(|| parts.first())
                .map_or_else(String::new, |part| part.node.to_string())
        })
    });
    let pick = Callback::new(move |part: String| {
        let address = format!("{}&part={part}", super::address(board.version()));
        navigate.with_value(|navigate| navigate(&address, NavigateOptions::default()));
    });
    (parts.with_value(Vec::len) > 1).then(|| {
        view! {
            <Select label=t!(i18n, split.part) name="part" choices=choices value=chosen on_pick=pick compact=true />
        }
    })
}
