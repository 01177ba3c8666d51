//! Lines that were set are taken back and done again, in turn with the own changes of the grid.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use domain::plan::Intent;
use leptos::prelude::*;

use super::{Board, Columns, Kept, LineStep, LineTask};

/// Lines that are sent when those before them are answered; the first of them is on its way.
pub(in crate::split) type Waiting = Rc<RefCell<VecDeque<LineTask>>>;

impl Board {
    /// Lines that are not answered yet. Does not track.
    pub(in crate::split) fn waiting_lines(&self) -> Waiting {
        self.lines.kept.with_value(|kept| Rc::clone(&kept.waiting))
    }

    /// How many own changes of the grid were made and not taken back. Does not track.
    pub(in crate::split) fn own_changes(&self) -> i64 {
        self.lines
            .kept
            .try_with_value(|kept| kept.changes)
            .unwrap_or_default()
    }

    /// Keeps what was done, to be taken back; or what was taken back, to be done again. `at`: how many own changes of the grid there
    /// were when it was entered, which may be more by the time it is answered.
    pub(in crate::split) fn keep_step(&self, at: i64, step: LineStep, intent: Option<Intent>) {
        let _left = self.lines.kept.try_update_value(|kept| {
            let at = at.min(kept.changes);
            // As anything that was taken back before an own change it is not done again.
            if intent == Some(Intent::Undo) && at < kept.changes {
                return;
            }
            let step = (at, step);
            match intent {
                Some(Intent::Undo) => kept.redo.push(step),
                Some(Intent::Redo) => kept.undo.push(step),
                None => {
                    kept.redo.clear();
                    kept.undo.push(step);
                }
            }
        });
        let _left = self.lines.told.try_update(|told| *told = told.wrapping_add(1));
    }

    /// Whether lines are what is taken back or done again next; tracks changes.
    pub(in crate::split) fn steps_lines(&self, intent: Intent) -> bool {
        self.lines.told.track();
        self.settled.track();
        let columns = self.columns();
        self.lines
            .kept
            .with_value(|kept| kept.next(intent, columns).is_some())
    }

    /// Takes the lines that are taken back or done again next; none where something else is.
    pub(in crate::split) fn take_step(&self, intent: Intent) -> Option<LineStep> {
        let columns = self.columns_now();
        let step = self.lines.kept.try_update_value(|kept| {
            kept.next(intent, columns)?;
            let steps = match intent {
                Intent::Undo => &mut kept.undo,
                Intent::Redo => &mut kept.redo,
            };
            steps.pop().map(|(_, step)| step)
        });
        step.flatten()
    }

    /// An own change of the grid was taken back or done again.
    pub(in crate::split) fn count_step(&self, intent: Intent) {
        self.lines.kept.update_value(|kept| match intent {
            Intent::Undo => kept.changes -= 1,
            Intent::Redo => kept.changes += 1,
        });
    }
}

impl Kept {
    /// Lines that were set after changes which are gone are taken back after those before them.
    pub(super) fn cap_undo(&mut self) {
        for (at, _) in &mut self.undo {
            *at = (*at).min(self.changes);
        }
    }

    /// The lines that come next, while their dimension is shown.
    fn next(&self, intent: Intent, columns: Columns) -> Option<&LineStep> {
        let steps = match intent {
            Intent::Undo => &self.undo,
            Intent::Redo => &self.redo,
        };
        let (at, step) = steps.last()?;
        let is_turn = match intent {
            // Lines that were not shown are passed over by a change of the grid before them that is taken back: once they are shown
            // they come next, and after it where that is done again first.
            Intent::Undo => *at >= self.changes,
            Intent::Redo => *at == self.changes,
        };
        (is_turn && columns == Columns::Lines(step.by)).then_some(step)
    }
}

#[cfg(test)]
mod tests {
    use domain::line::LineBy;

    use super::*;

    #[test]
    fn a_line_is_taken_back_in_turn_also_where_a_change_before_it_was_not_taken() {
        let by = LineBy::Product;
        let step = LineStep {
            by,
            changes: Vec::new(),
        };
        let mut kept = Kept {
            changes: 1,
            undo: vec![(2, step)],
            ..Kept::default()
        };
        let is_next = |kept: &Kept, columns| kept.next(Intent::Undo, columns).is_some();
        assert!(
            is_next(&kept, Columns::Lines(by)),
            "nothing that stands comes after it"
        );
        kept.cap_undo();
        assert!(is_next(&kept, Columns::Lines(by)));
        assert!(!is_next(&kept, Columns::Periods));
        // One that is made now comes before it.
        kept.changes += 1;
        assert!(!is_next(&kept, Columns::Lines(by)));
    }
}
