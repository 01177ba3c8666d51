//! What of a plan a frame of a drag changes, and the plan without it.

use std::collections::{HashMap, HashSet, VecDeque};

use domain::level::Level;
use domain::money::Minor;
use domain::plan::{self, NodeIndex, PlanCommand, Refusal, Shape};
use leptos::prelude::*;

use super::{Board, Place};
use crate::split::preview::{Frame, Overlay};
use crate::split::refusal::blockers;

/// Rows that are drawn again in one frame; more than an ordinary window shows. Where more rows move, in a very high window, the one
/// in hand and those next to it come first and the others in the frames after, so that no frame takes longer for it.
const ROWS_A_FRAME: usize = 64;

/// Followed rows that are remembered; of those that were scrolled away nothing is to be told.
const MOST_FOLLOWED: usize = 8_192;

/// Whom frames of drags tell: what follows an amount of a row is told only where amounts of that row move.
#[derive(Default)]
pub(super) struct Frames {
    /// What is told by rows, of rows that something follows.
    rows: HashMap<NodeIndex, ArcTrigger>,
    /// Rows that moved and were not told, those that wait longest first; one that was told out of turn may still be named.
    waiting: VecDeque<NodeIndex>,
    /// Rows that moved and were not told.
    untold: HashSet<NodeIndex>,
    /// Those that wait are told with the next frame.
    is_asked: bool,
}

impl Frames {
    /// Rows that moved wait until they are told; those that nothing follows do not.
    fn wait(&mut self, moved: impl IntoIterator<Item = NodeIndex>) {
        for row in moved {
            if self.rows.contains_key(&row) && self.untold.insert(row) {
                self.waiting.push_back(row);
            }
        }
    }

    /// Whom to tell now: of what waits `first`, and so many others.
    fn due(&mut self, first: &[NodeIndex], others: usize) -> Vec<ArcTrigger> {
        let mut due = Vec::new();
        for row in first {
            if self.untold.remove(row) {
                due.extend(self.rows.get(row).cloned());
            }
        }
        let mut left = others;
        while left > 0
            && let Some(row) = self.waiting.pop_front()
        {
            if self.untold.remove(&row) {
                due.extend(self.rows.get(&row).cloned());
                left -= 1;
            }
        }
        if self.untold.is_empty() {
            self.waiting.clear();
        }
        due
    }
}

impl Board {
    /// Follows what is shown of a row.
    pub(super) fn track_row(&self, node: NodeIndex) {
        self.tick.track();
        let trigger = self
            .frames
            .try_update_value(|frames| frames.rows.entry(node).or_default().clone());
        if let Some(trigger) = trigger {
            trigger.track();
        }
    }

    /// Everybody is told of everything: whoever follows a row afterwards says so again.
    pub(super) fn forget_rows(&self) {
        self.frames.try_update_value(|frames| {
            frames.rows.clear();
            frames.waiting.clear();
            frames.untold.clear();
        });
    }

    /// Shows the effect of a change that is not made yet and marks what stands in its way; `None` ends it.
    pub(in crate::split) fn preview(&self, overlay: Option<Overlay>, blocking: Vec<NodeIndex>) {
        // What a change would do is seen on the target.
        if overlay.is_some() && self.aim.get_untracked() != Level::Target {
            self.aim.set(Level::Target);
        }
        let moved = self.state.try_update_value(|state| {
            let before = std::mem::replace(&mut state.overlay, overlay);
            let mut moved = unlike(&state.blocking, &blocking);
            state.blocking = blocking;
            let nothing = Frame::default();
            let before = frame_of(before.as_ref(), &nothing)?;
            let now = frame_of(state.overlay.as_ref(), &nothing)?;
            moved.extend(now.differs(before));
            Some(moved)
        });
        match moved {
            Some(Some(moved)) => {
                self.framed.update(|count| *count = count.wrapping_add(1));
                self.tell_rows(moved);
            }
            Some(None) => self.refresh(),
            // The grid was closed.
            None => {}
        }
    }

    /// Shows the whole plan as a change of it would leave it, or marks what stands in its way. What was shown before is given up
    /// first: of a large plan there is never more than one such copy.
    pub(in crate::split) fn preview_plan(&self, command: &PlanCommand) -> Result<(), Refusal> {
        if self.aim.get_untracked() != Level::Target {
            self.aim.set(Level::Target);
        }
        let shown = self.state.try_update_value(|state| {
            state.overlay = None;
            let shown = plan::after(&state.open.grid, command);
            state.blocking = shown.as_ref().err().map(blockers).unwrap_or_default();
            state.overlay = Some(Overlay::Plan(shown?));
            Ok(())
        });
        self.refresh();
        // The grid was closed otherwise.
        shown.unwrap_or(Ok(()))
    }

    /// Marks the rows a refusal names; an empty list clears the marks.
    pub(in crate::split) fn mark_blocking(&self, nodes: Vec<NodeIndex>) {
        let moved = self.state.try_update_value(|state| {
            let moved = unlike(&state.blocking, &nodes);
            state.blocking = nodes;
            moved
        });
        self.tell_rows(moved.unwrap_or_default());
    }

    /// The rows that stand in the page now; of those that stood there before nobody needs to be told.
    pub(in crate::split) fn put_in_sight(&self, rows: Vec<NodeIndex>) {
        self.rows_in_sight.set(rows);
        let followed = self.frames.try_with_value(|frames| frames.rows.len());
        if followed > Some(MOST_FOLLOWED) {
            self.refresh();
        }
    }

