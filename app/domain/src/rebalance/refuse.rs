//! The refusals of a change, with who stands in the way.

use super::blockers::{Place, Totals, Way, ordered};
use super::knapsack::{Releases, Search, fewest};
use super::motion::{Counterpart, Motion};
use super::region::Region;
use super::room::hedge_limit;
use super::spread::Gap;
use super::trial::irreducible;
use crate::money::Minor;
use crate::plan::{Blocker, Cause, Constraint, Grid, MAX_AMOUNT, NodeIndex, PeriodIndex, Refusal};

impl Motion {
    /// The refusal of an amount that bounds of others prevent.
    pub(super) fn blocked(&self, grid: &Grid, amount: i64) -> Refusal {
        let now = grid.amount_or_total(self.aim.node, self.aim.period);
        let way = Way::of(amount - now);
        let wanted = (amount - now).abs();
        let room = self.exact_room(grid, way).min(wanted);
        let missing = wanted - room;
        let reachable = way.pick((now - room, now + room));
        let blockers = if self.region.rows.is_empty() {
            fewest(grid, wanted, |search| self.releases(search, grid, way))
        } else {
            self.irreducible(grid, way, wanted)
        };
        let mut blockers = ordered(grid, blockers, missing);
        if blockers.is_empty() {
            let (node, cause) = self.natural(grid);
            blockers.push(natural(grid, (node, self.aim.period), cause));
        }
        Refusal::Blocked {
            node: self.aim.node,
            period: self.aim.period,
            wanted: Minor(amount),
            reachable: Minor(reachable),
            missing: Minor(missing),
            blockers,
        }
    }

    /// The refusal of a spreading that bound totals prevent.
    pub(super) fn gap(&self, grid: &Grid, gap: Gap) -> Refusal {
        gap_refusal(grid, &self.region, gap)
    }

    /// How far the amount goes, by what is released, where periods do not depend on each other but for the node's total.
    fn releases(&self, search: &Search<'_>, grid: &Grid, way: Way) -> Releases {
        let columns = 0..self.region.periods.len();
        let Some(pivot) = self.pivot() else {
            let mut room = columns.fold(search.fixed(0), |sum, column| {
                search.and(sum, &self.releases_in(search, grid, column, way))
            });
            if self.counterpart == Counterpart::Ancestors {
                for node in grid.shape().ancestors(self.aim.node) {
                    room = search.held(room, (node, None), way);
                }
            }
            return room;
        };
        let here = self.releases_in(search, grid, pivot, way);
        if self.totals() == Totals::Change {
            return here;
        }
        let others = columns.filter(|column| *column != pivot);
        let elsewhere = others.fold(search.fixed(0), |sum, column| {
            search.and(sum, &self.releases_in(search, grid, column, way.back()))
        });
        search.within(here, &elsewhere)
    }

    /// The same in one period.
    fn releases_in(&self, search: &Search<'_>, grid: &Grid, column: usize, way: Way) -> Releases {
        let (region, node) = (&self.region, self.aim.node);
        let period = region.periods[column];
        let totals = if region.periods.len() == 1 {
            self.totals()
        } else {
            Totals::Stay
        };
        let natural = |now: i64| search.fixed(way.pick((now, MAX_AMOUNT - now)));
        let mut room = natural(region.now(grid, column, self.own));
        if !grid.shape().is_leaf(node) {
            let below = grid.shape().children(node).map(|child| region.local(child));
            room = search.within(search.together(region, column, below, way, totals), &room);
        }
        if self.aim.period != Some(period) {
            room = search.held(room, (node, Some(period)), way);
        }
        match self.counterpart {
            Counterpart::Siblings => {
                let siblings = grid.shape().children(region.node(0));
                let siblings = siblings
                    .map(|child| region.local(child))
                    .filter(|child| *child != self.own);
                let siblings = search.together(region, column, siblings, way.back(), totals);
                search.within(room, &siblings)
            }
            Counterpart::Ancestors => {
                for above in grid.shape().ancestors(node) {
                    room = search.within(room, &natural(grid.cell_amount(above, period)));
                    room = search.held(room, (above, Some(period)), way);
                    if totals == Totals::Change {
                        room = search.held(room, (above, None), way);
                    }
                }
                room
            }
            // What the hedge allows is no lock.
            Counterpart::Hedge => {
                let hedge = way.pick(self.rooms_of_hedge(grid, column));
                search.within(room, &search.fixed(hedge))
            }
        }
    }

    /// Who stands in the way where totals are bound too.
    fn irreducible(&self, grid: &Grid, way: Way, wanted: i64) -> Vec<Blocker> {
        let aim = self.aim;
        let own = (aim.node, aim.period);
        let (from, until) = (self.region.root, self.region.root + self.region.len as u32);
        let inside = |node: NodeIndex| (from..until).contains(&node.0);
        let above: Vec<NodeIndex> = match self.counterpart {
            Counterpart::Ancestors => grid.shape().ancestors(aim.node).collect(),
            Counterpart::Siblings | Counterpart::Hedge => Vec::new(),
        };
        let places = grid.constraints().map(|(node, period, _)| (node, period));
        let places = places.filter(|place| *place != own && (inside(place.0) || above.contains(&place.0)));
        irreducible(
            grid,
            places.collect(),
            |_: Place| way,
            wanted,
            self.region.new.len(),
            |grid| Motion::new(grid, aim).map_or(0, |motion| motion.exact_room(grid, way)),
        )
    }

