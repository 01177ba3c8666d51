//! Which rows of a grid are shown, in which order, and what their amounts are held against. Nothing of it changes a plan.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::OpenGrid;
use crate::money::Minor;
use crate::plan::{NodeIndex, PeriodIndex};

/// What the amounts are held against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Against {
    /// The draft's start.
    #[default]
    Start,
    /// What was done in the comparable period.
    LastYear,
    /// The plan of record.
    Record,
}

/// Which rows are shown, with what is above them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Only {
    /// All.
    #[default]
    All,
    /// Those whose total is another than at the draft's start.
    Changed,
    /// Those that are locked, or have a period that is.
    Locked,
    /// Those whose children do not sum to them.
    Uneven,
    /// Those with less than was done in the comparable period.
    BelowLastYear,
}

/// What rows of one parent are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortBy {
    /// What they are called.
    Name,
    /// What they did in the comparable period.
    History,
    /// The total or the amount of a period; the share of the parent is in the same order as the total.
    Amount(Option<PeriodIndex>),
    /// The sum of the months of a quarter, by its place among the quarters.
    Quarter(u16),
    /// The share of the parent.
    Share,
    /// The change against what the amounts are held against.
    Change,
    /// The chance to reach the total; it is known beside the grid.
    Chance,
    /// The amount of a line, by its place among the lines that are shown; it is known beside the grid.
    Line(u16),
}

/// An order of rows of one parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// By what.
    pub by: SortBy,
    /// The largest first.
    pub descending: bool,
}

impl Sort {
    /// What pressing a column's head leads to: its first direction, the other one, the order of the tree. Numbers begin with
    /// the largest, names with the first.
    pub fn next(now: Option<Self>, by: SortBy) -> Option<Self> {
        let first = by != SortBy::Name;
        match now.filter(|sort| sort.by == by) {
            None => Some(Self {
                by,
                descending: first,
            }),
            Some(sort) if sort.descending == first => Some(Self {
                by,
                descending: !first,
            }),
            Some(_) => None,
        }
    }
}

impl OpenGrid {
    /// What a row's total is held against; none where nothing is known. A row that did nothing in the whole comparable period was
    /// not there yet: there is nothing to hold it against.
    pub fn base(&self, node: NodeIndex, against: Against) -> Option<Minor> {
        let at = node.0 as usize;
        match against {
            Against::Start => self.start.get(at).copied(),
            Against::LastYear => {
                let known = self.history.get(at).copied().flatten();
                known.filter(|amount| amount.0 != 0)
            }
            Against::Record => self.record.get(at).copied().flatten(),
        }
    }

    /// The rows in sight from top to bottom: those below unfolded ones, or of `wanted` nodes all, each parent's in order.
    pub fn rows(
        &self,
        unfolded: &[bool],
        wanted: Option<&[bool]>,
        sort: Option<Sort>,
        against: Against,
    ) -> Vec<NodeIndex> {
        self.rows_by(unfolded, wanted, sort, |node, by| self.figure(node, by, against))
    }

    /// The same in the order of figures that the caller knows.
    pub fn rows_by(
        &self,
        unfolded: &[bool],
        wanted: Option<&[bool]>,
        sort: Option<Sort>,
        figure: impl Fn(NodeIndex, SortBy) -> Option<i64>,
    ) -> Vec<NodeIndex> {
        let is = |flags: &[bool], node: NodeIndex| flags.get(node.0 as usize).copied().unwrap_or_default();
        let shape = self.grid.shape();
        let is_shown = |node: &NodeIndex| wanted.is_none_or(|wanted| is(wanted, *node));
        let mut rows = Vec::new();
        let mut open: Vec<NodeIndex> = Some(NodeIndex(0)).filter(is_shown).into_iter().collect();
        while let Some(node) = open.pop() {
            rows.push(node);
            if wanted.is_none() && !is(unfolded, node) {
                continue;
            }
            let mut below: Vec<NodeIndex> = shape.children(node).filter(is_shown).collect();
            match sort {
                Some(sort) if sort.descending => {
                    below.sort_by_cached_key(|node| Reverse(figure(*node, sort.by)));
                }
                Some(sort) => below.sort_by_cached_key(|node| figure(*node, sort.by)),
                None => {}
            }
            open.extend(below.into_iter().rev());
        }
        rows
    }

