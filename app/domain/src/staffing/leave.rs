//! Days on which somebody is away.

use serde::{Deserialize, Serialize};

use crate::calendar::Day;
use crate::format::Lang;
use crate::id::{LeaveId, MemberId};

/// Why somebody is away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeaveKind {
    /// Holidays.
    #[default]
    Annual,
    /// Illness.
    Sick,
    /// A child.
    Parental,
    /// Anything else.
    Other,
}

impl LeaveKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Annual, Self::Sick, Self::Parental, Self::Other];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Annual => "annual",
            Self::Sick => "sick",
            Self::Parental => "parental",
            Self::Other => "other",
        }
    }

    /// The kind of a stored name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// What people read.
    pub fn words(self, lang: Lang) -> &'static str {
        match self {
            Self::Annual => lang.pick("年假", "Annual leave"),
            Self::Sick => lang.pick("病假", "Sick leave"),
            Self::Parental => lang.pick("产假、育儿假", "Parental leave"),
            Self::Other => lang.pick("其他", "Other"),
        }
    }
}

/// Days to be entered into the calendar of somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaveInput {
    /// Whose.
    pub member: MemberId,
    /// The first day away.
    pub from: Day,
    /// The first day back.
    pub until: Day,
    /// Why.
    pub kind: LeaveKind,
    /// What is to be known of it; empty where nothing is.
    pub note: String,
}

/// Days in somebody's calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaveRow {
    /// Which.
    pub id: LeaveId,
    /// What they are.
    pub leave: LeaveInput,
}
