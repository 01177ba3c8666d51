//! Spreading over several periods where totals are bound.

use super::region::{Region, Scratch};
use super::spread::{Gap, Rule};
use crate::allocation::Slot;
use crate::plan::Grid;

impl Region {
    /// Spreading where totals are bound: columns first; rows that break their bound are fixed at it and the columns
    /// shared again among the others. Where that runs dry, period by period with an eye on what later ones can take.
    pub(super) fn spread_rows(&mut self, grid: &Grid, parent: usize, rule: Rule<'_>) -> Result<(), Gap> {
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
