//! Who stands in the way when an amount cannot be placed.

use super::region::{CEILING, Region};
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
}

/// Whether the totals of rows change with the move, so that their bounds count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Totals {
    Change,
    Stay,
}

/// How far a place's own lock or bound lets it go, and what holds it there.
pub(super) fn own_room(
    grid: &Grid,
    node: NodeIndex,
    period: Option<PeriodIndex>,
    way: Way,
) -> Option<(i64, Cause, i64)> {
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

/// The places in a subtree that keep it from going further in one period: as high up as they explain it.
pub(super) fn collect(
    grid: &Grid,
    region: &Region,
    (column, local): (usize, usize),
    way: Way,
    totals: Totals,
    found: &mut Vec<Blocker>,
) {
    let (node, period) = (region.node(local), region.periods[column]);
    let end = region.end(grid, local);
    let mut inner = if end > local + 1 {
        0
    } else if way == Way::Up {
        CEILING
    } else {
        region.now(grid, column, local)
    };
    let mut child = local + 1;
    while child < end {
        let (lo, hi) = region.room(column, child);
        let now = region.now(grid, column, child);
        inner = (inner + if way == Way::Up { hi - now } else { now - lo }).min(CEILING);
        child = region.end(grid, child);
    }
    let mut tightest: Option<Blocker> = None;
    let places = if totals == Totals::Change {
        &[Some(period), None][..]
    } else {
        &[Some(period)][..]
    };
    for place in places {
        if let Some((room, cause, amount)) = own_room(grid, node, *place, way) {
            let frees = Minor(inner - room);
            if frees.0 > 0 && tightest.is_none_or(|blocker| blocker.frees < frees) {
                tightest = Some(Blocker {
                    node,
                    period: *place,
                    cause,
                    amount: Minor(amount),
                    frees,
                });
            }
        }
    }
    if let Some(blocker) = tightest {
        found.push(blocker);
        return;
    }
    let mut child = local + 1;
    while child < end {
        collect(grid, region, (column, child), way, totals, found);
        child = region.end(grid, child);
    }
}

/// The fewest blockers that free `missing` together; all of them where even all do not.
pub(super) fn fewest(grid: &Grid, mut found: Vec<Blocker>, missing: i64) -> Vec<Blocker> {
    let key = |blocker: &Blocker| (grid.shape().key(blocker.node.0), blocker.period);
    for blocker in &mut found {
        blocker.frees = blocker.frees.min(Minor(missing));
    }
    found.sort_by(|a, b| b.frees.cmp(&a.frees).then_with(|| key(a).cmp(&key(b))));
    found.dedup_by_key(|blocker| (blocker.node, blocker.period));
    let mut freed = 0_i64;
    found.retain(|blocker| {
        let needed = freed < missing;
        if needed {
            freed = freed.saturating_add(blocker.frees.0);
        }
        needed
    });
    found
}
