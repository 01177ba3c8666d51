//! A deal as it was recorded, and as it was known on a day.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::days;
use crate::calendar::Day;
use crate::metric::Status;
use crate::money::Fact;

/// A deal as the pipeline recorded it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deal {
    /// Stable id, different for every deal.
    pub key: String,
    /// The day it was created; `None` where nobody knows: then it exists on every day, as open or closed, unless a
    /// stage says since when, and is left out of what takes an age.
    pub created: Option<Day>,
    /// The stages it entered, in any order.
    pub entries: Vec<Entry>,
    /// Open, won or lost.
    pub outcome: Outcome,
    /// What it is, or was, worth.
    pub value: Fact,
    /// `owner`, `product`, `source`, `region` … to the key of the value.
    pub dimensions: BTreeMap<String, String>,
    /// What was said about the closing day, in any order.
    pub expected_close: Vec<ExpectedClose>,
    /// The day of the agreed next step.
    pub next_step: Option<Day>,
    /// The day of the last follow-up.
    pub last_follow_up: Option<Day>,
}

/// A stage entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Place of the stage in the funnel, from 0.
    pub stage: usize,
    /// The day it was entered.
    pub day: Day,
}

/// What was said about the closing day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpectedClose {
    /// When it was said.
    pub said: Day,
    /// The closing day expected then.
    pub close: Day,
}

/// What became of a deal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Nothing yet.
    Open,
    /// Signed on a day.
    Won(Day),
    /// Gone on a day.
    Lost(Day),
}

impl Outcome {
    /// Without the day.
    pub fn status(self) -> Status {
        match self {
            Self::Open => Status::Open,
            Self::Won(_) => Status::Won,
            Self::Lost(_) => Status::Lost,
        }
    }

    /// The closing day.
    pub fn closed(self) -> Option<Day> {
        match self {
            Self::Open => None,
            Self::Won(day) | Self::Lost(day) => Some(day),
        }
    }
}

/// What is wrong with a deal that is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Contradiction {
    /// Its key is that of a deal before it.
    Duplicate,
    /// It entered a stage that does not exist.
    UnknownStage,
    /// It was closed before it was created.
    ClosedBeforeCreated,
    /// It entered a stage after it was closed.
    EnteredAfterClosed,
    /// It is worth less than nothing.
    NegativeValue,
}

/// A deal that counts nowhere, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Its key.
    pub key: String,
    /// What is wrong.
    pub why: Contradiction,
}

/// How a deal came to a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reached {
    /// The first day it was in that stage or beyond; `None` where that is not known.
    pub(crate) day: Option<Day>,
    /// Whether that stage itself is recorded.
    pub(crate) recorded: bool,
}

/// A stay in a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Visit {
    pub(crate) stage: usize,
    pub(crate) from: Day,
    /// The day it was left, or the last day known.
    pub(crate) to: Day,
    pub(crate) end: VisitEnd,
}

impl Visit {
    pub(crate) fn days(&self) -> u32 {
        days(self.from, self.to)
    }
}

/// How a stay in a stage ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VisitEnd {
    /// Not yet.
    Running,
    /// In a later stage, or won.
    Forward,
    /// In an earlier stage, or lost.
    Otherwise,
}

/// A deal as it was known on a day.
#[derive(Clone, Debug)]
pub(crate) struct Known<'a> {
    pub(crate) deal: &'a Deal,
    pub(crate) outcome: Outcome,
    /// Stages in the order they were entered; the first from the day the deal began.
    pub(crate) path: Vec<Entry>,
    as_of: Day,
}

