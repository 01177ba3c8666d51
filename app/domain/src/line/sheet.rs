//! Lines as columns of an open grid: everything that the rows' amounts by line are worked out from travels once, and the rows
//! that are looked at are worked out where they are shown, by the tables that decide them ([`super::tables`]).

mod moving;
mod part;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::LineBy;
use super::matrix::{self, MatrixError, MatrixLine};
use super::profile::Profile;
use super::rows::{LineHead, SetByHand};
use super::tables::{Below, FixedLine, Ground, below, with_totals};
use crate::money::Minor;
use crate::plan::{NodeIndex, PeriodIndex, Shape};
use moving::Moving;
use part::Parts;

pub use moving::Totals;

/// The lines of a part of a version by one dimension, as they travel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineSheet {
    /// By what.
    pub by: LineBy,
    /// What else there is data of, this one among it.
    pub known: Vec<LineBy>,
    /// Whether whoever asks may set lines of rows here.
    pub may_edit: bool,
    /// The lines, the largest first, the rest and what bears none last.
    pub lines: Vec<SheetLine>,
    /// What somebody set, of rows of the part.
    pub set: Vec<SheetSet>,
    /// Names what the rows brought: whoever has it need not be sent it again.
    pub mark: String,
    /// What the rows brought, as [`Profile::pack`] says it: rows from the top of the part, lines by their places here. None where
    /// whoever asks has it.
    pub profile: Option<Vec<u8>>,
}

/// A line of a sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetLine {
    /// Breaks ties, see [`super::tie`].
    pub tie: u128,
    /// What it is; none where whoever asks is not told of it, because there is nothing in it.
    pub head: Option<LineHead>,
    /// How much of it the topmost row is to bring.
    pub amount: Minor,
}

/// What somebody set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetSet {
    /// The row, from the top of the part.
    pub node: NodeIndex,
    /// The place of the line.
    pub line: u32,
    /// In which period; none: over the whole plan.
    pub period: Option<PeriodIndex>,
    /// How much, who and when.
    pub set: SetByHand,
}

/// A line of a row, over the whole plan or in a period, that somebody set.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Known {
    /// The place of the line.
    line: usize,
    period: Option<PeriodIndex>,
    set: SetByHand,
}

/// How much of a row is to come from a line, as a grid shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetCell {
    /// How much.
    pub amount: Minor,
    /// What somebody set; another amount where that cannot be met now.
    pub set: Option<SetByHand>,
    /// The row sold nothing of its own by any line: it has the proportions of the row above.
    pub is_lent: bool,
    /// By how much the rows below have more of the line than the row; none where there are none.
    pub apart: Option<Minor>,
}

/// A sheet that is open: tables are worked out when a row of them is first asked for, and kept until the numbers change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSheet {
    sheet: LineSheet,
    profile: Profile,
    set: HashMap<NodeIndex, Vec<Known>>,
    histories: HashMap<NodeIndex, Vec<Minor>>,
    tables: HashMap<NodeIndex, Below>,
    /// The parts of a period, of rows of which they were asked for.
    parts: Parts,
    /// What there is of it while amounts are moved.
    moving: Moving,
}

impl OpenSheet {
    /// Opens a sheet with what its rows brought.
    pub fn new(sheet: LineSheet, profile: Profile) -> Self {
        let mut set: HashMap<NodeIndex, Vec<Known>> = HashMap::new();
        for known in &sheet.set {
            let of_row = set.entry(known.node).or_default();
            of_row.push(Known {
                line: known.line as usize,
                period: known.period,
                set: known.set.clone(),
            });
        }
        Self {
            sheet,
            profile,
            set,
            histories: HashMap::new(),
            tables: HashMap::new(),
            parts: Parts::default(),
            moving: Moving::default(),
        }
    }

    /// What travelled.
    pub fn sheet(&self) -> &LineSheet {
        &self.sheet
    }

    /// What the rows brought; for the next sheet, where it is the same.
    pub fn into_profile(self) -> Profile {
        self.profile
    }

    /// The numbers of the grid are others now.
    pub fn renew(&mut self) {
        self.tables.clear();
        self.parts = Parts::default();
        self.renew_moving();
    }

    /// What somebody set of a line of a row, over the whole plan or in a period.
    pub fn set_of(
        &self,
        (node, period): (NodeIndex, Option<PeriodIndex>),
        line: usize,
    ) -> Option<&SetByHand> {
        let mut of_row = self.set.get(&node)?.iter();
        let known = of_row.find(|known| known.line == line && known.period == period);
        known.map(|known| &known.set)
    }

