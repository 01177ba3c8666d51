//! Who follows which row of the page, and when they are told: of what a change does to all rows, and of what a frame of a drag does
//! to some, never of more at once than a frame has time for. What a row has in all comes first, so that a column of totals sums up in
//! every frame; its periods come with the frames after it.

mod pace;

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet, VecDeque};

use domain::plan::NodeIndex;
use leptos::prelude::*;

use super::{Board, Place};
use crate::split::clock::now_ms;

/// Rows of which the total, and what goes by it, is drawn in the very frame that moves them, the nearest to the hand before the others:
/// as many as an ordinary window has.
const ROWS_AT_ONCE: usize = 48;

/// Followed rows that are remembered; of those that were scrolled away nothing is to be told.
const MOST_FOLLOWED: usize = 8_192;

/// What happened to a row; each is told to those who follow what is before it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Told {
    /// A frame of a drag moves it.
    Frame,
    /// What is shown of the plan is another.
    Shown,
    /// The grid itself is another.
    Settled,
}

/// Those who follow a row, by what they want to be told of.
#[derive(Clone, Default)]
struct Followed {
    /// What is told of it at all, later than to the others: its amounts in periods.
    periods: ArcTrigger,
    frame: ArcTrigger,
    shown: ArcTrigger,
    settled: ArcTrigger,
}

impl Followed {
    fn trigger(&self, told: Told) -> &ArcTrigger {
        match told {
            Told::Frame => &self.frame,
            Told::Shown => &self.shown,
            Told::Settled => &self.settled,
        }
    }

    /// Whom to tell.
    fn due(&self, told: Told) -> impl Iterator<Item = ArcTrigger> + '_ {
        let all = [Told::Frame, Told::Shown, Told::Settled].into_iter();
        all.filter(move |one| *one <= told)
            .map(move |one| self.trigger(one).clone())
    }
}

/// Whom changes and frames of drags tell: what follows an amount of a row is told by a frame only where amounts of that row move.
#[derive(Default)]
pub(super) struct Frames {
    /// What is told by rows, of rows that something follows.
    rows: HashMap<NodeIndex, Followed>,
    /// Rows that moved and were not told, those that wait longest first; one that was told out of turn may still be named.
    waiting: VecDeque<NodeIndex>,
    /// Rows that were not told, and of what; of nothing where only their periods were not.
    untold: HashMap<NodeIndex, Option<Told>>,
    /// Those that wait are told with the next frame.
    is_asked: bool,
    /// When something moved first since the last frame.
    moved_at_ms: Option<f64>,
}

impl Frames {
    /// Rows wait until they are told; those that nothing follows do not.
    fn wait(&mut self, moved: impl IntoIterator<Item = NodeIndex>, told: Told) {
        for row in moved {
            if !self.rows.contains_key(&row) {
                continue;
            }
            match self.untold.entry(row) {
                Entry::Occupied(mut waits) => {
                    let most = (*waits.get()).max(Some(told));
                    waits.insert(most);
                }
                Entry::Vacant(place) => {
                    place.insert(Some(told));
                    self.waiting.push_back(row);
                }
            }
        }
    }

    /// Leaves out the rows that nothing follows.
    fn keep_followed(&self, rows: &mut Vec<NodeIndex>) {
        rows.retain(|row| self.rows.contains_key(row));
    }

    /// Whom to tell now: of what waits all of `first`, all but the periods of `heads`, and all of so many others.
    fn due(&mut self, first: &[NodeIndex], heads: &[NodeIndex], others: usize) -> Vec<ArcTrigger> {
        let mut due = Vec::new();
        for row in first {
            self.take(*row, &mut due);
        }
        for row in heads {
            if let Some(told) = self.untold.get_mut(row).and_then(Option::take)
                && let Some(followed) = self.rows.get(row)
            {
                due.extend(followed.due(told));
            }
        }
        let mut left = others;
        while left > 0
            && let Some(row) = self.waiting.pop_front()
        {
            left -= usize::from(self.take(row, &mut due));
        }
        if self.untold.is_empty() {
            self.waiting.clear();
        }
        due
    }

    /// Takes a row that waits; whether it did.
    fn take(&mut self, row: NodeIndex, due: &mut Vec<ArcTrigger>) -> bool {
        let Some(told) = self.untold.remove(&row) else {
            return false;
        };
        if let Some(followed) = self.rows.get(&row) {
            due.extend(told.into_iter().flat_map(|told| followed.due(told)));
            due.push(followed.periods.clone());
        }
        true
    }

    /// Rows that are not in the page are not followed any more: whom to tell that once. Who follows one all the same says so again;
    /// so everybody has to be told, whatever they wait for: what they follow is told of nothing any more.
    fn leave(&mut self, in_sight: &[NodeIndex]) -> Vec<ArcTrigger> {
        let kept: HashSet<NodeIndex> = in_sight.iter().copied().collect();
        let mut due = Vec::new();
        let untold = &mut self.untold;
        self.rows.retain(|row, followed| {
            if kept.contains(row) {
                return true;
            }
            untold.remove(row);
            due.extend(followed.due(Told::Settled));
            due.push(followed.periods.clone());
            false
        });
        due
    }
}

