//! What is pasted from a spreadsheet: which numbers of the grid become which, and what is wrong with the rest.
//!
//! The cells start at a place of the grid and go right over the total and the periods and down over the rows in sight, or
//! their first column names the rows. A blank cell leaves what is there, `+5%` and `80%` change it as if they were typed
//! there. Of a number and the numbers it is the sum of only the latter are entered, and only where the former is their sum.

mod names;
mod rounding;

use std::collections::{HashMap, HashSet};

use super::table::read_table;
use crate::money::{Currency, EditError, Minor, is_scaled, read_pasted};
use crate::plan::{
    self, Entered, GiveWay, Grid, NodeIndex, PeriodIndex, PlanCommand, Refusal, furthest_down,
};
use names::{Names, is_blank};
use rounding::Rounding;

/// Where something is pasted.
#[derive(Clone, Copy, Debug)]
pub struct PasteAt<'a> {
    /// The grid as it is.
    pub grid: &'a Grid,
    /// The currency of its amounts.
    pub currency: &'a Currency,
    /// The rows in sight, from top to bottom.
    pub rows: &'a [NodeIndex],
    /// The row that the first row of cells without names goes to; none where no row has the focus: only names find theirs then.
    pub node: Option<NodeIndex>,
    /// The period that the first number of a row goes to; none: the total.
    pub period: Option<PeriodIndex>,
}

/// What is wrong with a pasted cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PasteFault {
    /// It cannot be read as an amount, nor as a change of the one that is there.
    Amount {
        /// What it says.
        text: String,
        /// Why.
        error: EditError,
    },
    /// Below zero: targets are not.
    Negative {
        /// What it says.
        text: String,
    },
    /// There is no period for it.
    NoColumn,
    /// There is no row in sight for it.
    NoRow,
    /// No row in sight is called so.
    UnknownName {
        /// What it is called.
        name: String,
    },
    /// Several rows in sight are called so.
    SeveralRows {
        /// What they are called.
        name: String,
    },
    /// The same row twice.
    Twice {
        /// What it is called.
        name: String,
    },
    /// A total that its periods do not sum to.
    Disagrees {
        /// The row.
        node: NodeIndex,
        /// The total as pasted.
        total: Minor,
        /// What the pasted periods make of it.
        sum: Minor,
    },
    /// Covers numbers of rows below that were pasted too, and is not their sum.
    Covers {
        /// The row.
        node: NodeIndex,
        /// Its amount as pasted.
        amount: Minor,
        /// What the rows below make of it.
        sum: Minor,
    },
}

/// A fault and the pasted cell it is about, both counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasteProblem {
    /// The row of the pasted cells.
    pub row: usize,
    /// The column of the pasted cells.
    pub column: usize,
    /// What is wrong.
    pub fault: PasteFault,
}

/// A number that becomes another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasteChange {
    /// The row.
    pub node: NodeIndex,
    /// The period, or the total.
    pub period: Option<PeriodIndex>,
    /// What it is.
    pub before: Minor,
    /// What was pasted.
    pub after: Minor,
}

/// What a paste comes to. It is entered only where there is no problem and no refusal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pasted {
    /// The numbers that change, in the order they were pasted.
    pub changes: Vec<PasteChange>,
    /// Numbers that are what they were.
    pub same: usize,
    /// What is wrong.
    pub problems: Vec<PasteProblem>,
    /// Why the plan does not take the numbers, where each by itself is right.
    pub refusal: Option<Refusal>,
}

impl Pasted {
    /// Whether it can be entered: something changes and nothing is wrong.
    pub fn is_ready(&self) -> bool {
        !self.changes.is_empty() && self.problems.is_empty() && self.refusal.is_none()
    }

    /// The command that enters it; `reason` says where the numbers come from.
    pub fn command(&self, reason: Option<String>) -> PlanCommand {
        let entered = |change: &PasteChange| Entered {
            node: change.node,
            period: change.period,
            amount: change.after,
        };
        PlanCommand::Enter {
            amounts: self.changes.iter().map(entered).collect(),
            gives: GiveWay::Above,
            reason,
        }
    }
}

/// Reads what was pasted and holds it against the grid; changes nothing.
pub fn paste(text: &str, at: &PasteAt<'_>) -> Pasted {
    let table = read_table(text);
    let mut reading = Reading {
        at,
        entered: Vec::new(),
        places: HashMap::new(),
        scaled: HashSet::new(),
        problems: Vec::new(),
    };
    reading.read(&table);
    reading.finish()
}

/// Cells being read.
struct Reading<'a> {
    at: &'a PasteAt<'a>,
    entered: Vec<Entered>,
    /// The pasted cell of each place, row and column from 1.
    places: HashMap<(NodeIndex, Option<PeriodIndex>), (usize, usize)>,
    /// Places that were pasted as a part of what is there: each is rounded by itself.
    scaled: HashSet<(NodeIndex, Option<PeriodIndex>)>,
    problems: Vec<PasteProblem>,
}

