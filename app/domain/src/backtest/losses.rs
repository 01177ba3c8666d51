//! What was misplaced, by people and periods, so that it can be drawn again.

use serde::{Deserialize, Serialize};

use super::replay::Round;
use super::{Options, Verdict};
use crate::statistics::{Interval, Random, quantile};

/// Larger numbers of people are drawn in so many groups; more tell no more of the uncertainty and only take longer.
const GROUPS: usize = 50;

/// One candidate against another.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lead {
    /// What the other misplaced more, in shares of the whole.
    pub difference: f64,
    /// Its interval, from a bootstrap over people and periods.
    pub interval: Interval,
    /// Whether that is a difference.
    pub verdict: Verdict,
}

/// For each blend what it misplaced, by group of people and period.
pub(super) struct Losses {
    pub(super) groups: usize,
    pub(super) periods: usize,
    /// What was done, group after group.
    done: Vec<f64>,
    /// The same of what each blend misplaced.
    missed: Vec<Vec<f64>>,
}

/// How often each group and each period is drawn.
pub(super) struct Draw {
    pub(super) groups: Vec<f64>,
    pub(super) periods: Vec<f64>,
}

impl Losses {
    pub(super) fn new(people: usize, rounds: &[Round]) -> Self {
        let groups = people.clamp(1, GROUPS);
        let mut done = vec![0.0; groups * rounds.len()];
        for (period, round) in rounds.iter().enumerate() {
            for (person, actual) in round.people.iter().zip(&round.actuals) {
                done[person % groups * rounds.len() + period] += actual.0 as f64;
            }
        }
        Self {
            groups,
            periods: rounds.len(),
            done,
            missed: Vec::new(),
        }
    }

    /// Adds a blend; returns its place.
    pub(super) fn add(&mut self, rounds: &[Round], shares: &[f64]) -> usize {
        let mut missed = vec![0.0; self.groups * self.periods];
        for (period, round) in rounds.iter().enumerate() {
            let people = round.people.iter().zip(round.blend(shares)).zip(&round.actuals);
            for ((person, share), actual) in people {
                let miss = (share * round.total.0 as f64 - actual.0 as f64).abs();
                missed[person % self.groups * self.periods + period] += miss;
            }
        }
        self.missed.push(missed);
        self.missed.len() - 1
    }

    /// What a blend misplaced of periods, as a share of what was done in them. Not of a draw at random: that may be of those
    /// who did nothing, or less.
    pub(super) fn misplaced(&self, blend: usize, draw: &Draw) -> f64 {
        self.missed(blend, draw) / self.done(draw)
    }

    /// What a blend misplaced of a draw.
    pub(super) fn missed(&self, blend: usize, draw: &Draw) -> f64 {
        self.sum(&self.missed[blend], draw)
    }

    /// What was done in a draw.
    pub(super) fn done(&self, draw: &Draw) -> f64 {
        self.sum(&self.done, draw)
    }

    /// The sum of a table by group and period over a draw.
    pub(super) fn sum(&self, table: &[f64], draw: &Draw) -> f64 {
        table
            .chunks_exact(self.periods)
            .zip(&draw.groups)
            .filter(|(_, times)| **times > 0.0)
            .map(|(row, times)| {
                let inner: f64 = row
                    .iter()
                    .zip(&draw.periods)
                    .map(|(one, times)| one * times)
                    .sum();
                times * inner
            })
            .sum()
    }

    /// Everything once, of the first `periods`.
    pub(super) fn first(&self, periods: usize) -> Draw {
        Draw {
            groups: vec![1.0; self.groups],
            periods: (0..self.periods)
                .map(|period| f64::from(u8::from(period < periods)))
                .collect(),
        }
    }

    /// One period alone.
    pub(super) fn only(&self, period: usize) -> Draw {
        Draw {
            groups: vec![1.0; self.groups],
            periods: (0..self.periods)
                .map(|other| f64::from(u8::from(other == period)))
                .collect(),
        }
    }

    /// Groups and periods drawn with repetition, each by itself (pigeonhole bootstrap: Owen 2007).
    pub(super) fn draw(&self, random: &mut Random) -> Draw {
        let mut times = |count: usize| {
            let mut times = vec![0.0; count];
            for _ in 0..count {
                times[random.below(count)] += 1.0;
            }
            times
        };
        Draw {
            groups: times(self.groups),
            periods: times(self.periods),
        }
    }

    /// By how much a blend is worse than another over a draw, and the standard error of that over groups.
    pub(super) fn worse(&self, blend: usize, than: usize, draw: &Draw) -> (f64, f64) {
        let of_groups: Vec<f64> = self.missed[blend]
            .chunks_exact(self.periods)
            .zip(self.missed[than].chunks_exact(self.periods))
            .map(|(row, other)| {
                let pairs = row.iter().zip(other).zip(&draw.periods);
                pairs.map(|((one, other), times)| (one - other) * times).sum()
            })
            .collect();
        let done = self.sum(&self.done, draw);
        let count = of_groups.len() as f64;
        let spread = crate::statistics::sd(&of_groups).unwrap_or(0.0);
        (of_groups.iter().sum::<f64>() / done, spread * count.sqrt() / done)
    }

    /// A blend against a worse one.
    pub(super) fn lead(&self, best: usize, next: usize, options: &Options) -> Option<Lead> {
        let all = self.first(self.periods);
        let mut random = Random::new(options.seed);
        let done = self.done(&all);
        let differences: Vec<f64> = (0..options.rounds)
            .map(|_| self.draw(&mut random))
            .map(|draw| (self.missed(next, &draw) - self.missed(best, &draw)) / done)
            .collect();
        let tail = (1.0 - options.chance) / 2.0;
        let interval = Interval {
            low: quantile(&differences, tail)?,
            high: quantile(&differences, 1.0 - tail)?,
        };
        Some(Lead {
            difference: self.misplaced(next, &all) - self.misplaced(best, &all),
            interval,
            verdict: if interval.low > 0.0 {
                Verdict::Better
            } else {
                Verdict::NotSeen
            },
        })
    }
}
