//! Splitting every period from what was known before it.

use serde::{Deserialize, Serialize};

use super::advice::{Advice, advise};
use super::losses::{Lead, Losses};
use super::score::{Score, score};
use super::{BacktestError, Base, Candidate, Options, Panel, Total};
use crate::allocation::{self, allocate};
use crate::money::Minor;

/// What came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Backtest {
    /// The names of the bases, in the order given.
    pub bases: Vec<String>,
    /// The periods that were split.
    pub origins: Vec<Origin>,
    /// Those that were not.
    pub skipped: Vec<Skipped>,
    /// One a candidate, the best first.
    pub scores: Vec<Score>,
    /// The best candidate against the next; `None` of a single one.
    pub lead: Option<Lead>,
    /// Which weights to take.
    pub advice: Advice,
}

/// A period that was split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Which.
    pub period: usize,
    /// Over how many people.
    pub people: usize,
    /// How much.
    pub total: Minor,
}

/// A period that was not split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// Which.
    pub period: usize,
    /// Why.
    pub why: Why,
}

/// Why a period was not split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Not enough periods before it.
    NoPast,
    /// What it was to be split by was not known then.
    NotKnown,
    /// Fewer than two people.
    NotTwoPeople,
    /// The total, or what all did, is not positive, or too large to split.
    NoTotal,
}

/// One period with everything that is needed to judge splits of it.
pub(super) struct Round {
    pub(super) period: usize,
    pub(super) total: Minor,
    /// Rows of the panel.
    pub(super) people: Vec<usize>,
    pub(super) actuals: Vec<Minor>,
    /// What each did in the period before; `None` where not there.
    pub(super) sizes: Vec<Option<f64>>,
    pub(super) tenures: Vec<usize>,
    /// One list a base: shares of the people that sum to 1.
    pub(super) bases: Vec<Vec<f64>>,
}

/// Splits every period of the panel that has a past by every candidate and scores what came of it; recommends weights where
/// the data bear that. The cost grows with people × periods × (candidates + 300 blends).
pub fn replay(
    panel: &Panel,
    bases: &[Base<'_>],
    candidates: &[Candidate],
    options: &Options,
) -> Result<Backtest, BacktestError> {
    let (rounds, skipped) = rounds(panel, bases, candidates, options)?;
    let mut scores = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        let targets: Vec<Vec<Minor>> = rounds
            .iter()
            .map(|round| round.split(&candidate.shares))
            .collect::<Result<_, _>>()?;
        scores.push(score(candidate, &rounds, &targets, options));
    }
    scores.sort_by(|a, b| a.misplaced.total_cmp(&b.misplaced));
    let mut losses = Losses::new(panel.people(), &rounds);
    let lead = match scores.as_slice() {
        [best, next, ..] => {
            let places = (
                losses.add(&rounds, &best.shares),
                losses.add(&rounds, &next.shares),
            );
            losses.lead(places.0, places.1, options)
        }
        _ => None,
    };
    Ok(Backtest {
        bases: bases.iter().map(|base| base.name().to_owned()).collect(),
        origins: rounds
            .iter()
            .map(|round| Origin {
                period: round.period,
                people: round.people.len(),
                total: round.total,
            })
            .collect(),
        skipped,
        scores,
        lead,
        advice: advise(panel.people(), bases.len(), &rounds, options),
    })
}

