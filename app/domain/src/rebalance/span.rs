//! Neighbouring periods of a row set as a whole, as the months of a quarter: what they get together is shared in their present
//! proportions within what each of them can reach, and each is then set as if somebody dragged it, the others held meanwhile.
//!
//! Where one of them takes what another could have had, as two months to which the same siblings give, it is shared again over what is
//! left until nothing moves any more. Where totals of siblings or of rows below are held too, what one month was given that way is not
//! asked back for another: then a change may be refused although amounts that keep every bound exist.

use std::collections::BTreeMap;

use super::blockers::{Place, Way, ordered};
use super::motion::{Counterpart, Motion};
use super::refuse::{check_amount, natural};
use super::region::CEILING;
use super::room::total_room;
use super::trial::irreducible;
use super::{Aim, reachable, set};
use crate::allocation::{Share, allocate};
use crate::id::UserId;
use crate::money::Minor;
use crate::plan::{
    Cause, CellDelta, CellIndex, Constraint, Deltas, Give, Grid, Keep, NodeIndex, PeriodIndex, Refusal,
    follow,
};

/// An amount that is said to be within reach is tried so often, each time with what the last try reached.
const TRIES: usize = 3;

/// Signs what is held while another period is set; nobody who is asked to release a lock.
const NOBODY: UserId = UserId(uuid::Uuid::max());

/// Neighbouring periods of a row, and how they are set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    /// The row.
    pub(crate) node: NodeIndex,
    /// The first of the periods.
    pub(crate) first: PeriodIndex,
    /// How many there are.
    pub(crate) periods: u16,
    /// What stays.
    pub(crate) keep: Keep,
    /// Who gives.
    pub(crate) give: Give,
}

impl Span {
    fn all(self) -> impl Iterator<Item = PeriodIndex> {
        let first = self.first.0;
        (first..first.saturating_add(self.periods)).map(PeriodIndex)
    }

    fn holds(self, period: PeriodIndex) -> bool {
        self.first <= period && period.0 - self.first.0 < self.periods
    }

    /// What the periods have together.
    fn sum(self, grid: &Grid) -> i64 {
        self.all().map(|period| grid.cell_amount(self.node, period)).sum()
    }

    /// One of the periods, set on its own.
    fn aim(self, period: PeriodIndex) -> Aim {
        Aim {
            node: self.node,
            period: Some(period),
            keep: self.keep,
            give: self.give,
        }
    }

    /// How far the periods may go together one way, to the last unit, by the sums of what holds them. None where the totals of rows
    /// below the row, or of those that give beside it, are held or kept: what one period is given leaves them less for another then,
    /// and how much less shows only in placing it.
    fn room(self, grid: &Grid, way: Way) -> Result<Option<i64>, Refusal> {
        let add = |sum: i64, room: i64| (sum + room.max(0)).min(CEILING);
        if matches!(self.keep, Keep::Row | Keep::Both) {
            let motion = Motion::new(grid, self.aim(self.first))?;
            if !motion.region.rows.is_empty() {
                return Ok(None);
            }
            let (mut here, mut elsewhere) = (0, 0);
            for (period, room) in motion.region.periods.iter().zip(&motion.rooms) {
                if self.holds(*period) {
                    here = add(here, way.pick(*room));
                } else {
                    elsewhere = add(elsewhere, way.back().pick(*room));
                }
            }
            return Ok(Some(here.min(elsewhere)));
        }
        // Each period by itself; what they have in common is the total of the row, and of those above it where these follow.
        let mut room = 0;
        let mut common = way.pick(total_room(grid, self.node));
        for period in self.all() {
            let motion = Motion::new(grid, self.aim(period))?;
            let region = &motion.region;
            // Whose children give and take keeps its own amounts, and so its total.
            let is_kept = motion.counterpart == Counterpart::Siblings;
            let (from, until) = (region.root + u32::from(is_kept), region.root + region.len as u32);
            let mut held = grid.held(None, from, until);
            if held.any(|(node, _)| node != self.node.0) {
                return Ok(None);
            }
            if motion.counterpart == Counterpart::Ancestors {
                for above in grid.shape().ancestors(self.node) {
                    common = common.min(way.pick(total_room(grid, above)));
                }
            }
            room = motion
                .rooms
                .iter()
                .fold(room, |room, of| add(room, way.pick(*of)));
        }
        Ok(Some(room.min(common).max(0)))
    }

