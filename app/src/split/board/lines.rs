//! Lines as columns: what the columns after the total are, and how much of a row is to come from each line. Like the grid itself
//! they live outside of the reactive system; only cells in sight are worked out.

mod amounts;
mod kept;
mod moved;
mod steps;

use domain::line::LineBy;
use domain::line::profile::Profile;
use domain::line::rows::{LineHead, SetByHand};
use domain::line::sheet::{LineSheet, OpenSheet};
use domain::plan::{NodeIndex, PeriodIndex};
use domain::split::SortBy;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Board, Column, Place};
use crate::error::AppError;
use kept::WrongLine;
pub(in crate::split) use kept::{KeptLines, LineTask, NoLine, RefusedLine};
use steps::Waiting;

/// What the columns after the total are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Columns {
    /// The periods of the plan.
    #[default]
    Periods,
    /// The lines of a dimension.
    Lines(LineBy),
}

/// Why there are no columns of lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::split) enum NoLines {
    /// The history has nothing to cut by.
    NoData,
    /// They could not be read.
    Failed(AppError),
}

/// A line of a row that was set or let go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::split) struct LineChange {
    /// The row.
    pub(in crate::split) node: NodeIndex,
    /// The line.
    pub(in crate::split) key: String,
    /// In which period; none: over the whole plan.
    #[serde(default)]
    pub(in crate::split) period: Option<PeriodIndex>,
    /// What was set before.
    pub(in crate::split) before: Option<SetByHand>,
    /// What is set now.
    pub(in crate::split) after: Option<SetByHand>,
}

impl LineChange {
    /// The row, and in which period of it.
    pub(in crate::split) fn place(&self) -> Place {
        (self.node, self.period)
    }
}

/// Lines that were changed together, and are taken back together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::split) struct LineStep {
    /// By what the rows were cut.
    pub(in crate::split) by: LineBy,
    /// The lines.
    pub(in crate::split) changes: Vec<LineChange>,
}

/// Lines on their way to the server, and what was heard of them.
#[derive(Clone, Copy)]
pub(in crate::split) struct Desk {
    /// Answers that are waited for.
    pub(in crate::split) busy: RwSignal<usize>,
    /// Counts what was set since, by whomever.
    pub(in crate::split) heard: RwSignal<u64>,
}

/// What is kept outside of the reactive system.
#[derive(Default)]
struct Kept {
    open: Option<OpenSheet>,
    /// The places of the lines that are shown.
    shown: Vec<usize>,
    /// Own changes of the grid so far: a line is taken back before what was done before it, and after what was done since.
    changes: i64,
    undo: Vec<(i64, LineStep)>,
    redo: Vec<(i64, LineStep)>,
    waiting: Waiting,
}

/// The columns of lines.
#[derive(Clone, Copy)]
pub(super) struct LineColumns {
    shown: RwSignal<Columns>,
    /// The periods are months and stand as quarters.
    pub(super) quarters: RwSignal<bool>,
    /// The period that the lines are of, and are set in; none: the whole plan.
    period: RwSignal<Option<PeriodIndex>>,
    /// Counts changes of which columns there are.
    pub(super) made: RwSignal<u32>,
    /// Counts changes of what is in them, besides those of the grid.
    told: RwSignal<u32>,
    /// The cell that is typed into, and what the field starts with.
    editing: RwSignal<Option<(NodeIndex, u16, String)>>,
    refused: RwSignal<Vec<RefusedLine>>,
    /// What was typed and is no amount: it stays there until it is made right or given up.
    wrong: RwSignal<Vec<WrongLine>>,
    missing: RwSignal<Option<NoLines>>,
    desk: Desk,
    kept: StoredValue<Kept, LocalStorage>,
}

impl LineColumns {
    /// Periods at first.
    pub(super) fn new() -> Self {
        Self {
            shown: RwSignal::new(Columns::default()),
            quarters: RwSignal::new(false),
            period: RwSignal::new(None),
            made: RwSignal::new(0),
            told: RwSignal::new(0),
            editing: RwSignal::new(None),
            refused: RwSignal::new(Vec::new()),
            wrong: RwSignal::new(Vec::new()),
            missing: RwSignal::new(None),
            desk: Desk {
                busy: RwSignal::new(0),
                heard: RwSignal::new(0),
            },
            kept: StoredValue::new_local(Kept::default()),
        }
    }

