//! Lines that were entered and are not in the plan: on their way, refused, or no amounts; and what is taken back next. They go
//! with the page and the tab as changes of the grid do.

use std::collections::BTreeSet;

use domain::line::LineBy;
use domain::line::rows::{LineAnswer, LineChanged};
use domain::plan::{Intent, NodeIndex, PeriodIndex};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Board, Columns, LineChange, LineStep, Place};
use crate::error::AppError;

/// Why a line was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::split) enum NoLine {
    /// Somebody changed it meanwhile.
    Changed(LineChanged),
    /// The server refused it.
    Error(AppError),
}

/// A line of a row that was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedLine {
    /// By what the row is cut.
    pub(in crate::split) by: LineBy,
    /// What was wanted.
    pub(in crate::split) change: LineChange,
    /// Why it is not so.
    pub(in crate::split) why: NoLine,
}

/// A text that is no amount, where it was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct WrongLine {
    by: LineBy,
    node: NodeIndex,
    key: String,
    /// In which period; none: over the whole plan.
    #[serde(default)]
    period: Option<PeriodIndex>,
    text: String,
}

/// Lines that are changed together, as far as the server has answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::split) struct LineTask {
    /// What is not answered yet.
    pub(in crate::split) step: LineStep,
    /// What was taken.
    pub(in crate::split) done: Vec<LineChange>,
    /// Whether it takes something back or does it again.
    pub(in crate::split) intent: Option<Intent>,
    /// How many own changes of the grid there were when it was entered; in what is kept, as of the last of them.
    #[serde(default)]
    pub(in crate::split) at: i64,
}

/// What is kept of the lines of a grid while it is not there. Rows count from the top of the whole version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::split) struct KeptLines {
    waiting: Vec<LineTask>,
    /// With how many own changes of the grid were made since.
    undo: Vec<(i64, LineStep)>,
    redo: Vec<(i64, LineStep)>,
    refused: Vec<RefusedLine>,
    wrong: Vec<WrongLine>,
}

impl KeptLines {
    /// Whether there is nothing to keep.
    pub(in crate::split) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What of it goes with the draft that continues a version: what was not taken, and what is no amount. The rest is of the version
    /// in which it was made.
    pub(in crate::split) fn left_over(self) -> Self {
        Self {
            refused: self.refused,
            wrong: self.wrong,
            ..Self::default()
        }
    }

    /// The same with rows that count from elsewhere.
    fn moved(mut self, to: impl Fn(NodeIndex) -> NodeIndex) -> Self {
        let move_step = |step: &mut LineStep| {
            for change in &mut step.changes {
                change.node = to(change.node);
            }
        };
        for task in &mut self.waiting {
            move_step(&mut task.step);
            for change in &mut task.done {
                change.node = to(change.node);
            }
        }
        for (_, step) in self.undo.iter_mut().chain(&mut self.redo) {
            move_step(step);
        }
        for refused in &mut self.refused {
            refused.change.node = to(refused.change.node);
        }
        for wrong in &mut self.wrong {
            wrong.node = to(wrong.node);
        }
        self
    }
}

impl Board {
    /// What is to be kept of the lines when the grid is closed. Does not track.
    pub(in crate::split) fn keep_lines(&self) -> KeptLines {
        let refused = self.lines.refused.try_get_untracked().unwrap_or_default();
        let wrong = self.lines.wrong.try_get_untracked().unwrap_or_default();
        let kept = self.lines.kept.try_with_value(|kept| {
            let since = |steps: &[(i64, LineStep)]| {
                let since = steps.iter().map(|(at, step)| (at - kept.changes, step.clone()));
                since.collect()
            };
            KeptLines {
                waiting: kept
                    .waiting
                    .borrow()
                    .iter()
                    .map(|task| LineTask {
                        at: task.at - kept.changes,
                        ..task.clone()
                    })
                    .collect(),
                undo: since(&kept.undo),
                redo: since(&kept.redo),
                refused,
                wrong,
            }
        });
        let kept = kept.unwrap_or_default();
        if kept.is_empty() {
            return kept;
        }
        let top = self.about(|open| open.offset);
        kept.moved(|node| NodeIndex(node.0.saturating_add(top)))
    }

