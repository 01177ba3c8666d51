//! A split whose shares are moved by hand: of each movement only the sibling groups above the rows in sight are shared out, exactly
//! as [`crate::plan::after`] shares them; the others follow in pieces once the hand rests.
//!
//! A split goes from the top down, so that a row depends on the groups on its way up to the top, and on nothing else; where totals
//! are held, on the groups above those too. What does not depend on the shares (the room that locks and bounds leave, what everybody
//! weighs by each basis) is worked out once.

use super::all_periods;
use super::decided::check;
use super::margins::{Frame, Handle};
use super::region::Region;
use super::rows::Kept;
use super::spread::{Rule, Weights};
use crate::allocation::blend::Groups;
use crate::money::Minor;
use crate::plan::{BasisWeights, CellIndex, Factor, Grid, NodeIndex, OwnWeights, Refusal};

/// A split of everything below a node whose shares are moved.
pub struct Weighing {
    /// Rows of the plan: of another one there is nothing to be told.
    rows: usize,
    groups: Groups,
    region: Region,
    step: i64,
    /// What the shares are set to, in the order of the bases.
    shares: Vec<u32>,
    /// By local index; of each period where those differ. Only of groups that were shared out in this movement.
    weights: Vec<Vec<u64>>,
    /// For each node the movement in which its children were shared out.
    spread_in: Vec<u32>,
    movement: u32,
    /// Whether what is above held totals was shared out in this movement.
    settled: bool,
    /// Everything before it was shared out in this movement.
    next: usize,
}

/// How far the rest has come.
#[derive(Debug, PartialEq, Eq)]
pub enum Rest {
    /// There is more to be done.
    More,
    /// The grid as the split would leave it.
    Whole(Grid),
    /// The split is refused: [`crate::plan::after`] says why.
    Refused,
}

impl Weighing {
    /// Begins to weigh a split of everything below `node`; the shares of `bases` do not count, they are set later. What a split with
    /// any shares is refused for is refused at once, as far as it is seen yet.
    pub fn begin(
        grid: &Grid,
        node: NodeIndex,
        bases: Vec<BasisWeights>,
        factors: &[Factor],
        own: Vec<OwnWeights>,
        step: Minor,
    ) -> Result<Self, Refusal> {
        grid.known(node, None)?;
        if grid.shape().is_leaf(node) {
            return Err(Refusal::NoChildren { node });
        }
        if step.0 < 1 {
            return Err(Refusal::Step { step });
        }
        let shares = vec![0; bases.len()];
        let groups = Groups::of(grid.shape(), node, bases, factors, own)?;
        let region = Region::new(grid, node, all_periods(grid), Kept::Nothing);
        let columns = if groups.by_period() {
            region.periods.len()
        } else {
            1
        };
        Ok(Self {
            rows: grid.shape().len(),
            groups,
            step: step.0,
            shares,
            weights: vec![vec![0; region.len]; columns],
            spread_in: vec![0; region.len],
            region,
            movement: 0,
            settled: false,
            next: 0,
        })
    }

    /// Sets the shares, one for each basis in millionths. Nothing is worked out yet.
    pub fn set_shares(&mut self, shares: &[u32]) -> Result<(), Refusal> {
        if self.movement > 0 && self.shares == shares {
            return Ok(());
        }
        let sum_ppm = shares.iter().copied().map(u64::from).sum();
        if shares.len() != self.shares.len() {
            return Err(Refusal::Shares { sum_ppm });
        }
        self.groups.set_shares(shares)?;
        self.shares.copy_from_slice(shares);
        self.movement += 1;
        self.settled = false;
        self.next = 0;
        Ok(())
    }

    /// Works out what bases with a share need beside it, until about so many rows were gone through; whether all of it is there. It
    /// stays whatever the shares become. `grid` must be the one it began with.
    pub fn prepare(&mut self, grid: &Grid, rows: usize) -> Result<bool, Refusal> {
        let mut gone = 0;
        while gone < rows {
            match self.groups.prepare(grid.shape())? {
                Some(more) => gone += more,
                None => return Ok(true),
            }
        }
        Ok(false)
    }

