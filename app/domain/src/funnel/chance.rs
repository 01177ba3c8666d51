//! The chance that an open deal is won in the days to come, from what became of deals like it.
//!
//! Landmarks (Anderson, Cain and Gelber 1983; van Houwelingen 2007): for some ages in a stage, the past deals that were
//! still in it at that age are followed to their closing, wherever they went meanwhile, won and lost competing (Aalen
//! and Johansen 1978); deals that are still open count as long as they were seen. Daily hazards of a stage are mixed
//! with those of all stages as if [`PRIOR_DEALS`] further deals had behaved like these, so that thin stages and high ages
//! lean on the rest instead of on single deals.

#![expect(
    clippy::disallowed_methods,
    reason = "statistics; nothing here decides a cell"
)]

use serde::{Deserialize, Serialize};

use super::deal::Visit;
use super::{Exit, Funnel, Known, Observed, days};
use crate::calendar::Day;
use crate::metric::Status;
use crate::statistics::quantile;

/// How many deals the law of all stages counts for beside those of a stage.
const PRIOR_DEALS: f64 = 10.0;

/// A landmark needs so many deals that were still in the stage.
const LEAST_STILL_THERE: usize = 20;

/// Ages above this are taken together: five years.
const MAX_AGE: u32 = 1_826;

/// The parts of the stays in a stage at which landmarks stand.
const LANDMARKS: [f64; 9] = [0.1, 0.25, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95];

/// Why there are no chances.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "error")]
pub enum ChanceError {
    /// No deal was closed, within five years, of which the beginning is known.
    #[error("no closed deal shows how long deals take: at least one with a day of creation is needed")]
    NothingClosed,
}

/// The chance of an open deal to be won, by stage and age in the stage.
#[derive(Clone, Debug, PartialEq)]
pub struct ClosingChance {
    all: Law,
    begun: Law,
    /// Per stage: ages, each with the law of those still in the stage at that age.
    stages: Vec<Vec<(u32, Law)>>,
    support: Vec<u64>,
}

impl ClosingChance {
    /// From the deals of a funnel, as of its day. `since` is the first day from which closings are on record: deals begun
    /// before count from then on only, as those of them that had closed earlier are missing (left truncation).
    pub fn fit(funnel: &Funnel, since: Option<Day>) -> Result<Self, ChanceError> {
        let since = since.unwrap_or(Day(i32::MIN));
        let of_all = funnel.deals.iter().flat_map(|known| {
            known
                .path
                .iter()
                .map(move |entry| followed(known, entry.day, since))
        });
        let counts = Counts::of(of_all);
        if counts.closed() == 0.0 {
            return Err(ChanceError::NothingClosed);
        }
        let late = counts.late();
        let all = Law::of(&counts, counts.won.len(), |_| late);
        let of_begun = funnel
            .deals
            .iter()
            .filter_map(|known| Some(followed(known, known.began()?, since)));
        let begun = Law::of(&Counts::of(of_begun), all.hazards.len(), |day| all.hazard(day));
        let mut stays: Vec<Vec<(&Known, Visit)>> = vec![Vec::new(); funnel.stages];
        for known in &funnel.deals {
            for visit in known.visits() {
                if let Some(stays) = stays.get_mut(visit.stage) {
                    stays.push((known, visit));
                }
            }
        }
        Ok(Self {
            support: stays.iter().map(|stays| stays.len() as u64).collect(),
            stages: stays.iter().map(|stays| landmarks(stays, since, &all)).collect(),
            begun,
            all,
        })
    }

    /// The chance, 0 to 1, that a deal which is open and has been in a stage for some days by the end of today is won
    /// within the next `days` days. Stages that do not exist are answered for all stages together.
    pub fn won_within(&self, stage: usize, age_days: u32, days: u32) -> f64 {
        self.within(stage, age_days, days).won
    }

    /// The chance that it is lost within that time.
    pub fn lost_within(&self, stage: usize, age_days: u32, days: u32) -> f64 {
        self.within(stage, age_days, days).lost
    }

