//! What an import did, in numbers that can be compared with the source's.

use serde::{Deserialize, Serialize};

use crate::import::{Kind, Problem};
use crate::money::Fact;

/// Where an import stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Waiting for its turn.
    Queued,
    /// Being read or committed.
    Running,
    /// Committed (or, as a dry run, checked).
    Done,
    /// Nothing was written.
    Failed,
    /// Stopped by a person; nothing was written.
    Cancelled,
}

impl Status {
    /// Every status.
    pub const ALL: [Self; 5] = [
        Self::Queued,
        Self::Running,
        Self::Done,
        Self::Failed,
        Self::Cancelled,
    ];

    /// The stored and wire name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The status of a wire name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == name)
    }

    /// Whether nothing more will happen.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }
}

/// Rows by what became of them; `read` is the sum of the other four once an import is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Rows read, without the header and without wholly empty rows.
    pub read: u64,
    /// Rows that made something new.
    pub created: u64,
    /// Rows that changed something.
    pub updated: u64,
    /// Rows that said what was already known.
    pub unchanged: u64,
    /// Rows with at least one problem; they changed nothing.
    pub rejected: u64,
}

/// Sum and number of the amounts of one month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthTotal {
    /// `2017-03`.
    pub month: String,
    /// Number of amounts.
    pub count: u64,
    /// Their sum in ten-thousandths.
    pub sum: Fact,
}

/// Control totals over the amounts that count (won deals by close date; target cells by period).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Number of amounts.
    pub count: u64,
    /// Their sum in ten-thousandths.
    pub sum: Fact,
    /// By month, earliest first.
    pub by_month: Vec<MonthTotal>,
}

impl Totals {
    /// Counts one amount in a month named `2017-03`. A sum that leaves the range of money stays at its end; a file with
    /// such sums has already been refused amount by amount.
    pub fn add(&mut self, month: &str, amount: Fact) {
        self.count += 1;
        self.sum = Fact(self.sum.0.saturating_add(amount.0));
        let index = self
            .by_month
            .partition_point(|total| total.month.as_str() < month);
        match self.by_month.get_mut(index).filter(|total| total.month == month) {
            Some(total) => {
                total.count += 1;
                total.sum = Fact(total.sum.0.saturating_add(amount.0));
            }
            None => self.by_month.insert(
                index,
                MonthTotal {
                    month: month.to_owned(),
                    count: 1,
                    sum: amount,
                },
            ),
        }
    }
}

/// The outcome of an import or of a dry run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// What the file held.
    pub kind: Kind,
    /// Rows by outcome.
    pub counts: Counts,
    /// Control totals of the file: every amount that can be read and placed, whatever else is wrong with its row.
    pub source: Totals,
    /// Control totals of what was written (equal to `source` when nothing was rejected).
    pub written: Totals,
    /// The first problems, at most `Report::MAX_PROBLEMS`; all of them are in the errors file.
    pub problems: Vec<Problem>,
    /// Number of all problems.
    pub problem_count: u64,
}

impl Report {
    /// More problems than this are counted, not carried.
    pub const MAX_PROBLEMS: usize = 1_000;

    /// An empty report.
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            counts: Counts::default(),
            source: Totals::default(),
            written: Totals::default(),
            problems: Vec::new(),
            problem_count: 0,
        }
    }

    /// Takes the problems of one rejected row.
    pub fn reject(&mut self, problems: impl IntoIterator<Item = Problem>) {
        self.counts.rejected += 1;
        for problem in problems {
            self.problem_count += 1;
            if self.problems.len() < Self::MAX_PROBLEMS {
                self.problems.push(problem);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_are_sorted_by_month_and_add_up() {
        let mut totals = Totals::default();
        for (month, amount) in [("2017-04", 5), ("2017-03", 1), ("2017-04", -2)] {
            totals.add(month, Fact(amount));
        }
        assert_eq!((totals.count, totals.sum), (3, Fact(4)));
        let months: Vec<_> = totals
            .by_month
            .iter()
            .map(|total| (total.month.as_str(), total.count, total.sum.0))
            .collect();
        assert_eq!(months, [("2017-03", 1, 1), ("2017-04", 2, 3)]);
    }
}
