//! What a parent has, spread over its children: in one period, or in several whose rows are bound together.

use super::region::{CEILING, Region};
use crate::allocation::{Rounding, Slot, round};
use crate::plan::{Grid, NodeIndex, PeriodIndex};

/// In which proportions children share.
#[derive(Clone, Copy)]
pub(super) enum Weights<'a> {
    /// Those of their present amounts.
    Follow,
    /// Given ones, by local index, for every period the same.
    Given(&'a [u64]),
    /// Given ones, by column and local index.
    ByPeriod(&'a [Vec<u64>]),
}

/// A parent whose amount does not fit its children's bounds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gap {
    pub(super) parent: NodeIndex,
    /// `None` where it is the total that does not fit.
    pub(super) period: Option<PeriodIndex>,
    pub(super) wanted: i64,
    pub(super) reachable: i64,
}

/// Which children take part and how finely they are rounded.
#[derive(Clone, Copy)]
pub(super) struct Rule<'a> {
    pub(super) weights: Weights<'a>,
    /// A child whose amounts are set already, by local index.
    pub(super) except: Option<usize>,
    pub(super) step: i64,
}

impl Rule<'_> {
    /// Children follow in proportion.
    pub(super) const FOLLOW: Self = Self {
        weights: Weights::Follow,
        except: None,
        step: 1,
    };

    /// Whether present amounts are the weights.
    pub(super) fn follows(&self) -> bool {
        matches!(self.weights, Weights::Follow)
    }
}

impl Region {
    /// Gives everything below `top` its part, level by level.
    pub(super) fn descend(&mut self, grid: &Grid, top: usize, rule: Rule<'_>) -> Result<(), Gap> {
        let end = self.end(grid, top);
        let mut local = top;
        while local < end {
            let below = self.end(grid, local);
            if below == local + 1 || self.is_above_rows(local) {
                // A leaf, or decided already with the bound rows.
                local += 1;
            } else if rule.follows() && !self.broken && !self.changes(grid, local) {
                local = below;
            } else {
                self.spread(grid, local, rule)?;
                local += 1;
            }
        }
        Ok(())
    }

    /// Gives the children of `parent` what it has, in every period.
    pub(super) fn spread(&mut self, grid: &Grid, parent: usize, rule: Rule<'_>) -> Result<(), Gap> {
        if self.periods.len() > 1 {
            if rule.follows() && self.shift(grid, parent, rule.except) {
                return Ok(());
            }
            if self.is_above_rows(parent) {
                return self.spread_rows(grid, parent, rule);
            }
        }
        self.spread_columns(grid, parent, rule)
    }

    /// The same period by period.
    pub(super) fn spread_columns(&mut self, grid: &Grid, parent: usize, rule: Rule<'_>) -> Result<(), Gap> {
        for column in 0..self.periods.len() {
            self.gather(grid, parent, column, rule);
            let target = self.target(grid, parent, column, rule.except);
            self.spread_column(grid, parent, column, target, rule)?;
        }
        Ok(())
    }

    /// What the children that take part are to sum to.
    pub(super) fn target(&self, grid: &Grid, parent: usize, column: usize, except: Option<usize>) -> i64 {
        let whole = self.amount(column, parent) + self.hedge(grid, column, parent);
        whole - except.map_or(0, |child| self.amount(column, child))
    }

    /// Fills `slots` with the children that take part.
    pub(super) fn gather(&mut self, grid: &Grid, parent: usize, column: usize, rule: Rule<'_>) {
        let root = self.root as usize;
        let ends = &grid.shape().ends()[root..];
        let now = &grid.column(self.periods[column])[root..];
        let end = ends[parent] as usize - root;
        self.slots.clear();
        let mut child = parent + 1;
        while child < end {
            if rule.except != Some(child) {
                let weight = match rule.weights {
                    Weights::Follow => now[child] as u64,
                    Weights::Given(weights) => weights[child],
                    Weights::ByPeriod(columns) => columns[column][child],
                };
                let (lo, hi) = self.room(column, child);
                self.slots.push(Slot::new(child as u32, weight, lo, hi));
            }
            child = ends[child] as usize - root;
        }
    }

    /// Shares `target` among the gathered slots and writes the amounts.
    pub(super) fn spread_column(
        &mut self,
        grid: &Grid,
        parent: usize,
        column: usize,
        target: i64,
        rule: Rule<'_>,
    ) -> Result<(), Gap> {
        let follow = rule.follows();
        let weights = self
            .slots
            .iter()
            .fold(0_u64, |sum, slot| sum.saturating_add(slot.weight));
        let stays = |slot: &Slot| (slot.lo..=slot.hi).contains(&(slot.weight as i64));
        if follow && weights == target as u64 && self.slots.iter().all(stays) {
            // Nothing changes for them.
            for slot in &self.slots {
                self.new[column * self.len + slot.id as usize] = slot.weight as i64;
            }
            return Ok(());
        }
        if weights == 0 {
            self.weigh_otherwise(grid);
        }
        let (mut least, mut most) = (0_i64, 0_i64);
        for slot in &self.slots {
            least += slot.lo;
            most = (most + slot.hi).min(CEILING);
        }
        if target < least || target > most {
            let reachable = target.clamp(least, most);
            return Err(Gap {
                parent: self.node(parent),
                period: Some(self.periods[column]),
                wanted: target,
                reachable,
            });
        }
        let root = self.root;
        self.filler
            .fill(target, &mut self.slots, |id| grid.shape().key(root + id));
        if rule.step > 1 {
            round(&mut self.slots, rule.step, Rounding::Inside, |id| {
                grid.shape().key(root + id)
            });
        }
        for slot in &self.slots {
            self.new[column * self.len + slot.id as usize] = slot.amount;
            self.changed += usize::from(slot.amount != slot.weight as i64);
        }
        Ok(())
    }

    /// Weights where all are zero.
    pub(super) fn weigh_otherwise(&mut self, grid: &Grid) {
        let siblings: Vec<NodeIndex> = self
            .slots
            .iter()
            .map(|slot| self.node(slot.id as usize))
            .collect();
        for (slot, weight) in self.slots.iter_mut().zip(grid.stand_in_weights(&siblings)) {
            slot.weight = weight;
        }
    }
}
