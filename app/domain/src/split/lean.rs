//! Answers as a page takes them: what changed a lot travels packed, and what would be more to send than the grid is left out.

use serde::{Deserialize, Serialize};

use super::{Applied, PartNews};
use crate::plan::{Deltas, PackedDeltas, PlanCommand};

/// Changed cells of the largest change that is told cell by cell: several hundred such changes take less than a megabyte to read.
const FEW_CELLS: usize = 64;
/// Bytes of all packed changes of an answer at most. With more the grid is opened anew, which is less to send.
const MOST_BYTES: usize = 7_500_000;

/// A change that is told packed, beside the list of changes: there it is without its cells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Large {
    /// The command's position in the version's log, from 1.
    pub seq: u64,
    /// What it changed.
    pub deltas: PackedDeltas,
}

impl Large {
    /// The one of a command, where it is among them.
    pub fn of(all: &[Self], seq: u64) -> Option<&Self> {
        all.iter().find(|large| large.seq == seq)
    }
}

impl Applied {
    /// The same for a page, which has the state before: what changed a lot is in [`Applied::large`] and not in its entry. Where all of
    /// it is more than the grid, it says that the page is behind; its entries come without what they changed then.
    #[must_use]
    pub fn lean(self) -> Self {
        self.lean_within(MOST_BYTES)
    }

    fn lean_within(mut self, most: usize) -> Self {
        for entry in &mut self.entries {
            if let PlanCommand::Restore { deltas, .. } = &mut entry.command
                && is_large(deltas)
            {
                // The entry says the same.
                *deltas = Deltas::default();
            }
        }
        let entries = self.entries.iter_mut();
        let changes = entries.map(|entry| (entry.seq, &mut entry.deltas));
        match packed(changes, most) {
            Some(large) => self.large = large,
            None => self.behind = true,
        }
        self
    }
}

impl PartNews {
    /// The same for a page, as [`Applied::lean`].
    #[must_use]
    pub fn lean(self) -> Self {
        self.lean_within(MOST_BYTES)
    }

    fn lean_within(mut self, most: usize) -> Self {
        let changes = self.changes.iter_mut();
        let changes = changes.map(|change| (change.seq, &mut change.deltas));
        match packed(changes, most) {
            Some(large) => self.large = large,
            None => {
                self.changes = Vec::new();
                self.behind = true;
            }
        }
        self
    }
}

fn is_large(deltas: &Deltas) -> bool {
    deltas.count() > FEW_CELLS
}

/// Takes out what changed a lot and packs it; none where all of it takes more bytes than that. Each list is dropped before the next
/// one is packed.
fn packed<'a>(changes: impl Iterator<Item = (u64, &'a mut Deltas)>, most: usize) -> Option<Vec<Large>> {
    let mut left = Some(most);
    let mut large = Vec::new();
    for (seq, deltas) in changes.filter(|(_, deltas)| is_large(deltas)) {
        let deltas = std::mem::take(deltas);
        // What does not fit any more is taken out all the same.
        let Some(before) = left else { continue };
        let deltas = deltas.packed();
        left = before.checked_sub(deltas.size());
        large.push(Large { seq, deltas });
    }
    left.map(|_| large)
}

#[cfg(test)]
#[path = "lean_tests.rs"]
mod tests;
