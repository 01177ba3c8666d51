//! Which level the grid shows, and what the rows in sight have on it. The target is the grid itself; the others are asked for, and
//! dropped when the numbers they follow change.

use std::collections::HashMap;

use domain::level::{Given, Level};
use domain::money::Minor;
use domain::plan::{NodeIndex, PeriodIndex};
use domain::split::{LevelCells, MOST_LEVEL_ROWS};
use leptos::prelude::*;

use super::state::State;
use super::{Board, Columns, Place};
use crate::error::AppError;

/// One amount for each period of a row; none while the answer is on its way.
type Rows = HashMap<NodeIndex, Option<Vec<Minor>>>;

/// What the amounts of a level are of: which level, at which count of the grid's changes, what was decided of the whole, and the
/// mark of what was set at rows.
pub(in crate::split) type Stamp = (Level, u32, Given, u32);

/// What is known of the level that is shown.
pub(super) struct Aims {
    /// Counts what came to be known. The grid's own count would tell every cell with each frame of a drag.
    told: RwSignal<u32>,
    /// Why nothing is known of it, where the server said so.
    fault: RwSignal<Option<AppError>>,
    of: Stamp,
    rows: Rows,
}

impl Aims {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self {
            told: RwSignal::new(0),
            fault: RwSignal::new(None),
            of: (Level::Target, 0, Given::default(), 0),
            rows: Rows::new(),
        }
    }
}

impl State {
    /// What a place has on a level, without what a drag only shows; none while that is not known.
    pub(super) fn shown(&self, level: Level, (node, period): Place) -> Option<Minor> {
        if level == Level::Target {
            return Some(self.open.grid.amount(node, period));
        }
        if self.aims.of.0 != level {
            return None;
        }
        let amounts = self.aims.rows.get(&node)?.as_ref()?;
        match period {
            Some(period) => amounts.get(usize::from(period.0)).copied(),
            None => {
                let sum = amounts
                    .iter()
                    .fold(0_i64, |sum, amount| sum.saturating_add(amount.0));
                Some(Minor(sum))
            }
        }
    }
}

impl Board {
    /// Whether the grid shows the target, which is what can be changed in it; tracks it.
    pub(in crate::split) fn shows_target(&self) -> bool {
        self.aim.get() == Level::Target
    }

    /// The same without tracking: a row is made anew for another level.
    pub(in crate::split) fn shows_target_now(&self) -> bool {
        self.aim.get_untracked() == Level::Target
    }

    /// Whether amounts can be changed where they stand: by who may, while it is the target that stands there. Does not track.
    pub(in crate::split) fn may_type(&self) -> bool {
        self.may_edit() && self.shows_target_now()
    }

    /// Shows a level. Lines are of the target: the periods stand in their place.
    pub(in crate::split) fn show_aim(&self, level: Level) {
        if level != Level::Target {
            self.show_columns(Columns::Periods);
            self.editing.set(None);
            self.edit_quarter(None);
        }
        self.aim.set(level);
    }

    /// What the amounts of the level that is shown are of now; tracks it.
    pub(in crate::split) fn aim_stamp(&self) -> Stamp {
        let mark = self.own_rows.with(|own| own.mark);
        (self.aim.get(), self.settled.get(), self.decided.get(), mark)
    }

    /// Whether a row has something else on the level that is shown than the plan's ratio; tracks it.
    pub(in crate::split) fn has_own_level(&self, node: NodeIndex) -> bool {
        let level = self.aim.get();
        level != Level::Target && {
            let place = self.whole_index(node);
            self.own_rows.with(|own| own.has(place, level))
        }
    }

    /// Turns to what is of this stamp: what was known of another one is dropped.
    pub(in crate::split) fn turn_to(&self, stamp: Stamp) {
        let told = self.state.try_update_value(|state| {
            (state.aims.of != stamp).then(|| {
                state.aims.of = stamp;
                state.aims.rows = Rows::new();
                (state.aims.told, state.aims.fault)
            })
        });
        if let Some((told, fault)) = told.flatten() {
            told.try_update(|count| *count = count.wrapping_add(1));
            fault.try_update(|fault| *fault = None);
        }
    }