    /// The amounts in every period of the rows in sight and of those above them, by the shares that were set last; where it is
    /// asked for, of all `beside` one of them too. `grid` must be the one it began with; it stays as it is. None where this split
    /// cannot be made: [`crate::plan::after`] says why.
    pub fn preview(
        &mut self,
        grid: &Grid,
        visible: &[NodeIndex],
        beside: bool,
    ) -> Option<Vec<(CellIndex, Minor)>> {
        self.get_ready(grid)?;
        let (shape, top) = (grid.shape(), self.region.node(0));
        let mut shown = Vec::new();
        for node in visible.iter().copied() {
            if !shape.has(node) || node < top || node >= shape.end(top) {
                continue;
            }
            let mut path: Vec<usize> = shape
                .ancestors(node)
                .take_while(|above| *above >= top)
                .map(|above| self.region.local(above))
                .collect();
            shown.push(self.region.local(node));
            shown.extend(&path);
            while let Some(parent) = path.pop() {
                self.share(grid, parent)?;
                if beside {
                    let children = shape.children(self.region.node(parent));
                    shown.extend(children.map(|child| self.region.local(child)));
                }
            }
        }
        shown.sort_unstable();
        shown.dedup();
        let mut cells = Vec::with_capacity(shown.len() * self.region.periods.len());
        for (column, period) in self.region.periods.iter().enumerate() {
            cells.extend(shown.iter().map(|local| {
                let cell = shape.cell(self.region.node(*local), *period);
                (cell, Minor(self.region.amount(column, *local)))
            }));
        }
        Some(cells)
    }

    /// Shares out what nobody looked at, until about so many cells were given their amounts; to be called until it says so. `grid`
    /// must be the one it began with.
    pub fn rest(&mut self, grid: &Grid, cells: usize) -> Rest {
        if self.get_ready(grid).is_none() {
            return Rest::Refused;
        }
        let mut given = 0;
        while self.next < self.region.len {
            if given >= cells {
                return Rest::More;
            }
            match self.share(grid, self.next) {
                Some(children) => given += children * self.region.periods.len(),
                None => return Rest::Refused,
            }
            self.next += 1;
        }
        if check(grid, &self.region).is_err() {
            return Rest::Refused;
        }
        let mut after = grid.clone();
        let columns = self.region.new.chunks_exact(self.region.len.max(1));
        for (period, column) in self.region.periods.iter().zip(columns) {
            after.put_rows(*period, self.region.node(0), column.to_vec());
        }
        Rest::Whole(after)
    }

    /// What every movement needs; none where it cannot be had.
    fn get_ready(&mut self, grid: &Grid) -> Option<()> {
        if self.movement == 0 || self.rows != grid.shape().len() {
            return None;
        }
        self.prepare(grid, usize::MAX).ok()?;
        if self.settled || self.region.rows.is_empty() {
            return Some(());
        }
        for parent in self.region.parents_of_rows() {
            self.weigh(grid, parent);
        }
        let rule = rule_of(&self.groups, &self.weights, self.step);
        let frame = Frame {
            root: None,
            own: 0,
            handle: Handle::None,
        };
        let held = self.region.settle_rows(grid, frame, None, |_| rule);
        self.settled = matches!(held, Ok(true));
        self.settled.then_some(())
    }

    /// Shares out what a node has, unless this movement has done so; among how many.
    fn share(&mut self, grid: &Grid, parent: usize) -> Option<usize> {
        let is_leaf = self.region.end(grid, parent) == parent + 1;
        if is_leaf || self.spread_in.get(parent) == Some(&self.movement) {
            return Some(0);
        }
        self.weigh(grid, parent);
        let rule = rule_of(&self.groups, &self.weights, self.step);
        if self.region.spread(grid, parent, rule).is_err() {
            // It was not shared out: whoever asks again is told so, too, and not shown what stood there before.
            if let Some(spread_in) = self.spread_in.get_mut(parent) {
                *spread_in = 0;
            }
            return None;
        }
        Some(self.region.slots.len())
    }

    /// Puts the weights of the children of a node in their places, as it is shared out.
    fn weigh(&mut self, grid: &Grid, parent: usize) {
        let node = self.region.node(parent);
        self.groups.put(grid.shape(), node, &mut self.weights);
        if let Some(spread_in) = self.spread_in.get_mut(parent) {
            *spread_in = self.movement;
        }
    }
}

