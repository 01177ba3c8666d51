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
    let best: Vec<usize> = (0..options.rounds.max(1))
        .map(|_| losses.draw(&mut random))
        .map(|draw| grid.best(&losses, &draw))
        .collect();
    let tail = (1.0 - options.chance.clamp(0.0, 1.0)) / 2.0;
    let range = |base: usize| {
        let share = |blend: usize| f64::from(grid.blends[blend][base]) / f64::from(grid.steps);
        let drawn: Vec<f64> = best.iter().map(|blend| share(*blend)).collect();
        WeightRange {
            share_ppm: grid.blends[chosen][base] * (1_000_000 / grid.steps),
            interval: Interval {
                low: quantile(&drawn, tail).unwrap_or(0.0),
                high: quantile(&drawn, 1.0 - tail).unwrap_or(1.0),
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
        let misplaced: Vec<f64> = (0..self.blends.len())
            .map(|blend| losses.misplaced(blend, draw))
            .collect();
        let order = |a: &usize, b: &usize| misplaced[*a].total_cmp(&misplaced[*b]);
        (0..self.blends.len()).min_by(order).unwrap_or(0)
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
