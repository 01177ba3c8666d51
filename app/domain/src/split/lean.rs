//! Answers as a page takes them: what changed a lot travels packed, and what would be more to send than the grid is left out.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Applied, PartNews};
use crate::plan::{Deltas, Difference, PackedDeltas, PlanCommand};

/// Changed cells of the largest change that is told cell by cell: several hundred such changes take less than a megabyte to read.
const FEW_CELLS: usize = 64;
/// Bytes of all packed changes of an answer at most. With more the grid is opened anew, which is less to send.
const MOST_BYTES: usize = 7_500_000;
/// Rows whose differences are told, those that were changed most. Nobody reads more of them, and of a change of everybody all would
/// be some hundred megabytes.
const MOST_DIFFERING_ROWS: usize = 64;

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
        self.more_rows = keep_most_changed(&mut self.differences, self.rows);
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

/// Keeps the differences of the rows that were changed most, in the order they have; says how many other rows there were. Rows that
/// were changed as much come in the order of the tree.
fn keep_most_changed(differences: &mut Vec<Difference>, rows: u32) -> u64 {
    // So many cannot be of more rows; and without a tree nobody knows of which they are.
    if differences.len() <= MOST_DIFFERING_ROWS || rows == 0 {
        return 0;
    }
    let row = |difference: &Difference| difference.cell.0 % rows;
    let mut sums: BTreeMap<u32, (i64, i64)> = BTreeMap::new();
    for difference in differences.iter() {
        let (left, now) = sums.entry(row(difference)).or_default();
        *left = left.saturating_add(difference.left.0);
        *now = now.saturating_add(difference.now.0);
    }
    let mut changed: Vec<(Reverse<u64>, u32)> = sums
        .iter()
        .map(|(row, (left, now))| (Reverse(now.abs_diff(*left)), *row))
        .collect();
    let more = changed.len().saturating_sub(MOST_DIFFERING_ROWS);
    if more > 0 {
        changed.sort_unstable();
        let kept: BTreeSet<u32> = changed
            .iter()
            .take(MOST_DIFFERING_ROWS)
            .map(|(_, row)| *row)
            .collect();
        differences.retain(|difference| kept.contains(&row(difference)));
        differences.shrink_to_fit();
    }
    more as u64
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