    /// The refusal of a change that the hedge alone cannot balance.
    pub(super) fn hedge_refusal(&self, grid: &Grid, wanted: i64) -> Option<Refusal> {
        let (parent, period) = (grid.shape().parent(self.aim.node)?, self.aim.period?);
        let limit = hedge_limit(grid, parent, period);
        let hedge = grid.cell_hedge(parent, period) + wanted;
        // Also of a hedge beyond a limit that was lowered since some may be taken: then something else stands in the way.
        let is_beyond = if wanted > 0 { hedge > limit } else { hedge < 0 };
        (self.counterpart == Counterpart::Hedge && is_beyond).then_some(Refusal::Hedge {
            node: parent,
            period,
            hedge: Minor(hedge),
            limit: Minor(limit),
        })
    }

    /// What stands in the way when no lock or bound does.
    fn natural(&self, grid: &Grid) -> (NodeIndex, Cause) {
        let node = self.aim.node;
        match grid.shape().parent(node) {
            Some(parent) if self.counterpart == Counterpart::Siblings => {
                let alone = grid.shape().children(parent).count() == 1;
                (parent, if alone { Cause::Kept } else { Cause::Empty })
            }
            Some(parent) if self.counterpart == Counterpart::Hedge => (parent, Cause::Kept),
            _ if self.region.periods.len() == 1 && self.totals() == Totals::Stay => (node, Cause::Kept),
            _ => (node, Cause::Empty),
        }
    }
}

/// What stands in the way when no lock or bound does.
pub(super) fn natural(grid: &Grid, (node, period): Place, cause: Cause) -> Blocker {
    Blocker {
        node,
        period,
        cause,
        amount: grid.amount(node, period),
        frees: Minor(0),
    }
}

/// Refuses a negative or an absurd amount.
pub(crate) fn check_amount(node: NodeIndex, period: Option<PeriodIndex>, amount: i64) -> Result<(), Refusal> {
    if amount < 0 {
        return Err(Refusal::Negative {
            node,
            period,
            amount: Minor(amount),
        });
    }
    if amount > MAX_AMOUNT {
        return Err(Refusal::TooLarge {
            node,
            period,
            amount: Minor(amount),
            limit: Minor(MAX_AMOUNT),
        });
    }
    Ok(())
}

/// Refuses absurd totals. Below a hedge they can exceed those above; nowhere else does anything exceed the top.
pub(super) fn check_totals(grid: &Grid, region: &Region) -> Result<(), Refusal> {
    let total = |local: usize| {
        let columns = 0..region.periods.len();
        let change = columns.map(|column| region.amount(column, local) - region.now(grid, column, local));
        grid.amount_or_total(region.node(local), None) + change.sum::<i64>()
    };
    let hedges = grid
        .hedges()
        .fold(0_i64, |sum, (_, hedge)| sum.saturating_add(hedge.0));
    if hedges == 0 || total(0).saturating_add(hedges) <= MAX_AMOUNT {
        return Ok(());
    }
    (0..region.len).try_for_each(|local| check_amount(region.node(local), None, total(local)))
}

/// Refuses an amount that the place's own lock, floor or cap forbids.
pub(crate) fn check_bounds(
    grid: &Grid,
    node: NodeIndex,
    period: Option<PeriodIndex>,
    amount: i64,
) -> Result<(), Refusal> {
    check_held(grid, grid.constraint(node, period), (node, period), amount)
}

/// Refuses an amount that a lock, floor or cap forbids which the place has, or is to have.
pub(crate) fn check_held(
    grid: &Grid,
    held: Constraint,
    (node, period): Place,
    amount: i64,
) -> Result<(), Refusal> {
    let now = grid.amount(node, period);
    let amount = Minor(amount);
    match (held.lock, held.floor, held.cap) {
        (Some(by), _, _) if amount != now => Err(Refusal::Locked {
            node,
            period,
            by,
            amount: now,
        }),
        (_, Some(floor), _) if amount < floor => Err(Refusal::BelowFloor {
            node,
            period,
            floor,
            amount,
        }),
        (_, _, Some(cap)) if amount > cap => Err(Refusal::AboveCap {
            node,
            period,
            cap,
            amount,
        }),
        _ => Ok(()),
    }
}

/// The refusal of a spreading that its children's bounds prevent in one period.
pub(super) fn gap_refusal(grid: &Grid, region: &Region, gap: Gap) -> Refusal {
    let column = region
        .periods
        .iter()
        .position(|period| Some(*period) == gap.period);
    let column = column.unwrap_or(0);
    let children = || grid.shape().children(gap.parent).map(|child| region.local(child));
    let now: i64 = children().map(|child| region.now(grid, column, child)).sum();
    let way = Way::of(gap.wanted - gap.reachable);
    let blockers = fewest(grid, (gap.wanted - now).abs(), |search| {
        search.together(region, column, children(), way, Totals::Change)
    });
    blocked(grid, gap, blockers)
}

/// The same with those who stand in the way.
pub(super) fn blocked(grid: &Grid, gap: Gap, blockers: Vec<Blocker>) -> Refusal {
    let missing = (gap.wanted - gap.reachable).abs();
    let mut blockers = ordered(grid, blockers, missing);
    if blockers.is_empty() {
        blockers.push(natural(grid, (gap.parent, gap.period), Cause::Empty));
    }
    Refusal::Blocked {
        node: gap.parent,
        period: gap.period,
        wanted: Minor(gap.wanted),
        reachable: Minor(gap.reachable),
        missing: Minor(missing),
        blockers,
    }
}
