//! What the periods of rows are held against, as far as somebody asked: it is dropped when they are held against something else.

use std::collections::HashMap;

use domain::money::Minor;
use domain::plan::NodeIndex;
use domain::split::{CellBase, Compared, MOST_COMPARED_ROWS};
use leptos::prelude::*;

use super::{Board, Place};

/// One base for each period of a row; none while the answer is on its way.
type Rows = HashMap<NodeIndex, Option<Vec<Option<Minor>>>>;

/// What is known of the periods of rows.
pub(super) struct Held {
    /// Counts what came to be known. The grid's own count would tell every cell with each frame of a drag.
    told: RwSignal<u32>,
    /// What was asked for last did not come.
    failed: RwSignal<bool>,
    /// What they are held against.
    against: Option<CellBase>,
    rows: Rows,
}

/// What an amount is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::split) enum Base {
    /// This amount.
    Amount(Minor),
    /// Nothing: it is not comparable.
    Nothing,
}

impl Held {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self {
            told: RwSignal::new(0),
            failed: RwSignal::new(false),
            against: None,
            rows: Rows::new(),
        }
    }
}

impl Board {
    /// What the amounts of periods are held against; none where they are not. Tracks changes.
    pub(in crate::split) fn cell_base(&self) -> Option<CellBase> {
        self.against.get().of_cells()
    }

    /// Holds the periods against something, or nothing: what was known of something else is dropped.
    pub(in crate::split) fn hold_cells(&self, against: Option<CellBase>) {
        let failed = self.state.try_update_value(|state| {
            let is_other = state.held.against != against;
            if is_other {
                state.held.against = against;
                state.held.rows = Rows::new();
            }
            is_other.then_some(state.held.failed)
        });
        // Nothing was asked of it yet.
        if let Some(failed) = failed.flatten() {
            let _gone = failed.try_set(false);
        }
    }

    /// Keeps whether all that was asked for of the rows in sight has come, unless they are held against something else by now.
    pub(in crate::split) fn compared_came(&self, against: CellBase, came: bool) {
        let failed = self
            .state
            .try_with_value(|state| (state.held.against == Some(against)).then_some(state.held.failed));
        if let Some(failed) = failed.flatten() {
            let _gone = failed.try_set(!came);
        }
    }

    /// Whether what rows in sight are held against did not come; tracks it.
    pub(in crate::split) fn compared_failed(&self) -> bool {
        self.state.with_value(|state| state.held.failed).get()
    }

    /// Rows in sight of which nobody asked yet what their periods are held against, by their places in the whole version; they
    /// count as asked from now on. None where the periods are held against something else by now. Does not track.
    pub(in crate::split) fn take_uncompared(&self, against: CellBase) -> Vec<NodeIndex> {
        let in_sight = self.rows_in_sight.try_get_untracked().unwrap_or_default();
        let uncompared = self.state.try_update_value(|state| {
            if state.held.against != Some(against) {
                return Vec::new();
            }
            let offset = state.open.offset;
            let asked = &mut state.held.rows;
            let mut uncompared = Vec::new();
            for node in in_sight {
                if uncompared.len() < MOST_COMPARED_ROWS && !asked.contains_key(&node) {
                    asked.insert(node, None);
                    uncompared.push(NodeIndex(node.0 + offset));
                }
            }
            uncompared
        });
        uncompared.unwrap_or_default()
    }

    /// Keeps what the periods of rows are held against, unless that is something else by now.
    pub(in crate::split) fn put_compared(&self, against: CellBase, found: &Compared) {
        self.tell_of_cells(against, |rows, offset| {
            for (node, bases) in found.rows() {
                if let Some(node) = node.0.checked_sub(offset).map(NodeIndex) {
                    rows.insert(node, Some(bases.to_vec()));
                }
            }
        });
    }

    /// Rows whose question was not answered are asked about again: when somebody scrolls, or says so.
    pub(in crate::split) fn uncompare(&self, against: CellBase, asked: &[NodeIndex]) {
        self.tell_of_cells(against, |rows, offset| {
            for row in asked {
                if let Some(node) = row.0.checked_sub(offset).map(NodeIndex) {
                    rows.remove(&node);
                }
            }
        });
    }

    /// What the amount of a period is held against; none while that is not known. Tracks what comes to be known, not against what.
    pub(in crate::split) fn held(&self, (node, period): Place) -> Option<Base> {
        self.state.with_value(|state| state.held.told).track();
        let at = usize::from(period?.0);
        let against = self.against.get_untracked().of_cells();
        self.state.with_value(|state| {
            if state.held.against != against {
                return None;
            }
            let bases = state.held.rows.get(&node)?.as_ref()?;
            let base = bases.get(at).copied().flatten();
            Some(base.map_or(Base::Nothing, Base::Amount))
        })
    }

    /// Keeps something of rows of a grid that begins at an offset; nothing where the grid was closed meanwhile, or its periods are
    /// held against something else.
    fn tell_of_cells(&self, against: CellBase, keep: impl FnOnce(&mut Rows, u32)) {
        let told = self.state.try_update_value(|state| {
            if state.held.against != Some(against) {
                return None;
            }
            keep(&mut state.held.rows, state.open.offset);
            Some(state.held.told)
        });
        if let Some(told) = told.flatten() {
            told.try_update(|count| *count = count.wrapping_add(1));
        }
    }
}
