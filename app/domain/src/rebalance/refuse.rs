//! The refusals of a change, with who stands in the way.

use super::blockers::{Totals, Way, collect, fewest, own_room};
use super::motion::{Counterpart, Motion};
use super::region::{CEILING, Region};
use super::room::hedge_limit;
use super::spread::Gap;
use crate::money::Minor;
use crate::plan::{Blocker, Cause, Grid, MAX_AMOUNT, NodeIndex, PeriodIndex, Refusal};

impl Motion {
    /// The refusal of an amount that bounds of others prevent.
    pub(super) fn blocked(&self, grid: &Grid, amount: i64) -> Refusal {
        let now = grid.amount_or_total(self.aim.node, self.aim.period);
        let (down, up) = self.exact_rooms(grid);
        let reachable = amount.clamp(now - down, now + up);
        let missing = (amount - reachable).abs();
        let way = Way::of(amount - now);
        let mut found = Vec::new();
        let pivot = self.pivot();
        for column in 0..self.region.periods.len() {
            let way = if pivot.is_none_or(|pivot| pivot == column) {
                way
            } else {
                way.back()
            };
            let (down, up) = self.rooms[column];
            let room = if way == Way::Up { up } else { down };
            let tight = pivot != Some(column) || room < (amount - now).abs();
            if tight {
                self.blockers_in(grid, column, way, &mut found);
            }
        }
        let mut blockers = fewest(grid, found, missing);
        if blockers.is_empty() {
            let (node, cause) = self.natural(grid);
            let amount = grid.amount(node, self.aim.period);
            blockers.push(Blocker {
                node,
                period: self.aim.period,
                cause,
                amount,
                frees: Minor(0),
            });
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
        gap_refusal(grid, &self.region, gap, self.totals())
    }

    fn blockers_in(&self, grid: &Grid, column: usize, way: Way, found: &mut Vec<Blocker>) {
        let totals = self.totals();
        let below = grid
            .shape()
            .children(self.aim.node)
            .map(|child| self.region.local(child));
        for child in below {
            collect(grid, &self.region, (column, child), way, totals, found);
        }
        let period = self.region.periods[column];
        if self.aim.period != Some(period) {
            Self::own_blocker(grid, self.aim.node, Some(period), way, found);
        }
        match self.counterpart {
            Counterpart::Siblings => {
                let mut child = 1;
                while child < self.region.len {
                    if child != self.own {
                        collect(grid, &self.region, (column, child), way.back(), totals, found);
                    }
                    child = self.region.end(grid, child);
                }
            }
            Counterpart::Ancestors => {
                for node in grid.shape().ancestors(self.aim.node) {
                    Self::own_blocker(grid, node, Some(period), way, found);
                    if totals == Totals::Change {
                        Self::own_blocker(grid, node, None, way, found);
                    }
                }
            }
            Counterpart::Hedge => {}
        }
    }

    fn own_blocker(
        grid: &Grid,
        node: NodeIndex,
        period: Option<PeriodIndex>,
        way: Way,
        found: &mut Vec<Blocker>,
    ) {
        if let Some((_, cause, amount)) = own_room(grid, node, period, way) {
            found.push(Blocker {
                node,
                period,
                cause,
                amount: Minor(amount),
                frees: Minor(CEILING),
            });
        }
    }

    /// The refusal of a change that the hedge alone cannot balance.
    pub(super) fn hedge_refusal(&self, grid: &Grid, wanted: i64) -> Option<Refusal> {
        let (parent, period) = (grid.shape().parent(self.aim.node)?, self.aim.period?);
        let limit = hedge_limit(grid, parent, period);
        let hedge = grid.cell_hedge(parent, period) + wanted;
        let breaks = self.counterpart == Counterpart::Hedge && (hedge < 0 || hedge > limit);
        breaks.then_some(Refusal::Hedge {
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

/// Refuses an amount that the place's own lock, floor or cap forbids.
pub(crate) fn check_bounds(
    grid: &Grid,
    node: NodeIndex,
    period: Option<PeriodIndex>,
    amount: i64,
) -> Result<(), Refusal> {
    let held = grid.constraint(node, period);
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

/// The refusal of a spreading that its children's bounds prevent.
pub(super) fn gap_refusal(grid: &Grid, region: &Region, gap: Gap, totals: Totals) -> Refusal {
    let missing = (gap.wanted - gap.reachable).abs();
    let way = Way::of(gap.wanted - gap.reachable);
    let mut found = Vec::new();
    for (column, period) in region.periods.iter().enumerate() {
        if gap.period.is_none_or(|only| only == *period) {
            for child in grid.shape().children(gap.parent) {
                collect(
                    grid,
                    region,
                    (column, region.local(child)),
                    way,
                    totals,
                    &mut found,
                );
            }
        }
    }
    Refusal::Blocked {
        node: gap.parent,
        period: gap.period,
        wanted: Minor(gap.wanted),
        reachable: Minor(gap.reachable),
        missing: Minor(missing),
        blockers: fewest(grid, found, missing),
    }
}
