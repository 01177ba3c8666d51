//! What became of past targets.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::finding::{Finding, Kind, Severity};
use super::{FairnessError, Level, Settings, Spread};
use crate::money::Fact;
use crate::statistics::{
    Correlation, Interval, gini, mean, median, rank_correlation, robust_spread, sd, variance, wilson,
};

/// The target of one person in one period, and what came of it; both in the same unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Who, by a number of the caller's.
    pub person: u32,
    /// Which period; they follow each other in the order of these numbers.
    pub period: u32,
    /// The target.
    pub target: Fact,
    /// What was reached; may be negative where more was given back.
    pub actual: Fact,
}

impl Record {
    /// Whether the target was reached, decided in integers.
    pub fn reached(&self) -> bool {
        self.actual >= self.target
    }

    pub(super) fn attainment(&self) -> f64 {
        self.actual.0 as f64 / self.target.0 as f64
    }
}

/// Past targets judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hindsight {
    /// Records with a positive target: what all figures rest on.
    pub records: usize,
    /// Records without one, left out.
    pub without_target: usize,
    /// All actual against all targets.
    pub attainment: f64,
    /// How many reached their target.
    pub reached: usize,
    /// Their share.
    pub share: f64,
    /// Wilson's 95 % interval of it, as if records were independent; [`super::reached_interval`] allows for people who are
    /// in it many times.
    pub interval: Interval,
    /// Median attainment of a record.
    pub median: f64,
    /// Mean attainment of a record.
    pub mean: f64,
    /// Standard deviation of it (of a sample); `None` of a single one.
    pub sd: Option<f64>,
    /// The last periods, by person.
    pub recent: Recent,
    /// How much outcomes go together between people of the same period, from 0 to 1 (intraclass correlation of attainment,
    /// ANOVA estimator: Fisher 1925): for `Settings::correlation`. `None` where it cannot be told.
    pub common: Option<f64>,
    /// The verdict on the level.
    pub level: Level,
    /// The verdict on the spread.
    pub spread: Spread,
    /// Both as findings, the graver first.
    pub findings: Vec<Finding>,
}

/// The last periods, each person's records taken together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recent {
    /// How many periods.
    pub periods: usize,
    /// People in them.
    pub people: usize,
    /// Gini coefficient of the people's attainment; `None` where one is negative or all are 0.
    pub gini: Option<f64>,
    /// Coefficient of variation of it: standard deviation (of these people, who are all there are) against mean; `None`
    /// where the mean is not positive.
    pub variation: Option<f64>,
    /// `(P90 − P10) / P50` of it.
    pub robust_spread: Option<f64>,
    /// How attainment goes with size (rank correlation). Size is the mean of target and actual: attainment goes with either
    /// alone by its making (Bland and Altman 1986).
    pub size: Option<Correlation>,
}

/// Looks back on past targets; level over all records, spread over each person's last `recent` periods (four quarters make a
/// year). Records without a positive target are counted and left out.
pub fn look_back(records: &[Record], recent: usize, settings: &Settings) -> Result<Hindsight, FairnessError> {
    if records.is_empty() {
        return Err(FairnessError::Nobody);
    }
    let held: Vec<Record> = records
        .iter()
        .filter(|record| record.target.0 > 0)
        .copied()
        .collect();
    let attainments: Vec<f64> = held.iter().map(Record::attainment).collect();
    let (Some(mean), Some(median)) = (mean(&attainments), median(&attainments)) else {
        return Err(FairnessError::NoTarget);
    };
    let reached = held.iter().filter(|record| record.reached()).count();
    let interval = wilson(reached as u64, held.len() as u64, 0.95).ok_or(FairnessError::NoTarget)?;
    let share = reached as f64 / held.len() as f64;
    let level = level(share, interval, settings);
    let recent = last(&held, recent);
    let spread = Spread::of(recent.gini, recent.people, settings);
    let sum = |of: fn(&Record) -> i64| held.iter().map(|record| i128::from(of(record))).sum::<i128>() as f64;
    let mut findings = vec![
        Finding::new(
            match level {
                Level::OutOfReach | Level::TooHigh => Severity::Warn,
                Level::TooLow | Level::Unclear => Severity::Notice,
                Level::Right => Severity::Good,
            },
            Kind::Level {
                level,
                share,
                interval,
            },
        ),
        Finding::new(
            match spread {
                Spread::Uneven => Severity::Warn,
                Spread::Unclear => Severity::Notice,
                Spread::Excellent | Spread::Fair => Severity::Good,
            },
            Kind::Spread {
                spread,
                gini: recent.gini,
            },
        ),
    ];
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    Ok(Hindsight {
        records: held.len(),
        without_target: records.len() - held.len(),
        attainment: sum(|record| record.actual.0) / sum(|record| record.target.0),
        reached,
        share,
        interval,
        median,
        mean,
        sd: sd(&attainments),
        recent,
        common: common(&held),
        level,
        spread,
        findings,
    })
}

