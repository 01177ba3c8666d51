//! What the rows show while a blend is tried. A movement of a slider works out, once a frame, only what the rows in sight depend on,
//! to the cent; the others follow in pieces once the hand rests, however large the plan is.

use std::time::Duration;

use domain::plan::{Basis, FactorKind, Grid, NodeIndex};
use domain::rebalance::{Rest, Weighing};
use leptos::prelude::*;

use super::blend::{Blend, STEP};
use crate::split::preview::Overlay;

/// When the sliders have rested so long, rows out of sight are worked out too.
const REST: Duration = Duration::from_millis(300);
/// Rows of weights that are summed up in one frame, before the first amounts can be shown.
const ROWS_A_FRAME: usize = 400_000;
/// Amounts of rows out of sight that are worked out in one piece.
const CELLS_A_PIECE: usize = 32_768;

/// What was worked out of a blend.
#[derive(Clone, Copy)]
pub(super) struct Tried {
    weighed: StoredValue<Option<Made<Of, Weighed>>>,
    /// The rows in sight will be worked out with the next frame.
    asked: StoredValue<bool>,
    /// The others will be worked out, or a piece of them, then.
    waiting: StoredValue<Option<TimeoutHandle>>,
    /// All of it is shown, or refused.
    is_whole: StoredValue<bool>,
}

/// What was made, and of what; nothing where it cannot be made of that: it is not tried again with every frame.
struct Made<O, T> {
    of: O,
    what: Option<T>,
}

impl<O: PartialEq, T> Made<O, T> {
    /// Makes it where what was made is of something else; whether there is another one now.
    fn renew(made: &mut Option<Self>, of: O, make: impl FnOnce(&O) -> Option<T>) -> bool {
        if made.as_ref().is_some_and(|made| made.of == of) {
            return false;
        }
        // There are never two of them.
        *made = None;
        let what = make(&of);
        let is_there = what.is_some();
        *made = Some(Self { of, what });
        is_there
    }
}

/// What does not depend on where the sliders are.
struct Weighed {
    bases: Vec<Basis>,
    weighing: Weighing,
}

/// What it was worked out of.
#[derive(Clone, PartialEq, Eq)]
struct Of {
    settled: u32,
    node: NodeIndex,
    kinds: Vec<FactorKind>,
    keeps_own: bool,
}

/// What a frame comes to.
enum Shown {
    /// It takes another frame.
    Later,
    Rows(Overlay),
    /// It cannot be split so; why is said once the hand rests.
    Nothing,
}

impl Tried {
    pub(super) fn new() -> Self {
        Self {
            weighed: StoredValue::new(None),
            asked: StoredValue::new(false),
            waiting: StoredValue::new(None),
            is_whole: StoredValue::new(false),
        }
    }

    /// What was worked out is worth nothing, and takes no memory.
    pub(super) fn forget(&self) {
        let _gone = self.weighed.try_set_value(None);
    }
}

impl Blend {
    /// Works the amounts in sight out with the next frame, once for all that happens until then, and the others once nothing happens
    /// for a while.
    pub(super) fn soon(&self) {
        // The page may be gone.
        if self.amounts.is_whole.try_set_value(false).is_none() {
            self.ask_for_frame();
            self.wait(REST);
        }
    }

    /// Other rows are in sight.
    pub(super) fn more_in_sight(&self) {
        if self.amounts.is_whole.try_get_value() == Some(false) {
            self.ask_for_frame();
        }
    }

    fn ask_for_frame(&self) {
        let is_asked = self
            .amounts
            .asked
            .try_update_value(|asked| std::mem::replace(asked, true));
        if is_asked != Some(false) {
            return;
        }
        let blend = *self;
        request_animation_frame(move || {
            // The page may be gone meanwhile.
            if blend.amounts.asked.try_set_value(false).is_none() && blend.is_tried() {
                blend.show_rows();
            }
        });
    }

    fn wait(&self, after: Duration) {
        let before = self.amounts.waiting.try_update_value(Option::take);
        if let Some(before) = before.flatten() {
            before.clear();
        }
        let blend = *self;
        let later = set_timeout_with_handle(
            move || {
                if blend.amounts.waiting.try_set_value(None).is_none() && blend.is_tried() {
                    blend.show_rest();
                }
            },
            after,
        );
        self.amounts.waiting.set_value(later.ok());
    }

    /// Whether it is to be shown: not under a hand that drags an amount, nor in place of a level that somebody looks at. Either is
    /// told of when it ends.
    fn is_tried(&self) -> bool {
        let is_seen = || self.board.shows_target() && !self.board.is_in_drag();
        self.tried.try_get_untracked() == Some(true) && untrack(is_seen)
    }