    /// Why nothing is known of the level that is shown; tracks it.
    pub(in crate::split) fn aim_fault(&self) -> Option<AppError> {
        self.state.with_value(|state| state.aims.fault).get()
    }

    /// Rows in sight, and those above them, of which nobody asked yet what they have on the level, by their places in the whole
    /// version; they count as asked from now on. Does not track.
    pub(in crate::split) fn take_unlevelled(&self, stamp: Stamp) -> Vec<NodeIndex> {
        let in_sight = self.rows_in_sight.try_get_untracked().unwrap_or_default();
        let unasked = self.state.try_update_value(|state| {
            if state.aims.of != stamp {
                return Vec::new();
            }
            let offset = state.open.offset;
            let shape = state.open.grid.shape();
            let asked = &mut state.aims.rows;
            let mut unasked = Vec::new();
            let parents = in_sight.iter().filter_map(|node| shape.parent(*node));
            for node in in_sight.iter().copied().chain(parents) {
                if unasked.len() < MOST_LEVEL_ROWS && !asked.contains_key(&node) {
                    asked.insert(node, None);
                    unasked.push(NodeIndex(node.0 + offset));
                }
            }
            unasked
        });
        unasked.unwrap_or_default()
    }

    /// Keeps what rows have on the level, unless it is of something else by now.
    pub(in crate::split) fn put_levelled(&self, stamp: Stamp, found: &LevelCells) {
        self.tell_of_aims(stamp, None, |rows, offset| {
            for (node, amounts) in found.rows() {
                if let Some(node) = node.0.checked_sub(offset).map(NodeIndex) {
                    rows.insert(node, Some(amounts.to_vec()));
                }
            }
        });
    }

    /// Rows whose question was not answered are asked about again when they come into sight next; until then it is told why.
    pub(in crate::split) fn unlevel(&self, stamp: Stamp, asked: &[NodeIndex], why: AppError) {
        self.tell_of_aims(stamp, Some(why), |rows, offset| {
            for row in asked {
                if let Some(node) = row.0.checked_sub(offset).map(NodeIndex) {
                    rows.remove(&node);
                }
            }
        });
    }

    /// The amount that a place shows: of the target the one under the pointer while dragging, else what the row has on the level, none
    /// while that is not known. Tracks changes, but not which level it is: a row is made anew for another one.
    pub(in crate::split) fn shown(&self, place: Place) -> Option<Minor> {
        self.track_shown_of(place);
        self.shown_now(place)
    }

    /// Follows what a place shows; of the periods of a row one tells of all.
    pub(in crate::split) fn track_shown_of(&self, place: Place) {
        if self.shows_target_now() {
            self.track_place(place);
        } else {
            self.state.with_value(|state| state.aims.told).track();
        }
    }

    /// Follows what the periods of a row show.
    pub(in crate::split) fn track_periods_shown(&self, node: NodeIndex) {
        self.track_shown_of((node, Some(PeriodIndex(0))));
    }

    /// What a place shows; does not track.
    pub(in crate::split) fn shown_now(&self, place: Place) -> Option<Minor> {
        let level = self.aim.get_untracked();
        self.state.with_value(|state| match level {
            Level::Target => Some(state.amount(place)),
            level => state.shown(level, place),
        })
    }

    /// The same where nobody looks while a drag is under way, as in a hint.
    pub(in crate::split) fn shown_at_rest(&self, place: Place) -> Option<Minor> {
        if self.shows_target_now() {
            return Some(self.amount_at_rest(place));
        }
        self.shown(place)
    }

    /// Keeps something of rows of a grid that begins at an offset; nothing where the grid was closed meanwhile, or its level is
    /// another by now.
    fn tell_of_aims(&self, stamp: Stamp, why: Option<AppError>, keep: impl FnOnce(&mut Rows, u32)) {
        let told = self.state.try_update_value(|state| {
            if state.aims.of != stamp {
                return None;
            }
            keep(&mut state.aims.rows, state.open.offset);
            Some((state.aims.told, state.aims.fault))
        });
        if let Some((told, fault)) = told.flatten() {
            told.try_update(|count| *count = count.wrapping_add(1));
            fault.try_update(|fault| *fault = why);
        }
    }
}
