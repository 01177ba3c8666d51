//! An amount of the grid: shown, asked about, marked for copying, and typed into.

use std::time::Duration;

use domain::money::Minor;
use domain::people::actor;
use leptos::prelude::*;

use super::board::{Board, Column, Place, place_of};
use super::bounds;
use super::clipboard::is_field;
use super::compare::CellChange;
use super::edit::{self, EditCell, Spot};
use super::figures::{Figures, cell_of, figure_of};
use super::menu::Items;
use super::news::mark_words;
use crate::ui::{Glyph, Icon, IconSize, when};
use crate::words::{lang, t_string, use_i18n};

/// How long the second click of two may take.
const SECOND_CLICK: Duration = Duration::from_millis(250);

/// An amount that can be typed into.
#[component]
pub(super) fn Amount(
    board: Board,
    place: Place,
    /// The number of its row in the list.
    at: usize,
    /// Whether its row has the focus: one thing to follow for all amounts of a row.
    chosen: Memo<bool>,
    /// What writes the amounts of its row.
    figures: Figures,
    cell: Callback<Minor, String>,
    full: Callback<Minor, String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let total = place.1.is_none();
    // Few cells are marked: the others have nothing to follow.
    let marked = board.is_marked(place).then(|| {
        let words = move || {
            board
                .mark(place)
                .map(|mark| mark_words(&mark, |amount| full.run(amount), i18n))
        };
        view! {
            {move || words().map(|words| {
                let title = words.clone();
                view! { <span class="news" title=title><span class="sr">{words}</span></span> }
            })}
        }
    });
    // Follows only what others do: nothing of it is asked again while somebody drags.
    let other = move || {
        let by = board.changed_by(place)?;
        let name = actor(&by, lang(i18n.get_locale())).to_owned();
        let title = t_string!(i18n, unsaved.by, name = name.clone()).to_string();
        Some(view! { <span class="by-other" title=title>{name}</span> })
    };
    // A row is drawn anew when its periods are held against something else.
    let against = board.against.get_untracked().of_cells().filter(|_| !total);
    let compares = against.map(|against| {
        view! { <CellChange board=board place=place against=against cell=cell full=full /> }
    });
    let locked = move || board.settled_constraint(place).lock.is_some();
    let held_by = move || {
        let by = board.locked_by(place).unwrap_or_default();
        t_string!(i18n, sheet.held_by, name = by).to_string()
    };
    // What was typed and is no amount stays in its field, where the target is what stands there.
    let types = move || board.begun(place).is_some() || board.is_wrong(place);
    let editing = Memo::new(move |_| board.shows_target_now() && types());
    // A click asks why, two clicks type: the card waits for the second one.
    let asking = StoredValue::new(None::<TimeoutHandle>);
    let ask_why = move |clicks: i32| {
        if let Some(before) = asking.try_update_value(Option::take).flatten() {
            before.clear();
        }
        if clicks > 1 {
            return;
        }
        let ask = move || {
            // Who types or pastes meanwhile does not ask; the grid may be gone.
            let pastes = board.pasting.try_with_untracked(Option::is_some);
            if matches!(board.editing.try_get_untracked(), Some(None)) && pastes == Some(false) {
                board.why.set(Some(place));
            }
        };
        let later = set_timeout_with_handle(ask, SECOND_CLICK);
        asking.set_value(later.ok());
    };
    // Bar, share, change, chance and lock stand between the total and the periods.
    let index = if total { 4 } else { place_of(place.1) + 9 };
    let column_index = index.to_string();
    let has_focus = move || chosen.get() && board.column.get() == Column::Cell(place.1);
    let is_marked = move || board.block.get().is_some_and(|block| block.holds(at, place.1));
    let amount = figures.begin(place).map(|amount| amount.0);
    let has_menu = move || place.1.is_some() && board.menu.get() == Some(place);
    view! {
        <div
            class="td num amount"
            class:total=total
            class:of-period=!total
            class:strong=total
            class:held=locked
            class:ranged=is_marked
            role="gridcell"
            tabindex=move || if has_focus() { "0" } else { "-1" }
            aria-colindex=column_index
            aria-selected=move || (is_marked() || has_focus()).to_string()
            data-period=place.1.map(|period| period.0)
            data-minor=amount
            use:cell_of=(figures, place)
            title=move || board.shown_at_rest(place).map(|amount| full.run(amount))
            on:click=move |event| {
                event.stop_propagation();
                board.focus(place.0, Column::Cell(place.1), event.shift_key());
            }
            on:dblclick=move |_| edit::begin(board, Spot::Place(place), None)
            on:contextmenu=move |event| {
                // A field has the browser's own menu.
                if event.target().is_some_and(|target| is_field(&target)) {
                    return;
                }
                event.prevent_default();
                // A marked block is meant as a whole.
                if !board.is_in_block(place) {
                    board.focus(place.0, Column::Cell(place.1), false);
                }
                board.menu.set(Some(place));
            }
        >
            {marked}
            {other}
            {(!total).then(|| when(locked, move || view! {
                <span class="pin" title=held_by>
                    <Icon glyph=Glyph::Lock size=IconSize::Small />
                    <span class="sr">{held_by}</span>
                </span>
            }.into_any()))}
            {move || bounds::marks(board, place, full, i18n)}
            {compares}
            {move || {
                if editing.get() {
                    view! { <EditCell board=board spot=Spot::Place(place) /> }.into_any()
                } else {
                    view! {
                        <button type="button" class="figure-button" tabindex="-1" use:figure_of=(figures, place) on:click=move |event| {
                            event.stop_propagation();
                            board.focus(place.0, Column::Cell(place.1), event.shift_key());
                            if !event.shift_key() {
                                ask_why(event.detail());
                            }
                        }>{figures.words(place)}</button>
                    }
                    .into_any()
                }
            }}
            {when(has_menu, move || view! { <Items board=board place=place /> }.into_any())}
        </div>
    }
}