impl Board {
    /// Follows what is shown of a row in all.
    pub(super) fn track_row(&self, node: NodeIndex) {
        self.follow(node, Told::Frame);
    }

    /// Follows what is shown of a row in its periods, and what else stands in their columns: drawn a frame or a few after its total.
    pub(super) fn track_periods(&self, node: NodeIndex) {
        self.track(node, |followed| &followed.periods);
    }

    /// Follows the amount of a place.
    pub(super) fn track_place(&self, (node, period): Place) {
        match period {
            Some(_) => self.track_periods(node),
            None => self.track_row(node),
        }
    }

    /// Follows something of a row, up to what is told of it.
    pub(super) fn follow(&self, node: NodeIndex, told: Told) {
        self.track(node, |followed| followed.trigger(told));
    }

    fn track(&self, node: NodeIndex, which: impl FnOnce(&Followed) -> &ArcTrigger) {
        let trigger = self
            .frames
            .try_update_value(|frames| which(frames.rows.entry(node).or_default()).clone());
        if let Some(trigger) = trigger {
            trigger.track();
        }
    }

    /// Everybody who follows a row is told: of the rows in the page as many as a frame has time for, and the others in the next
    /// ones; of rows that are not there at once, as nothing of them is drawn.
    fn tell_all(&self, told: Told) {
        let in_sight = self.rows_in_sight.try_get_untracked().unwrap_or_default();
        let gone = self.frames.try_update_value(|frames| frames.leave(&in_sight));
        gone.unwrap_or_default().notify();
        self.tell_rows(in_sight, told);
    }

    /// How many changes are pending; also tells the page.
    pub(super) fn refresh(&self) {
        self.show_anew(Told::Shown);
    }

    /// The grid itself is another.
    pub(super) fn settle(&self) {
        self.lines.renew();
        self.show_anew(Told::Settled);
        self.settled.update(|count| *count = count.wrapping_add(1));
    }

    /// How often the grid itself has changed. Does not track.
    pub(in crate::split) fn settled_now(&self) -> u32 {
        self.settled.get_untracked()
    }

    fn show_anew(&self, told: Told) {
        self.unsaved
            .set(self.state.with_value(|state| state.pending.len()));
        self.tick.update(|tick| *tick = tick.wrapping_add(1));
        self.tell_all(told);
    }

    /// The rows that stand in the page now, and which of them are within the grid's window; of those that stood there before nobody needs to be told.
    pub(in crate::split) fn put_in_sight(&self, rows: Vec<NodeIndex>, in_view: HashSet<NodeIndex>) {
        self.in_view.set_value(in_view);
        self.rows_in_sight.set(rows);
        let followed = self.frames.try_with_value(|frames| frames.rows.len());
        if followed > Some(MOST_FOLLOWED) {
            let in_sight = self.rows_in_sight.get_untracked();
            let gone = self.frames.try_update_value(|frames| frames.leave(&in_sight));
            gone.unwrap_or_default().notify();
        }
    }

    /// Tells those who follow rows what happened to these: of the whole of each as many as are in an ordinary window, of the periods of
    /// the row in hand, and of everything else in the next frames.
    pub(super) fn tell_rows(&self, mut moved: Vec<NodeIndex>, told: Told) {
        let hand = self.selected.get_untracked();
        // Lines are worked out for all that is beside a row: what is not in the page takes no room among the nearest.
        let _gone = self
            .frames
            .try_with_value(|frames| frames.keep_followed(&mut moved));
        let mut at_once = moved.len();
        let first: Vec<NodeIndex> = self.shape(|shape| {
            let known = Some(hand).filter(|hand| shape.has(*hand));
            let first = known
                .into_iter()
                .flat_map(|hand| std::iter::once(hand).chain(shape.ancestors(hand)))
                .collect();
            if moved.len() > 1 {
                // What one gives, those beside it take; what is scrolled away is drawn for when it is scrolled back.
                let above = known.and_then(|hand| shape.parent(hand));
                let is_beside =
                    |row: NodeIndex| above.is_some() && shape.has(row) && shape.parent(row) == above;
                moved.sort_by_key(|row| (!is_beside(*row), row.0.abs_diff(hand.0), row.0));
                moved.dedup();
                self.in_view.with_value(|view| {
                    moved.sort_by_key(|row| !view.contains(row));
                    at_once = moved.iter().take_while(|row| view.contains(*row)).count();
                });
            }
            first
        });
        let due = self.frames.try_update_value(|frames| {
            frames.moved_at_ms.get_or_insert_with(now_ms);
            frames.wait(moved.iter().copied(), told);
            let others = if document().hidden() {
                // A page that is not in front gets no frames: nobody waits for one, and nobody sees how long it takes.
                usize::MAX
            } else {
                // A movement is told within the frame it belongs to, and so are those who wait for that frame: they would be told
                // twice as many.
                0
            };
            let nearest = moved.get(..at_once.min(ROWS_AT_ONCE)).unwrap_or(&moved);
            frames.due(&first, nearest, others)
        });
        self.tell_due(due.unwrap_or_default());
    }
}

#[cfg(test)]
mod tests;
