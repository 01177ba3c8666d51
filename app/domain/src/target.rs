//! Targets as they travel between server and browser: plans and versions, the grid one splits in, the own number and its confirmation.

mod board;
mod total;

use serde::{Deserialize, Serialize};

use crate::acknowledgement::Accepted;
use crate::calendar::{Day, Period, PeriodKind};
use crate::id::{MemberId, NodeId, PlanId, UnitId, VersionId};
use crate::money::{Currency, Minor};
use crate::negotiation::AgreedTotal;
pub use crate::plan::NodeRef;
pub use board::{
    BottomUp, LevelRow, LineChange, Lines, NewPurpose, Purpose, Quarter, Said, TargetBoard, UnitPart, rounded,
};
pub use total::{TotalError, parse_total};

/// A half-open range of days: `starts_on` is in, `ends_on` is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// The first day.
    pub starts_on: Day,
    /// The day after the last.
    pub ends_on: Day,
}

/// What was done in days that a target is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoneBefore {
    /// How much.
    pub amount: Minor,
    /// Up to which day, where the days are not over: then it says nothing yet of how much more a target is.
    pub until: Option<Day>,
}

impl DoneBefore {
    /// What was done in a span whose last days may be still to come.
    pub fn of(amount: Minor, span: &Span, today: Day) -> Self {
        Self {
            amount,
            until: (today < span.ends_on.plus(-1)).then_some(today),
        }
    }

    /// By how much a target exceeds it, 0.1 being ten per cent more; none where it is not over or nothing.
    pub fn growth(&self, target: Minor) -> Option<f64> {
        (self.until.is_none() && self.amount.0 > 0).then(|| target.0 as f64 / self.amount.0 as f64 - 1.0)
    }
}

impl Span {
    /// Whether both have a day in common.
    pub fn overlaps(self, other: Self) -> bool {
        self.starts_on < other.ends_on && other.starts_on < self.ends_on
    }

    /// Whether every day of the other is in this one.
    pub fn contains(self, other: Self) -> bool {
        self.starts_on <= other.starts_on && other.ends_on <= self.ends_on
    }

    /// The days of a period.
    pub fn of(period: &Period) -> Self {
        Self {
            starts_on: period.start,
            ends_on: period.end,
        }
    }

    /// How many days; 0 where the end is not after the start.
    pub fn days(self) -> u32 {
        u32::try_from(self.ends_on.0.saturating_sub(self.starts_on.0)).unwrap_or(0)
    }
}

/// Where a version stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VersionStatus {
    /// Being worked on.
    Draft,
    /// Submitted: waits for those who approve it, and is closed to changes.
    InReview,
    /// Frozen, plan of record.
    Published,
    /// Frozen, no longer plan of record.
    Archived,
}

impl VersionStatus {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::InReview => "in_review",
            Self::Published => "published",
            Self::Archived => "archived",
        }
    }

    /// Whether it is on its way to be published.
    pub fn is_in_work(self) -> bool {
        matches!(self, Self::Draft | Self::InReview)
    }

    /// The status of a stored name.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "draft" => Some(Self::Draft),
            "in_review" => Some(Self::InReview),
            "published" => Some(Self::Published),
            "archived" => Some(Self::Archived),
            _ => None,
        }
    }
}

/// A number of a published plan of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedTarget {
    /// The unit or person whose number it is.
    pub node: NodeRef,
    /// Who carries it: the person, or who led the unit when its version was made.
    pub carrier: Option<MemberId>,
    /// The unit it hangs below in its plan; none at the top. A member in two units has a number in each.
    pub below: Option<UnitId>,
    /// The whole period of the plan, also where the question covers a part of it.
    pub period: Span,
    /// The target of the whole period.
    pub amount: Minor,
}

/// What a carrier says of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// I carry exactly this number.
    Confirmed,
    /// I do not agree; the comment says why.
    Countered,
}

impl Answer {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Countered => "countered",
        }
    }

    /// The answer of a stored name.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "confirmed" => Some(Self::Confirmed),
            "countered" => Some(Self::Countered),
            _ => None,
        }
    }
}

/// A plan to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPlan {
    /// The metric's key.
    pub metric: String,
    /// The first day; a fiscal period starts on it.
    pub from: Day,
    /// The day after the last; a fiscal period ends before it.
    pub to: Day,
    /// What the columns are: months or quarters.
    pub period_kind: PeriodKind,
    /// The number for the whole.
    pub total: Minor,
    /// What people call it; `None`: after its days, as in `2018-Q1`.
    #[serde(default)]
    pub name: Option<String>,
}

/// A plan or a version that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// The plan.
    pub plan: PlanId,
    /// Its new version.
    pub version: VersionId,
}