impl<'a> Known<'a> {
    /// `None` where the deal did not exist yet.
    pub(crate) fn of(deal: &'a Deal, stages: usize, as_of: Day) -> Result<Option<Self>, Contradiction> {
        if deal.value.0 < 0 {
            return Err(Contradiction::NegativeValue);
        }
        let outcome = match deal.outcome.closed() {
            Some(day) if day <= as_of => deal.outcome,
            _ => Outcome::Open,
        };
        let mut entries: Vec<Entry> = deal
            .entries
            .iter()
            .copied()
            .filter(|entry| entry.day <= as_of)
            .collect();
        if entries.iter().any(|entry| entry.stage >= stages) {
            return Err(Contradiction::UnknownStage);
        }
        entries.sort_by_key(|entry| entry.day);
        let first = entries.first().map(|entry| entry.day);
        if let Some(closed) = outcome.closed() {
            if deal.created.is_some_and(|created| created > closed)
                && first.is_none_or(|first| first > closed)
            {
                return Err(Contradiction::ClosedBeforeCreated);
            }
            if entries.last().is_some_and(|entry| entry.day > closed) {
                return Err(Contradiction::EnteredAfterClosed);
            }
        }
        if deal.created.is_none()
            && entries.is_empty()
            && !deal.entries.is_empty()
            && outcome == Outcome::Open
        {
            return Ok(None);
        }
        // A deal begins in the first stage on the day it was created, unless an entry of that day or before says otherwise.
        if let Some(created) = deal.created
            && first.is_none_or(|first| created < first)
        {
            if created > as_of {
                return Ok(None);
            }
            entries.insert(
                0,
                Entry {
                    stage: 0,
                    day: created,
                },
            );
        }
        entries.dedup_by_key(|entry| entry.stage);
        Ok(Some(Self {
            deal,
            outcome,
            path: entries,
            as_of,
        }))
    }

    /// The stage it is in, or was in when it closed.
    pub(crate) fn stage(&self) -> usize {
        self.path.last().map_or(0, |entry| entry.stage)
    }

    /// The day it began.
    pub(crate) fn began(&self) -> Option<Day> {
        self.path.first().map(|entry| entry.day)
    }

    /// The closing day, or else the last day known.
    pub(crate) fn until(&self) -> Day {
        self.outcome.closed().unwrap_or(self.as_of)
    }

    /// Days from its beginning to its closing, where both are known.
    pub(crate) fn cycle(&self) -> Option<u32> {
        Some(days(self.began()?, self.outcome.closed()?))
    }

    /// How it came to a stage, by the rule of passage; `None` where it never did.
    pub(crate) fn reached(&self, stage: usize) -> Option<Reached> {
        let seen = self
            .path
            .iter()
            .find(|entry| entry.stage >= stage)
            .map(|entry| entry.day);
        let won = match self.outcome {
            Outcome::Won(day) => Some(day),
            _ => None,
        };
        let day = seen.or(won.filter(|_| stage > 0));
        let recorded = self
            .deal
            .entries
            .iter()
            .any(|entry| entry.stage == stage && entry.day <= self.as_of);
        // Every deal was in the first stage, also one of which no day is known.
        (day.is_some() || stage == 0).then_some(Reached { day, recorded })
    }

    /// Its stays in stages, in order.
    pub(crate) fn visits(&self) -> impl Iterator<Item = Visit> {
        self.path.iter().enumerate().map(|(place, entry)| {
            let (to, end) = match (self.path.get(place + 1), self.outcome) {
                (Some(next), _) if next.stage > entry.stage => (next.day, VisitEnd::Forward),
                (Some(next), _) => (next.day, VisitEnd::Otherwise),
                (None, Outcome::Won(day)) => (day, VisitEnd::Forward),
                (None, Outcome::Lost(day)) => (day, VisitEnd::Otherwise),
                (None, Outcome::Open) => (self.as_of, VisitEnd::Running),
            };
            Visit {
                stage: entry.stage,
                from: entry.day,
                to,
                end,
            }
        })
    }

    /// What was said about the closing day up to now, earliest first.
    pub(crate) fn promises(&self) -> Vec<ExpectedClose> {
        let known = |promise: &&ExpectedClose| promise.said <= self.as_of;
        let mut promises: Vec<ExpectedClose> =
            self.deal.expected_close.iter().filter(known).copied().collect();
        promises.sort_by_key(|promise| promise.said);
        promises
    }
}
