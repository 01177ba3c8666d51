//! Rows whose totals are bound or kept while several periods change.

use std::collections::BTreeMap;

use super::blockers::Way;
use super::margins::{Amounts, Frame, Margins};
use super::region::{CEILING, Region, Scratch};
use super::spread::{Gap, Rule};
use crate::allocation::Slot;
use crate::plan::{Grid, NodeIndex};

/// A row whose total counts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// Bounds of the sum over the periods of the change.
    pub(super) lo: i64,
    pub(super) hi: i64,
    /// Whether rows lie below it.
    pub(super) above: bool,
}

impl Row {
    const FREE: Self = Self {
        lo: 0,
        hi: CEILING,
        above: false,
    };
}

/// Which totals a change keeps, beside those that are held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    Nothing,
    /// None; but where any total below the root is held, this node counts as a row too, because its total is set.
    Looked(NodeIndex),
    /// Those of all children of the root.
    Children,
}

/// Bound rows, and all above them in the region, by local index.
pub(super) type Rows = BTreeMap<usize, Row>;

impl Region {
    /// Which rows are bound, and how.
    pub(super) fn bound_rows(&self, grid: &Grid, kept: Kept) -> Rows {
        let mut rows = Rows::new();
        let here = |local: usize| -> i64 {
            (0..self.periods.len())
                .map(|column| self.now(grid, column, local))
                .sum()
        };
        for (node, held) in grid.held(None, self.root + 1, self.root + self.len as u32) {
            let local = (node - self.root) as usize;
            let total = grid.amount_or_total(NodeIndex(node), None);
            let elsewhere = total - here(local);
            let (lo, hi) = held.bounds(total);
            let row = Row {
                lo: lo - elsewhere,
                hi: hi.saturating_sub(elsewhere).min(CEILING),
                above: false,
            };
            rows.insert(local, row);
        }
        match kept {
            Kept::Looked(node) if !rows.is_empty() => {
                rows.entry(self.local(node)).or_insert(Row::FREE);
            }
            Kept::Children => {
                for child in grid.shape().children(NodeIndex(self.root)) {
                    let local = self.local(child);
                    let total = here(local);
                    let row = Row {
                        lo: total,
                        hi: total,
                        above: false,
                    };
                    rows.insert(local, row);
                }
            }
            Kept::Looked(_) | Kept::Nothing => {}
        }
        let bound: Vec<usize> = rows.keys().copied().collect();
        for mut local in bound {
            while local > 0 {
                local = (grid.shape().parents()[self.root as usize + local] - self.root) as usize;
                let row = rows.entry(local).or_insert(Row::FREE);
                if row.above {
                    break;
                }
                row.above = true;
            }
        }
        rows
    }

    /// Nodes with bound rows below, from the root down.
    pub(super) fn parents_of_rows(&self) -> Vec<usize> {
        let above = self.rows.iter().filter(|(_, row)| row.above);
        above.map(|(local, _)| *local).collect()
    }

    /// Whether what lies right below a node is decided with the bound rows.
    pub(super) fn is_above_rows(&self, local: usize) -> bool {
        self.rows.get(&local).is_some_and(|row| row.above)
    }