    /// Takes up what the last grid of the version left, but for what waits, which it answers: that is to be sent.
    pub(in crate::split) fn take_up_lines(&self, kept: KeptLines) -> Vec<LineTask> {
        // What is above the part that is shown now has no row here.
        let (top, rows) = self.about(|open| (open.offset, open.grid.shape().end(NodeIndex(0)).0));
        let is_here = |node: &NodeIndex| node.0 < rows;
        let mut kept = kept.moved(|node| NodeIndex(node.0.wrapping_sub(top)));
        let all_here = |step: &LineStep| step.changes.iter().all(|change| is_here(&change.node));
        kept.undo.retain(|(_, step)| all_here(step));
        kept.redo.retain(|(_, step)| all_here(step));
        kept.waiting
            .retain(|task| all_here(&task.step) && task.done.iter().all(|change| is_here(&change.node)));
        kept.refused.retain(|refused| is_here(&refused.change.node));
        kept.wrong.retain(|wrong| is_here(&wrong.node));
        let changes = self.own_changes();
        for task in &mut kept.waiting {
            task.at += changes;
        }
        self.lines.kept.update_value(|now| {
            let at = |(since, step): (i64, LineStep)| (since + changes, step);
            now.undo = kept.undo.into_iter().map(at).collect();
            now.redo = kept.redo.into_iter().map(at).collect();
        });
        self.lines.refused.set(kept.refused);
        self.lines.wrong.set(kept.wrong);
        self.lines.told.update(|told| *told = told.wrapping_add(1));
        kept.waiting
    }

    /// The line that is sent next, and by what its row is cut. Does not track.
    pub(in crate::split) fn next_line(&self) -> Option<(LineBy, LineChange)> {
        let waiting = self.waiting_lines();
        let waiting = waiting.borrow();
        let LineTask { step, .. } = waiting.front()?;
        Some((step.by, step.changes.first()?.clone()))
    }

    /// Takes in what became of the line that was sent: what was not taken is as the server has it, and its cell says why.
    pub(in crate::split) fn settle_line(&self, answer: Result<LineAnswer, AppError>) {
        let why = match answer {
            Ok(LineAnswer::Done) => None,
            Ok(LineAnswer::Changed(changed)) => Some(NoLine::Changed(changed)),
            Err(error) => Some(NoLine::Error(error)),
        };
        let waiting = self.waiting_lines();
        let mut waiting = waiting.borrow_mut();
        let Some(task) = waiting.front_mut().filter(|task| !task.step.changes.is_empty()) else {
            return;
        };
        let by = task.step.by;
        let change = task.step.changes.remove(0);
        if why.is_none() {
            task.done.push(change.clone());
        }
        let is_last = task.step.changes.is_empty();
        let ended = if is_last { waiting.pop_front() } else { None };
        drop(waiting);
        if let Some(why) = why {
            let now = match &why {
                NoLine::Changed(changed) => changed.now.clone(),
                NoLine::Error(_) => change.before.clone(),
            };
            self.put_line(by, change.place(), &change.key, now);
            let refused = RefusedLine { by, change, why };
            self.lines.refused.update(|all| {
                all.retain(|known| !known.is_at(by, refused.change.place(), &refused.change.key));
                all.push(refused);
            });
        }
        if let Some(LineTask { done, intent, at, .. }) = ended {
            if !done.is_empty() {
                self.keep_step(at, LineStep { by, changes: done }, intent);
            }
            let desk = self.desk();
            desk.heard.update(|heard| *heard += 1);
            desk.busy.update(|busy| *busy = busy.saturating_sub(1));
        }
    }

    /// A line of a row that was not taken, over the whole plan or in a period; tracks changes.
    pub(in crate::split) fn refused_line(&self, place: Place, key: &str) -> Option<RefusedLine> {
        let Columns::Lines(by) = self.columns() else {
            return None;
        };
        self.lines.refused.with(|refused| {
            let mut refused = refused.iter();
            refused.find(|refused| refused.is_at(by, place, key)).cloned()
        })
    }

