//! What a parent has, spread over its children: in one period, or in several whose rows are bound together.

use super::region::{CEILING, Region, Scratch};
use crate::allocation::{Rounding, Slot, round};
use crate::plan::{Grid, NodeIndex, PeriodIndex};

/// In which proportions children share.
#[derive(Clone, Copy)]
pub(super) enum Weights<'a> {
    /// Those of their present amounts.
    Follow,
    /// Given ones, by local index, for every period the same.
    Given(&'a [u64]),
}

/// A parent whose amount does not fit its children's bounds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gap {
    pub(super) parent: NodeIndex,
    /// The period, or several.
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
}

impl Region {
    /// Gives everything below `top` its part, level by level.
    pub(super) fn descend(&mut self, grid: &Grid, top: usize, rule: Rule<'_>) -> Result<(), Gap> {
        let end = self.end(grid, top);
        let mut local = top;
        while local < end {
            let below = self.end(grid, local);
            if below == local + 1 {
                local += 1;
            } else if matches!(rule.weights, Weights::Follow) && !self.changes(grid, local) {
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
            let follow = matches!(rule.weights, Weights::Follow);
            if follow && self.shift(grid, parent, rule.except) {
                return Ok(());
            }
            if !self.row_lo.is_empty() {
                return self.spread_rows(grid, parent, rule);
            }
        }
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
    fn gather(&mut self, grid: &Grid, parent: usize, column: usize, rule: Rule<'_>) {
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
                };
                let (lo, hi) = self.room(column, child);
                self.slots.push(Slot::new(child as u32, weight, lo, hi));
            }
            child = ends[child] as usize - root;
        }
    }

    /// Shares `target` among the gathered slots and writes the amounts.
    fn spread_column(
        &mut self,
        grid: &Grid,
        parent: usize,
        column: usize,
        target: i64,
        rule: Rule<'_>,
    ) -> Result<(), Gap> {
        let follow = matches!(rule.weights, Weights::Follow);
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
            let period = Some(self.periods[column]);
            return Err(Gap {
                parent: self.node(parent),
                period,
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
        }
        Ok(())
    }

    /// Weights where all are zero: the totals, or else how many leaves lie below.
    fn weigh_otherwise(&mut self, grid: &Grid) {
        let root = self.root;
        let mut any = false;
        for slot in &mut self.slots {
            slot.weight = grid.amount_or_total(NodeIndex(root + slot.id), None) as u64;
            any |= slot.weight > 0;
        }
        if any {
            return;
        }
        let ends = grid.shape().ends();
        for slot in &mut self.slots {
            let node = root + slot.id;
            let leaves = (node..ends[node as usize]).filter(|below| ends[*below as usize] == below + 1);
            slot.weight = leaves.count() as u64;
        }
    }

    /// Where one period gains what others lose (or the reverse), lets every child do the same, so that all totals
    /// below stay. `false`, with nothing changed, where that is not the case or bounds prevent it.
    fn shift(&mut self, grid: &Grid, parent: usize, except: Option<usize>) -> bool {
        let columns = self.periods.len();
        let rule = Rule {
            except,
            ..Rule::FOLLOW
        };
        let mut differences = Vec::with_capacity(columns);
        for column in 0..columns {
            self.gather(grid, parent, column, rule);
            let now: i64 = self.slots.iter().map(|slot| slot.weight as i64).sum();
            differences.push(self.target(grid, parent, column, except) - now);
        }
        let gains = differences.iter().filter(|difference| **difference > 0).count();
        let losses = differences.iter().filter(|difference| **difference < 0).count();
        if differences.iter().sum::<i64>() != 0 || gains.min(losses) != 1 {
            return false;
        }
        // The one period whose direction no other shares; with one of each, the gaining one.
        let sign = if gains == 1 { 1 } else { -1 };
        let Some(pivot) = differences
            .iter()
            .position(|difference| difference.signum() == sign)
        else {
            return false;
        };
        let others: Vec<usize> = (0..columns)
            .filter(|column| *column != pivot && differences[*column] != 0)
            .collect();
        self.gather(grid, parent, pivot, rule);
        if self.slots.iter().all(|slot| slot.weight == 0) {
            self.weigh_otherwise(grid);
        }
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.rows.clear();
        scratch.rows.extend(self.slots.iter().map(|slot| slot.id));
        scratch.room.clear();
        for column in &others {
            for row in &scratch.rows {
                scratch.room.push(self.free(grid, *column, *row as usize, -sign));
            }
        }
        let rows = scratch.rows.len();
        let mut most = 0_i64;
        for index in 0..rows {
            let elsewhere: i64 = (0..others.len())
                .map(|other| scratch.room[other * rows + index])
                .sum();
            let here = self.free(grid, pivot, scratch.rows[index] as usize, sign);
            self.slots[index].lo = 0;
            self.slots[index].hi = here.min(elsewhere);
            most = most.saturating_add(self.slots[index].hi);
        }
        let done = most >= differences[pivot].abs()
            && self.shift_within(grid, pivot, &others, &differences, sign, &mut scratch);
        self.scratch = scratch;
        done
    }

    /// How far a cell may go up (`sign` 1) or down (−1) from now.
    fn free(&self, grid: &Grid, column: usize, local: usize, sign: i64) -> i64 {
        let now = self.now(grid, column, local);
        let (lo, hi) = self.room(column, local);
        if sign > 0 { hi - now } else { now - lo }
    }

    fn shift_within(
        &mut self,
        grid: &Grid,
        pivot: usize,
        others: &[usize],
        differences: &[i64],
        sign: i64,
        scratch: &mut Scratch,
    ) -> bool {
        let root = self.root;
        let key = |id: u32| grid.shape().key(root + id);
        let rows = scratch.rows.len();
        self.filler.fill(differences[pivot].abs(), &mut self.slots, key);
        scratch.left.clear();
        scratch.left.extend(self.slots.iter().map(|slot| slot.amount));
        scratch.made.clear();
        scratch.made.extend(self.slots.iter().map(|slot| slot.amount));
        for (other, column) in others.iter().enumerate() {
            let wanted = differences[*column].abs();
            let (mut least, mut most) = (0_i64, 0_i64);
            for (index, row) in scratch.rows.iter().enumerate() {
                let left = scratch.left[index];
                let later: i64 = (other + 1..others.len())
                    .map(|later| scratch.room[later * rows + index])
                    .sum();
                let (mut of, mut all) = (0_u128, 0_u128);
                for (position, column) in others.iter().enumerate().skip(other) {
                    let now = self.now(grid, *column, *row as usize) as u128;
                    all += now;
                    if position == other {
                        of = now;
                    }
                }
                let weight = (left as u128 * of).checked_div(all).unwrap_or(left as u128);
                let lo = (left - later).max(0);
                let hi = scratch.room[other * rows + index].min(left);
                if lo > hi {
                    return false;
                }
                least += lo;
                most = most.saturating_add(hi);
                self.slots[index] = Slot::new(*row, weight as u64, lo, hi);
            }
            if wanted < least || wanted > most {
                return false;
            }
            self.filler.fill(wanted, &mut self.slots, key);
            for (index, slot) in self.slots.iter().enumerate() {
                scratch.left[index] -= slot.amount;
                scratch.made.push(slot.amount);
            }
        }
        for (index, row) in scratch.rows.iter().enumerate() {
            let local = *row as usize;
            for column in 0..self.periods.len() {
                let at = self.at(column, local);
                self.new[at] = self.now(grid, column, local);
            }
            let at = self.at(pivot, local);
            self.new[at] += sign * scratch.made[index];
            for (other, column) in others.iter().enumerate() {
                let at = self.at(*column, local);
                self.new[at] -= sign * scratch.made[(other + 1) * rows + index];
            }
        }
        true
    }

    /// Spreading where totals are bound: columns first; rows that break their bound are fixed at it and the columns
    /// shared again among the others. Where that runs dry, period by period with an eye on what later ones can take.
    fn spread_rows(&mut self, grid: &Grid, parent: usize, rule: Rule<'_>) -> Result<(), Gap> {
        let columns = self.periods.len();
        self.gather(grid, parent, 0, rule);
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.rows.clear();
        scratch.rows.extend(self.slots.iter().map(|slot| slot.id));
        scratch.fixed.clear();
        scratch.fixed.resize(scratch.rows.len(), false);
        let mut outcome = Ok(());
        for _ in 0..=scratch.rows.len() {
            outcome = (0..columns).try_for_each(|column| {
                self.gather(grid, parent, column, rule);
                let mut target = self.target(grid, parent, column, rule.except);
                let mut index = 0;
                let (new, len, fixed) = (&self.new, self.len, &scratch.fixed);
                self.slots.retain(|slot| {
                    let stays = fixed[index];
                    index += 1;
                    if stays {
                        target -= new[column * len + slot.id as usize];
                    }
                    !stays
                });
                if target < 0 {
                    let period = Some(self.periods[column]);
                    return Err(Gap {
                        parent: self.node(parent),
                        period,
                        wanted: target,
                        reachable: 0,
                    });
                }
                self.spread_column(grid, parent, column, target, rule)
            });
            if outcome.is_err() || !self.fix_rows(&mut scratch) {
                break;
            }
        }
        self.scratch = scratch;
        if outcome.is_err() {
            self.spread_rows_in_turn(grid, parent, rule)
        } else {
            outcome
        }
    }

    /// Fixes rows whose total breaks its bound at that bound, on the side that breaks it by more; `false` if none does.
    fn fix_rows(&mut self, scratch: &mut Scratch) -> bool {
        let columns = self.periods.len();
        let (mut below, mut above) = (0_i64, 0_i64);
        for (row, _) in scratch
            .rows
            .iter()
            .zip(&scratch.fixed)
            .filter(|(_, fixed)| !**fixed)
        {
            let sum = self.row_sum(*row as usize);
            below += (self.row_lo[*row as usize] - sum).max(0);
            above += (sum - self.row_hi[*row as usize]).max(0);
        }
        if below == 0 && above == 0 {
            return false;
        }
        for index in 0..scratch.rows.len() {
            let local = scratch.rows[index] as usize;
            if scratch.fixed[index] {
                continue;
            }
            let sum = self.row_sum(local);
            let bound = if sum < self.row_lo[local] && below >= above {
                self.row_lo[local]
            } else if sum > self.row_hi[local] && above >= below {
                self.row_hi[local]
            } else {
                continue;
            };
            scratch.fixed[index] = true;
            self.slots.clear();
            for column in 0..columns {
                let (lo, hi) = self.room(column, local);
                let weight = self.amount(column, local) as u64;
                self.slots.push(Slot::new(column as u32, weight, lo, hi));
            }
            self.filler.fill(bound, &mut self.slots, u128::from);
            for column in 0..columns {
                let at = self.at(column, local);
                self.new[at] = self.slots[column].amount;
            }
        }
        true
    }

    fn row_sum(&self, local: usize) -> i64 {
        (0..self.periods.len())
            .map(|column| self.amount(column, local))
            .sum()
    }

    fn spread_rows_in_turn(&mut self, grid: &Grid, parent: usize, rule: Rule<'_>) -> Result<(), Gap> {
        let columns = self.periods.len();
        for column in 0..columns {
            self.gather(grid, parent, column, rule);
            for index in 0..self.slots.len() {
                let local = self.slots[index].id as usize;
                let mut done = 0;
                let (mut later_lo, mut later_hi) = (0_i64, 0_i64);
                for other in 0..columns {
                    let (lo, hi) = self.room(other, local);
                    match other.cmp(&column) {
                        std::cmp::Ordering::Less => done += self.amount(other, local),
                        std::cmp::Ordering::Equal => {}
                        std::cmp::Ordering::Greater => {
                            later_lo += lo;
                            later_hi += hi;
                        }
                    }
                }
                let slot = &mut self.slots[index];
                slot.lo = slot.lo.max(self.row_lo[local] - done - later_hi);
                slot.hi = slot.hi.min(self.row_hi[local] - done - later_lo);
            }
            let target = self.target(grid, parent, column, rule.except);
            self.spread_column(grid, parent, column, target, rule)?;
        }
        Ok(())
    }
}
