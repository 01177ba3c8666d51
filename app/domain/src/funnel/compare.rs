//! Win rates side by side, and whether they differ at all.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Funnel, Rate};
use crate::calendar::Period;
use crate::capability::{Trials, rates};
use crate::metric::Status;
use crate::statistics::{benjamini_hochberg, gamma_below, normal_below};

/// The level at which a difference is believed.
const LEVEL: f64 = 0.05;

/// A group is tested where at least so many won and so many lost deals are expected in it (Cochran 1954).
const LEAST_EXPECTED: f64 = 5.0;

/// The win rate of one value of a dimension.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupRate {
    /// The value.
    pub key: String,
    /// Won of closed.
    pub rate: Rate,
    /// The rate drawn towards that of all by what the groups really differ ([`crate::capability::rates`]): the better guess
    /// of what comes next.
    pub shrunken: f64,
    /// Whether it differs from all others together, held against the number of groups (Benjamini and Hochberg 1995).
    /// Never where `Comparison::differ` is false.
    pub differs: bool,
}

/// Win rates by a dimension.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// One row a value with a closed deal, by key.
    pub groups: Vec<GroupRate>,
    /// All of them together.
    pub overall: Rate,
    /// Closed deals without a value.
    pub unknown: u64,
    /// The chance of differences as large as these where there are none (Pearson's chi-square); `None` where fewer than
    /// two groups are large enough to be tested.
    pub p: Option<f64>,
    /// The variance between the true rates of the groups, 0 where chance alone explains what is seen.
    pub between: f64,
    /// Whether the groups differ. If not, "no difference can be seen": no order of them is to be shown as a ranking.
    pub differ: bool,
}

impl Funnel<'_> {
    /// Win rates by a dimension of the deals closed in a period or (`None`) at any time; `None` where nothing was closed.
    pub fn win_rates_by(&self, dimension: &str, within: Option<&Period>) -> Option<Comparison> {
        let mut counts: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
        let mut unknown = 0;
        for status in [Status::Won, Status::Lost] {
            for known in self.closed(status, within) {
                let Some(value) = known.deal.dimensions.get(dimension) else {
                    unknown += 1;
                    continue;
                };
                let (won, closed) = counts.entry(value).or_default();
                *won += u64::from(status == Status::Won);
                *closed += 1;
            }
        }
        compare(&counts, unknown)
    }
}

/// Compares groups of (won, closed).
fn compare(counts: &BTreeMap<&str, (u64, u64)>, unknown: u64) -> Option<Comparison> {
    let sum = |part: fn(&(u64, u64)) -> u64| counts.values().map(part).sum::<u64>();
    let overall = Rate::of(sum(|group| group.0), sum(|group| group.1))?;
    let trials: Vec<Trials> = counts
        .values()
        .map(|(successes, trials)| Trials {
            successes: *successes,
            trials: *trials,
        })
        .collect();
    let pooled = rates(&trials, 0.95).ok()?;
    let tested: Vec<bool> = counts
        .values()
        .map(|(_, closed)| *closed as f64 * overall.rate.min(1.0 - overall.rate) >= LEAST_EXPECTED)
        .collect();
    let p = chi_square(
        counts
            .values()
            .zip(&tested)
            .filter(|(_, tested)| **tested)
            .map(|(group, _)| *group),
    );
    let differ = p.is_some_and(|p| p < LEVEL);
    let chances: Vec<f64> = counts
        .values()
        .zip(&tested)
        .map(|(group, tested)| {
            if *tested {
                against_others(*group, overall)
            } else {
                f64::NAN
            }
        })
        .collect();
    let apart = benjamini_hochberg(&chances, LEVEL);
    let groups = counts
        .iter()
        .zip(apart)
        .zip(&pooled.estimates)
        .filter_map(|(((key, (won, closed)), apart), estimate)| {
            let rate = Rate::of(*won, *closed)?;
            Some(GroupRate {
                key: (*key).to_owned(),
                rate,
                shrunken: estimate.value,
                differs: differ && apart,
            })
        })
        .collect();
    Some(Comparison {
        groups,
        overall,
        unknown,
        p,
        between: pooled.between,
        differ,
    })
}

/// The chance of a chi-square as large as that of the groups; `None` of fewer than two, or where all won or all lost.
fn chi_square(groups: impl Iterator<Item = (u64, u64)> + Clone) -> Option<f64> {
    let (won, closed) = groups
        .clone()
        .fold((0, 0), |sum, group| (sum.0 + group.0, sum.1 + group.1));
    let rate = won as f64 / closed as f64;
    let count = groups.clone().count();
    if count < 2 || won == 0 || won == closed {
        return None;
    }
    let distance: f64 = groups
        .map(|(won, closed)| {
            let apart = won as f64 - closed as f64 * rate;
            apart * apart / (closed as f64 * rate * (1.0 - rate))
        })
        .sum();
    Some(1.0 - gamma_below((count - 1) as f64 / 2.0, distance / 2.0))
}

/// The two-sided chance of a group's rate where it is that of all others together (test of two proportions).
fn against_others((won, closed): (u64, u64), overall: Rate) -> f64 {
    let others = overall.of - closed;
    if others == 0 {
        return f64::NAN;
    }
    let apart = won as f64 / closed as f64 - (overall.part - won) as f64 / others as f64;
    let variance = overall.rate * (1.0 - overall.rate) * (1.0 / closed as f64 + 1.0 / others as f64);
    2.0 * normal_below(-(apart / variance.sqrt()).abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_is_told_from_difference() {
        // R: chisq.test(rbind(c(50, 50), c(60, 40)), correct = FALSE): X² = 2.020 2, p = 0.155 2.
        let chance = compare(&BTreeMap::from([("a", (50, 100)), ("b", (60, 100))]), 0).unwrap();
        assert!((chance.p.unwrap() - 0.155_218).abs() < 1e-5, "{:?}", chance.p);
        assert!(!chance.differ && chance.groups.iter().all(|group| !group.differs));
        let apart = compare(
            &BTreeMap::from([("a", (300, 1_000)), ("b", (600, 1_000)), ("c", (2, 2))]),
            0,
        )
        .unwrap();
        assert!(apart.differ && apart.groups[0].differs && apart.groups[1].differs);
        assert!(!apart.groups[2].differs, "two deals say nothing");
        assert!(apart.groups[2].shrunken < 0.9, "{:?}", apart.groups[2]);
        let one = compare(&BTreeMap::from([("a", (3, 10))]), 4).unwrap();
        assert_eq!(
            (one.p, one.differ, one.between, one.unknown),
            (None, false, 0.0, 4)
        );
        assert!((one.groups[0].shrunken - 0.3).abs() < 1e-12);
        assert_eq!(compare(&BTreeMap::new(), 0), None);
        let all = compare(&BTreeMap::from([("a", (30, 30)), ("b", (40, 40))]), 0).unwrap();
        assert_eq!((all.p, all.groups[1].shrunken), (None, 1.0));
    }
}
