//! What is kept of the open plan outside of the reactive system.

use std::collections::VecDeque;

use domain::plan::{self, Deltas, Entry, NodeIndex, PlanCommand};
use domain::split::{self, OpenGrid};

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
    pub(super) rows: Vec<NodeIndex>,
    pub(super) overlay: Option<Overlay>,
    pub(super) blocking: Vec<NodeIndex>,
    pub(super) marks: Marks,
}

impl State {
    /// Lists the rows that folding and filter leave in sight.
    pub(super) fn layout(&mut self) {
        let shape = self.open.grid.shape();
        let mut rows = Vec::new();
        if self.filter.is_empty() {
            rows.extend(split::in_sight(shape, &self.expanded));
        } else {
            let mut wanted = vec![false; shape.len()];
            for node in shape.nodes() {
                if crate::words::folded(shape.name(node)).contains(&self.filter) {
                    wanted[node.0 as usize] = true;
                    for above in shape.ancestors(node) {
                        wanted[above.0 as usize] = true;
                    }
                }
            }
            rows.extend(shape.nodes().filter(|node| wanted[node.0 as usize]));
        }
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
