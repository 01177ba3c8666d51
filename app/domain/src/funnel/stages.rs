//! What becomes of the deals that enter a stage, and how long they stay.

use serde::{Deserialize, Serialize};

use super::deal::{Reached, VisitEnd};
use super::{Exit, Funnel, Incidence, Known, Observed, Outcome, Rate, days};
use crate::calendar::Day;
use crate::metric::Status;
use crate::money::Fact;

/// One stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StageRow {
    /// Its place, from 0.
    pub stage: usize,
    /// Deals that ever entered it, recorded or passing by (see the rule of passage in [`crate::funnel`]).
    pub entered: u64,
    /// Those of them for which the entry is recorded.
    pub recorded: u64,
    /// Open deals that are in it now.
    pub open_here: u64,
    /// What those are worth.
    pub open_value: Fact,
    /// Of those that entered, those that went on to the next stage, or from the last one were won. Young deals have not
    /// had the time: `within` and `next_by` do not suffer from that.
    pub moved_on: Option<Rate>,
    /// Of those that entered, those that were won.
    pub won: Option<Rate>,
    /// Of those that entered and are closed by now, those that were won.
    pub won_of_closed: Option<Rate>,
    /// What became within a number of days of those that entered at least so long ago.
    pub within: Within,
    /// The share that goes on within that number of days, from all deals, also young ones, with loss as the competing
    /// risk (Aalen and Johansen 1978); `None` where no day of entry is known.
    pub next_by: Option<f64>,
    /// The share that is won within that number of days, in the same way.
    pub won_by: Option<f64>,
    /// How long deals stay in it; `None` where no day is known.
    pub time: Option<TimeInStage>,
}

/// What became within a number of days of those that entered at least so long ago.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Within {
    /// The number of days.
    pub days: u32,
    /// Those that went on in that time.
    pub moved_on: Option<Rate>,
    /// Those that were won in that time.
    pub won: Option<Rate>,
}

/// Days in a stage, over all stays, also running ones (Kaplan and Meier 1958).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeInStage {
    /// Stays, each return to the stage counts anew.
    pub stays: u64,
    /// Those that are still running.
    pub running: u64,
    /// By when a quarter has left; `None`, here and below, where so many have not been seen to leave.
    pub lower_quartile: Option<u32>,
    /// By when half have left.
    pub median: Option<u32>,
    /// By when three quarters have left.
    pub upper_quartile: Option<u32>,
}

impl Funnel<'_> {
    /// Every stage in order; `within_days` is the number of days that conversions are given.
    pub fn stage_rows(&self, within_days: u32) -> Vec<StageRow> {
        (0..self.stages)
            .map(|stage| self.stage_row(stage, within_days))
            .collect()
    }

    fn stage_row(&self, stage: usize, within_days: u32) -> StageRow {
        let entered: Vec<(&Known, Reached)> = self
            .deals
            .iter()
            .filter_map(|known| Some((known, known.reached(stage)?)))
            .collect();
        let count = |wanted: &dyn Fn(&Known) -> bool| {
            entered.iter().filter(|(known, _)| wanted(known)).count() as u64
        };
        let all = entered.len() as u64;
        let won = count(&|known| known.outcome.status() == Status::Won);
        let lost = count(&|known| known.outcome.status() == Status::Lost);
        let here = || self.with(Status::Open).filter(|known| known.stage() == stage);
        let next = |known: &Known| self.next_day(known, stage);
        StageRow {
            stage,
            entered: all,
            recorded: entered.iter().filter(|(_, reached)| reached.recorded).count() as u64,
            open_here: here().count() as u64,
            open_value: super::velocity::total(here()),
            moved_on: Rate::of(count(&|known| next(known).is_some()), all),
            won: Rate::of(won, all),
            won_of_closed: Rate::of(won, won + lost),
            within: self.within(&entered, within_days, &next),
            next_by: self.share_by(&entered, within_days, &next),
            won_by: self.share_by(&entered, within_days, &won_day),
            time: self.time_in(stage),
        }
    }

    /// The day a deal went on from a stage; for the last one, the day it was won.
    fn next_day(&self, known: &Known, stage: usize) -> Option<Day> {
        if stage + 1 < self.stages {
            known.reached(stage + 1)?.day
        } else {
            won_day(known)
        }
    }

    fn within(
        &self,
        entered: &[(&Known, Reached)],
        within_days: u32,
        next: &dyn Fn(&Known) -> Option<Day>,
    ) -> Within {
        let (mut old, mut moved_on, mut won) = (0, 0, 0);
        for (known, reached) in entered {
            let Some(from) = reached.day.filter(|from| days(*from, self.as_of) >= within_days) else {
                continue;
            };
            let in_time = |day: Option<Day>| u64::from(day.is_some_and(|day| days(from, day) <= within_days));
            old += 1;
            moved_on += in_time(next(known));
            won += in_time(won_day(known));
        }
        Within {
            days: within_days,
            moved_on: Rate::of(moved_on, old),
            won: Rate::of(won, old),
        }
    }

    fn share_by(
        &self,
        entered: &[(&Known, Reached)],
        within_days: u32,
        hoped: &dyn Fn(&Known) -> Option<Day>,
    ) -> Option<f64> {
        let observed = entered.iter().filter_map(|(known, reached)| {
            let from = reached.day?;
            let (to, exit) = match (hoped(known), known.outcome) {
                (Some(day), _) => (day, Exit::Success),
                (None, Outcome::Lost(day)) => (day, Exit::Failure),
                (None, _) => (self.as_of, Exit::None),
            };
            Some(Observed {
                from: 0,
                to: days(from, to),
                exit,
            })
        });
        Incidence::of(observed).map(|curve| curve.success_by(within_days))
    }

    fn time_in(&self, stage: usize) -> Option<TimeInStage> {
        let stays = || {
            self.deals
                .iter()
                .flat_map(Known::visits)
                .filter(|visit| visit.stage == stage)
        };
        let curve = Incidence::of(stays().map(|visit| Observed {
            from: 0,
            to: visit.days(),
            exit: match visit.end {
                VisitEnd::Running => Exit::None,
                VisitEnd::Forward => Exit::Success,
                VisitEnd::Otherwise => Exit::Failure,
            },
        }))?;
        Some(TimeInStage {
            stays: curve.count(),
            running: stays().filter(|visit| visit.end == VisitEnd::Running).count() as u64,
            lower_quartile: curve.ended_by(0.25),
            median: curve.ended_by(0.5),
            upper_quartile: curve.ended_by(0.75),
        })
    }
}

fn won_day(known: &Known) -> Option<Day> {
    match known.outcome {
        Outcome::Won(day) => Some(day),
        _ => None,
    }
}
