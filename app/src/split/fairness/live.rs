//! The figures in sight of a plan with many people: summed up between two frames whenever it is another plan, and while somebody
//! drags worked out from the rows that move. Everything else of it is judged later.

use std::sync::Arc;
use std::time::Duration;

use domain::fairness::{Gathering, Glance, Ground, Settings, Standing};
use leptos::prelude::*;

use crate::split::board::Board;

/// The figures follow a drag after so long.
const PROMPT: Duration = Duration::from_millis(50);
/// Steps between two frames: a few milliseconds.
const STEPS: usize = 40_000;

/// What the figures are worked out from.
#[derive(Clone, Copy)]
struct Live {
    board: Board,
    ground: StoredValue<Arc<Ground>>,
    glance: RwSignal<Option<Glance>>,
    /// The plan without the drag; none while it is not summed up.
    standing: StoredValue<Option<Standing>>,
    gathering: StoredValue<Option<Gathering>>,
    waiting: StoredValue<Option<TimeoutHandle>>,
}

/// Keeps the figures for as long as the part that calls this stands.
pub(super) fn follow(board: Board, ground: StoredValue<Arc<Ground>>, glance: RwSignal<Option<Glance>>) {
    let live = Live {
        board,
        ground,
        glance,
        standing: StoredValue::new(None),
        gathering: StoredValue::new(None),
        waiting: StoredValue::new(None),
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
        let now = self.standing.with_value(|standing| {
            let standing = standing.as_ref()?;
            let board = self.board;
            Some(board.with_frame(|shape, changes| standing.glance(shape, changes.iter().copied())))
        });
        if let Some(now) = now {
            let _gone = self.glance.try_set(now);
        }
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
