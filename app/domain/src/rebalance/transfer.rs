//! An amount moved from one node to another; what lies above them follows up to what they have in common.

use super::blockers::{Place, Totals, Way, ordered};
use super::decided::cells_of;
use super::knapsack::{Releases, Search, fewest};
use super::margins::{Amounts, Frame, Handle, Margins};
use super::refuse::{check_amount, check_bounds, gap_refusal, natural};
use super::region::Region;
use super::room::total_room;
use super::rows::Kept;
use super::spread::Rule;
use super::trial::irreducible;
use super::{all_periods, delta};
use crate::allocation::{Filler, Slot};
use crate::money::Minor;
use crate::plan::{Cause, Deltas, Grid, MAX_AMOUNT, NodeIndex, PeriodIndex, Refusal};

/// The giving end and the taking one.
const WAYS: [Way; 2] = [Way::Down, Way::Up];

/// Moves an amount between two nodes, in one period or over all.
pub(crate) fn move_amount(
    grid: &Grid,
    from: NodeIndex,
    to: NodeIndex,
    period: Option<PeriodIndex>,
    amount: Minor,
) -> Result<Deltas, Refusal> {
    grid.known(from, period)?;
    grid.known(to, period)?;
    let inside = |outer: NodeIndex, inner: NodeIndex| outer <= inner && inner < grid.shape().end(outer);
    if inside(from, to) || inside(to, from) {
        return Err(Refusal::SameLine { from, to });
    }
    check_amount(from, period, amount.0)?;
    for (node, change) in [(from, -amount.0), (to, amount.0)] {
        let after = grid.amount_or_total(node, period) + change;
        check_amount(node, period, after)?;
        check_bounds(grid, node, period, after)?;
        if period.is_some() {
            let total = grid.amount_or_total(node, None) + change;
            check_amount(node, None, total)?;
            check_bounds(grid, node, None, total)?;
        }
    }
    Transfer::new(grid, [from, to], period).make(grid, amount.0)
}

/// A move of any amount.
struct Transfer {
    ends: [NodeIndex; 2],
    period: Option<PeriodIndex>,
    regions: [Region; 2],
    /// What lies above each end, up to what both have in common.
    paths: [Vec<NodeIndex>; 2],
    /// How much each period lets through for all that is held of its cells.
    rooms: Vec<i64>,
    /// How much goes in all.
    most: i64,
}

impl Transfer {
    fn new(grid: &Grid, ends: [NodeIndex; 2], period: Option<PeriodIndex>) -> Self {
        let shape = grid.shape();
        let periods = period.map_or_else(|| all_periods(grid), |period| vec![period]);
        let path = |end: usize| {
            let other = ends[1 - end];
            let apart = |above: &NodeIndex| !(*above <= other && other < shape.end(*above));
            shape.ancestors(ends[end]).take_while(apart).collect()
        };
        let region = |end: usize| Region::new(grid, ends[end], periods.clone(), Kept::Nothing);
        let mut transfer = Self {
            ends,
            period,
            regions: [region(0), region(1)],
            paths: [path(0), path(1)],
            rooms: Vec::new(),
            most: 0,
        };
        transfer.rooms = (0..periods.len())
            .map(|column| transfer.room(grid, column))
            .collect();
        transfer.most = transfer.rooms.iter().sum();
        for (path, way) in transfer.paths.iter().zip(WAYS) {
            for node in path {
                transfer.most = transfer.most.min(way.pick(total_room(grid, *node)));
            }
        }
        if transfer.bound() {
            let bounds = transfer.bounds(grid);
            let mut margins = Margins::of(grid, &transfer.parts(&bounds), Amounts::Now);
            if let [(giver, _), (taker, _)] = margins.gaps[..] {
                transfer.most = margins.network.push(giver, taker, transfer.most);
            }
        }
        transfer
    }

    /// Whether totals below the ends are bound while several periods change.
    fn bound(&self) -> bool {
        self.regions.iter().any(|region| !region.rows.is_empty())
    }

    fn room(&self, grid: &Grid, column: usize) -> i64 {
        let mut room = i64::MAX;
        for (end, way) in WAYS.into_iter().enumerate() {
            let region = &self.regions[end];
            let (now, (lo, hi)) = (region.now(grid, column, 0), region.room(column, 0));
            room = room.min(way.pick((now - lo, hi - now)));
            for node in &self.paths[end] {
                let period = region.periods[column];
                let now = grid.cell_amount(*node, period);
                let (lo, hi) = grid.constraint(*node, Some(period)).bounds(now);
                room = room.min(way.pick((now - lo, hi.min(MAX_AMOUNT) - now)));
            }
        }
        room
    }

    /// What the ends may have in each period.
    fn bounds(&self, grid: &Grid) -> [Vec<(i64, i64)>; 2] {
        [0, 1].map(|end| {
            let of = |(column, room): (usize, &i64)| {
                let now = self.regions[end].now(grid, column, 0);
                WAYS[end].pick(((now - room, now), (now, now + room)))
            };
            self.rooms.iter().enumerate().map(of).collect()
        })
    }