    /// Shares what each node above bound rows has over its children, `group` apart, as `rule` says; whether all bound rows
    /// came out within their bounds.
    pub(super) fn spread_above_rows<'a>(
        &mut self,
        grid: &Grid,
        group: Option<usize>,
        rule: impl Fn(usize) -> Rule<'a>,
    ) -> Result<bool, Gap> {
        for parent in self.parents_of_rows() {
            let rule = rule(parent);
            if Some(parent) != group && (!rule.follows() || self.broken || self.changes(grid, parent)) {
                self.spread(grid, parent, rule)?;
            }
        }
        Ok(self.rows_hold())
    }

    /// Whether all bound rows are within their bounds.
    pub(super) fn rows_hold(&self) -> bool {
        // The first is the root, whose total is decided elsewhere.
        let within = |(local, row): (&usize, &Row)| (row.lo..=row.hi).contains(&self.row_sum(*local));
        self.rows.iter().skip(1).all(within)
    }

    /// Brings the totals of bound rows within their bounds, keeping what `frame` says: first each level as it would share
    /// by `rule`, then as little led another way as possible. `false` where no amounts keep all bounds.
    pub(super) fn settle_rows<'a>(
        &mut self,
        grid: &Grid,
        frame: Frame<'_>,
        group: Option<usize>,
        rule: impl Fn(usize) -> Rule<'a>,
    ) -> Result<bool, Gap> {
        if self.spread_above_rows(grid, group, &rule)? {
            return Ok(true);
        }
        let mut margins = Margins::of(grid, &[(&*self, frame)], Amounts::New);
        if !margins.network.repair() {
            return Ok(false);
        }
        margins.write(grid, 0, self, rule)?;
        Ok(true)
    }

    /// How far the handle goes one way for all that is bound; not further than `most`.
    pub(super) fn room_of_rows(&self, grid: &Grid, frame: Frame<'_>, way: Way, most: i64) -> i64 {
        let mut margins = Margins::of(grid, &[(self, frame)], Amounts::Now);
        match margins.gaps[..] {
            [(from, to)] if way == Way::Up => margins.network.push(to, from, most),
            [(from, to)] => margins.network.push(from, to, most),
            _ => 0,
        }
    }

    /// Spreading where rows are bound: columns first; rows that break their bound are fixed at it and the columns shared
    /// again among the others. Where that runs dry, the columns alone.
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
                self.spread_column(grid, parent, column, target, rule)
            });
            if outcome.is_err() || !self.fix_rows(&mut scratch) {
                break;
            }
        }
        self.scratch = scratch;
        if outcome.is_err() {
            self.spread_columns(grid, parent, rule)
        } else {
            outcome
        }
    }

    /// Fixes rows whose total breaks its bound at that bound, on the side that breaks it by more; `false` if none does.
    fn fix_rows(&mut self, scratch: &mut Scratch) -> bool {
        let columns = self.periods.len();
        let bound = |region: &Self, index: usize, scratch: &Scratch| {
            let local = scratch.rows[index] as usize;
            let row = region.rows.get(&local).filter(|_| !scratch.fixed[index])?;
            Some((local, *row, region.row_sum(local)))
        };
        let (mut below, mut above) = (0_i64, 0_i64);
        for (_, row, sum) in (0..scratch.rows.len()).filter_map(|index| bound(self, index, scratch)) {
            below += (row.lo - sum).max(0);
            above += (sum - row.hi).max(0);
        }
        if below == 0 && above == 0 {
            return false;
        }
        for index in 0..scratch.rows.len() {
            let Some((local, row, sum)) = bound(self, index, scratch) else {
                continue;
            };
            let total = if sum < row.lo && below >= above {
                row.lo
            } else if sum > row.hi && above >= below {
                row.hi
            } else {
                continue;
            };
            self.slots.clear();
            let (mut least, mut most) = (0_i64, 0_i64);
            for column in 0..columns {
                let (lo, hi) = self.room(column, local);
                least += lo;
                most = (most + hi).min(CEILING);
                let weight = self.amount(column, local) as u64;
                self.slots.push(Slot::new(column as u32, weight, lo, hi));
            }
            scratch.fixed[index] = true;
            self.filler
                .fill(total.clamp(least, most), &mut self.slots, u128::from);
            for column in 0..columns {
                let at = self.at(column, local);
                self.new[at] = self.slots[column].amount;
            }
        }
        true
    }

    /// What a bound row lacks or has too much; of those that break their bound, the lowest.
    pub(super) fn broken_row(&self) -> Gap {
        let breaks = |(local, row): (&usize, &Row)| {
            let sum = self.row_sum(*local);
            let bound = sum.clamp(row.lo, row.hi.max(row.lo));
            (bound != sum).then_some((*local, bound, sum))
        };
        let (local, wanted, reachable) = self.rows.iter().rev().find_map(breaks).unwrap_or_default();
        Gap {
            parent: self.node(local),
            period: None,
            wanted,
            reachable,
        }
    }

    fn row_sum(&self, local: usize) -> i64 {
        (0..self.periods.len())
            .map(|column| self.amount(column, local))
            .sum()
    }
}
