//! A drag under way: where it began, and what of the plan does not depend on the pointer.

use domain::money::Minor;
use domain::plan::Refusal;
use domain::rebalance::{self, Aim, Preview};
use leptos::prelude::*;

use crate::split::board::Board;
use crate::split::preview::Overlay;

/// A pointer moved less than this is a click: it opens the menu.
const CLICK_PX: i32 = 4;
/// Shift makes a pixel worth a tenth.
const FINE: i64 = 10;

/// A drag under way.
#[derive(Clone, Debug, PartialEq)]
pub struct Drag {
    /// Where the pointer was.
    pub(super) from_x: i32,
    /// How wide the bar is.
    pub(super) width_px: i32,
    /// What the whole bar was worth. It stays when others change that meanwhile: the bar does not jump under the hand.
    pub(super) whole: Minor,
    /// The last command that was in sight: what others do after it is not seen by who drags, and asked about.
    pub(super) base: u64,
    /// The amount before.
    pub(super) before: Minor,
    /// The amount under the pointer, as far as the plan allows.
    pub(super) now: Minor,
    /// The amount under the pointer.
    pub(super) wish: Minor,
    /// Why the bar stopped short of the pointer.
    pub(super) stopped: Option<Refusal>,
    /// Whether it is more than a click.
    pub(super) moved: bool,
}

impl Drag {
    /// The amount under a pointer; none while it could be a click.
    pub(super) fn at(&self, x: i32, is_fine: bool) -> Option<Minor> {
        let dx = x - self.from_x;
        if !self.moved && dx.abs() < CLICK_PX {
            return None;
        }
        let fine = if is_fine { FINE } else { 1 };
        let step = step_of(self.whole.0 / (i64::from(self.width_px) * fine));
        let moved =
            i128::from(dx) * i128::from(self.whole.0) / (i128::from(self.width_px) * i128::from(fine));
        // Also below zero: the plan then says why the bar stops.
        Some(Minor((self.before.0 + moved as i64).div_euclid(step) * step))
    }
}

/// What does not depend on the pointer: worked out when the handle is gripped, and again where the grid is another since.
pub(super) struct Grip {
    drag: rebalance::Drag,
    /// How often the grid had changed then.
    settled: u32,
}

impl Grip {
    /// Grips a handle of the grid as it is.
    pub(super) fn begin(board: Board, aim: Aim) -> Result<Self, Refusal> {
        let drag = board.grid(|grid| rebalance::Drag::begin(grid, aim))?;
        Ok(Self {
            drag,
            settled: board.settled_now(),
        })
    }

    /// Whether the grid is another one than it was gripped in.
    pub(super) fn is_stale(&self, board: Board) -> bool {
        self.settled != board.settled_now()
    }

    /// What is to be shown with the pointer at a wish. What others changed under the hand is gone by, as the release will.
    pub(super) fn draw(
        &mut self,
        board: Board,
        aim: Aim,
        wish: Minor,
    ) -> Result<(Overlay, Preview), Refusal> {
        if self.is_stale(board) {
            *self = Self::begin(board, aim)?;
        }
        Ok(board.grid(|grid| {
            let frame = board
                .rows_in_sight
                .with_untracked(|visible| self.drag.preview(grid, wish, visible));
            (Overlay::of(grid, &frame), frame)
        }))
    }
}

/// The largest power of ten not above what a pixel is worth, so that dragged amounts are round.
fn step_of(pixel: i64) -> i64 {
    let mut step = 1;
    while step <= pixel / 10 {
        step *= 10;
    }
    step
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pixel_is_worth_a_round_amount() {
        assert_eq!(step_of(0), 1);
        assert_eq!(step_of(9), 1);
        assert_eq!(step_of(10), 10);
        assert_eq!(step_of(123_456), 100_000);
    }

    #[test]
    fn a_hand_that_moved_drags_and_one_that_hardly_did_clicks() {
        let mut drag = Drag {
            from_x: 50,
            width_px: 100,
            whole: Minor(100_000),
            base: 7,
            before: Minor(20_000),
            now: Minor(20_000),
            wish: Minor(20_000),
            stopped: None,
            moved: false,
        };
        assert_eq!(drag.at(53, false), None);
        assert_eq!(drag.at(55, false), Some(Minor(25_000)));
        assert_eq!(drag.at(55, true), Some(Minor(20_500)));
        drag.moved = true;
        assert_eq!(drag.at(50, false), Some(Minor(20_000)), "back where it was");
        assert_eq!(drag.at(20, false), Some(Minor(-10_000)));
    }
}
