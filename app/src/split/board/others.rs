//! What others change while the grid is open: marked with their names for a while.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::id::UserId;
use domain::plan::{CellIndex, Deltas};
use domain::split::{Applied, Large, PartNews};
use leptos::prelude::*;

use super::state::State;
use super::{Board, Place};

/// How long a name is shown beside what its bearer changed.
const SHOWN: Duration = Duration::from_secs(6);
/// Places that one answer marks at most: of a large block the first ones tell enough.
const MOST_MARKED: usize = 200;

/// Who changed a place just now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::split) struct Other {
    /// The name.
    pub(in crate::split) name: String,
    /// With which command.
    pub(in crate::split) seq: u64,
}

/// Places that others changed just now.
pub(in crate::split) type Others = BTreeMap<Place, Other>;

impl State {
    /// The places that others' commands after the head name; of what was taken back or done again, those it changed.
    pub(super) fn of_others(&self, news: &Applied) -> Vec<(Place, Other)> {
        let entries = news
            .entries
            .iter()
            .filter(|entry| entry.seq > self.open.head && entry.author != self.open.me);
        entries
            .flat_map(|entry| {
                let first = || first_cells(entry.seq, &entry.deltas, &news.large);
                self.marked((entry.seq, entry.author), entry.command.named(), first)
            })
            .take(MOST_MARKED)
            .collect()
    }

    /// The same where the grid is a part of a version: a command that named no place of it is known by what it changed.
    pub(super) fn of_part(&self, news: &PartNews) -> Vec<(Place, Other)> {
        let changes = news
            .changes
            .iter()
            .filter(|change| change.seq > self.open.head && change.author != self.open.me);
        changes
            .flat_map(|change| {
                let first = || first_cells(change.seq, &change.deltas, &news.large);
                self.marked((change.seq, change.author), change.places.clone(), first)
            })
            .take(MOST_MARKED)
            .collect()
    }

    /// The places of one command with whose it is: those it names, or else those it changed.
    fn marked(
        &self,
        (seq, author): (u64, UserId),
        mut places: Vec<Place>,
        first: impl FnOnce() -> Vec<CellIndex>,
    ) -> Vec<(Place, Other)> {
        if places.is_empty() {
            let shape = self.open.grid.shape();
            let first = first().into_iter().map(|cell| shape.place(cell));
            places.extend(first.map(|(node, period)| (node, Some(period))));
        }
        let other = Other {
            name: self.open.people.get(&author).cloned().unwrap_or_default(),
            seq,
        };
        let marked = places.into_iter().map(|place| (place, other.clone()));
        marked.collect()
    }
}

/// The first cells that a command changed.
fn first_cells(seq: u64, deltas: &Deltas, large: &[Large]) -> Vec<CellIndex> {
    match Large::of(large, seq) {
        Some(large) => large.deltas.first_cells(MOST_MARKED),
        None => {
            let cells = deltas.cells.iter().take(MOST_MARKED);
            cells.map(|delta| delta.cell).collect()
        }
    }
}

impl Board {
    /// Marks what others changed, and takes the marks away after a while.
    pub(super) fn tell(&self, others: Vec<(Place, Other)>) {
        let Some(last) = others.last().map(|(_, other)| other.seq) else {
            return;
        };
        let marks = self.others;
        marks.update(|marks| marks.extend(others));
        set_timeout(
            move || {
                marks.try_update(|marks| marks.retain(|_, other| other.seq > last));
            },
            SHOWN,
        );
    }

    /// Who changed a place just now; tracks changes.
    pub(in crate::split) fn changed_by(&self, place: Place) -> Option<String> {
        self.others
            .with(|others| others.get(&place).map(|other| other.name.clone()))
    }

    /// The last change of somebody else that is still marked: who, and in which row; tracks changes.
    pub(in crate::split) fn last_of_others(&self) -> Option<(String, domain::plan::NodeIndex)> {
        self.others.with(|others| {
            let last = others.iter().max_by_key(|(_, other)| other.seq);
            last.map(|((node, _), other)| (other.name.clone(), *node))
        })
    }
}