    /// The chance that a deal which begins on a day is won by the end of the day `days` later; 0 for the same day.
    pub fn won_of_new(&self, days: u32) -> f64 {
        self.begun.by(days).won
    }

    /// How many past and running stays in a stage the chances rest on.
    pub fn support(&self, stage: usize) -> u64 {
        self.support.get(stage).copied().unwrap_or(0)
    }

    fn within(&self, stage: usize, age_days: u32, days: u32) -> Ends {
        let landmarks = self.stages.get(stage).map(Vec::as_slice).unwrap_or_default();
        let later = landmarks.partition_point(|(age, _)| *age <= age_days);
        let (age, law) = later
            .checked_sub(1)
            .and_then(|place| landmarks.get(place))
            .map_or((0, &self.all), |(age, law)| (*age, law));
        law.between(age_days - age, days)
    }
}

/// A deal followed from a day to its closing.
fn followed(known: &Known, from: Day, since: Day) -> Observed {
    Observed {
        from: days(from, since),
        to: days(from, known.until()),
        exit: match known.outcome.status() {
            Status::Open => Exit::None,
            Status::Won => Exit::Success,
            Status::Lost => Exit::Failure,
        },
    }
}

/// The laws of those still in a stage at some ages; empty where the stage was never seen.
fn landmarks(stays: &[(&Known, Visit)], since: Day, all: &Law) -> Vec<(u32, Law)> {
    let lengths: Vec<f64> = stays.iter().map(|(_, visit)| f64::from(visit.days())).collect();
    let mut ages: Vec<u32> = LANDMARKS
        .iter()
        .filter_map(|part| Some(quantile(&lengths, *part)?.min(f64::from(MAX_AGE)) as u32))
        .collect();
    ages.insert(0, 0);
    ages.dedup();
    let mut laws = Vec::new();
    for age in ages {
        let still: Vec<Observed> = stays
            .iter()
            .filter(|(_, visit)| {
                let running = visit.end == super::deal::VisitEnd::Running;
                visit.days() > age || (running && visit.days() == age)
            })
            .map(|(known, visit)| followed(known, visit.from.plus(age.cast_signed()), since))
            .collect();
        if still.is_empty() || (age > 0 && still.len() < LEAST_STILL_THERE) {
            continue;
        }
        let length = all.hazards.len().saturating_sub(age as usize);
        let law = Law::of(&Counts::of(still), length, |day| {
            all.hazard(day.saturating_add(age))
        });
        laws.push((age, law));
    }
    laws
}

/// How many were followed, won and lost on each day of age.
struct Counts {
    at_risk: Vec<f64>,
    won: Vec<f64>,
    lost: Vec<f64>,
}

impl Counts {
    fn of(observed: impl IntoIterator<Item = Observed>) -> Self {
        let observed: Vec<Observed> = observed
            .into_iter()
            .filter(|one| one.from <= one.to && one.from <= MAX_AGE)
            .map(|one| match one.to {
                // Beyond the last age nothing is told apart: there it is only known to last.
                to if to > MAX_AGE => Observed {
                    to: MAX_AGE,
                    exit: Exit::None,
                    ..one
                },
                _ => one,
            })
            .collect();
        let length = observed.iter().map(|one| one.to as usize + 1).max().unwrap_or(0);
        let mut counts = Self {
            at_risk: vec![0.0; length + 1],
            won: vec![0.0; length],
            lost: vec![0.0; length],
        };
        for one in observed {
            let (from, to) = (one.from as usize, one.to as usize);
            counts.at_risk[from] += 1.0;
            counts.at_risk[to + 1] -= 1.0;
            match one.exit {
                Exit::None => {}
                Exit::Success => counts.won[to] += 1.0,
                Exit::Failure => counts.lost[to] += 1.0,
            }
        }
        let mut running = 0.0;
        for count in &mut counts.at_risk {
            running += *count;
            *count = running;
        }
        counts.at_risk.truncate(length);
        counts
    }

    fn closed(&self) -> f64 {
        self.won.iter().chain(&self.lost).sum()
    }

