//! How good each candidate was with how sure that is, and how far each lies behind the best.

use serde::{Deserialize, Serialize};

use super::losses::{Draw, Lead, Losses};
use super::replay::{Round, rounds};
use super::score::{Score, score};
use super::{BacktestError, Base, Candidate, Options, Panel};
use crate::money::Minor;
use crate::pace::ratio;
use crate::statistics::{Interval, Random, quantile};

/// The Gini coefficient goes by single people: of many it is drawn as often as makes so many of them and periods together.
const MOST_DRAWN: usize = 20_000_000;
/// It is drawn so often whatever their number.
const LEAST_DRAWS: usize = 100;

/// A candidate's score with the interval of each figure, from a bootstrap over people and periods (pigeonhole bootstrap:
/// Owen 2007). Each interval contains its figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// The figures.
    pub score: Score,
    /// Of [`Score::misplaced`].
    pub misplaced: Interval,
    /// Of [`Score::attainment_error`].
    pub attainment_error: Option<Interval>,
    /// Of [`Score::near`].
    pub near: Option<Interval>,
    /// Of [`Score::gini`].
    pub gini: Option<Interval>,
    /// What it misplaced more than the best candidate; `None` of the best itself.
    pub behind: Option<Lead>,
}

/// Splits every period of the panel that has a past by every candidate, as [`super::replay`] does, and says how sure the
/// figures are; the best first. The cost grows with people × periods × candidates × rounds.
pub fn judge(
    panel: &Panel,
    bases: &[Base<'_>],
    candidates: &[Candidate],
    options: &Options,
) -> Result<Vec<Judged>, BacktestError> {
    let (rounds, _) = rounds(panel, bases, candidates, options)?;
    let mut losses = Losses::new(panel.people(), &rounds);
    let mut random = Random::new(options.seed);
    let draws: Vec<Draw> = (0..options.rounds).map(|_| losses.draw(&mut random)).collect();
    let mut found = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        let targets: Vec<Vec<Minor>> = rounds
            .iter()
            .map(|round| round.split(&candidate.shares))
            .collect::<Result<_, _>>()?;
        let score = score(candidate, &rounds, &targets, options);
        let place = losses.add(&rounds, &candidate.shares);
        let table = Table::of(&losses, &rounds, &targets, options);
        let ginis = (MOST_DRAWN / table.places().max(1)).max(LEAST_DRAWS);
        let over = |figure: &dyn Fn(&Draw) -> Option<f64>, value: f64| {
            let drawn: Vec<f64> = draws.iter().filter_map(figure).collect();
            interval(&drawn, options.chance, value)
        };
        let misplaced = |draw: &Draw| {
            let done = losses.done(draw);
            (done > 0.0).then(|| losses.missed(place, draw) / done)
        };
        let judged = Judged {
            misplaced: over(&misplaced, score.misplaced),
            attainment_error: score
                .attainment_error
                .map(|value| over(&|draw: &Draw| table.mean(&losses, &table.errors, draw), value)),
            near: score
                .near
                .map(|value| over(&|draw: &Draw| table.mean(&losses, &table.near, draw), value)),
            gini: score.gini.map(|value| {
                let drawn: Vec<f64> = draws
                    .iter()
                    .take(ginis)
                    .filter_map(|draw| table.gini(draw))
                    .collect();
                interval(&drawn, options.chance, value)
            }),
            behind: None,
            score,
        };
        found.push((place, judged));
    }
    found.sort_by(|(_, a), (_, b)| a.score.misplaced.total_cmp(&b.score.misplaced));
    let best = found.first().map(|(place, _)| *place);
    for (place, judged) in found.iter_mut().skip(1) {
        judged.behind = best.and_then(|best| losses.lead(best, *place, options));
    }
    Ok(found.into_iter().map(|(_, judged)| judged).collect())
}

/// The middle of what was drawn, wide enough for the figure itself; the figure alone where nothing was.
fn interval(drawn: &[f64], chance: f64, value: f64) -> Interval {
    let tail = (1.0 - chance) / 2.0;
    let alone = Interval {
        low: value,
        high: value,
    };
    match (quantile(drawn, tail), quantile(drawn, 1.0 - tail)) {
        (Some(low), Some(high)) => Interval { low, high }.including(value),
        _ => alone,
    }
}

/// What a candidate's targets led to, by group of people and period, so that it can be drawn again.
struct Table {
    /// People and periods with a target.
    counts: Vec<f64>,
    /// Those near it.
    near: Vec<f64>,
    /// Sums of `|attainment − 1|`.
    errors: Vec<f64>,
    /// For each period the attainments in ascending order with the group of each; none where one is negative.
    sorted: Vec<Vec<(f64, usize)>>,
}

impl Table {
    fn of(losses: &Losses, rounds: &[Round], targets: &[Vec<Minor>], options: &Options) -> Self {
        let cells = losses.groups * rounds.len();
        let mut table = Self {
            counts: vec![0.0; cells],
            near: vec![0.0; cells],
            errors: vec![0.0; cells],
            sorted: Vec::with_capacity(rounds.len()),
        };
        for (period, (round, targets)) in rounds.iter().zip(targets).enumerate() {
            let mut here = Vec::with_capacity(targets.len());
            for ((person, target), actual) in round.people.iter().zip(targets).zip(&round.actuals) {
                let Some(attainment) = ratio(*actual, *target) else {
                    continue;
                };
                let group = person % losses.groups;
                let cell = group * rounds.len() + period;
                let error = (attainment - 1.0).abs();
                table.counts[cell] += 1.0;
                table.errors[cell] += error;
                table.near[cell] += f64::from(u8::from(error <= options.near));
                here.push((attainment, group));
            }
            here.sort_unstable_by(|(a, _), (b, _)| a.total_cmp(b));
            if here.first().is_some_and(|(least, _)| *least < 0.0) {
                here.clear();
            }
            table.sorted.push(here);
        }
        table
    }

    /// How many people and periods the Gini coefficient goes by.
    fn places(&self) -> usize {
        self.sorted.iter().map(Vec::len).sum()
    }

    /// The mean of a figure over the people and periods of a draw that have a target.
    fn mean(&self, losses: &Losses, figures: &[f64], draw: &Draw) -> Option<f64> {
        let count = losses.sum(&self.counts, draw);
        (count > 0.0).then(|| losses.sum(figures, draw) / count)
    }

    /// The mean over the periods of a draw of the Gini coefficient in it, each person counted as often as drawn:
    /// `Σ wᵢ xᵢ (2 Wᵢ + wᵢ) / (W Σ wᵢ xᵢ) − 1` with `Wᵢ` the weights before the i-th of the ascending `x`, which is
    /// [`crate::statistics::gini`] of the list with repetitions.
    fn gini(&self, draw: &Draw) -> Option<f64> {
        let (mut sum, mut times) = (0.0, 0.0);
        for (people, drawn) in self.sorted.iter().zip(&draw.periods) {
            if *drawn <= 0.0 {
                continue;
            }
            let (mut before, mut ranked, mut total) = (0.0, 0.0, 0.0);
            for (attainment, group) in people {
                let weight = draw.groups.get(*group).copied().unwrap_or(0.0);
                ranked += weight * attainment * (2.0 * before + weight);
                total += weight * attainment;
                before += weight;
            }
            if total > 0.0 && total.is_finite() {
                sum += drawn * (ranked / (before * total) - 1.0).max(0.0);
                times += drawn;
            }
        }
        (times > 0.0).then(|| sum / times)
    }
}