/// How everybody shares: as the whole split does.
fn rule_of<'a>(groups: &Groups, weights: &'a [Vec<u64>], step: i64) -> Rule<'a> {
    let weights = match weights.first() {
        Some(same) if !groups.by_period() => Weights::Given(same),
        _ => Weights::ByPeriod(weights),
    };
    Rule {
        weights,
        except: None,
        step,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use uuid::Uuid;

    use super::*;
    use crate::calendar::Day;
    use crate::id::{MemberId, UnitId};
    use crate::plan::{Basis, NodeRef, NodeSpec, PeriodIndex, PlanPeriod, Shape};

    /// A root, ten regions, ten teams in each, ten people in each.
    fn grid() -> Grid {
        let row = |parent: Option<u32>, is_unit: bool, number: usize| NodeSpec {
            parent: parent.map(NodeIndex),
            reference: if is_unit {
                NodeRef::Unit(UnitId(Uuid::from_u128(number as u128)))
            } else {
                NodeRef::Member(MemberId(Uuid::from_u128(number as u128)))
            },
            name: String::new(),
        };
        let mut nodes = vec![row(None, true, 0)];
        for _ in 0..10 {
            let region = nodes.len() as u32;
            nodes.push(row(Some(0), true, nodes.len()));
            for _ in 0..10 {
                let team = nodes.len() as u32;
                nodes.push(row(Some(region), true, nodes.len()));
                for _ in 0..10 {
                    nodes.push(row(Some(team), false, nodes.len()));
                }
            }
        }
        let period = |at: i32| PlanPeriod {
            starts_on: Day(at * 10),
            ends_on: Day(at * 10 + 9),
        };
        let shape = Shape::new(nodes, (0..3).map(period).collect()).unwrap();
        let leaf = |node: NodeIndex, period: PeriodIndex| {
            Minor(1_000 + i64::from(node.0 % 7) * 10 + i64::from(period.0))
        };
        Grid::from_leaves(Arc::new(shape), leaf).unwrap()
    }

    #[test]
    fn a_movement_shares_out_only_what_is_above_the_rows_in_sight() {
        let grid = grid();
        let below = grid.shape().len() as u64 - 1;
        let basis = |basis, weights: Vec<u64>| BasisWeights {
            basis,
            share_ppm: 0,
            weights,
        };
        let bases = vec![
            basis(Basis::Equal, vec![1; below as usize]),
            basis(Basis::History, (0..below).map(|row| row % 13 + 1).collect()),
        ];
        let mut weighing = Weighing::begin(&grid, NodeIndex(0), bases, &[], Vec::new(), Minor(1)).unwrap();
        assert_eq!(
            weighing.preview(&grid, &[NodeIndex(3)], false),
            None,
            "no shares yet"
        );
        assert!(weighing.set_shares(&[1, 0, 0]).is_err());
        let groups = |weighing: &Weighing| {
            let of_movement = |movement: &&u32| **movement == weighing.movement;
            weighing.spread_in.iter().filter(of_movement).count()
        };
        for (share, seen) in [(300_000, 3), (700_000, 4)] {
            weighing.set_shares(&[share, 1_000_000 - share]).unwrap();
            assert_eq!(groups(&weighing), 0);
            let seen = [seen, seen + 1].map(NodeIndex);
            let cells = weighing.preview(&grid, &seen, false).unwrap();
            assert_eq!(groups(&weighing), 3, "root, region, team");
            assert_eq!(cells.len(), (3 + 2) * 3);
            let beside = weighing.preview(&grid, &seen, true).unwrap();
            assert_eq!(beside.len(), (1 + 10 + 10 + 10) * 3);
            assert_eq!(weighing.rest(&grid, 1_000), Rest::More);
        }
        let last = NodeIndex(grid.shape().len() as u32 - 1);
        while weighing.rest(&grid, 1_000) == Rest::More {}
        assert_eq!(groups(&weighing), 111);
        assert_eq!(weighing.preview(&grid, &[last], false).unwrap().len(), 4 * 3);
        assert_eq!(groups(&weighing), 111, "nothing twice");
    }
}
