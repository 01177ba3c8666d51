//! The amounts of one version, with their hedges, locks and bounds.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::amounts::Amounts;
use super::check::GridError;
use super::{CellDelta, CellIndex, Deltas, Misfit, NodeIndex, PeriodIndex, Refusal, Shape};
use crate::id::UserId;
use crate::money::Minor;

/// What holds an amount.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Constraint {
    /// Held at its present amount, signed by this user.
    pub lock: Option<UserId>,
    /// Not less than this.
    pub floor: Option<Minor>,
    /// Not more than this.
    pub cap: Option<Minor>,
}

impl Constraint {
    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Smallest and largest amount this leaves to a place that has `amount` now.
    pub(crate) fn bounds(&self, amount: i64) -> (i64, i64) {
        if self.lock.is_some() {
            return (amount, amount);
        }
        (
            self.floor.map_or(0, |floor| floor.0.max(0)),
            self.cap.map_or(i64::MAX, |cap| cap.0),
        )
    }
}

/// The amounts of one version: node × period, in minor units, with what holds them.
///
/// Cells of a period lie side by side (`period × nodes + node`). A clone shares the shape and the amounts of every period that
/// neither of them changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    pub(super) shape: Arc<Shape>,
    pub(super) amounts: Amounts,
    pub(super) hedges: BTreeMap<CellIndex, i64>,
    pub(super) constraints: BTreeMap<(Option<PeriodIndex>, NodeIndex), Constraint>,
    pub(super) hedge_limit_ppm: u32,
}

/// Largest hedge in millionths of the parent's amount unless set otherwise: half, which practice calls alarming.
pub const HEDGE_LIMIT_PPM: u32 = 500_000;

impl Grid {
    /// A grid of zeros.
    pub fn zero(shape: Arc<Shape>) -> Self {
        Self {
            amounts: Amounts::zero(shape.len(), shape.periods().len()),
            shape,
            hedges: BTreeMap::new(),
            constraints: BTreeMap::new(),
            hedge_limit_ppm: HEDGE_LIMIT_PPM,
        }
    }

    /// A grid without hedges from the amounts of its leaves; everything above is their sum.
    pub fn from_leaves(
        shape: Arc<Shape>,
        mut leaf: impl FnMut(NodeIndex, PeriodIndex) -> Minor,
    ) -> Result<Self, GridError> {
        let mut grid = Self::zero(shape);
        for period in grid.periods() {
            let column = grid.amounts.column_mut(period);
            for node in grid.shape.nodes().filter(|node| grid.shape.is_leaf(*node)) {
                column[node.0 as usize] = leaf(node, period).0;
            }
        }
        grid.sum_up()?;
        grid.check()?;
        Ok(grid)
    }

    /// A grid from every amount (see [`CellIndex`] for the order); where children exceed their parent, that is its
    /// hedge, of any size. Children short of their parent are an error.
    pub fn from_amounts(shape: Arc<Shape>, amounts: Vec<Minor>) -> Result<Self, GridError> {
        if amounts.len() != shape.cells() {
            return Err(GridError::Cells {
                expected: shape.cells() as u64,
                got: amounts.len() as u64,
            });
        }
        let (rows, periods) = (shape.len(), shape.periods().len());
        let mut grid = Self::zero(shape);
        grid.amounts = Amounts::of(rows, periods, amounts.into_iter().map(|amount| amount.0));
        grid.check_amounts()?;
        for period in grid.periods() {
            for node in grid.shape.nodes().filter(|node| !grid.shape.is_leaf(*node)) {
                let hedge = grid.children_sum(node, period) - grid.cell_amount(node, period);
                if hedge < 0 {
                    return Err(GridError::Short {
                        node,
                        period,
                        missing: Minor(-hedge),
                    });
                }
                if hedge > 0 {
                    grid.hedges.insert(grid.shape.cell(node, period), hedge);
                }
            }
        }
        grid.check()?;
        Ok(grid)
    }

    /// The same grid with another limit on hedges, in millionths of the parent's amount; it applies to commands that
    /// raise a hedge.
    pub fn with_hedge_limit(mut self, ppm: u32) -> Self {
        self.set_hedge_limit(ppm);
        self
    }