impl Reading<'_> {
    fn read(&mut self, table: &[Vec<String>]) {
        // Few texts name rows, and there may be 100,000 names.
        let has_words = table
            .iter()
            .filter_map(|row| row.first())
            .any(|cell| !is_blank(cell) && !self.is_amount(cell));
        let names = if has_words {
            Names::of(self.at)
        } else {
            Names::default()
        };
        let named = names.are_in(table);
        let width = table.iter().map(Vec::len).max().unwrap_or(0);
        let periods = self.at.grid.shape().periods().len();
        // A name and as many numbers as a row has: what was copied from here, wherever it is put.
        let start = match self.at.period {
            Some(_) if named && width == periods + 2 => 0,
            period => period.map_or(0, |period| usize::from(period.0) + 1),
        };
        let first = self.at.rows.iter().position(|node| Some(*node) == self.at.node);
        let mut seen = HashSet::new();
        for (index, cells) in table.iter().enumerate() {
            let row = index + 1;
            let numbers = if named {
                cells.get(1..).unwrap_or_default()
            } else {
                cells.as_slice()
            };
            if numbers.iter().all(|cell| is_blank(cell)) {
                continue;
            }
            let node = if named {
                let name = cells.first().map(|cell| cell.trim()).unwrap_or_default();
                // A head over the numbers is no row.
                if index == 0
                    && names.find(name).is_none()
                    && !numbers.iter().any(|cell| self.is_amount(cell))
                {
                    continue;
                }
                self.named(&names, name, &mut seen)
            } else {
                let found = first.and_then(|first| self.at.rows.get(first + index));
                found.copied().ok_or(PasteFault::NoRow)
            };
            match node {
                Ok(node) => self.read_row(node, row, usize::from(named), start, numbers),
                Err(fault) => self.problems.push(PasteProblem {
                    row,
                    column: 1,
                    fault,
                }),
            }
        }
    }

    fn named(
        &self,
        names: &Names,
        name: &str,
        seen: &mut HashSet<NodeIndex>,
    ) -> Result<NodeIndex, PasteFault> {
        let name_owned = || name.to_owned();
        let found = names.find(name).unwrap_or_default();
        let node = match found {
            [] => return Err(PasteFault::UnknownName { name: name_owned() }),
            [one] => *one,
            several => {
                // Among several the one beside the row with the focus is meant.
                let shape = self.at.grid.shape();
                let parent = self.at.node.map(|node| shape.parent(node));
                let mut beside = several.iter().filter(|node| Some(shape.parent(**node)) == parent);
                match (beside.next(), beside.next()) {
                    (Some(one), None) => *one,
                    _ => return Err(PasteFault::SeveralRows { name: name_owned() }),
                }
            }
        };
        if seen.insert(node) {
            Ok(node)
        } else {
            Err(PasteFault::Twice { name: name_owned() })
        }
    }

    fn read_row(&mut self, node: NodeIndex, row: usize, before: usize, start: usize, numbers: &[String]) {
        let periods = self.at.grid.shape().periods().len();
        for (index, cell) in numbers.iter().enumerate().filter(|(_, cell)| !is_blank(cell)) {
            let column = before + index + 1;
            let period = match start + index {
                0 => None,
                place if place <= periods => Some(PeriodIndex((place - 1) as u16)),
                _ => {
                    let fault = PasteFault::NoColumn;
                    self.problems.push(PasteProblem { row, column, fault });
                    continue;
                }
            };
            let text = cell.trim().to_owned();
            let fault = match read_pasted(cell, self.at.grid.amount(node, period), self.at.currency) {
                Ok(amount) if amount.0 >= 0 => {
                    self.places.insert((node, period), (row, column));
                    if is_scaled(cell) {
                        self.scaled.insert((node, period));
                    }
                    self.entered.push(Entered { node, period, amount });
                    continue;
                }
                Ok(_) => PasteFault::Negative { text },
                Err(error) => PasteFault::Amount { text, error },
            };
            self.problems.push(PasteProblem { row, column, fault });
        }
    }

    fn is_amount(&self, cell: &str) -> bool {
        read_pasted(cell, Minor(0), self.at.currency).is_ok()
    }

    /// Takes sums out, asks the plan, and lists what changes.
    fn finish(self) -> Pasted {
        let Self {
            at,
            entered,
            places,
            scaled,
            problems,
        } = self;
        let (count, sums) = furthest_down(at.grid, &entered);
        let rounding = Rounding::of(at.grid, &count, &scaled);
        let mut pasted = Pasted {
            problems,
            ..Pasted::default()
        };
        for Entered { node, period, amount } in count {
            let before = at.grid.amount(node, period);
            if before == amount {
                pasted.same += 1;
            } else {
                let after = amount;
                pasted.changes.push(PasteChange {
                    node,
                    period,
                    before,
                    after,
                });
            }
        }
        let mut after = at.grid.clone();
        match plan::apply(at.grid, &pasted.command(None)) {
            Ok(deltas) => {
                // Deltas of this very grid fit it.
                if after.fold(&deltas).is_err() {
                    return pasted;
                }
            }
            Err(refusal) => {
                pasted.refusal = Some(refusal);
                return pasted;
            }
        }
        let rows_below: HashSet<NodeIndex> = entered
            .iter()
            .flat_map(|entered| at.grid.shape().ancestors(entered.node))
            .collect();
        for Entered { node, period, amount } in sums {
            let sum = after.amount(node, period);
            let apart = sum.0.abs_diff(amount.0);
            if apart == 0 || (scaled.contains(&(node, period)) && apart <= rounding.at(node, period)) {
                pasted.same += 1;
                continue;
            }
            let fault = if rows_below.contains(&node) {
                PasteFault::Covers { node, amount, sum }
            } else {
                let total = amount;
                PasteFault::Disagrees { node, total, sum }
            };
            let (row, column) = places.get(&(node, period)).copied().unwrap_or_default();
            pasted.problems.push(PasteProblem { row, column, fault });
        }
        pasted
            .problems
            .sort_by_key(|problem| (problem.row, problem.column));
        pasted
    }
}

#[cfg(test)]
#[path = "paste_tests.rs"]
mod tests;
