//! Who stands in the way when an amount cannot be placed: what is common to the ways of finding them.

use crate::money::Minor;
use crate::plan::{Blocker, Cause, Grid, NodeIndex, PeriodIndex};

/// Up or down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Up,
    Down,
}

impl Way {
    /// The way of a difference.
    pub(super) fn of(difference: i64) -> Self {
        if difference > 0 { Self::Up } else { Self::Down }
    }

    pub(super) fn back(self) -> Self {
        match self {
            Self::Up => Self::Down,
            Self::Down => Self::Up,
        }
    }

    /// Of a pair (down, up) the one of this way.
    pub(super) fn pick<T>(self, (down, up): (T, T)) -> T {
        match self {
            Self::Up => up,
            Self::Down => down,
        }
    }
}

/// Whether the totals of rows change with the move, so that their bounds count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Totals {
    Change,
    Stay,
}

/// A row's cell of a period, or its total.
pub(super) type Place = (NodeIndex, Option<PeriodIndex>);

/// How far a place's own lock or bound lets it go, and what holds it there.
pub(super) fn own_room(grid: &Grid, (node, period): Place, way: Way) -> Option<(i64, Cause, i64)> {
    let held = grid.constraint(node, period);
    let now = grid.amount_or_total(node, period);
    if let Some(by) = held.lock {
        return Some((0, Cause::Lock { by }, now));
    }
    match way {
        Way::Up => held.cap.map(|cap| (cap.0 - now, Cause::Cap, cap.0)),
        Way::Down => held.floor.map(|floor| (now - floor.0, Cause::Floor, floor.0)),
    }
}

/// More places than this are not named.
pub(super) const MOST: usize = 64;

/// In the order of what they free; nothing frees more than is missing.
pub(super) fn ordered(grid: &Grid, mut blockers: Vec<Blocker>, missing: i64) -> Vec<Blocker> {
    for blocker in &mut blockers {
        blocker.frees = blocker.frees.min(Minor(missing));
    }
    let key = |blocker: &Blocker| (grid.shape().reference(blocker.node), blocker.period);
    blockers.sort_by(|a, b| b.frees.cmp(&a.frees).then_with(|| key(a).cmp(&key(b))));
    blockers
}