    /// Tells those who follow rows that these moved: as many as a frame has time for, and the others in the next ones.
    fn tell_rows(&self, mut moved: Vec<NodeIndex>) {
        let hand = self.selected.get_untracked();
        let first: Vec<NodeIndex> = self.shape(|shape| {
            let known = Some(hand).filter(|hand| shape.has(*hand));
            known
                .into_iter()
                .flat_map(|hand| std::iter::once(hand).chain(shape.ancestors(hand)))
                .collect()
        });
        if moved.len() > ROWS_A_FRAME {
            moved.sort_by_key(|row| row.0.abs_diff(hand.0));
        }
        let due = self.frames.try_update_value(|frames| {
            frames.wait(moved);
            // Those that wait have this frame already.
            let others = if frames.is_asked { 0 } else { ROWS_A_FRAME };
            frames.due(&first, others)
        });
        self.tell_due(due.unwrap_or_default());
    }

    fn tell_due(&self, due: Vec<ArcTrigger>) {
        due.notify();
        let asks = self.frames.try_update_value(|frames| {
            let asks = !frames.is_asked && !frames.untold.is_empty();
            frames.is_asked |= asks;
            asks
        });
        if asks == Some(true) {
            let board = *self;
            request_animation_frame(move || {
                // None once the page was left.
                let due = board.frames.try_update_value(|frames| {
                    frames.is_asked = false;
                    frames.due(&[], ROWS_A_FRAME)
                });
                board.tell_due(due.unwrap_or_default());
            });
        }
    }

    /// The amount to show where nobody looks while a drag is under way, as in a hint: it stays until that has ended. Tracks changes.
    pub(in crate::split) fn amount_at_rest(&self, (node, period): Place) -> Minor {
        self.tick.track();
        self.state.with_value(|state| {
            let other = state.overlay.as_ref().filter(|overlay| !overlay.is_frame());
            let preview = other.and_then(|overlay| overlay.amount((node, period)));
            preview.unwrap_or_else(|| state.open.grid.amount(node, period))
        })
    }

    /// Whether what is shown is the whole plan as a change of it would leave it. Does not track.
    pub(in crate::split) fn is_other_plan(&self) -> bool {
        self.state
            .with_value(|state| state.overlay.as_ref().is_some_and(|overlay| !overlay.is_frame()))
    }

    /// Reads what [`Self::with_shown`] does, without the frame of a drag. Does not track.
    pub(in crate::split) fn with_base<T>(
        &self,
        read: impl FnOnce(&Shape, u32, &dyn Fn(NodeIndex) -> Minor) -> T,
    ) -> T {
        self.state.with_value(|state| {
            let grid = &state.open.grid;
            let other = state.overlay.as_ref().filter(|overlay| !overlay.is_frame());
            let total = |node: NodeIndex| {
                let preview = other.and_then(|overlay| overlay.amount((node, None)));
                preview.unwrap_or_else(|| grid.amount(node, None))
            };
            read(grid.shape(), state.open.offset, &total)
        })
    }

    /// Reads the rows that the frame of a drag changes, each with its total before and now; nothing outside of one. Does not
    /// track.
    pub(in crate::split) fn with_frame<T>(
        &self,
        read: impl FnOnce(&Shape, &[(NodeIndex, Minor, Minor)]) -> T,
    ) -> T {
        self.state.with_value(|state| {
            let grid = &state.open.grid;
            let changes: Vec<(NodeIndex, Minor, Minor)> = match &state.overlay {
                Some(Overlay::Frame(frame)) => frame
                    .totals()
                    .map(|(node, now)| (node, grid.amount(node, None), now))
                    .collect(),
                _ => Vec::new(),
            };
            read(grid.shape(), &changes)
        })
    }
}

/// The frame of a drag that is shown; nothing is shown as one without rows, and what a change of the whole plan would leave is none.
fn frame_of<'a>(overlay: Option<&'a Overlay>, nothing: &'a Frame) -> Option<&'a Frame> {
    match overlay {
        None => Some(nothing),
        Some(Overlay::Frame(frame)) => Some(frame),
        Some(Overlay::Plan(_)) => None,
    }
}

/// Rows that only one of two lists names.
fn unlike(before: &[NodeIndex], now: &[NodeIndex]) -> Vec<NodeIndex> {
    let gone = before.iter().filter(|row| !now.contains(row));
    let come = now.iter().filter(|row| !before.contains(row));
    gone.chain(come).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn followed(rows: u32) -> Frames {
        Frames {
            rows: (0..rows).map(|row| (NodeIndex(row), ArcTrigger::new())).collect(),
            ..Frames::default()
        }
    }

    #[test]
    fn a_frame_tells_so_many_rows_and_the_next_one_the_others() {
        let mut frames = followed(100);
        // Nothing follows the last two.
        frames.wait((0..102).map(NodeIndex));
        assert_eq!(
            frames.due(&[NodeIndex(99), NodeIndex(0)], 64).len(),
            66,
            "two out of turn"
        );
        // They move again before all were told: those that wait longest come first.
        frames.wait((0..100).map(NodeIndex));
        assert_eq!(frames.due(&[], 64).len(), 64);
        assert!(!frames.untold.contains(&NodeIndex(98)), "it waited longest");
        assert_eq!(frames.due(&[], 64).len(), 36);
        assert!(frames.due(&[], 64).is_empty());
        assert!(frames.waiting.is_empty());
    }

    #[test]
    fn marks_that_stay_tell_nobody() {
        let rows = |rows: &[u32]| rows.iter().copied().map(NodeIndex).collect::<Vec<_>>();
        assert_eq!(unlike(&rows(&[1, 2]), &rows(&[2, 3])), rows(&[1, 3]));
        assert!(unlike(&rows(&[4]), &rows(&[4])).is_empty());
    }
}