/// Every period with what is needed to judge splits of it, and those that are not split; refuses what cannot be compared.
pub(super) fn rounds(
    panel: &Panel,
    bases: &[Base<'_>],
    candidates: &[Candidate],
    options: &Options,
) -> Result<(Vec<Round>, Vec<Skipped>), BacktestError> {
    check(panel, bases, candidates, options)?;
    let mut rounds = Vec::new();
    let mut skipped = Vec::new();
    for period in 0..panel.periods() {
        match round(panel, bases, period, options)? {
            Ok(round) => rounds.push(round),
            Err(why) => skipped.push(Skipped { period, why }),
        }
    }
    if rounds.is_empty() {
        return Err(BacktestError::NoOrigin);
    }
    Ok((rounds, skipped))
}

fn check(
    panel: &Panel,
    bases: &[Base<'_>],
    candidates: &[Candidate],
    options: &Options,
) -> Result<(), BacktestError> {
    if !(1..=Candidate::MAX_BASES).contains(&bases.len()) {
        return Err(BacktestError::Bases { bases: bases.len() });
    }
    if candidates.is_empty() {
        return Err(BacktestError::NoCandidate);
    }
    let is_blend = |candidate: &Candidate| {
        let shares = &candidate.shares;
        shares.len() == bases.len()
            && shares.iter().all(|share| (0.0..=1e9).contains(share))
            && shares.iter().sum::<f64>() > 1e-9
    };
    if let Some(candidate) = candidates.iter().position(|candidate| !is_blend(candidate)) {
        return Err(BacktestError::Shares { candidate });
    }
    if !(1..=Options::MAX_ROUNDS).contains(&options.rounds) {
        return Err(BacktestError::Rounds {
            rounds: options.rounds,
            most: Options::MAX_ROUNDS,
        });
    }
    if !(0.0..=1.0).contains(&options.chance) {
        return Err(BacktestError::Chance);
    }
    match &options.total {
        Total::Given(totals) if totals.len() != panel.periods() => Err(BacktestError::Totals {
            totals: totals.len(),
            periods: panel.periods(),
        }),
        _ => Ok(()),
    }
}

/// What is needed to split a period, or why it is not split.
fn round(
    panel: &Panel,
    bases: &[Base<'_>],
    period: usize,
    options: &Options,
) -> Result<Result<Round, Why>, BacktestError> {
    if period < options.past.max(1) {
        return Ok(Err(Why::NoPast));
    }
    if options.without.contains(&period) {
        return Ok(Err(Why::NotKnown));
    }
    let past = panel.before(period);
    let actuals: Vec<Minor> = past
        .people()
        .iter()
        .filter_map(|person| panel.actual(*person, period))
        .collect();
    if actuals.len() < 2 {
        return Ok(Err(Why::NotTwoPeople));
    }
    let sum: i128 = actuals.iter().map(|actual| i128::from(actual.0)).sum();
    let total = match &options.total {
        Total::Actual => i64::try_from(sum).unwrap_or(i64::MAX),
        Total::Given(totals) => totals.get(period).map_or(0, |total| total.0),
    };
    if sum <= 0 || !(1..=crate::plan::MAX_AMOUNT).contains(&total) {
        return Ok(Err(Why::NoTotal));
    }
    let mut shares = Vec::with_capacity(bases.len());
    for (place, base) in bases.iter().enumerate() {
        let weights = shares_of(&base.weigh(&past), past.people().len());
        shares.push(weights.ok_or(BacktestError::Weights { base: place, period })?);
    }
    let last = |person: &usize| past.actual(*person, period - 1).map(|amount| amount.0 as f64);
    Ok(Ok(Round {
        period,
        total: Minor(total),
        sizes: past.people().iter().map(last).collect(),
        tenures: past.people().iter().map(|person| past.tenure(*person)).collect(),
        people: past.people().to_vec(),
        actuals,
        bases: shares,
    }))
}

/// Weights as shares that sum to 1; equal where all are 0. `None` where they are no weights of so many people.
fn shares_of(weights: &[f64], people: usize) -> Option<Vec<f64>> {
    let sound = weights.len() == people && weights.iter().all(|weight| (0.0..=1e30).contains(weight));
    let sum: f64 = weights.iter().sum();
    sound.then(|| {
        let share = |weight: &f64| {
            if sum > 0.0 {
                weight / sum
            } else {
                1.0 / people as f64
            }
        };
        weights.iter().map(share).collect()
    })
}

impl Round {
    /// The share of each person in a blend.
    pub(super) fn blend(&self, shares: &[f64]) -> Vec<f64> {
        let sum: f64 = shares.iter().sum();
        let mut blended = vec![0.0; self.people.len()];
        for (base, share) in self.bases.iter().zip(shares) {
            for (sum_of, part) in blended.iter_mut().zip(base) {
                *sum_of += share / sum * part;
            }
        }
        blended
    }

    /// The split of the total in minor units, exact: weights are shares in 2^40ths.
    pub(super) fn split(&self, shares: &[f64]) -> Result<Vec<Minor>, BacktestError> {
        let shares: Vec<allocation::Share> = self
            .people
            .iter()
            .zip(self.blend(shares))
            .map(|(person, share)| {
                allocation::Share::free(*person as u128, (share * (1_u64 << 40) as f64).round() as u64)
            })
            .collect();
        let split = allocate(self.total.0, &shares).map_err(|why| BacktestError::Allocation {
            period: self.period,
            why,
        })?;
        Ok(split.amounts.into_iter().map(Minor).collect())
    }
}