    /// What a row is sorted by, as a number; none where it is not known, or not by the grid itself.
    pub fn figure(&self, node: NodeIndex, by: SortBy, against: Against) -> Option<i64> {
        let total = || self.grid.amount(node, None).0;
        match by {
            SortBy::Name => self.ranks.get(node.0 as usize).copied().map(i64::from),
            SortBy::History => self.base(node, Against::LastYear).map(|amount| amount.0),
            SortBy::Amount(period) => Some(self.grid.amount(node, period).0),
            SortBy::Quarter(at) => {
                let quarter = self.quarters.get(usize::from(at))?;
                let sum = quarter.sum(|period| Some(self.grid.amount(node, Some(period))));
                sum.map(|sum| sum.0)
            }
            SortBy::Share => Some(total()),
            SortBy::Change => self.base(node, against).map(|base| total() - base.0),
            SortBy::Chance | SortBy::Line(_) => None,
        }
    }

    /// The nodes that are wanted, with all above them; `found` is what a search for a name finds. None where all are.
    pub fn wanted(&self, only: Only, found: Option<&dyn Fn(NodeIndex) -> bool>) -> Option<Vec<bool>> {
        if only == Only::All && found.is_none() {
            return None;
        }
        let shape = self.grid.shape();
        let locked: BTreeSet<NodeIndex> = if only == Only::Locked {
            let held = self.grid.constraints();
            held.filter(|(_, _, held)| held.lock.is_some())
                .map(|(node, _, _)| node)
                .collect()
        } else {
            BTreeSet::new()
        };
        let fits = |node: NodeIndex| {
            let amount = || self.grid.amount(node, None);
            match only {
                Only::All => true,
                Only::Changed => self.base(node, Against::Start) != Some(amount()),
                Only::Locked => locked.contains(&node),
                Only::Uneven => !shape.is_leaf(node) && self.grid.hedge(node, None) != Minor(0),
                Only::BelowLastYear => self
                    .base(node, Against::LastYear)
                    .is_some_and(|was| amount() < was),
            }
        };
        let mut wanted = vec![false; shape.len()];
        for node in shape.nodes() {
            if !fits(node) || found.is_some_and(|found| !found(node)) {
                continue;
            }
            for node in std::iter::once(node).chain(shape.ancestors(node)) {
                match wanted.get_mut(node.0 as usize) {
                    // What is above it was marked with it.
                    Some(true) | None => break,
                    Some(mark) => *mark = true,
                }
            }
        }
        Some(wanted)
    }

    /// The levels of the tree from the top down, each once.
    pub fn level_names(&self) -> Vec<String> {
        let mut names: Vec<(u8, &str)> = Vec::new();
        for (node, level) in self.grid.shape().nodes().zip(self.levels.by_node()) {
            let depth = self.grid.shape().depth(node);
            match names.iter_mut().find(|(_, known)| *known == level) {
                Some((known, _)) => *known = depth.min(*known),
                None => names.push((depth, level)),
            }
        }
        names.sort_by_key(|(depth, _)| *depth);
        names.into_iter().map(|(_, level)| level.to_owned()).collect()
    }

    /// What is to be unfolded so that the nodes of a level are in sight, and nothing below them.
    pub fn unfolded_to(&self, level: &str) -> Vec<bool> {
        let shape = self.grid.shape();
        let mut unfolded = vec![false; shape.len()];
        let of_level = shape
            .nodes()
            .zip(self.levels.by_node())
            .filter(|(_, own)| *own == level);
        for (node, _) in of_level {
            for above in shape.ancestors(node) {
                match unfolded.get_mut(above.0 as usize) {
                    Some(true) | None => break,
                    Some(mark) => *mark = true,
                }
            }
        }
        unfolded
    }
}

#[cfg(test)]
#[path = "rows_tests.rs"]
mod tests;
