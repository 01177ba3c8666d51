//! Which weights would have been right: each candidate split of year t, made from what was known before it, scored on what
//! happened.
//!
//! A [`Base`] says from a [`Past`] what each person should weigh; a [`Candidate`] blends bases. For every period that has a
//! past ([`replay`]) the total is split by each candidate, exactly and by the same [`crate::allocation`] as a plan, and held
//! against what people did (rolling origin: Tashman 2000). A base is never shown the period it is asked about, nor a later one.
//! The best candidate is named better than the next only where a bootstrap over people and periods bears that out.

mod advice;
mod base;
mod judge;
mod losses;
pub mod models;
mod panel;
mod replay;
mod score;

use serde::{Deserialize, Serialize};

use crate::allocation::AllocationError;
use crate::format::Lang;
use crate::money::Minor;

pub use advice::{Advice, Recommendation, WeightRange};
pub use base::{Base, Candidate};
pub use judge::{Judged, judge};
pub use losses::Lead;
pub use panel::{Panel, Past};
pub use replay::{Backtest, Origin, Skipped, Why, replay};
pub use score::{Score, TenureScore};

/// What total is split.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "total", content = "of_each_period")]
pub enum Total {
    /// What all people together did in the period: only the split is judged.
    #[default]
    Actual,
    /// The target of each period of the panel: level and split are judged together.
    Given(Vec<Minor>),
}

/// How a backtest is made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Options {
    /// What is split.
    pub total: Total,
    /// Periods that are not split: something that they are to be split by was not known then. None.
    pub without: Vec<usize>,
    /// Periods before the first one that is split: 1. Four for quarters, where seasons differ.
    pub past: usize,
    /// An attainment within so much of 1 counts as near: 0.20.
    pub near: f64,
    /// People with fewer periods behind them than this are settling in: 4.
    pub settled: usize,
    /// Fewer people than this are too few to recommend weights: 5.
    pub few_people: usize,
    /// Fewer periods than this are too few to recommend weights: 3.
    pub few_origins: usize,
    /// With what chance intervals hold, from 0 to 1: 0.90.
    pub chance: f64,
    /// Samples of a bootstrap, from 1 to [`Options::MAX_ROUNDS`]: 500.
    pub rounds: usize,
    /// Seed of the bootstrap.
    pub seed: u64,
}

impl Options {
    /// More samples tell no more and only take longer.
    pub const MAX_ROUNDS: usize = 10_000;
}

impl Default for Options {
    fn default() -> Self {
        Self {
            total: Total::Actual,
            without: Vec::new(),
            past: 1,
            near: 0.20,
            settled: 4,
            few_people: 5,
            few_origins: 3,
            chance: 0.90,
            rounds: 500,
            seed: 1,
        }
    }
}

/// Whether one way of splitting is better than another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The interval of the difference lies on one side of nothing.
    Better,
    /// It contains nothing.
    NotSeen,
}

impl Verdict {
    /// What people read.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Better => lang.pick("明显更好", "clearly better"),
            Self::NotSeen => lang.pick("看不出差异", "no difference can be seen"),
        }
    }
}

/// Why no backtest can be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "error")]
pub enum BacktestError {
    /// A panel without people or periods, or with another number of cells than people times periods.
    #[error("a panel of {people} people and {periods} periods does not have {cells} cells")]
    Panel {
        /// People.
        people: usize,
        /// Periods.
        periods: usize,
        /// Cells given.
        cells: usize,
    },
    /// No base, or more than [`Candidate::MAX_BASES`].
    #[error("{bases} bases cannot be compared")]
    Bases {
        /// How many.
        bases: usize,
    },
    /// A candidate whose shares are not one a base, not finite, negative, or all nothing.
    #[error("the shares of candidate {candidate} are no blend of the bases")]
    Shares {
        /// Place in the list.
        candidate: usize,
    },
    /// No candidate.
    #[error("there is no candidate")]
    NoCandidate,
    /// A base that gave another number of weights than there are people, or one that is not finite or negative.
    #[error("the weights of base {base} for period {period} are not one a person, finite and not negative")]
    Weights {
        /// Place in the list of bases.
        base: usize,
        /// The period asked about.
        period: usize,
    },
    /// No samples, or more than [`Options::MAX_ROUNDS`].
    #[error("{rounds} samples of a bootstrap: from 1 to {most} can be drawn")]
    Rounds {
        /// How many were asked for.
        rounds: usize,
        /// How many there may be.
        most: usize,
    },
    /// A chance that is none.
    #[error("the chance with which intervals hold is not from 0 to 1")]
    Chance,
    /// Totals of another number of periods than the panel has.
    #[error("{totals} totals for {periods} periods")]
    Totals {
        /// Totals given.
        totals: usize,
        /// Periods of the panel.
        periods: usize,
    },
    /// No period could be split.
    #[error("no period can be split: each lacks a past, people or a total")]
    NoOrigin,
    /// A total that could not be split.
    #[error("period {period} could not be split: {why}")]
    Allocation {
        /// Which.
        period: usize,
        /// Why.
        why: AllocationError,
    },
}
