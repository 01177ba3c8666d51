//! Targets as they travel between server and browser: plans and versions, the grid one splits in, the own number and its confirmation.

use serde::{Deserialize, Serialize};

use crate::calendar::Day;
use crate::id::{MemberId, UnitId};
use crate::money::Minor;

/// Who carries a number: a unit or a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "id")]
pub enum NodeRef {
    /// A unit, with everything below it.
    Unit(UnitId),
    /// A person.
    Member(MemberId),
}

impl NodeRef {
    /// The stored name of the kind.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Unit(_) => "unit",
            Self::Member(_) => "member",
        }
    }

    /// The id of either kind.
    pub fn id(self) -> uuid::Uuid {
        match self {
            Self::Unit(id) => id.0,
            Self::Member(id) => id.0,
        }
    }

    /// The reference of a stored kind and id.
    pub fn parse(kind: &str, id: uuid::Uuid) -> Option<Self> {
        match kind {
            "unit" => Some(Self::Unit(id.into())),
            "member" => Some(Self::Member(id.into())),
            _ => None,
        }
    }
}

/// A half-open range of days: `starts_on` is in, `ends_on` is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// The first day.
    pub starts_on: Day,
    /// The day after the last.
    pub ends_on: Day,
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

    /// How many days; 0 where the end is not after the start.
    pub fn days(self) -> u32 {
        u32::try_from(self.ends_on.0.saturating_sub(self.starts_on.0)).unwrap_or(0)
    }
}

/// What the columns of a plan are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PeriodKind {
    /// Months of the fiscal calendar.
    Month,
    /// Quarters of the fiscal calendar.
    Quarter,
}

impl PeriodKind {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Quarter => "quarter",
        }
    }

    /// The kind of a stored name.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "month" => Some(Self::Month),
            "quarter" => Some(Self::Quarter),
            _ => None,
        }
    }
}

/// Where a version stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VersionStatus {
    /// Being worked on.
    Draft,
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
            Self::Published => "published",
            Self::Archived => "archived",
        }
    }

    /// The status of a stored name.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "draft" => Some(Self::Draft),
            "published" => Some(Self::Published),
            "archived" => Some(Self::Archived),
            _ => None,
        }
    }
}

/// A number of a published plan of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedTarget {
    /// Who carries it.
    pub node: NodeRef,
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