    /// How many columns of lines there are; none while periods are shown. Does not track.
    pub(super) fn count(&self) -> Option<usize> {
        let is_shown = self.shown.get_untracked() != Columns::Periods;
        is_shown.then(|| self.kept.with_value(|kept| kept.shown.len()))
    }

    /// The numbers of the grid are others.
    pub(super) fn renew(&self) {
        self.kept.update_value(|kept| {
            if let Some(open) = kept.open.as_mut() {
                open.renew();
            }
        });
    }

    /// An own change of the grid was made: what was taken back before it is not done again.
    pub(super) fn count_made(&self) {
        self.kept.update_value(|kept| {
            // Lines that were passed over while others were shown come after it all the same.
            kept.cap_undo();
            kept.changes += 1;
            kept.redo.clear();
        });
    }

    /// So many own changes of the grid were not taken.
    pub(super) fn count_gone(&self, gone: usize) {
        self.kept.update_value(|kept| {
            kept.changes -= gone as i64;
            kept.cap_undo();
        });
    }
}

impl Board {
    /// Lines on their way to the server.
    pub(in crate::split) fn desk(&self) -> Desk {
        self.lines.desk
    }

    /// What the columns after the total are; tracks it.
    pub(in crate::split) fn columns(&self) -> Columns {
        self.lines.shown.get()
    }

    /// The same without tracking.
    pub(in crate::split) fn columns_now(&self) -> Columns {
        self.lines.shown.get_untracked()
    }

    /// Shows other columns after the total.
    pub(in crate::split) fn show_columns(&self, columns: Columns) {
        if self.columns_now() == columns {
            return;
        }
        self.lines.editing.set(None);
        self.lines.missing.set(None);
        if columns == Columns::Periods {
            self.lines.period.set(None);
        }
        // Another dimension is not there yet; the one that was shown stays for the next time.
        self.lines.kept.update_value(|kept| {
            let by = kept.open.as_ref().map(|open| open.sheet().by);
            if columns != Columns::Periods && by.map(Columns::Lines) != Some(columns) {
                kept.open = None;
                kept.shown.clear();
            }
        });
        self.lines.shown.set(columns);
        self.column.set(Column::Row);
        self.arrange(|state| {
            state.sort = state.sort.filter(|sort| match sort.by {
                SortBy::Line(_) => false,
                SortBy::Amount(Some(_)) | SortBy::Quarter(_) => columns == Columns::Periods,
                _ => true,
            });
        });
        self.lines.made.update(|made| *made = made.wrapping_add(1));
    }

    /// Counts changes of which columns there are; tracks them.
    pub(in crate::split) fn columns_made(&self) -> u32 {
        self.lines.made.get()
    }

    /// The lines that are columns now, each with its place; none while the columns are periods. Does not track.
    pub(in crate::split) fn line_heads(&self) -> Option<Vec<(u16, LineHead)>> {
        if self.columns_now() == Columns::Periods {
            return None;
        }
        let heads = self.lines.kept.with_value(|kept| {
            let lines = kept.open.as_ref().map(|open| &open.sheet().lines);
            let head = |place: &usize| lines?.get(*place)?.head.clone();
            (0..).zip(kept.shown.iter().filter_map(head)).collect()
        });
        Some(heads)
    }

    /// The dimensions there is data of, as far as it is known; tracks changes.
    pub(in crate::split) fn known_lines(&self) -> Vec<LineBy> {
        self.lines.made.track();
        self.lines.kept.with_value(|kept| {
            let open = kept.open.as_ref();
            open.map_or_else(|| LineBy::ALL.to_vec(), |open| open.sheet().known.clone())
        })
    }

    /// Whether lines of a row can be set here, over the whole plan as in a period. Does not track.
    pub(in crate::split) fn may_set_line(&self, node: NodeIndex) -> bool {
        let may_edit = self.lines.kept.with_value(|kept| {
            let open = kept.open.as_ref();
            open.is_some_and(|open| open.sheet().may_edit)
        });
        may_edit && self.whole_index(node).0 > 0 && self.about(|open| !open.own.contains(&node))
    }

    /// Names what is here of what the rows brought by a dimension. Does not track.
    pub(in crate::split) fn line_mark(&self, by: LineBy) -> Option<String> {
        self.lines.kept.with_value(|kept| {
            let sheet = kept.open.as_ref().map(OpenSheet::sheet)?;
            (sheet.by == by).then(|| sheet.mark.clone())
        })
    }