    /// Of which other periods, or of the whole plan (none), lines that are shown were not taken or are no amounts: their cells are not
    /// in sight. Tracks changes.
    pub(in crate::split) fn lines_elsewhere(&self) -> Vec<Option<PeriodIndex>> {
        let Columns::Lines(by) = self.columns() else {
            return Vec::new();
        };
        let shown = self.line_period();
        let of_plan = self.about(|open| open.periods.len());
        let found = self.lines.refused.with(|refused| {
            let wrong = &self.lines.wrong;
            wrong.with(|wrong| elsewhere((by, shown), refused, wrong))
        });
        let is_here =
            |period: &Option<PeriodIndex>| period.is_none_or(|period| usize::from(period.0) < of_plan);
        found.into_iter().filter(is_here).collect()
    }

    /// Forgets that lines were not taken: they are entered anew, or left.
    pub(in crate::split) fn forget_refused(&self, by: LineBy, changes: &[LineChange]) {
        let is_meant = |refused: &RefusedLine| {
            let mut changes = changes.iter();
            changes.any(|change| refused.is_at(by, change.place(), &change.key))
        };
        // Cells follow it: nothing is told where nothing changes.
        if self.lines.refused.with_untracked(|all| all.iter().any(is_meant)) {
            self.lines
                .refused
                .update(|all| all.retain(|refused| !is_meant(refused)));
        }
    }

    /// What was typed into a line of a row and is no amount; tracks it.
    pub(in crate::split) fn wrong_line(&self, place: Place, key: &str) -> Option<String> {
        let Columns::Lines(by) = self.columns() else {
            return None;
        };
        self.lines.wrong.with(|wrong| {
            let here = wrong.iter().find(|wrong| wrong.is_at(by, place, key));
            here.map(|wrong| wrong.text.clone())
        })
    }

    /// Keeps a text that is no amount where it was typed.
    pub(in crate::split) fn keep_wrong_line(&self, place: Place, key: &str, text: &str) {
        let Columns::Lines(by) = self.columns_now() else {
            return;
        };
        self.lines.wrong.update(|wrong| {
            wrong.retain(|wrong| !wrong.is_at(by, place, key));
            let (node, period) = place;
            wrong.push(WrongLine {
                by,
                node,
                key: key.to_owned(),
                period,
                text: text.to_owned(),
            });
        });
    }

    /// What was typed into a line is right now, or given up.
    pub(in crate::split) fn forget_wrong_line(&self, place: Place, key: &str) {
        let Columns::Lines(by) = self.columns_now() else {
            return;
        };
        let is_meant = |wrong: &WrongLine| wrong.is_at(by, place, key);
        if self.lines.wrong.with_untracked(|all| all.iter().any(is_meant)) {
            self.lines
                .wrong
                .update(|all| all.retain(|wrong| !is_meant(wrong)));
        }
    }
}

/// Where lines of a dimension were not taken or are no amounts, but for the period that is shown.
fn elsewhere(
    (by, shown): (LineBy, Option<PeriodIndex>),
    refused: &[RefusedLine],
    wrong: &[WrongLine],
) -> BTreeSet<Option<PeriodIndex>> {
    let refused = refused.iter().map(|refused| (refused.by, refused.change.period));
    let wrong = wrong.iter().map(|wrong| (wrong.by, wrong.period));
    let all = refused.chain(wrong);
    all.filter(|(of, period)| *of == by && *period != shown)
        .map(|(_, period)| period)
        .collect()
}

impl RefusedLine {
    fn is_at(&self, by: LineBy, place: Place, key: &str) -> bool {
        self.by == by && self.change.place() == place && self.change.key == key
    }
}

impl WrongLine {
    fn is_at(&self, by: LineBy, place: Place, key: &str) -> bool {
        self.by == by && (self.node, self.period) == place && self.key == key
    }
}

#[cfg(test)]
mod tests;
