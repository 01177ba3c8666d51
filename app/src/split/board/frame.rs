//! What of a plan a frame of a drag changes, and the plan without it.

use domain::level::Level;
use domain::money::Minor;
use domain::plan::{self, NodeIndex, PlanCommand, Refusal, Shape};
use leptos::prelude::*;

use super::followed::Told;
use super::{Board, Place};
use crate::split::preview::{self, Frame, Overlay};
use crate::split::refusal::blockers;

impl Board {
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
        self.lines.renew_moving();
        match moved {
            Some(Some(mut moved)) => {
                // The lines of a row move with those beside and above it, too.
                if !moved.is_empty() && self.lines.count().is_some() {
                    moved.extend(self.rows_in_sight.get_untracked());
                }
                self.framed.update(|count| *count = count.wrapping_add(1));
                self.tell_rows(moved, Told::Frame);
            }
            Some(None) => self.refresh(),
            // The grid was closed.
            None => {}
        }
    }

    /// A hand drags an amount: until it lets go the rows show what that does, and nothing else that is tried meanwhile.
    pub(in crate::split) fn begin_drag(&self) {
        if !self.dragged.get_untracked() {
            self.dragged.set(true);
        }
    }

    /// It let go: the rows show what there is, and what is tried shows itself again.
    pub(in crate::split) fn end_drag(&self) {
        self.preview(None, Vec::new());
        let _gone = self.dragged.try_set(false);
    }

    /// Whether a hand drags an amount; tracks it, and each time one lets go.
    pub(in crate::split) fn is_in_drag(&self) -> bool {
        self.dragged.get()
    }

    /// Whether only rows in sight are shown with what a change would leave, which changes others too. Does not track.
    pub(in crate::split) fn shows_part(&self) -> bool {
        self.state
            .with_value(|state| state.overlay.as_ref().is_some_and(Overlay::is_part))
    }

    /// Whether the lines of rows are shown: those of a row go by the rows beside it, too. Does not track.
    pub(in crate::split) fn shows_lines(&self) -> bool {
        self.lines.count().is_some()
    }

    /// Counts the grids there were: what was worked out of one is worth nothing in the next. Does not track.
    pub(in crate::split) fn settled_times(&self) -> u32 {
        self.settled.get_untracked()
    }

    /// Hedges are bounded by so much from now on, as the server does.
    pub(in crate::split) fn bound_hedges(&self, ppm: u32) {
        let set = self
            .state
            .try_update_value(|state| state.open.grid.set_hedge_limit(ppm));
        // None where the grid was closed.
        if set.is_some() {
            self.settle();
        }
    }

    /// Shows the whole plan as a change of it would leave it, or marks what stands in its way. What was shown before is given up
    /// first: of a large plan there is never more than one such copy.
    pub(in crate::split) fn preview_plan(&self, command: &PlanCommand) -> Result<(), Refusal> {
        let shown = self.state.try_update_value(|state| {
            state.overlay = None;
            let shown = plan::after(&state.open.grid, command);
            state.blocking = shown.as_ref().err().map(blockers).unwrap_or_default();
            state.overlay = Some(Overlay::Plan(shown?));
            Ok(())
        });
        // None where the grid was closed.
        let shown: Result<(), Refusal> = shown.unwrap_or(Ok(()));
        // What a change would do is seen on the target; what cannot be done is seen wherever one is.
        if shown.is_ok() && self.aim.get_untracked() != Level::Target {
            self.aim.set(Level::Target);
        }
        self.lines.renew_moving();
        self.refresh();
        shown
    }

    /// Marks the rows a refusal names; an empty list clears the marks.
    pub(in crate::split) fn mark_blocking(&self, nodes: Vec<NodeIndex>) {
        let moved = self.state.try_update_value(|state| {
            let moved = unlike(&state.blocking, &nodes);
            state.blocking = nodes;
            moved
        });
        self.tell_rows(moved.unwrap_or_default(), Told::Frame);
    }

    /// The amount to show where nobody looks while a drag is under way, as in a hint: it stays until that has ended. Tracks changes.
    pub(in crate::split) fn amount_at_rest(&self, (node, period): Place) -> Minor {
        self.follow(node, Told::Shown);
        self.state.with_value(|state| {
            let other = state.overlay.as_ref().filter(|overlay| !overlay.is_frame());
            let preview = other.and_then(|overlay| overlay.amount((node, period)));
            preview.unwrap_or_else(|| state.open.grid.amount(node, period))
        })
    }

    /// The children's surplus over the node; tracks changes.
    pub(in crate::split) fn hedge(&self, node: NodeIndex) -> Minor {
        self.track_row(node);
        self.state.with_value(|state| {
            let preview = state.overlay.as_ref().and_then(|overlay| overlay.hedge(node));
            preview.unwrap_or_else(|| state.open.grid.hedge(node, None))
        })
    }

    /// What all rows with something below them lack and have too much there; tracks changes, but not what a drag only shows.
    pub(in crate::split) fn all_hedges(&self) -> (Minor, Minor) {
        self.settled.track();
        self.grid(preview::all_hedges)
    }

    /// The same as it is shown, from what there is without the drag; tracks changes.
    pub(in crate::split) fn shown_hedges(&self, settled: (Minor, Minor)) -> (Minor, Minor) {
        self.track_shown();
        self.state.with_value(|state| {
            let preview = state.overlay.as_ref();
            preview.map_or(settled, |overlay| overlay.all_hedges(&state.open.grid, settled))
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

    #[test]
    fn marks_that_stay_tell_nobody() {
        let rows = |rows: &[u32]| rows.iter().copied().map(NodeIndex).collect::<Vec<_>>();
        assert_eq!(unlike(&rows(&[1, 2]), &rows(&[2, 3])), rows(&[1, 3]));
        assert!(unlike(&rows(&[4]), &rows(&[4])).is_empty());
    }
}