    /// Sets a line of a row, or lets it go, over the whole plan or in a period.
    pub fn put(
        &mut self,
        (node, period): (NodeIndex, Option<PeriodIndex>),
        line: usize,
        set: Option<SetByHand>,
    ) {
        let of_row = self.set.entry(node).or_default();
        of_row.retain(|known| known.line != line || known.period != period);
        of_row.extend(set.map(|set| Known { line, period, set }));
        if period.is_none() {
            self.tables.clear();
        }
        self.parts = Parts::default();
        self.renew_moving();
    }

    /// A row by its lines; `total`: what a row sums to. They sum to the row's total.
    pub fn row(
        &mut self,
        shape: &Shape,
        total: &dyn Fn(NodeIndex) -> Minor,
        node: NodeIndex,
    ) -> Result<Vec<Minor>, MatrixError> {
        let Some(parent) = shape.parent(node) else {
            let lines = matrix::brought_to(total(node), &self.whole())?;
            return Ok(lines.iter().map(|line| line.total).collect());
        };
        let of_parent = self.below(shape, total, parent)?;
        Ok(of_parent.row(node).map(<[Minor]>::to_vec).unwrap_or_default())
    }

    /// A line of a row, as a grid shows it.
    pub fn cell(
        &mut self,
        shape: &Shape,
        total: &dyn Fn(NodeIndex) -> Minor,
        (node, line): (NodeIndex, usize),
    ) -> Result<SheetCell, MatrixError> {
        let amounts = self.row(shape, total, node)?;
        let amount = amounts.get(line).copied().unwrap_or_default();
        let apart = if shape.is_leaf(node) {
            None
        } else {
            // The lines of the rows below sum to those of the row, brought to what the rows have: no table is needed to tell.
            let sum = shape
                .children(node)
                .fold(0_i64, |sum, child| sum.saturating_add(total(child).0));
            let lines = matrix::brought_to(Minor(sum), &with_totals(&self.whole(), &amounts))?;
            let sum = lines.get(line).map_or(Minor(0), |line| line.total);
            Some(Minor(sum.0.saturating_sub(amount.0)))
        };
        Ok(SheetCell {
            amount,
            set: self.set_of((node, None), line).cloned(),
            is_lent: self.is_lent(shape, node),
            apart,
        })
    }

    /// Whether a row has the proportions of the row above: it sold nothing by any line itself.
    fn is_lent(&mut self, shape: &Shape, node: NodeIndex) -> bool {
        let has_sold = self.history(shape, node).iter().any(|amount| amount.0 > 0);
        shape.parent(node).is_some() && !has_sold
    }

    /// The lines of the topmost row.
    fn whole(&self) -> Vec<MatrixLine> {
        let line = |line: &SheetLine| MatrixLine {
            key: line.tie,
            total: line.amount,
        };
        self.sheet.lines.iter().map(line).collect()
    }

    fn below(
        &mut self,
        shape: &Shape,
        total: &dyn Fn(NodeIndex) -> Minor,
        above: NodeIndex,
    ) -> Result<&Below, MatrixError> {
        let table = match self.tables.remove(&above) {
            Some(table) => table,
            None => self.worked_out(shape, total, above)?,
        };
        Ok(self.tables.entry(above).or_insert(table))
    }

    fn worked_out(
        &mut self,
        shape: &Shape,
        total: &dyn Fn(NodeIndex) -> Minor,
        above: NodeIndex,
    ) -> Result<Below, MatrixError> {
        let amounts = self.row(shape, total, above)?;
        self.table(shape, total, (above, &amounts))
    }

    /// The rows below a row that has these lines.
    fn table(
        &mut self,
        shape: &Shape,
        total: &dyn Fn(NodeIndex) -> Minor,
        (above, amounts): (NodeIndex, &[Minor]),
    ) -> Result<Below, MatrixError> {
        let lines = with_totals(&self.whole(), amounts);
        for row in shape.children(above) {
            self.history(shape, row);
        }
        let history = |row: NodeIndex| self.histories.get(&row).cloned().unwrap_or_default();
        let fixed = |row: NodeIndex| -> Vec<FixedLine> {
            let set = self.set.get(&row).into_iter().flatten();
            let set = set.filter(|known| known.period.is_none());
            set.map(|known| FixedLine {
                line: known.line,
                amount: known.set.amount,
                at_ms: known.set.at_ms,
            })
            .collect()
        };
        let ground = Ground {
            shape,
            by: self.sheet.by,
            total,
            history: &history,
            fixed: &fixed,
        };
        below(&ground, above, &lines)
    }

    /// What a row and those below it brought, by line.
    fn history(&mut self, shape: &Shape, row: NodeIndex) -> &[Minor] {
        let profile = &self.profile;
        self.histories
            .entry(row)
            .or_insert_with(|| profile.sums(row.0..shape.end(row).0))
    }
}

#[cfg(test)]
mod tests;