    /// Shows the rows in sight with what the blend would give them.
    fn show_rows(&self) {
        // Meanwhile all rows may be shown.
        if self.amounts.is_whole.get_value() {
            return;
        }
        // To begin takes a frame of its own.
        if self.renew() {
            return self.ask_for_frame();
        }
        let shown = self.weigh(|weighing, grid| match weighing.prepare(grid, ROWS_A_FRAME) {
            Ok(false) => Shown::Later,
            Ok(true) => {
                let beside = self.board.shows_lines();
                let shown = self
                    .board
                    .rows_in_sight
                    .with_untracked(|visible| weighing.preview(grid, visible, beside));
                shown.map_or(Shown::Nothing, |cells| {
                    Shown::Rows(Overlay::in_part(grid, &cells))
                })
            }
            Err(_) => Shown::Nothing,
        });
        match shown {
            Some(Shown::Later) => self.ask_for_frame(),
            Some(Shown::Rows(overlay)) => self.put(overlay),
            Some(Shown::Nothing) | None => {}
        }
    }

    /// Works out a piece of what is out of sight; shows every row once that was the last, or says why it cannot be done.
    fn show_rest(&self) {
        if self.renew() {
            return self.wait(Duration::ZERO);
        }
        let rest = self.weigh(|weighing, grid| match weighing.prepare(grid, ROWS_A_FRAME) {
            Ok(false) => Rest::More,
            Ok(true) => weighing.rest(grid, CELLS_A_PIECE),
            Err(_) => Rest::Refused,
        });
        match rest {
            Some(Rest::More) => self.wait(Duration::ZERO),
            Some(Rest::Whole(after)) => {
                self.amounts.is_whole.set_value(true);
                self.put(Overlay::Plan(after));
            }
            Some(Rest::Refused) | None => {
                self.amounts.is_whole.set_value(true);
                let shown = self.board.preview_plan(&self.command());
                self.refusal.set(shown.err());
            }
        }
    }

    fn put(&self, overlay: Overlay) {
        if self.refusal.with_untracked(Option::is_some) {
            self.refusal.set(None);
        }
        self.board.preview(Some(overlay), Vec::new());
    }

    /// Begins anew where what is worked out is of something else; whether it did.
    fn renew(&self) -> bool {
        let of = Of {
            settled: self.board.settled_times(),
            node: self.node.get_untracked(),
            kinds: self.kinds.get_untracked(),
            keeps_own: self.keeps_own.get_untracked(),
        };
        let renewed = self
            .amounts
            .weighed
            .try_update_value(|weighed| Made::renew(weighed, of, |of| self.begin(of)));
        renewed == Some(true)
    }

    /// Works with what does not depend on the sliders, and where they are now; none where that is no split.
    fn weigh<T>(&self, work: impl FnOnce(&mut Weighing, &Grid) -> T) -> Option<T> {
        let done = self.amounts.weighed.try_update_value(|weighed| {
            // What it cannot be begun for is said once the hand rests, by the split itself.
            let weighed = weighed.as_mut()?.what.as_mut()?;
            let shares: Vec<u32> = self.shares.with_untracked(|shares| {
                let share = |basis: &Basis| {
                    let found = shares.iter().find(|(known, _)| known == basis);
                    found.map_or(0, |(_, share_ppm)| *share_ppm)
                };
                weighed.bases.iter().map(share).collect()
            });
            weighed.weighing.set_shares(&shares).ok()?;
            Some(self.board.grid(|grid| work(&mut weighed.weighing, grid)))
        });
        done.flatten()
    }

    /// Takes in the plan and what its rows weigh, by every basis that can get a share.
    fn begin(&self, of: &Of) -> Option<Weighed> {
        let every: Vec<(Basis, u32)> = self
            .shares
            .with_untracked(|shares| shares.iter().map(|(basis, _)| (*basis, 1)).collect());
        let (bases, factors, own) = self.parts(&every);
        let known = bases.iter().map(|basis| basis.basis).collect();
        let begun = self
            .board
            .grid(|grid| Weighing::begin(grid, of.node, bases, &factors, own, STEP));
        Some(Weighed {
            bases: known,
            weighing: begun.ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Made;

    #[test]
    fn what_cannot_be_made_is_not_tried_again_until_it_is_of_something_else() {
        let mut made: Option<Made<u8, u8>> = None;
        let mut tries = 0;
        let mut renew = |of: u8| {
            Made::renew(&mut made, of, |of| {
                tries += 1;
                (*of > 1).then_some(*of)
            })
        };
        assert!(!renew(1), "nothing is there");
        assert!(!renew(1));
        assert!(renew(2));
        assert!(!renew(2), "it is the same one");
        assert!(!renew(1));
        assert_eq!(tries, 3);
        assert!(made.is_some_and(|made| made.what.is_none()));
    }
}
