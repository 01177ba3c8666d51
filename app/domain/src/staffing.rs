//! People who come, go, move and are away while a plan runs: what such a change does to the numbers from its day on.
//!
//! A number is prorated by the working days somebody is there: of an amount with `b` of their working days before the day
//! and `a` from it on, `a / (a + b)` lies from the day on, rounded to the nearer minor unit (the largest remainder of two
//! parts; a tie stays before). Both parts sum to the amount, so every change only moves amounts between rows ([`Move`]):
//! in every period the sum of all rows stays, and what lies before the day stays where it is.

mod days;
mod leave;
mod moves;
mod preview;

use serde::{Deserialize, Serialize};

use crate::calendar::Day;
use crate::format::Lang;
use crate::id::{MemberId, UnitId, VersionId};

pub use days::{Days, days_within, parts, without};
pub use leave::{
    LEAVE_NOTE_CHARS, LeaveCalendar, LeaveEntry, LeaveInput, LeaveKind, LeaveRow, MOST_LEAVE_DAYS,
};
pub use moves::{Giver, Move, Row, StaffingError, Taker, after, goes, joins, leaves};
pub use preview::{Desk, Effect, Found, Preview, PreviewRow, PreviewStep};

/// What kind of change it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Somebody leaves the company.
    Leaver,
    /// Somebody comes.
    Joiner,
    /// Somebody moves from one unit to another.
    Transfer,
    /// A unit becomes part of another.
    Merger,
    /// Somebody is away for some days.
    Leave,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::Leaver,
        Self::Joiner,
        Self::Transfer,
        Self::Merger,
        Self::Leave,
    ];

    /// The wire name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Leaver => "leaver",
            Self::Joiner => "joiner",
            Self::Transfer => "transfer",
            Self::Merger => "merger",
            Self::Leave => "leave",
        }
    }

    /// The kind of a wire name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// What people read.
    pub fn words(self, lang: Lang) -> &'static str {
        match self {
            Self::Leaver => lang.pick("离职", "leaves"),
            Self::Joiner => lang.pick("入职", "joins"),
            Self::Transfer => lang.pick("调动", "moves"),
            Self::Merger => lang.pick("合并", "is merged"),
            Self::Leave => lang.pick("休假", "is on leave"),
        }
    }
}

/// Who carries what somebody no longer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rest {
    /// Nobody yet: it stays in the unit.
    Nobody,
    /// The colleagues in the unit, in proportion to what they have.
    Colleagues,
    /// One person; what a beginner does not carry yet is nobody's.
    Successor {
        /// Who.
        member: MemberId,
        /// Whether they begin, and carry the more the longer they are there.
        ramp: bool,
    },
}

/// Where the number of somebody who comes is taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// From nowhere: they begin without a number.
    Nothing,
    /// From what is nobody's in the unit.
    Nobody,
    /// From the colleagues, in proportion to what they have: as much as one of them has on average.
    Colleagues,
}

/// What happens with the number of somebody who moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Carry {
    /// It goes with them.
    Goes,
    /// It stays, and their colleagues carry it.
    Colleagues,
    /// It stays, and nobody carries it yet.
    Nobody,
}

/// A change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Change {
    /// Somebody leaves; the day is the first they are gone.
    Leaver {
        /// Who.
        member: MemberId,
        /// Who carries their number.
        rest: Rest,
    },
    /// Somebody comes; the day is their first.
    Joiner {
        /// Who.
        member: MemberId,
        /// To which unit.
        unit: UnitId,
        /// Where their number is taken from.
        source: Source,
        /// Whether they begin, and carry the more the longer they are there.
        ramp: bool,
    },
    /// Somebody moves; the day is the first in the other unit.
    Transfer {
        /// Who.
        member: MemberId,
        /// From which unit.
        from: UnitId,
        /// To which.
        to: UnitId,
        /// What happens with their number.
        number: Carry,
    },
    /// A unit becomes part of another; the day is the first it is no more.
    Merger {
        /// The unit that ends.
        from: UnitId,
        /// The unit its people come to.
        into: UnitId,
    },
    /// Somebody is away; the day is the first of it.
    Leave {
        /// Who.
        member: MemberId,
        /// The first day they are back.
        until: Day,
        /// Why they are away.
        why: LeaveKind,
        /// Who carries their number of those days.
        rest: Rest,
    },
}

impl Change {
    /// What kind of change it is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Leaver { .. } => Kind::Leaver,
            Self::Joiner { .. } => Kind::Joiner,
            Self::Transfer { .. } => Kind::Transfer,
            Self::Merger { .. } => Kind::Merger,
            Self::Leave { .. } => Kind::Leave,
        }
    }
}

/// A change of a published version from a day on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The published version.
    pub version: VersionId,
    /// The first day it holds.
    pub on: Day,
    /// The change.
    pub change: Change,
}

#[cfg(test)]
mod tests;
