//! What others changed since this person looked last, by its place in the grid.

use std::collections::{BTreeMap, BTreeSet};

use domain::money::Minor;
use domain::plan::{NodeIndex, PeriodIndex};
use domain::split::News;
use leptos::prelude::*;

use super::state::State;
use super::{Board, Place};

/// Where something changed.
#[derive(Debug, Default)]
pub(in crate::split) struct Marks {
    cells: BTreeMap<(NodeIndex, PeriodIndex), usize>,
    rows: BTreeSet<NodeIndex>,
}

/// What a place is marked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::split) enum Mark {
    /// Something in its row changed.
    Row,
    /// It changed.
    Amount {
        /// What it was.
        before: Minor,
        /// Who changed it last.
        by: String,
    },
}

impl State {
    /// Lays the news of the open grid out by their places.
    pub(super) fn mark(&mut self) {
        let cells = self.open.news.iter().flat_map(|news| &news.cells);
        for (at, changed) in cells.enumerate() {
            self.marks.cells.insert((changed.node, changed.period), at);
            self.marks.rows.insert(changed.node);
        }
    }
}

impl Board {
    /// What others changed since this person looked; tracks changes.
    pub(in crate::split) fn news<T>(&self, read: impl FnOnce(&News) -> T) -> Option<T> {
        self.tick.track();
        self.about(|open| open.news.as_ref().map(read))
    }

    /// Whether anything is marked in the row or by the period; never where nothing was when the grid was opened.
    pub(in crate::split) fn is_marked(&self, (node, period): Place) -> bool {
        self.state.with_value(|state| match period {
            None => state.marks.rows.contains(&node),
            Some(period) => state.marks.cells.contains_key(&(node, period)),
        })
    }

    /// What a place is marked for; tracks changes.
    pub(in crate::split) fn mark(&self, place: Place) -> Option<Mark> {
        self.tick.track();
        self.state.with_value(|state| match place {
            (node, None) => state.marks.rows.contains(&node).then_some(Mark::Row),
            (node, Some(period)) => {
                let at = *state.marks.cells.get(&(node, period))?;
                let changed = state.open.news.as_ref()?.cells.get(at)?;
                Some(Mark::Amount {
                    before: changed.before,
                    by: changed.by.clone(),
                })
            }
        })
    }

    /// Takes the marks away: this person has seen what changed.
    pub(in crate::split) fn forget_news(&self) {
        self.change(|state| {
            state.open.news = None;
            state.marks = Marks::default();
        });
    }
}
