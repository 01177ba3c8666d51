//! What the page of approval shows: what waits, the chain, and a version with everything one decides by.

use serde::{Deserialize, Serialize};

use super::{Approver, Decision, Progress};
use crate::access::Role;
use crate::calendar::Period;
use crate::fairness::Breach;
use crate::id::{PlanId, SubmissionId, UserId, VersionId};
use crate::money::{Currency, Minor};
use crate::plan::{NodeIndex, PeriodIndex};
use crate::publish::{Assumed, Looked};
use crate::revision::Cause;
use crate::target::VersionStatus;

/// Which version is looked at; none: what waits for whoever asks, or else what is in review.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalQuery {
    /// The version.
    #[serde(default)]
    pub version: Option<VersionId>,
}

/// The page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approvals {
    /// What waits for a decision of whoever asks.
    pub waiting: Vec<InReview>,
    /// Everything else that is in review within sight.
    pub others: Vec<InReview>,
    /// The chain.
    pub chain: Chain,
    /// The version that is looked at.
    pub shown: Option<Shown>,
}

/// What is in review.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queue {
    /// What waits for a decision of whoever asks.
    pub waiting: Vec<InReview>,
    /// Everything else that is in review within sight.
    pub others: Vec<InReview>,
}

/// A version that is in review, as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InReview {
    /// The version.
    pub version: VersionId,
    /// Its plan's name.
    pub plan: String,
    /// Its number.
    pub number: u32,
    /// Who handed it in.
    pub by: String,
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
    /// Where it stands.
    pub progress: Progress,
}

/// The chain as it holds for what is handed in from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chain {
    /// Its steps; without any, nothing has to be approved.
    pub steps: Vec<Approver>,
    /// Whether whoever asks may change it.
    pub may_change: bool,
    /// Those who can be named in it, for who may change it.
    pub people: Vec<Named>,
}

/// Somebody a step can name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Who.
    pub user: UserId,
    /// Their name.
    pub name: String,
    /// What they are.
    pub role: Role,
}

/// A version with everything one decides by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// The version.
    pub version: VersionId,
    /// Its plan.
    pub plan: PlanId,
    /// The plan's name.
    pub plan_name: String,
    /// The version's number.
    pub number: u32,
    /// Where it stands.
    pub status: VersionStatus,
    /// Its last command.
    pub head: u64,
    /// What it is reckoned with beside its numbers.
    pub assumed: Assumed,
    /// Whether it adjusts a version that is on record no more: then only an owner publishes it, with a reason.
    pub outdated: bool,
    /// The currency of the amounts.
    pub currency: Currency,
    /// The periods, by their index.
    pub periods: Vec<Period>,
    /// Why there is this version, where it adjusts a published plan.
    pub reason: Option<Reason>,
    /// The steps: of what is handed in, or those it would pass.
    pub steps: Vec<Step>,
    /// What was handed in last.
    pub submission: Option<Submission>,
    /// Everything that was decided, the latest first.
    pub decided: Vec<Decided>,
    /// What whoever asks may do.
    pub may: May,
    /// The limits of fairness that block it, for who may publish it anyway.
    pub blocking: Vec<Breach>,
    /// Its numbers, and how they differ from what is on record.
    pub difference: Difference,
    /// What changed since whoever asks looked last.
    pub look: Look,
}

impl Shown {
    /// What whoever is shown this has seen.
    pub fn looked(&self) -> Looked {
        Looked {
            head: self.head,
            assumed: Some(self.assumed),
        }
    }
}

/// Why a version adjusts a published plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// What called for it.
    pub cause: Cause,
    /// What was said when it was opened.
    pub words: Option<String>,
}

/// A step as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Who decides it.
    pub approver: Approver,
    /// The names of those who may; empty where nobody can, because they may not sign in any more.
    pub names: Vec<String>,
    /// Where it stands.
    pub state: StepState,
}

/// Where a step stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum StepState {
    /// Its turn has not come.
    Later,
    /// Somebody has to decide.
    Now,
    /// It is passed.
    Passed {
        /// Who approved.
        by: String,
        /// When, milliseconds since the epoch.
        at_ms: i64,
    },
}

/// Something that was handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// Which.
    pub id: SubmissionId,
    /// Who handed it in.
    pub by: String,
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
    /// What they said.
    pub note: Option<String>,
    /// Where it stands.
    pub progress: Progress,
}

/// Something that was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// What.
    pub decision: Decision,
    /// Who.
    pub by: String,
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
    /// Why.
    pub note: Option<String>,
}