    fn parts<'a>(&'a self, bounds: &'a [Vec<(i64, i64)>; 2]) -> [(&'a Region, Frame<'a>); 2] {
        [0, 1].map(|end| {
            let frame = Frame {
                root: Some(&bounds[end]),
                own: 0,
                handle: Handle::Total,
            };
            (&self.regions[end], frame)
        })
    }

    fn make(mut self, grid: &Grid, amount: i64) -> Result<Deltas, Refusal> {
        if amount > self.most {
            return Err(self.blocked(grid, amount));
        }
        // Each period gives as the giver has, within what both sides and all above them allow.
        let mut slots: Vec<Slot> = Vec::with_capacity(self.rooms.len());
        for (column, room) in self.rooms.iter().enumerate() {
            let weight = self.regions[0].now(grid, column, 0) as u64;
            slots.push(Slot::new(column as u32, weight, 0, *room));
        }
        Filler::default().fill(amount, &mut slots, u128::from);
        let mut within = true;
        for (region, way) in self.regions.iter_mut().zip(WAYS) {
            for (column, slot) in slots.iter().enumerate() {
                let at = region.at(column, 0);
                region.new[at] += way.pick((-slot.amount, slot.amount));
            }
            within &= region
                .spread_above_rows(grid, None, |_| Rule::FOLLOW)
                .map_err(|gap| gap_refusal(grid, region, gap))?;
        }
        if !within {
            self.settle(grid, amount)?;
        }
        let mut deltas = Deltas::default();
        for (region, path) in self.regions.iter_mut().zip(&self.paths) {
            for (column, period) in region.periods.iter().enumerate() {
                let change = region.amount(column, 0) - region.now(grid, column, 0);
                for node in path {
                    let now = grid.cell_amount(*node, *period);
                    let cell = grid.shape().cell(*node, *period);
                    deltas.cells.push(delta(cell, now, now + change));
                }
            }
            region
                .descend(grid, 0, Rule::FOLLOW)
                .map_err(|gap| gap_refusal(grid, region, gap))?;
            deltas.cells.append(&mut cells_of(grid, region)?);
        }
        Ok(deltas.tidy())
    }

    /// Brings bound totals below both ends within their bounds.
    fn settle(&mut self, grid: &Grid, amount: i64) -> Result<(), Refusal> {
        let bounds = self.bounds(grid);
        let mut margins = Margins::of(grid, &self.parts(&bounds), Amounts::New);
        if !margins.network.repair() {
            return Err(self.blocked(grid, amount));
        }
        for (part, region) in self.regions.iter_mut().enumerate() {
            margins
                .write(grid, part, region, |_| Rule::FOLLOW)
                .map_err(|gap| gap_refusal(grid, region, gap))?;
        }
        Ok(())
    }

    /// The refusal of a move that bounds below its ends or above them prevent.
    fn blocked(&self, grid: &Grid, amount: i64) -> Refusal {
        let (node, period) = (self.ends[1], self.period);
        let blockers = if self.bound() {
            self.irreducible(grid, amount)
        } else {
            fewest(grid, amount, |search| self.releases(search, grid))
        };
        let mut blockers = ordered(grid, blockers, amount - self.most);
        if blockers.is_empty() {
            blockers.push(natural(grid, (node, period), Cause::Empty));
        }
        let now = grid.amount_or_total(node, period);
        Refusal::Blocked {
            node,
            period,
            wanted: Minor(now + amount),
            reachable: Minor(now + self.most),
            missing: Minor(amount - self.most),
            blockers,
        }
    }

    /// How much goes, by what is released, where periods do not depend on each other.
    fn releases(&self, search: &Search<'_>, grid: &Grid) -> Releases {
        let alone = self.rooms.len() == 1;
        let totals = if alone { Totals::Change } else { Totals::Stay };
        let mut room = search.fixed(0);
        for column in 0..self.rooms.len() {
            let mut here = search.fixed(MAX_AMOUNT);
            for (end, way) in WAYS.into_iter().enumerate() {
                let region = &self.regions[end];
                let period = region.periods[column];
                here = search.within(here, &search.subtree(region, (column, 0), way, totals));
                for node in &self.paths[end] {
                    let now = grid.cell_amount(*node, period);
                    let natural = search.fixed(way.pick((now, MAX_AMOUNT - now)));
                    here = search.held(search.within(here, &natural), (*node, Some(period)), way);
                }
            }
            room = search.and(room, &here);
        }
        for (path, way) in self.paths.iter().zip(WAYS) {
            for node in path {
                room = search.held(room, (*node, None), way);
            }
        }
        room
    }

    /// Who stands in the way where totals are bound too.
    fn irreducible(&self, grid: &Grid, amount: i64) -> Vec<crate::plan::Blocker> {
        let gives = |node: NodeIndex| {
            let end = grid.shape().end(self.ends[0]);
            (self.ends[0] <= node && node < end) || self.paths[0].contains(&node)
        };
        let takes = |node: NodeIndex| {
            let end = grid.shape().end(self.ends[1]);
            (self.ends[1] <= node && node < end) || self.paths[1].contains(&node)
        };
        let own = |place: &Place| self.ends.contains(&place.0) && place.1 == self.period;
        let places = grid.constraints().map(|(node, period, _)| (node, period));
        let places = places.filter(|place| !own(place) && (gives(place.0) || takes(place.0)));
        let way = |place: Place| if gives(place.0) { Way::Down } else { Way::Up };
        let cells = self.regions.iter().map(|region| region.new.len()).sum();
        irreducible(grid, places.collect(), way, amount, cells, |grid| {
            Self::new(grid, self.ends, self.period).most
        })
    }
}