    /// The hazards of a day at high ages: those after which one in ten of the closings came.
    fn late(&self) -> Ends {
        let mut rest = 0.1 * self.closed();
        let (mut at_risk, mut won, mut lost) = (0.0, 0.0, 0.0);
        for day in (0..self.won.len()).rev() {
            at_risk += self.at_risk[day];
            won += self.won[day];
            lost += self.lost[day];
            rest -= self.won[day] + self.lost[day];
            if rest <= 0.0 {
                break;
            }
        }
        Ends {
            won: won / at_risk,
            lost: lost / at_risk,
        }
    }
}

/// Parts that are won and lost.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Ends {
    won: f64,
    lost: f64,
}

/// What becomes of deals by age: daily up to the oldest seen, after that with the same hazard every day.
#[derive(Clone, Debug, PartialEq)]
struct Law {
    /// Hazards of every day.
    hazards: Vec<Ends>,
    /// Won and lost by the end of every day.
    ended: Vec<Ends>,
    late: Ends,
}

impl Law {
    /// The daily hazards that were counted, mixed with `prior`; where nothing was counted any more, `prior` alone.
    fn of(counts: &Counts, length: usize, prior: impl Fn(u32) -> Ends) -> Self {
        let at = |counts: &[f64], day: usize| counts.get(day).copied().unwrap_or(0.0);
        let hazards: Vec<Ends> = (0..length)
            .map(|day| {
                let before = prior(day as u32);
                let deals = at(&counts.at_risk, day) + PRIOR_DEALS;
                Ends {
                    won: (at(&counts.won, day) + PRIOR_DEALS * before.won) / deals,
                    lost: (at(&counts.lost, day) + PRIOR_DEALS * before.lost) / deals,
                }
            })
            .collect();
        let mut sum = Ends::default();
        let ended = hazards
            .iter()
            .map(|hazard| {
                let open = (1.0 - sum.won - sum.lost).max(0.0);
                sum.won += open * hazard.won;
                sum.lost += open * hazard.lost;
                sum
            })
            .collect();
        let late = prior(length as u32);
        Self { hazards, ended, late }
    }

    fn hazard(&self, day: u32) -> Ends {
        self.hazards.get(day as usize).copied().unwrap_or(self.late)
    }

    /// Won and lost by the end of a day of age, of those that begin.
    fn by(&self, day: u32) -> Ends {
        let Some(last) = self.ended.len().checked_sub(1) else {
            return self.afterwards(u64::from(day) + 1);
        };
        let seen = self.ended[last.min(day as usize)];
        let beyond = u64::from(day).saturating_sub(last as u64);
        let open = (1.0 - seen.won - seen.lost).max(0.0);
        let then = self.afterwards(beyond);
        Ends {
            won: seen.won + open * then.won,
            lost: seen.lost + open * then.lost,
        }
    }

    /// Won and lost within some days, of those that are open after a day of age.
    fn between(&self, age: u32, days: u32) -> Ends {
        let before = self.by(age);
        let open = 1.0 - before.won - before.lost;
        if age as usize + 1 >= self.ended.len() || open < 1e-9 {
            return self.afterwards(u64::from(days));
        }
        let after = self.by(age.saturating_add(days));
        let part = |after: f64, before: f64| ((after - before) / open).clamp(0.0, 1.0);
        let (won, lost) = (part(after.won, before.won), part(after.lost, before.lost));
        // Of few that are still open, what is rounded counts: no more than all of them end.
        let whole = (won + lost).max(1.0);
        Ends {
            won: won / whole,
            lost: lost / whole,
        }
    }

    /// Won and lost within some days at the late hazard.
    fn afterwards(&self, days: u64) -> Ends {
        let each = self.late.won + self.late.lost;
        if each <= 0.0 || days == 0 {
            return Ends::default();
        }
        let ended = 1.0 - (1.0 - each.min(1.0)).powf(days as f64);
        Ends {
            won: ended * self.late.won / each,
            lost: ended * self.late.lost / each,
        }
    }
}