/// What whoever asks may do with a version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a button of its own")]
pub struct May {
    /// Hand it in.
    pub submit: bool,
    /// Approve the step whose turn it is.
    pub approve: bool,
    /// Send it back.
    pub send_back: bool,
    /// Take back what one handed in oneself.
    pub take_back: bool,
    /// Publish it.
    pub publish: bool,
    /// Publish it with a reason, without the rest of the chain or beyond limits of fairness that block.
    pub publish_anyway: bool,
    /// Say something of it.
    pub remark: bool,
}

/// What the numbers of a version are held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Against {
    /// What is on record for its periods.
    Record,
    /// Nothing is on record for any of them: all of it is new.
    Nothing,
    /// It is itself what is on record.
    Itself,
}

/// The numbers of a version, held against what is on record for its periods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// What they are held against.
    pub against: Against,
    /// Whether all of the version is seen.
    pub whole: bool,
    /// On record, over all rows that are seen at the top.
    pub before: Minor,
    /// In this version.
    pub after: Minor,
    /// Rows that differ in any period, in the order of the tree; every row where there is nothing to differ from.
    pub rows: Vec<DifferenceRow>,
    /// How many rows come before these.
    #[serde(default)]
    pub offset: u32,
    /// Rows that come after these, and are not listed for their number.
    pub more: u64,
    /// Rows on record that this version does not have.
    pub gone: u64,
}

impl Difference {
    /// Most rows of a page.
    pub const SIZE: usize = 300;

    /// A page of one with all its rows, or the last page where there are fewer.
    #[must_use]
    pub fn page(&self, offset: u32) -> Self {
        let asked = usize::try_from(offset).unwrap_or(usize::MAX);
        let last = self.rows.len().saturating_sub(1) / Self::SIZE * Self::SIZE;
        let first = asked.min(last);
        let page = self.rows.iter().skip(first).take(Self::SIZE);
        let rows: Vec<DifferenceRow> = page.cloned().collect();
        Self {
            against: self.against,
            whole: self.whole,
            before: self.before,
            after: self.after,
            offset: u32::try_from(first).unwrap_or(u32::MAX),
            more: (self.rows.len() - first - rows.len()) as u64,
            rows,
            gone: self.gone,
        }
    }
}

/// A row of a version beside what is on record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DifferenceRow {
    /// The row.
    pub node: NodeIndex,
    /// What it is called.
    pub name: String,
    /// How deep it stands.
    pub depth: u8,
    /// Its total on record; none where it was not.
    pub before: Option<Minor>,
    /// Its total in this version.
    pub after: Minor,
    /// The same by period.
    pub periods: Vec<(Option<Minor>, Minor)>,
}

/// What changed since somebody looked last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// When they did, milliseconds since the epoch; none: never.
    pub at_ms: Option<i64>,
    /// Amounts that others changed since and that are another now.
    pub count: u64,
    /// The first of them by size.
    pub cells: Vec<Seen>,
}

/// An amount that changed since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// The row.
    pub node: NodeIndex,
    /// What it is called.
    pub name: String,
    /// The period.
    pub period: PeriodIndex,
    /// What it was.
    pub before: Minor,
    /// What it is.
    pub after: Minor,
    /// Who changed it last.
    pub by: String,
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn whole(rows: u32) -> Difference {
        let row = |node: u32| DifferenceRow {
            node: NodeIndex(node),
            name: node.to_string(),
            depth: 1,
            before: None,
            after: Minor(1),
            periods: Vec::new(),
        };
        Difference {
            against: Against::Nothing,
            whole: true,
            before: Minor(0),
            after: Minor(i64::from(rows)),
            rows: (0..rows).map(row).collect(),
            offset: 0,
            more: 0,
            gone: 0,
        }
    }

    proptest! {
        #[test]
        fn the_pages_are_the_rows_each_once(rows in 0_u32..1_300) {
            let whole = whole(rows);
            let mut seen = Vec::new();
            loop {
                let offset = seen.len() as u32;
                let page = whole.page(offset);
                prop_assert!(page.rows.len() <= Difference::SIZE && page.after == whole.after);
                prop_assert_eq!(page.offset, offset);
                seen.extend(page.rows);
                prop_assert_eq!(seen.len() as u64 + page.more, u64::from(rows));
                if page.more == 0 {
                    break;
                }
            }
            prop_assert_eq!(&seen, &whole.rows);
            let beyond = whole.page(u32::MAX);
            prop_assert_eq!(beyond.rows.is_empty(), rows == 0, "beyond the end is the last page");
            prop_assert_eq!(beyond.more, 0);
        }
    }
}