    /// Limits hedges to so many millionths of the parent's amount from now on; those that are there stay.
    pub fn set_hedge_limit(&mut self, ppm: u32) {
        self.hedge_limit_ppm = ppm;
    }

    /// The tree and the periods.
    pub fn shape(&self) -> &Arc<Shape> {
        &self.shape
    }

    /// Every period.
    pub fn periods(&self) -> impl DoubleEndedIterator<Item = PeriodIndex> + use<> {
        (0..self.shape.periods().len() as u16).map(PeriodIndex)
    }

    /// The amount of a node in a period, or over all.
    pub fn amount(&self, node: NodeIndex, period: Option<PeriodIndex>) -> Minor {
        Minor(self.amount_or_total(node, period))
    }

    /// The amounts of a period, by node.
    pub fn column(&self, period: PeriodIndex) -> &[i64] {
        self.amounts.column(period)
    }

    /// By how much the children exceed the node in a period, or over all.
    pub fn hedge(&self, node: NodeIndex, period: Option<PeriodIndex>) -> Minor {
        Minor(match period {
            Some(period) => self.cell_hedge(node, period),
            None => self.periods().map(|period| self.cell_hedge(node, period)).sum(),
        })
    }

    /// Every hedge that is not zero.
    pub fn hedges(&self) -> impl Iterator<Item = (CellIndex, Minor)> + '_ {
        self.hedges.iter().map(|(cell, hedge)| (*cell, Minor(*hedge)))
    }

    /// The largest hedge a command may make, in millionths of the parent's amount.
    pub fn hedge_limit_ppm(&self) -> u32 {
        self.hedge_limit_ppm
    }

    /// What holds a place; the empty constraint where nothing does.
    pub fn constraint(&self, node: NodeIndex, period: Option<PeriodIndex>) -> Constraint {
        self.constraints.get(&(period, node)).copied().unwrap_or_default()
    }

    /// Every place that is held, totals first.
    pub fn constraints(&self) -> impl Iterator<Item = (NodeIndex, Option<PeriodIndex>, Constraint)> + '_ {
        self.constraints
            .iter()
            .map(|((period, node), constraint)| (*node, *period, *constraint))
    }

    /// Applies what a command changed. All or nothing: a delta made for another state changes nothing.
    pub fn fold(&mut self, deltas: &Deltas) -> Result<(), Misfit> {
        for delta in &deltas.cells {
            let found = self
                .amounts
                .get(delta.cell)
                .ok_or(Misfit::Unknown { cell: delta.cell })?;
            same(delta, found)?;
        }
        for delta in &deltas.hedges {
            if delta.cell.0 as usize >= self.amounts.len() {
                return Err(Misfit::Unknown { cell: delta.cell });
            }
            same(delta, self.hedges.get(&delta.cell).copied().unwrap_or_default())?;
        }
        for delta in &deltas.constraints {
            if self.constraint(delta.node, delta.period) != delta.old {
                return Err(Misfit::Constraint {
                    node: delta.node,
                    period: delta.period,
                });
            }
        }
        self.put(deltas);
        Ok(())
    }

    /// Applies what was decided for this very grid.
    pub(crate) fn put(&mut self, deltas: &Deltas) {
        self.amounts.put(&deltas.cells);
        for delta in &deltas.hedges {
            if delta.new.0 == 0 {
                self.hedges.remove(&delta.cell);
            } else {
                self.hedges.insert(delta.cell, delta.new.0);
            }
        }
        for delta in &deltas.constraints {
            let place = (delta.period, delta.node);
            if delta.new.is_empty() {
                self.constraints.remove(&place);
            } else {
                self.constraints.insert(place, delta.new);
            }
        }
    }

    /// Writes amounts of a period from a node on, in the order of the tree.
    pub(crate) fn put_rows(&mut self, period: PeriodIndex, first: NodeIndex, amounts: Vec<i64>) {
        self.amounts.put_rows(period, first.0 as usize, amounts);
    }

    /// Bytes of heap this takes without its shape (constraints and hedges estimated), for the bench of plan.memory.
    pub fn memory_bytes(&self) -> usize {
        self.amounts.bytes() + self.hedges.len() * 16 + self.constraints.len() * 64
    }

    /// Refuses a node or a period that is not there.
    pub(crate) fn known(&self, node: NodeIndex, period: Option<PeriodIndex>) -> Result<(), Refusal> {
        if !self.shape.has(node) {
            return Err(Refusal::UnknownNode { node });
        }
        match period {
            Some(period) if usize::from(period.0) >= self.shape.periods().len() => {
                Err(Refusal::UnknownPeriod { period })
            }
            _ => Ok(()),
        }
    }

    /// Takes away what holds a place.
    pub(crate) fn release(&mut self, (node, period): (NodeIndex, Option<PeriodIndex>)) {
        self.constraints.remove(&(period, node));
    }

    /// Holds a place.
    pub(crate) fn hold_as(&mut self, (node, period): (NodeIndex, Option<PeriodIndex>), held: Constraint) {
        self.constraints.insert((period, node), held);
    }

    pub(crate) fn cell_amount(&self, node: NodeIndex, period: PeriodIndex) -> i64 {
        self.amounts.at(node, period)
    }

    pub(crate) fn cell_hedge(&self, node: NodeIndex, period: PeriodIndex) -> i64 {
        if self.hedges.is_empty() {
            return 0;
        }
        self.hedges
            .get(&self.shape.cell(node, period))
            .copied()
            .unwrap_or_default()
    }

    pub(crate) fn amount_or_total(&self, node: NodeIndex, period: Option<PeriodIndex>) -> i64 {
        match period {
            Some(period) => self.cell_amount(node, period),
            None => self.periods().map(|period| self.cell_amount(node, period)).sum(),
        }
    }

    /// What stands for the weights of siblings where all are zero: what they have over all periods, or where nobody has
    /// anything how many leaves lie below.
    pub(crate) fn stand_in_weights(&self, siblings: &[NodeIndex]) -> Vec<u64> {
        let had = |node: &NodeIndex| self.amount_or_total(*node, None) as u64;
        let weights: Vec<u64> = siblings.iter().map(had).collect();
        if weights.iter().any(|weight| *weight > 0) {
            return weights;
        }
        let leaves = |node: &NodeIndex| {
            let below = (node.0..self.shape.end(*node).0).map(NodeIndex);
            below.filter(|node| self.shape.is_leaf(*node)).count() as u64
        };
        siblings.iter().map(leaves).collect()
    }

    /// The constraints of a period (or of totals) on nodes from `from` until before `until`, in order.
    pub(crate) fn held(
        &self,
        period: Option<PeriodIndex>,
        from: u32,
        until: u32,
    ) -> impl Iterator<Item = (u32, &Constraint)> + '_ {
        let range = (period, NodeIndex(from))..(period, NodeIndex(until));
        self.constraints
            .range(range)
            .map(|((_, node), constraint)| (node.0, constraint))
    }

    /// Whether a node from `from` until before `until` carries a hedge in a period.
    pub(crate) fn is_hedged(&self, period: PeriodIndex, from: u32, until: u32) -> bool {
        let base = u32::from(period.0) * self.shape.len() as u32;
        let range = CellIndex(base + from)..CellIndex(base + until);
        self.hedges.range(range).next().is_some()
    }

    /// Sets every inner cell to the sum of its children less its hedge.
    pub(super) fn sum_up(&mut self) -> Result<(), GridError> {
        for period in self.periods() {
            for node in self.shape.nodes().rev().filter(|node| !self.shape.is_leaf(*node)) {
                let mut sum = 0_i64;
                for child in self.shape.children(node) {
                    let amount = self.cell_amount(child, period);
                    sum = sum.checked_add(amount).ok_or(GridError::Amount {
                        node: child,
                        period: Some(period),
                        amount: Minor(amount),
                    })?;
                }
                let amount = sum.saturating_sub(self.cell_hedge(node, period));
                self.amounts.column_mut(period)[node.0 as usize] = amount;
            }
        }
        Ok(())
    }
}

fn same(delta: &CellDelta, found: i64) -> Result<(), Misfit> {
    if found == delta.old.0 {
        Ok(())
    } else {
        Err(Misfit::Cell {
            cell: delta.cell,
            expected: delta.old,
            found: Minor(found),
        })
    }
}