    /// In which proportions the periods share: their own, or those of the parent where they have nothing yet. Where it has nothing
    /// either they are alike.
    fn weights(self, grid: &Grid) -> Vec<u64> {
        let of = |node: NodeIndex| -> Vec<u64> {
            let amounts = self.all().map(|period| grid.cell_amount(node, period));
            amounts.map(|amount| amount as u64).collect()
        };
        let own = of(self.node);
        let parent = grid.shape().parent(self.node);
        match parent.filter(|_| own.iter().all(|weight| *weight == 0)) {
            Some(parent) => of(parent),
            None => own,
        }
    }
}

/// Sets what the periods have together, and solves the whole plan.
pub(crate) fn set_span(grid: &Grid, span: Span, amount: Minor) -> Result<Deltas, Refusal> {
    if span.periods == 0 {
        return Err(Refusal::UnknownPeriod { period: span.first });
    }
    // Beyond the last that can be counted there are none to ask for.
    grid.known(span.node, Some(span.first))?;
    let mut all = span.all();
    all.try_for_each(|period| grid.known(span.node, Some(period)))?;
    check_amount(span.node, Some(span.first), amount.0)?;
    let now = span.sum(grid);
    let way = Way::of(amount.0 - now);
    let room = span.room(grid, way)?;
    if let Some(room) = room.filter(|room| *room < (amount.0 - now).abs()) {
        let reachable = way.pick((now - room, now + room));
        return Err(blocked(grid, span, amount.0, reachable));
    }
    let draft = fill(grid, span, amount.0)?;
    let reached = span.sum(&draft.grid);
    if reached != amount.0 {
        let reachable = tried(grid, span, reached)?;
        return Err(blocked(grid, span, amount.0, reachable));
    }
    Ok(Deltas {
        cells: draft.cells.into_values().collect(),
        hedges: draft.hedges.into_values().collect(),
        ..Deltas::default()
    }
    .tidy())
}

/// The plan while the periods are set one after the other.
struct Draft<'a> {
    span: Span,
    /// Whose locks, floors and caps count.
    held: &'a Grid,
    /// As it is by now; those of the periods that nobody sets at the moment are locked in it.
    grid: Grid,
    cells: BTreeMap<CellIndex, CellDelta>,
    hedges: BTreeMap<CellIndex, CellDelta>,
}

/// Brings the periods as near to an amount as they go.
fn fill(grid: &Grid, span: Span, amount: i64) -> Result<Draft<'_>, Refusal> {
    let mut draft = Draft {
        span,
        held: grid,
        grid: grid.clone(),
        cells: BTreeMap::new(),
        hedges: BTreeMap::new(),
    };
    for period in span.all() {
        draft.hold(period);
    }
    let weights = span.weights(grid);
    let way = Way::of(amount - span.sum(grid));
    for _ in 0..=span.periods {
        let before = span.sum(&draft.grid);
        if before == amount {
            break;
        }
        let wishes = draft.wishes(&weights, way, amount)?;
        for (period, wish) in span.all().zip(wishes) {
            draft.place(period, wish)?;
        }
        if span.sum(&draft.grid) == before {
            break;
        }
    }
    Ok(draft)
}

impl Draft<'_> {
    fn hold(&mut self, period: PeriodIndex) {
        let lock = Constraint {
            lock: Some(NOBODY),
            ..Constraint::default()
        };
        self.grid.hold_as((self.span.node, Some(period)), lock);
    }

    /// Only what holds a period in the plan holds it now.
    fn let_go(&mut self, period: PeriodIndex) {
        let place = (self.span.node, Some(period));
        let held = self.held.constraint(place.0, place.1);
        if held.is_empty() {
            self.grid.release(place);
        } else {
            self.grid.hold_as(place, held);
        }
    }

    /// What each of the periods is to have. None goes back on the way, so that what was placed stays.
    fn wishes(&mut self, weights: &[u64], way: Way, amount: i64) -> Result<Vec<i64>, Refusal> {
        let mut shares = Vec::with_capacity(weights.len());
        for (period, weight) in self.span.all().zip(weights) {
            self.let_go(period);
            let reach = reachable(&self.grid, self.span.aim(period));
            self.hold(period);
            let reach = reach?;
            let now = self.grid.cell_amount(self.span.node, period);
            let (lo, hi) = way.pick(((reach.min.0.min(now), now), (now, reach.max.0.max(now))));
            shares.push(Share::free(u128::from(period.0), *weight).within(lo, hi));
        }
        Ok(match allocate(amount, &shares) {
            Ok(shared) => shared.amounts,
            // More than fits: as far as each goes.
            Err(_) => shares
                .iter()
                .map(|share| way.pick((share.lo, share.hi)))
                .collect(),
        })
    }

    /// Sets one of the periods, or as near to it as it goes by now.
    fn place(&mut self, period: PeriodIndex, wish: i64) -> Result<(), Refusal> {
        let now = self.grid.cell_amount(self.span.node, period);
        if wish == now {
            return Ok(());
        }
        self.let_go(period);
        let aim = self.span.aim(period);
        let deltas = match set(&self.grid, aim, Minor(wish)) {
            Ok(deltas) => deltas,
            Err(_) => {
                let reach = reachable(&self.grid, aim)?;
                let nearest = wish.clamp(reach.min.0.min(now), reach.max.0.max(now));
                // What is within reach can be had; else the period stays where it is.
                set(&self.grid, aim, Minor(nearest)).unwrap_or_default()
            }
        };
        // They were decided on this very grid.
        let unknown = Refusal::UnknownNode { node: self.span.node };
        self.grid.fold(&deltas).map_err(|_| unknown)?;
        follow(&mut self.cells, deltas.cells);
        follow(&mut self.hedges, deltas.hedges);
        self.hold(period);
        Ok(())
    }
}