    /// Takes in a sheet that was asked for. False where it does not say what the rows brought and that is not here either.
    pub(in crate::split) fn put_sheet(&self, mut sheet: LineSheet) -> bool {
        let by = sheet.by;
        let columns = self.line_heads().unwrap_or_default();
        let heads = |open: &OpenSheet| -> Vec<Option<LineHead>> {
            let lines = open.sheet().lines.iter();
            lines.map(|line| line.head.clone()).collect()
        };
        let put = self.lines.kept.try_update_value(|kept| {
            let before = kept.open.take();
            let known = before.as_ref().map(heads);
            let profile = match sheet.profile.take() {
                Some(bytes) => Profile::unpack(&bytes).ok(),
                None => before
                    .filter(|before| before.sheet().mark == sheet.mark)
                    .map(OpenSheet::into_profile),
            };
            let Some(profile) = profile else {
                kept.shown.clear();
                return None;
            };
            let open = OpenSheet::new(sheet, profile);
            let now = heads(&open);
            kept.shown = (0..now.len())
                .filter(|place| now.get(*place).is_some_and(Option::is_some))
                .collect();
            kept.open = Some(open);
            Some(known.as_ref() != Some(&now))
        });
        let Some(is_other) = put.flatten() else {
            return false;
        };
        // Asked for one there is nothing of, another one is shown.
        if matches!(self.columns_now(), Columns::Lines(shown) if shown != by) {
            self.lines.shown.set(Columns::Lines(by));
        }
        self.lines.missing.set(None);
        if is_other {
            self.follow_lines(&columns);
            self.lines.made.update(|made| *made = made.wrapping_add(1));
        }
        self.lines.told.update(|told| *told = told.wrapping_add(1));
        true
    }

    /// Says why there are no lines.
    pub(in crate::split) fn miss_lines(&self, why: NoLines) {
        // The page may have been left.
        let _left = self.lines.missing.try_set(Some(why));
    }

    /// Why there are no lines, where they are wanted; tracks changes.
    pub(in crate::split) fn missing_lines(&self) -> Option<NoLines> {
        let is_shown = self.columns() != Columns::Periods;
        self.lines.missing.get().filter(|_| is_shown)
    }

    /// Whether lines are wanted and not there yet; tracks changes.
    pub(in crate::split) fn awaits_lines(&self) -> bool {
        self.lines.made.track();
        let is_there = self.lines.kept.with_value(|kept| kept.open.is_some());
        self.columns() != Columns::Periods && !is_there && self.lines.missing.with(Option::is_none)
    }

    /// Sets a line of a row here, over the whole plan or in a period, or lets it go, where its dimension is shown; answers what was
    /// set before.
    pub(in crate::split) fn put_line(
        &self,
        by: LineBy,
        place: Place,
        key: &str,
        set: Option<SetByHand>,
    ) -> Option<SetByHand> {
        let before = self.lines.kept.try_update_value(|kept| {
            let open = kept.open.as_mut().filter(|open| open.sheet().by == by)?;
            let is_it = |head: &LineHead| head.key == key;
            let mut lines = open.sheet().lines.iter();
            let line = lines.position(|line| line.head.as_ref().is_some_and(is_it))?;
            let before = open.set_of(place, line).cloned();
            open.put(place, line, set);
            before
        });
        let _left = self.lines.told.try_update(|told| *told = told.wrapping_add(1));
        before.flatten()
    }

    /// The cell that is typed into; tracks it.
    pub(in crate::split) fn edited_line(&self) -> Option<(NodeIndex, u16, String)> {
        self.lines.editing.get()
    }

    /// What the field of a cell began with, while that is the one being typed into; tracks it.
    pub(in crate::split) fn begun_line(&self, node: NodeIndex, line: u16) -> Option<String> {
        self.lines.editing.with(|editing| {
            let (.., text) = editing
                .as_ref()
                .filter(|(row, at, _)| (*row, *at) == (node, line))?;
            Some(text.clone())
        })
    }

    /// Opens the field of a cell, or closes the one that is open.
    pub(in crate::split) fn edit_line(&self, cell: Option<(NodeIndex, u16, String)>) {
        self.lines.editing.set(cell);
    }
}
