//! What a split is given: bases with their weights, factors by period, and proposals from below.

use serde::{Deserialize, Serialize};

use super::{NodeIndex, PeriodIndex};
use crate::money::Minor;

/// An input of a split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Everybody the same.
    Equal,
    /// What was done in comparable periods, one-off deals left out.
    History,
    /// The record of attainment.
    Capability,
    /// Market potential.
    Potential,
    /// The accounts that are owned, by what is expected of each.
    Customers,
    /// Open deals.
    Pipeline,
    /// A figure that was imported.
    Imported,
}

impl Basis {
    /// Every basis.
    pub const ALL: [Self; 7] = [
        Self::Equal,
        Self::History,
        Self::Capability,
        Self::Potential,
        Self::Customers,
        Self::Pipeline,
        Self::Imported,
    ];

    /// The stored and wire name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::History => "history",
            Self::Capability => "capability",
            Self::Potential => "potential",
            Self::Customers => "customers",
            Self::Pipeline => "pipeline",
            Self::Imported => "imported",
        }
    }

    /// The basis of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|basis| basis.as_str() == name)
    }
}

/// One basis of a split with its share in the blend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BasisWeights {
    /// Which.
    pub basis: Basis,
    /// Its share in the blend in millionths; the shares of a split sum to at most 1,000,000 and count relatively.
    pub share_ppm: u32,
    /// One weight for each node below the split one, in pre-order (`end − node − 1` of them), quantised once by the
    /// server. A node counts its own weight and those of all nodes below it, so units usually carry 0.
    pub weights: Vec<u64>,
}

/// Why a node counts more or less in some periods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactorKind {
    /// A beginner's first months.
    Ramp,
    /// Part of the time, or from or until a day within the plan.
    Assignment,
    /// A season of its own.
    Season,
}

impl FactorKind {
    /// Every kind, in the order in which they are explained: who is there, then what a beginner can do, then when.
    pub const ALL: [Self; 3] = [Self::Assignment, Self::Ramp, Self::Season];

    /// The stored and wire name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ramp => "ramp",
            Self::Assignment => "assignment",
            Self::Season => "season",
        }
    }
}

/// How much a node counts in each period against what it would without.
///
/// In each period a node counts this part of its own weight and of those of all nodes below it, in every basis; factors
/// of different kinds multiply. Only the comparison with siblings matters: what the parent has in the period stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Factor {
    /// Whose; below the node that is split.
    pub node: NodeIndex,
    /// Why.
    pub kind: FactorKind,
    /// For each period of the plan in millionths, at most [`Factor::MAX_PPM`].
    pub ppm: Vec<u32>,
}

impl Factor {
    /// One: nothing changes.
    pub const WHOLE_PPM: u32 = 1_000_000;
    /// The largest factor: a hundred times.
    pub const MAX_PPM: u32 = 100 * Self::WHOLE_PPM;
}

/// A branch that keeps weights of its own while something above it is split: everything below it is shared by these bases
/// instead, within what the branch gets as everybody does. Of branches within each other the inner one decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnWeights {
    /// The branch, below the node that is split; something lies below it.
    pub node: NodeIndex,
    /// Its bases, with one weight for each node below it.
    pub bases: Vec<BasisWeights>,
}

/// How a proposal is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    /// To the minor unit.
    #[default]
    Exactly,
    /// As the least; its weight may bring more.
    AtLeast,
}

/// An amount proposed from below that a split keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Whose; below the node that is split.
    pub node: NodeIndex,
    /// The period, or the total.
    pub period: Option<PeriodIndex>,
    /// What was proposed.
    pub amount: Minor,
    /// How it is kept.
    #[serde(default)]
    pub kept: Kept,
}
