//! The why-card as it travels: the steps of a number with the names they speak of, the formula, the comparison with peers, and
//! what another weight or more open deals would give.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::calendar::Period;
use crate::explain::peers::Peers;
use crate::explain::what_if::{Reckoned, Tried};
use crate::explain::{BasisShare, Explanation};
use crate::id::UserId;
use crate::line::LineBy;
use crate::money::{Currency, Minor};
use crate::plan::NodeIndex;

/// Why a number is what it is, with the names it speaks of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Why {
    /// The currency of the amounts.
    pub currency: Currency,
    /// The period; none: over all.
    pub period: Option<Period>,
    /// The number and its steps.
    pub explanation: Explanation,
    /// Who changed it, by name.
    pub people: BTreeMap<UserId, String>,
    /// Nodes that changes were made to, by name.
    pub nodes: BTreeMap<NodeIndex, String>,
    /// The formula of the split that decided it, the largest part first; empty where no split did.
    pub formula: Vec<BasisShare>,
    /// How the whole number compares with those of its peers; none where there are too few to keep them unknown.
    pub peers: Option<Peers>,
}

/// What of a row, beside its amount, is asked about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Other {
    /// By how much what lies below exceeds it.
    Hedge,
    /// What it is held against: what was done in the same time a year before.
    LastYear,
    /// What it is held against: the plan of record.
    Record,
    /// How much of it is to come from a line.
    Line {
        /// By what it is cut.
        by: LineBy,
        /// The line.
        key: String,
    },
}

/// What the split would give if a node counted more or less in one basis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhatIf {
    /// The currency of the amounts.
    pub currency: Currency,
    /// What was tried and what comes of it.
    pub tried: Tried,
    /// The unit whose amount stays and is shared otherwise, by name.
    pub above: String,
}

/// What it would mean if the open deals of a number grew.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Grown {
    /// The currency of the amounts.
    pub currency: Currency,
    /// By how many per cent the deals are to grow.
    pub change_pct: i32,
    /// The open deals as the basis weighs them: each by the chance that it is won in the plan's time.
    pub open: Minor,
    /// What they would come to.
    pub grown: Minor,
    /// The number as it is.
    pub number: Minor,
    /// What the split gives and would give, in steps; none where no split decided the number, or open deals do not count in it.
    pub split: Option<Reckoned>,
    /// The unit whose amount stays and is shared otherwise, by name; empty where none is.
    pub above: String,
    /// The chances that the number is reached; none of one period, and where nothing can be expected.
    pub reach: Option<Reach>,
}

/// The chances that a number is reached.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reach {
    /// As things are.
    pub now: f64,
    /// With the deals grown and the number as it is.
    pub kept: f64,
    /// With the deals grown and the number by what the split would give more; none where it would give the same.
    pub asked: Option<f64>,
}