/// A plan with its versions, as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanRow {
    /// The plan.
    pub id: PlanId,
    /// What people call it.
    pub name: String,
    /// The metric's key.
    pub metric: String,
    /// The currency of its amounts.
    pub currency: Currency,
    /// Its columns.
    pub periods: Vec<Period>,
    /// Whether an imported sheet made it.
    pub imported: bool,
    /// Its versions, the latest first.
    pub versions: Vec<VersionRow>,
}

/// A version, as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionRow {
    /// The version.
    pub id: VersionId,
    /// Counts from 1 within the plan.
    pub number: u32,
    /// What people call it.
    pub name: String,
    /// Where it stands.
    pub status: VersionStatus,
    /// The number of its last command.
    pub head: u64,
    /// The hash of what was frozen, 64 hexadecimal digits.
    pub hash: Option<String>,
    /// When it was made, milliseconds since the epoch.
    pub created_at_ms: i64,
    /// Who made it.
    pub created_by: String,
    /// When it became plan of record.
    pub published_at_ms: Option<i64>,
    /// Who published it.
    pub published_by: Option<String>,
    /// When it stopped being plan of record.
    pub archived_at_ms: Option<i64>,
}

/// A version that became plan of record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// The version.
    pub version: VersionId,
    /// The hash of all its numbers, 64 hexadecimal digits.
    pub hash: String,
    /// How many numbers were frozen.
    pub cells: u64,
    /// Versions that are no longer plan of record for any period.
    pub archived: Vec<VersionId>,
}

/// A number of a node in a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeriodAmount {
    /// The period.
    pub period: Period,
    /// The target.
    pub amount: Minor,
}

/// Where a carrier stands to a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Confirmation {
    /// Not answered, or the number has changed since.
    Open,
    /// Confirmed.
    Confirmed {
        /// When, milliseconds since the epoch.
        at_ms: i64,
        /// The user who did.
        by: String,
    },
    /// Countered.
    Countered {
        /// When, milliseconds since the epoch.
        at_ms: i64,
        /// The user who did.
        by: String,
        /// Why.
        comment: String,
    },
}

/// A change of a number on its way to what it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
    /// Who; `None`: the split the draft started from.
    pub by: Option<String>,
    /// The total before.
    pub before: Minor,
    /// The total after.
    pub after: Minor,
    /// Why, in the words of who did it.
    pub reason: Option<String>,
}

/// A published number of one's own, with all there is to know before confirming it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MyTarget {
    /// The plan.
    pub plan: PlanId,
    /// What the plan is called.
    pub plan_name: String,
    /// The version.
    pub version: VersionId,
    /// The metric's key.
    pub metric: String,
    /// The currency of the amounts.
    pub currency: Currency,
    /// The node that carries the number.
    pub node: NodeId,
    /// The unit or person.
    pub of: NodeRef,
    /// What the unit or person is called.
    pub name: String,
    /// The number, by period.
    pub periods: Vec<PeriodAmount>,
    /// The same by quarter, where that is neither a period nor the whole plan.
    pub quarters: Vec<PeriodAmount>,
    /// The number, over all periods.
    pub total: Minor,
    /// What was done in the comparable periods, where it is known.
    pub history: Option<Minor>,
    /// How it came to be this number, oldest first.
    pub changes: Vec<Change>,
    /// What to send back with the answer: names exactly this number.
    pub hash: String,
    /// What was answered.
    pub confirmation: Confirmation,
    /// What was confirmed, where the last answer was a confirmation; where the number has changed since, it does not hold.
    pub accepted: Option<Accepted>,
    /// What was agreed on since; none where nothing was, or where one answered something else later. It is in the plan where
    /// it is the total.
    pub agreed: Option<AgreedTotal>,
    /// When it was published, milliseconds since the epoch.
    pub published_at_ms: i64,
    /// Who published it.
    pub published_by: String,
}

/// What checking a version found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "verdict")]
pub enum Verdict {
    /// Every link holds, and the log leads to the numbers there are.
    Sound {
        /// How many commands were replayed.
        commands: u64,
        /// The last link, 64 hexadecimal digits.
        head: String,
    },
    /// A link of the chain is not as it was written.
    Chain {
        /// The first such command; 0: the start.
        seq: u64,
    },
    /// Folding the deltas fails, or does not lead to what is stored.
    State {
        /// At which command.
        seq: u64,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_that_is_not_over_says_nothing_of_growth() {
        let day = |text| Day::parse_iso(text).unwrap();
        let year = Span {
            starts_on: day("2026-01-01"),
            ends_on: day("2027-01-01"),
        };
        let done = DoneBefore::of(Minor(200), &year, day("2026-11-28"));
        assert_eq!(
            (done.until, done.growth(Minor(300))),
            (Some(day("2026-11-28")), None)
        );
        let done = DoneBefore::of(Minor(200), &year, day("2027-02-01"));
        assert_eq!((done.until, done.growth(Minor(300))), (None, Some(0.5)));
        assert_eq!(
            DoneBefore::of(Minor(0), &year, day("2027-02-01")).growth(Minor(300)),
            None
        );
    }
}
