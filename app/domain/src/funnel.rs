//! How deals move through their stages: conversion, time, win rates, cohorts, and which are stuck.
//!
//! Everything is seen as of a day: what happened after it is not known. A deal won later is still open, one created later
//! does not exist. Only a deal's value, dimensions and next step have no history here: the caller hands in those known
//! on that day.
//!
//! The rule of passage: a deal begins in the first stage; one that was seen in a stage, or was won, passed every stage
//! before it, recorded or not. So no stage has more deals than the one before it, and skipped stages do not look like
//! losses. What is recorded is counted beside it.

mod attention;
mod chance;
mod compare;
mod deal;
mod stages;
mod survival;
mod velocity;
mod win;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::calendar::{Day, Period};
use crate::metric::Status;
use crate::statistics::{Interval, wilson};

pub use attention::{Slipping, Stuck, StuckDeals};
pub use chance::{ChanceError, ClosingChance};
pub use compare::{Comparison, GroupRate};
pub(crate) use deal::Known;
pub use deal::{Contradiction, Deal, Entry, ExpectedClose, LeftOut, Outcome};
pub use stages::{StageRow, TimeInStage, Within};
pub use survival::{Exit, Incidence, Observed};
pub use velocity::{Coverage, Cycle, Velocity};
pub use win::Cohort;

/// Why there is no funnel.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "error")]
pub enum FunnelError {
    /// No stage, or more than [`Funnel::MAX_STAGES`].
    #[error("a funnel has 1 to {} stages, not {stages}", Funnel::MAX_STAGES)]
    Stages {
        /// Stages handed in.
        stages: usize,
    },
}

/// A part of a count, with its 95 % interval (Wilson 1927).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rate {
    /// How many of them.
    pub part: u64,
    /// Of how many.
    pub of: u64,
    /// `part / of`.
    pub rate: f64,
    /// Where the true rate lies with a chance of 95 %.
    pub interval: Interval,
}

impl Rate {
    /// `None` of nothing, or where the part is more than the whole.
    pub fn of(part: u64, of: u64) -> Option<Self> {
        Some(Self {
            part,
            of,
            rate: part as f64 / of as f64,
            interval: wilson(part, of, 0.95)?,
        })
    }
}

/// Deals as they were known on a day.
#[derive(Clone, Debug)]
pub struct Funnel<'a> {
    pub(crate) stages: usize,
    pub(crate) as_of: Day,
    pub(crate) deals: Vec<Known<'a>>,
    left_out: Vec<LeftOut>,
}

impl<'a> Funnel<'a> {
    /// More stages than this are refused.
    pub const MAX_STAGES: usize = 40;

    /// The deals as of the end of a day, in a funnel of so many open stages (0, 1, … in order; won and lost are
    /// outcomes, not stages). Deals that contradict themselves are left out of everything and listed in
    /// [`Self::left_out`].
    pub fn new(stages: usize, deals: &'a [Deal], as_of: Day) -> Result<Self, FunnelError> {
        if !(1..=Self::MAX_STAGES).contains(&stages) {
            return Err(FunnelError::Stages { stages });
        }
        let mut seen = BTreeSet::new();
        let mut known = Vec::with_capacity(deals.len());
        let mut left_out = Vec::new();
        for deal in deals {
            let view = if seen.insert(deal.key.as_str()) {
                Known::of(deal, stages, as_of)
            } else {
                Err(Contradiction::Duplicate)
            };
            match view {
                Ok(view) => known.extend(view),
                Err(why) => left_out.push(LeftOut {
                    key: deal.key.clone(),
                    why,
                }),
            }
        }
        Ok(Self {
            stages,
            as_of,
            deals: known,
            left_out,
        })
    }

    /// The same funnel of the deals with one value of a dimension.
    pub fn only(&self, dimension: &str, value: &str) -> Self {
        let chosen = |known: &&Known<'a>| {
            known
                .deal
                .dimensions
                .get(dimension)
                .is_some_and(|own| own == value)
        };
        Self {
            deals: self.deals.iter().filter(chosen).cloned().collect(),
            left_out: Vec::new(),
            ..*self
        }
    }

    /// How many deals there are in each value of a dimension.
    pub fn values(&self, dimension: &str) -> BTreeMap<&'a str, u64> {
        let mut counts = BTreeMap::new();
        for value in self
            .deals
            .iter()
            .filter_map(|known| known.deal.dimensions.get(dimension))
        {
            *counts.entry(value.as_str()).or_default() += 1;
        }
        counts
    }

    /// The day up to and including which things are known.
    pub fn as_of(&self) -> Day {
        self.as_of
    }

    /// Deals that contradict themselves, in the order handed in; they count nowhere.
    pub fn left_out(&self) -> &[LeftOut] {
        &self.left_out
    }

    /// How many deals are open, won or lost.
    pub fn count(&self, status: Status) -> u64 {
        self.with(status).count() as u64
    }

    /// Won deals of those closed, in a period or (`None`) at any time; `None` where nothing was closed.
    ///
    /// It follows the deals that happened to close: while fast losses come first, it starts low or high. The cohorts
    /// ([`Self::cohorts`]) say what becomes of those created together.
    pub fn win_rate(&self, within: Option<&Period>) -> Option<Rate> {
        let closed = |status| self.closed(status, within).count() as u64;
        let won = closed(Status::Won);
        Rate::of(won, won + closed(Status::Lost))
    }

    fn with(&self, status: Status) -> impl Iterator<Item = &Known<'a>> {
        self.deals
            .iter()
            .filter(move |known| known.outcome.status() == status)
    }

    /// Deals closed as won or lost, in a period or at any time.
    fn closed(&self, status: Status, within: Option<&Period>) -> impl Iterator<Item = &Known<'a>> {
        self.with(status).filter(move |known| {
            let closed = known.outcome.closed();
            within.is_none_or(|period| closed.is_some_and(|day| period.contains(day)))
        })
    }
}

/// Days from one day to a later one; 0 where it is not later.
pub(crate) fn days(from: Day, to: Day) -> u32 {
    u32::try_from(i64::from(to.0) - i64::from(from.0)).unwrap_or(0)
}
