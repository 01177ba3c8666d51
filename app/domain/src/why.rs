//! The why-card as it travels: the steps of a number with the names they speak of, the formula, the comparison with peers, and
//! what another weight would give.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::calendar::Period;
use crate::explain::peers::Peers;
use crate::explain::what_if::Tried;
use crate::explain::{BasisShare, Explanation};
use crate::id::UserId;
use crate::money::Currency;
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
