//! The figures that move: the plan is summed up between two frames whenever it is another one, and while somebody drags they are
//! worked out from the rows that move; with the panel open within the very frame. Everything else of it is judged later.

use std::sync::Arc;
use std::time::Duration;

use domain::fairness::{Gathering, Glance, Ground, Moved, Settings, Standing};
use leptos::prelude::*;

use crate::split::board::Board;

/// The figures follow a drag after so long.
const PROMPT: Duration = Duration::from_millis(50);
/// Steps between two frames: a few milliseconds.
const STEPS: usize = 40_000;
/// So many rows that move are worked out within a frame, in less than a millisecond; where there are more, the figures follow it.
const ROWS_A_FRAME: usize = 1_000;

/// What the figures are worked out from.
#[derive(Clone, Copy)]
struct Live {
    board: Board,
    ground: StoredValue<Arc<Ground>>,
    shown: Shown,
    /// The plan without the drag; none while it is not summed up.
    standing: StoredValue<Option<Standing>>,
    gathering: StoredValue<Option<Gathering>>,
    waiting: StoredValue<Option<TimeoutHandle>>,
    frame: StoredValue<InFrame>,
}

/// Where the figures are shown.
#[derive(Clone, Copy)]
pub(super) struct Shown {
    /// Those that are always in sight.
    pub(super) glance: RwSignal<Option<Glance>>,
    /// Those of the panel, until it is judged again.
    pub(super) moved: RwSignal<Option<Moved>>,
    /// Whether the panel is open.
    pub(super) is_open: RwSignal<bool>,
}

/// What was worked out within this frame.
#[derive(Clone, Copy, Default)]
struct InFrame {
    /// The figures were.
    is_done: bool,
    /// Something moved after that.
    is_late: bool,
}

/// Keeps the figures for as long as the part that calls this stands.
pub(super) fn follow(board: Board, ground: StoredValue<Arc<Ground>>, shown: Shown) {
    let live = Live {
        board,
        ground,
        shown,
        standing: StoredValue::new(None),
        gathering: StoredValue::new(None),
        waiting: StoredValue::new(None),
        frame: StoredValue::new(InFrame::default()),
    };
    Effect::new(move |_| {
        board.track_settled();
        live.begin();
    });
    // Whether what was summed up last is what a change of the whole would leave.
    Effect::new(move |was_other: Option<bool>| {
        board.track_shown();
        let is_other = board.is_other_plan();
        if is_other || was_other == Some(true) {
            live.begin();
        } else if shown.is_open.get_untracked() && board.is_dragged() {
            live.within_frame();
        } else {
            live.wait(PROMPT);
        }
        is_other
    });
    on_cleanup(move || {
        if let Some(later) = live.waiting.try_update_value(Option::take).flatten() {
            later.clear();
        }
    });
}

impl Live {
    /// It is another plan: what was known of it is worth nothing.
    fn begin(&self) {
        self.standing.set_value(None);
        self.gathering.set_value(Some(Gathering::default()));
        self.wait(PROMPT);
    }

    /// Goes on after a while, unless it waits already.
    fn wait(&self, after: Duration) {
        if self.waiting.with_value(Option::is_none) {
            let live = *self;
            let later = set_timeout_with_handle(move || live.go_on(), after);
            self.waiting.set_value(later.ok());
        }
    }

    fn go_on(&self) {
        // None once the page was left.
        if self.waiting.try_update_value(Option::take).is_none() {
            return;
        }
        if self.gathering.with_value(Option::is_some) {
            match self.gather() {
                Some(standing) => self.standing.set_value(Some(standing)),
                None => return self.wait(Duration::ZERO),
            }
        }
        // What is worked out of the whole begins again.
        if self.board.shows_part() {
            return;
        }
        self.show(usize::MAX);
    }

    /// Shows the figures within the frame that moves them, and no more than once in each.
    fn within_frame(&self) {
        let is_first = self.frame.try_update_value(|frame| {
            let is_first = !frame.is_done;
            frame.is_done = true;
            frame.is_late = !is_first;
            is_first
        });
        if is_first != Some(true) {
            return;
        }
        if self.board.shows_part() || !self.show(ROWS_A_FRAME) {
            // It is not summed up yet, or more moves than a frame has time for.
            self.wait(PROMPT);
        }
        let live = *self;
        request_animation_frame(move || {
            // None once the page was left.
            let frame = live.frame.try_update_value(std::mem::take);
            if frame.is_some_and(|frame| frame.is_late) {
                live.within_frame();
            }
        });
    }

    /// Shows what is worked out from the rows that move, unless there are more than so many; whether it was.
    fn show(&self, most: usize) -> bool {
        let now = self.standing.with_value(|standing| {
            let standing = standing.as_ref()?;
            self.board.with_frame(|shape, changes| {
                let changes = Some(changes).filter(|changes| changes.len() <= most)?;
                let now = standing.moved(shape, changes.iter().copied(), &Settings::default());
                Some((now, !changes.is_empty()))
            })
        });
        let Some((now, is_moving)) = now else {
            return false;
        };
        let _gone = self.shown.glance.try_set(now.map(|moved| moved.glance));
        // While nothing moves, what is judged says more: only what a drag has left there is brought up to date.
        if is_moving || self.shown.moved.try_with_untracked(Option::is_some) == Some(true) {
            let _gone = self.shown.moved.try_set(now);
        }
        true
    }

    /// A piece of summing up; all of it once it is done.
    fn gather(&self) -> Option<Standing> {
        let piece = |gathering: &mut Option<Gathering>| {
            let going = gathering.as_mut()?;
            let done = self.ground.with_value(|ground| {
                self.board.with_base(|shape, offset, total| {
                    going.go_on(ground, shape, offset, total, &Settings::default(), STEPS)
                })
            });
            if done.is_some() {
                *gathering = None;
            }
            done
        };
        self.gathering.try_update_value(piece).flatten()
    }
}
