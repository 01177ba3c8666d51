//! Moving amounts between periods below a parent while every total stays.

use super::region::{Region, Scratch};
use super::spread::Rule;
use crate::allocation::Slot;
use crate::plan::Grid;

impl Region {
    /// Where one period gains what others lose (or the reverse), lets every child do the same, so that all totals
    /// below stay. `false`, with nothing changed, where that is not the case or bounds prevent it.
    pub(super) fn shift(&mut self, grid: &Grid, parent: usize, except: Option<usize>) -> bool {
        if self.broken {
            // What is outside of its bounds has to move otherwise.
            return false;
        }
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
}
