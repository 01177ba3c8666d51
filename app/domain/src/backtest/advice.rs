//! Which weights to take.

use serde::{Deserialize, Serialize};

use super::Options;
use super::losses::{Draw, Lead, Losses};
use super::replay::Round;
use crate::statistics::{Interval, Random, quantile};

/// A recommendation, or why there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "advice")]
pub enum Advice {
    /// Weights.
    Weights(Recommendation),
    /// The data are too thin; equal parts of the bases are as good as any.
    TooThin {
        /// People there are.
        people: usize,
        /// How many it takes.
        people_needed: usize,
        /// Periods that could be split.
        origins: usize,
        /// How many it takes.
        origins_needed: usize,
    },
    /// There is but one base.
    OneBase,
}

/// Weights of the bases.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recommendation {
    /// One a base.
    pub weights: Vec<WeightRange>,
    /// What they would have misplaced of the money, over all periods: they were chosen for it.
    pub misplaced: f64,
    /// What weights chosen in the same way from the periods before would have misplaced in each period from the second on:
    /// what to expect of them.
    pub chosen_before: f64,
    /// What equal parts would have misplaced in the same periods.
    pub equal_parts: f64,
    /// The weights against equal parts, over all periods.
    pub lead: Option<Lead>,
}

/// The weight of a base.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct WeightRange {
    /// In millionths; the weights sum to 1,000,000.
    pub share_ppm: u32,
    /// Where the best weight lies (0 to 1), from a bootstrap over people and periods. Wide where bases say the same.
    pub interval: Interval,
}

/// The blends compared: all in steps of 1/20, 1/10, 1/5 … such that there are no more than this.
const BLENDS: usize = 300;

/// Chooses weights: of all blends on a grid, those no worse than the best by more than half a standard error (Breiman et al.
/// 1984, who take a whole one), and of these the one nearest to equal parts, which is hard to beat with little data (Smith
/// and Wallis 2009). On the quarters of two real files weights chosen so misplaced less of the periods to come than the best
/// of the past did, or than those chosen with a whole standard error. `rows` are those of the panel.
pub(super) fn advise(rows: usize, bases: usize, rounds: &[Round], options: &Options) -> Advice {
    if bases < 2 {
        return Advice::OneBase;
    }
    let people = rounds.iter().map(|round| round.people.len()).max().unwrap_or(0);
    if people < options.few_people || rounds.len() < options.few_origins.max(2) {
        return Advice::TooThin {
            people,
            people_needed: options.few_people,
            origins: rounds.len(),
            origins_needed: options.few_origins.max(2),
        };
    }
    let mut losses = Losses::new(rows, rounds);
    let grid = Grid::of(bases);
    let blends: Vec<Vec<f64>> = grid
        .blends
        .iter()
        .map(|blend| blend.iter().map(|part| f64::from(*part)).collect())
        .collect();
    for blend in &blends {
        losses.add(rounds, blend);
    }
    let equal = losses.add(rounds, &vec![1.0; bases]);
    let all = losses.first(losses.periods);
    let chosen = grid.choose(&losses, &all);
    let (mut forward, mut simple, mut weight) = (0.0, 0.0, 0.0);
    for period in 1..losses.periods {
        let before = grid.choose(&losses, &losses.first(period));
        let now = losses.only(period);
        let done = losses.done(&now);
        forward += done * losses.misplaced(before, &now);
        simple += done * losses.misplaced(equal, &now);
        weight += done;
    }
    let mut random = Random::new(options.seed);
    let best: Vec<Vec<usize>> = (0..options.rounds)
        .map(|_| losses.draw(&mut random))
        .map(|draw| grid.equally_good(&losses, &draw))
        .collect();
    let tail = (1.0 - options.chance) / 2.0;
    let range = |base: usize| {
        let share = |part: Option<u32>| part.map_or(0.0, |part| f64::from(part) / f64::from(grid.steps));
        let parts = |blends: &Vec<usize>| blends.iter().map(|blend| grid.blends[*blend][base]).collect();
        let drawn: Vec<Vec<u32>> = best.iter().map(parts).collect();
        let least: Vec<f64> = drawn
            .iter()
            .map(|parts| share(parts.iter().min().copied()))
            .collect();
        let most: Vec<f64> = drawn
            .iter()
            .map(|parts| share(parts.iter().max().copied()))
            .collect();
        WeightRange {
            share_ppm: grid.blends[chosen][base] * (1_000_000 / grid.steps),
            interval: Interval {
                low: quantile(&least, tail).unwrap_or(0.0),
                high: quantile(&most, 1.0 - tail).unwrap_or(1.0),
            },
        }
    };
    Advice::Weights(Recommendation {
        weights: (0..bases).map(range).collect(),
        misplaced: losses.misplaced(chosen, &all),
        chosen_before: forward / weight,
        equal_parts: simple / weight,
        lead: losses.lead(chosen, equal, options),
    })
}

/// All blends of so many bases in whole steps.
struct Grid {
    steps: u32,
    blends: Vec<Vec<u32>>,
}

impl Grid {
    fn of(bases: usize) -> Self {
        let mut grid = Self {
            steps: 2,
            blends: Vec::new(),
        };
        // Each divides a million.
        for steps in [20, 10, 5, 4, 2] {
            grid = Self {
                steps,
                blends: Vec::new(),
            };
            grid.fill(&mut Vec::with_capacity(bases), bases, steps);
            if grid.blends.len() <= BLENDS {
                break;
            }
        }
        grid
    }

    fn fill(&mut self, blend: &mut Vec<u32>, bases: usize, left: u32) {
        if blend.len() + 1 == bases {
            blend.push(left);
            self.blends.push(blend.clone());
            blend.pop();
            return;
        }
        for part in 0..=left {
            blend.push(part);
            self.fill(blend, bases, left - part);
            blend.pop();
        }
    }

    /// The blend that misplaced least.
    fn best(&self, losses: &Losses, draw: &Draw) -> usize {
        let missed = |blend: &usize| losses.missed(*blend, draw);
        let order = |(_, a): &(usize, f64), (_, b): &(usize, f64)| a.total_cmp(b);
        let blends = (0..self.blends.len()).map(|blend| (blend, missed(&blend)));
        blends.min_by(order).map_or(0, |(blend, _)| blend)
    }

    /// All blends that misplaced least, as far as can be told: in a draw that tells nothing of the bases every one.
    fn equally_good(&self, losses: &Losses, draw: &Draw) -> Vec<usize> {
        let missed: Vec<f64> = (0..self.blends.len())
            .map(|blend| losses.missed(blend, draw))
            .collect();
        let least = missed.iter().copied().fold(f64::INFINITY, f64::min);
        // Sums of the same in another order differ in their last digits.
        let same = least * (1.0 + 1e-9);
        (0..missed.len()).filter(|blend| missed[*blend] <= same).collect()
    }

    /// The blend nearest to equal parts of those that are no worse than the best one by more than half a standard error.
    fn choose(&self, losses: &Losses, draw: &Draw) -> usize {
        let best = self.best(losses, draw);
        let good = (0..self.blends.len()).filter(|blend| {
            let (worse, error) = losses.worse(*blend, best, draw);
            worse <= error / 2.0
        });
        // Equal parts have the least sum of squares.
        let squares = |blend: &usize| self.blends[*blend].iter().map(|part| part * part).sum::<u32>();
        good.min_by_key(squares).unwrap_or(best)
    }
}
