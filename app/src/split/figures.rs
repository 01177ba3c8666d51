//! The amounts of a row, written straight into its cells. A frame of a drag moves every amount of every row: that one thing follows
//! the row and writes what differs takes a fraction of two things that follow it in each cell.

use std::ops::RangeFrom;
use std::slice::SliceIndex;

use domain::format::{self, Scale};
use domain::money::Minor;
use domain::plan::NodeIndex;
use leptos::prelude::*;
use leptos::web_sys::Element;

use super::board::{Board, Place, place_of};

/// The places of the periods among the cells of a row.
const PERIODS: RangeFrom<usize> = 1..;

/// A cell of a row.
#[derive(Default)]
struct Cell {
    place: Option<Place>,
    /// What stands there.
    shown: Option<Minor>,
    /// The same in words: many amounts move by less than is written of them.
    words: String,
    /// Says its amount as `data-minor`.
    element: Option<Element>,
    /// Says it in words, while nobody types there.
    figure: Option<Element>,
}

impl Cell {
    fn write(&mut self, shown: Option<Minor>, words: String) {
        self.shown = shown;
        if let Some(cell) = &self.element {
            // Fails only for a name that cannot be one.
            drop(match self.shown {
                Some(amount) => cell.set_attribute("data-minor", &amount.0.to_string()),
                None => cell.remove_attribute("data-minor"),
            });
        }
        if words == self.words {
            return;
        }
        if let Some(text) = self.figure.as_ref().and_then(|figure| figure.first_child()) {
            text.set_node_value(Some(&words));
        }
        self.words = words;
    }
}

/// The cells of a row that show an amount of it.
#[derive(Clone, Copy)]
pub struct Figures {
    board: Board,
    words: Callback<Minor, String>,
    /// By their places: the total, then the periods.
    cells: StoredValue<Vec<Cell>, LocalStorage>,
}

impl Figures {
    /// Follows the periods of a row; what it has in all is written with what goes by that. `words` says an amount on the scale.
    pub(super) fn of(
        board: Board,
        node: NodeIndex,
        scale: Memo<Scale>,
        words: Callback<Minor, String>,
    ) -> Self {
        let figures = Self {
            board,
            words,
            cells: StoredValue::new_local(Vec::new()),
        };
        Effect::new(move |was: Option<Scale>| {
            let scale = scale.get();
            board.track_periods_shown(node);
            // In other words, where the scale is another.
            figures.write(PERIODS, was.is_some_and(|was| was != scale));
            scale
        });
        figures
    }

    /// Writes what the row has in all; `anew`: in other words, too.
    pub(super) fn write_whole(self, anew: bool) {
        self.write(..PERIODS.start, anew);
    }

    /// A cell shows the amount of a place from now on; gives what that is.
    pub(super) fn begin(self, place: Place) -> Option<Minor> {
        let shown = self.board.shown_now(place);
        let at = place_of(place.1);
        let _gone = self.cells.try_update_value(|cells| {
            if cells.len() <= at {
                cells.resize_with(at + 1, Cell::default);
            }
            if let Some(cell) = cells.get_mut(at) {
                *cell = Cell {
                    place: Some(place),
                    shown,
                    ..Cell::default()
                };
            }
        });
        shown
    }

    /// What a place shows, in words, where it is drawn anew. Does not track.
    pub(super) fn words(self, place: Place) -> String {
        let words = untrack(|| self.said(self.board.shown_now(place)));
        self.keep(place, |cell| cell.words.clone_from(&words));
        words
    }

    fn said(self, amount: Option<Minor>) -> String {
        amount.map_or_else(|| format::NONE.to_owned(), |amount| self.words.run(amount))
    }

    fn write(self, places: impl SliceIndex<[Cell], Output = [Cell]>, anew: bool) {
        let _gone = self.cells.try_update_value(|cells| {
            for cell in cells.get_mut(places).unwrap_or_default() {
                let Some(place) = cell.place else { continue };
                let shown = self.board.shown_now(place);
                if anew || shown != cell.shown {
                    let words = self.said(shown);
                    cell.write(shown, words);
                }
            }
        });
    }

    fn keep(self, place: Place, keep: impl FnOnce(&mut Cell)) {
        let _gone = self.cells.try_update_value(|cells| {
            if let Some(cell) = cells.get_mut(place_of(place.1)) {
                keep(cell);
            }
        });
    }
}

/// The element that is the cell of a place.
pub(super) fn cell_of(element: Element, (figures, place): (Figures, Place)) {
    figures.keep(place, |cell| cell.element = Some(element));
}

/// The element that says the amount of a place in words; it is made anew after somebody typed there.
pub(super) fn figure_of(element: Element, (figures, place): (Figures, Place)) {
    figures.keep(place, |cell| cell.figure = Some(element));
}