/// The amount at or before one that was reached on the way to another which can be set when it is asked for itself: shared anew, the
/// periods may leave each other less.
fn tried(grid: &Grid, span: Span, reached: i64) -> Result<i64, Refusal> {
    let mut reached = reached;
    for _ in 0..TRIES {
        let again = span.sum(&fill(grid, span, reached)?.grid);
        if again == reached {
            return Ok(reached);
        }
        reached = again;
    }
    // What there is can be had.
    Ok(span.sum(grid))
}

/// The refusal of an amount that cannot be had, with the places of which none can be left out.
fn blocked(grid: &Grid, span: Span, amount: i64, reached: i64) -> Refusal {
    let shape = grid.shape();
    let now = span.sum(grid);
    let way = Way::of(amount - now);
    let missing = (amount - reached).abs();
    let top = shape.parent(span.node).unwrap_or(span.node);
    let above: Vec<NodeIndex> = shape.ancestors(span.node).collect();
    let covers = |top: NodeIndex, node: NodeIndex| top <= node && node < shape.end(top);
    let places: Vec<Place> = grid
        .constraints()
        .map(|(node, period, _)| (node, period))
        .filter(|(node, _)| covers(top, *node) || above.contains(node))
        .collect();
    // The row goes with those above and below it; other periods, and those beside it, go the other way.
    let way_of = |(node, period): Place| {
        let follows = covers(span.node, node) || above.contains(&node);
        let is_within = period.is_none_or(|period| span.holds(period));
        if follows == is_within { way } else { way.back() }
    };
    let wanted = (amount - now).abs();
    let room = |released: &Grid| match span.room(released, way) {
        Ok(Some(room)) => room.min(wanted),
        Ok(None) => fill(released, span, amount).map_or(0, |draft| (span.sum(&draft.grid) - now).abs()),
        Err(_) => 0,
    };
    // One look where the sums say it; else each of the periods is placed in the whole plan, some of them again.
    let rows = (shape.end(top).0 - top.0) as usize;
    let looks = match span.room(grid, way) {
        Ok(Some(_)) => 1,
        _ => usize::from(span.periods),
    };
    let cells = rows * shape.periods().len() * looks;
    let found = if places.is_empty() {
        Vec::new()
    } else {
        irreducible(grid, places, way_of, wanted, cells, room)
    };
    let mut blockers = ordered(grid, found, missing);
    if blockers.is_empty() {
        let (node, cause) = by_nature(grid, span);
        blockers.push(natural(grid, (node, Some(span.first)), cause));
    }
    Refusal::Blocked {
        node: span.node,
        period: Some(span.first),
        wanted: Minor(amount),
        reachable: Minor(reached),
        missing: Minor(missing),
        blockers,
    }
}

/// What stands in the way when no lock or bound does.
fn by_nature(grid: &Grid, span: Span) -> (NodeIndex, Cause) {
    let shape = grid.shape();
    match (shape.parent(span.node), span.give, span.keep) {
        (Some(parent), Give::Siblings, Keep::Column | Keep::Both) => {
            let alone = shape.children(parent).count() == 1;
            (parent, if alone { Cause::Kept } else { Cause::Empty })
        }
        (Some(parent), Give::Hedge, _) => (parent, Cause::Kept),
        // There is no other period that could give.
        _ if usize::from(span.periods) == shape.periods().len() => (span.node, Cause::Kept),
        _ => (span.node, Cause::Empty),
    }
}
