//! What is drawn in the frames after the one that was moved: rows with all their periods, as many as a frame has time for on the machine
//! at hand. What a row takes is mostly the browser's, laying out its words: so that is had done at once, and the clock asked after it.

use leptos::prelude::*;
use leptos::task::{spawn_local, tick};

use super::Frames;
use crate::split::board::Board;
use crate::split::clock::{lay_out, now_ms};

/// How long a frame takes at most before no further row is begun: of the eight milliseconds that it has (a screen of 120 Hz) some are
/// left for painting.
const FRAME_MS: f64 = 5.0;

/// Rows that are told before the clock is asked.
const ROWS_A_TURN: usize = 2;

impl Board {
    pub(super) fn tell_due(&self, due: Vec<ArcTrigger>) {
        due.notify();
        let asks = self.frames.try_update_value(Frames::asks);
        if asks == Some(true) {
            let board = *self;
            request_animation_frame(move || spawn_local(board.tell_rest()));
        }
    }

    /// Tells rows that wait until the frame's time is up, at least a few in every frame: who keeps moving sees the others follow, too.
    async fn tell_rest(self) {
        let frames = self.frames;
        // None once the page was left.
        let moved = frames.try_update_value(|frames| frames.moved_at_ms.take());
        let begun_ms = moved.flatten().unwrap_or_else(now_ms);
        while let Some(due) = frames.try_update_value(|frames| frames.due(&[], &[], ROWS_A_TURN))
            && !due.is_empty()
        {
            due.notify();
            // What follows a row is run, and laid out.
            tick().await;
            lay_out();
            if now_ms() - begun_ms >= FRAME_MS {
                break;
            }
        }
        let _left = frames.try_update_value(|frames| frames.is_asked = false);
        self.tell_due(Vec::new());
    }
}

impl Frames {
    /// Whether the next frame is to be asked for.
    fn asks(&mut self) -> bool {
        let asks = !self.is_asked && !self.untold.is_empty();
        self.is_asked |= asks;
        asks
    }
}
