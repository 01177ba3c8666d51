//! The why-card as it travels: the steps of a number with the names they speak of.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::calendar::Period;
use crate::explain::Explanation;
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
}