/// A verdict only where the whole interval bears it out.
fn level(share: f64, interval: Interval, settings: &Settings) -> Level {
    if interval.high < settings.reached_hopeless {
        Level::OutOfReach
    } else if interval.high < settings.reached_low {
        Level::TooHigh
    } else if interval.low > settings.reached_high {
        Level::TooLow
    } else if (settings.reached_low..=settings.reached_high).contains(&share) {
        Level::Right
    } else {
        Level::Unclear
    }
}

fn last(held: &[Record], recent: usize) -> Recent {
    let periods: BTreeSet<u32> = held.iter().map(|record| record.period).collect();
    let first = periods
        .iter()
        .rev()
        .nth(recent.max(1) - 1)
        .or(periods.first())
        .copied();
    let first = first.unwrap_or_default();
    let mut people: BTreeMap<u32, (i128, i128)> = BTreeMap::new();
    for record in held.iter().filter(|record| record.period >= first) {
        let (target, actual) = people.entry(record.person).or_default();
        *target += i128::from(record.target.0);
        *actual += i128::from(record.actual.0);
    }
    let of_each: Vec<f64> = people
        .values()
        .map(|(target, actual)| *actual as f64 / *target as f64)
        .collect();
    let sizes = people
        .values()
        .map(|(target, actual)| f64::midpoint(*target as f64, *actual as f64));
    let pairs: Vec<(f64, f64)> = of_each.iter().copied().zip(sizes).collect();
    let count = of_each.len() as f64;
    let middle = mean(&of_each).filter(|middle| *middle > 0.0);
    Recent {
        periods: periods.range(first..).count(),
        people: of_each.len(),
        gini: gini(&of_each),
        variation: middle
            .zip(variance(&of_each))
            .map(|(middle, variance)| (variance * (count - 1.0) / count).sqrt() / middle),
        robust_spread: robust_spread(&of_each),
        size: rank_correlation(&pairs),
    }
}

/// `(MS between − MS within) / (MS between + (n₀ − 1) MS within)` over periods.
fn common(held: &[Record]) -> Option<f64> {
    let mut periods: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
    for record in held {
        periods
            .entry(record.period)
            .or_default()
            .push(record.attainment());
    }
    let total = held.len() as f64;
    let groups = periods.len() as f64;
    if groups < 2.0 || total <= groups {
        return None;
    }
    let whole = mean(&held.iter().map(Record::attainment).collect::<Vec<_>>())?;
    let (mut between, mut within, mut squares) = (0.0, 0.0, 0.0);
    for list in periods.values() {
        let middle = mean(list)?;
        let count = list.len() as f64;
        between += count * (middle - whole) * (middle - whole);
        within += list
            .iter()
            .map(|one| (one - middle) * (one - middle))
            .sum::<f64>();
        squares += count * count;
    }
    let between = between / (groups - 1.0);
    let within = within / (total - groups);
    let size = (total - squares / total) / (groups - 1.0);
    let whole = between + (size - 1.0) * within;
    (whole > 0.0).then(|| ((between - within) / whole).clamp(0.0, 1.0))
}
