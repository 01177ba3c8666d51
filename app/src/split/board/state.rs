//! What is kept of the open plan outside of the reactive system.

use std::collections::VecDeque;

use domain::plan::{self, Deltas, Entry, NodeIndex, PlanCommand};
use domain::split::{Against, Only, OpenGrid, Sort};

use super::news::Marks;
use crate::split::preview::Overlay;

/// A change that the server has not confirmed yet.
pub(super) struct Pending {
    pub(super) command: PlanCommand,
    pub(super) deltas: Deltas,
}

/// What is kept outside of the reactive system.
pub(super) struct State {
    pub(super) open: OpenGrid,
    pub(super) pending: VecDeque<Pending>,
    pub(super) expanded: Vec<bool>,
    pub(super) filter: String,
    pub(super) only: Only,
    pub(super) sort: Option<Sort>,
    pub(super) rows: Vec<NodeIndex>,
    pub(super) overlay: Option<Overlay>,
    pub(super) blocking: Vec<NodeIndex>,
    pub(super) marks: Marks,
}

impl State {
    /// Lists the rows that folding and filter leave in sight, in their order. It stays until it is asked for again: a row does
    /// not jump away under the hand that changes it.
    pub(super) fn layout(&mut self, against: Against) {
        let shape = self.open.grid.shape();
        let found = |node: NodeIndex| crate::words::folded(shape.name(node)).contains(&self.filter);
        let found: Option<&dyn Fn(NodeIndex) -> bool> = if self.filter.is_empty() {
            None
        } else {
            Some(&found)
        };
        let wanted = self.open.wanted(self.only, found);
        let names = |one: NodeIndex, other: NodeIndex| shape.name(one).cmp(shape.name(other));
        let rows = self
            .open
            .rows(&self.expanded, wanted.as_deref(), self.sort, against, &names);
        self.rows = rows;
    }

    /// Takes every pending change back, last first.
    pub(super) fn take_back(&mut self) -> bool {
        let grid = &mut self.open.grid;
        self.pending
            .iter()
            .rev()
            .all(|pending| grid.fold(&pending.deltas.invert()).is_ok())
    }

    /// Applies what the server confirmed.
    pub(super) fn follow(&mut self, entries: &[Entry]) -> bool {
        let head = self.open.head;
        for entry in entries.iter().filter(|entry| entry.seq > head) {
            if entry.seq != self.open.head + 1 || self.open.grid.fold(&entry.deltas).is_err() {
                return false;
            }
            self.open.head = entry.seq;
        }
        true
    }

    /// Does the pending changes again on the news; what is refused now is dropped.
    pub(super) fn do_again(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        for Pending { command, .. } in pending {
            if let Ok(deltas) = plan::apply(&self.open.grid, &command)
                && self.open.grid.fold(&deltas).is_ok()
            {
                self.pending.push_back(Pending { command, deltas });
            }
        }
    }
}
