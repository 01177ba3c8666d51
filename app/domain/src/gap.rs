//! From a gap to what has to be done each week to close it.
//!
//! What is missing is turned into deals, and those step by step into what comes before them: quotations, visits, calls.
//! At every step the number is rounded up to a whole one, for nobody makes a third of a visit; so a chain errs to the
//! safe side by less than one at each step. Each number is then dealt out over the weeks that are left for it, by their
//! weight (working days, or the season), and sums exactly.

mod chain;
mod week;

use serde::{Deserialize, Serialize};

pub use chain::{activity, deals};
pub use week::{Week, weeks};

use crate::money::Minor;
use crate::statistics::Interval;

/// What is to be closed, and how.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gap {
    /// What is missing to the target, less what open deals are expected to bring.
    pub missing: Minor,
    /// What a deal usually comes to.
    pub deal: Minor,
    /// From the deal backwards: what leads to it first, then what leads to that.
    pub stages: Vec<Stage>,
    /// The chance with which the ranges hold: above 0, up to 0.999999 (0.8, say).
    pub chance: f64,
}

/// Something that is done, and how often it leads to the next thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// What is done: quotations, visits.
    pub name: String,
    /// How often it leads on.
    pub rate: Rate,
    /// Days from doing it to the close of the deal, all steps between counted in: it is not planned later than that before
    /// the end. Where this is less than the lead of what it leads to, that one counts: nothing is planned after the last of
    /// what it is to lead to.
    pub lead_days: u32,
}

/// How often one thing leads to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "rate")]
pub enum Rate {
    /// The part that leads on, in millionths: a win rate of 30 % is 300,000.
    Share {
        /// Millionths.
        ppm: u32,
    },
    /// How many it takes for one, in millionths: 2.5 visits a quotation are 2,500,000.
    Each {
        /// Millionths.
        ppm: u32,
    },
    /// As counted: so many led to so many. The answer then has a range.
    Counted {
        /// How many were done.
        done: u64,
        /// How many next things came of them; may be more.
        led_to: u64,
    },
}

/// What has to be done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Activity {
    /// Deals to be won.
    pub deals: u64,
    /// What has to be done for them, in the order of the stages.
    pub tasks: Vec<Task>,
}

/// What has to be done of one stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// What is done.
    pub name: String,
    /// For how many of the next thing: of the stage before, or deals.
    pub for_next: u64,
    /// By which rate.
    pub rate: Rate,
    /// How many are needed: `for_next` by the rate, rounded up.
    pub needed: u64,
    /// How many may be needed, as far as rates were counted in this stage or one before: the limits of the rates are
    /// combined as those of independent ones (Zou and Donner 2008). `None` where all rates were stated.
    pub range: Option<Interval>,
    /// How many in a usual week: `needed` over the number of weeks left for it (of those with a weight), rounded up.
    pub a_week: u64,
    /// How many in each week given; they sum to `needed`.
    pub weekly: Vec<u64>,
}

/// Why there is nothing to be planned.
#[derive(Clone, Debug, PartialEq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "error")]
pub enum NoActivity {
    /// Nothing is missing.
    #[error("nothing is missing: the target is passed by {} minor units", over.0)]
    NothingMissing {
        /// By how much the target is passed.
        over: Minor,
    },
    /// Deals that come to nothing close no gap.
    #[error("the size of a deal must be positive")]
    NoDeal,
    /// A stage that never leads to the next: no number of it is enough.
    #[error("stage {stage} never leads to the next one")]
    NeverLeadsOn {
        /// The stage, counted from 0.
        stage: usize,
    },
    /// A rate that says nothing: a share above 100 %, nothing needed for one, or nothing counted.
    #[error("the rate of stage {stage} says nothing")]
    NoRate {
        /// The stage, counted from 0.
        stage: usize,
    },
    /// No week is left in which it could be done in time.
    #[error("no working week is left for stage {stage}")]
    NoTimeLeft {
        /// The stage, counted from 0.
        stage: usize,
    },
    /// A chance for the ranges that is not above 0 and up to 0.999999.
    #[error("a range needs a chance above 0 and up to 0.999999")]
    Chance,
    /// More would be needed than can be counted.
    #[error("stage {stage} would need more than can be counted")]
    TooMany {
        /// The stage, counted from 0.
        stage: usize,
    },
}
