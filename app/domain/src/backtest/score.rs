//! How good a way of splitting was.

use serde::{Deserialize, Serialize};

use super::replay::Round;
use super::{Candidate, Options};
use crate::money::Minor;
use crate::statistics::{Correlation, gini, mean, rank_correlation};

/// How a candidate did over all periods.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// What the candidate is called.
    pub name: String,
    /// Its shares of the bases, as given.
    pub shares: Vec<f64>,
    /// What of the money was asked of the wrong people: `Σ |target − actual| / Σ actual`. Candidates are ranked by it: it is
    /// defined for everybody, and somebody with a tiny target does not outweigh the others.
    pub misplaced: f64,
    /// The same of each period, in order.
    pub by_period: Vec<f64>,
    /// Mean of `|attainment − 1|` over people and periods with a target (MAPE); `None` where nobody had one.
    pub attainment_error: Option<f64>,
    /// Share of them whose attainment was near 1.
    pub near: Option<f64>,
    /// Gini coefficient of attainment, the mean over periods; periods in which somebody's is negative are left out.
    pub gini: Option<f64>,
    /// How attainment goes with size (rank correlation), size being what somebody did in the period before against the mean
    /// of all: should be nothing.
    pub size: Option<Correlation>,
    /// New people, those settling in, those settled.
    pub by_tenure: [TenureScore; 3],
    /// People and periods that got a target of nothing, and so have no attainment.
    pub without_target: usize,
}

/// How those of one tenure did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TenureScore {
    /// People and periods with a target.
    pub count: usize,
    /// Their mean attainment: over 1, they were asked for too little.
    pub attainment: Option<f64>,
    /// Mean of `|attainment − 1|`.
    pub error: Option<f64>,
}

/// Scores the targets a candidate gave, one list a round.
pub(super) fn score(
    candidate: &Candidate,
    rounds: &[Round],
    targets: &[Vec<Minor>],
    options: &Options,
) -> Score {
    let mut attainments = Vec::new();
    let mut tenures: [Vec<f64>; 3] = Default::default();
    let mut sized = Vec::new();
    let mut ginis = Vec::new();
    let mut by_period = Vec::with_capacity(rounds.len());
    let (mut missed, mut done, mut without_target) = (0_i128, 0_i128, 0);
    for (round, targets) in rounds.iter().zip(targets) {
        let misses = targets.iter().zip(&round.actuals);
        let miss: i128 = misses
            .map(|(target, actual)| i128::from(target.0.abs_diff(actual.0)))
            .sum();
        let sum: i128 = round.actuals.iter().map(|actual| i128::from(actual.0)).sum();
        by_period.push(miss as f64 / sum as f64);
        missed += miss;
        done += sum;
        let known: Vec<f64> = round.sizes.iter().flatten().copied().collect();
        let usual = mean(&known).filter(|usual| *usual > 0.0);
        let mut here = Vec::with_capacity(targets.len());
        for (place, (target, actual)) in targets.iter().zip(&round.actuals).enumerate() {
            let Some(attainment) = crate::pace::ratio(*actual, *target) else {
                without_target += 1;
                continue;
            };
            here.push(attainment);
            let tenure = match round.tenures.get(place) {
                None | Some(0) => 0,
                Some(tenure) if *tenure < options.settled => 1,
                Some(_) => 2,
            };
            tenures[tenure].push(attainment);
            if let Some((size, usual)) = round.sizes.get(place).copied().flatten().zip(usual) {
                sized.push((size / usual, attainment));
            }
        }
        ginis.extend(gini(&here));
        attainments.extend(here);
    }
    let is_near = |attainment: &&f64| (**attainment - 1.0).abs() <= options.near;
    let near = attainments.iter().filter(is_near).count() as f64;
    Score {
        name: candidate.name.clone(),
        shares: candidate.shares.clone(),
        misplaced: missed as f64 / done as f64,
        by_period,
        attainment_error: error(&attainments),
        near: (!attainments.is_empty()).then(|| near / attainments.len() as f64),
        gini: mean(&ginis),
        size: rank_correlation(&sized),
        by_tenure: tenures.map(|list| TenureScore {
            count: list.len(),
            attainment: mean(&list),
            error: error(&list),
        }),
        without_target,
    }
}

fn error(attainments: &[f64]) -> Option<f64> {
    mean(
        &attainments
            .iter()
            .map(|one| (one - 1.0).abs())
            .collect::<Vec<_>>(),
    )
}
